// No field is ignored: for every leaf field of our kinds there is a valid object in which another value of that field, or
// none, changes what proxies are sent, a status or another message, which documents are fetched, or how proxies are deployed. The fields are those of the reference
// CRDs where CRDS_DIR names them, else of our own. One place while developing: COVERAGE_PATH=spec.backend.auth.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/api/kinds.ts'
import { printedDeployments } from '../../src/cli/deployments.ts'
import { createRun, type Run } from '../../src/cli/run.ts'
import { DOCUMENT_STORE, formatStored, storeName } from '../../src/core/documents.ts'
import { objectKey } from '../../src/core/keys.ts'
import type { ConfigMap } from '../../src/kube/core-types.ts'
import { type KubeObject, refOf } from '../../src/kube/object.ts'
import { type Crd, crd, type StructuralSchema } from '../../src/schema/crd.ts'
import type { JsonObject } from '../../src/schema/structure.ts'
import { createValidator, type Validator } from '../../src/schema/validate.ts'
import { readSettings } from '../../src/settings.ts'
import {
  anyValue,
  type Leaf,
  leavesOf,
  type Mood,
  random,
  sampleSpec,
  schemaAt,
  specOf,
  valueAt,
  valuesOf,
  withChanged,
} from './leaves.ts'
import { KEY_SET, objects, placed, surroundings, texts } from './surroundings.ts'

const ATTEMPTS = 400
const only = process.env.COVERAGE_PATH ?? ''
const settings = { ...readSettings({}, {}).settings, enableInferencePool: true, enableModels: true }

function crds(): readonly Crd[] {
  const folder = process.env.CRDS_DIR
  if (folder === undefined || !existsSync(folder)) {
    console.warn('CRDS_DIR is unset: the fields of our own CRDs are counted')
    return kinds.map(crd)
  }
  return readdirSync(folder)
    .sort()
    .map((file) => load(readFileSync(join(folder, file), 'utf8')) as Crd)
}

/** The object as the API server would store it; undefined when it would refuse it. */
function admitted(validator: Validator, object: unknown): KubeObject | undefined {
  const verdict = validator.validate(object)
  // An admitted object of a kind that we define.
  return verdict === undefined || verdict.problems.length > 0 ? undefined : (verdict.object as unknown as KubeObject)
}

// What an object comes to once every document that it asks for has been fetched.
async function becomes(run: Run, object: KubeObject): Promise<string> {
  const { graph, demands, documents } = run.pipeline
  run.set([object])
  await graph.commit()
  for (const { key, url } of demands.list())
    documents.set(`${settings.systemNamespace}/${storeName(key)}`, fetched(key, url))
  await graph.commit()
  expect(graph.failures()).toEqual([])
  return JSON.stringify([
    run.pipeline.xds.list().map(({ scope, encoded }) => [scope, encoded.name, encoded.version]),
    run.pipeline.statuses.get(objectKey(refOf(object))),
    run.pipeline.translations.list().map((each) => each.problems),
    demands.list(),
    run.pipeline.deployments.list(),
  ])
}

function fetched(requestKey: string, url: string): ConfigMap {
  const stored = formatStored({ requestKey, url, fetchedAt: '', jwks: KEY_SET })
  const metadata = { namespace: settings.systemNamespace, name: storeName(requestKey) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [DOCUMENT_STORE]: stored } }
}

function wholeObject(definition: Crd, leaf: Leaf, spec: JsonObject): object {
  const { kind } = definition.spec.names
  return {
    apiVersion: `${definition.spec.group}/${definition.spec.versions[0]?.name}`,
    kind,
    metadata: { namespace: 'ns', name: 'x', uid: 'x', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: placed(kind, leaf.steps, spec),
  }
}

interface Silence {
  readonly kind: string
  readonly path: RegExp
  readonly reason: string
}

/** Fields whose value nothing tells, on purpose. */
const SILENT_BY_DESIGN: readonly Silence[] = [
  ...['AgentgatewayBackend', 'AgentgatewayPolicy'].map((kind) => ({
    kind,
    path: /\.jwtSign\.signingKeyRef\.kind$/,
    reason: 'that the key cannot be found is told, but not why: messages about signing keys hide what was resolved',
  })),
  {
    kind: 'AgentgatewayParameters',
    path: /^spec\.serviceAccount\.spec$/,
    reason: 'every overlay has the same shape, but a ServiceAccount has no spec to lay anything over',
  },
]

interface Scene {
  readonly leaf: Leaf
  /** The schema of what the leaf is a field of. */
  readonly parent: StructuralSchema
  readonly mood: Mood
}

// Objects with another value of a leaf. Where the schema allows none by itself, other values of what is around it, which
// show only that there is a choice.
function* variants(object: KubeObject, { leaf, parent, mood }: Scene, validator: Validator): Generator<KubeObject> {
  const current = JSON.stringify(valueAt(object, leaf.steps))
  const isOther = (each: unknown) => JSON.stringify(valueAt(each, leaf.steps)) !== current
  const values = [undefined, ...valuesOf(leaf.schema, leaf.steps, texts)]
  const own = values.map((value) => withChanged(object, leaf.steps, value)).filter(isOther)
  let isChoice = false
  for (const each of own.slice(0, 8)) {
    const valid = admitted(validator, each)
    if (valid === undefined) continue
    isChoice = true
    yield valid
  }
  if (isChoice) return
  const around = leaf.steps.slice(0, -1)
  const parents = Array.from({ length: 4 }, () => withChanged(object, around, anyValue(parent, around, mood)))
  for (const each of parents.filter(isOther)) {
    const valid = admitted(validator, each)
    if (valid !== undefined) yield valid
  }
}

interface Search {
  readonly definition: Crd
  readonly run: Run
  readonly validator: Validator
  readonly attempts: number
}

/** Why no object shows that the field matters; undefined when one does. */
async function complaintAbout(
  leaf: Leaf,
  { definition, run, validator, attempts }: Search,
): Promise<string | undefined> {
  let made = 0
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const mood = { next: random(attempt * 7919 + leaf.path.length), texts, objects }
    const spec = sampleSpec(specOf(definition), leaf, mood)
    const first = spec && admitted(validator, wholeObject(definition, leaf, spec))
    if (first === undefined || valueAt(first, leaf.steps) === undefined) continue
    made += 1
    const before = await becomes(run, first)
    const scene = { leaf, parent: schemaAt(specOf(definition), leaf.steps), mood }
    for (const second of variants(first, scene, validator))
      if ((await becomes(run, second)) !== before) return undefined
  }
  return made === 0 ? 'no valid object found' : 'nothing tells its value'
}

describe.each(crds().map((each) => [each.spec.names.kind, each] as const))('%s', (kind, definition) => {
  test('every field shows', async () => {
    const validator = createValidator([definition])
    // Deployments are of no concern to other kinds, and take time.
    const isDeployed = kind === 'AgentgatewayParameters'
    const run = createRun(settings, isDeployed ? { deploy: { ...settings, version: '1.0.0' } } : {})
    run.set(surroundings)
    await run.pipeline.graph.commit()
    await printedDeployments(run.pipeline, () => 'a'.repeat(64))
    const leaves = leavesOf(definition).filter(({ path }) => path.startsWith(only))
    const complaints: string[] = []
    const excused = new Set<Silence>()
    for (const leaf of leaves) {
      const silence = SILENT_BY_DESIGN.find((each) => each.kind === kind && each.path.test(leaf.path))
      const attempts = silence === undefined ? ATTEMPTS : 4
      const complaint = await complaintAbout(leaf, { definition, run, validator, attempts })
      if (complaint === undefined) continue
      if (silence === undefined) complaints.push(`${leaf.path}: ${complaint}`)
      else excused.add(silence)
    }
    expect(complaints).toEqual([])
    // A line that excuses nothing has outlived its reason.
    if (only === '') expect(SILENT_BY_DESIGN.filter((each) => each.kind === kind && !excused.has(each))).toEqual([])
  }, 600_000)
})

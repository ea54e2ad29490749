// Objects that no API server has checked: fields of wrong types, nulls, missing and swapped parts. Whatever stands in
// them, no translation may throw. The objects are those of the examples, and of the fixtures that GOLDEN_DIR names;
// mutations are seeded, and UNCHECKED_RUNS says how many of them are tried.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import { createRun } from '../../src/cli/run.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { isObject } from '../../src/schema/structure.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { goldenCases } from '../golden/corpus.ts'

const RUNS = Number(process.env.UNCHECKED_RUNS ?? 6000)
const PER_WORLD = 60
const settings = {
  ...DEFAULT_TRANSLATE_SETTINGS,
  enableInferencePool: true,
  enableModels: true,
  istioAutoEnabled: true,
}

type Path = readonly (string | number)[]

/** What a value is replaced with; `undefined` takes it away. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1.5,
  true,
  '',
  'x',
  '://[',
  'a/b:c#d',
  '__proto__',
  [],
  [null],
  [0],
  ['x'],
  [[]],
  {},
  { name: null },
  { name: 1 },
  { constructor: 1 },
  { '': {} },
]

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (Array.isArray(value)) for (const [i, each] of value.entries()) yield* pathsOf(each, [...path, i])
  else if (isObject(value)) for (const [key, each] of Object.entries(value)) yield* pathsOf(each, [...path, key])
}

function replaced(value: unknown, [step, ...rest]: Path, wrong: unknown): unknown {
  if (step === undefined) return wrong
  if (Array.isArray(value)) return value.map((each, i) => (i === step ? replaced(each, rest, wrong) : each))
  if (!isObject(value)) return value
  const inner = replaced(value[step], rest, wrong)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      key !== step ? [[key, each]] : inner === undefined ? [] : [[key, inner]],
    ),
  )
}

// Names, namespaces and kinds say which object it is: a source would not deliver an object without them.
function isIdentity([first, second]: Path): boolean {
  if (first === 'apiVersion' || first === 'kind') return true
  return first === 'metadata' && (second === undefined || second === 'name' || second === 'namespace')
}

interface World {
  readonly name: string
  readonly objects: readonly KubeObject[]
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => join(folder, file))
}

function fixtures(root: string): readonly World[] {
  const translator = ['gateways', 'routes', 'delegation', 'references', 'models', 'backends']
  const policies = ['trafficpolicy', 'backendpolicy', 'frontendpolicy']
  const folders = [...translator.map((suite) => `translator/${suite}`), ...policies.map((suite) => `policies/${suite}`)]
  return folders.flatMap((folder) => goldenCases(join(root, folder)))
}

function worlds(): readonly World[] {
  const root = process.env.GOLDEN_DIR
  if (root === undefined) console.warn('GOLDEN_DIR is unset: only examples are mutated')
  const examples = yamlFiles(fileURLToPath(new URL('../../examples', import.meta.url))).map((file) => ({
    name: file,
    // The examples are Kubernetes objects; other tests check that they are.
    objects: loadAll(readFileSync(file, 'utf8')) as KubeObject[],
  }))
  return [...(root === undefined ? [] : fixtures(root)), ...examples]
}

interface Mutation {
  readonly object: KubeObject
  readonly path: Path
  readonly wrong: unknown
}

function mutated({ objects }: World, next: () => number): Mutation | undefined {
  const object = objects[Math.floor(next() * objects.length)]
  const paths = [...pathsOf(object)].filter((path) => !isIdentity(path))
  const path = paths[Math.floor(next() * paths.length)]
  return object === undefined || path === undefined
    ? undefined
    : { object, path, wrong: WRONG[Math.floor(next() * WRONG.length)] }
}

/** Failures of one world under its mutations, each with what caused it. */
async function failuresOf(world: World, count: number, seed: number): Promise<readonly string[]> {
  const next = random(seed)
  const run = createRun(settings)
  run.set(world.objects)
  await run.pipeline.graph.commit()
  const found: string[] = []
  for (let i = 0; i < count; i += 1) {
    const mutation = mutated(world, next)
    if (mutation === undefined) return found
    const { object, path, wrong } = mutation
    // Still an object with its identity, which is all that the pipeline may rely on.
    run.set([replaced(object, path, wrong) as KubeObject])
    await run.pipeline.graph.commit()
    const said = `${world.name}: ${object.kind} ${path.join('.')} = ${JSON.stringify(wrong)}`
    try {
      // Also merges statuses and prints resources, as every output does.
      for (const { node, error } of run.result('').failures) found.push(`${said}: ${node}: ${error}`)
    } catch (error) {
      found.push(`${said}: printing: ${String(error)}`)
    }
    run.set([object])
    await run.pipeline.graph.commit()
  }
  return found
}

test('no translation throws, whatever an unchecked object holds', async () => {
  const all = worlds()
  expect(all.length).toBeGreaterThan(0)
  const perWorld = Math.max(1, Math.min(PER_WORLD, Math.ceil(RUNS / all.length)))
  const found: string[] = []
  for (let round = 0; round * perWorld * all.length < RUNS; round += 1)
    for (const [i, world] of all.entries()) found.push(...(await failuresOf(world, perWorld, round * all.length + i)))
  expect(found).toEqual([])
}, 600_000)

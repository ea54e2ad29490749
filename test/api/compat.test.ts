// Our CRDs against the reference CRDs, field by field. The folder of the reference comes in CRDS_DIR; without it the
// comparison is skipped, loudly. One kind while developing: `-t AgentgatewayBackend`; one subtree: COMPAT_PATH=spec.ai.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/api/kinds.ts'
import { type Crd, crd, type StructuralSchema } from '../../src/schema/crd.ts'
import { intendedDifferences } from './compat-allow.ts'

const SHOWN = 40

interface Difference {
  readonly path: string
  readonly aspect: string
  readonly ours: unknown
  readonly theirs: unknown
}

const nested = new Set(['properties', 'items', 'additionalProperties', 'x-kubernetes-validations', 'description'])
const unordered = new Set(['required', 'enum'])

function normal(aspect: string, value: unknown): unknown {
  return unordered.has(aspect) && Array.isArray(value) ? value.map(String).toSorted() : value
}

function* keywords(path: string, ours: StructuralSchema, theirs: StructuralSchema): Generator<Difference> {
  const left = new Map(Object.entries(ours))
  const right = new Map(Object.entries(theirs))
  for (const aspect of new Set([...left.keys(), ...right.keys()])) {
    if (nested.has(aspect)) continue
    const [a, b] = [left.get(aspect), right.get(aspect)]
    if (JSON.stringify(normal(aspect, a)) !== JSON.stringify(normal(aspect, b))) {
      yield { path, aspect, ours: a, theirs: b }
    }
  }
}

function* rules(path: string, ours: StructuralSchema, theirs: StructuralSchema): Generator<Difference> {
  const text = (schema: StructuralSchema) =>
    (schema['x-kubernetes-validations'] ?? []).map((each) => JSON.stringify(Object.entries(each).toSorted()))
  const [left, right] = [text(ours), text(theirs)]
  for (const each of left) if (!right.includes(each)) yield { path, aspect: 'rule', ours: each, theirs: undefined }
  for (const each of right) if (!left.includes(each)) yield { path, aspect: 'rule', ours: undefined, theirs: each }
}

function* compare(
  path: string,
  ours: StructuralSchema | undefined,
  theirs: StructuralSchema | undefined,
): Generator<Difference> {
  if (ours === undefined || theirs === undefined) {
    if (ours !== theirs) yield { path, aspect: 'field', ours: ours && 'present', theirs: theirs && 'present' }
    return
  }
  yield* keywords(path, ours, theirs)
  yield* rules(path, ours, theirs)
  const names = new Set([...Object.keys(ours.properties ?? {}), ...Object.keys(theirs.properties ?? {})])
  for (const name of names) {
    yield* compare(path === '' ? name : `${path}.${name}`, ours.properties?.[name], theirs.properties?.[name])
  }
  yield* compare(`${path}[]`, ours.items, theirs.items)
  const [left, right] = [ours.additionalProperties, theirs.additionalProperties]
  yield* compare(
    `${path}{}`,
    typeof left === 'object' ? left : undefined,
    typeof right === 'object' ? right : undefined,
  )
}

function envelope(definition: Crd) {
  const { names, group, scope, versions } = definition.spec
  return {
    name: definition.metadata.name,
    labels: definition.metadata.labels,
    group,
    scope,
    names: { ...names, shortNames: names.shortNames?.toSorted(), categories: names.categories?.toSorted() },
    versions: versions.map(({ name, served, storage, subresources, additionalPrinterColumns }) => ({
      name,
      served,
      storage,
      subresources,
      columns: additionalPrinterColumns?.map((column) => ({ ...column, description: undefined })),
    })),
  }
}

function matches(pattern: string, path: string): boolean {
  const steps = pattern.split('.')
  const actual = path.split('.')
  return steps.length === actual.length && steps.every((step, index) => step === '*' || step === actual[index])
}

function readReference(): readonly Crd[] {
  const folder = process.env.CRDS_DIR
  if (folder === undefined || !existsSync(folder)) return []
  return (
    readdirSync(folder)
      .filter((name) => name.startsWith('agentgateway.dev_') && name.endsWith('.yaml'))
      .toSorted()
      // What is not a CRD fails in the comparison that follows.
      .map((name) => load(readFileSync(join(folder, name), 'utf8')) as Crd)
  )
}

const reference = readReference()

test.skipIf(reference.length > 0)(
  'SKIPPED: set CRDS_DIR to the folder of the reference CRDs to compare with them',
  (context) => {
    context.skip('CRDS_DIR is not set')
  },
)

describe.each(reference.map((each) => [each.spec.names.kind, each] as const))('%s', (kind, theirs) => {
  const definition = kinds.find((each) => each.kind === kind)

  test('has the names, columns and labels of the reference', () => {
    expect(definition && envelope(crd(definition))).toEqual(envelope(theirs))
  })

  test('has the fields, limits, defaults and rules of the reference', () => {
    const root = (each: Crd | undefined) => each?.spec.versions[0]?.schema.openAPIV3Schema
    const allowed = intendedDifferences.filter((each) => each.kind === kind)
    const found = [...compare('', root(definition && crd(definition)), root(theirs))]
    const only = process.env.COMPAT_PATH
    const unexpected = found.filter(
      ({ path, aspect }) =>
        (only === undefined || path.startsWith(only)) &&
        !allowed.some((each) => each.aspect === aspect && matches(each.path, path)),
    )
    const lines = unexpected.map(
      ({ path, aspect, ours, theirs }) =>
        `${path}: ${aspect}: ours ${JSON.stringify(ours)}, reference ${JSON.stringify(theirs)}`,
    )
    if (lines.length > SHOWN) lines.splice(SHOWN, lines.length, `… and ${unexpected.length - SHOWN} more`)
    expect(lines.join('\n')).toBe('')
  })

  test('needs each line of the list of intended differences', () => {
    const found = [
      ...compare(
        '',
        definition && crd(definition).spec.versions[0]?.schema.openAPIV3Schema,
        theirs.spec.versions[0]?.schema.openAPIV3Schema,
      ),
    ]
    const idle = intendedDifferences.filter(
      (each) =>
        each.kind === kind && !found.some(({ path, aspect }) => each.aspect === aspect && matches(each.path, path)),
    )
    expect(idle).toEqual([])
  })
})

describe.each(kinds.map((each) => [each.kind, each] as const))('%s', (_, definition) => {
  test('documents every field', () => {
    const missing: string[] = []
    const visit = (path: string, schema: StructuralSchema): void => {
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        const at = `${path}.${name}`
        if (field.description === undefined && at !== '.metadata') missing.push(at)
        visit(at, field)
      }
      if (schema.items !== undefined) visit(`${path}[]`, schema.items)
      if (typeof schema.additionalProperties === 'object') visit(`${path}{}`, schema.additionalProperties)
    }
    for (const version of crd(definition).spec.versions) visit('', version.schema.openAPIV3Schema)
    expect(missing).toEqual([])
  })
})

// Every leaf field of a kind, and valid objects that set it: random values of the schema's shape, each part made valid by
// itself before it is built in. Deterministic. What an object becomes is not looked at here.

import { checkRules } from '../../src/schema/cel/rules.ts'
import type { Crd, StructuralSchema } from '../../src/schema/crd.ts'
import { goRegExp } from '../../src/schema/regexp.ts'
import { isObject, type JsonObject, structure } from '../../src/schema/structure.ts'
import { checkUniqueness, checkValues } from '../../src/schema/values.ts'

/** A field without fields of its own. `steps` lead to it from `spec`: names, `[]` for items, `{}` for map values. */
export interface Leaf {
  readonly steps: readonly string[]
  /** The same as text, such as `spec.ai.groups[].providers[].name`. */
  readonly path: string
  readonly schema: StructuralSchema
}

/** Texts for fields of a name, in place of the general ones. */
export type Texts = (steps: readonly string[]) => readonly string[] | undefined

/** Values that are of use where they stand, for objects of a name. */
export type Objects = (steps: readonly string[]) => readonly object[]

/** A random number generator, and what texts and objects may be. */
export interface Mood {
  readonly next: () => number
  readonly texts: Texts
  readonly objects: Objects
}

function inner({ properties = {}, items, additionalProperties }: StructuralSchema): [string, StructuralSchema][] {
  return [
    ...Object.entries(properties),
    ...(items === undefined ? [] : [['[]', items] as [string, StructuralSchema]]),
    ...(typeof additionalProperties === 'object' ? [['{}', additionalProperties] as [string, StructuralSchema]] : []),
  ]
}

/** Text of a path; `[]` and `{}` follow their field. */
export function pathOf(steps: readonly string[]): string {
  return steps.reduce((path, step) => (step === '[]' || step === '{}' ? path + step : `${path}.${step}`))
}

/** All leaves below `spec`. */
export function leavesOf(crd: Crd): readonly Leaf[] {
  const found: Leaf[] = []
  const visit = (schema: StructuralSchema, steps: readonly string[]): void => {
    const below = inner(schema)
    if (below.length === 0) found.push({ steps, path: pathOf(steps), schema })
    for (const [step, each] of below) visit(each, [...steps, step])
  }
  visit(specOf(crd), ['spec'])
  return found
}

/** The schema of `spec`. */
export function specOf(crd: Crd): StructuralSchema {
  return crd.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec ?? {}
}

/** The schema of what the last of `steps` is a field of; they begin with `spec`. */
export function schemaAt(spec: StructuralSchema, steps: readonly string[]): StructuralSchema {
  return steps.slice(1, -1).reduce((schema, step) => inner(schema).find(([name]) => name === step)?.[1] ?? schema, spec)
}

/** A deterministic source of numbers from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const TEXTS = [
  'a',
  'b',
  '1s',
  '10m',
  '/a',
  '/b',
  'https://a.example',
  'http://b.example',
  'https://a.example/b',
  '80',
  '10.0.0.1',
  '64Ki',
  'x-a',
  'arn:aws:iam::123456789012:role/a',
  'arn:aws:iam::123456789012:role/b',
  'arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a',
  'arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/b',
  'a.b/c',
  'GET',
  '*',
  'sha256:a',
]
// What overlays may say of some kind of object, since they drop fields that their kind does not have.
const PATCHES = [{ replicas: 2, minReadySeconds: 5, maxReplicas: 3, minAvailable: 1, type: 'NodePort' }, { a: 'a' }, {}]
const TRIES = 60

function pick<T>({ next }: Mood, from: readonly [T, ...T[]]): T {
  return from[Math.floor(next() * from.length)] ?? from[0]
}

function fits({ minLength = 0, maxLength = 1000, pattern }: StructuralSchema, text: string): boolean {
  return (
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || goRegExp(pattern)?.test(text) !== false)
  )
}

/** Values that a leaf may have, as far as its own schema tells; the likeliest first. */
export function valuesOf(schema: StructuralSchema, steps: readonly string[], texts: Texts): readonly unknown[] {
  const isFine = (value: unknown): boolean => isValid(schema, value)
  if (schema.enum !== undefined) return schema.enum
  if (schema.type === 'boolean') return [true, false]
  if (schema.type === 'integer' || schema.type === 'number') {
    const { minimum = 0, maximum = 2 ** 31 - 1 } = schema
    return [...new Set([minimum + 1, minimum, minimum + 2, 429, 80, 3600, maximum])].filter(isFine)
  }
  if (schema.type === 'object') return schema['x-kubernetes-preserve-unknown-fields'] === true ? PATCHES : [{}]
  if (schema.type === undefined && schema['x-kubernetes-int-or-string'] !== true) return ['a', 'b', { a: 'b' }]
  const words = texts(steps) ?? TEXTS
  const fitting = [...new Set([...words, ...TEXTS])].filter((each) => fits(schema, each) && isFine(each))
  return schema['x-kubernetes-int-or-string'] === true ? [...[1, 2].filter(isFine), ...fitting] : fitting
}

/** Whether a value is valid against the schema by itself. */
export function isValid(schema: StructuralSchema, value: unknown): boolean {
  const { value: read, unknown } = structure(schema, value)
  return (
    unknown.length === 0 &&
    checkValues(schema, read).length === 0 &&
    checkUniqueness(schema, read).length === 0 &&
    checkRules(schema, read).length === 0
  )
}

interface Wish {
  readonly schema: StructuralSchema
  /** Where the value stands. */
  readonly at: readonly string[]
  /** What must be set in it. */
  readonly steps: readonly string[]
}

/** A spec in which the leaf is set. Its fields are valid by themselves; whether they go together is not looked at. */
export function sampleSpec(schema: StructuralSchema, { steps }: Leaf, mood: Mood): JsonObject | undefined {
  const [at = '', step = '', ...rest] = steps
  const below = schema.properties?.[step]
  const wished = below && sample({ schema: below, at: [at, step], steps: rest }, mood)
  if (wished === undefined) return undefined
  const more = mood.next() < 0.5 ? 0 : 0.6 * mood.next()
  // The schema of a spec describes an object.
  return compound({ schema, at: [at], steps: [step, ...rest] }, wished, mood, more) as JsonObject
}

// A valid value in which `steps` are set; undefined when none was found.
function sample(wish: Wish, mood: Mood, attempts = 0): unknown {
  const { schema, at, steps } = wish
  if (inner(schema).length === 0) {
    const [first, ...rest] = valuesOf(schema, at, mood.texts)
    return mood.next() < 0.8 ? first : pick(mood, [first, ...rest])
  }
  const [step, ...rest] = steps
  const useful = mood.objects(at).filter((each) => valueAt(each, steps) !== undefined && isValid(schema, each))
  if (useful.length > 0 && mood.next() < 0.8) return useful[Math.floor(mood.next() * useful.length)]
  const below = inner(schema).find(([name]) => name === step)?.[1]
  // Made once: whether it is valid by itself does not depend on what stands beside it.
  const wished = below && step && sample({ schema: below, at: [...at, step], steps: rest }, mood)
  if (below !== undefined && wished === undefined) return undefined
  for (let attempt = attempts; attempt < TRIES; attempt += 1) {
    // Little besides what is wished for at first, then more, since some fields ask for others.
    const value = compound(wish, wished, mood, attempt === 0 ? 0 : 0.9 * mood.next())
    if (isValid(schema, value)) return value
  }
  return undefined
}

const stocks = new WeakMap<StructuralSchema, unknown[]>()
const STOCKED = 8

/** One of a few valid values of a schema that nothing in particular is asked of. */
export function anyValue(schema: StructuralSchema, at: readonly string[], mood: Mood): unknown {
  if (inner(schema).length === 0) return sample({ schema, at, steps: [] }, mood)
  const useful = mood.objects(at).filter((each) => isValid(schema, each))
  if (useful.length > 0 && mood.next() < 0.8) return useful[Math.floor(mood.next() * useful.length)]
  const stock = stocks.get(schema) ?? []
  stocks.set(schema, stock)
  const index = Math.floor(mood.next() * STOCKED)
  // The first is as small as can be; others show more.
  if (stock.length <= index) stock.push(sample({ schema, at, steps: [] }, mood, stock.length === 0 ? 0 : 1))
  return stock[index] ?? stock[0]
}

function compound({ schema, at, steps }: Wish, wished: unknown, mood: Mood, more: number): unknown {
  const [step] = steps
  if (schema.items !== undefined) {
    const { items, minItems = 0 } = schema
    const first = step === '[]' ? [wished] : []
    const count = Math.max(0, minItems - first.length) + (mood.next() < more / 4 ? 1 : 0)
    return [...first, ...Array.from({ length: count }, () => anyValue(items, [...at, '[]'], mood))]
  }
  if (typeof schema.additionalProperties === 'object') {
    const values = schema.additionalProperties
    const count = Math.max(schema.minProperties ?? 0, step === '{}' ? 1 : 0)
    const names = (mood.texts([...at, '{key}']) ?? ['a', 'b']).slice(0, count)
    return Object.fromEntries(
      names.map((name, i) => [name, step === '{}' && i === 0 ? wished : anyValue(values, [...at, '{}'], mood)]),
    )
  }
  const entries = Object.entries(schema.properties ?? {}).flatMap(([name, each]): [string, unknown][] => {
    if (name === step) return [[name, wished]]
    const isNeeded = schema.required?.includes(name) === true && each.default === undefined
    if (!isNeeded && mood.next() >= more) return []
    const value = anyValue(each, [...at, name], mood)
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(entries)
}

/** The value at the first place that `steps` lead to. */
export function valueAt(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (step === '[]') return Array.isArray(value) ? valueAt(value[0], rest) : undefined
  if (!isObject(value)) return undefined
  return valueAt(value[step === '{}' ? (Object.keys(value)[0] ?? '') : step], rest)
}

/** The value with the first place that `steps` lead to changed; `undefined` takes the field, item or entry away. */
export function withChanged(value: unknown, steps: readonly string[], change: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return change
  if (step === '[]') {
    if (!Array.isArray(value)) return value
    const first = withChanged(value[0], rest, change)
    return first === undefined ? value.slice(1) : [first, ...value.slice(1)]
  }
  if (!isObject(value)) return value
  const name = step === '{}' ? (Object.keys(value)[0] ?? '') : step
  const { [name]: old, ...others } = value
  const inside = withChanged(old, rest, change)
  return inside === undefined ? others : { ...value, [name]: inside }
}

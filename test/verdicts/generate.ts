// Finds objects that break or keep one given rule of a CRD: random values of the schema's shape around the path of the
// rule, made of the literals that the rule mentions. Deterministic; the smallest find counts.
import type { Crd, StructuralSchema } from '../../src/schema/crd.ts'
import { goRegExp } from '../../src/schema/regexp.ts'
import { isObject } from '../../src/schema/structure.ts'
import type { Validator } from '../../src/schema/validate.ts'

/** A rule at one place of a CRD. `steps` lead from the root to it: field names, `[]` for items, `{}` for map values. */
export interface PlacedRule {
  readonly crd: Crd
  readonly steps: readonly string[]
  readonly rule: string
  readonly message: string
}

/** Objects that show what a rule does. */
export interface Witnesses {
  readonly breaking?: unknown
  readonly keeping?: unknown
}

const samples = [
  'a',
  'ab',
  'a.b',
  '1s',
  '10m',
  '2h',
  '0s',
  '1ms',
  '/a',
  'https://a',
  'https://a/b',
  'ftp://a',
  'http://localhost',
  'http://127.0.0.1',
  'http://169.254.1.1',
  'http://[::1]',
  '*',
  'a*b*',
  'a*',
  '80',
  '10.0.0.1',
  'A_',
  'a//',
  'a/b',
  '*.a',
  'a.cluster.local',
  ':x',
  ':path',
  'x-a',
  '2024-01-01T00:00:00Z',
  'arn:aws:iam::123456789012:role/x',
  'arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/a',
  'a.b/c',
  '1Ki',
  '16Ki',
  '10Mi',
  '',
  '%2f',
  '/a/../b',
  '/a/./b',
  '/a#',
  '/..',
  '/.',
  '/a%2F',
  '/a//b',
  'a b',
  'GET',
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

interface Mood {
  readonly next: () => number
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
  /** How likely an optional field is set, at the rule's own node and below. */
  readonly inside: number
  /** The same for the fields beside the path to the rule. */
  readonly beside: number
}

function pick<T>(mood: Mood, from: readonly T[]): T | undefined {
  return from[Math.floor(mood.next() * from.length)]
}

function fits(schema: StructuralSchema, text: string): boolean {
  const { minLength = 0, maxLength = 1000, pattern } = schema
  return (
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || goRegExp(pattern)?.test(text) !== false)
  )
}

function textValue(schema: StructuralSchema, mood: Mood): string {
  const fitting = mood.texts.filter((each) => fits(schema, each))
  const plain = samples.filter((each) => each !== '' && fits(schema, each))
  return pick(mood, mood.next() < 0.6 && fitting.length > 0 ? fitting : plain.length > 0 ? plain : ['a']) ?? 'a'
}

function scalar(schema: StructuralSchema, mood: Mood): unknown {
  if (schema.enum !== undefined) {
    const mentioned = schema.enum.filter((each) => mood.texts.includes(String(each)))
    return pick(mood, mentioned.length > 0 && mood.next() < 0.5 ? mentioned : schema.enum)
  }
  if (schema['x-kubernetes-int-or-string'] === true)
    return mood.next() < 0.5 ? integer(schema, mood) : textValue(schema, mood)
  if (schema.type === 'boolean') return mood.next() < 0.5
  if (schema.type === 'integer' || schema.type === 'number') return integer(schema, mood)
  return textValue(schema, mood)
}

function integer({ minimum, maximum }: StructuralSchema, mood: Mood): number {
  const around = mood.numbers.flatMap((each) => [each - 1, each, each + 1])
  const all = [minimum ?? 0, (minimum ?? 0) + 1, maximum ?? 3, ...around]
  return (
    pick(
      mood,
      all.filter((each) => each >= (minimum ?? -5) && each <= (maximum ?? 2 ** 31 - 1)),
    ) ?? 1
  )
}

function objectValue(schema: StructuralSchema, steps: readonly string[], mood: Mood): unknown {
  const [step, ...rest] = steps
  const entries: [string, unknown][] = []
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (name === step) entries.push([name, someValue(inner, rest, mood)])
    else if (schema.required?.includes(name) && inner.default === undefined)
      entries.push([name, someValue(inner, [], { ...mood, inside: mood.inside / 2 })])
    else if (mood.next() < (step === undefined ? mood.inside : mood.beside))
      entries.push([name, someValue(inner, [], { ...mood, inside: mood.inside / 2 })])
  }
  const { additionalProperties } = schema
  if (typeof additionalProperties === 'object' && entries.length === 0) {
    const keys =
      step === '{}' || (schema.minProperties ?? 0) > 0 || mood.next() < mood.inside
        ? [pick(mood, ['a', 'a/b', 'A b', 'a.b/c', 'a b']) ?? 'a']
        : []
    for (const key of keys) entries.push([key, someValue(additionalProperties, rest, mood)])
  }
  return Object.fromEntries(entries)
}

function someValue(schema: StructuralSchema, steps: readonly string[], mood: Mood): unknown {
  if (schema.type === 'array') {
    const { items = {}, minItems = 0, maxItems = 20 } = schema
    const [step, ...rest] = steps
    const count =
      step === '[]' ? 1 : Math.min(maxItems, Math.max(minItems, Math.floor(mood.next() * (steps.length === 0 ? 4 : 2))))
    const list = Array.from({ length: count }, () => someValue(items, step === '[]' ? rest : [], mood))
    // Repetitions are what many rules about lists are about.
    return list.length > 1 && mood.next() < 0.4 ? [list[0], ...list.slice(0, -1)] : list
  }
  if (schema.type === 'object') return objectValue(schema, steps, mood)
  return schema.type === undefined && schema['x-kubernetes-int-or-string'] !== true ? {} : scalar(schema, mood)
}

function literals(rule: string): { readonly texts: readonly string[]; readonly numbers: readonly number[] } {
  const texts = [...rule.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? '')
  const numbers = [...rule.matchAll(/(?<![\w.])(\d+)(?!\w)/g)].map((match) => Number(match[1]))
  return {
    texts: [...texts, ...texts.flatMap((each) => [`${each}a`, `/a${each}`, `a${each}b`]), ''],
    numbers: numbers.filter((each) => each < 2 ** 31),
  }
}

/** All rules of a CRD, each at each of its places. */
export function placedRules(crd: Crd): readonly PlacedRule[] {
  const found: PlacedRule[] = []
  const visit = (schema: StructuralSchema, steps: readonly string[]): void => {
    for (const each of schema['x-kubernetes-validations'] ?? []) {
      found.push({ crd, steps, rule: each.rule, message: each.message ?? `failed rule: ${each.rule}` })
    }
    for (const [name, inner] of Object.entries(schema.properties ?? {})) visit(inner, [...steps, name])
    if (schema.items !== undefined) visit(schema.items, [...steps, '[]'])
    if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, [...steps, '{}'])
  }
  for (const { schema } of crd.spec.versions.slice(0, 1)) visit(schema.openAPIV3Schema, [])
  return found.filter((each) => each.steps[0] !== 'status')
}

function size(value: unknown): number {
  return JSON.stringify(value).length
}

interface Best {
  readonly object: unknown
  readonly cost: number
}

// Every object that is smaller by one field or one list item.
function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1)
      for (const each of smaller(item)) yield value.with(index, each)
    }
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const { [name]: _, ...rest } = value
      yield rest
      for (const each of smaller(inner)) yield { ...value, [name]: each }
    }
  }
}

function shrink(best: Best, judge: (object: unknown) => number | undefined): Best {
  for (const object of smaller(best.object)) {
    const cost = judge(object)
    if (cost !== undefined && cost < best.cost) return shrink({ object, cost }, judge)
  }
  return best
}

/** Looks for objects that break and keep a rule, with as little else wrong as possible. */
export function findWitnesses(placed: PlacedRule, validator: Validator, tries = 400): Witnesses {
  const { crd, steps, rule, message } = placed
  const version = crd.spec.versions[0]
  if (version === undefined) return {}
  const {
    metadata: _,
    apiVersion: __,
    kind: ___,
    status: ____,
    ...properties
  } = version.schema.openAPIV3Schema.properties ?? {}
  const root: StructuralSchema = { ...version.schema.openAPIV3Schema, properties }
  const next = random(size([crd.metadata.name, steps, rule]))
  const judge = (object: unknown): { readonly isBroken: boolean; readonly cost: number } | undefined => {
    const problems = validator.validate(object)?.problems
    const place = placeOf(object, steps)
    if (problems === undefined || place.length === 0) return undefined
    const isBroken = problems.some((each) => place.includes(each.path) && each.message.includes(message))
    if (!isBroken && problems.some((each) => each.message.includes('were not checked'))) return undefined
    return { isBroken, cost: (problems.length - (isBroken ? 1 : 0)) * 10_000 + size(object) }
  }
  const best = new Map<boolean, Best>()
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const mood: Mood = {
      next,
      ...literals(rule),
      inside: next() < 0.3 ? 0.7 : 0.3,
      beside: attempt % 2 === 0 ? 0 : 0.15,
    }
    const body = someValue(root, steps, mood)
    const object = {
      apiVersion: `${crd.spec.group}/${version.name}`,
      kind: crd.spec.names.kind,
      metadata: { name: 'a' },
      ...(isObject(body) ? body : {}),
    }
    const judged = judge(object)
    if (judged === undefined) continue
    const known = best.get(judged.isBroken)
    if (known === undefined || judged.cost < known.cost) best.set(judged.isBroken, { object, cost: judged.cost })
  }
  const smallest = (isBroken: boolean): unknown => {
    const found = best.get(isBroken)
    const cost = (object: unknown) => {
      const judged = judge(object)
      return judged?.isBroken === isBroken ? judged.cost : undefined
    }
    return found && shrink(found, cost).object
  }
  return { breaking: smallest(true), keeping: smallest(false) }
}

// Paths of the values that the steps lead to in an object.
function placeOf(object: unknown, steps: readonly string[]): readonly string[] {
  let places: (readonly [string, unknown])[] = [['', object]]
  for (const step of steps) {
    places = places.flatMap(([path, value]): (readonly [string, unknown])[] => {
      if (step === '[]') return Array.isArray(value) ? value.map((each, index) => [`${path}[${index}]`, each]) : []
      if (!isObject(value)) return []
      if (step === '{}') return Object.entries(value).map(([key, each]) => [`${path}[${key}]`, each])
      return Object.hasOwn(value, step) ? [[path === '' ? step : `${path}.${step}`, value[step]]] : []
    })
  }
  return places.map(([path]) => path)
}

// What a feature may rely on when it reads its field: values have the types that the schema gives them. An API server
// sees to that; for objects that none has checked it is done here, once for all features: what has another type is left
// out and reported, and nulls are dropped as an API server drops them. Limits, patterns and unknown words are the
// features' own to look at.
import type { Static, TSchema } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { type StructuralSchema, structural } from '../../schema/crd.ts'
import { isObject } from '../../schema/structure.ts'
import { typeName } from '../../schema/values.ts'
import { flaw, outcome } from './flaws.ts'

/** The value as the schema describes it: the same value when it is so already. */
export function asDescribed<S extends TSchema>(schema: S, value: unknown, path: string): Outcome<Static<S>> {
  const problems: Problem[] = []
  const read = described({ schema: structuralOf(schema), path, problems }, value)
  // What is left has the types of the schema; required fields may still be missing.
  return outcome(read as Static<S> | undefined, problems)
}

interface Place {
  readonly schema: StructuralSchema
  readonly path: string
  readonly problems: Problem[]
}

const known = new WeakMap<TSchema, StructuralSchema>()

function structuralOf(schema: TSchema): StructuralSchema {
  const found = known.get(schema)
  if (found !== undefined) return found
  const made = structural(schema)
  known.set(schema, made)
  return made
}

function isOf({ type, enum: allowed, ...schema }: StructuralSchema, value: unknown): boolean {
  // Words are looked up in tables, and every table of JavaScript answers to `constructor`.
  if (allowed !== undefined && typeof value === 'string' && value in Object.prototype) return allowed.includes(value)
  const actual = typeName(value)
  if (schema['x-kubernetes-int-or-string'] === true) return actual === 'integer' || actual === 'string'
  return type === undefined || type === actual || (type === 'number' && actual === 'integer')
}

function described(place: Place, value: unknown): unknown {
  const { schema, path, problems } = place
  if (value === null || value === undefined) return schema.type === undefined ? value : undefined
  if (!isOf(schema, value)) {
    problems.push(flaw(path, `${wanted(schema)} is expected, and what stands here is not used`))
    return undefined
  }
  if (Array.isArray(value)) return describedItems(place, value)
  return isObject(value) ? describedFields(place, value) : value
}

function describedItems({ schema: { items }, path, problems }: Place, value: readonly unknown[]): unknown {
  if (items === undefined) return value
  const read = value.map((each, i) => described({ schema: items, path: `${path}[${i}]`, problems }, each))
  return read.every((each, i) => each === value[i]) ? value : read.filter((each) => each !== undefined)
}

function describedFields({ schema, path, problems }: Place, value: Readonly<Record<string, unknown>>): unknown {
  const { properties, additionalProperties } = schema
  let isSame = true
  const read = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
    const isField = properties !== undefined && Object.hasOwn(properties, name)
    const inner = isField
      ? properties[name]
      : typeof additionalProperties === 'object'
        ? additionalProperties
        : undefined
    if (inner === undefined) return [[name, each]]
    const field = described({ schema: inner, path: isField ? `${path}.${name}` : `${path}[${name}]`, problems }, each)
    if (field !== each) isSame = false
    return field === undefined ? [] : [[name, field]]
  })
  return isSame ? value : Object.fromEntries(read)
}

function wanted({ type, enum: allowed, ...schema }: StructuralSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'a number or a text'
  switch (type) {
    case 'array':
      return 'a list'
    case 'object':
      return 'an object'
    case 'string':
      return allowed === undefined ? 'a text' : `one of ${allowed.join(', ')}`
    case 'boolean':
      return 'true or false'
    default:
      return 'a number'
  }
}

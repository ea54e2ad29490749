// What the API server does to an object before it looks at values: finds fields that the schema does not have, prunes
// them, drops nulls and fills in defaults. Values of wrong types pass through; values.ts refuses them.
import { closest } from '../core/closest.ts'
import type { StructuralSchema } from './crd.ts'
import type { FieldError } from './field-error.ts'

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object as it would be stored, and the fields that were not understood. */
export interface Structured {
  readonly value: unknown
  readonly unknown: readonly FieldError[]
}

// Fields of the type that every object has; an embedded object has them without declaring them.
const envelope = new Set(['apiVersion', 'kind', 'metadata'])

// A field that stands one level too high: `static.port` written as `port`.
function below(name: string, schema: StructuralSchema): string | undefined {
  const owners = Object.entries(schema.properties ?? {}).filter(([, each]) =>
    Object.hasOwn(each.properties ?? {}, name),
  )
  return owners.length === 1 ? `${owners[0]?.[0]}.${name}` : undefined
}

function unknownField(path: string, name: string, schema: StructuralSchema): FieldError {
  const known = Object.keys(schema.properties ?? {})
  const meant = below(name, schema) ?? closest(name, known)
  const hint =
    meant !== undefined
      ? `did you mean ${meant}?`
      : known.length > 0 && known.length <= 12
        ? `known fields: ${known.toSorted().join(', ')}`
        : undefined
  const error: FieldError = { path, reason: 'UnknownField', message: `unknown field "${path}"` }
  return hint === undefined ? error : { ...error, hint }
}

function isKept(schema: StructuralSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true
}

function admitObject(schema: StructuralSchema, value: JsonObject, path: string, errors: FieldError[]): JsonObject {
  const properties = schema.properties ?? {}
  const values = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
  const result = new Map<string, unknown>()
  for (const [name, field] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    const inner = Object.hasOwn(properties, name) ? properties[name] : values
    if (inner !== undefined) {
      if (
        field === null &&
        inner.nullable !== true &&
        !(inner['x-kubernetes-preserve-unknown-fields'] && !inner.type)
      ) {
        continue
      }
      result.set(name, admit(inner, field, at, errors))
    } else if (isKept(schema) || (schema['x-kubernetes-embedded-resource'] === true && envelope.has(name))) {
      result.set(name, field)
    } else if (path === '' && envelope.has(name)) {
      result.set(name, field)
    } else {
      errors.push(unknownField(at, name, schema))
    }
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (inner.default === undefined || result.has(name)) continue
    result.set(name, admit(inner, structuredClone(inner.default), path === '' ? name : `${path}.${name}`, errors))
  }
  return Object.fromEntries(result)
}

function admit(schema: StructuralSchema, value: unknown, path: string, errors: FieldError[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    return items === undefined ? value : value.map((item, index) => admit(items, item, `${path}[${index}]`, errors))
  }
  if (!isObject(value)) return value
  if (schema.properties === undefined && isKept(schema) && schema['x-kubernetes-embedded-resource'] !== true)
    return value
  if (schema.properties === undefined && schema.type !== 'object' && schema.type !== undefined) return value
  return admitObject(schema, value, path, errors)
}

/** Prunes, drops nulls and fills in defaults, leaving the input as it is. */
export function structure(schema: StructuralSchema, value: unknown): Structured {
  const unknown: FieldError[] = []
  return { value: admit(schema, value, '', unknown), unknown }
}

// Types, limits, enums and formats of values against a structural schema, as the API server's OpenAPI validation checks
// and words them; and lists that say their items are unique. CEL rules are checked in cel/rules.ts.
import type { StructuralSchema } from './crd.ts'
import {
  duplicate,
  type FieldError,
  invalid,
  isInt64,
  notSupported,
  required,
  shown,
  tooLong,
  tooMany,
  wrongType,
} from './field-error.ts'
import { hasFormat } from './formats.ts'
import { goRegExp } from './regexp.ts'
import { isObject, type JsonObject } from './structure.ts'

interface Place {
  readonly schema: StructuralSchema
  readonly path: string
}

/** What a value is called in messages about types. */
export function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number'
  return typeof value
}

/** Whether two JSON values are equal. */
function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => sameJson(each, right[index]))
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  )
}

// Integers are a matter of value, not of notation; formats narrow them to a size.
function* numberFormat({ schema, path }: Place, value: number): Generator<FieldError> {
  const { type, format } = schema
  if (type === 'integer') {
    const fits = isInt64(value) && (format !== 'int32' || (value >= -(2 ** 31) && value < 2 ** 31))
    const size = format === 'int32' || format === 'int64' ? `with format ${format}` : '(default format)'
    if (!fits) yield invalid('', '', `Checked value must be of type integer ${size} in ${path}`)
  } else if (type === 'number' && format === 'float' && Math.abs(value) > 3.4028234663852886e38) {
    yield invalid('', '', `Checked value must be of type number with format float in ${path}`)
  }
}

function* types({ schema, path }: Place, value: unknown): Generator<FieldError> {
  const { type, format } = schema
  const actual = typeName(value)
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (actual !== 'integer' && actual !== 'string' && !(value === null && schema.nullable)) {
      yield wrongType(path, 'integer,string', actual)
    }
    return
  }
  if (type === undefined || type === actual || (value === null && schema.nullable === true)) return
  if (typeof value === 'number') {
    if (type === 'number') return
    if (type === 'integer') {
      if (format === 'int32' || format === 'int64') yield wrongType(path, format, 'float64')
      else yield wrongType(path, type, actual)
      return
    }
  }
  yield wrongType(path, type, actual)
}

function firstTextProblem({ schema, path }: Place, value: string): FieldError | undefined {
  const { minLength, maxLength, pattern } = schema
  const size = minLength === undefined && maxLength === undefined ? 0 : [...value].length
  if (maxLength !== undefined && size > maxLength) return tooLong(path, maxLength)
  if (minLength !== undefined && size < minLength) {
    return invalid(path, value, `${path} in body should be at least ${minLength} chars long`)
  }
  if (pattern !== undefined && goRegExp(pattern)?.test(value) === false) {
    return invalid(path, value, `${path} in body should match '${pattern}'`)
  }
  return undefined
}

function* texts(place: Place, value: string): Generator<FieldError> {
  const problem = firstTextProblem(place, value)
  if (problem !== undefined) yield problem
  const { format } = place.schema
  if (format !== undefined && !hasFormat(format, value)) {
    const found = shown(value)
    yield {
      path: place.path,
      reason: 'FieldValueTypeInvalid',
      message: `Invalid value: ${found}: ${place.path} in body must be of type ${format}: ${found}`,
    }
  }
}

function* numbers(place: Place, value: number): Generator<FieldError> {
  const { schema, path } = place
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  yield* numberFormat(place, value)
  const limit = (number: number) => (isInt64(value) ? shown(number) : goFloat(number))
  if (multipleOf !== undefined && value % multipleOf !== 0) {
    yield invalid(path, value, `${path} in body should be a multiple of ${multipleOf}`)
  }
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    const than = exclusiveMaximum === true ? 'less than' : 'less than or equal to'
    yield invalid(path, value, `${path} in body should be ${than} ${limit(maximum)}`)
  }
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    const than = exclusiveMinimum === true ? 'greater than' : 'greater than or equal to'
    yield invalid(path, value, `${path} in body should be ${than} ${limit(minimum)}`)
  }
}

function goFloat(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (value === 0 || (power >= -4 && power < 6)) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function* lists({ schema, path }: Place, value: readonly unknown[]): Generator<FieldError> {
  const { items, minItems, maxItems } = schema
  if (items !== undefined) {
    for (const [index, item] of value.entries()) yield* checkValue({ schema: items, path: `${path}[${index}]` }, item)
  }
  if (minItems !== undefined && value.length < minItems) {
    yield invalid(path, value.length, `${path} in body should have at least ${minItems} items`)
  }
  if (maxItems !== undefined && value.length > maxItems) yield tooMany(path, value.length, maxItems)
}

function* objects({ schema, path }: Place, value: JsonObject): Generator<FieldError> {
  const { minProperties, maxProperties, properties = {}, additionalProperties } = schema
  const names = Object.keys(value)
  if (minProperties !== undefined && names.length < minProperties) {
    yield invalid(path, names.length, `${path} in body should have at least ${minProperties} properties`)
    return
  }
  if (maxProperties !== undefined && names.length > maxProperties) {
    yield tooMany(path, names.length, maxProperties)
    return
  }
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  for (const name of new Set([...(schema.required ?? []), ...(isEmbedded ? ['apiVersion', 'kind'] : [])])) {
    if (!Object.hasOwn(value, name)) yield required(at(name))
  }
  const values = typeof additionalProperties === 'object' ? additionalProperties : undefined
  for (const name of names.length > 1 ? names.toSorted() : names) {
    const inner = Object.hasOwn(properties, name) ? properties[name] : values
    if (inner !== undefined) yield* checkValue({ schema: inner, path: at(name) }, value[name])
  }
}

// Of alternatives that all fail, the API server also tells the errors of the one that matched most.
function mostMatching(place: Place, alternatives: readonly StructuralSchema[], value: unknown): readonly FieldError[] {
  const errors = alternatives.map((schema) => [...checkValue({ schema, path: place.path }, value)])
  const matches = alternatives.map((schema) => {
    const names = Object.keys(schema.properties ?? {})
    if (!isObject(value)) return 0
    return names.filter((name) => {
      const inner = schema.properties?.[name]
      return inner !== undefined && checkValue({ schema: inner, path: name }, value[name]).next().done === true
    }).length
  })
  return errors[matches.indexOf(Math.max(...matches))] ?? []
}

function* combinations(place: Place, value: unknown): Generator<FieldError> {
  const { schema, path } = place
  const isFine = (each: StructuralSchema) => checkValue({ schema: each, path }, value).next().done === true
  const name = JSON.stringify(path)
  if (schema.anyOf !== undefined && !schema.anyOf.some(isFine)) {
    yield invalid('', '', `${name} must validate at least one schema (anyOf)`)
    yield* mostMatching(place, schema.anyOf, value)
  }
  if (schema.oneOf !== undefined) {
    const count = schema.oneOf.filter(isFine).length
    const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`
    if (count !== 1) yield invalid('', '', `${name} must validate one and only one schema (oneOf). ${found}`)
    if (count === 0) yield* mostMatching(place, schema.oneOf, value)
  }
  if (schema.allOf !== undefined) {
    const failing = schema.allOf.filter((each) => !isFine(each))
    for (const each of failing) yield* checkValue({ schema: each, path }, value)
    const none = failing.length === schema.allOf.length ? '. None validated' : ''
    if (failing.length > 0) yield invalid('', '', `${name} must validate all the schemas (allOf)${none}`)
  }
  if (schema.not !== undefined && isFine(schema.not))
    yield invalid('', '', `${name} must not validate the schema (not)`)
}

function* checkValue(place: Place, value: unknown): Generator<FieldError> {
  const { schema } = place
  yield* types(place, value)
  if (schema.anyOf ?? schema.oneOf ?? schema.allOf ?? schema.not) yield* combinations(place, value)
  if (typeof value === 'string') yield* texts(place, value)
  else if (typeof value === 'number') yield* numbers(place, value)
  else if (Array.isArray(value)) yield* lists(place, value)
  const allowed = schema.enum
  if (allowed !== undefined && !allowed.some((each) => sameJson(each, value))) {
    yield notSupported(place.path, value, allowed)
  }
  if (isObject(value)) yield* objects(place, value)
}

/** Everything about types, limits, enums and formats that the API server would refuse. */
export function checkValues(schema: StructuralSchema, value: unknown): readonly FieldError[] {
  return [...checkValue({ schema, path: '' }, value)]
}

function keyOf(keys: readonly string[], item: unknown): JsonObject {
  const object = isObject(item) ? item : {}
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(object, key)).map((key) => [key, object[key]]))
}

function* repetitions(place: Place, value: readonly unknown[]): Generator<FieldError> {
  const { schema, path } = place
  const kind = schema['x-kubernetes-list-type']
  if (kind !== 'map' && kind !== 'set') return
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const seen = new Map<string, number>()
  for (const [index, item] of value.entries()) {
    const key = kind === 'set' ? item : keyOf(keys, item)
    const text = JSON.stringify(isObject(key) ? Object.entries(key).toSorted() : key)
    const count = (seen.get(text) ?? 0) + 1
    seen.set(text, count)
    // A value that stands more than twice is told once.
    if (count === 2) yield duplicate(`${path}[${index}]`, key)
  }
}

function* uniqueness(place: Place, value: unknown): Generator<FieldError> {
  const { schema, path } = place
  if (Array.isArray(value)) {
    yield* repetitions(place, value)
    const { items } = schema
    if (items === undefined) return
    for (const [index, item] of value.entries()) yield* uniqueness({ schema: items, path: `${path}[${index}]` }, item)
    return
  }
  if (!isObject(value)) return
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (Object.hasOwn(value, name))
      yield* uniqueness({ schema: inner, path: path === '' ? name : `${path}.${name}` }, value[name])
  }
  if (typeof schema.additionalProperties === 'object') {
    for (const [name, each] of Object.entries(value)) {
      if (Object.hasOwn(schema.properties ?? {}, name)) continue
      yield* uniqueness({ schema: schema.additionalProperties, path: `${path}[${name}]` }, each)
    }
  }
}

/** Items that stand twice in lists of type `set` or `map`. */
export function checkUniqueness(schema: StructuralSchema, value: unknown): readonly FieldError[] {
  return [...uniqueness({ schema, path: '' }, value)]
}

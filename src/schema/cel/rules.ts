// `x-kubernetes-validations`: which rules of a schema a new object breaks, with paths, reasons and messages as the API
// server gives them. Rules about a change (`oldSelf`) do not concern a new object and are left out, as there.
import type { CelRule } from '../combinators.ts'
import type { StructuralSchema } from '../crd.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { isObject, type JsonObject } from '../structure.ts'
import { noValue } from './library.ts'
import { compile, failure, type Program, type Variables } from './program.ts'

interface CompiledRule {
  readonly rule: CelRule
  readonly program: Program
  readonly message: Program | undefined
}

interface Place {
  readonly schema: StructuralSchema
  readonly path: string
}

const RULES = 'x-kubernetes-validations'
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** The name of a field in CEL. */
function celName(name: string): string {
  if (reserved.has(name)) return `__${name}__`
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__')
}

const compiled = new WeakMap<StructuralSchema, readonly CompiledRule[]>()

/** The rules of one schema node, compiled. */
export function rulesOf(schema: StructuralSchema): readonly CompiledRule[] {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const rules = (schema[RULES] ?? []).map((rule) => ({
    rule,
    program: compile(rule.rule),
    message: rule.messageExpression === undefined ? undefined : compile(rule.messageExpression),
  }))
  compiled.set(schema, rules)
  return rules
}

const bearing = new WeakMap<StructuralSchema, boolean>()

function hasRules(schema: StructuralSchema): boolean {
  const known = bearing.get(schema)
  if (known !== undefined) return known
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties]
  const result = (schema[RULES] ?? []).length > 0 || inner.some((each) => typeof each === 'object' && hasRules(each))
  bearing.set(schema, result)
  return result
}

function rawToCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(rawToCel)
  if (!isObject(value)) return value ?? null
  return dictionary(Object.entries(value).map(([key, each]) => [key, rawToCel(each)]))
}

// The engine tells a map by its constructor, which a user's key could shadow.
function dictionary(entries: readonly (readonly [string, unknown])[]): object {
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

const toDuration = compile('duration(self)')

function textToCel(format: string | undefined, text: string): unknown {
  if (format === 'date-time' || format === 'date') return new Date(text)
  if (format === 'duration') return toDuration.evaluate({ self: text })
  return format === 'byte' ? Uint8Array.from(Buffer.from(text, 'base64')) : text
}

function fieldsToCel(schema: StructuralSchema, value: JsonObject): unknown {
  const { properties = {} } = schema
  const entries = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined
    return inner === undefined || each === undefined ? [] : [[celName(name), toCel(inner, each)]]
  })
  return Object.fromEntries(entries)
}

function toCel(schema: StructuralSchema, value: unknown): unknown {
  if (typeof value === 'string') return textToCel(schema.format, value)
  if (typeof value === 'number') return schema.type === 'number' || !Number.isInteger(value) ? value : BigInt(value)
  if (Array.isArray(value))
    return schema.items === undefined ? rawToCel(value) : value.map((each) => toCel(schema.items ?? {}, each))
  if (!isObject(value)) return value ?? null
  if (schema.properties !== undefined) return fieldsToCel(schema, value)
  const { additionalProperties } = schema
  if (typeof additionalProperties !== 'object') return rawToCel(value)
  return dictionary(Object.entries(value).map(([key, each]) => [key, toCel(additionalProperties, each)]))
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
}

function sentence({ rule, message }: CompiledRule, variables: Variables): string {
  if (message !== undefined) {
    try {
      const text = message.evaluate(variables)
      if (typeof text === 'string' && text.trim() !== '' && !text.includes('\n')) return text.trim()
    } catch (error) {
      // The API server falls back to the fixed message when its expression fails.
      failure(error)
    }
  }
  return rule.message?.trim() || `failed rule: ${rule.rule.trim()}`
}

// `.a.b['c.d']` → `.a.b[c.d]`, as field paths are printed.
function fieldPathOf(rule: CelRule, path: string): string {
  const suffix = (rule.fieldPath ?? '').replaceAll(/\['([^']*)'\]/g, '[$1]')
  return path === '' ? suffix.replace(/^\./, '') : `${path}${suffix}`
}

function refusal(each: CompiledRule, path: string, value: unknown, variables: Variables): FieldError {
  const text = sentence(each, variables)
  switch (each.rule.reason) {
    case 'FieldValueRequired':
      return required(path, text)
    case 'FieldValueForbidden':
      return forbidden(path, text)
    case 'FieldValueDuplicate':
      return duplicate(path)
    default:
      return invalid(path, typeof value === 'object' || each.rule.fieldPath !== undefined ? undefined : value, text)
  }
}

function broken(place: Place, value: unknown, self: unknown): FieldError[] {
  const errors: FieldError[] = []
  for (const each of rulesOf(place.schema)) {
    const { rule, program } = each
    if (program.readsOldSelf && rule.optionalOldSelf !== true) continue
    const variables: Variables = program.readsOldSelf ? { self, oldSelf: noValue } : { self }
    try {
      if (program.evaluate(variables) === true) continue
      errors.push(refusal(each, fieldPathOf(rule, place.path), value, variables))
    } catch (error) {
      const { text, isOverload } = failure(error)
      const name = rule.message?.trim() || rule.rule.trim()
      const type = typeNames[place.schema.type ?? ''] ?? ''
      errors.push(
        isOverload
          ? invalid(
              place.path,
              type === 'object' || type === 'array' ? type : '',
              `${text}: call arguments did not match a supported operator, function or macro signature for rule: ${name}`,
            )
          : invalid(place.path, type, `${text} evaluating rule: ${name}`),
      )
    }
  }
  return errors
}

function visit(place: Place, value: unknown, converted: unknown): FieldError[] {
  const { schema, path } = place
  if (!hasRules(schema) || value === null || value === undefined) return []
  const self = converted ?? (rulesOf(schema).length > 0 ? toCel(schema, value) : undefined)
  const errors = rulesOf(schema).length > 0 ? broken(place, value, self) : []
  const part = (key: string | number): unknown =>
    // `toCel` keeps the shape of the value: lists stay lists, objects stay objects.
    self === undefined || self === null ? undefined : (self as Readonly<Record<string | number, unknown>>)[key]
  if (Array.isArray(value)) {
    const { items } = schema
    if (items === undefined) return errors
    for (const [index, each] of value.entries()) {
      errors.push(...visit({ schema: items, path: `${path}[${index}]` }, each, part(index)))
    }
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      if (Object.hasOwn(value, name)) {
        errors.push(
          ...visit({ schema: inner, path: path === '' ? name : `${path}.${name}` }, value[name], part(celName(name))),
        )
      }
    }
    const { additionalProperties, properties = {} } = schema
    if (typeof additionalProperties === 'object') {
      for (const [key, each] of Object.entries(value)) {
        if (Object.hasOwn(properties, key)) continue
        errors.push(...visit({ schema: additionalProperties, path: `${path}[${key}]` }, each, part(key)))
      }
    }
  }
  return errors
}

/** The rules that a new object breaks. */
export function checkRules(schema: StructuralSchema, value: unknown): readonly FieldError[] {
  return visit({ schema, path: '' }, value, undefined)
}

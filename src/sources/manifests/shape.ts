// A small language for what fields an object has: types, required fields, allowed values, defaults. One walk over a value
// fills in the defaults, drops what is unknown and names what the API server would refuse. Which kind has which shape is
// shapes.ts; rules that need CEL are left to the schema validator.
import { closest } from '../../core/closest.ts'

/** Something wrong with a field. Reasons are those of the API server's causes. */
export interface FieldProblem {
  readonly severity: 'error' | 'warning'
  readonly path: string
  readonly reason: string
  readonly message: string
}

/** What a value must look like. */
export type Shape =
  | { readonly is: 'text'; readonly allowed?: readonly string[]; readonly fallback?: unknown }
  | {
      readonly is: 'whole'
      readonly min?: number
      readonly max?: number
      readonly allowed?: readonly number[]
      readonly fallback?: unknown
    }
  | { readonly is: 'flag'; readonly fallback?: unknown }
  /** A number or a name, as ports of Services are. */
  | { readonly is: 'number or text'; readonly fallback?: unknown }
  | { readonly is: 'list'; readonly of: Shape; readonly fallback?: unknown; readonly atLeast?: number }
  | { readonly is: 'map'; readonly of: Shape; readonly fallback?: unknown }
  | {
      readonly is: 'fields'
      readonly fields: Readonly<Record<string, Shape>>
      readonly required: readonly string[]
      /** Whether there are fields that the table does not list. */
      readonly isOpen: boolean
      readonly fallback?: unknown
    }
  | { readonly is: 'anything'; readonly fallback?: unknown }

/** Text, perhaps with a default. */
export const text = (fallback?: string): Shape => ({ is: 'text', fallback })
/** One of some words. */
export const word = (allowed: readonly string[], fallback?: string): Shape => ({ is: 'text', allowed, fallback })
/** An integer. */
export function whole(
  limits: { min?: number; max?: number; allowed?: readonly number[]; fallback?: number } = {},
): Shape {
  return { is: 'whole', ...limits }
}
/** True or false. */
export const flag: Shape = { is: 'flag' }
/** A number or a name. */
export const numberOrText: Shape = { is: 'number or text' }
/** Whatever there is. */
export const anything: Shape = { is: 'anything' }
/** A list. */
export const list = (of: Shape, more: { fallback?: readonly unknown[]; atLeast?: number } = {}): Shape => ({
  is: 'list',
  of,
  ...more,
})
/** Any keys, values of one shape. */
export const map = (of: Shape): Shape => ({ is: 'map', of })
/** Known fields; a name that ends in `!` is required. */
export function fields(known: Readonly<Record<string, Shape>>, more: { fallback?: object } = {}): Shape {
  const entries = Object.entries(known).map(([name, shape]) => [name.replace('!', ''), shape] as const)
  const required = Object.keys(known).flatMap((name) => (name.endsWith('!') ? [name.slice(0, -1)] : []))
  return { is: 'fields', fields: Object.fromEntries(entries), required, isOpen: false, ...more }
}
/** Known fields among others. */
export function someFields(known: Readonly<Record<string, Shape>>): Shape {
  const shape = fields(known)
  return shape.is === 'fields' ? { ...shape, isOpen: true } : shape
}

/** Fills in defaults and drops unknown fields, in place; the problems say what is wrong, in the order of the fields. */
export function admitShape(shape: Shape, value: unknown, path: string): readonly FieldProblem[] {
  const problems: FieldProblem[] = []
  admit(shape, value, path, problems)
  return problems
}

function admit(shape: Shape, value: unknown, path: string, problems: FieldProblem[]): void {
  const refuse = (expected: string): void => {
    problems.push(error(path, 'FieldValueTypeInvalid', `must be ${expected}, not ${describe(value)}`))
  }
  switch (shape.is) {
    case 'anything':
      return
    case 'text':
      if (typeof value !== 'string') refuse(typeof value === 'object' ? 'a string' : 'a string: write it in quotes')
      else if (shape.allowed?.includes(value) === false) problems.push(unsupported(path, value, shape.allowed))
      return
    case 'flag':
      if (typeof value !== 'boolean') refuse('true or false, without quotes')
      return
    case 'number or text':
      if (typeof value !== 'string' && !Number.isInteger(value)) refuse('an integer or a name')
      return
    case 'whole':
      if (!Number.isInteger(value)) refuse(typeof value === 'string' ? 'an integer, without quotes' : 'an integer')
      else problems.push(...outOfRange(shape, Number(value), path))
      return
    case 'list':
      if (!Array.isArray(value)) refuse('a list')
      else admitList(shape, value, path, problems)
      return
    case 'map':
      if (!isRecord(value)) refuse('a mapping')
      else for (const [key, each] of Object.entries(value)) admit(shape.of, each, `${path}.${key}`, problems)
      return
    case 'fields':
      if (isRecord(value)) admitFields(shape, value, path, problems)
      else refuse('a mapping')
  }
}

function admitList(
  shape: Shape & { is: 'list' },
  value: readonly unknown[],
  path: string,
  problems: FieldProblem[],
): void {
  if (value.length < (shape.atLeast ?? 0)) {
    problems.push(error(path, 'FieldValueInvalid', `must have at least ${shape.atLeast} item`))
  }
  for (const [i, each] of value.entries()) admit(shape.of, each, `${path}[${i}]`, problems)
}

function admitFields(
  shape: Shape & { is: 'fields' },
  value: Record<string, unknown>,
  path: string,
  problems: FieldProblem[],
): void {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  for (const [name, field] of Object.entries(value)) {
    // To the API server, null is as good as absent.
    if (field === null) delete value[name]
    else if (!Object.hasOwn(shape.fields, name) && !shape.isOpen) {
      problems.push(unknown(at(name), closest(name, Object.keys(shape.fields))))
      delete value[name]
    }
  }
  for (const name of shape.required) {
    if (value[name] === undefined) problems.push(error(at(name), 'FieldValueRequired', 'is required'))
  }
  for (const [name, inner] of Object.entries(shape.fields)) {
    // The default is copied, because the walk goes on into it.
    if (value[name] === undefined && inner.fallback !== undefined) value[name] = structuredClone(inner.fallback)
    if (value[name] !== undefined) admit(inner, value[name], at(name), problems)
  }
}

function outOfRange(shape: Shape & { is: 'whole' }, value: number, path: string): readonly FieldProblem[] {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, allowed } = shape
  if (allowed !== undefined && !allowed.includes(value)) {
    return [error(path, 'FieldValueNotSupported', `must be one of ${allowed.join(', ')}, not ${value}`)]
  }
  if (value >= min && value <= max) return []
  const range = shape.max === undefined ? `at least ${min}` : `between ${min} and ${max}`
  return [error(path, 'FieldValueInvalid', `must be ${range}, not ${value}`)]
}

function unsupported(path: string, value: string, allowed: readonly string[]): FieldProblem {
  const meant = closest(value, allowed)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  const quoted = value.length > 60 ? 'what it is' : `"${value}"`
  return error(path, 'FieldValueNotSupported', `must be one of ${allowed.join(', ')}, not ${quoted}${hint}`)
}

function unknown(path: string, meant: string | undefined): FieldProblem {
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return {
    severity: 'warning',
    path,
    reason: 'UnknownField',
    message: `unknown field "${path}", which has no effect${hint}`,
  }
}

function error(path: string, reason: string, message: string): FieldProblem {
  return { severity: 'error', path, reason, message: `${path} ${message}` }
}

/** The kind of a value, never the value: it may be a secret. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction'
  return typeof value === 'boolean' ? 'true or false' : 'a string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

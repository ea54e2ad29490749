// One refusal by the API server: the place, the machine-readable reason and the sentence, worded as the server words it.

/** `reason` of a cause in a Status of the API server. */
export type FieldReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'UnknownField'

/** One thing that the API server would refuse. */
export interface FieldError {
  /** Path such as `spec.rules[0].name`; empty where the server names none. */
  readonly path: string
  readonly reason: FieldReason
  readonly message: string
  /** What to do, where that can be guessed. */
  readonly hint?: string
}

/** A value as the API server prints it. */
export function shown(value: unknown): string {
  return typeof value === 'number' ? shownNumber(value) : (JSON.stringify(value) ?? 'null')
}

// Go prints floating-point numbers with an exponent from 21 digits on where they are integers here, from 7 where not.
function shownNumber(value: number): string {
  if (isInt64(value)) return value.toFixed(0)
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 21 && !Number.isInteger(value)) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** Whether JSON's number is an integer of 64 bits, as the API server decodes it. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
}

/** A field is missing. */
export function required(path: string, detail = ''): FieldError {
  return { path, reason: 'FieldValueRequired', message: detail === '' ? 'Required value' : `Required value: ${detail}` }
}

/** A value is not acceptable; `value` is printed unless it is undefined. */
export function invalid(path: string, value: unknown, detail: string): FieldError {
  const message = value === undefined ? `Invalid value: ${detail}` : `Invalid value: ${shown(value)}: ${detail}`
  return { path, reason: 'FieldValueInvalid', message }
}

/** A value has the wrong type or format. */
export function wrongType(path: string, type: string, value: string): FieldError {
  const found = JSON.stringify(value)
  const message = `Invalid value: ${found}: ${path} in body must be of type ${type}: ${found}`
  return { path, reason: 'FieldValueTypeInvalid', message }
}

/** A value is not among the allowed ones. */
export function notSupported(path: string, value: unknown, allowed: readonly unknown[]): FieldError {
  const values = allowed.map((each) => JSON.stringify(String(each))).join(', ')
  return {
    path,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}: supported values: ${values}`,
  }
}

/** A value stands twice in a list that allows it once. */
export function duplicate(path: string, value?: unknown): FieldError {
  const message = value === undefined ? 'Duplicate value' : `Duplicate value: ${shown(value)}`
  return { path, reason: 'FieldValueDuplicate', message }
}

/** A field must not be set. */
export function forbidden(path: string, detail: string): FieldError {
  return { path, reason: 'FieldValueForbidden', message: `Forbidden: ${detail}` }
}

/** A text is too long. */
export function tooLong(path: string, limit: number): FieldError {
  return { path, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${limit} bytes` }
}

/** A list or map has too many entries. */
export function tooMany(path: string, count: number, limit: number): FieldError {
  return { path, reason: 'FieldValueTooMany', message: `Too many: ${count}: must have at most ${limit} items` }
}

const blocking: ReadonlySet<FieldReason> = new Set([
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
])

/** Whether CEL rules are left out when the value has this error. */
export function isBlocking(error: FieldError): boolean {
  return blocking.has(error.reason)
}

/** What the API server adds when it leaves out CEL rules. */
export const rulesNotChecked: FieldError = invalid(
  '',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)

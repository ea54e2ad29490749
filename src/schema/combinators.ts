// How a field of our API is described, once: constructors of TypeBox schemas within Kubernetes' structural subset, and
// facets (limits, defaults, list types, CEL rules) that any of them takes. What a CRD looks like is decided in crd.ts.
import Type, {
  type Static,
  type TArray,
  type TBoolean,
  type TInteger,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TString,
  type TUnknown,
  type TUnsafe,
} from 'typebox'

/** One entry of `x-kubernetes-validations`. */
export interface CelRule {
  readonly rule: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
  readonly fieldPath?: string
  readonly optionalOldSelf?: boolean
}

/**
 * A part of a schema: limits, a default, list types, rules. Facets given together are merged, rules in their order.
 * `F` are the names of fields that its rules speak of; `Obj` refuses names it does not have.
 */
export interface Facet<F extends string = never> {
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: 'int32' | 'int64' | 'float' | 'double' | 'date-time' | 'date' | 'uri' | 'byte' | 'duration'
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly exclusiveMaximum?: boolean
  readonly multipleOf?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly nullable?: boolean
  readonly default?: unknown
  readonly description?: string
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic'
  readonly 'x-kubernetes-preserve-unknown-fields'?: true
  readonly 'x-kubernetes-validations'?: readonly CelRule[]
  readonly fields?: readonly F[]
}

const RULES = 'x-kubernetes-validations'

function merge(facets: readonly Facet<string>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  const rules: CelRule[] = []
  for (const { fields: _, [RULES]: own, ...keywords } of facets) {
    Object.assign(merged, keywords)
    if (own !== undefined) rules.push(...own)
  }
  if (rules.length > 0) merged[RULES] = rules
  return merged
}

// TypeBox keeps what kind of schema it is in properties that are not enumerable; a plain spread would lose them.
function copyWith<S extends TSchema>(schema: S, keywords: Readonly<Record<string, unknown>>): S {
  const added = Object.entries(keywords).map(([key, value]) => [
    key,
    { value, enumerable: true, configurable: true, writable: true },
  ])
  const copy = Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(schema), ...Object.fromEntries(added) },
  )
  // defineProperties is typed as returning its first argument; the copy has all own properties of S.
  return copy as S
}

/** The schema with documentation, which becomes `description` in the CRD. */
export function Doc<S extends TSchema>(text: string, schema: S): S {
  return copyWith(schema, { description: text })
}

/** The field may be absent. */
export function Opt<S extends TSchema>(schema: S): TOptional<S> {
  // For any S that is not optional yet, AddOptional<S> is TOptional<S>; the compiler cannot see that for a free S.
  return Type.Optional(schema) as unknown as TOptional<S>
}

/** A reused schema with further facets; its own rules stay and come first. */
export function With<S extends TSchema>(schema: S, ...facets: readonly Facet<string>[]): S {
  const descriptor = Object.getOwnPropertyDescriptor(schema, RULES)
  return copyWith(schema, merge([descriptor === undefined ? {} : { [RULES]: descriptor.value }, ...facets]))
}

/** An object with these fields; unknown ones are pruned by the API server. */
export function Obj<P extends TProperties>(fields: P, ...facets: readonly Facet<keyof P & string>[]): TObject<P> {
  return Type.Object(fields, merge(facets))
}

/** An object without declared fields whose presence is what matters. */
export function Empty(): TUnsafe<Record<string, unknown>> {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object' })
}

/** An object whose content is not described and is kept as it is. */
export function AnyObj(...facets: readonly Facet[]): TUnsafe<Record<string, unknown>> {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object', ...preserveUnknown, ...merge(facets) })
}

/** Any JSON value, kept as it is. */
export function AnyJson(...facets: readonly Facet[]): TUnknown {
  return Type.Unknown({ ...preserveUnknown, ...merge(facets) })
}

/** A map from strings to `values`. */
export function Dict<V extends TSchema>(values: V, ...facets: readonly Facet[]): TUnsafe<Record<string, Static<V>>> {
  return Type.Unsafe<Record<string, Static<V>>>({ type: 'object', additionalProperties: values, ...merge(facets) })
}

/** A list of `items`. */
export function List<I extends TSchema>(items: I, ...facets: readonly Facet[]): TArray<I> {
  return Type.Array(items, merge(facets))
}

/** A string. */
export function Str(...facets: readonly Facet[]): TString {
  return Type.String(merge(facets))
}

/** One of a few strings. */
export function Enum<const V extends string>(values: readonly V[], ...facets: readonly Facet[]): TUnsafe<V> {
  return Type.Unsafe<V>({ type: 'string', enum: values, ...merge(facets) })
}

/** A 32-bit integer. */
export function Int32(...facets: readonly Facet[]): TInteger {
  return Type.Integer({ format: 'int32', ...merge(facets) })
}

/** A 64-bit integer. */
export function Int64(...facets: readonly Facet[]): TInteger {
  return Type.Integer({ format: 'int64', ...merge(facets) })
}

/** An integer of no stated size. */
export function Int(...facets: readonly Facet[]): TInteger {
  return Type.Integer(merge(facets))
}

/** True or false. */
export function Bool(...facets: readonly Facet[]): TBoolean {
  return Type.Boolean(merge(facets))
}

/** An integer or a string, as ports and quantities are written. */
export function IntOrString(...facets: readonly Facet[]): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    'x-kubernetes-int-or-string': true,
    ...merge(facets),
  })
}

const QUANTITY =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$'

/** A Kubernetes quantity, such as `128Mi` or `0.5`. */
export function Quantity(...facets: readonly Facet[]): TUnsafe<number | string> {
  return IntOrString({ pattern: QUANTITY }, ...facets)
}

/** Keeps fields that are not described. */
export const preserveUnknown: Facet = { 'x-kubernetes-preserve-unknown-fields': true }

/** The object is replaced as a whole by server-side apply. */
export const atomicMap: Facet = { 'x-kubernetes-map-type': 'atomic' }

/** The list is replaced as a whole by server-side apply. */
export const atomicList: Facet = { 'x-kubernetes-list-type': 'atomic' }

/** The list's items are unique. */
export const setList: Facet = { 'x-kubernetes-list-type': 'set' }

/** The list's items are told apart by these fields. */
export function mapList(...keys: readonly string[]): Facet {
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys }
}

/** What the API server fills in when the field is absent. */
export function fallback(value: unknown): Facet {
  return { default: value }
}

/** Smallest and largest length of a string. */
export function length(minLength: number, maxLength?: number): Facet {
  return maxLength === undefined ? { minLength } : { minLength, maxLength }
}

/** Smallest and largest number of items of a list. */
export function items(minItems: number, maxItems?: number): Facet {
  return maxItems === undefined ? { minItems } : { minItems, maxItems }
}

/** Smallest and largest value of a number. */
export function range(minimum: number, maximum?: number): Facet {
  return maximum === undefined ? { minimum } : { minimum, maximum }
}

/** A rule in CEL, as the API server runs it. */
export function rule(expression: string, message: string, more: Omit<CelRule, 'rule' | 'message'> = {}): Facet {
  return { [RULES]: [{ rule: expression, message, ...more }] }
}

/** The facet's rules with another message. */
export function saying<F extends string>(message: string, facet: Facet<F>): Facet<F> {
  return { ...facet, [RULES]: facet[RULES]?.map((each) => ({ ...each, message })) ?? [] }
}

function counted<F extends string>(fields: readonly F[], comparison: string, message: string): Facet<F> {
  const present = fields.map((field) => `has(self.${field})`).join(',')
  return { fields, [RULES]: [{ rule: `[${present}].filter(x,x==true).size() ${comparison}`, message }] }
}

/** One of the fields is set, and no other of them. */
export function exactlyOneOf<F extends string>(...fields: readonly F[]): Facet<F> {
  return counted(fields, '== 1', `exactly one of the fields in [${fields.join(' ')}] must be set`)
}

/** At most one of the fields is set. */
export function atMostOneOf<F extends string>(...fields: readonly F[]): Facet<F> {
  return counted(fields, '<= 1', `at most one of the fields in [${fields.join(' ')}] may be set`)
}

/** One or more of the fields are set. */
export function atLeastOneOf<F extends string>(...fields: readonly F[]): Facet<F> {
  return counted(fields, '>= 1', `at least one of the fields in [${fields.join(' ')}] must be set`)
}

/** While `field` is set, none of `others` is. */
export function alone<F extends string>(field: F, others: readonly F[]): Facet<F> {
  const [none] = counted(others, '== 0', '')[RULES] ?? []
  return {
    fields: [field, ...others],
    [RULES]: [
      { rule: `has(self.${field}) ? ${none?.rule} : true`, message: `${field} cannot be set with any other field` },
    ],
  }
}

/** A field or a path below it, such as `policies.ai`. */
function present(path: string): string {
  const steps = path.split('.')
  return steps.map((_, index) => `has(self.${steps.slice(0, index + 1).join('.')})`).join(' && ')
}

/** What is at `path` (a field, or below one: `policies.ai`) may be set only with one of `companions`. */
export function onlyWith<F extends string>(
  path: F | `${F}.${string}`,
  companions: F | readonly F[],
  message: string,
): Facet<F> {
  const any = typeof companions === 'string' ? [companions] : companions
  const [head] = path.split('.', 1)
  return {
    // The first step of the path is a field of the object, which the template type above says and split forgets.
    fields: [head as F, ...any],
    [RULES]: [{ rule: `${present(path)} ? ${any.map(present).join(' || ')} : true`, message }],
  }
}

/** While `field` is set, `other` must not be. */
export function without<F extends string>(field: F, other: F, message: string): Facet<F> {
  return { fields: [field, other], [RULES]: [{ rule: `has(self.${field}) ? !has(self.${other}) : true`, message }] }
}

/** The two fields are never set together. */
export function notBoth<F extends string>(one: F, other: F, message: string): Facet<F> {
  return { fields: [one, other], [RULES]: [{ rule: `!(has(self.${one}) && has(self.${other}))`, message }] }
}

/** The two fields are set together or not at all. */
export function bothOrNeither<F extends string>(one: F, other: F, message: string): Facet<F> {
  return { fields: [one, other], [RULES]: [{ rule: `has(self.${one}) == has(self.${other})`, message }] }
}

/** A duration is not shorter than `least`, such as `100ms`. */
export function noShorterThan(least: string, message: string): Facet {
  return rule(`duration(self) >= duration('${least}')`, message)
}

/** The value cannot change once set. */
export function immutable(message: string): Facet {
  return rule('self == oldSelf', message)
}

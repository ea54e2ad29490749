// Objects as tables of their fields: type and limits in words, default, description, and below the table the rules of the
// API server. Objects that several others contain are linked instead of repeated.
import type { CelRule } from '../../src/schema/combinators.ts'
import type { StructuralSchema } from '../../src/schema/crd.ts'
import { anchor, code, either, table } from './markdown.ts'
import { TEXT_FORMS } from './names.ts'
import { heldBy, repeatsItsPolicy, type SharedShape, shapeKey } from './shapes.ts'
import { sinceOf } from './since.ts'

/** What tables refer to. */
export interface Glossary {
  readonly shapes: ReadonlyMap<string, SharedShape>
  /** Called for each shape that is linked to. */
  readonly linked: (shape: SharedShape) => void
  /** The page of shared shapes, as links on this page name it; empty on the page itself. */
  readonly page: string
}

/** Where a table stands: the path of its object from the kind on, and what its anchors begin with. */
export interface Place {
  readonly path: string
  readonly anchor: string
}

/** The anchor of a field. */
export function anchorOf(path: string): string {
  return path.replaceAll('[]', '').replaceAll('.KEY', '')
}

/** The fields of an object and its rules. */
export function objectTable(schema: StructuralSchema, place: Place, glossary: Glossary): readonly string[] {
  const rows: (readonly string[])[] = []
  const rules: Rule[] = ownRules('', schema)
  const visit = (object: StructuralSchema, relative: string): void => {
    for (const [name, field] of Object.entries(object.properties ?? {})) {
      const shown = `${relative}${name}`
      const path = `${place.path}.${shown}`
      const held = heldBy(field)
      const shape = held && glossary.shapes.get(shapeKey(held.schema))
      const isRepeated = repeatsItsPolicy(path)
      const link = shape !== undefined && !isRepeated ? linkTo(shape, glossary) : undefined
      const isRequired = object.required?.includes(name) === true
      const since = sinceOf(path)
      rows.push([
        `${anchor(anchorOf(`${place.anchor}.${shown}`))}${code(shown)}`,
        [typeOf(field, { link, glossary }), ...(isRequired ? ['**required**'] : []), ...defaultOf(field)].join(', '),
        [
          field.description ?? '',
          isRepeated ? 'The fields are those of the policy itself, without `conditional`.' : '',
          since === '' ? '' : `_${since}_`,
        ]
          .filter((part) => part !== '')
          .join(' '),
      ])
      // What a linked object demands stands where the link leads; a list of such objects may demand more.
      if (link === undefined || held?.suffix !== '') rules.push(...ownRules(shown, field))
      if (held === undefined || link !== undefined) continue
      // The rules of a list are its field's; those of what is in it are told here.
      if (held.suffix !== '') rules.push(...ownRules(`${shown}${held.suffix}`, held.schema))
      if (!isRepeated) visit(held.schema, `${shown}${held.suffix}.`)
    }
  }
  visit(schema, '')
  return [...table(['field', 'type', 'meaning'], rows), ...ruleList(rules)]
}

/** The rules of one schema, as a list. */
export function rulesOf(schema: StructuralSchema): readonly string[] {
  return ruleList(ownRules('', schema))
}

interface Rule {
  /** The field that the rule is about; empty for the object itself. */
  readonly at: string
  readonly rule: CelRule
}

function ownRules(at: string, schema: StructuralSchema): Rule[] {
  const own = [
    ...(schema['x-kubernetes-validations'] ?? []),
    // Those of items that have no fields are told with the list.
    ...(schema.items?.properties === undefined ? (schema.items?.['x-kubernetes-validations'] ?? []) : []),
  ]
  return own.map((rule) => ({ at, rule }))
}

function ruleList(rules: readonly Rule[]): readonly string[] {
  if (rules.length === 0) return []
  const alike = Map.groupBy(rules, ({ at, rule }) => `- ${at === '' ? '' : `${code(at)}: `}${said(rule)}`)
  const lines = [...alike].map(([text, same]) => {
    const expressions = same.filter((each) => !isCount(each)).map(({ rule }) => code(rule.rule))
    return [text, ...new Set(expressions)].join('<br>')
  })
  return ['Rules:', '', ...lines, '']
}

// The message of these says it all.
function isCount({ rule: { rule, message } }: Rule): boolean {
  return rule.includes('.filter(x,x==true)') && message !== undefined && / one of the fields in \[/.test(message)
}

function said({ message, messageExpression }: CelRule): string {
  const text = message ?? (messageExpression === undefined ? 'must hold:' : code(messageExpression))
  return text.replaceAll('*', '\\*').replaceAll('<', '&lt;')
}

function linkTo(shape: SharedShape, { page, linked }: Glossary): string {
  linked(shape)
  return `[${shape.name}](${page}#${shape.name.toLowerCase()})`
}

interface TypeContext {
  readonly link: string | undefined
  readonly glossary: Glossary
}

/** The type of a field and its limits, in words. */
export function typeOf(schema: StructuralSchema, context: TypeContext): string {
  return [nameOf(schema, context), ...limitsOf(schema)].join(', ')
}

function nameOf(schema: StructuralSchema, context: TypeContext): string {
  const { items, additionalProperties } = schema
  if (items !== undefined) return `list of ${contentOf(items, context)}`
  if (typeof additionalProperties === 'object') return `map to ${contentOf(additionalProperties, context)}`
  if (schema.properties !== undefined) return context.link ?? 'object'
  if (schema.enum !== undefined) return either(schema.enum.map((value) => code(String(value))))
  if (schema.pattern !== undefined) return textOf(schema.pattern, context.glossary)
  if (schema['x-kubernetes-int-or-string']) return 'integer or string'
  if (schema.type === 'object') return schema['x-kubernetes-preserve-unknown-fields'] ? 'any object' : 'empty object'
  if (schema.format === 'date-time') return 'time'
  return schema.type ?? 'any JSON'
}

// Limits of what is in a list or map belong to it.
function contentOf(schema: StructuralSchema, context: TypeContext): string {
  const name = nameOf(schema, context)
  const limits = limitsOf(schema)
  const many = /^(object|string|integer|number|boolean|URL|duration)$/.test(name) ? `${name}s` : name
  return limits.length === 0 ? many : `${many} (each ${limits.join(', ')})`
}

function textOf(pattern: string, { page }: Glossary): string {
  const form = TEXT_FORMS.find((each) => each.pattern === pattern)
  return form === undefined ? `string matching ${code(pattern)}` : `[${form.name}](${page}#texts)`
}

function limitsOf(schema: StructuralSchema): readonly string[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return [
    ...between(schema.minimum, schema.maximum, ''),
    // What the pattern of a quantity says already.
    ...(schema['x-kubernetes-int-or-string'] ? [] : between(schema.minLength, schema.maxLength, ' character')),
    ...between(schema.minItems, schema.maxItems, ' entry'),
    ...between(schema.minProperties, schema.maxProperties, ' entry'),
    ...(schema['x-kubernetes-list-type'] === 'set' ? ['no entry twice'] : []),
    ...(keys.length > 0 ? [`no ${keys.map(code).join(' and ')} twice`] : []),
    ...(schema.nullable ? ['may be null'] : []),
  ]
}

function between(least: number | undefined, most: number | undefined, unit: string): readonly string[] {
  if (least === undefined && most === undefined) return []
  const several = unit.replace(/y$/, 'ie')
  const units = unit === '' ? '' : `${several}s`
  if (most === undefined) return least === 0 && unit !== '' ? [] : [`at least ${least}${least === 1 ? unit : units}`]
  if (least === undefined || (least === 0 && unit !== '')) return [`at most ${most}${units}`]
  return [`${least} to ${most}${units}`]
}

function defaultOf({ default: value }: StructuralSchema): readonly string[] {
  return value === undefined ? [] : [`default ${code(JSON.stringify(value))}`]
}

// Which objects of our kinds have the same fields wherever they occur. Those that several others contain are described
// once, under a name; the rest is described where it stands. How they are printed is decided in tables.ts.
import type { Crd, StructuralSchema } from '../../src/schema/crd.ts'

/** An object with described fields, and how a field holds it. */
export interface Held {
  readonly schema: StructuralSchema
  /** What follows the field's name in the path of what is in the object: `[]` for a list. */
  readonly suffix: string
}

/** Objects that are described under a name of their own. */
export interface SharedShape {
  readonly name: string
  readonly description: string
  readonly schema: StructuralSchema
  /** Path of one place where it stands, from the kind on. */
  readonly path: string
}

/** The object with described fields that a field holds: itself, in a list or in a map. */
export function heldBy(schema: StructuralSchema): Held | undefined {
  if (schema.properties !== undefined) return { schema, suffix: '' }
  if (schema.items !== undefined) return within(schema.items, '[]')
  return typeof schema.additionalProperties === 'object' ? within(schema.additionalProperties, '.KEY') : undefined
}

function within(schema: StructuralSchema, suffix: string): Held | undefined {
  const held = heldBy(schema)
  return held && { schema: held.schema, suffix: suffix + held.suffix }
}

/** Two objects with the same key have the same fields and rules. */
export function shapeKey({ description: _, default: __, ...schema }: StructuralSchema): string {
  return JSON.stringify(schema, (_key, value: unknown) =>
    // Order of fields is a matter of taste.
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

/** A choice of `conditional` has the fields of the policy around it, which describes them. */
export function repeatsItsPolicy(path: string): boolean {
  return /\.conditional\[\]\.policy$/.test(path)
}

/** The schemas of `spec` and `status`. */
export function halvesOf({ spec }: Crd): Readonly<Record<'spec' | 'status', StructuralSchema>> {
  const { spec: wanted = {}, status = {} } = spec.versions[0]?.schema.openAPIV3Schema.properties ?? {}
  return { spec: wanted, status }
}

// With fewer fields than this, repeating them is shorter than a link.
const LEAST = 3

interface Seen {
  readonly schema: StructuralSchema
  readonly path: string
  readonly field: string
  readonly description: string
  /** Fields of which objects hold it. */
  readonly holders: Set<string>
}

function fieldCount(schema: StructuralSchema): number {
  return Object.values(schema.properties ?? {}).reduce((sum, field) => {
    const held = heldBy(field)
    return sum + 1 + (held === undefined ? 0 : fieldCount(held.schema))
  }, 0)
}

/** What several objects contain, by key. `names` are for those whose field says too little, by the path of one place. */
export function sharedShapes(
  crds: readonly Crd[],
  names: Readonly<Record<string, { readonly name: string; readonly description?: string }>>,
): ReadonlyMap<string, SharedShape> {
  const seen = new Map<string, Seen>()
  const visit = (schema: StructuralSchema, path: string): void => {
    const holder = shapeKey(schema)
    for (const [field, inner] of Object.entries(schema.properties ?? {})) {
      const held = heldBy(inner)
      const at = `${path}.${field}`
      if (held === undefined || repeatsItsPolicy(at)) continue
      const key = shapeKey(held.schema)
      const known = seen.get(key)
      const description = held.schema.description ?? inner.description ?? ''
      const entry = known ?? { schema: held.schema, path: at, field, description, holders: new Set<string>() }
      entry.holders.add(`${holder} ${field}`)
      seen.set(key, entry)
      visit(held.schema, at + held.suffix)
    }
  }
  for (const crd of crds)
    for (const [half, schema] of Object.entries(halvesOf(crd))) visit(schema, `${crd.spec.names.kind}.${half}`)
  const named = new Map(
    Object.entries(names).map(([path, given]) => {
      const found = [...seen].find(([, { path: first }]) => first === path)
      if (found === undefined) throw new Error(`${path}: no object is described there first`)
      return [found[0], given]
    }),
  )
  const shared = [...seen].filter(([, { schema, holders }]) => holders.size > 1 && fieldCount(schema) >= LEAST)
  const taken = new Map<string, string>()
  return new Map(
    shared.map(([key, { schema, path, field, description }]) => {
      const given = named.get(key)
      const name = given?.name ?? field.replace(/^./, (letter) => letter.toUpperCase())
      const other = taken.get(name)
      if (other !== undefined) throw new Error(`${other} and ${path} are both called ${name}: name one in names.ts`)
      taken.set(name, path)
      return [key, { name, description: given?.description ?? description, schema, path }]
    }),
  )
}

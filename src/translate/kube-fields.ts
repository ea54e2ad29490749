// What an API server would keep of a patched spec: fields it knows, of the type it expects. Fields it does not know are
// dropped, as every typed client drops them; a wrong type is the user's mistake. (spec: deployer, overlays)
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../kube/json.ts'
import { KUBE_FIELDS } from './kube-fields.generated.ts'

/** Type of a field: `string`, `T[]`, `T{}` or the name of a type; empty when the type or the field is not known. */
export function fieldType(type: string, field: string): string {
  return Object.hasOwn(KUBE_FIELDS, type) ? (KUBE_FIELDS[type]?.[field] ?? '') : ''
}

/** The spec with only what its type has, and what is of the wrong type. */
export function typedSpec(
  spec: JsonObject,
  type: string,
): { readonly value: JsonObject; readonly flaws: readonly string[] } {
  const flaws: string[] = []
  const value = typed(spec, type, { path: 'spec', flaws })
  return { value: isJsonObject(value) ? value : {}, flaws }
}

interface Place {
  readonly path: string
  readonly flaws: string[]
}

// Undefined: as good as not set.
function typed(value: Json, type: string, place: Place): Json | undefined {
  if (value === null) return undefined
  if (type.endsWith('[]')) return typedList(value, type.slice(0, -2), place)
  if (type.endsWith('{}')) return typedMap(value, type.slice(0, -2), place)
  const fields = KUBE_FIELDS[type]
  if (fields === undefined) return scalar(value, type, place)
  if (!isJsonObject(value)) return wrong(place, 'an object')
  const result: Record<string, Json> = {}
  for (const [field, inner] of Object.entries(value)) {
    const fieldOf = Object.hasOwn(fields, field) ? fields[field] : undefined
    if (fieldOf === undefined || inner === undefined) continue
    const kept = typed(inner, fieldOf, { ...place, path: `${place.path}.${field}` })
    if (kept !== undefined) result[field] = kept
  }
  return result
}

// An empty list or map of scalars says nothing that its absence does not say.
function typedList(value: Json, type: string, place: Place): Json | undefined {
  if (!isJsonList(value)) return wrong(place, 'a list')
  const list = value
    .map((element, i) => typed(element, type, { ...place, path: `${place.path}[${i}]` }))
    .filter((element) => element !== undefined)
  return list.length === 0 ? undefined : list
}

function typedMap(value: Json, type: string, place: Place): Json | undefined {
  if (!isJsonObject(value)) return wrong(place, 'an object')
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = inner === undefined ? undefined : typed(inner, type, { ...place, path: `${place.path}.${key}` })
    return kept === undefined ? [] : [[key, kept] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function scalar(value: Json, type: string, place: Place): Json | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : wrong(place, 'text')
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(place, 'true or false')
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) ? value : wrong(place, 'a whole number')
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number' ? String(value) : wrong(place, 'an amount')
    case 'IntOrString':
      return typeof value === 'string' || typeof value === 'number' ? value : wrong(place, 'a whole number or text')
    default:
      return value
  }
}

function wrong({ path, flaws }: Place, expected: string): undefined {
  flaws.push(`${path} must be ${expected}`)
}

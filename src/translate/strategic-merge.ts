// Strategic merge patch over one object's spec: which lists are merged by key, what the `$`-directives do, and in which
// order a merged list comes out. Types are checked afterwards, in kube-fields.ts. (spec: deployer, overlays)
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../kube/json.ts'
import { fieldType } from './kube-fields.ts'

type Mutable = Record<string, Json | undefined>

const POD_CONTAINER = { env: 'name', ports: 'containerPort', volumeMounts: 'mountPath', volumeDevices: 'devicePath' }

/** Lists that merge by a key of their elements; a patch replaces every other list. */
const MERGE_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  PodSpec: {
    containers: 'name',
    initContainers: 'name',
    ephemeralContainers: 'name',
    volumes: 'name',
    imagePullSecrets: 'name',
    resourceClaims: 'name',
    schedulingGates: 'name',
    hostAliases: 'ip',
    topologySpreadConstraints: 'topologyKey',
  },
  Container: POD_CONTAINER,
  EphemeralContainer: POD_CONTAINER,
  ServiceSpec: { ports: 'port' },
}

const PATCH = '$patch'
const SET_ORDER = '$setElementOrder/'
const DELETE_SCALARS = '$deleteFromPrimitiveList/'
const RETAIN_KEYS = '$retainKeys'

interface Place {
  /** Type of the object, as in the table of fields; empty where the table knows none. */
  readonly type: string
  readonly path: string
  /** What is wrong with the patch, gathered on the way. */
  readonly flaws: string[]
}

/** The patched object, and what is wrong with the patch; the object counts only when nothing is. */
export function strategicMerge(
  original: JsonObject,
  patch: JsonObject,
  type: string,
): { readonly value: JsonObject; readonly flaws: readonly string[] } {
  const flaws: string[] = []
  return { value: mergeObjects(original, patch, { type, path: 'spec', flaws }), flaws }
}

function mergeObjects(original: JsonObject, patch: JsonObject, place: Place): JsonObject {
  const directive = patch[PATCH]
  if (directive === 'delete') return {}
  if (directive === 'replace') return without(patch, PATCH)
  if (directive !== undefined) {
    place.flaws.push(`${place.path}: $patch must be delete or replace here, not ${JSON.stringify(directive)}`)
    return original
  }
  const result: Mutable = retained(original, patch, place)
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_SCALARS)) deleteScalars(result, key.slice(DELETE_SCALARS.length), value)
  }
  const ordered = new Set<string>()
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue
    const field = key.slice(SET_ORDER.length)
    if (!isJsonList(order)) {
      place.flaws.push(`${place.path}.${key} must be a list`)
      continue
    }
    ordered.add(field)
    const list = orderedList(result[field], patch[field], { ...inside(place, field), order })
    if (list !== undefined) result[field] = list
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || isDirective(key) || ordered.has(key)) continue
    const merged = mergeValues(result[key], value, inside(place, key))
    if (merged === undefined) delete result[key]
    else result[key] = merged
  }
  return result
}

function isDirective(key: string): boolean {
  return key === RETAIN_KEYS || key.startsWith(SET_ORDER) || key.startsWith(DELETE_SCALARS)
}

interface Field extends Place {
  /** Absent when the list is replaced as a whole. */
  readonly mergeKey: string | undefined
}

function inside(place: Place, field: string): Field {
  return {
    type: fieldType(place.type, field).replace(/(\[\]|\{\})$/, ''),
    path: `${place.path}.${field}`,
    flaws: place.flaws,
    mergeKey: MERGE_KEYS[place.type]?.[field],
  }
}

/** Undefined: the key goes. */
function mergeValues(original: Json | undefined, patch: Json, field: Field): Json | undefined {
  if (patch === null) return undefined
  if (isJsonObject(original) && isJsonObject(patch)) return mergeObjects(original, patch, field)
  if (isJsonList(original) && isJsonList(patch)) {
    return field.mergeKey === undefined ? patch : mergeLists(original, patch, { ...field, order: patch })
  }
  return asNew(patch)
}

// There is nothing to patch: nulls and whatever has a directive are left out.
function asNew(patch: Json): Json | undefined {
  if (isJsonList(patch)) return patch.map(asNew).filter((element) => element !== undefined)
  if (!isJsonObject(patch)) return patch
  if (PATCH in patch) return undefined
  const result: Mutable = {}
  for (const [key, value] of Object.entries(patch)) {
    const kept = value === undefined || value === null ? undefined : asNew(value)
    if (kept !== undefined) result[key] = kept
  }
  return result
}

interface OrderedField extends Field {
  /** Elements, or keys of elements, in the order that the patch wants. */
  readonly order: readonly Json[]
}

function mergeLists(original: readonly Json[], patch: readonly Json[], field: OrderedField): readonly Json[] {
  const { mergeKey = '', path, flaws } = field
  const deleted: Json[] = []
  const changes: JsonObject[] = []
  let isReplaced = false
  for (const [i, element] of patch.entries()) {
    if (!isJsonObject(element)) {
      flaws.push(`${path}[${i}] must be an object`)
      continue
    }
    const directive = element[PATCH]
    const key = element[mergeKey]
    if (directive === 'replace') isReplaced = true
    else if (directive !== undefined && directive !== 'delete')
      flaws.push(`${path}[${i}]: $patch must be delete or replace, not ${JSON.stringify(directive)}`)
    else if (key === undefined || key === null)
      flaws.push(`${path}[${i}] lacks ${mergeKey}, by which the list is merged`)
    else if (directive === 'delete') deleted.push(key)
    else changes.push(element)
  }
  if (isReplaced) return changes
  const keyOf = (element: Json): Json | undefined => (isJsonObject(element) ? element[mergeKey] : undefined)
  const merged = original.filter((element) => !deleted.some((key) => key === keyOf(element)))
  for (const change of changes) {
    const at = merged.findIndex((element) => keyOf(element) === change[mergeKey])
    const before = merged[at]
    if (isJsonObject(before)) merged[at] = mergeObjects(before, change, field)
    else merged.push(asNew(change) ?? {})
  }
  return inOrder(merged, { original, order: field.order.map((element) => keyOf(element) ?? null), keyOf })
}

function orderedList(
  original: Json | undefined,
  patch: Json | undefined,
  field: OrderedField,
): readonly Json[] | undefined {
  const { mergeKey, order } = field
  const before = isJsonList(original) ? original : undefined
  if (isJsonList(patch)) {
    if (before !== undefined && mergeKey !== undefined) return mergeLists(before, patch, field)
    const fresh = asNew(patch)
    if (!isJsonList(fresh)) return undefined
    return before === undefined ? fresh : inOrder(fresh, { original: before, order, keyOf: (element) => element })
  }
  if (before === undefined) return undefined
  const keyOf = (element: Json): Json | undefined =>
    mergeKey === undefined ? element : isJsonObject(element) ? element[mergeKey] : undefined
  return inOrder(before, { original: before, order: order.map((element) => keyOf(element) ?? null), keyOf })
}

interface Ordering {
  readonly original: readonly Json[]
  /** Keys in the order that the patch wants. */
  readonly order: readonly Json[]
  readonly keyOf: (element: Json) => Json | undefined
}

// Elements the patch does not name keep their place among those that it names; new ones come as early as they can.
function inOrder(merged: readonly Json[], { original, order, keyOf }: Ordering): readonly Json[] {
  const rank = (element: Json): number => order.indexOf(keyOf(element) ?? null)
  const place = (element: Json): number => original.findIndex((other) => keyOf(other) === keyOf(element))
  const named = merged.filter((element) => rank(element) >= 0).toSorted((a, b) => rank(a) - rank(b))
  const untouched = merged.filter((element) => rank(element) < 0).toSorted((a, b) => place(a) - place(b))
  const result: Json[] = []
  for (let t = 0, s = 0; t < named.length || s < untouched.length; ) {
    const next = named[t]
    const kept = untouched[s]
    const isKeptFirst =
      next === undefined || (kept !== undefined && place(next) >= 0 && place(kept) >= 0 && place(kept) < place(next))
    if (isKeptFirst && kept !== undefined) {
      result.push(kept)
      s++
    } else if (next !== undefined) {
      result.push(next)
      t++
    }
  }
  return result
}

function retained(original: JsonObject, patch: JsonObject, { path, flaws }: Place): Mutable {
  const keys = patch[RETAIN_KEYS]
  if (keys === undefined) return { ...original }
  if (!isJsonList(keys)) {
    flaws.push(`${path}.${RETAIN_KEYS} must be a list of field names`)
    return { ...original }
  }
  const foreign = Object.keys(patch).find((key) => !isDirective(key) && !keys.includes(key))
  if (foreign !== undefined) flaws.push(`${path}.${foreign} is set, but not among ${RETAIN_KEYS}`)
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)))
}

function deleteScalars(result: Mutable, field: string, scalars: Json | undefined): void {
  const list = result[field]
  if (isJsonList(list) && isJsonList(scalars)) result[field] = list.filter((element) => !scalars.includes(element))
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object
  return rest
}

// What differs between two pieces of JSON, by field path. Lists are compared without the items that they have in common at
// both ends, so that one more item is one change.
import { isJsonList, isJsonObject, type Json } from '../kube/json.ts'

/** One field that differs; what is absent on one side was added or removed. */
export interface ChangedField {
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/** The fields in which `after` differs from `before`, in their order. */
export function changedFields(before: unknown, after: unknown, path = ''): readonly ChangedField[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return names.flatMap((name) => changedFields(before[name], after[name], joined(path, name)))
  }
  if (isJsonList(before) && isJsonList(after)) return changedItems(before, after, path)
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]
}

function changedItems(before: readonly Json[], after: readonly Json[], path: string): readonly ChangedField[] {
  const isSame = (i: number, j: number): boolean => JSON.stringify(before[i]) === JSON.stringify(after[j])
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && isSame(start, start)) start += 1
  let end = 0
  while (end < shorter - start && isSame(before.length - 1 - end, after.length - 1 - end)) end += 1
  const [old, young] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  return Array.from({ length: Math.max(old.length, young.length) }, (_, i) =>
    changedFields(old[i], young[i], `${path}[${start + i}]`),
  ).flat()
}

function joined(path: string, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

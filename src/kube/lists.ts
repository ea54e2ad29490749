// Lists in objects that no API server has checked: absent, or something else altogether, is an empty list.

/** The members of a list field that are objects; nothing when the field is no list. */
export function listOf<T extends object>(field: readonly T[] | undefined): readonly T[] {
  if (!Array.isArray(field)) return []
  // Narrowing a readonly array with Array.isArray loses its element type.
  const members = field as readonly T[]
  return members.every(isObject) ? members : members.filter(isObject)
}

/** The members of a list field that are text. */
export function textsOf(field: readonly string[] | undefined): readonly string[] {
  // Narrowing a readonly array with Array.isArray loses its element type.
  return Array.isArray(field) ? (field as readonly string[]).filter((member) => typeof member === 'string') : []
}

/** The text under a key of a map field. */
export function textAt(field: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  const text = field?.[key]
  return typeof text === 'string' ? text : undefined
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

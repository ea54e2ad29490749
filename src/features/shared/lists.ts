// Reading lists and maps of unvalidated objects: what is not one counts as empty, so that a translator never throws on
// a manifest that no API server has seen.

/** The items of a list. */
export function itemsOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list) ? list.filter((item) => item !== null && item !== undefined) : []
}

/** The entries of a map in key order, which is the order in which problems are reported. */
export function entriesOf<T>(map: Readonly<Record<string, T>> | undefined): readonly (readonly [string, T])[] {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return []
  return Object.keys(map)
    .sort()
    .flatMap((key) => {
      const value = map[key]
      return value === undefined || value === null ? [] : [[key, value] as const]
    })
}

/** A map with each value replaced. */
export function mapValues<T, U>(
  map: Readonly<Record<string, T>> | undefined,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(entriesOf(map).map(([key, value]) => [key, change(value)]))
}

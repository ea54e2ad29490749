// Readers over plain values, so that a translation function is tested without the engine.
import type { Indexes, Reader } from '../src/engine/collection.ts'

/** A reader of fixed entries, in key order as the engine gives them. */
export function readerOf<T>(entries: Iterable<readonly [key: string, value: T]>, indexes: Indexes<T> = {}): Reader<T> {
  const values = new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  return {
    get: (key) => values.get(key),
    where: (index, value) => {
      const valuesOf = indexes[index]
      if (valuesOf === undefined) throw new Error(`no index ${index}`)
      return [...values.values()].filter((candidate) => valuesOf(candidate).includes(value))
    },
    list: () => [...values.values()],
  }
}

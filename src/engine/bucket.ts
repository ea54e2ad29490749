// The members of one index value, or of a whole collection, in key order. Edits cost nothing until somebody reads; a
// read after few edits copies the former answer instead of sorting again. Answers handed out are never changed.

/** Up to this many members, edits go straight into the sorted keys: cheaper than remembering them. */
const directLimit = 16

/** An ordered set of keys with a cached array of their values. */
export class Bucket<T> {
  /** How many members there are, edits that wait included. */
  size = 0
  /** Sorted; without the edits that wait. */
  private keys: string[] = []
  private values: readonly T[] | undefined
  /** Keys that were touched since the last read, and whether they are members now. */
  private waiting: Map<string, boolean> | undefined

  /** A member came, or its value changed. */
  put(key: string, isNew: boolean): void {
    if (isNew) this.size++
    this.touch(key, true)
  }

  /** A member went. */
  remove(key: string): void {
    this.size--
    this.touch(key, false)
  }

  /** The members' values in key order, as an array that stays as it is. */
  read(look: (key: string) => T | undefined): readonly T[] {
    if (this.waiting !== undefined) this.settle(look)
    if (this.values === undefined) {
      const values: T[] = []
      for (const key of this.keys) pushDefined(values, look(key))
      // A copy has no room for more, which an array that was pushed to has.
      this.values = values.slice()
    }
    return this.values
  }

  /** The members' keys in order; for the engine's own use, not to be kept. */
  readKeys(look: (key: string) => T | undefined): readonly string[] {
    if (this.waiting !== undefined) this.settle(look)
    return this.keys
  }

  private touch(key: string, isMember: boolean): void {
    if (this.waiting === undefined && this.keys.length <= directLimit) {
      const at = lowerBound(this.keys, key)
      const isThere = this.keys[at] === key
      if (isMember && !isThere) this.keys = this.keys.toSpliced(at, 0, key)
      else if (!isMember && isThere) this.keys = this.keys.toSpliced(at, 1)
      this.values = undefined
      return
    }
    this.waiting ??= new Map()
    this.waiting.set(key, isMember)
  }

  /** Brings keys up to date, and values as a new array. */
  private settle(look: (key: string) => T | undefined): void {
    const waiting = this.waiting ?? new Map<string, boolean>()
    this.waiting = undefined
    if (waiting.size <= directLimit) this.splice(waiting, look)
    else this.weave(waiting)
  }

  /** A few edits: one copy of the values, and one move of memory per edit. */
  private splice(waiting: ReadonlyMap<string, boolean>, look: (key: string) => T | undefined): void {
    const { keys } = this
    const values = this.values?.slice()
    for (const [key, isMember] of waiting) {
      const at = lowerBound(keys, key)
      const removed = keys[at] === key ? 1 : 0
      const value = isMember ? look(key) : undefined
      if (value === undefined) {
        keys.splice(at, removed)
        values?.splice(at, removed)
      } else {
        if (removed === 0) keys.splice(at, 0, key)
        values?.splice(at, removed, value)
      }
    }
    this.values = values
  }

  /** Many edits: one pass over both orders; the values are collected anew by the next read. */
  private weave(waiting: ReadonlyMap<string, boolean>): void {
    const keys: string[] = []
    const edited = [...waiting.keys()].sort()
    let next = 0
    const take = (end: string | undefined): void => {
      for (let key = edited[next]; key !== undefined && (end === undefined || key < end); key = edited[next]) {
        if (waiting.get(key) === true) keys.push(key)
        next++
      }
    }
    for (const key of this.keys) {
      take(key)
      if (!waiting.has(key)) keys.push(key)
    }
    take(undefined)
    this.keys = keys
    this.values = undefined
  }
}

function pushDefined<T>(array: T[], value: T | undefined): void {
  if (value !== undefined) array.push(value)
}

/** The first position whose key is not smaller. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const candidate = sorted[middle]
    if (candidate !== undefined && candidate < key) low = middle + 1
    else high = middle
  }
  return low
}

// Structural equality: when a new value counts as the old one. `undefined` equals absent, because that is what the wire
// and JSON make of it. Values are trees; identity is only a shortcut.

/** Whether two immutable values say the same. */
export function structurallyEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  if (Array.isArray(a)) return Array.isArray(b) && arraysEqual(a, b)
  if (Array.isArray(b)) return false
  const prototype = Object.getPrototypeOf(a)
  const other = Object.getPrototypeOf(b)
  if (prototype === Object.prototype || prototype === null) {
    return (other === Object.prototype || other === null) && recordsEqual(a, b)
  }
  if (prototype !== other) return false
  if (a instanceof Uint8Array && b instanceof Uint8Array) return bytesEqual(a, b)
  if (a instanceof Map && b instanceof Map) return mapsEqual(a, b)
  if (a instanceof Set && b instanceof Set) return setsEqual(a, b)
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  return recordsEqual(a, b)
}

function arraysEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!structurallyEqual(a[i], b[i])) return false
  return true
}

function recordsEqual(a: object, b: object): boolean {
  // Reading any string key of an object is safe at run time; the type only loses what is compared structurally anyway.
  const left = a as Readonly<Record<string, unknown>>
  const right = b as Readonly<Record<string, unknown>>
  let present = 0
  for (const key in left) {
    const value = left[key]
    if (value === undefined) continue
    present++
    if (!structurallyEqual(value, right[key])) return false
  }
  for (const key in right) if (right[key] !== undefined) present--
  return present === 0
}

function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function mapsEqual(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (!b.has(key) || !structurallyEqual(value, b.get(key))) return false
  return true
}

/** Members are compared by identity: sets here hold keys. */
function setsEqual(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean {
  if (a.size !== b.size) return false
  for (const member of a) if (!b.has(member)) return false
  return true
}

// Whether a request is worth decoding: a message of a few bytes per entry would become objects of many times its size.
// Nothing is decoded here; what does not parse is left for the decoder to refuse.

/** How many fields, entries of lists and maps among them, a request may have. */
export const MAX_ENTRIES = 500_000
const MAX_NODE_BYTES = 256 * 1024
const MAX_DETAIL_FIELDS = 1000

// Fields of DeltaDiscoveryRequest that are messages of any shape.
const NODE = 1
const ERROR_DETAIL = 7

/** Whether decoding these bytes takes a bounded amount of memory. */
export function isBounded(bytes: Uint8Array): boolean {
  return isWithin(bytes, MAX_ENTRIES, (field, value) => {
    if (field === NODE) return value.length <= MAX_NODE_BYTES
    return field !== ERROR_DETAIL || isWithin(value, MAX_DETAIL_FIELDS, () => true)
  })
}

/** Whether there are at most `max` fields, and every one of variable length is admitted. */
function isWithin(bytes: Uint8Array, max: number, admits: (field: number, value: Uint8Array) => boolean): boolean {
  let fields = 0
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  while (at < bytes.length) {
    fields += 1
    if (fields > max) return false
    const tag = varint()
    switch (tag % 8) {
      case 0:
        varint()
        break
      case 1:
        at += 8
        break
      case 2: {
        const length = varint()
        if (!admits(Math.floor(tag / 8), bytes.subarray(at, at + length))) return false
        at += length
        break
      }
      case 5:
        at += 4
        break
      default:
        // A group or nonsense: the decoder refuses it.
        return true
    }
  }
  return true
}

// IP addresses and prefixes as bytes. Text that is no address is undefined; what that means is the caller's to say.
import { isIP } from 'node:net'

/** A network prefix; a single address has the length of all its bits. */
export interface Prefix {
  readonly address: Uint8Array
  readonly length: number
}

/** The 4 or 16 bytes of an address. */
export function ipBytes(text: string | undefined): Uint8Array | undefined {
  if (typeof text !== 'string' || text.includes('%')) return undefined
  switch (isIP(text)) {
    case 4:
      return Uint8Array.from(text.split('.'), Number)
    case 6:
      return v6Bytes(text)
    default:
      return undefined
  }
}

/** An address, or a prefix with the bits beyond it cleared. */
export function ipPrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  const address = ipBytes(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  const bits = address.length * 8
  if (slash < 0) return { address, length: bits }
  const digits = text.slice(slash + 1)
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : -1
  if (length < 0 || length > bits) return undefined
  return { address: address.map((byte, i) => byte & maskOf(length - i * 8)), length }
}

/** Whether the prefix is one address. */
export function isSingle({ address, length }: Prefix): boolean {
  return length === address.length * 8
}

function maskOf(bits: number): number {
  return bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff
}

function v6Bytes(text: string): Uint8Array {
  const [head = '', tail] = text.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = tail === undefined ? [] : Array.from<number>({ length: 16 - left.length - right.length }).fill(0)
  return Uint8Array.from([...left, ...middle, ...right])
}

function groups(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

// IP addresses, networks and URLs as the CEL functions about them see them.
import { isIPv4, isIPv6 } from 'node:net'
import { isRequestUri } from '../formats.ts'

/** An IP address. */
export class Address {
  readonly family: 4 | 6
  readonly bits: bigint
  readonly text: string

  constructor(family: 4 | 6, bits: bigint, text: string) {
    this.family = family
    this.bits = bits
    this.text = text
  }

  get width(): number {
    return this.family === 4 ? 32 : 128
  }

  within(network: bigint, prefix: number): boolean {
    const shift = BigInt(this.width - prefix)
    return this.bits >> shift === network >> shift
  }
}

function hextets(text: string): readonly bigint[] {
  const dotted = /(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const plain =
    dotted === null
      ? text
      : `${dotted[1]}${(Number(dotted[2]) * 256 + Number(dotted[3])).toString(16)}:${(Number(dotted[4]) * 256 + Number(dotted[5])).toString(16)}`
  const [left = '', right] = plain.split('::')
  const read = (part: string) => (part === '' ? [] : part.split(':').map((each) => BigInt(`0x${each}`)))
  const [head, tail] = [read(left), read(right ?? '')]
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length
  return [...head, ...Array.from({ length: zeros }, () => 0n), ...tail]
}

/** Reads an IP address, without zone and not IPv4 in IPv6; undefined when the text is none. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) {
    return new Address(
      4,
      text.split('.').reduce((bits, each) => bits * 256n + BigInt(each), 0n),
      text,
    )
  }
  if (!isIPv6(text) || text.includes('%')) return undefined
  const bits = hextets(text).reduce((sum, each) => sum * 65536n + each, 0n)
  return bits >> 32n === 0xffffn ? undefined : new Address(6, bits, text)
}

/** The address in its shortest spelling. */
export function canonicalAddress({ family, bits }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - index * 16)) & 0xffffn).toString(16))
  let [best, length] = [-1, 1]
  for (let start = 0; start < 8; start += 1) {
    let end = start
    while (end < 8 && groups[end] === '0') end += 1
    if (end - start > length) [best, length] = [start, end - start]
  }
  if (best < 0) return groups.join(':')
  return `${groups.slice(0, best).join(':')}::${groups.slice(best + length).join(':')}`
}

/** A network: an address and how many of its leading bits count. */
export class Network {
  readonly address: Address
  readonly prefix: number

  constructor(address: Address, prefix: number) {
    this.address = address
    this.prefix = prefix
  }

  contains(address: Address): boolean {
    return address.family === this.address.family && address.within(this.address.bits, this.prefix)
  }

  masked(): Network {
    const shift = BigInt(this.address.width - this.prefix)
    const bits = (this.address.bits >> shift) << shift
    const bare = new Address(this.address.family, bits, '')
    return new Network(new Address(bare.family, bits, canonicalAddress(bare)), this.prefix)
  }
}

/** Reads `address/prefix`; undefined when the text is none. */
export function parseNetwork(text: string): Network | undefined {
  const [head = '', tail = '', more] = text.split('/')
  const address = parseAddress(head)
  if (address === undefined || more !== undefined || !/^(?:0|[1-9]\d{0,2})$/.test(tail)) return undefined
  return Number(tail) <= address.width ? new Network(address, Number(tail)) : undefined
}

/** A URL in its parts, as written. */
export class Url {
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string

  constructor(text: string) {
    const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? []
    const [, authority, path = '', query = ''] = /^(?:\/\/(?!\/)([^/?]*))?([^?]*)(?:\?(.*))?$/s.exec(rest) ?? []
    this.scheme = scheme.toLowerCase()
    this.host = (authority ?? '').slice((authority ?? '').lastIndexOf('@') + 1)
    this.path = path
    this.query = query
  }

  get hostname(): string {
    return this.host.startsWith('[') ? this.host.slice(1, this.host.indexOf(']')) : (this.host.split(':', 1)[0] ?? '')
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host.slice(this.host.indexOf(']') + 1))?.[1] ?? ''
  }

  /** Query parameters with all their values. */
  parameters(): ReadonlyMap<string, readonly string[]> {
    const values = new Map<string, string[]>()
    for (const [key, value] of new URLSearchParams(this.query)) values.set(key, [...(values.get(key) ?? []), value])
    return values
  }
}

/** Reads an absolute URL or an absolute path; undefined when the text is none. */
export function parseUrl(text: string): Url | undefined {
  return isRequestUri(text) ? new Url(text) : undefined
}

// How the proxy's dump writes single values: durations, addresses, enum names, status codes, and what is left out when
// it is empty. Which fields there are is decided by the files beside this one.
import { STATUS_CODES } from 'node:http'
import { isIP } from 'node:net'
import type { Duration, Struct, Value } from '../../wire/messages.ts'

/** A value of the dump. Members that are undefined are not printed; null is. */
export type Rendered =
  | null
  | undefined
  | boolean
  | number
  | string
  | readonly Rendered[]
  | { readonly [key: string]: Rendered }

/** What stands in the place of a secret. */
export const REDACTED = '<redacted>'

/** The dump's name of an enum value: camelCase of the wire's. */
export function camel(name: string | number): string {
  return String(name)
    .toLowerCase()
    .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** A list, left out when empty. */
export function some<T extends Rendered>(list: readonly T[] | null | undefined): readonly T[] | undefined {
  return list === null || list === undefined || list.length === 0 ? undefined : list
}

/** Text, left out when empty. */
export function text(value: string | null | undefined): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : value
}

/** A map with rendered values, left out when empty. */
export function someMap<T>(
  map: Readonly<Record<string, T>> | null | undefined,
  render: (value: T) => Rendered,
): Rendered {
  const entries = Object.entries(map ?? {})
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([key, value]) => [key, render(value)]))
}

/** A map of texts, left out when empty. */
export function someTexts(map: Readonly<Record<string, string>> | null | undefined): Rendered {
  return someMap(map, (value) => value)
}

/** Bytes, which the generated types also allow as base64 text. */
export function bytesOf(bytes: Uint8Array | string | null | undefined): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : Buffer.from(bytes ?? [])
}

/** Bytes as text. */
export function textOf(bytes: Uint8Array | string | null | undefined): string {
  return bytesOf(bytes).toString()
}

/** A duration in the notation of Go: `0s`, `100ms`, `1.5s`, `30m0s`. Absent stays absent. */
export function durationText(duration: Duration | null | undefined): string | undefined {
  if (duration === null || duration === undefined) return undefined
  const seconds = BigInt(Math.max(0, Number(duration.seconds ?? 0)))
  const nanos = rounded(seconds * 1_000_000_000n + BigInt(Math.max(0, duration.nanos ?? 0)))
  if (nanos === 0n) return '0s'
  if (nanos < 1_000n) return `${nanos}ns`
  if (nanos < 1_000_000n) return `${decimal(nanos, 1_000n)}µs`
  if (nanos < 1_000_000_000n) return `${decimal(nanos, 1_000_000n)}ms`
  const whole = nanos / 1_000_000_000n
  const minutes = (whole / 60n) % 60n
  const hours = whole / 3600n
  const rest = `${decimal(nanos - (whole - (whole % 60n)) * 1_000_000_000n, 1_000_000_000n)}s`
  if (hours > 0n) return `${hours}h${minutes}m${rest}`
  return minutes > 0n ? `${minutes}m${rest}` : rest
}

/** To microseconds below two seconds, to milliseconds above; the dump shows no more. */
function rounded(nanos: bigint): bigint {
  if (nanos <= 1_000_000n) return nanos
  const unit = nanos < 2_000_000_000n ? 1_000n : 1_000_000n
  return ((nanos + unit / 2n) / unit) * unit
}

function decimal(value: bigint, unit: bigint): string {
  const digits = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '')
  return digits === '' ? `${value / unit}` : `${value / unit}.${digits}`
}

// Where the proxy's HTTP library names a code otherwise than Node does, or not at all.
const OTHER_REASONS: Readonly<Record<number, string>> = {
  203: 'Non Authoritative Information',
  418: "I'm a teapot",
}
const UNNAMED = new Set([509])

/** A status code with its name, as retry codes are written. */
export function statusText(code: number): string {
  const reason = UNNAMED.has(code) ? undefined : (OTHER_REASONS[code] ?? STATUS_CODES[code])
  return `${code} ${reason ?? '<unknown status code>'}`
}

/** An address given as 4 or 16 bytes. */
export function ipText(bytes: Uint8Array | string | null | undefined): string {
  const raw = bytesOf(bytes)
  if (raw.length === 4) return raw.join('.')
  return canonicalV6(raw.toString('hex').replace(/(.{4})(?=.)/g, '$1:'))
}

/** `host:port`, with an IPv6 address in brackets. */
export function targetText(host: string, port: number): string {
  return isIP(host) === 6 && !host.includes('%') ? `[${canonicalV6(host)}]:${port}` : `${host}:${port}`
}

/** A number of the wire in the range of a port. */
export function portNumber(port: number | null | undefined): number {
  return (port ?? 0) & 0xffff
}

function canonicalV6(address: string): string {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (mapped === null) return canonical
  const [high, low] = [mapped[1], mapped[2]].map((group) => Number.parseInt(group ?? '0', 16))
  return `::ffff:${[high ?? 0, low ?? 0].flatMap((group) => [group >> 8, group & 0xff]).join('.')}`
}

/** Whether the proxy's regex engine takes a pattern: no look-around, no back-references, and well-formed. */
export function isRegex(pattern: string): boolean {
  if (/\(\?(?:[=!]|<[=!])/.test(pattern) || /(?:^|[^\\])(?:\\\\)*\\[1-9]/.test(pattern)) return false
  try {
    // Inline flags and named groups are written differently; for well-formedness they do not matter.
    new RegExp(
      pattern
        .replace(/\(\?P</g, '(?<')
        .replace(/\(\?[a-zA-Z-]+(?=[:)])/g, '(?')
        .replace(/\(\?\)/g, ''),
    )
    return true
  } catch {
    return false
  }
}

/** A protobuf value as plain JSON. */
export function jsonOf(value: Value | null | undefined): Rendered {
  if (value === null || value === undefined) return null
  if (value.stringValue !== undefined) return value.stringValue
  if (value.numberValue !== undefined) return Number(value.numberValue)
  if (value.boolValue !== undefined) return value.boolValue
  if (value.structValue) return structJson(value.structValue)
  if (value.listValue) return (value.listValue.values ?? []).map(jsonOf)
  return null
}

function structJson(struct: Struct): Rendered {
  return Object.fromEntries(Object.entries(struct.fields ?? {}).map(([key, value]) => [key, jsonOf(value)]))
}

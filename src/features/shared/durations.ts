// Durations and sizes as users write them, and as the wire carries them.

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const SECOND = 1_000_000_000n
const TEXT = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/
const PART = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g

/** Nanoseconds of a duration such as `1h30m` or `1.5s`; undefined when the text is none. */
export function nanosecondsOf(text: unknown): bigint | undefined {
  if (typeof text !== 'string') return undefined
  if (/^[+-]?0$/.test(text)) return 0n
  if (!TEXT.test(text)) return undefined
  let total = 0n
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const scale = UNITS[unit] ?? 0n
    total += BigInt(whole || '0') * scale
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length)
  }
  return text.startsWith('-') ? -total : total
}

/** A protobuf Duration. */
export interface WireDuration {
  readonly seconds: string
  readonly nanos: number
}

/** A duration on the wire; absent when it is unset or not a duration. */
export function wireDuration(text: string | undefined): WireDuration | undefined {
  const nanoseconds = nanosecondsOf(text)
  if (nanoseconds === undefined) return undefined
  return { seconds: String(nanoseconds / SECOND), nanos: Number(nanoseconds % SECOND) }
}

/** Milliseconds of a duration; undefined when the text is none. */
export function millisecondsOf(text: string | undefined): number | undefined {
  const nanoseconds = nanosecondsOf(text)
  return nanoseconds === undefined ? undefined : Number(nanoseconds / 1_000_000n)
}

/** CEL text of a field that takes a duration or an expression; undefined when it is the latter. */
export function durationExpression(text: string): string | undefined {
  return nanosecondsOf(text) === undefined ? undefined : `duration(${JSON.stringify(text)})`
}

const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const LARGEST = 4_294_967_295

/** Bytes of a quantity such as `64Ki`, within what the wire can carry; undefined when it is unset or no quantity. */
export function bytesOf(quantity: number | string | undefined): number | undefined {
  if (quantity === undefined || quantity === null) return undefined
  const match = QUANTITY.exec(String(quantity))
  if (match === null) return undefined
  const [, sign, digits, binary, decimal, exponent] = match
  const scale =
    binary !== undefined
      ? 2 ** (BINARY[binary] ?? 0)
      : 10 ** (decimal !== undefined ? (DECIMAL[decimal] ?? 0) : Number(exponent ?? 0))
  // Kubernetes rounds fractions of a byte up.
  const value = Math.ceil(Number(digits) * scale)
  return sign === '-' ? 0 : Math.min(value, LARGEST)
}

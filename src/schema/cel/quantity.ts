// Kubernetes quantities (`128Mi`, `0.5`, `1e3`) as exact fractions, for the CEL functions about them.

/** An exact amount: `numerator / denominator`, the denominator positive. */
export class Quantity {
  readonly numerator: bigint
  readonly denominator: bigint

  constructor(numerator: bigint, denominator = 1n) {
    this.numerator = numerator
    this.denominator = denominator
  }

  compare(other: Quantity): -1n | 0n | 1n {
    const difference = this.numerator * other.denominator - other.numerator * this.denominator
    return difference < 0n ? -1n : difference > 0n ? 1n : 0n
  }

  plus(other: Quantity): Quantity {
    const sum = this.numerator * other.denominator + other.numerator * this.denominator
    return new Quantity(sum, this.denominator * other.denominator)
  }

  negated(): Quantity {
    return new Quantity(-this.numerator, this.denominator)
  }

  isInteger(): boolean {
    const whole = this.numerator / this.denominator
    return this.numerator % this.denominator === 0n && BigInt.asIntN(64, whole) === whole
  }
}

const PATTERN = /^([+-]?)(\d+(?:\.(\d*))?|\.(\d+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }

function scale(suffix: string): readonly [numerator: bigint, denominator: bigint] {
  const power = binary.indexOf(suffix)
  if (power >= 0) return [1024n ** BigInt(power + 1), 1n]
  const exponent = decimal[suffix] ?? (suffix === '' ? 0 : Number(suffix.slice(1)))
  return exponent < 0 ? [1n, 10n ** BigInt(-exponent)] : [10n ** BigInt(exponent), 1n]
}

/** Reads a quantity; undefined when the text is none. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = PATTERN.exec(text)
  if (match === null) return undefined
  const [, sign, digits = '', fraction = '', bare = '', suffix = ''] = match
  // Exponents beyond what fits into any amount would only make numbers of astronomical size.
  if (/^[eE]/.test(suffix) && Math.abs(Number(suffix.slice(1))) > 99) return undefined
  const places = fraction.length + bare.length
  const [up, down] = scale(suffix)
  const number = BigInt(digits.replace('.', '') || '0') * up
  return new Quantity(sign === '-' ? -number : number, 10n ** BigInt(places) * down)
}

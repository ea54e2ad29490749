// Durations as Kubernetes writes them.

const PARTS = /(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|h|m|s))+$/
const MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000001,
}

/** How many milliseconds a duration has; undefined when it is none. */
export function milliseconds(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined
  let sum = 0
  for (const [, amount = '0', unit = ''] of text.matchAll(PARTS)) sum += Number(amount) * (MS[unit] ?? 0)
  return sum
}

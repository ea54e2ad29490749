// Rates of a token bucket as requests per second, minute or hour. Whatever a bucket says can be said that way, as long as
// the unit is coarse enough; what gets lost is how large a burst may be.
import type { JsonObject } from '../../kube/json.ts'
import type { Fields } from '../fields.ts'
import { present } from '../made.ts'
import { milliseconds } from './durations.ts'

const UNITS = [
  ['Seconds', 1_000],
  ['Minutes', 60_000],
  ['Hours', 3_600_000],
] as const

/** `rateLimit.local`: one limit. */
export function carryTokenBucket(from: Fields): JsonObject | undefined {
  const bucket = from.fields('tokenBucket')
  if (bucket === undefined) return undefined
  const most = bucket.whole('maxTokens')
  const fill = bucket.whole('tokensPerFill') ?? 1
  const interval = milliseconds(bucket.text('fillInterval') ?? '')
  const isAmount = most !== undefined && most >= 1 && fill >= 1
  const isLong = interval !== undefined && interval >= 50
  if (!isAmount) bucket.tell('must be at least 1', { field: 'maxTokens' })
  if (!isLong) bucket.tell('must be a duration of at least 50ms', { field: 'fillInterval' })
  if (!isAmount || !isLong) return undefined
  const isExact = (ms: number): boolean => Number.isInteger((fill * ms) / interval) && (fill * ms) / interval <= most
  const exact = UNITS.find(([, each]) => each === interval && isExact(each)) ?? UNITS.find(([, each]) => isExact(each))
  const [unit, ms] = exact ?? UNITS.find(([, each]) => (fill * each) / interval >= 1) ?? UNITS[2]
  const requests = Math.max(1, Math.floor((fill * ms) / interval))
  const rate = `${requests} per ${unit.toLowerCase().slice(0, -1)}`
  if (requests !== (fill * ms) / interval) {
    bucket.tell(`becomes ${rate}, which is not quite the same`, { field: 'fillInterval', severity: 'warning' })
  } else if (requests > most) {
    bucket.tell(`becomes ${rate}, so that ${requests} requests may pass at once instead of ${most}`, {
      field: 'maxTokens',
      severity: 'warning',
    })
  }
  return present({ requests, unit, burst: most > requests ? most - requests : undefined })
}

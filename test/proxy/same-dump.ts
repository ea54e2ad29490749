// Holds the proxy's own dump against ours. What is not compared, and why:
//  - `version`, `config`: about the proxy's process; a control plane has none of it;
//  - `info` of endpoints: counters and health of requests that only the proxy has seen;
//  - the order of members of maps, and of lists that the proxy makes from sets: arbitrary in the proxy;
//  - maps of routes that became empty: the proxy may keep them until it restarts.
import { expect } from 'vitest'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Lists that are sets in the proxy, by the end of their path. */
const SETS =
  /(?:\.additionalOrigins|\.providers\[\]\.keys|\.accessLog\.remove|\.fields\.remove|\.transformation\.\w+\.metadata)$/
/** Maps that may stay behind empty. */
const MAY_BE_EMPTY = /(?:\.listeners\.[^ ]*\.(?:routes|tcpRoutes)|^\.routes\.\w+\.[^ ]*)$/

/** Fails with the first differences unless both dumps say the same. */
export function expectSameDump(
  theirs: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): void {
  expect(comparable(ours)).toEqual(comparable(theirs))
}

/** A dump without what is not compared. */
export function comparable(dump: Readonly<Record<string, unknown>>): Json {
  const { version: _, config: __, ...rest } = dump
  // A dump is JSON; ours also has members that are undefined, which are not printed.
  return normal(JSON.parse(JSON.stringify(rest)) as Json, '')
}

function normal(value: Json, path: string): Json {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => normal(item, `${path}[]`))
    return SETS.test(path) ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(key === 'info' && isCounters(inner)))
      .map(([key, inner]): [string, Json] => [key, normal(inner, `${path}.${key}`)])
      .filter(([key, inner]) => !(MAY_BE_EMPTY.test(`${path}.${key}`) && JSON.stringify(inner) === '{}'))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function isCounters(value: Json): boolean {
  return typeof value === 'object' && value !== null && 'totalRequests' in value
}

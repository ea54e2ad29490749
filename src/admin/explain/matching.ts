// Whether a request meets one match of a rule, the first reason why not, and which of two matches comes first. As the
// Gateway API defines it and proxies do it: hostnames, then paths, methods, numbers of headers and parameters, then keys.
import { compareStrings } from '../../core/order.ts'
import type { HeaderMatch, QueryMatch, Route, RouteMatch } from '../../wire/messages.ts'
import { covers } from './pattern.ts'

/** An HTTP request; on a connection that is encrypted when it has a server name. */
export interface HttpRequest {
  readonly port: number
  readonly sni?: string
  readonly method: string
  /** Without a port, in lower case. */
  readonly host: string
  readonly path: string
  /** As in the URL, without the question mark. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/** Why a match is not met. The further down the list, the nearer it was. */
export interface Miss {
  readonly on: 'hostname' | 'path' | 'method' | 'header' | 'query'
  readonly reason: string
}

/** One match of one rule, and how specifically the rule names the host. */
export interface Candidate {
  readonly route: Route
  readonly match: RouteMatch
  /** Of the match within its rule. */
  readonly index: number
  readonly rank: number
}

/** How specifically hostnames name a host: exactly, by a long or short wildcard, or (0) by saying nothing at all. */
export function hostRank(hostnames: readonly string[], host: string): number | undefined {
  if (hostnames.length === 0) return 0
  const ranks = hostnames.flatMap((hostname) => rankOf(hostname.toLowerCase(), host) ?? [])
  return ranks.length === 0 ? undefined : Math.max(...ranks)
}

function rankOf(hostname: string, host: string): number | undefined {
  if (hostname === host) return Number.POSITIVE_INFINITY
  // A bare `*` never matches: what is meant for all hosts names none.
  return hostname.startsWith('*.') && host.endsWith(hostname.slice(1)) ? hostname.length : undefined
}

/** The first thing about a request that a match does not agree with. */
export function missOf(match: RouteMatch, request: HttpRequest): Miss | undefined {
  const path = missedPath(match.path, request.path)
  if (path !== undefined) return { on: 'path', reason: path }
  if (match.method && match.method.exact !== request.method)
    return { on: 'method', reason: `the method is not ${match.method.exact}` }
  for (const header of match.headers ?? []) {
    const reason = missedValue(header, 'header', valuesOf(header.name ?? '', request))
    if (reason !== undefined) return { on: 'header', reason }
  }
  const query = new URLSearchParams(request.query)
  for (const parameter of match.queryParams ?? []) {
    // Of a parameter that is given more than once, proxies see the last.
    const reason = missedValue(parameter, 'query parameter', query.getAll(parameter.name ?? '').slice(-1))
    if (reason !== undefined) return { on: 'query', reason }
  }
  return undefined
}

function missedPath(match: RouteMatch['path'], path: string): string | undefined {
  if (!match) return undefined
  if (match.exact !== undefined) return match.exact === path ? undefined : `the path is not exactly ${match.exact}`
  if (match.regex !== undefined) return missedPattern(match.regex, path, 'the path')
  const prefix = (match.pathPrefix ?? '').replace(/\/+$/, '')
  return path === prefix || path.startsWith(`${prefix}/`) ? undefined : `the path is not below ${prefix}`
}

function valuesOf(name: string, { method, host, path, query, sni, port, headers }: HttpRequest): readonly string[] {
  switch (name) {
    case ':method':
      return [method]
    case ':scheme':
      return [sni === undefined ? 'http' : 'https']
    case ':authority':
      return [port === (sni === undefined ? 80 : 443) ? host : `${host}:${port}`]
    case ':path':
      return [query === '' ? path : `${path}?${query}`]
    default:
      return headers.get(name.toLowerCase()) ?? []
  }
}

function missedValue(match: HeaderMatch | QueryMatch, what: string, values: readonly string[]): string | undefined {
  const { name = '', exact, regex } = match
  if (values.length === 0) return `there is no ${what} ${name}`
  if (regex === undefined)
    return values.some((value) => value === exact) ? undefined : `${what} ${name} is not ${exact}`
  const reasons = values.map((value) => missedPattern(regex, value, `${what} ${name}`))
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function missedPattern(pattern: string, text: string, subject: string): string | undefined {
  switch (covers(pattern, text)) {
    case 'yes':
      return undefined
    case 'no':
      return `${subject} does not match ${pattern}`
    case 'invalid':
      return `${pattern} is no regular expression to proxies, and never matches`
    case 'unknown':
      return `whether ${subject} matches ${pattern} cannot be told here`
  }
}

/** Sorts the candidate that proxies try first to the front. */
export function byPrecedence(a: Candidate, b: Candidate): number {
  for (const [i, { value }] of standing(a).entries()) {
    const difference = (standing(b)[i]?.value ?? 0) - value
    // Two exact hostnames differ by no number.
    if (difference !== 0 && !Number.isNaN(difference)) return difference
  }
  return compareStrings(a.route.key ?? '', b.route.key ?? '') || a.index - b.index
}

/** Why one candidate is tried before another that is met as well. */
export function advantage(first: Candidate, second: Candidate): string {
  const theirs = standing(second)
  const decisive = standing(first).find(({ value }, i) => value !== theirs[i]?.value)
  return decisive?.advantage ?? 'comes first by name'
}

interface Standing {
  readonly value: number
  readonly advantage: string
}

function standing({ rank, match: { path, method, headers, queryParams } }: Candidate): readonly Standing[] {
  const pattern = path?.exact ?? path?.pathPrefix ?? path?.regex ?? '/'
  return [
    { value: rank, advantage: 'names the host more exactly' },
    { value: path?.exact === undefined ? 0 : 1, advantage: 'names the path exactly' },
    { value: pattern.length, advantage: 'has the longer path' },
    { value: method ? 1 : 0, advantage: 'names the method' },
    { value: headers?.length ?? 0, advantage: 'asks for more headers' },
    { value: queryParams?.length ?? 0, advantage: 'asks for more query parameters' },
  ]
}

/** A match in a few words. */
export function matchText({ path, method, headers, queryParams }: RouteMatch): string {
  const where =
    path?.exact !== undefined
      ? `path ${path.exact}`
      : path?.regex !== undefined
        ? `path like ${path.regex}`
        : `path below ${path?.pathPrefix ?? '/'}`
  const value = ({ name = '', exact, regex }: HeaderMatch | QueryMatch): string =>
    regex === undefined ? `${name}=${exact}` : `${name}~${regex}`
  return [
    where,
    ...(method ? [`method ${method.exact}`] : []),
    ...(headers ?? []).map((header) => `header ${value(header)}`),
    ...(queryParams ?? []).map((parameter) => `query ${value(parameter)}`),
  ].join(', ')
}

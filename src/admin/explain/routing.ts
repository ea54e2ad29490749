// Which rule a request meets, and why not the others; through all groups that rules delegate to. Which listener it came in
// by is decided in arrival.ts, what is then done to the request in explanation.ts.
import type { Route, RouteBackend, RouteMatch, TCPRoute } from '../../wire/messages.ts'
import { MODEL_PATHS } from '../config-dump/models.ts'
import { advantage, byPrecedence, type Candidate, type HttpRequest, hostRank, type Miss, missOf } from './matching.ts'
import type { ProxyView } from './view.ts'

/** A rule that a request does not meet. */
export interface PassedRule {
  readonly route: Route
  readonly reason: string
}

/** The outcome among the rules of one listener or group. */
export interface Selection {
  readonly met: Candidate | undefined
  /** Those that came nearest first. */
  readonly passed: readonly PassedRule[]
}

/** A backend, its share of the traffic, and where a group leads. */
export interface ChosenBackend {
  readonly backend: RouteBackend
  readonly share: number
  /** Present when it delegates. */
  readonly group?: Chain
}

/** What a request meets in one listener or group. */
export interface Chain extends Selection {
  readonly backends: readonly ChosenBackend[]
  /** The group leads back to a rule that has been met already. */
  readonly isCycle?: true
}

/** Follows a request through the rules of a listener. */
export function followRequest(view: ProxyView, listenerKey: string, request: HttpRequest): Chain {
  return followAmong(view, { routes: routesOf(view, listenerKey), seen: [] }, request)
}

/** Those included that proxies add for models attached to the listener. */
function routesOf(view: ProxyView, listenerKey: string): readonly Route[] {
  const own = view.routes.filter((route) => isOwn(route) && route.listenerKey === listenerKey)
  return [...own, ...modelRoutes(view, listenerKey)]
}

/** The rule for a connection without HTTP. */
export function streamRoute(view: ProxyView, listenerKey: string, name: string | undefined): TCPRoute | undefined {
  const ranked = view.tcpRoutes
    .filter((route) => route.listenerKey === listenerKey)
    .map((route) => ({ route, rank: hostRank(route.hostnames ?? [], name ?? '') }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank === b.rank ? 0 : (b.rank ?? 0) - (a.rank ?? 0)))
  return ranked[0]?.route
}

/** Backends that get any traffic, with their shares of it. */
export function sharesOf(backends: readonly RouteBackend[]): readonly ChosenBackend[] {
  const total = backends.reduce((sum, { weight = 0 }) => sum + weight, 0)
  return backends.flatMap((backend) => {
    const { weight = 0 } = backend
    return weight > 0 ? [{ backend, share: weight / total }] : []
  })
}

function followAmong(
  view: ProxyView,
  { routes, seen }: { readonly routes: readonly Route[]; readonly seen: readonly (string | undefined)[] },
  request: HttpRequest,
): Chain {
  const selection = select(routes, request)
  const { met } = selection
  if (met === undefined) return { ...selection, backends: [] }
  if (seen.includes(met.route.key)) return { ...selection, backends: [], isCycle: true }
  const backends = sharesOf(met.route.backends ?? []).map((chosen): ChosenBackend => {
    const { routeGroupKey = '' } = chosen.backend
    if (routeGroupKey === '') return chosen
    const members = view.routes.filter((route) => route.routeGroupKey === routeGroupKey)
    return { ...chosen, group: followAmong(view, { routes: members, seen: [...seen, met.route.key] }, request) }
  })
  return { ...selection, backends }
}

function isOwn({ routeGroupKey = '', serviceKey }: Route): boolean {
  return routeGroupKey === '' && !serviceKey?.hostname && !serviceKey?.namespace
}

function select(routes: readonly Route[], request: HttpRequest): Selection {
  const judged = routes.map((route) => judge(route, request))
  const [met] = judged.flatMap(({ candidates }) => candidates).toSorted(byPrecedence)
  const passed = judged
    .filter(({ route }) => route !== met?.route)
    .map(({ route, candidates, miss }) => {
      const [second] = candidates.toSorted(byPrecedence)
      return met !== undefined && second !== undefined
        ? {
            route,
            nearness: NEARNESS.length,
            reason: `met as well, but the rule that is met ${advantage(met, second)}`,
          }
        : { route, nearness: NEARNESS.indexOf(miss?.on ?? 'hostname'), reason: miss?.reason ?? 'it has no match' }
    })
    .toSorted((a, b) => b.nearness - a.nearness)
    .map(({ route, reason }) => ({ route, reason }))
  return { met, passed }
}

const NEARNESS: readonly Miss['on'][] = ['hostname', 'path', 'method', 'header', 'query']

interface Judged {
  readonly route: Route
  /** The matches that are met. */
  readonly candidates: readonly Candidate[]
  /** Of several matches, the one that was nearest. */
  readonly miss?: Miss
}

function judge(route: Route, request: HttpRequest): Judged {
  const { hostnames = [], matches = [] } = route
  const rank = hostRank(hostnames, request.host)
  if (rank === undefined)
    return { route, candidates: [], miss: { on: 'hostname', reason: `its hostnames are ${hostnames.join(', ')}` } }
  const candidates: Candidate[] = []
  let nearest: Miss | undefined
  for (const [index, match] of matches.entries()) {
    const miss = missOf(match, request)
    if (miss === undefined) candidates.push({ route, match, index, rank })
    else if (nearest === undefined || NEARNESS.indexOf(miss.on) > NEARNESS.indexOf(nearest.on)) nearest = miss
  }
  return { route, candidates, ...(nearest === undefined ? {} : { miss: nearest }) }
}

/** Proxies serve models that are attached to a listener by a rule of their own. */
function modelRoutes({ modelRoutes: models }: ProxyView, listener: string): readonly Route[] {
  if (!models.some(({ listenerKey, routerKey = '' }) => listenerKey === listener && routerKey === '')) return []
  const route: Route = {
    key: `llm:request:${listener}`,
    listenerKey: listener,
    name: { name: 'llm:request', namespace: 'internal' },
    matches: MODEL_PATHS.map((path): RouteMatch => ({ path })),
    backends: [{ weight: 1, backend: { backend: `/llm:router:${listener}` } }],
  }
  return [route]
}

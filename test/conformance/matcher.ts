// What proxies that hold certain resources do with a request or a connection, as Gateway API defines routing and as
// proxies are known to read these messages. It decides; nothing is sent anywhere.
import type {
  BackendPolicySpecBackendTLS,
  BackendReference,
  CORS,
  HeaderModifier,
  Listener,
  RequestRedirect,
  Retry,
  Route,
  RouteBackend,
  RouteMatch,
  TCPRoute,
  Timeout,
  UrlRewrite,
} from '../../src/wire/messages.ts'
import { type ProxyView, servicesOf } from './proxy-view.ts'

/** An HTTP request, on a connection that is encrypted when it has a server name. */
export interface HttpRequest {
  readonly port: number
  readonly sni?: string
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
}

/** A share of the traffic. */
export interface Share {
  /** `namespace/name` of a Service, or undefined when the share answers 500. */
  readonly to: string | undefined
  readonly port: number
  readonly share: number
  /** The request as the backend sees it. */
  readonly request: HttpRequest
  /** Changes of the response on its way back, in order. */
  readonly response: readonly HeaderModifier[]
  /** How the connection to the backend is encrypted, if it is. */
  readonly tls: BackendPolicySpecBackendTLS | undefined
}

/** What becomes of a request. */
export type Answer =
  | { readonly kind: 'status'; readonly status: number }
  /** No listener shakes hands. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: Location }
  | {
      readonly kind: 'forward'
      readonly shares: readonly Share[]
      /** Percentage by `namespace/name`. */
      readonly mirrors: Readonly<Record<string, number>>
      readonly timeout: Timeout | undefined
      readonly retry: Retry | undefined
      readonly cors: CORS | undefined
      readonly ruleName: string | undefined
    }

/** Where a redirect leads; the port is left out when it is the scheme's own. */
export interface Location {
  readonly scheme: string
  readonly host: string
  readonly port: number | undefined
  readonly path: string
}

/** What becomes of a connection without HTTP. */
export interface Connection {
  readonly shares: readonly { readonly to: string | undefined; readonly port: number; readonly share: number }[]
  /** Whether the proxy ends the encryption. */
  readonly isTerminated: boolean
}

/** Routes a request. */
export function answer(view: ProxyView, request: HttpRequest): Answer {
  const listeners = listenersOn(view, request.port)
  const entered =
    request.sni === undefined ? mostSpecific(listeners, bare(request.host)) : mostSpecific(listeners, request.sni)
  if (request.sni !== undefined && (entered === undefined || !canShakeHands(entered))) return { kind: 'refused' }
  if (entered === undefined) return { kind: 'status', status: 404 }
  // Over an encrypted connection, a request for a host of another listener was misdirected.
  if (request.sni !== undefined && mostSpecific(listeners, bare(request.host)) !== entered)
    return { kind: 'status', status: 421 }
  const found = ruleFor(routesOf(view, entered), request)
  if (found === undefined) return { kind: 'status', status: 404 }
  return follow(view, found, { request, scheme: request.sni === undefined ? 'http' : 'https' })
}

/** Routes a connection; undefined when it is closed. */
export function connect(view: ProxyView, port: number, sni?: string): Connection | undefined {
  const listeners = listenersOn(view, port)
  const entered = sni === undefined ? listeners[0] : mostSpecific(listeners, sni)
  if (entered === undefined) return undefined
  if (entered.tls && !canShakeHands(entered)) return undefined
  const routes = view.resources
    .flatMap((resource) => (resource.kind === 'tcpRoute' ? [resource.tcpRoute] : []))
    .filter(({ listenerKey }) => listenerKey === entered.key)
    .toSorted(byKey)
  const host = sni ?? ''
  const ranked = routes
    .map((route) => ({ route, rank: hostRank(route.hostnames ?? [], host) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
  const route: TCPRoute | undefined = ranked[0]?.route
  if (route === undefined) return undefined
  const shares = sharesOf(route.backends ?? []).map(({ backend, share }) => ({ ...placeOf(view, backend), share }))
  if (shares.every(({ to }) => to === undefined)) return undefined
  return { shares, isTerminated: entered.tls !== undefined && entered.tls !== null }
}

/** Whether a client that shows a certificate of this authority (or none) gets in. */
export function admitsClient(
  view: ProxyView,
  port: number,
  { sni, authority }: { sni: string; authority?: string },
): boolean {
  const listener = mostSpecific(listenersOn(view, port), sni)
  if (listener === undefined || !canShakeHands(listener)) return false
  const root = text(listener.tls?.root)
  if (root === '' || listener.tls?.mtlsMode === 'ALLOW_INSECURE_FALLBACK') return true
  return authority !== undefined && root.includes(authority.trim())
}

/** Whether a proxy trusts a server whose certificate names these and was issued by this authority. */
export function trusts(
  tls: BackendPolicySpecBackendTLS,
  server: { authority: string; names: readonly string[] },
): boolean {
  const wanted = tls.verifySubjectAltNames?.length ? tls.verifySubjectAltNames : [tls.hostname ?? '']
  return text(tls.root).includes(server.authority.trim()) && wanted.some((name) => server.names.includes(name))
}

/** What a CORS policy lets a script of an origin do. */
export function allowsOrigin({ allowOrigins }: CORS, origin: string): boolean {
  return (allowOrigins ?? []).some((allowed) => {
    const [before = '', after] = allowed.split('*')
    if (after === undefined) return allowed === origin
    return origin.length >= allowed.length - 1 && origin.startsWith(before) && origin.endsWith(after)
  })
}

/** A header's values after changes, as proxies apply them: those of the request first, then set, then removed. */
export function modified(
  headers: ReadonlyMap<string, string>,
  modifiers: readonly HeaderModifier[],
): ReadonlyMap<string, string> {
  const result = new Map(headers)
  for (const { add, set, remove } of modifiers) {
    for (const { name = '', value = '' } of add ?? []) {
      const before = result.get(name.toLowerCase())
      result.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`)
    }
    for (const { name = '', value = '' } of set ?? []) result.set(name.toLowerCase(), value)
    for (const name of remove ?? []) result.delete(name.toLowerCase())
  }
  return result
}

/** Bytes of a message as text. */
export function text(bytes: Buffer | Uint8Array | string | undefined): string {
  return bytes === undefined ? '' : typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()
}

function listenersOn(view: ProxyView, port: number): readonly Listener[] {
  const binds = view.resources.flatMap((resource) => (resource.kind === 'bind' ? [resource.bind] : []))
  const keys = binds.filter((bind) => bind.port === port).map(({ key }) => key)
  return view.resources
    .flatMap((resource) => (resource.kind === 'listener' ? [resource.listener] : []))
    .filter(({ bindKey }) => keys.includes(bindKey))
}

function canShakeHands({ tls, protocol }: Listener): boolean {
  if (!tls) return protocol === 'TLS'
  return text(tls.cert).includes('BEGIN CERTIFICATE')
}

function mostSpecific(listeners: readonly Listener[], host: string): Listener | undefined {
  const ranked = listeners
    .map((listener) => ({ listener, rank: hostRank(listener.hostname ? [listener.hostname] : [], host) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
  return ranked[0]?.listener
}

/** How specifically some hostnames name a host: exactly, by a long or short wildcard, or by saying nothing. */
function hostRank(hostnames: readonly string[], host: string): number | undefined {
  if (hostnames.length === 0) return 0
  const ranks = hostnames
    .map((hostname) => rankOf(hostname.toLowerCase(), host.toLowerCase()))
    .filter((rank) => rank !== undefined)
  return ranks.length === 0 ? undefined : Math.max(...ranks)
}

function rankOf(hostname: string, host: string): number | undefined {
  if (hostname === host) return Number.POSITIVE_INFINITY
  if (hostname === '*') return 1
  if (!hostname.startsWith('*.')) return undefined
  return host.endsWith(hostname.slice(1)) && host.length >= hostname.length ? hostname.length : undefined
}

function bare(host: string): string {
  return host.replace(/:\d+$/, '')
}

function routesOf(view: ProxyView, { key }: Listener): readonly Route[] {
  return view.resources
    .flatMap((resource) => (resource.kind === 'route' ? [resource.route] : []))
    .filter(({ listenerKey }) => listenerKey === key)
}

interface MatchedRule {
  readonly route: Route
  readonly match: RouteMatch
}

/** Buckets of hostnames from the most specific on; in each, the best match. */
function ruleFor(routes: readonly Route[], request: HttpRequest): MatchedRule | undefined {
  const host = bare(request.host)
  const candidates = routes.flatMap((route) => {
    const rank = hostRank(route.hostnames ?? [], host)
    return rank === undefined ? [] : (route.matches ?? []).map((match) => ({ route, match, rank }))
  })
  const matching = candidates.filter(({ match }) => matches(match, request))
  return matching.toSorted((a, b) => b.rank - a.rank || byPrecedence(a, b))[0]
}

function byPrecedence(a: MatchedRule, b: MatchedRule): number {
  const [first, second] = [precedence(a.match), precedence(b.match)]
  for (const [i, value] of first.entries()) {
    const other = second[i] ?? 0
    if (value !== other) return other - value
  }
  return byKey(a.route, b.route)
}

function precedence({ path, method, headers, queryParams }: RouteMatch): readonly number[] {
  const pattern = path?.exact ?? path?.pathPrefix ?? path?.regex ?? '/'
  return [
    path?.exact === undefined ? 0 : 1,
    pattern.length,
    method ? 1 : 0,
    headers?.length ?? 0,
    queryParams?.length ?? 0,
  ]
}

function byKey(a: { readonly key?: string }, b: { readonly key?: string }): number {
  return (a.key ?? '') < (b.key ?? '') ? -1 : 1
}

function matches({ path, method, headers, queryParams }: RouteMatch, request: HttpRequest): boolean {
  return (
    matchesPath(path, request.path) &&
    (!method || method.exact === request.method) &&
    (headers ?? []).every((header) => matchesValue(header, request.headers.get((header.name ?? '').toLowerCase()))) &&
    (queryParams ?? []).every((param) => matchesValue(param, request.query.get(param.name ?? '')))
  )
}

function matchesPath(match: RouteMatch['path'], path: string): boolean {
  if (!match) return true
  if (match.exact !== undefined) return match.exact === path
  if (match.regex !== undefined) return new RegExp(`^(?:${match.regex})$`).test(path)
  const prefix = (match.pathPrefix ?? '').replace(/\/$/, '')
  return path === prefix || path.startsWith(`${prefix}/`)
}

function matchesValue(match: { readonly exact?: string; readonly regex?: string }, value: string | undefined): boolean {
  if (value === undefined) return false
  return match.regex === undefined ? match.exact === value : new RegExp(`^(?:${match.regex})$`).test(value)
}

function follow(
  view: ProxyView,
  { route, match }: MatchedRule,
  { request, scheme }: { request: HttpRequest; scheme: string },
): Answer {
  const policies = route.trafficPolicies ?? []
  const redirect = policies.flatMap(({ requestRedirect }) => requestRedirect ?? [])[0]
  if (redirect) return redirected(redirect, match, { request, scheme })
  const rewrite = policies.flatMap(({ urlRewrite }) => urlRewrite ?? [])[0]
  const asked = policies.flatMap(({ requestHeaderModifier }) => requestHeaderModifier ?? [])
  const answered = policies.flatMap(({ responseHeaderModifier }) => responseHeaderModifier ?? [])
  const changed = rewritten({ ...request, headers: modified(request.headers, asked) }, rewrite, match)
  const shares = sharesOf(route.backends ?? []).map(({ backend, share }): Share => {
    const own = backend.backendPolicies ?? []
    const place = placeOf(view, backend)
    return {
      ...place,
      share,
      request: {
        ...changed,
        headers: modified(
          changed.headers,
          own.flatMap(({ requestHeaderModifier }) => requestHeaderModifier ?? []),
        ),
      },
      response: [...own.flatMap(({ responseHeaderModifier }) => responseHeaderModifier ?? []), ...answered],
      tls: tlsTowards(view, backend.backend ?? {}),
    }
  })
  if (shares.every(({ to }) => to === undefined)) return { kind: 'status', status: 500 }
  const mirrors = policies
    .flatMap(({ requestMirror }) => requestMirror?.mirrors ?? [])
    .map(({ backend, percentage }) => [placeOf(view, { backend: backend ?? {} }).to ?? '?', Number(percentage ?? 0)])
  return {
    kind: 'forward',
    shares,
    mirrors: Object.fromEntries(mirrors),
    timeout: policies.flatMap(({ timeout }) => timeout ?? [])[0],
    retry: policies.flatMap(({ retry }) => retry ?? [])[0],
    cors: policies.flatMap(({ cors }) => cors ?? [])[0],
    ruleName: route.name?.ruleName,
  }
}

function sharesOf(
  backends: readonly RouteBackend[],
): readonly { readonly backend: RouteBackend; readonly share: number }[] {
  const total = backends.reduce((sum, { weight }) => sum + (weight ?? 0), 0)
  return backends
    .filter(({ weight }) => (weight ?? 0) > 0)
    .map((backend) => ({ backend, share: (backend.weight ?? 0) / total }))
}

interface Place {
  readonly to: string | undefined
  readonly port: number
}

/** The Service behind a reference, if proxies know it and its port. */
function placeOf(view: ProxyView, { backend }: Pick<RouteBackend, 'backend'>): Place {
  const port = backend?.port ?? 0
  const service = backend?.service
    ? servicesOf(view).find(({ hostname }) => hostname === backend.service?.hostname)
    : undefined
  const isOpen = service?.ports?.some(({ servicePort }) => servicePort === port) ?? false
  return { to: service === undefined || !isOpen ? undefined : `${service.namespace}/${service.name}`, port }
}

/** The policy for a port counts before the one for its whole Service. */
function tlsTowards(view: ProxyView, { service, port }: BackendReference): BackendPolicySpecBackendTLS | undefined {
  if (!service) return undefined
  const policies = view.resources
    .flatMap((resource) => (resource.kind === 'policy' ? [resource.policy] : []))
    .filter(({ target }) => target?.service?.hostname === service.hostname)
  const found =
    policies.find(({ target }) => target?.service?.port === port) ??
    policies.find(({ target }) => target?.service?.port === undefined)
  return found?.backend?.backendTls ?? undefined
}

function redirected(
  redirect: RequestRedirect,
  match: RouteMatch,
  { request, scheme }: { request: HttpRequest; scheme: string },
): Answer {
  const target = redirect.scheme || scheme
  const ownPort = target === 'https' ? 443 : 80
  // Without a port of its own, a redirect to another scheme uses that scheme's, any other the listener's.
  const port = redirect.port || (redirect.scheme ? ownPort : request.port)
  return {
    kind: 'redirect',
    status: redirect.status || 302,
    location: {
      scheme: target,
      host: redirect.host || bare(request.host),
      port: port === ownPort ? undefined : port,
      path: replaced(request.path, redirect, match),
    },
  }
}

function rewritten(request: HttpRequest, rewrite: UrlRewrite | undefined, match: RouteMatch): HttpRequest {
  if (!rewrite) return request
  return { ...request, host: rewrite.host || request.host, path: replaced(request.path, rewrite, match) }
}

function replaced(path: string, { full, prefix }: Pick<UrlRewrite, 'full' | 'prefix'>, match: RouteMatch): string {
  if (full !== undefined) return full || '/'
  if (prefix === undefined) return path
  const matched = (match.path?.pathPrefix ?? '/').replace(/\/$/, '')
  return `${prefix}${path.slice(matched.length)}` || '/'
}

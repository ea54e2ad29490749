// What becomes of a request or a connection beyond the rule it meets, as tests assert it: shares, changes of headers,
// encryption towards backends. Which rule that is, `explain` decides.
import { bestListener, receive } from '../../src/admin/explain/arrival.ts'
import type { HttpRequest as AskedRequest, Candidate } from '../../src/admin/explain/matching.ts'
import { type Location, redirected, rewritten } from '../../src/admin/explain/rewriting.ts'
import { followRequest, sharesOf, streamRoute } from '../../src/admin/explain/routing.ts'
import { proxyView } from '../../src/admin/explain/view.ts'
import type {
  BackendPolicySpecBackendTLS,
  BackendReference,
  CORS,
  HeaderModifier,
  Retry,
  RouteBackend,
  Timeout,
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

/** What becomes of a connection without HTTP. */
export interface Connection {
  readonly shares: readonly { readonly to: string | undefined; readonly port: number; readonly share: number }[]
  /** Whether the proxy ends the encryption. */
  readonly isTerminated: boolean
}

/** Routes a request. */
export function answer(view: ProxyView, request: HttpRequest): Answer {
  const proxy = explained(view)
  const asked = askedOf(request)
  const { listener, bind, refusal } = receive(proxy, asked)
  if (refusal !== undefined) return { kind: 'refused' }
  if (listener === undefined || bind === undefined) return { kind: 'status', status: 404 }
  // Over an encrypted connection, a request for a host of another listener was misdirected.
  if (request.sni !== undefined && bestListener(proxy, bind, asked.host) !== listener)
    return { kind: 'status', status: 421 }
  const { met } = followRequest(proxy, listener.key ?? '', asked)
  if (met === undefined) return { kind: 'status', status: 404 }
  return follow(view, met, request)
}

/** Routes a connection; undefined when it is closed. */
export function connect(view: ProxyView, port: number, sni?: string): Connection | undefined {
  const proxy = explained(view)
  const { listener, refusal } = receive(proxy, { port, host: '', ...(sni === undefined ? {} : { sni }) })
  if (listener === undefined || refusal !== undefined) return undefined
  const route = streamRoute(proxy, listener.key ?? '', sni)
  if (route === undefined) return undefined
  const shares = sharesOf(route.backends ?? []).map(({ backend, share }) => ({ ...placeOf(view, backend), share }))
  if (shares.every(({ to }) => to === undefined)) return undefined
  return { shares, isTerminated: listener.tls !== undefined && listener.tls !== null }
}

/** Whether a client that shows a certificate of this authority (or none) gets in. */
export function admitsClient(
  view: ProxyView,
  port: number,
  { sni, authority }: { sni: string; authority?: string },
): boolean {
  const { listener, refusal } = receive(explained(view), { port, sni, host: sni })
  if (listener === undefined || refusal !== undefined) return false
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

function explained(view: ProxyView): ReturnType<typeof proxyView> {
  return proxyView(view.resources, ({ hostname }) => servicesOf(view).find((service) => service.hostname === hostname))
}

function askedOf({ query, headers, host, ...request }: HttpRequest): AskedRequest {
  return {
    ...request,
    host: host.replace(/:\d+$/, ''),
    query: new URLSearchParams([...query]).toString(),
    headers: new Map([...headers].map(([name, value]) => [name, [value]])),
  }
}

function follow(view: ProxyView, { route, match }: Pick<Candidate, 'route' | 'match'>, request: HttpRequest): Answer {
  const policies = route.trafficPolicies ?? []
  const redirect = policies.flatMap(({ requestRedirect }) => requestRedirect ?? [])[0]
  if (redirect) {
    const location = redirected(redirect, match, askedOf(request))
    return { kind: 'redirect', status: redirect.status || 302, location }
  }
  const rewrite = policies.flatMap(({ urlRewrite }) => urlRewrite ?? [])[0]
  const asked = policies.flatMap(({ requestHeaderModifier }) => requestHeaderModifier ?? [])
  const answered = policies.flatMap(({ responseHeaderModifier }) => responseHeaderModifier ?? [])
  const { host, path } = rewritten(askedOf(request), rewrite, match)
  const changed = { ...request, ...(rewrite ? { host, path } : {}), headers: modified(request.headers, asked) }
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

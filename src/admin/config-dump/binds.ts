// Ports, the listeners on them and the routes of those, as a tree; and the routes that hang on a service or a group.
// What refers to something that is not there does not appear anywhere, as in the proxy.
import { compareStrings } from '../../core/order.ts'
import type { Bind, Listener, Route, TCPRoute, TLSConfig } from '../../wire/messages.ts'
import { httpRoute, serviceOf, tcpRoute } from './routes.ts'
import { camel, type Rendered, targetText, text } from './values.ts'

/** Everything that requests are routed by. */
export interface Routing {
  readonly binds: readonly Bind[]
  readonly listeners: readonly Listener[]
  readonly routes: readonly Route[]
  readonly tcpRoutes: readonly TCPRoute[]
  /** Routes that the proxy adds by itself, by listener. */
  readonly added: ReadonlyMap<string, readonly [string, Rendered]>
}

type RouteMaps = Map<string, Record<string, Rendered>>

/** The `binds` list and the `routes` object. */
export function routingEntries({ binds, listeners, routes, tcpRoutes, added }: Routing): {
  readonly binds: readonly Rendered[]
  readonly routes: Rendered
} {
  const [byListener, byService, byGroup]: readonly [RouteMaps, RouteMaps, RouteMaps] = [new Map(), new Map(), new Map()]
  for (const route of routes) {
    const group = text(route.routeGroupKey)
    const service = serviceOf(route.serviceKey)
    const maps = group !== undefined ? byGroup : service !== undefined ? byService : byListener
    put(maps, group ?? service ?? route.listenerKey ?? '', [route.key ?? '', httpRoute(route)])
  }
  for (const [listener, entry] of added) put(byListener, listener, entry)
  const [tcpByListener, tcpByService]: readonly [RouteMaps, RouteMaps] = [new Map(), new Map()]
  for (const route of tcpRoutes) {
    const service = serviceOf(route.serviceKey)
    const maps = service === undefined ? tcpByListener : tcpByService
    put(maps, service ?? route.listenerKey ?? '', [route.key ?? '', tcpRoute(route)])
  }
  const listenerEntries = (bind: string): Rendered =>
    Object.fromEntries(
      listeners
        .filter(({ bindKey = '' }) => bindKey === bind)
        .toSorted(byKey)
        .map((listener) => [
          listener.key ?? '',
          {
            ...listenerHead(listener),
            routes: byListener.get(listener.key ?? ''),
            tcpRoutes: tcpByListener.get(listener.key ?? ''),
          },
        ]),
    )
  return {
    binds: binds.toSorted(byKey).map((bind) => ({ ...bindHead(bind), listeners: listenerEntries(bind.key ?? '') })),
    routes: {
      httpMesh: Object.fromEntries(byService),
      tcpMesh: Object.fromEntries(tcpByService),
      routeGroups: Object.fromEntries(byGroup),
    },
  }
}

function put(maps: RouteMaps, key: string, [name, route]: readonly [string, Rendered]): void {
  const map = maps.get(key)
  if (map === undefined) maps.set(key, { [name]: route })
  else map[name] = route
}

function byKey(a: { readonly key?: string }, b: { readonly key?: string }): number {
  return compareStrings(a.key ?? '', b.key ?? '')
}

function bindHead({ key = '', port = 0, protocol, tunnelProtocol, mode }: Bind): Readonly<Record<string, Rendered>> {
  return {
    key,
    address: targetText('::', port),
    protocol: camel(protocol ?? 'HTTP'),
    tunnelProtocol: camel(tunnelProtocol ?? 'DIRECT'),
    mode: camel(mode ?? 'STANDARD'),
  }
}

function listenerHead({ key = '', name, hostname = '', protocol, tls }: Listener): Readonly<Record<string, Rendered>> {
  const set = name?.listenerSet
  return {
    key,
    gatewayName: name?.gatewayName ?? '',
    gatewayNamespace: name?.gatewayNamespace ?? '',
    listenerName: name?.listenerName ?? '',
    listenerSet: set ? { name: set.name ?? '', namespace: set.namespace ?? '' } : undefined,
    hostname,
    protocol: protocol === 'HTTPS' || protocol === 'TLS' ? { [protocol]: certificates(tls) } : String(protocol),
  }
}

const SOURCES: Readonly<Record<string, string>> = {
  ISTIO_WORKLOAD: 'IstioWorkload',
  DYNAMIC_CA: 'DynamicCa',
  SPIFFE: 'SPIFFE',
}

function certificates(tls: TLSConfig | null | undefined): Rendered {
  return tls ? { certificateSource: SOURCES[tls.certificateSource ?? ''] ?? 'Static' } : null
}

// What the suite asserts about GRPCRoutes, TCPRoutes and TLSRoutes.
import {
  areAccepted,
  type Checks,
  connections,
  hasListeners,
  hasNoRoutes,
  isAcceptedNowhere,
  type Named,
  requests,
  routeHas,
} from './checks.ts'
import { INFRA, type World } from './world.ts'

const SERVICE = '/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho'
const ECHO = `POST ${SERVICE}/Echo`
const V1 = 'grpc-infra-backend-v1'
const V2 = 'grpc-infra-backend-v2'
const V3 = 'grpc-infra-backend-v3'

/** TLSRoutes are accepted; their Gateway's listeners are not looked at. */
function tlsAccepted(world: World, gateway: string, ...routes: readonly string[]): void {
  for (const route of routes) routeHas(world, ['TLSRoute', route], ['Gateway', gateway], 'Accepted=True/Accepted')
}

/** Expectations of the tests of GRPCRoutes. */
export const grpcRoutes: Checks = {
  GRPCExactMethodMatching: (world) => {
    areAccepted(world, 'same-namespace', ['exact-matching'], 'GRPCRoute')
    requests(world, 'same-namespace', [
      [ECHO, V1],
      [`POST ${SERVICE}/EchoTwo`, V2],
      // Nothing matches; proxies tell gRPC clients that the method is unimplemented.
      [`POST ${SERVICE}/EchoThree`, 404],
    ])
  },
  GRPCRouteHeaderMatching: (world) => {
    areAccepted(world, 'same-namespace', ['grpc-header-matching'], 'GRPCRoute')
    const rows: readonly (readonly [Readonly<Record<string, string>>, string | number])[] = [
      [{ Version: 'one' }, V1],
      [{ Version: 'two' }, V2],
      [{ Version: 'two', Color: 'orange' }, V1],
      [{ Version: 'two', Color: 'blue' }, V2],
      [{ Color: 'orange' }, 404],
      [{ 'Some-Other-Header': 'one' }, 404],
      [{ Color: 'blue' }, V1],
      [{ Color: 'green' }, V1],
      [{ Color: 'red' }, V2],
      [{ Color: 'yellow' }, V2],
      [{ Color: 'purple' }, 404],
    ]
    requests(
      world,
      'same-namespace',
      rows.map(([headers, expected]) => [{ to: ECHO, headers }, expected] as const),
    )
  },
  GRPCRouteListenerHostnameMatching: (world) => {
    const gateway = 'grpcroute-listener-hostname-matching'
    areAccepted(world, gateway, ['backend-v1', 'backend-v2', 'backend-v3'], 'GRPCRoute')
    const at = (host: string): string => `POST ${host}${SERVICE}/Echo`
    requests(world, gateway, [
      [at('bar.com'), V1],
      [at('foo.bar.com'), V2],
      [at('baz.bar.com'), V3],
      [at('boo.bar.com'), V3],
      [at('multiple.prefixes.bar.com'), V3],
      [at('multiple.prefixes.foo.com'), V3],
      [at('foo.com'), 404],
      [at('no.matching.host'), 404],
    ])
  },
  GRPCRouteNamedRule: (world) => {
    areAccepted(world, 'same-namespace', ['grpc-named-rules'], 'GRPCRoute')
    requests(world, 'same-namespace', [
      [ECHO, { to: V1, rule: 'named-rule' }],
      [`POST ${SERVICE}/EchoTwo`, V2],
    ])
  },
  GRPCRouteWeight: (world) => {
    areAccepted(world, 'same-namespace', ['weighted-backends'], 'GRPCRoute')
    requests(world, 'same-namespace', [[ECHO, { shares: { [V1]: 0.7, [V2]: 0.3 } }]])
  },
}

/** Expectations of the tests of TCPRoutes. */
export const tcpRoutes: Checks = {
  TCPRouteInvalidBackendRefNonexistent: (world) =>
    routeHas(
      world,
      ['TCPRoute', 'tcp-route-invalid-backend-ref-nonexistent'],
      ['Gateway', 'tcp-gateway-invalid-backend'],
      'ResolvedRefs=False/BackendNotFound',
    ),
  TCPRouteInvalidCrossNamespaceBackendRef: (world) => {
    const [route, gateway] = [
      'tcp-invalid-cross-namespace-backend-ref',
      'tcp-invalid-cross-namespace-backend-ref-gateway',
    ]
    areAccepted(world, gateway, [route], 'TCPRoute')
    routeHas(world, ['TCPRoute', route], ['Gateway', gateway], 'ResolvedRefs=False/RefNotPermitted')
  },
  TCPRouteInvalidNonTCPListener: (world) => {
    const gateway = 'tcp-mixed-protocol-gateway'
    routeHas(world, ['TCPRoute', 'tcp-route'], ['Gateway', gateway], 'Accepted=False/NotAllowedByListeners')
    hasNoRoutes(world, gateway)
  },
  TCPRouteMultipleRoutesAttachment: async (world) => {
    const gateway: Named = ['Gateway', 'tcp-multi-route-attach-gateway']
    areAccepted(world, gateway[1], ['tcproute-attach-older'], 'TCPRoute')
    const newer = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'TCPRoute',
      metadata: { name: 'tcproute-attach-newer', namespace: INFRA },
      spec: {
        parentRefs: [{ name: gateway[1], sectionName: 'tcp' }],
        rules: [{ backendRefs: [{ name: 'tcp-attach-backend-2', port: 3000 }] }],
      },
    }
    await world.apply([newer])
    for (const name of ['tcproute-attach-older', 'tcproute-attach-newer'])
      routeHas(world, ['TCPRoute', name], gateway, 'Accepted=True/Accepted')
    hasListeners(world, gateway, { tcp: { kinds: ['TCPRoute'], routes: 2, has: ['Accepted=True/Accepted'] } })
    connections(world, gateway[1], [[{ port: portOf(world, gateway[1]) }, 'tcp-attach-backend-1']])
  },
  TCPRouteParentRefAttachAll: (world) => {
    const gateway = 'tcp-attach-all-gateway'
    routeHas(world, ['TCPRoute', 'tcp-route-attach-all'], ['Gateway', gateway], 'Accepted=True/Accepted')
    connections(
      world,
      gateway,
      [9310, 9311, 9312, 9313].map((port) => [{ port }, 'tcp-echo-attach-all'] as const),
    )
  },
  TCPRouteParentRefPortAndSectionName: (world) => {
    const gateway = 'tcp-multi-listener-gateway'
    for (const name of ['tcp-route-by-port', 'tcp-route-by-section', 'tcp-route-by-section-and-port'])
      routeHas(world, ['TCPRoute', name], ['Gateway', gateway], 'Accepted=True/Accepted')
    connections(world, gateway, [
      [{ port: 9300 }, 'tcp-echo-one'],
      [{ port: 9301 }, 'tcp-echo-two'],
      [{ port: 9302 }, 'tcp-echo-three'],
    ])
  },
  TCPRouteReferenceGrant: async (world) => {
    const [route, gateway] = ['tcp-reference-grant', 'tcp-reference-grant-gateway']
    areAccepted(world, gateway, [route], 'TCPRoute')
    const port = portOf(world, gateway)
    connections(world, gateway, [[{ port }, 'gateway-conformance-web-backend/tcp-reference-grant-backend']])
    await world.remove('ReferenceGrant', 'gateway-conformance-web-backend/tcp-reference-grant')
    routeHas(world, ['TCPRoute', route], ['Gateway', gateway], 'ResolvedRefs=False/RefNotPermitted')
    connections(world, gateway, [[{ port }, 'closed']])
  },
  TCPRouteWeightedRouting: (world) => {
    const gateway = 'tcp-weighted-gateway'
    areAccepted(world, gateway, ['tcp-weighted-route'], 'TCPRoute')
    connections(world, gateway, [
      [{ port: portOf(world, gateway) }, { to: { 'tcp-backend-v1': 0.7, 'tcp-backend-v2': 0.3 } }],
    ])
  },
}

/** The port of a Gateway with one listener. */
function portOf(world: World, gateway: string): number {
  const [bind] = world.proxy(gateway).resources.flatMap((resource) => (resource.kind === 'bind' ? [resource.bind] : []))
  return bind?.port ?? 0
}

const PASSTHROUGH = 'tls-passthrough'
const TERMINATE = 'tls-terminate'

/** Expectations of the tests of TLSRoutes. */
export const tlsRoutes: Checks = {
  TLSRouteHostnameIntersection: (world) => {
    const exact = { port: 443, sni: 'abc.example.com' }
    const other = { port: 443, sni: 'other.example.com' }
    const rows = [
      ['exact-hostname-x-1', ['more-specific-wc-hostname-x-1'], false],
      ['more-specific-wc-hostname-x-2', ['exact-hostname-x-2', 'less-specific-wc-hostname-x-2'], true],
      ['less-specific-wc-hostname-x-3', ['exact-hostname-x-3', 'more-specific-wc-hostname-x-3'], true],
      ['empty-hostname-x-4', ['exact-hostname-x-4', 'less-specific-wc-hostname-x-4'], true],
    ] as const
    for (const [name, routes, isWild] of rows) {
      const gateway = `gw-tlsroute-${name}`
      for (const route of routes) {
        tlsAccepted(world, gateway, `tlsroute-${route}`)
        routeHas(world, ['TLSRoute', `tlsroute-${route}`], ['Gateway', gateway], 'ResolvedRefs=True/ResolvedRefs')
      }
      connections(world, gateway, [
        [exact, 'tls-backend'],
        ...(isWild ? [[other, 'tls-backend-2'] as const] : []),
        [{ port: 443, sni: name.startsWith('empty') ? 'non.matching.org' : 'non.matching.com' }, 'closed'],
      ])
    }
  },
  TLSRouteInvalidBackendRefNonexistent: (world) => isClosed(world, 'nonexistent', 'BackendNotFound'),
  TLSRouteInvalidBackendRefUnknownKind: (world) => isClosed(world, 'unknown-kind', 'InvalidKind'),
  TLSRouteInvalidNoMatchingListenerHostname: (world) => {
    for (const [route, gateway] of [
      ['tlsroute-hostname-mismatch-1', 'gateway-tls-exact-hostname'],
      ['tlsroute-hostname-mismatch-2', 'gateway-tls-wildcard-hostname'],
    ] as const) {
      routeHas(world, ['TLSRoute', route], ['Gateway', gateway], 'Accepted=False/NoMatchingListenerHostname')
      isAcceptedNowhere(world, ['TLSRoute', route])
      hasNoRoutes(world, gateway)
    }
  },
  TLSRouteInvalidNoMatchingListener: (world) => {
    for (const [route, gateway, reason] of [
      ['not-allowed-protocol-http', 'http-only', 'NotAllowedByListeners'],
      ['not-allowed-protocol-https', 'https-only', 'NotAllowedByListeners'],
      ['no-matching-section-name', 'tls-passthrough-only', 'NoMatchingParent'],
    ] as const) {
      const named: Named = ['TLSRoute', `tlsroute-${route}`]
      routeHas(world, named, ['Gateway', `gateway-tlsroute-${gateway}`], `Accepted=False/${reason}`)
      isAcceptedNowhere(world, named)
    }
    hasNoRoutes(world, 'gateway-tlsroute-http-only')
    hasNoRoutes(world, 'gateway-tlsroute-https-only')
  },
  TLSRouteInvalidReferenceGrant: (world) => {
    const [route, gateway] = ['gateway-conformance-infra-test', 'gateway-tlsroute-referencegrant']
    tlsAccepted(world, gateway, route)
    routeHas(world, ['TLSRoute', route], ['Gateway', gateway], 'ResolvedRefs=False/RefNotPermitted')
  },
  TLSRouteListenerPassthroughSupportedKinds: (world) =>
    hasListeners(world, ['Gateway', 'gateway-tlsroute-passthrough-supported-kind'], {
      [PASSTHROUGH]: { kinds: ['TLSRoute'], routes: 0, has: ['ResolvedRefs=False/InvalidRouteKinds'] },
    }),
  TLSRouteListenerTerminateSupportedKinds: (world) =>
    hasListeners(world, ['Gateway', 'gateway-tlsroute-terminate-supported'], {
      [TERMINATE]: { kinds: ['TLSRoute'], routes: 0, has: ['Accepted=True/Accepted'] },
    }),
  TLSRouteMixedTerminationSameNamespace: (world) => {
    const gateway = 'gateway-tlsroute-mixed-termination'
    const route = 'gateway-conformance-mixed'
    tlsAccepted(world, gateway, `${route}-terminateroute`, `${route}-passthroughroute`)
    const one = { kinds: ['TLSRoute'], routes: 1, has: ['Accepted=True/Accepted'] }
    hasListeners(world, ['Gateway', gateway], { [TERMINATE]: one, [PASSTHROUGH]: one })
    connections(world, gateway, [
      [
        { port: 8883, sni: 'tls.example.com' },
        { to: 'tcp-backend', port: 3000, terminated: true },
      ],
      [
        { port: 8883, sni: 'abc.example.com' },
        { to: 'tcp-backend', port: 8443, terminated: false },
      ],
    ])
  },
  TLSRouteSimpleSameNamespace: (world) => {
    tlsAccepted(world, 'gateway-tlsroute', 'gateway-conformance-infra-test')
    connections(world, 'gateway-tlsroute', [
      [
        { port: 443, sni: 'abc.example.com' },
        { to: 'tcp-backend', port: 8443, terminated: false },
      ],
    ])
  },
  TLSRouteTerminateSimpleSameNamespace: (world) => {
    tlsAccepted(world, 'gateway-tlsroute-terminate', 'tlsroute-terminated-test')
    connections(world, 'gateway-tlsroute-terminate', [
      [
        { port: 8443, sni: 'tls.example.com' },
        { to: 'tcp-backend', port: 3000, terminated: true },
      ],
    ])
  },
}

function isClosed(world: World, what: string, reason: string): void {
  const [route, gateway] = [`invalid-backend-ref-${what}`, `gateway-tlsroute-invalid-backend-ref-${what}`]
  tlsAccepted(world, gateway, route)
  routeHas(world, ['TLSRoute', route], ['Gateway', gateway], `ResolvedRefs=False/${reason}`)
  connections(world, gateway, [[{ port: 443, sni: 'example.com' }, 'closed']])
}

// What the suite asserts about where HTTPRoutes attach and which rule a request meets.

import assert from 'node:assert/strict'
import type { EndpointSlice } from '../../src/kube/core-types.ts'
import type { HttpRoute } from '../../src/kube/route-types.ts'
import {
  type Asked,
  areAccepted,
  areServed,
  type Checks,
  type Expected,
  hasListeners,
  hasNoRoutes,
  isAcceptedNowhere,
  type Named,
  requests,
  routeHas,
} from './checks.ts'
import { endpointsOf, servicesOf } from './proxy-view.ts'
import { APP, INFRA, podOf, WEB, type World } from './world.ts'

const V1 = 'infra-backend-v1'
const V2 = 'infra-backend-v2'
const V3 = 'infra-backend-v3'
const SAME = 'same-namespace'

/** A route is served by the Gateway of the base, and these requests go this way. */
function serves(world: World, route: string, rows: readonly (readonly [Asked, Expected])[]): void {
  areServed(world, SAME, [route])
  requests(world, SAME, rows)
}

function withHeaders(headers: Readonly<Record<string, string>>, to = '/'): Asked {
  return { to, headers }
}

/** Routes that a Gateway must refuse; there may be no others on it. */
function isRefused(world: World, route: string, gateway: string, reason: string): void {
  const named: Named = ['HTTPRoute', route]
  routeHas(world, named, ['Gateway', gateway], `Accepted=False/${reason}`)
  isAcceptedNowhere(world, named)
  hasNoRoutes(world, gateway)
}

/** A route is accepted but refers to something it may not have; its requests fail. */
function isUnresolved(
  world: World,
  route: string,
  reason: string,
  rows: readonly (readonly [Asked, Expected])[],
): void {
  areAccepted(world, SAME, [route])
  routeHas(world, ['HTTPRoute', route], ['Gateway', SAME], `ResolvedRefs=False/${reason}`)
  requests(world, SAME, rows)
}

/** Expectations of the tests of HTTPRoutes' attachment and matching. */
export const httpMatching: Checks = {
  HTTPRouteSimpleSameNamespace: (world) => serves(world, 'gateway-conformance-infra-test', [['/', V1]]),
  HTTPRouteCrossNamespace: (world) => {
    areServed(world, 'backend-namespaces', [`${WEB}/cross-namespace`])
    requests(world, 'backend-namespaces', [['/', `${WEB}/web-backend`]])
  },
  HTTPRouteDisallowedKind: (world) => {
    const gateway = 'tlsroutes-only'
    routeHas(world, ['HTTPRoute', 'disallowed-kind'], ['Gateway', gateway], 'ResolvedRefs=True/ResolvedRefs')
    isRefused(world, 'disallowed-kind', gateway, 'NotAllowedByListeners')
  },
  HTTPRouteInvalidCrossNamespaceParentRef: (world) => {
    const route = `${WEB}/invalid-cross-namespace-parent-ref`
    routeHas(world, ['HTTPRoute', route], ['Gateway', SAME], 'ResolvedRefs=True/ResolvedRefs')
    isRefused(world, route, SAME, 'NotAllowedByListeners')
  },
  HTTPRouteInvalidParentRefNotMatchingListenerPort: (world) => {
    const route = 'httproute-listener-not-matching-route-port'
    routeHas(world, ['HTTPRoute', route], ['Gateway', SAME], 'ResolvedRefs=True/ResolvedRefs')
    isRefused(world, route, SAME, 'NoMatchingParent')
  },
  HTTPRouteInvalidParentRefNotMatchingSectionName: (world) =>
    isRefused(world, 'httproute-listener-not-matching-section-name', SAME, 'NoMatchingParent'),
  HTTPRouteInvalidParentRefSectionNameNotMatchingPort: (world) =>
    isRefused(
      world,
      'httproute-listener-section-name-not-matching-port',
      'gateway-with-one-not-matching-port-and-section-name-route',
      'NoMatchingParent',
    ),
  HTTPRouteInvalidBackendRefUnknownKind: (world) =>
    isUnresolved(world, 'invalid-backend-ref-unknown-kind', 'InvalidKind', [['/v2', 500]]),
  HTTPRouteInvalidCrossNamespaceBackendRef: (world) =>
    isUnresolved(world, 'invalid-cross-namespace-backend-ref', 'RefNotPermitted', [['/', 500]]),
  HTTPRouteInvalidNonExistentBackendRef: (world) =>
    isUnresolved(world, 'invalid-nonexistent-backend-ref', 'BackendNotFound', [['/', 500]]),
  HTTPRouteInvalidReferenceGrant: (world) => isUnresolved(world, 'reference-grant', 'RefNotPermitted', [['/', 500]]),
  HTTPRoutePartiallyInvalidViaInvalidReferenceGrant: (world) =>
    isUnresolved(world, 'invalid-reference-grant', 'RefNotPermitted', [
      ['/v2', 500],
      ['/', `${APP}/app-backend-v1`],
    ]),
  HTTPRouteReferenceGrant: async (world) => {
    serves(world, 'reference-grant', [['/', `${WEB}/web-backend`]])
    await world.remove('ReferenceGrant', `${WEB}/reference-grant`)
    requests(world, SAME, [['/', 500]])
  },
  HTTPRouteNoBackendRefs: (world) =>
    serves(world, 'omitted-backendrefs', [
      ['/forward', V1],
      ['/omitted-no-forward', 500],
      ['/empty-no-forward', 500],
    ]),
  HTTPRouteObservedGenerationBump: async (world) => {
    const route: Named = ['HTTPRoute', 'observed-generation-bump']
    routeHas(world, route, ['Gateway', SAME])
    await world.edit<HttpRoute>(...route, (object) => {
      const [rule] = object.spec?.rules ?? []
      const [backend] = rule?.backendRefs ?? []
      if (backend === undefined) return object
      return { ...object, spec: { ...object.spec, rules: [{ ...rule, backendRefs: [{ ...backend, name: V2 }] }] } }
    })
    routeHas(world, route, ['Gateway', SAME], 'Accepted=True', 'ResolvedRefs=True/ResolvedRefs')
  },
  HTTPRouteNamedRule: (world) =>
    serves(world, 'http-named-rules', [
      ['/named', { to: V1, rule: 'named-rule' }],
      ['/unnamed', V2],
    ]),
  HTTPRouteMultipleGateways: (world) => {
    for (const [gateway, backend] of [
      [SAME, V2],
      ['all-namespaces', V3],
    ] as const) {
      areAccepted(world, gateway, ['multiple-gateways-shared-route', `${gateway}-dedicated-route`])
      requests(world, gateway, [
        ['/shared', V1],
        ['/', backend],
      ])
    }
  },
  HTTPRouteServiceTypes: async (world) => {
    const services = ['manual-endpointslices', 'headless-manual-endpointslices', 'headless']
    areServed(world, SAME, ['service-types'])
    requests(
      world,
      SAME,
      services.map((service) => [`/${service}`, service] as const),
    )
    await reachPods(world, services)
  },
  HTTPRouteBackendProtocolH2C: (world) => {
    areAccepted(world, SAME, ['backend-protocol-h2c'])
    requests(world, SAME, [['/', V1]])
    assert.equal(protocolOf(world, 8081), 'HTTP2')
  },
  HTTPRouteBackendProtocolWebSocket: (world) => {
    areAccepted(world, SAME, ['backend-protocol-ws'])
    requests(world, SAME, [['/ws', V1]])
    assert.notEqual(protocolOf(world, 8082), 'HTTP2')
  },
  HTTPRouteExactPathMatching: (world) =>
    serves(world, 'exact-matching', [
      ['/one', V1],
      ['/two', V2],
      ['/', 404],
      ['/one/example', 404],
      ['/two/', 404],
      ['/Two', 404],
    ]),
  HTTPRouteHeaderMatching: (world) =>
    serves(world, 'header-matching', [
      [withHeaders({ Version: 'one' }), V1],
      [withHeaders({ Version: 'two' }), V2],
      [withHeaders({ Version: 'two', Color: 'orange' }), V1],
      [withHeaders({ Version: 'two', Color: 'blue' }), V2],
      [withHeaders({ Color: 'orange' }), 404],
      [withHeaders({ 'Some-Other-Header': 'one' }), 404],
      [withHeaders({ Color: 'blue' }), V1],
      [withHeaders({ Color: 'green' }), V1],
      [withHeaders({ Color: 'red' }), V2],
      [withHeaders({ Color: 'yellow' }), V2],
      [withHeaders({ Color: 'purple' }), 404],
    ]),
  HTTPRouteMatching: (world) =>
    serves(world, 'matching', [
      ['/', V1],
      ['/example', V1],
      [withHeaders({ Version: 'one' }), V1],
      ['/v2', V2],
      ['/v2/example', V2],
      [withHeaders({ Version: 'two' }), V2],
      ['/v2/', V2],
      ['/v2example', V1],
      ['/foo/v2/example', V1],
    ]),
  HTTPRouteMatchingAcrossRoutes: (world) => {
    areServed(world, SAME, ['matching-part1', 'matching-part2'])
    requests(world, SAME, [
      ['example.com/', V1],
      ['example.com/example', V1],
      ['example.net/example', V1],
      [withHeaders({ Version: 'one' }, 'example.com/example'), V1],
      ['example.com/v2', V2],
      ['example.net/v2', V1],
      ['example.com/v2/example', V2],
      [withHeaders({ Version: 'two' }, 'example.com/'), V2],
    ])
  },
  HTTPRouteMethodMatching: (world) =>
    serves(world, 'method-matching', [
      ['POST /', V1],
      ['GET /', V2],
      ['HEAD /', 404],
      ['GET /path1', V1],
      [withHeaders({ version: 'one' }, 'PUT /'), V2],
      [withHeaders({ version: 'two' }, 'POST /path2'), V3],
      ['PATCH /path3', V1],
      [withHeaders({ version: 'three' }, 'DELETE /path4'), V1],
      ['PUT /', 404],
      ['DELETE /path4', 404],
      ['PATCH /path5', V1],
      [withHeaders({ version: 'four' }, 'PATCH /'), V2],
    ]),
  HTTPRouteQueryParamMatching: (world) =>
    serves(world, 'query-param-matching', [
      ['/?animal=whale', V1],
      ['/?animal=dolphin', V2],
      ['/?animal=dolphin&color=blue', V3],
      ['/?ANIMAL=Whale', V3],
      ['/?animal=whale&otherparam=irrelevant', V1],
      ['/?animal=dolphin&color=yellow', V2],
      ['/?color=blue', 404],
      ['/?animal=dog', 404],
      ['/?animal=whaledolphin', 404],
      ['/', 404],
      ['/path1?animal=whale', V1],
      [withHeaders({ version: 'one' }, '/?animal=whale'), V2],
      [withHeaders({ version: 'two' }, '/path2?animal=whale'), V3],
      ['/path3?animal=shark', V1],
      [withHeaders({ version: 'three' }, '/path4?animal=kraken'), V1],
      ['/?animal=shark', 404],
      ['/path4?animal=kraken', 404],
      ['/path5?animal=hydra', V1],
      [withHeaders({ version: 'four' }, '/?animal=hydra'), V3],
    ]),
  HTTPRoutePathMatchOrder: (world) =>
    serves(world, 'path-matching-order', [
      ['/match/exact/one', V3],
      ['/match/exact', V2],
      ['/match', V1],
      ['/match/prefix/one/any', V2],
      ['/match/prefix/any', V1],
      ['/match/any', V3],
    ]),
  HTTPRouteListenerHostnameMatching: (world) => {
    const gateway = 'httproute-listener-hostname-matching'
    areServed(world, gateway, ['backend-v1', 'backend-v2', 'backend-v3'])
    requests(world, gateway, [
      ['bar.com/', V1],
      ['foo.bar.com/', V2],
      ['baz.bar.com/', V3],
      ['boo.bar.com/', V3],
      ['multiple.prefixes.bar.com/', V3],
      ['multiple.prefixes.foo.com/', V3],
      ['foo.com/', 404],
      ['no.matching.host/', 404],
    ])
  },
  HTTPRouteListenerPortMatching: (world) => {
    const gateway = 'httproute-listener-port-matching'
    areServed(world, gateway, ['backend-v1', 'backend-v2', 'backend-v3'])
    requests(world, gateway, [
      ['foo.com/', V1],
      [{ to: 'foo.com:8080/', port: 8080 }, V2],
      [{ to: 'bar.com:8080/', port: 8080 }, V2],
      [{ to: 'foo.com:8090/', port: 8090 }, V3],
      [{ to: 'bar.com:8090/', port: 8090 }, 404],
    ])
  },
  HTTPRouteHostnameIntersection: (world) => {
    const gateway = 'httproute-hostname-intersection'
    areServed(world, gateway, [
      'specific-host-matches-listener-specific-host',
      'specific-host-matches-listener-wildcard-host',
      'wildcard-host-matches-listener-specific-host',
      'wildcard-host-matches-listener-wildcard-host',
    ])
    requests(world, gateway, [
      ['very.specific.com/s1', V1],
      ['very.specific.com:1234/s1', V1],
      ['non.matching.com/s1', 404],
      ['foo.nonmatchingwildcard.io/s1', 404],
      ['foo.wildcard.io/s1', 404],
      ['very.specific.com/non-matching-prefix', 404],
      ['foo.wildcard.io/s2', V2],
      ['bar.wildcard.io/s2', V2],
      ['foo.bar.wildcard.io/s2', V2],
      ['non.matching.com/s2', 404],
      ['wildcard.io/s2', 404],
      ['very.specific.com/s2', 404],
      ['foo.wildcard.io/non-matching-prefix', 404],
      ['very.specific.com/s3', V3],
      ['non.matching.com/s3', 404],
      ['foo.specific.com/s3', 404],
      ['foo.wildcard.io/s3', 404],
      ['foo.anotherwildcard.io/s4', V1],
      ['bar.anotherwildcard.io/s4', V1],
      ['foo.bar.anotherwildcard.io/s4', V1],
      ['anotherwildcard.io/s4', 404],
      ['foo.wildcard.io/s4', 404],
      ['very.specific.com/s4', 404],
      ['foo.anotherwildcard.io/non-matching-prefix', 404],
      ['specific.but.wrong.com/s5', 404],
      ['wildcard.io/s5', 404],
    ])
    const none: Named = ['HTTPRoute', 'no-intersecting-hosts']
    routeHas(world, none, ['Gateway', gateway], 'Accepted=False/NoMatchingListenerHostname')
    const has = ['Accepted=True', 'ResolvedRefs=True']
    hasListeners(world, ['Gateway', gateway], {
      'listener-1': { kinds: ['HTTPRoute'], routes: 2, has },
      'listener-2': { kinds: ['HTTPRoute'], routes: 1, has },
      'listener-3': { kinds: ['HTTPRoute'], routes: 1, has },
    })
    const all = 'httproute-hostname-intersection-all'
    areServed(world, all, [all])
    requests(world, all, [
      ['first.com/', V2],
      ['sub.first.com/', V2],
      ['second.com/', V2],
      ['sub.second.com/', V2],
      ['third.com/', 404],
      ['sub.third.com/', 404],
    ])
  },
}

function protocolOf(world: World, port: number): string | undefined {
  const service = servicesOf(world.proxy(SAME)).find(({ name, namespace }) => name === V1 && namespace === INFRA)
  const found = service?.ports?.find(({ servicePort }) => servicePort === port)
  assert.ok(found !== undefined, `port ${port} of ${V1} is unknown to proxies`)
  return found.appProtocol
}

/** The suite points slices of its own at the pods of a backend; a selector is followed by Kubernetes itself. */
async function reachPods(world: World, services: readonly string[]): Promise<void> {
  const pods = [podOf(V1, '10.0.0.1'), podOf(V1, '10.0.0.2')]
  await world.apply(pods)
  const endpoints = pods.map(({ metadata, status }) => ({
    addresses: [status?.podIP ?? ''],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: 'node',
    targetRef: {
      kind: 'Pod',
      name: metadata.name,
      namespace: INFRA,
      uid: world.object('Pod', metadata.name)?.metadata.uid ?? '',
    },
  }))
  const slices = services.map((service): EndpointSlice => {
    const name = service.includes('manual') ? `${service}-ip4` : `${service}-made-by-kubernetes`
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, namespace: INFRA, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports: [{ name: 'first-port', port: 3000, protocol: 'TCP' }],
      endpoints,
    }
  })
  await world.apply(slices)
  const expected = ['10.0.0.1', '10.0.0.2'].map((ip) => Buffer.from(ip.split('.').map(Number)).toString('base64'))
  for (const service of services) {
    const found = endpointsOf(world.proxy(SAME), `${INFRA}/${service}.${INFRA}.svc.cluster.local`)
    assert.deepEqual(found.toSorted(), expected, service)
  }
}

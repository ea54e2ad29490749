// What the suite asserts about ListenerSets: who may attach one, conflicts, and routes that name them.

import assert from 'node:assert/strict'
import {
  areAccepted,
  areAcceptedBy,
  type Checks,
  FINE,
  hasConditions,
  hasListeners,
  type Named,
  requests,
  routeHas,
} from './checks.ts'
import type { World } from './world.ts'

const V1 = 'infra-backend-v1'
const V2 = 'infra-backend-v2'
const V3 = 'infra-backend-v3'
const HTTP = ['HTTPRoute'] as const

function attachesSets(world: World, gateway: string, count: number): void {
  hasConditions(world, ['Gateway', gateway], 'Accepted=True')
  assert.equal(world.status('Gateway', gateway).attachedListenerSets, count, `attachedListenerSets of ${gateway}`)
}

function isAllowed(world: World, name: string, ...listeners: readonly string[]): void {
  const named: Named = ['ListenerSet', name]
  hasConditions(world, named, 'Accepted=True/Accepted', 'Programmed=True/Programmed')
  hasListeners(world, named, Object.fromEntries(listeners.map((each) => [each, { has: FINE }])), { all: false })
}

function isNotAllowed(world: World, name: string): void {
  hasConditions(world, ['ListenerSet', name], 'Accepted=False/NotAllowed', 'Programmed=False/NotAllowed')
}

/** Two sets conflict with the Gateway and two with a set, of each pair one in some entries and one in all. */
function conflicts(world: World, what: 'hostname' | 'protocol', reason: string): void {
  const gateway = `gateway-with-listenerset-${what}-conflict`
  const [withGateway, withSet] = [
    `${what}-conflict-with-gateway-listener`,
    `${what}-conflict-with-listener-set-listener`,
  ]
  const conflicted = { has: [`Accepted=False/${reason}`, `Programmed=False/${reason}`, `Conflicted=True/${reason}`] }
  const fine = { has: FINE }
  attachesSets(world, gateway, 2)
  hasListeners(world, ['Gateway', gateway], { 'gateway-listener': fine, [withGateway]: fine }, { all: false })
  const sets: readonly (readonly [string, Parameters<typeof hasListeners>[2], boolean])[] = [
    ['gateway-1', { 'listener-set-1-listener': fine, [withGateway]: conflicted, [withSet]: fine }, true],
    ['gateway-2', { [withGateway]: conflicted }, false],
    ['listener-set-1', { 'listener-set-2-listener': fine, [withSet]: conflicted }, true],
    ['listener-set-2', { [withSet]: conflicted }, false],
  ]
  for (const [name, listeners, isServed] of sets) {
    const named: Named = ['ListenerSet', `listenerset-with-${what}-conflict-with-${name}`]
    const bad = ['Accepted=False/ListenersNotValid', 'Programmed=False/ListenersNotValid']
    hasConditions(world, named, ...(isServed ? ['Accepted=True', 'Programmed=True/Programmed'] : bad))
    hasListeners(world, named, listeners, { all: false })
  }
}

/** Expectations of the tests of ListenerSets. */
export const listenerSets: Checks = {
  ListenerSetAllowedNamespaceNone: (world) => {
    attachesSets(world, 'gateway-does-not-allow-listenerset', 0)
    isNotAllowed(world, 'listenerset-not-allowed')
  },
  ListenerSetDefaultNotAllowed: (world) => {
    attachesSets(world, 'gateway-default-does-not-allow-listenerset', 0)
    isNotAllowed(world, 'listenerset-default-not-allowed')
  },
  ListenerSetAllowedNamespaceSame: (world) => {
    attachesSets(world, 'gateway-allows-listenerset-in-same-namespace', 1)
    isAllowed(world, 'listenerset-in-same-namespace', 'listenerset-in-same-namespace-listener')
    isNotAllowed(world, 'gateway-api-listenerset-not-allowed-ns/listenerset-in-different-namespace')
  },
  ListenerSetAllowedNamespaceSelector: (world) => {
    attachesSets(world, 'gateway-allows-listenerset-in-selected-namespace', 1)
    isAllowed(
      world,
      'gateway-api-listenerset-selector-allowed-ns/listenerset-in-selected-namespace',
      'listenerset-in-selected-namespace-listener',
    )
    isNotAllowed(world, 'gateway-api-listenerset-selector-not-allowed-ns/listenerset-not-in-selected-namespace')
  },
  ListenerSetAllowedRoutesNamespaces: (world) => {
    const gateway = 'gateway-with-listener-sets-test-allowed-routes'
    attachesSets(world, gateway, 2)
    const set: Named = ['ListenerSet', 'listenerset-test-allowed-routes-namespaces']
    areAcceptedBy(world, set, [
      'route-in-same-namespace',
      'gateway-api-routes-allowed-ns/route-in-selected-namespace',
      'gateway-api-routes-not-allowed-ns/route-not-in-selected-namespace',
    ])
    const prefix = 'listener-set-listener-allowed-routes'
    const listener = (routes: number) => ({ kinds: HTTP, routes, has: FINE })
    hasListeners(world, set, {
      [`${prefix}-all`]: listener(3),
      [`${prefix}-same`]: listener(1),
      [`${prefix}-selector`]: listener(1),
    })
    const [same, selected, other] = [
      '/route-in-same-namespace',
      '/route-in-selected-namespace',
      '/route-not-in-selected-namespace',
    ]
    requests(world, gateway, [
      [`${prefix}-all.com${same}`, V1],
      [`${prefix}-all.com${selected}`, V2],
      [`${prefix}-all.com${other}`, V3],
      [`${prefix}-same.com${same}`, V1],
      [`${prefix}-same.com${selected}`, 404],
      [`${prefix}-same.com${other}`, 404],
      [`${prefix}-selector.com${same}`, 404],
      [`${prefix}-selector.com${selected}`, V2],
      [`${prefix}-selector.com${other}`, 404],
    ])
    const cross: Named = ['ListenerSet', 'gateway-api-ls-cross-ns/listenerset-test-allowed-routes-cross-ns']
    areAcceptedBy(world, cross, ['gateway-api-ls-cross-ns/route-in-listenerset-namespace'])
    routeHas(world, ['HTTPRoute', 'route-in-gateway-namespace'], cross, 'Accepted=False/NotAllowedByListeners')
    hasListeners(world, cross, { [`${prefix}-cross-ns-same`]: listener(1) })
    requests(world, gateway, [
      [`${prefix}-cross-ns-same.com/route-in-listenerset-namespace`, V1],
      [`${prefix}-cross-ns-same.com/route-in-gateway-namespace`, 404],
    ])
  },
  ListenerSetAllowedRoutesSupportedKinds: (world) => {
    hasConditions(world, ['Gateway', 'gateway-with-listener-sets-test-supported-route-kinds'], 'Accepted=True')
    hasListeners(
      world,
      ['ListenerSet', 'listenerset-test-allowed-routes-supported-kinds'],
      { 'listener-set-listener-allowed-routes-tls-only': { has: ['ResolvedRefs=False/InvalidRouteKinds'] } },
      { all: false },
    )
  },
  ListenerSetDualParentRefIndependence: (world) => {
    const gateway: Named = ['Gateway', 'gateway-dual-parentref']
    const set: Named = ['ListenerSet', 'ls-dual-parentref']
    attachesSets(world, gateway[1], 1)
    hasListeners(world, set, { 'ls-dual-parentref-listener': { kinds: HTTP, routes: 2, has: FINE } })
    const [both, one]: readonly Named[] = [
      ['HTTPRoute', 'route-dual-parentref-both'],
      ['HTTPRoute', 'route-dual-parentref-one'],
    ]
    if (both === undefined || one === undefined) return
    routeHas(world, both, gateway, 'Accepted=True')
    routeHas(world, both, set, 'Accepted=True')
    routeHas(world, one, gateway, 'Accepted=False/NoMatchingParent')
    areAcceptedBy(world, set, [one[1]])
    requests(world, gateway[1], [
      ['gw-dual.com/dualboth', V1],
      ['ls-dual.com/dualboth', V1],
      ['ls-dual.com/dualone', V2],
      ['gw-dual.com/dualone', 404],
    ])
  },
  ListenerSetGatewayParentSectionNameNotFound: (world) => {
    const gateway: Named = ['Gateway', 'gateway-section-name']
    attachesSets(world, gateway[1], 1)
    areAcceptedBy(world, ['ListenerSet', 'listenerset-section-name'], ['route-via-listenerset'])
    routeHas(world, ['HTTPRoute', 'route-via-gateway'], gateway, 'Accepted=False/NoMatchingParent')
    requests(world, gateway[1], [
      ['ls-section-name.com/goodsection', V1],
      ['gw-section.com/badsection', 404],
    ])
  },
  ListenerSetHostnameConflict: (world) => conflicts(world, 'hostname', 'HostnameConflict'),
  ListenerSetProtocolConflict: (world) => conflicts(world, 'protocol', 'ProtocolConflict'),
  ListenerSetHTTPRouting: (world) => {
    const gateway = 'gateway-with-listener-sets-http-routing'
    const [first, second] = ['listener-set-http-routing-1', 'listener-set-http-routing-2']
    areAccepted(world, gateway, ['attaches-to-all-listeners', 'gateway-route', 'gateway-section-route'])
    attachesSets(world, gateway, 2)
    const listener = (routes: number) => ({ kinds: HTTP, routes, has: FINE })
    areAcceptedBy(
      world,
      ['ListenerSet', first],
      ['attaches-to-all-listeners', `${first}-route`, `${first}-section-route`],
    )
    hasListeners(world, ['ListenerSet', first], {
      [`${first}-listener-1`]: listener(3),
      [`${first}-listener-2`]: listener(2),
    })
    areAcceptedBy(world, ['ListenerSet', second], ['attaches-to-all-listeners', `${second}-route`])
    hasListeners(world, ['ListenerSet', second], {
      [`${second}-listener-1`]: listener(2),
      [`${second}-listener-2`]: listener(2),
    })
    const hosts = ['gateway-listener', `${first}-listener`, `${second}-listener`].flatMap((name) => [
      `${name}-1.com`,
      `${name}-2.com`,
    ])
    const reached: Readonly<Record<string, readonly [string, readonly string[]]>> = {
      '/route': [V1, hosts],
      '/gateway-route': [V2, hosts.slice(0, 2)],
      '/gateway-section-route': [V3, hosts.slice(0, 1)],
      [`/${first}-route`]: [V2, hosts.slice(2, 4)],
      [`/${first}-section-route`]: [V3, hosts.slice(2, 3)],
      [`/${second}-route`]: [V2, hosts.slice(4, 6)],
    }
    requests(
      world,
      gateway,
      Object.entries(reached).flatMap(([path, [backend, from]]) =>
        hosts.map((host) => [`${host}${path}`, from.includes(host) ? backend : 404] as const),
      ),
    )
  },
  ListenerSetReferenceGrant: (world) => {
    hasConditions(world, ['Gateway', 'gateway-with-listener-sets-test-reference-grant'], 'Accepted=True')
    const granted: Named = ['ListenerSet', 'listenerset-with-reference-grant']
    hasConditions(world, granted, 'Accepted=True', 'Programmed=True')
    hasListeners(
      world,
      granted,
      { 'listenerset-with-reference-grant-listener': { has: ['ResolvedRefs=True'] } },
      { all: false },
    )
    const namespace = 'gateway-api-listener-sets-test-reference-grant-ns'
    const refused: Named = ['ListenerSet', `${namespace}/listenerset-without-reference-grant`]
    hasConditions(world, refused, 'Accepted=False/ListenersNotValid', 'Programmed=False/ListenersNotValid')
    hasListeners(
      world,
      refused,
      { 'listenerset-without-reference-grant-listener': { has: ['ResolvedRefs=False/RefNotPermitted'] } },
      { all: false },
    )
  },
  ListenerSetRouteStatusScopedToParentRef: (world) => {
    const gateway: Named = ['Gateway', 'gateway-parentref']
    const set: Named = ['ListenerSet', 'listenerset-parentref']
    attachesSets(world, gateway[1], 1)
    hasListeners(world, set, { 'listenerset-parentref-listener': { kinds: HTTP, routes: 1, has: FINE } })
    routeHas(world, ['HTTPRoute', 'route-parentref-gwonly'], gateway, 'Accepted=True')
    areAcceptedBy(world, set, ['route-parentref-lsonly'])
    for (const name of ['route-parentref-gwonly', 'route-parentref-lsonly'])
      assert.equal(world.status('HTTPRoute', name).parents?.length, 1)
  },
}

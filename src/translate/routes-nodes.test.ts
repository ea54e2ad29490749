// Routes in the engine: keys, statuses, delegation, edges, and what a change costs.
import { expect, test } from 'vitest'
import { objectKey } from '../core/keys.ts'
import type { Source } from '../engine/collection.ts'
import { createGraph } from '../engine/graph.ts'
import type { KubeObject } from '../kube/object.ts'
import type { HttpRouteRule, ParentRef, RouteObject } from '../kube/route-types.ts'
import { resourceName } from '../wire/messages.ts'
import { permissionsOf } from './grants.ts'
import type { Translation } from './model.ts'
import type { ModelListener } from './model-rules.ts'
import { GATEWAY_GROUP, type RouteParent } from './parents.ts'
import { declareRoutes } from './routes-nodes.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type TranslateSettings } from './settings.ts'

function createWorld(settings: Partial<TranslateSettings> = {}) {
  const graph = createGraph()
  const source = <T>(name: string): Source<T> => graph.source<T>(`source/${name}`)
  const sources = {
    httproutes: source<RouteObject<HttpRouteRule>>('httproutes'),
    grpcroutes: source<RouteObject>('grpcroutes'),
    tcproutes: source<RouteObject>('tcproutes'),
    tlsroutes: source<RouteObject>('tlsroutes'),
    services: source<KubeObject>('services'),
    gateways: source<KubeObject>('gateways'),
    listenersets: source<KubeObject>('listenersets'),
    agentgatewaybackends: source<KubeObject>('agentgatewaybackends'),
    inferencepools: source<KubeObject>('inferencepools'),
    directresponses: source<KubeObject>('directresponses'),
    modelListeners: source<ModelListener>('modelListeners'),
    grants: source<KubeObject>('referencegrants'),
  }
  const parents = graph.source<RouteParent>('fact/parents', { owner: ({ owner }) => [objectKey(owner)] })
  const permissions = graph.derive({
    name: 'fact/permissions',
    from: sources.grants,
    reads: {},
    run: permissionsOf,
    key: ({ key }) => key,
    indexes: { permits: ({ permits }) => [permits] },
  })
  const routes = declareRoutes(
    graph,
    { ...sources, parents, permissions },
    { ...DEFAULT_TRANSLATE_SETTINGS, ...settings },
  )
  const translations = () => routes.translations.flatMap((collection) => collection.list())
  return {
    graph,
    sources,
    parents,
    routes,
    names: () =>
      translations()
        .flatMap(({ resources }) => resources)
        .map(({ gateway, resource }) => `${gateway} ${resourceName(resource)}`)
        .sort(),
    translation: (name: string) => translations().find(({ object }) => object.name === name),
    edges: () => routes.edges.flatMap((edges) => edges.list()).map(({ node, gateway }) => `${node} ${gateway}`),
    runs: () =>
      graph
        .stats()
        .filter(({ name }) => name.startsWith('translate/'))
        .reduce((sum, { runs }) => sum + runs, 0),
  }
}

type World = ReturnType<typeof createWorld>

function addListener(world: World, gateway: string, listener: string, changes: Partial<RouteParent> = {}): void {
  const [namespace = '', name = ''] = gateway.split('/')
  const owner = changes.owner ?? { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name }
  const key = `${objectKey(owner)}/${listener}`
  const kinds = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute']
  world.parents.set(key, {
    key,
    owner,
    gateway,
    listenerKey: `${owner.namespace}/${owner.name}.${listener}`,
    listener,
    port: 80,
    protocol: 'HTTP',
    hostname: undefined,
    allowedNamespaces: ['*'],
    supportedKinds: kinds.map((kind) => ({ group: GATEWAY_GROUP, kind })),
    order: 0,
    ...changes,
  })
}

interface Route {
  readonly parents?: readonly ParentRef[]
  readonly rules?: readonly HttpRouteRule[]
  readonly hostnames?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly created?: string
}

const GW = { name: 'gw', namespace: 'default' }
const WEB = { name: 'web', port: 80 }

function routeOf(kind: string, key: string, given: Route): RouteObject<HttpRouteRule> {
  const [namespace = '', name = ''] = key.split('/')
  return {
    apiVersion: `${GATEWAY_GROUP}/v1`,
    kind,
    metadata: {
      namespace,
      name,
      generation: 3,
      ...(given.labels && { labels: given.labels }),
      ...(given.created && { creationTimestamp: given.created }),
    },
    spec: {
      ...(given.parents && { parentRefs: given.parents }),
      ...(given.hostnames && { hostnames: given.hostnames }),
      rules: given.rules ?? [{ backendRefs: [WEB] }],
    },
  }
}

// Rules of HTTPRoutes do for all kinds here: what is tested is the frame around them.
function otherRouteOf(kind: string, key: string, given: Route): RouteObject {
  return routeOf(kind, key, given)
}

function addHttpRoute(world: World, key: string, given: Route): void {
  world.sources.httproutes.set(key, routeOf('HTTPRoute', key, given))
}

function addService(world: World, key: string): void {
  const [namespace = '', name = ''] = key.split('/')
  world.sources.services.set(key, { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name } })
}

function conditions(translation: Translation | undefined): readonly string[] {
  const body = translation?.status?.body
  if (body?.shape !== 'route') return []
  return body.parents.flatMap(({ ref, conditions }) =>
    conditions.map(
      ({ type, status, reason, message }) =>
        `${ref.kind}/${ref.name}${ref.sectionName ? `/${ref.sectionName}` : ''} ${type}=${status}/${reason}: ${message}`,
    ),
  )
}

test('every rule is sent once per listener, under keys that sort in rule order', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  addListener(world, 'default/gw', 'b')
  const owner = { group: GATEWAY_GROUP, kind: 'ListenerSet', namespace: 'apps', name: 'set' }
  addListener(world, 'default/gw', 'a', { owner })
  const set = { kind: 'ListenerSet', name: 'set', namespace: 'apps' }
  const parents = [GW, { ...GW, sectionName: 'a' }, set]
  addHttpRoute(world, 'apps/r', { parents, rules: [{}, {}] })
  await world.graph.commit()
  expect(world.names()).toEqual([
    'default/gw route/apps/r.00.a',
    'default/gw route/apps/r.00.apps.set.a',
    'default/gw route/apps/r.00.b',
    'default/gw route/apps/r.01.a',
    'default/gw route/apps/r.01.apps.set.a',
    'default/gw route/apps/r.01.b',
  ])
  expect(world.routes.attachments[0]?.list()).toHaveLength(3)
})

test('keys tell kinds apart, and those of streams begin with their age', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  const given = { parents: [GW], created: '1970-01-01T00:01:40Z' }
  addHttpRoute(world, 'apps/r', given)
  world.sources.grpcroutes.set('apps/r', otherRouteOf('GRPCRoute', 'apps/r', given))
  world.sources.tcproutes.set('apps/r', otherRouteOf('TCPRoute', 'apps/r', given))
  world.sources.tlsroutes.set('apps/r', otherRouteOf('TLSRoute', 'apps/r', given))
  world.sources.tcproutes.set('apps/new', otherRouteOf('TCPRoute', 'apps/new', { parents: [GW] }))
  await world.graph.commit()
  expect(world.names()).toEqual([
    'default/gw route/apps/r.00.a',
    'default/gw route/apps/r.00.grpc.a',
    'default/gw tcp_route/0000000100/apps/r.00.a',
    'default/gw tcp_route/0000000100/apps/r.00.tls.a',
    'default/gw tcp_route/apps/new.00.a',
  ])
})

test('a status has one entry per parentRef of ours, in order, and tells attachment and references apart', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a', { hostname: 'x.com' })
  addListener(world, 'default/gw', 'b')
  const parents = [{ name: 'elsewhere' }, { ...GW, sectionName: 'b' }, { ...GW, sectionName: 'a' }]
  addHttpRoute(world, 'default/r', { parents, hostnames: ['y.com'] })
  await world.graph.commit()
  const missing = 'backend(web.default.svc.cluster.local) not found'
  expect(conditions(world.translation('r'))).toEqual([
    'Gateway/gw/a Accepted=False/NoMatchingListenerHostname: no hostnames matched parent hostname "x.com"',
    `Gateway/gw/a ResolvedRefs=False/BackendNotFound: ${missing}`,
    'Gateway/gw/b Accepted=True/Accepted: ',
    `Gateway/gw/b ResolvedRefs=False/BackendNotFound: ${missing}`,
  ])
  expect(world.translation('r')?.status).toMatchObject({ generation: 3, apiVersion: `${GATEWAY_GROUP}/v1` })
  expect(world.translation('r')?.problems.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
    'spec.rules[0].backendRefs[0] BackendNotFound',
    'spec.parentRefs[0] NoMatchingParent',
    'spec.parentRefs[2] NoMatchingListenerHostname',
  ])
})

test('the last broken reference is told, unless something is written wrong: then the first of that', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  const broken = { name: 'gone', port: 1 }
  addHttpRoute(world, 'default/refs', { parents: [GW], rules: [{ backendRefs: [broken] }, { backendRefs: [WEB] }] })
  addHttpRoute(world, 'default/spec', {
    parents: [GW],
    rules: [
      { backendRefs: [broken] },
      { filters: [{ type: 'ExtensionRef' }, { type: 'Other' }] },
      { filters: [{ type: 'Other' }] },
    ],
  })
  await world.graph.commit()
  expect(conditions(world.translation('refs'))[1]).toBe(
    'Gateway/gw ResolvedRefs=False/BackendNotFound: backend(web.default.svc.cluster.local) not found',
  )
  expect(conditions(world.translation('spec'))[1]).toBe(
    'Gateway/gw ResolvedRefs=False/IncompatibleFilters: spec.rules[1].filters[0]: unsupported ExtensionRef: /',
  )
})

test('one refused rule leaves the others served and says so; a route of refused rules only is not partial', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  addService(world, 'default/web')
  const bad = { filters: [{ type: 'Other' }], backendRefs: [WEB] }
  addHttpRoute(world, 'default/half', { parents: [GW], rules: [{ backendRefs: [WEB] }, bad] })
  addHttpRoute(world, 'default/none', { parents: [GW], rules: [bad] })
  await world.graph.commit()
  const sent = world
    .translation('half')
    ?.resources.map(({ resource }) => (resource.kind === 'route' ? resource.route.backends?.length : undefined))
  expect(sent).toEqual([1, 0])
  expect(conditions(world.translation('half'))[2]).toBe(
    'Gateway/gw PartiallyInvalid=True/UnsupportedValue: Dropped Rule: spec.rules[1].filters[0]: unsupported filter type "Other"',
  )
  expect(conditions(world.translation('none'))).toHaveLength(2)
})

test('a route that is nobody of ours has an empty status and no problems with its rules', async () => {
  const world = createWorld()
  world.sources.gateways.set('default/foreign', {
    apiVersion: `${GATEWAY_GROUP}/v1`,
    kind: 'Gateway',
    metadata: { namespace: 'default', name: 'foreign' },
  })
  addHttpRoute(world, 'default/r', { parents: [{ name: 'foreign' }], rules: [{ filters: [{ type: 'Other' }] }] })
  await world.graph.commit()
  expect(world.translation('r')).toMatchObject({
    resources: [],
    problems: [],
    status: { body: { shape: 'route', parents: [] } },
  })
})

test('a root rule that serves models withdraws its route where models are attached directly', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  const key = `${GATEWAY_GROUP}/Gateway/default/gw/a`
  world.sources.modelListeners.set(key, { key })
  const models = { group: 'agentgateway.dev', kind: 'AgentgatewayModel', name: '*' }
  addHttpRoute(world, 'default/r', { parents: [GW], rules: [{ backendRefs: [models] }, { matches: [{}] }] })
  await world.graph.commit()
  expect(world.names()).toEqual([])
  expect(conditions(world.translation('r'))[1]).toBe(
    'Gateway/gw ResolvedRefs=False/ModelRoutingConflict: root model-serving HTTPRoute conflicts with directly attached models on listeners: default/gw.a',
  )
  world.sources.modelListeners.delete(key)
  await world.graph.commit()
  expect(world.names()).toEqual([
    'default/gw backend/default/r.00.a',
    'default/gw route/default/r.00.a',
    'default/gw route/default/r.01.a',
  ])
})

test('gateways need what rules, mirrors and auth filters refer to, whether or not it exists', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  const backend = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend' }
  const mirror = { type: 'RequestMirror', requestMirror: { backendRef: { ...backend, name: 'mirror' } } }
  const externalAuth = { protocol: 'GRPC', backendRef: { ...backend, name: 'auth', namespace: 'sec' } }
  addHttpRoute(world, 'default/r', {
    parents: [GW],
    rules: [
      { filters: [mirror, { type: 'ExternalAuth', externalAuth }], backendRefs: [WEB] },
      { backendRefs: [{ group: GATEWAY_GROUP, kind: 'HTTPRoute', name: 'child' }] },
    ],
  })
  addHttpRoute(world, 'default/denied', { parents: [{ ...GW, port: 9 }] })
  await world.graph.commit()
  expect(world.edges().sort()).toEqual([
    'AgentgatewayBackend/default/mirror default/gw',
    'AgentgatewayBackend/sec/auth default/gw',
    'HTTPRoute/default/r default/gw',
    'Service/default/web default/gw',
  ])
})

function delegate(name: string, namespace?: string): HttpRouteRule {
  return { backendRefs: [{ group: GATEWAY_GROUP, kind: 'HTTPRoute', name, ...(namespace && { namespace }) }] }
}

function parentRoute(key: string): ParentRef {
  const [namespace = '', name = ''] = key.split('/')
  return { group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace, name }
}

function grantDelegation(world: World, from: string, to: string, name?: string): void {
  world.sources.grants.set(`${to}/grant-${from}`, {
    apiVersion: `${GATEWAY_GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { namespace: to, name: `grant-${from}` },
    // A thin literal of the kind under test; sources hold raw JSON.
    ...{
      spec: {
        from: [{ group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace: from }],
        to: [{ group: GATEWAY_GROUP, kind: 'HTTPRoute', ...(name && { name }) }],
      },
    },
  })
}

test('children are selected by name, star and label', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  const rules = [delegate('one'), delegate('*'), delegate('team=a')]
  addHttpRoute(world, 'default/parent', { parents: [GW], rules })
  addHttpRoute(world, 'default/one', {})
  addHttpRoute(world, 'default/two', { labels: { team: 'a' } })
  await world.graph.commit()
  expect(world.names().filter((name) => name.includes('routegroup'))).toEqual([
    'default/gw route/default/one.00.routegroup.default.parent.default.one',
    'default/gw route/default/one.00.routegroup.default.parent.default.wildcard',
    'default/gw route/default/two.00.routegroup.default.parent.default.team=a',
    'default/gw route/default/two.00.routegroup.default.parent.default.wildcard',
  ])
})

test('a child names its parents and needs no grant, and then no grant makes it the child of others', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  for (const name of ['mine', 'other'])
    addHttpRoute(world, `default/${name}`, { parents: [GW], rules: [delegate('*', 'team')] })
  grantDelegation(world, 'default', 'team')
  addHttpRoute(world, 'team/child', { parents: [parentRoute('default/mine'), parentRoute('default/nobody')] })
  addService(world, 'team/web')
  await world.graph.commit()
  expect(world.names().filter((name) => name.includes('child'))).toEqual([
    'default/gw route/team/child.00.routegroup.default.mine.team.wildcard',
  ])
  expect(conditions(world.translation('child'))).toEqual([
    'HTTPRoute/mine Accepted=True/Accepted: ',
    'HTTPRoute/mine ResolvedRefs=True/ResolvedRefs: ',
    'HTTPRoute/nobody Accepted=False/NoMatchingParent: Parent HTTPRoute does not delegate to this route',
    'HTTPRoute/nobody ResolvedRefs=True/ResolvedRefs: ',
  ])
})

test.each([
  ['no grant', undefined, 'route', false],
  ['a grant to all', '', 'route', true],
  ['a grant by its real name', 'child', 'route', true],
  ['a grant to another', 'sibling', 'route', false],
  ['grants switched off', undefined, 'none', true],
] as const)('a parentless child in another namespace, with %s', async (_, grant, backendRefGrantMode, isServed) => {
  const world = createWorld({ backendRefGrantMode })
  addListener(world, 'default/gw', 'a')
  addHttpRoute(world, 'default/parent', { parents: [GW], rules: [delegate('*', 'team')] })
  addHttpRoute(world, 'team/child', {})
  if (grant !== undefined) grantDelegation(world, 'default', 'team', grant)
  await world.graph.commit()
  expect(world.names().some((name) => name.includes('child'))).toBe(isServed)
  const warnings = world.translation('child')?.problems.filter(({ severity }) => severity === 'warning')
  expect(warnings).toHaveLength(isServed ? 0 : 1)
})

test('nobody is the child of a route that no Gateway takes', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'http')
  addHttpRoute(world, 'default/parent', { parents: [{ ...GW, sectionName: 'no' }], rules: [delegate('*', 'team')] })
  addHttpRoute(world, 'team/child', { parents: [parentRoute('default/parent')] })
  await world.graph.commit()
  expect(world.translation('child')?.status?.body).toMatchObject({
    parents: [{ conditions: [{ type: 'Accepted', status: 'False', reason: 'NoMatchingParent' }, {}] }],
  })
})

test('a route with Gateway parents only is nobody’s child', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  addHttpRoute(world, 'default/parent', { parents: [GW], rules: [delegate('*')] })
  addHttpRoute(world, 'default/plain', { parents: [GW] })
  await world.graph.commit()
  expect(world.names()).toEqual(['default/gw route/default/parent.00.a', 'default/gw route/default/plain.00.a'])
})

test('grandchildren serve on the Gateways of the roots, and consent counts at every hop', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  addListener(world, 'default/other', 'a')
  const other = { name: 'other', namespace: 'default' }
  addHttpRoute(world, 'default/root', { parents: [GW, other], rules: [delegate('middle', 'team')] })
  addHttpRoute(world, 'team/middle', { parents: [parentRoute('default/root')], rules: [delegate('leaf', 'deep')] })
  addHttpRoute(world, 'deep/leaf', {})
  await world.graph.commit()
  const leaves = () => world.names().filter((name) => name.includes('leaf.00'))
  expect(leaves()).toEqual([])
  grantDelegation(world, 'team', 'deep')
  await world.graph.commit()
  expect(leaves()).toEqual([
    'default/gw route/deep/leaf.00.routegroup.team.middle.deep.leaf',
    'default/other route/deep/leaf.00.routegroup.team.middle.deep.leaf',
  ])
  expect(world.edges()).toContain('Service/deep/web default/other')
  expect(world.edges()).toContain('HTTPRoute/deep/leaf default/gw')
  world.sources.httproutes.delete('default/root')
  await world.graph.commit()
  expect(leaves()).toEqual([])
})

test('cycles of delegation end, and serve where a root leads in', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  addHttpRoute(world, 'default/a', { rules: [delegate('b'), delegate('a')] })
  addHttpRoute(world, 'default/b', { rules: [delegate('a')] })
  await world.graph.commit()
  expect(world.names()).toEqual([])
  addHttpRoute(world, 'default/root', { parents: [GW], rules: [delegate('a')] })
  await world.graph.commit()
  expect(world.names().filter((name) => name.includes('routegroup'))).toEqual([
    'default/gw route/default/a.00.routegroup.default.a.default.a',
    'default/gw route/default/a.00.routegroup.default.b.default.a',
    'default/gw route/default/a.00.routegroup.default.root.default.a',
    'default/gw route/default/a.01.routegroup.default.a.default.a',
    'default/gw route/default/a.01.routegroup.default.b.default.a',
    'default/gw route/default/a.01.routegroup.default.root.default.a',
    'default/gw route/default/b.00.routegroup.default.a.default.b',
  ])
  expect(world.graph.failures()).toEqual([])
})

test('a child keeps its hostnames, counts on no listener, and answers for its own references', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  addHttpRoute(world, 'default/parent', { parents: [GW], rules: [delegate('child')] })
  addHttpRoute(world, 'default/child', { parents: [parentRoute('default/parent')], hostnames: ['h.com'] })
  await world.graph.commit()
  const child = world.translation('child')
  expect(child?.resources.map(({ resource }) => resource)).toMatchObject([
    { route: { hostnames: ['h.com'], routeGroupKey: 'default/parent/default/child', backends: [{ weight: 1 }] } },
  ])
  expect(child?.resources[0]?.owners.map(({ name }) => name)).toEqual(['child', 'parent'])
  expect(world.routes.attachments[0]?.list().map(({ route }) => route.name)).toEqual(['parent'])
  expect(conditions(child)[1]).toMatch(/^HTTPRoute\/parent ResolvedRefs=False\/BackendNotFound/)
})

test('a change runs only the routes that it concerns', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a')
  for (let i = 0; i < 20; i++)
    addHttpRoute(world, `default/r${i}`, { parents: [GW], rules: [{ backendRefs: [{ name: `s${i}`, port: 80 }] }] })
  await world.graph.commit()
  const cost = async (change: () => void) => {
    const before = world.runs()
    change()
    await world.graph.commit()
    return world.runs() - before
  }
  expect(await cost(() => addService(world, 'default/s3'))).toBe(1)
  expect(await cost(() => addService(world, 'default/unrelated'))).toBe(0)
  expect(await cost(() => addHttpRoute(world, 'default/r5', { parents: [GW] }))).toBe(1)
  expect(await cost(() => addHttpRoute(world, 'default/new', { parents: [GW] }))).toBe(1)
  expect(await cost(() => addListener(world, 'default/gw', 'a', { order: 7 }))).toBe(0)
  expect(await cost(() => addListener(world, 'default/other', 'a'))).toBe(0)
})

test('what is sent does not depend on the order of arrival', async () => {
  const steps: readonly ((world: World) => void)[] = [
    (world) => addListener(world, 'default/gw', 'a'),
    (world) => addService(world, 'default/web'),
    (world) => addHttpRoute(world, 'default/parent', { parents: [GW], rules: [delegate('*'), { backendRefs: [WEB] }] }),
    (world) => addHttpRoute(world, 'default/child', { rules: [delegate('leaf', 'team')] }),
    (world) => addHttpRoute(world, 'team/leaf', {}),
    (world) => grantDelegation(world, 'default', 'team'),
  ]
  const forwards = createWorld()
  for (const step of steps) {
    step(forwards)
    await forwards.graph.commit()
  }
  const backwards = createWorld()
  for (const step of [...steps].reverse()) {
    step(backwards)
    await backwards.graph.commit()
  }
  const result = ({ routes }: World) => routes.translations.map((collection) => collection.list())
  expect(result(backwards)).toEqual(result(forwards))
  expect(forwards.names()).toHaveLength(4)
})

test('a hostname that is no text matches nothing instead of everything, and nothing throws', async () => {
  const world = createWorld()
  addListener(world, 'default/gw', 'a', { hostname: 'x.com' })
  // A manifest that no API server has checked.
  const hostnames = [5, {}] as unknown as readonly string[]
  addHttpRoute(world, 'default/r', { parents: [GW], hostnames })
  await world.graph.commit()
  expect(world.names()).toEqual([])
  expect(world.graph.failures()).toEqual([])
})

import { expect, test } from 'vitest'
import { encodeAddress, encodeResource } from '../../wire/encode.ts'
import type { XdsEntry } from '../../wire/entry.ts'
import { SHARED } from '../../wire/entry.ts'
import type {
  Backend,
  BackendPolicySpec,
  ModelRoute,
  Policy,
  Route,
  TrafficPolicySpec,
  WireAddress,
  WireResource,
} from '../../wire/messages.ts'
import { messageType } from '../../wire/proto.ts'
import { configDump } from './dump.ts'

const GATEWAY = 'mcp/mcp-gw'

function dumped(resources: readonly WireResource[], addresses: readonly WireAddress[] = []): Dump {
  const entry = (scope: string, encoded: XdsEntry['encoded']): XdsEntry => ({ scope, encoded, owners: [] })
  const dump = configDump({
    gateway: GATEWAY,
    resources: resources.map((resource) => entry(GATEWAY, encodeResource(resource))),
    addresses: addresses.map((address) => entry(SHARED, encodeAddress(address))),
    version: '1.2.3',
  })
  // As it is printed: members that are undefined are gone.
  return JSON.parse(JSON.stringify(dump)) as Dump
}

interface Dump {
  readonly workloads: readonly unknown[]
  readonly services: readonly {
    readonly endpoints: readonly { readonly active: object; readonly rejected: object }[]
  }[]
  readonly binds: readonly { readonly listeners: Readonly<Record<string, unknown>> }[]
  readonly routes: unknown
  readonly policies: readonly { readonly policy: unknown; readonly target: unknown }[]
  readonly backends: readonly unknown[]
  readonly models: readonly unknown[]
}

const bind: WireResource = { kind: 'bind', bind: { key: '8080/mcp/mcp-gw', port: 8080 } }
const listener: WireResource = {
  kind: 'listener',
  listener: {
    key: 'mcp/mcp-gw.http',
    bindKey: '8080/mcp/mcp-gw',
    name: { gatewayName: 'mcp-gw', gatewayNamespace: 'mcp', listenerName: 'http' },
    protocol: 'HTTP',
  },
}

function traffic(spec: TrafficPolicySpec): unknown {
  return policy({ traffic: spec, kind: 'traffic' }).policy
}

function backendPolicy(spec: BackendPolicySpec): unknown {
  return policy({ backend: spec, kind: 'backend' }).policy
}

function policy(content: Policy): Dump['policies'][number] {
  const target = { route: { name: 'r', namespace: 'mcp' }, kind: 'route' } as const
  const [first] = dumped([{ kind: 'policy', policy: { key: 'p', target, ...content } }]).policies
  if (first === undefined) throw new Error('no policy was dumped')
  return first
}

test('a gateway with a route, a policy, backends and addresses is dumped as its proxies dump it', () => {
  const route: Route = {
    key: 'mcp/github-mcp.00.http',
    listenerKey: 'mcp/mcp-gw.http',
    name: { kind: 'HTTPRoute', name: 'github-mcp', namespace: 'mcp' },
    matches: [{ path: { pathPrefix: '/mcp', kind: 'pathPrefix' } }],
    backends: [{ weight: 1, backend: { backend: 'mcp/github-mcp', kind: 'backend' } }],
  }
  const limits: Policy = {
    key: 'traffic/mcp/limits:rl-local:mcp/github-mcp',
    name: { kind: 'AgentgatewayPolicy', name: 'limits', namespace: 'mcp' },
    target: { route: { name: 'github-mcp', namespace: 'mcp', kind: 'HTTPRoute' }, kind: 'route' },
    traffic: {
      localRateLimit: { maxTokens: '10', tokensPerFill: '10', fillInterval: { seconds: '60' } },
      kind: 'localRateLimit',
    },
    kind: 'traffic',
  }
  const mcp: Backend = {
    key: 'mcp/github-mcp',
    name: { name: 'github-mcp', namespace: 'mcp' },
    mcp: { targets: [{ name: 'github', backend: { backend: 'mcp/github-mcp/github', kind: 'backend' } }] },
    kind: 'mcp',
  }
  const host: Backend = {
    key: 'mcp/github-mcp/github',
    name: { name: 'github-mcp', namespace: 'mcp' },
    static: { host: 'github-mcp-server.mcp.svc.cluster.local', port: 3000 },
    kind: 'static',
  }
  const dump = dumped(
    [
      { kind: 'policy', policy: limits },
      { kind: 'route', route },
      { kind: 'backend', backend: host },
      { kind: 'backend', backend: mcp },
      listener,
      bind,
    ],
    [
      {
        type: 'service',
        service: {
          name: 'mcp-gw',
          namespace: 'mcp',
          hostname: 'mcp-gw.mcp.svc.cluster.local',
          addresses: [{ address: Uint8Array.of(10, 96, 4, 20) }],
          ports: [{ servicePort: 8080, targetPort: 8080 }],
        },
      },
      {
        type: 'workload',
        workload: {
          uid: 'Kubernetes//Pod/mcp/mcp-gw-6d9f',
          name: 'mcp-gw-6d9f',
          namespace: 'mcp',
          addresses: [Uint8Array.of(10, 1, 0, 7)],
          serviceAccount: 'mcp-gw',
          workloadName: 'mcp-gw',
          workloadType: 'POD',
          node: 'node-1',
          services: { 'mcp/mcp-gw.mcp.svc.cluster.local': { ports: [{ servicePort: 8080, targetPort: 8080 }] } },
        },
      },
    ],
  )
  // Compared as text: the order of members is part of the format.
  expect(JSON.stringify(dump, null, 1)).toBe(
    JSON.stringify(
      {
        workloads: [
          {
            workloadIps: ['10.1.0.7'],
            protocol: 'TCP',
            networkMode: 'Standard',
            uid: 'Kubernetes//Pod/mcp/mcp-gw-6d9f',
            name: 'mcp-gw-6d9f',
            namespace: 'mcp',
            trustDomain: 'cluster.local',
            serviceAccount: 'mcp-gw',
            workloadName: 'mcp-gw',
            workloadType: 'pod',
            node: 'node-1',
            status: 'Healthy',
            clusterId: 'Kubernetes',
            services: { 'mcp/mcp-gw.mcp.svc.cluster.local': { '8080': 8080 } },
            capacity: 1,
          },
        ],
        services: [
          {
            name: 'mcp-gw',
            namespace: 'mcp',
            hostname: 'mcp-gw.mcp.svc.cluster.local',
            vips: ['/10.96.4.20'],
            ports: { '8080': 8080 },
            appProtocols: {},
            endpoints: [
              {
                active: {
                  'Kubernetes//Pod/mcp/mcp-gw-6d9f': {
                    endpoint: {
                      workloadUid: 'Kubernetes//Pod/mcp/mcp-gw-6d9f',
                      port: { '8080': 8080 },
                      status: 'Healthy',
                    },
                    info: {
                      health: 1,
                      requestLatency: 0,
                      pendingRequests: 0,
                      totalRequests: 0,
                      consecutiveFailures: 0,
                      timesEjected: 0,
                      evictedUntil: null,
                    },
                    capacity: 1,
                  },
                },
                rejected: {},
              },
            ],
            subjectAltNames: [],
          },
        ],
        binds: [
          {
            key: '8080/mcp/mcp-gw',
            address: '[::]:8080',
            protocol: 'http',
            tunnelProtocol: 'direct',
            mode: 'standard',
            listeners: {
              'mcp/mcp-gw.http': {
                key: 'mcp/mcp-gw.http',
                gatewayName: 'mcp-gw',
                gatewayNamespace: 'mcp',
                listenerName: 'http',
                hostname: '',
                protocol: 'HTTP',
                routes: {
                  'mcp/github-mcp.00.http': {
                    key: 'mcp/github-mcp.00.http',
                    name: 'github-mcp',
                    namespace: 'mcp',
                    kind: 'HTTPRoute',
                    matches: [{ path: { pathPrefix: '/mcp' } }],
                    backends: [{ weight: 1, backend: 'mcp/github-mcp' }],
                  },
                },
              },
            },
          },
        ],
        routes: { httpMesh: {}, tcpMesh: {}, routeGroups: {} },
        policies: [
          {
            key: 'traffic/mcp/limits:rl-local:mcp/github-mcp',
            name: { kind: 'AgentgatewayPolicy', name: 'limits', namespace: 'mcp' },
            target: { route: { name: 'github-mcp', namespace: 'mcp', kind: 'HTTPRoute' } },
            policy: {
              traffic: {
                phase: 'route',
                localRateLimit: [{ maxTokens: 10, tokensPerFill: 10, fillInterval: '1m0s', type: 'requests' }],
              },
            },
          },
        ],
        backends: [
          {
            backend: {
              mcp: {
                name: 'github-mcp',
                namespace: 'mcp',
                target: {
                  targets: [{ name: 'github', mcp: { backend: { backend: 'mcp/github-mcp/github' }, path: '/mcp' } }],
                  stateful: true,
                  prefixMode: 'conditional',
                  failureMode: 'failClosed',
                  sessionIdleTtl: '30m0s',
                },
              },
            },
          },
          {
            backend: {
              host: { name: 'github-mcp', namespace: 'mcp', target: 'github-mcp-server.mcp.svc.cluster.local:3000' },
            },
          },
        ],
        models: [],
        version: { version: '1.2.3' },
        config: {
          selfAddr: { gateway: 'mcp-gw', namespace: 'mcp' },
          xds: { namespace: 'mcp', gateway: 'mcp-gw' },
          proxyMetadata: { role: 'mcp~mcp-gw' },
        },
      },
      null,
      1,
    ),
  )
})

test('what hangs on something that is not there is not dumped, and services and groups have their own routes', () => {
  const routes: readonly Route[] = [
    { key: 'orphan', listenerKey: 'nowhere', name: { name: 'orphan' } },
    { key: 'mesh', name: { name: 'mesh' }, serviceKey: { namespace: 'ns', hostname: 'svc.example.com' } },
    { key: 'leaf', name: { name: 'leaf' }, routeGroupKey: 'group' },
  ]
  const dump = dumped([bind, ...routes.map((route) => ({ kind: 'route', route }) as const)])
  expect(dump.binds[0]?.listeners).toEqual({})
  expect(dump.routes).toMatchObject({
    httpMesh: { 'ns/svc.example.com': { mesh: { serviceKey: 'ns/svc.example.com', name: 'mesh' } } },
    routeGroups: { group: { leaf: { name: 'leaf' } } },
  })
  expect(JSON.stringify(dump)).not.toContain('orphan')
})

test('references, matches and broken patterns keep their places', () => {
  const dump = dumped([
    bind,
    listener,
    {
      kind: 'route',
      route: {
        key: 'r',
        listenerKey: 'mcp/mcp-gw.http',
        name: { name: 'r', namespace: 'mcp' },
        matches: [
          {
            path: { regex: '(', kind: 'regex' },
            headers: [{ name: 'X-Tenant', regex: '^a+$', value: 'regex' }],
            method: { exact: 'GET' },
            queryParams: [{ name: 'q', exact: '1', value: 'exact' }],
          },
        ],
        backends: [
          { weight: 1, backend: { service: { namespace: 'n', hostname: 'h' }, port: 80, kind: 'service' } },
          { weight: 2, backend: { inline: { hostname: '::1', port: 81 }, kind: 'inline' } },
          { weight: 3, routeGroupKey: 'g' },
          { weight: 4 },
        ],
      },
    },
  ])
  expect(dump.binds[0]?.listeners['mcp/mcp-gw.http']).toMatchObject({
    routes: {
      r: {
        matches: [
          {
            headers: [{ name: 'x-tenant', value: { regex: '^a+$' } }],
            path: 'invalid',
            method: 'GET',
            query: [{ name: 'q', value: { exact: '1' } }],
          },
        ],
        backends: [
          { weight: 1, service: { name: 'n/h', port: 80 } },
          { weight: 2, inlineBackend: '[::1]:81' },
          { weight: 3, routeGroup: 'g' },
          { weight: 4, invalid: null },
        ],
      },
    },
  })
})

test('a choice of policies is a list, one with a condition an object, one without only itself', () => {
  const direct = (status: number): TrafficPolicySpec => ({ directResponse: { status }, kind: 'directResponse' })
  const choices = (...conditions: readonly (string | undefined)[]): unknown =>
    policy({
      conditional: {
        policies: conditions.map((condition, i) => ({
          ...(condition === undefined ? {} : { condition }),
          traffic: direct(400 + i),
          kind: 'traffic' as const,
        })),
      },
      kind: 'conditional',
    }).policy
  expect(choices(undefined)).toEqual({ traffic: { phase: 'route', directResponse: { status: 400 } } })
  expect(choices('a')).toEqual({
    traffic: { phase: 'route', directResponse: { pol: { status: 400 }, condition: 'a' } },
  })
  expect(choices('a', undefined)).toEqual({
    traffic: {
      phase: 'route',
      directResponse: [
        { pol: { status: 400 }, condition: 'a' },
        { pol: { status: 401 }, condition: null },
      ],
    },
  })
})

test('what is absent is left out or null, as the proxy does it field by field', () => {
  expect(policy({ target: { gateway: { name: 'g', namespace: 'n' }, kind: 'gateway' } }).target).toEqual({
    gateway: { gatewayName: 'g', gatewayNamespace: 'n', listenerName: null },
  })
  expect(traffic({ cors: { allowOrigins: ['a', '*'], allowHeaders: ['X-A'] }, kind: 'cors' })).toEqual({
    traffic: {
      phase: 'route',
      cors: { allowCredentials: false, allowHeaders: ['x-a'], allowOrigins: ['*'], maxAge: null },
    },
  })
  expect(traffic({ retry: { retryStatusCodes: [503] }, phase: 'GATEWAY', kind: 'retry' })).toEqual({
    traffic: { phase: 'gateway', retry: { attempts: 1, codes: ['503 Service Unavailable'] } },
  })
  expect(backendPolicy({ backendTls: { hostname: 'h' }, kind: 'backendTls' })).toEqual({
    backend: { backendTLS: { hostname: 'h', systemRoots: true } },
  })
})

test('a listener with models gets the router and the route that proxies add by themselves', () => {
  const model = (key: string, rest: Partial<ModelRoute>): WireResource => ({
    kind: 'modelRoute',
    modelRoute: { key, listenerKey: 'mcp/mcp-gw.http', match: { model: key }, ...rest },
  })
  const dump = dumped([
    bind,
    listener,
    model('b', {
      concreteModel: { backend: { backend: 'mcp/ai', kind: 'backend' } },
      authorization: { allow: ['true'] },
      kind: 'concreteModel',
    }),
    model('a', {
      virtualModel: { weighted: { targets: [{ model: 'b', weight: 1 }] }, routing: 'weighted' },
      kind: 'virtualModel',
    }),
  ])
  expect(dump.models.map((entry) => Object.keys(Object(entry)))).toEqual(
    Array(2).fill(['listenerKey', 'key', 'name', 'routerKey', 'kind']),
  )
  expect(dump.backends).toMatchObject([
    {
      backend: {
        llmRouter: {
          name: 'llm:router:mcp/mcp-gw.http',
          namespace: '',
          target: {
            models: [{ name: 'b', visibility: 'public', policies: { authorization: { rules: { allow: ['true'] } } } }],
            virtualModels: [{ name: 'a', routing: { weighted: [{ model: 'b', weight: 1 }] } }],
          },
        },
      },
    },
  ])
  expect(dump.binds[0]?.listeners['mcp/mcp-gw.http']).toMatchObject({
    routes: {
      'llm:request:mcp/mcp-gw.http': {
        namespace: 'internal',
        backends: [{ weight: 1, backend: '/llm:router:mcp/mcp-gw.http' }],
      },
    },
  })
})

test('endpoints are the healthy workloads of a service, in one group per level of locality', () => {
  const workload = (uid: string, rest: object = {}): WireAddress => ({
    type: 'workload',
    workload: { uid, services: { 'n/h': { ports: [{ servicePort: 80, targetPort: 8080 }] } }, ...rest },
  })
  const service = (rest: object): WireAddress => ({
    type: 'service',
    service: { namespace: 'n', hostname: 'h', ...rest },
  })
  const members = [workload('b', { capacity: { value: 0 } }), workload('a'), workload('c', { status: 'UNHEALTHY' })]
  const plain = dumped([], [service({}), ...members]).services[0]?.endpoints
  expect(plain?.map(({ active }) => Object.keys(active))).toEqual([['a', 'b']])
  expect(plain?.[0]?.active).toMatchObject({
    a: { capacity: 1 },
    b: { capacity: 0, endpoint: { port: { '80': 8080 } } },
  })
  const loadBalancing = { mode: 'FAILOVER', routingPreference: ['REGION', 'ZONE'], healthPolicy: 'ALLOW_ALL' }
  const [near] = dumped([], [service({ loadBalancing }), ...members]).services
  expect(near?.endpoints.map(({ active }) => Object.keys(active))).toEqual([['a', 'b', 'c'], [], []])
  expect(near).toMatchObject({
    loadBalancer: { routingPreferences: ['Region', 'Zone'], mode: 'Failover', healthPolicy: 'AllowAll' },
  })
})

const SECRET = 'do-not-print-me'

test('no secret is printed', () => {
  const target = { route: { name: 'r', namespace: 'n' }, kind: 'route' } as const
  const trafficSpecs: readonly TrafficPolicySpec[] = [
    { apiKeyAuth: { apiKeys: [{ key: SECRET }, { keyHash: SECRET }] }, kind: 'apiKeyAuth' },
    { basicAuth: { htpasswdContent: SECRET }, kind: 'basicAuth' },
    { jwt: { providers: [{ issuer: 'i', inline: '{}' }], mcp: { clientSecret: SECRET } }, kind: 'jwt' },
  ]
  const explicitAws = { accessKeyId: SECRET, secretAccessKey: SECRET, sessionToken: SECRET }
  const assertion = { signingKey: SECRET, assertionAudience: 'a' }
  const auths: readonly BackendPolicySpec['auth'][] = [
    { key: { secret: SECRET }, kind: 'key', credentials: [{ value: SECRET }] },
    { gcp: { credential: SECRET }, kind: 'gcp' },
    { aws: { explicitConfig: explicitAws, kind: 'explicitConfig' }, kind: 'aws' },
    {
      azure: {
        explicitConfig: { clientSecret: { clientSecret: SECRET }, credentialSource: 'clientSecret' },
        kind: 'explicitConfig',
      },
      kind: 'azure',
    },
    { oauthTokenExchange: { clientAuth: { clientId: 'c', clientSecret: SECRET } }, kind: 'oauthTokenExchange' },
    {
      crossAppAccess: {
        identityProvider: { clientAuth: { clientSecret: SECRET, method: 'CLIENT_SECRET_POST' } },
        resourceAuthorizationServer: { clientAuth: { method: 'PRIVATE_KEY_JWT', privateKeyJwt: assertion } },
      },
      kind: 'crossAppAccess',
    },
    { jwtSign: { signingKey: SECRET }, kind: 'jwtSign' },
  ]
  const backendSpecs: readonly BackendPolicySpec[] = [
    ...auths.map((auth) => ({ auth, kind: 'auth' }) as const),
    { backendTls: { key: Buffer.from(SECRET), cert: Buffer.from('public') }, kind: 'backendTls' },
    { mcpAuthentication: { clientSecret: SECRET }, kind: 'mcpAuthentication' },
  ]
  const policies: readonly Policy[] = [
    ...trafficSpecs.map((traffic) => ({ target, traffic, kind: 'traffic' }) as const),
    ...backendSpecs.map((backend) => ({ target, backend, kind: 'backend' }) as const),
  ]
  const dump = dumped([
    bind,
    {
      kind: 'listener',
      listener: {
        key: 'l',
        bindKey: '8080/mcp/mcp-gw',
        protocol: 'HTTPS',
        tls: { cert: Buffer.from('public'), privateKey: Buffer.from(SECRET) },
      },
    },
    ...policies.map((policy, i) => ({ kind: 'policy', policy: { ...policy, key: `p${i}` } }) as const),
  ])
  expect(dump.policies).toHaveLength(policies.length)
  const text = JSON.stringify(dump)
  expect(text).not.toContain(SECRET)
  expect(text).not.toContain(Buffer.from(SECRET).toString('base64'))
  expect(text).toContain('<redacted>')
})

test('an empty message of every kind is dumped without harm', () => {
  const arms = (type: string, oneof: string): readonly string[] =>
    messageType(`agentgateway.dev.resource.${type}`).oneofs[oneof]?.oneof ?? []
  const kinds = [
    ...arms('TrafficPolicySpec', 'kind').map((arm): Policy => ({ traffic: { [arm]: {} }, kind: 'traffic' })),
    ...arms('BackendPolicySpec', 'kind').map((arm): Policy => ({ backend: { [arm]: {} }, kind: 'backend' })),
    ...arms('BackendAuthPolicy', 'kind').map((arm): Policy => ({ backend: { auth: { [arm]: {} } }, kind: 'backend' })),
    ...arms('FrontendPolicySpec', 'kind').map((arm): Policy => ({ frontend: { [arm]: {} }, kind: 'frontend' })),
  ]
  const backends = arms('Backend', 'kind').map((arm): Backend => ({ key: arm, [arm]: {} }))
  const dump = dumped(
    [
      ...kinds.map((policy, i) => ({ kind: 'policy', policy: { ...policy, key: `p${i}` } }) as const),
      ...backends.map((backend) => ({ kind: 'backend', backend }) as const),
      { kind: 'policy', policy: { key: 'none', conditional: {}, kind: 'conditional' } },
      { kind: 'route', route: {} },
      { kind: 'tcpRoute', tcpRoute: {} },
      { kind: 'listener', listener: {} },
      { kind: 'bind', bind: {} },
      { kind: 'modelRoute', modelRoute: {} },
    ],
    [
      { type: 'service', service: {} },
      { type: 'workload', workload: {} },
    ],
  )
  expect(dump.policies).toHaveLength(kinds.length + 1)
})

// Random clusters: objects of every kind that translation reads, at so few places that most references hit something,
// some dangle, and some clash. Every world stands on a ground that works: two Gateways, open to all, and something to
// refer to. Nothing is admitted by a schema: what an API server would refuse may occur, too.
import fc, { type Arbitrary } from 'fast-check'
import type { KubeObject } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import type { IssuedPair } from '../certificates.ts'
import {
  type Fields,
  GATEWAY_API,
  KINDS,
  type Kind,
  maybe,
  OURS,
  object,
  one,
  POOLS,
  placesOf,
  rare,
  refTo,
  shape,
  some,
} from './world-parts.ts'

const section = maybe(one('http', 'https', 'own', 'none'))
const hostname = rare(one('a.example.com', '*.example.com', 'b.test'))
const labelSelector = one(
  { matchLabels: { tier: 'x' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'north' } },
  {},
)
const scope = fc.oneof(
  { weight: 5, arbitrary: fc.constant<object | undefined>({ from: 'All' }) },
  { weight: 1, arbitrary: one({ from: 'Same' }, { from: 'None' }, undefined) },
  { weight: 1, arbitrary: labelSelector.map((selector) => ({ from: 'Selector', selector })) },
)
const certificateRef = fc.oneof(
  { weight: 4, arbitrary: fc.constant<object>({ name: 'cert' }) },
  { weight: 1, arbitrary: refTo('Secret') },
)

const PROTOCOLS = [
  { name: 'http', port: 80, protocol: 'HTTP' },
  { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'cert' }] } },
  { name: 'tls', port: 444, protocol: 'TLS', tls: { mode: 'Passthrough' } },
  { name: 'tcp', port: 9000, protocol: 'TCP' },
] as const
const OPEN = { allowedRoutes: { namespaces: { from: 'All' } } }

const listener = fc
  .tuple(
    one(...PROTOCOLS, { name: 'own', port: 81, protocol: 'HTTP' }, { name: 'odd', port: 80, protocol: 'UDP' }),
    shape({
      hostname,
      port: rare(one(80, 81, 443)),
      tls: rare(shape({ mode: maybe(one('Terminate', 'Passthrough')), certificateRefs: some(certificateRef) })),
      allowedRoutes: shape({
        namespaces: scope,
        kinds: rare(some(shape({ kind: one('HTTPRoute', 'GRPCRoute', 'AgentgatewayModel'), group: maybe(one(OURS)) }))),
      }),
    }),
  )
  .map(([base, own]) => ({ ...base, ...own }))
const listeners = fc.uniqueArray(listener, { minLength: 1, maxLength: 4, selector: ({ name }) => name })
const annotated = rare(one('80', '80,81', 'x'))

const gateway = fc
  .tuple(
    object('Gateway', {
      spec: shape({
        gatewayClassName: fc.oneof(
          { weight: 9, arbitrary: one('agentgateway') },
          { weight: 1, arbitrary: one('other') },
        ),
        listeners,
        allowedListeners: shape({ namespaces: scope }),
        addresses: rare(
          some(
            one(
              { type: 'IPAddress', value: '10.0.0.1' },
              { type: 'Hostname', value: 'h' },
              { type: 'odd', value: 'x' },
            ),
          ),
        ),
        tls: rare(
          shape({
            frontend: maybe(
              one({ default: { validation: { caCertificateRefs: [{ kind: 'ConfigMap', group: '', name: 'ca' }] } } }),
            ),
            backend: maybe(shape({ clientCertificateRef: certificateRef })),
          }),
        ),
      }),
    }),
    annotated,
  )
  .map(([made, ports]): KubeObject => {
    if (ports === undefined) return made
    return { ...made, metadata: { ...made.metadata, annotations: { 'agentgateway.dev/internal-ports': ports } } }
  })

const listenerSet = object('ListenerSet', { spec: shape({ parentRef: refTo('Gateway'), listeners }) })

const BACKENDS = [
  ['', 'Service'],
  ['', 'Service'],
  [OURS, 'AgentgatewayBackend'],
  [OURS, 'AgentgatewayBackend'],
  [POOLS, 'InferencePool'],
] as const
const backendRef = fc.oneof(
  ...BACKENDS.map(([group, kind]) => ({
    weight: 4,
    arbitrary: refTo(kind, { group: fc.constant(group), kind: fc.constant(kind), port: one(80, 80, 80, undefined) }),
  })),
  { weight: 1, arbitrary: one({ group: 'example.com', kind: 'Bucket', name: 's1' }, { name: 'missing', port: 80 }) },
)
const delegated = fc.oneof(
  refTo('HTTPRoute', { group: one(GATEWAY_API), kind: one('HTTPRoute') }),
  one(
    { group: GATEWAY_API, kind: 'HTTPRoute', name: '*', namespace: 'south' },
    { group: GATEWAY_API, kind: 'HTTPRoute', name: 'app=web', namespace: 'north' },
  ),
)
const parentRef = fc.oneof(
  { weight: 8, arbitrary: refTo('Gateway', { sectionName: rare(section), port: rare(one(80, 81)) }) },
  { weight: 2, arbitrary: refTo('ListenerSet', { kind: one('ListenerSet'), sectionName: rare(section) }) },
  { weight: 1, arbitrary: refTo('HTTPRoute', { group: one(GATEWAY_API), kind: one('HTTPRoute') }) },
)

const headers = shape({ set: one([{ name: 'x-a', value: '1' }]), remove: maybe(one(['x-b'])) })
const filter = fc.oneof(
  shape({ type: one('RequestHeaderModifier'), requestHeaderModifier: headers }),
  shape({ type: one('ResponseHeaderModifier'), responseHeaderModifier: headers }),
  shape({ type: one('RequestRedirect'), requestRedirect: one({ hostname: 'x.y' }, { port: 81 }, { port: 70000 }) }),
  shape({ type: one('RequestMirror'), requestMirror: shape({ backendRef, percent: maybe(one(0, 50)) }) }),
  shape({ type: one('ExternalAuth'), externalAuth: shape({ backendRef, protocol: one('HTTP', 'GRPC') }) }),
  shape({ type: one('ExtensionRef', 'URLRewrite', 'Odd') }),
)
const weighted = fc.tuple(backendRef, maybe(one(0, 1, 5)), rare(some(filter, 1))).map(([ref, weight, filters]) => ({
  ...ref,
  ...(weight !== undefined && { weight }),
  ...(filters !== undefined && { filters }),
}))

function routeSpec(rule: Arbitrary<unknown>, more: Fields = {}): Arbitrary<unknown> {
  const parents = fc.oneof({ weight: 9, arbitrary: some(parentRef) }, { weight: 1, arbitrary: one(undefined) })
  return shape({ parentRefs: parents, rules: some(rule), ...more })
}

const hostnames = maybe(some(one('a.example.com', 'b.example.com', '*.test')))
const match = shape({
  path: maybe(one({ value: '/x' }, { type: 'Exact', value: '/y/' }, { type: 'RegularExpression', value: '/z.*' })),
  method: maybe(one('GET')),
  headers: rare(one([{ name: 'a', value: 'b' }], [{ name: 'a', type: 'Odd' }])),
})
const httpRoute = object('HTTPRoute', {
  spec: routeSpec(
    shape({
      name: maybe(one('first')),
      matches: maybe(some(match)),
      filters: rare(some(filter)),
      backendRefs: maybe(
        some(
          fc.oneof(
            { weight: 8, arbitrary: weighted },
            { weight: 2, arbitrary: delegated },
            { weight: 1, arbitrary: one({ group: OURS, kind: 'AgentgatewayModel', name: '*' }) },
          ),
        ),
      ),
      timeouts: rare(one({ request: '1s' }, { request: 'x' })),
      retry: rare(one({ attempts: 2 }, { codes: [5] })),
    }),
    { hostnames },
  ),
})
const call = one({ service: 's', method: 'm' }, { service: 's' }, { method: 'm' })
const grpcRoute = object('GRPCRoute', {
  spec: routeSpec(
    shape({
      matches: maybe(some(shape({ method: call }))),
      filters: rare(some(filter, 1)),
      backendRefs: some(weighted),
    }),
    { hostnames },
  ),
})
const stream = shape({ backendRefs: some(backendRef) })

const granted = shape({
  from: some(
    shape({
      group: one(GATEWAY_API),
      kind: one('HTTPRoute', 'HTTPRoute', 'Gateway', 'ListenerSet', 'TCPRoute'),
      namespace: one('north', 'south'),
    }),
    3,
  ),
  to: some(
    one<object>(
      { group: '', kind: 'Service' },
      { group: '', kind: 'Service', name: 's1' },
      { group: '', kind: 'Secret' },
      { group: OURS, kind: 'AgentgatewayBackend' },
      { group: GATEWAY_API, kind: 'HTTPRoute' },
    ),
    3,
  ),
})

const appProtocol = one(undefined, undefined, 'agentgateway.dev/mcp', 'kgateway.dev/mcp', 'agentgateway.dev/a2a')
const service = object('Service', {
  spec: shape({
    selector: maybe(one({ app: 'web' }, { app: 'api' })),
    clusterIP: maybe(one('None', '10.1.0.1')),
    ports: some(shape({ name: maybe(one('p')), port: one(80, 81), appProtocol })),
  }),
})
const pod = object('Pod', {
  spec: one({ nodeName: 'node' }),
  status: shape({
    phase: one('Running', 'Pending'),
    podIP: one('10.2.0.1', '10.2.0.2'),
    conditions: one([{ type: 'Ready', status: 'True' }], []),
  }),
})
const slice = object('EndpointSlice', {
  addressType: one('IPv4'),
  ports: one([{ name: 'p', port: 8080, protocol: 'TCP' }]),
  endpoints: some(one({ addresses: ['10.3.0.1'] }, { addresses: ['10.3.0.2'] }, { addresses: ['bad'] })),
}).map((made): KubeObject => {
  return { ...made, metadata: { ...made.metadata, labels: { 'kubernetes.io/service-name': 's1' } } }
})

const towards = shape({ backendRef })
const jwks = fc.oneof(one({ url: 'https://keys.test/jwks' }), shape({ backendRef, jwksPath: one('jwks') }))
const keys = one({ secretRef: { name: 'key' } }, { secretSelector: { matchLabels: { app: 'web' } } })
const traffic = shape({
  timeouts: maybe(one({ request: '3s' }, { request: 'x' })),
  extAuth: maybe(shape({ backendRef, grpc: one({}) })),
  apiKeyAuthentication: rare(keys),
  jwtAuthentication: maybe(shape({ providers: some(shape({ issuer: one('i'), jwks: shape({ remote: jwks }) }), 1) })),
  authorization: rare(one({ policy: { matchExpressions: ['request.path == "/"', 'odd('] } })),
})
const local = (kind: Kind, group: string, more: Fields = {}): Arbitrary<Readonly<Record<string, unknown>>> =>
  shape({ group: one(group), kind: one(kind), name: one(...placesOf(kind).map(({ name }) => name)), ...more })
const target = fc.oneof(
  local('Gateway', GATEWAY_API, { sectionName: rare(section) }),
  local('HTTPRoute', GATEWAY_API),
  local('ListenerSet', GATEWAY_API, { sectionName: rare(section) }),
  local('Service', ''),
  local('AgentgatewayBackend', OURS),
)
const selector = shape({
  group: one(GATEWAY_API),
  kind: one('HTTPRoute', 'Gateway'),
  matchLabels: one({ app: 'web' }, { tier: 'x' }),
})
const policy = object('AgentgatewayPolicy', {
  spec: shape({
    targetRefs: maybe(some(target)),
    targetSelectors: rare(some(selector, 1)),
    traffic: maybe(traffic),
    backend: maybe(shape({ http: maybe(one({ version: 'HTTP2' })), tunnel: maybe(towards), extAuth: maybe(towards) })),
    frontend: rare(shape({ tracing: maybe(towards), tcp: maybe(one({ keepalive: {} })) })),
  }),
})

const MCP = [
  { name: 't', static: { host: 'h', port: 1 } },
  { name: 'u', selector: { services: { matchLabels: { app: 'web' } } } },
]
const backend = fc
  .tuple(
    object('AgentgatewayBackend', {}),
    one<object>(
      { static: { host: 'h.test', port: 80 } },
      { ai: { provider: { openai: { model: 'm' } } } },
      { mcp: { targets: MCP } },
      { mcp: { targets: MCP.slice(1) } },
      {},
    ),
    rare(shape({ auth: maybe(one({ secretRef: { name: 'key' } })), tunnel: maybe(towards) })),
  )
  .map(([made, type, policies]): KubeObject & { readonly spec: object } => ({
    ...made,
    spec: { ...type, ...(policies !== undefined && { policies }) },
  }))
const model = object('AgentgatewayModel', {
  spec: shape({
    parentRefs: some(
      fc.oneof(refTo('Gateway'), refTo('HTTPRoute', { group: one(GATEWAY_API), kind: one('HTTPRoute') })),
      1,
    ),
    match: one({ model: 'm' }, { model: 'm*' }),
    provider: one('OpenAI', 'Anthropic'),
  }),
})

const caRef = one({ kind: 'ConfigMap', group: '', name: 'ca' }, { kind: 'ConfigMap', group: '', name: 'none' })
const backendTlsPolicy = object('BackendTLSPolicy', {
  spec: shape({
    targetRefs: some(local('Service', '', { sectionName: rare(one('p')) })),
    validation: shape({
      hostname: one('h.test'),
      caCertificateRefs: fc.oneof({ weight: 4, arbitrary: some(caRef, 1) }, { weight: 1, arbitrary: one(undefined) }),
      wellKnownCACertificates: rare(one('System')),
    }),
  }),
})
const pool = object('InferencePool', {
  spec: shape({
    selector: one({ matchLabels: { app: 'web' } }),
    targetPorts: one([{ number: 8000 }], []),
    endpointPickerRef: shape({ name: one('s1', 's2'), port: one({ number: 80 }) }),
  }),
})
const serviceEntry = object('ServiceEntry', {
  spec: shape({
    hosts: one(['out.test'], ['s1.north.svc.cluster.local']),
    resolution: one('STATIC', 'DNS', 'NONE'),
    ports: one([{ name: 'p', number: 80, protocol: 'HTTP' }]),
    workloadSelector: maybe(one({ labels: { app: 'web' } })),
    endpoints: maybe(one([{ address: '10.4.0.1' }])),
  }),
})
const workloadEntry = object('WorkloadEntry', {
  spec: shape({ address: one('10.5.0.1', 'bad'), labels: maybe(one({ app: 'web' })) }),
})

/** What random worlds are made of. */
export interface Worlds {
  readonly object: Arbitrary<KubeObject>
  readonly world: Arbitrary<readonly KubeObject[]>
}

/** Random objects and worlds; `pair` is the certificate that Secrets and ConfigMaps hold, when they hold a good one. */
export function worldsWith(pair: IssuedPair): Worlds {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const good: Readonly<Record<string, string>> = {
    'tls.crt': base64(pair.certificate),
    'tls.key': base64(pair.privateKey),
    Authorization: base64('k'),
  }
  const { controllerName } = DEFAULT_TRANSLATE_SETTINGS
  const secret = object('Secret', { data: one(good, good, {}) })
  const configMap = object('ConfigMap', { data: one<object>({ 'ca.crt': pair.certificate }, { 'ca.crt': 'bad' }, {}) })
  const gatewayClass = object('GatewayClass', {
    spec: one({ controllerName }, { controllerName }, { controllerName }, { controllerName: 'other/controller' }),
  })
  const weights: readonly (readonly [number, Arbitrary<KubeObject>])[] = [
    [1, gatewayClass],
    [2, object('Namespace', {})],
    [4, gateway],
    [3, listenerSet],
    [10, httpRoute],
    [4, grpcRoute],
    [2, object('TCPRoute', { spec: routeSpec(stream) })],
    [2, object('TLSRoute', { spec: routeSpec(stream, { hostnames }) })],
    [3, object('ReferenceGrant', { spec: granted })],
    [5, service],
    [2, pod],
    [1, slice],
    [2, secret],
    [2, configMap],
    [7, policy],
    [4, backend],
    [2, model],
    [4, backendTlsPolicy],
    [2, pool],
    [1, serviceEntry],
    [1, workloadEntry],
  ]
  const any = fc.oneof(...weights.map(([weight, arbitrary]) => ({ weight, arbitrary })))
  const ground = groundOf(good, pair.certificate)
  return { object: any, world: fc.array(any, { minLength: 15, maxLength: 45 }).map((more) => [...ground, ...more]) }
}

function groundOf(secret: Readonly<Record<string, string>>, authority: string): readonly KubeObject[] {
  const at = (kind: Kind, index: number, rest: object): KubeObject => {
    const { namespace, name } = placesOf(kind)[index] ?? { namespace: '', name: '' }
    return { apiVersion: KINDS[kind][0], kind, metadata: { name, ...(namespace !== '' && { namespace }) }, ...rest }
  }
  const all = (kind: Kind, rest: object): readonly KubeObject[] => placesOf(kind).map((_, i) => at(kind, i, rest))
  const open = PROTOCOLS.map((each) => ({ ...each, ...OPEN }))
  const modelled = PROTOCOLS.map((each) => {
    const kinds = [{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }, { group: OURS, kind: 'AgentgatewayModel' }]
    return each.name === 'http' ? { ...each, allowedRoutes: { ...OPEN.allowedRoutes, kinds } } : { ...each, ...OPEN }
  })
  const everything = {
    from: ['north', 'south'].flatMap((namespace) =>
      ['HTTPRoute', 'GRPCRoute', 'TLSRoute'].map((kind) => ({ group: GATEWAY_API, kind, namespace })),
    ),
    to: [
      { group: '', kind: 'Service' },
      { group: OURS, kind: 'AgentgatewayBackend' },
    ],
  }
  const gatewaySpec = {
    gatewayClassName: 'agentgateway',
    listeners: open,
    allowedListeners: { namespaces: { from: 'All' } },
  }
  return [
    at('GatewayClass', 0, { spec: { controllerName: DEFAULT_TRANSLATE_SETTINGS.controllerName } }),
    ...all('Namespace', {}),
    at('Gateway', 0, { spec: gatewaySpec }),
    at('Gateway', 1, { spec: { ...gatewaySpec, listeners: modelled } }),
    ...all('Service', { spec: { selector: { app: 'web' }, ports: [{ name: 'p', port: 80 }] } }),
    ...all('Secret', { data: secret }),
    ...all('ConfigMap', { data: { 'ca.crt': authority } }),
    ...all('AgentgatewayBackend', { spec: { static: { host: 'h.test', port: 80 } } }),
    at('ReferenceGrant', 0, { spec: everything }),
    at('ReferenceGrant', 1, { spec: everything }),
  ]
}

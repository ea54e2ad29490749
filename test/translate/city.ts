// A cluster of a size at which waste shows: 10 Gateways, 2,000 routes, 500 Services with 1,000 pods, and some of
// everything that refers to something.
import type { KubeObject } from '../../src/kube/object.ts'

/** How many there are of each. */
export const CITY = {
  gateways: 10,
  namespaces: 20,
  services: 500,
  routes: 2000,
  sets: 10,
  backends: 50,
  policies: 60,
  nodes: 50,
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const OURS = 'agentgateway.dev/v1alpha1'

/** An object; its generation is 1. */
function made(
  apiVersion: string,
  kind: string,
  [namespace, name]: readonly [string, string],
  rest: object,
): KubeObject {
  return { apiVersion, kind, metadata: { namespace, name, generation: 1 }, ...rest }
}

/** The namespace of the i-th object of a kind. */
export function homeOf(i: number): string {
  return `team-${i % CITY.namespaces}`
}

/** Every object of the city; `pair` is the certificate of all Gateways. */
export function buildCity(pair: { readonly certificate: string; readonly privateKey: string }): readonly KubeObject[] {
  const data = { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.privateKey) }
  const each = (count: number, make: (i: number) => KubeObject | readonly KubeObject[]): readonly KubeObject[] =>
    Array.from({ length: count }, (_, i) => make(i)).flat()
  return [
    { ...made(GATEWAY_API, 'GatewayClass', ['', 'agentgateway'], {}), ...CLASS },
    ...each(CITY.namespaces, (i) => namespace(homeOf(i), { team: homeOf(i), tier: i < 5 ? 'front' : 'back' })),
    namespace('infra', {}),
    ...each(CITY.gateways, (i) => [
      gateway(i),
      made('v1', 'Secret', ['infra', `cert-${i}`], { type: 'kubernetes.io/tls', data }),
    ]),
    ...each(CITY.nodes, (i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `node-${i}`, labels: { [ZONE]: 'a' } },
    })),
    ...each(CITY.sets, listenerSet),
    ...each(CITY.services, service),
    ...each(CITY.services * 2, pod),
    ...each(CITY.services, slice),
    ...each(CITY.routes, httpRoute),
    ...each(40, (i) => streamRoute('GRPCRoute', i)),
    ...each(20, (i) => streamRoute('TCPRoute', i)),
    ...each(CITY.namespaces, (i) => grant(homeOf(i), homeOf(i + 1))),
    ...each(CITY.backends, (i) => [backend(i), made('v1', 'Secret', [homeOf(i), `key-${i}`], { data: KEY })]),
    ...each(CITY.policies, policy),
    ...each(25, backendTlsPolicy),
    made('v1', 'ConfigMap', ['team-0', 'ca'], { data: { 'ca.crt': pair.certificate } }),
  ]
}

const CLASS = {
  metadata: { name: 'agentgateway', generation: 1 },
  spec: { controllerName: 'agentgateway.dev/agentgateway' },
}

/** The label of a node's zone. */
export const ZONE = 'topology.kubernetes.io/zone'

const KEY = { Authorization: base64('secret') }

function namespace(name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

function gateway(i: number): KubeObject {
  const all = { namespaces: { from: 'All' } }
  // One Gateway in five also has a listener for some teams only.
  const selected = { name: 'front', port: 8080, protocol: 'HTTP', allowedRoutes: { namespaces: FRONT } }
  return made(GATEWAY_API, 'Gateway', ['infra', `gw-${i}`], {
    spec: {
      gatewayClassName: 'agentgateway',
      allowedListeners: { namespaces: { from: 'All' } },
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: all },
        {
          name: 'https',
          port: 443,
          protocol: 'HTTPS',
          hostname: '*.example.com',
          allowedRoutes: all,
          tls: { certificateRefs: [{ name: `cert-${i}` }] },
        },
        { name: 'tcp', port: 9000, protocol: 'TCP', allowedRoutes: all },
        ...(i % 5 === 0 ? [selected] : []),
      ],
    },
  })
}

const FRONT = { from: 'Selector', selector: { matchLabels: { tier: 'front' } } }

function listenerSet(i: number): KubeObject {
  return made(GATEWAY_API, 'ListenerSet', [homeOf(i), `set-${i}`], {
    spec: {
      parentRef: { namespace: 'infra', name: `gw-${i % CITY.gateways}` },
      listeners: [{ name: 'own', port: 8000 + i, protocol: 'HTTP' }],
    },
  })
}

function service(i: number): KubeObject {
  return made('v1', 'Service', [homeOf(i), `svc-${i}`], {
    spec: { selector: { app: `svc-${i}` }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] },
  })
}

/** Two pods for each Service. */
function pod(i: number): KubeObject {
  const owner = i % CITY.services
  const ip = `10.${i >> 8}.${i & 255}.1`
  const object = made('v1', 'Pod', [homeOf(owner), `pod-${i}`], {
    spec: { nodeName: `node-${i % CITY.nodes}`, containers: [] },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
  })
  return { ...object, metadata: { ...object.metadata, labels: { app: `svc-${owner}` } } }
}

function slice(i: number): KubeObject {
  const object = made('discovery.k8s.io/v1', 'EndpointSlice', [homeOf(i), `slice-${i}`], {
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [i, i + CITY.services].map((n) => ({
      addresses: [`10.${n >> 8}.${n & 255}.1`],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', namespace: homeOf(i), name: `pod-${n}` },
    })),
  })
  return { ...object, metadata: { ...object.metadata, labels: { 'kubernetes.io/service-name': `svc-${i}` } } }
}

/** Most routes go to a Service of their namespace; some to the next team's, some to a backend, some to a set. */
function httpRoute(i: number): KubeObject {
  const service = { name: `svc-${i % CITY.services}`, port: 80 }
  const neighbour = (i + 1) % CITY.services
  const backend = i % CITY.backends
  const ref =
    i % 40 === 3
      ? { name: `svc-${neighbour}`, namespace: homeOf(neighbour), port: 80 }
      : i % 40 === 7
        ? { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: `llm-${backend}`, namespace: homeOf(backend) }
        : service
  const set = i % CITY.sets
  const parent =
    i % 40 === 9 && homeOf(i) === homeOf(set)
      ? { kind: 'ListenerSet', name: `set-${set}` }
      : { namespace: 'infra', name: `gw-${i % CITY.gateways}`, ...(i % 4 === 0 ? { sectionName: 'http' } : {}) }
  const object = made(GATEWAY_API, 'HTTPRoute', [homeOf(i), `route-${i}`], {
    spec: {
      parentRefs: [parent],
      hostnames: [`h${i}.example.com`],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [ref] }],
    },
  })
  return { ...object, metadata: { ...object.metadata, labels: { app: `app-${Math.floor(i / CITY.namespaces) % 10}` } } }
}

function streamRoute(kind: string, i: number): KubeObject {
  const section = kind === 'TCPRoute' ? { sectionName: 'tcp' } : {}
  return made(GATEWAY_API, kind, [homeOf(i), `${kind.toLowerCase()}-${i}`], {
    spec: {
      parentRefs: [{ namespace: 'infra', name: `gw-${i % CITY.gateways}`, ...section }],
      rules: [{ backendRefs: [{ name: `svc-${i}`, port: 80 }] }],
    },
  })
}

/** Lets the routes of one namespace refer to the Services and backends of another. */
export function grant(from: string, to: string): KubeObject {
  return made('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', [to, `from-${from}`], {
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: from }],
      to: [
        { group: '', kind: 'Service' },
        { group: 'agentgateway.dev', kind: 'AgentgatewayBackend' },
      ],
    },
  })
}

function backend(i: number): KubeObject {
  return made(OURS, 'AgentgatewayBackend', [homeOf(i), `llm-${i}`], {
    spec: {
      ai: { provider: { openai: { model: 'gpt' } } },
      policies: { auth: { secretRef: { name: `key-${i}` } } },
    },
  })
}

/** A third each: towards a route, a Service, and whatever routes of a team carry a label. */
function policy(i: number): KubeObject {
  const traffic = { timeouts: { request: '5s' } }
  const backendSection = { http: { version: 'HTTP2' } }
  const spec =
    i % 3 === 0
      ? { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: `route-${i}` }], traffic }
      : i % 3 === 1
        ? { targetRefs: [{ group: '', kind: 'Service', name: `svc-${i}` }], backend: backendSection }
        : {
            targetSelectors: [
              { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', matchLabels: { app: `app-${i % 10}` } },
            ],
            traffic,
          }
  return made(OURS, 'AgentgatewayPolicy', [homeOf(i), `policy-${i}`], { spec })
}

function backendTlsPolicy(i: number): KubeObject {
  const at = i * CITY.namespaces
  return made(GATEWAY_API, 'BackendTLSPolicy', [homeOf(at), `tls-${i}`], {
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: `svc-${at}` }],
      validation: { hostname: 'svc', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
    },
  })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

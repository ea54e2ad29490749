// The suites of golden fixtures: which statuses and resources each of them lists, under which settings, and what their own
// harness adds to the objects.
import type { KubeObject } from '../../src/kube/object.ts'
import type { TranslateSettings } from '../../src/translate/settings.ts'

/** A folder of fixtures. */
export interface Suite {
  readonly folder: string
  /** Prefixes of the resource names that are compared; undefined means all. */
  readonly resources?: (name: string) => boolean
  readonly statusKinds: readonly string[]
  readonly settings?: Partial<TranslateSettings>
  /** The fixtures expect each backend to be reached by a route of its own, and list the addresses. */
  readonly reachesEverything?: boolean
}

const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'InferencePool']
const startsWith =
  (...prefixes: readonly string[]) =>
  (name: string): boolean =>
    prefixes.some((prefix) => name.startsWith(prefix))

/** All suites of this format. */
export const SUITES: readonly Suite[] = [
  { folder: 'translator/gateways', statusKinds: ['Gateway', 'ListenerSet'] },
  { folder: 'translator/routes', statusKinds: ROUTES, resources: startsWith('route/', 'tcp_route/', 'policy/') },
  { folder: 'translator/delegation', statusKinds: ROUTES, resources: startsWith('route/', 'policy/', 'backend/') },
  { folder: 'translator/references', statusKinds: [], resources: startsWith('policy/', 'backend/') },
  {
    folder: 'translator/references-policy-refgrants',
    statusKinds: ['AgentgatewayPolicy', 'AgentgatewayBackend'],
    resources: startsWith('policy/', 'backend/'),
    settings: { backendRefGrantMode: 'route-and-policy' },
  },
  {
    folder: 'translator/models',
    statusKinds: ['Gateway', 'AgentgatewayModel', 'HTTPRoute', 'InferencePool'],
    settings: { enableModels: true },
  },
  {
    folder: 'translator/backends',
    statusKinds: ['AgentgatewayBackend', 'BackendTLSPolicy', 'InferencePool'],
    resources: (name) => !startsWith('bind/', 'listener/', 'route/')(name),
    reachesEverything: true,
  },
  { folder: 'policies/trafficpolicy', statusKinds: ['AgentgatewayPolicy'], resources: startsWith('policy/') },
  { folder: 'policies/backendpolicy', statusKinds: ['AgentgatewayPolicy'], resources: startsWith('policy/') },
  { folder: 'policies/frontendpolicy', statusKinds: ['AgentgatewayPolicy'], resources: startsWith('policy/') },
]

/** A route without a port to each object that can be a backend, as the fixtures' own harness adds. */
export function reachingRoutes(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects
    .filter(({ kind }) => ['AgentgatewayBackend', 'Service', 'ServiceEntry', 'InferencePool'].includes(kind))
    .map((object, index) => {
      const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : ''
      const { name, namespace } = object.metadata
      const route = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: `dummy-${index}`, namespace: 'default' },
        spec: {
          parentRefs: [{ name: 'basic' }],
          rules: [{ backendRefs: [{ group, kind: object.kind, name, namespace }] }],
        },
      }
      return route
    })
}

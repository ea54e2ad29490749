// The watched kinds, one row each. A row is enough for the cluster and for folders of manifests alike to deliver a kind;
// what becomes of it is the pipeline's to say.
import { nameKey } from '../../core/keys.ts'
import { groupOf } from '../../kube/object.ts'

/** A kind that the sources deliver. */
export interface WatchedKind {
  /** Name of the collection of its objects. */
  readonly collection: string
  readonly group: string
  /** The version that is watched, and that objects have when they arrive. */
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Whether we write its status: then what others see of the object has none, and the live one is kept apart. */
  readonly writesStatus: boolean
  /** Whether a cluster may lack it: then it counts as empty until its CRD appears. */
  readonly mayBeAbsent: boolean
  /** Versions that folders may use too: their fields are those of `version`. */
  readonly olderVersions: readonly string[]
  readonly newerVersions: readonly string[]
  /** The oldest release of the CRD that is good enough, as major.minor of its bundle version. */
  readonly minBundle?: string
  /** Keeps out of the watch what nobody reads. */
  readonly fieldSelector?: string
  /** The setting without which the kind is not watched in a cluster. */
  readonly enabledBy?: 'enableInferExt' | 'enableAgentgatewayModels'
}

interface Row {
  readonly plural: string
  readonly isClusterScoped?: true
  readonly writesStatus?: true
  readonly isRequired?: true
  readonly olderVersions?: readonly string[]
  readonly newerVersions?: readonly string[]
  readonly minBundle?: string
  readonly fieldSelector?: string
  readonly enabledBy?: 'enableInferExt' | 'enableAgentgatewayModels'
}

function rows(apiVersion: string, kinds: Readonly<Record<string, Row>>): readonly WatchedKind[] {
  return Object.entries(kinds).map(([kind, row]) => {
    const { isClusterScoped, writesStatus, isRequired, olderVersions, newerVersions, ...rest } = row
    return {
      collection: `source/${row.plural}`,
      group: groupOf(apiVersion),
      version: apiVersion.slice(apiVersion.indexOf('/') + 1),
      kind,
      namespaced: isClusterScoped !== true,
      writesStatus: writesStatus === true,
      mayBeAbsent: isRequired !== true,
      olderVersions: olderVersions ?? [],
      newerVersions: newerVersions ?? [],
      ...rest,
    }
  })
}

const unreadSecrets = [
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/dockercfg',
]

const status = { writesStatus: true } as const
const required = { isRequired: true } as const

/** Every kind that any translation reads. */
export const watchedKinds: readonly WatchedKind[] = [
  ...rows('v1', {
    Namespace: { plural: 'namespaces', isClusterScoped: true, ...required },
    Node: { plural: 'nodes', isClusterScoped: true, ...required },
    Pod: { plural: 'pods', ...required },
    Service: { plural: 'services', ...required },
    Secret: {
      plural: 'secrets',
      // Releases of Helm are large, tokens and pull secrets many; none of them is ever referred to.
      fieldSelector: unreadSecrets.map((type) => `type!=${type}`).join(),
      ...required,
    },
    ConfigMap: { plural: 'configmaps', ...required },
  }),
  ...rows('discovery.k8s.io/v1', {
    EndpointSlice: { plural: 'endpointslices', ...required },
  }),
  ...rows('gateway.networking.k8s.io/v1', {
    GatewayClass: {
      plural: 'gatewayclasses',
      isClusterScoped: true,
      olderVersions: ['v1beta1', 'v1alpha2'],
      ...status,
    },
    Gateway: { plural: 'gateways', olderVersions: ['v1beta1', 'v1alpha2'], ...status },
    HTTPRoute: { plural: 'httproutes', olderVersions: ['v1beta1', 'v1alpha2'], ...status },
    GRPCRoute: { plural: 'grpcroutes', olderVersions: ['v1alpha2'], minBundle: '1.1', ...status },
    TCPRoute: { plural: 'tcproutes', olderVersions: ['v1alpha2'], minBundle: '1.6', ...status },
    TLSRoute: { plural: 'tlsroutes', olderVersions: ['v1alpha3', 'v1alpha2'], minBundle: '1.5', ...status },
    ListenerSet: { plural: 'listenersets', ...status },
    BackendTLSPolicy: { plural: 'backendtlspolicies', olderVersions: ['v1alpha3'], minBundle: '1.4', ...status },
  }),
  ...rows('gateway.networking.k8s.io/v1beta1', {
    ReferenceGrant: { plural: 'referencegrants', olderVersions: ['v1alpha2'], newerVersions: ['v1'] },
  }),
  ...rows('inference.networking.k8s.io/v1', {
    InferencePool: { plural: 'inferencepools', enabledBy: 'enableInferExt', ...status },
  }),
  ...rows('networking.istio.io/v1', {
    ServiceEntry: { plural: 'serviceentries', olderVersions: ['v1beta1', 'v1alpha3'] },
    WorkloadEntry: { plural: 'workloadentries', olderVersions: ['v1beta1', 'v1alpha3'] },
  }),
  ...rows('agentgateway.dev/v1alpha1', {
    AgentgatewayBackend: { plural: 'agentgatewaybackends', ...status, ...required },
    AgentgatewayPolicy: { plural: 'agentgatewaypolicies', ...status, ...required },
    AgentgatewayModel: {
      plural: 'agentgatewaymodels',
      enabledBy: 'enableAgentgatewayModels',
      ...status,
      ...required,
    },
    AgentgatewayParameters: { plural: 'agentgatewayparameters' },
  }),
  ...rows('gateway.kgateway.dev/v1alpha1', {
    Backend: { plural: 'backends', ...status },
    TrafficPolicy: { plural: 'trafficpolicies', ...status },
    GatewayExtension: { plural: 'gatewayextensions' },
    DirectResponse: { plural: 'directresponses' },
    GatewayParameters: { plural: 'gatewayparameters', ...status },
    HTTPListenerPolicy: { plural: 'httplistenerpolicies', ...status },
    BackendConfigPolicy: { plural: 'backendconfigpolicies', ...status },
  }),
  ...rows('kagent.dev/v1alpha1', {
    MCPServer: { plural: 'mcpservers', ...status },
  }),
  ...rows('agentkube.io/v1alpha1', {
    MCP: { plural: 'mcps', ...status },
    LLMGateway: { plural: 'llmgateways', ...status },
  }),
]

/** Name of the collection of the live statuses of a kind whose status we write. */
export function liveCollection(kind: WatchedKind): string {
  return `live/${kind.plural}`
}

/** The `apiVersion` that objects of a kind have. */
export function apiVersionOf(kind: WatchedKind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
}

/** The key of an object in the collections of its kind. */
export function keyIn(kind: WatchedKind, metadata: { readonly namespace?: string; readonly name: string }): string {
  return nameKey(kind.namespaced ? metadata.namespace : undefined, metadata.name)
}

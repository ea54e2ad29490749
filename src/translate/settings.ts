// The settings that translation depends on, and nothing else does. How they are read from flags and the environment is
// decided in settings.ts at the root.

/** When a cross-namespace backendRef needs a ReferenceGrant. */
export type GrantMode = 'route' | 'route-and-policy' | 'none'

/** Everything outside the objects that changes what translation yields. */
export interface TranslateSettings {
  readonly controllerName: string
  /** Name of the one GatewayClass we create ourselves. */
  readonly className: string
  readonly systemNamespace: string
  readonly istioNamespace: string
  readonly istioRevision: string
  /** Prefix of workload uids; empty unless a mesh says otherwise. */
  readonly clusterId: string
  readonly clusterDomain: string
  readonly backendRefGrantMode: GrantMode
  readonly enableModels: boolean
  readonly enableInferencePool: boolean
  /** Whether MCPServers are run, which is another controller's work where kmcp or kagent is installed. */
  readonly runMcpServers: boolean
}

/** The settings of a fresh installation. */
export const DEFAULT_TRANSLATE_SETTINGS: TranslateSettings = Object.freeze({
  controllerName: 'agentgateway.dev/agentgateway',
  className: 'agentgateway',
  systemNamespace: 'agentgateway-system',
  istioNamespace: 'istio-system',
  istioRevision: '',
  clusterId: '',
  clusterDomain: 'cluster.local',
  backendRefGrantMode: 'route',
  enableModels: false,
  enableInferencePool: false,
  runMcpServers: false,
})

/** What the rendering of proxies depends on besides. */
export interface DeploySettings extends TranslateSettings {
  /** Version of this program; without it, no version label. */
  readonly version: string
  readonly xdsMode: 'plaintext' | 'tls' | 'either'
  readonly xdsServiceName: string
  /** Host that proxies connect to, instead of the Service; empty when there is none. */
  readonly xdsServiceHost: string
  readonly xdsPort: number
  /** Port of the Service of a Gateway without listeners; 0: none. */
  readonly noListenersDummyPort: number
  readonly proxyImageRegistry: string
  readonly proxyImageRepository: string
  /** Absent: the release that this program was written for. */
  readonly proxyImageTag: string | undefined
  readonly istioAutoEnabled: boolean
  readonly istioClusterId: string
  readonly istioNetwork: string
  readonly istioCaAddress: string
}

// Environment and flags → one frozen Settings. The only reader of process.env. Every `AGW_*` variable has a flag of the
// same name in lower case with dashes; a flag wins over its variable.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import {
  type ClassParameters,
  classParameters,
  count,
  flag,
  list,
  oneOf,
  type Parse,
  port,
  selectors,
  text,
  xdsMode,
} from './setting-values.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type GrantMode, type TranslateSettings } from './translate/settings.ts'

/** How the xDS port is protected. */
export type XdsMode = 'plaintext' | 'tls' | 'either'

/** Verbosity of the log. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error'

/** Everything an operator can set, read once at start. */
export interface Settings extends TranslateSettings {
  readonly xdsMode: XdsMode
  readonly xdsAuth: boolean
  readonly xdsServiceName: string
  readonly xdsServiceHost: string
  readonly xdsPort: number
  readonly xdsMaxConnections: number
  readonly additionalXdsTlsHosts: readonly string[]
  readonly noListenersDummyPort: number
  readonly proxyImageRegistry: string
  readonly proxyImageRepository: string
  readonly proxyImageTag: string | undefined
  readonly discoveryNamespaceSelectors: string
  readonly logLevel: LogLevel
  readonly disableLeaderElection: boolean
  readonly istioAutoEnabled: boolean
  readonly istioClusterId: string
  readonly istioNetwork: string
  readonly istioCaAddress: string
  readonly classParameters: Readonly<Record<string, ClassParameters>>
  /** Where fetched documents outlive the process; empty for nowhere. */
  readonly documentsFolder: string
  readonly adminPort: number
  readonly metricsPort: number
  readonly healthPort: number
  readonly kubeconfig: string | undefined
  readonly isInPod: boolean
  /** `host:port` of the API server, as pods are told it. */
  readonly apiServer: string | undefined
  readonly hostname: string
}

interface Setting {
  /** Field of Settings. */
  readonly field: keyof Settings
  /** The variable, without `AGW_`. */
  readonly variable: string
  readonly parse: Parse
  readonly fallback: unknown
  readonly help: string
}

const SETTINGS: readonly Setting[] = [
  {
    field: 'controllerName',
    variable: 'CONTROLLER_NAME',
    parse: text,
    fallback: DEFAULT_TRANSLATE_SETTINGS.controllerName,
    help: 'controllerName of the GatewayClasses that are ours',
  },
  {
    field: 'className',
    variable: 'AGENTGATEWAY_CLASS_NAME',
    parse: text,
    fallback: DEFAULT_TRANSLATE_SETTINGS.className,
    help: 'the GatewayClass that is created and kept',
  },
  {
    field: 'classParameters',
    variable: 'GATEWAY_CLASS_PARAMETERS_REFS',
    parse: classParameters,
    fallback: {},
    help: 'JSON: class → {name, namespace} of its AgentgatewayParameters',
  },
  {
    field: 'xdsMode',
    variable: 'XDS_MODE',
    parse: xdsMode,
    fallback: 'plaintext',
    help: 'plaintext, tls or either; unless set, tls in a cluster',
  },
  {
    field: 'xdsAuth',
    variable: 'XDS_AUTH',
    parse: flag,
    fallback: true,
    help: 'demand a ServiceAccount token of every proxy',
  },
  {
    field: 'xdsServiceName',
    variable: 'XDS_SERVICE_NAME',
    parse: text,
    fallback: 'agentgateway',
    help: 'Service that proxies connect to',
  },
  {
    field: 'xdsServiceHost',
    variable: 'XDS_SERVICE_HOST',
    parse: text,
    fallback: '',
    help: 'host that proxies connect to, instead of the Service',
  },
  {
    field: 'additionalXdsTlsHosts',
    variable: 'ADDITIONAL_XDS_TLS_HOSTS',
    parse: list,
    fallback: [],
    help: 'further names and IPs in the serving certificate',
  },
  { field: 'xdsPort', variable: 'AGENTGATEWAY_XDS_SERVICE_PORT', parse: port, fallback: 9978, help: 'xDS port' },
  {
    field: 'xdsMaxConnections',
    variable: 'XDS_MAX_CONNECTIONS',
    parse: count,
    fallback: 4000,
    help: 'connections to the xDS port at a time, more than there are proxies',
  },
  {
    field: 'noListenersDummyPort',
    variable: 'NO_LISTENERS_DUMMY_PORT',
    parse: port,
    fallback: 443,
    help: 'Service port of a Gateway without listeners; 0: none',
  },
  {
    field: 'proxyImageRegistry',
    variable: 'PROXY_IMAGE_REGISTRY',
    parse: text,
    fallback: 'cr.agentgateway.dev',
    help: 'registry of the proxy image',
  },
  {
    field: 'proxyImageRepository',
    variable: 'PROXY_IMAGE_REPOSITORY',
    parse: text,
    fallback: 'agentgateway',
    help: 'repository of the proxy image',
  },
  {
    field: 'proxyImageTag',
    variable: 'PROXY_IMAGE_TAG',
    parse: text,
    fallback: undefined,
    help: 'tag of the proxy image',
  },
  {
    field: 'discoveryNamespaceSelectors',
    variable: 'DISCOVERY_NAMESPACE_SELECTORS',
    parse: selectors,
    fallback: '[]',
    help: 'JSON list of label selectors: namespaces to look at',
  },
  {
    field: 'documentsFolder',
    variable: 'DOCUMENTS_FOLDER',
    parse: text,
    fallback: '',
    help: 'folder for fetched key sets, where no cluster keeps them',
  },
  {
    field: 'logLevel',
    variable: 'LOG_LEVEL',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error'),
    fallback: 'info',
    help: 'trace, debug, info, warn or error',
  },
  {
    field: 'disableLeaderElection',
    variable: 'DISABLE_LEADER_ELECTION',
    parse: flag,
    fallback: false,
    help: 'write without holding the Lease',
  },
  {
    field: 'enableInferencePool',
    variable: 'ENABLE_INFER_EXT',
    parse: flag,
    fallback: false,
    help: 'serve InferencePools',
  },
  {
    field: 'enableModels',
    variable: 'ENABLE_AGENTGATEWAY_MODELS',
    parse: flag,
    fallback: false,
    help: 'serve AgentgatewayModels',
  },
  {
    field: 'runMcpServers',
    variable: 'RUN_MCP_SERVERS',
    parse: flag,
    fallback: false,
    help: 'run MCPServers of kagent.dev; not where kmcp or kagent does',
  },
  {
    field: 'backendRefGrantMode',
    variable: 'BACKEND_REF_GRANT_MODE',
    parse: oneOf('route', 'route-and-policy', 'none'),
    fallback: 'route',
    help: 'which backendRefs need a ReferenceGrant across namespaces: route, route-and-policy or none',
  },
  {
    field: 'istioNamespace',
    variable: 'ISTIO_NAMESPACE',
    parse: text,
    fallback: DEFAULT_TRANSLATE_SETTINGS.istioNamespace,
    help: 'namespace of the mesh configuration',
  },
  {
    field: 'istioRevision',
    variable: 'ISTIO_REVISION',
    parse: text,
    fallback: 'default',
    help: 'revision of the mesh configuration',
  },
  {
    field: 'istioAutoEnabled',
    variable: 'ISTIO_AUTO_ENABLED',
    parse: flag,
    fallback: false,
    help: 'give every Gateway Istio settings unless it opts out',
  },
  {
    field: 'istioClusterId',
    variable: 'ISTIO_CLUSTER_ID',
    parse: text,
    fallback: '',
    help: 'cluster id in workload names',
  },
  { field: 'istioNetwork', variable: 'ISTIO_NETWORK', parse: text, fallback: '', help: 'network of mesh Gateways' },
  { field: 'istioCaAddress', variable: 'ISTIO_CA_ADDRESS', parse: text, fallback: '', help: 'CA of mesh Gateways' },
  {
    field: 'adminPort',
    variable: 'ADMIN_PORT',
    parse: port,
    fallback: 9095,
    help: 'admin and web page port, on localhost only',
  },
  { field: 'metricsPort', variable: 'METRICS_PORT', parse: port, fallback: 9092, help: 'metrics port' },
  { field: 'healthPort', variable: 'HEALTH_PORT', parse: port, fallback: 9093, help: 'readiness and liveness port' },
]

/** Variables of the Go controller that are checked and have no effect, as in the Go controller. */
const INERT: Readonly<Record<string, Parse>> = {
  ENABLE_BUILTIN_DEFAULT_METRICS: flag,
  DNS_LOOKUP_FAMILY: oneOf('v4_preferred', 'v4_only', 'v6_only', 'all', 'auto'),
  LISTENER_BIND_IPV6: flag,
  GLOBAL_POLICY_NAMESPACE: text,
  ENABLE_EXPERIMENTAL_GATEWAY_API_FEATURES: flag,
}

/** Name of the flag and `--set` key of a variable. */
function flagName(variable: string): string {
  return variable.toLowerCase().replaceAll('_', '-')
}

/** A flag that stands for a variable. */
export interface SettingFlag {
  readonly flag: string
  readonly variable: string
  readonly help: string
  readonly fallback: unknown
}

/** Flags that stand for variables, for the command line's help and the reference. */
export function settingFlags(): readonly SettingFlag[] {
  return SETTINGS.map(({ variable, help, fallback }) => ({
    ...{ flag: flagName(variable), variable: `AGW_${variable}`, help, fallback },
  }))
}

/** Variables that are checked and have no effect. */
export function inertVariables(): readonly string[] {
  return Object.keys(INERT).map((variable) => `AGW_${variable}`)
}

/** Settings, or what is wrong with the given ones; `overrides` are keyed by flag name and win over the environment. */
export function readSettings(
  overrides: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): {
  readonly settings: Settings
  /** Those that somebody set. */
  readonly given: ReadonlySet<keyof Settings>
  readonly errors: readonly string[]
} {
  const errors: string[] = []
  const known = new Set(SETTINGS.map(({ variable }) => flagName(variable)))
  for (const name of Object.keys(overrides))
    if (!known.has(name)) errors.push(`unknown setting ${name}; known are ${[...known].join(', ')}`)
  const textOf = (variable: string): string | undefined =>
    overrides[flagName(variable)] ?? environment[`AGW_${variable}`]
  const read = (variable: string, parse: Parse, fallback: unknown): unknown => {
    const value = textOf(variable)
    if (value === undefined) return fallback
    try {
      return parse(value)
    } catch (error) {
      errors.push(`AGW_${variable}=${JSON.stringify(value)}: ${error instanceof Error ? error.message : String(error)}`)
      return fallback
    }
  }
  for (const [variable, parse] of Object.entries(INERT)) read(variable, parse, undefined)
  const values = Object.fromEntries(
    SETTINGS.map(({ field, variable, parse, fallback }) => [field, read(variable, parse, fallback)]),
  )
  const settings = {
    ...DEFAULT_TRANSLATE_SETTINGS,
    ...values,
    clusterId: values.istioClusterId,
    clusterDomain: clusterDomain(environment),
    systemNamespace: environment.POD_NAMESPACE || DEFAULT_TRANSLATE_SETTINGS.systemNamespace,
    kubeconfig: environment.KUBECONFIG || undefined,
    isInPod: environment.KUBERNETES_SERVICE_HOST !== undefined,
    apiServer: apiServer(environment),
    hostname: hostname(),
    // Each field comes from the SETTINGS row that names it, with that row's parser.
  } as Settings & { readonly backendRefGrantMode: GrantMode }
  const given = new Set(SETTINGS.filter(({ variable }) => textOf(variable) !== undefined).map(({ field }) => field))
  return { settings: Object.freeze(settings), given, errors }
}

function apiServer({
  KUBERNETES_SERVICE_HOST: host,
  KUBERNETES_SERVICE_PORT: port = '443',
}: Readonly<Record<string, string | undefined>>): string | undefined {
  if (host === undefined || host === '') return undefined
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The cluster's DNS domain: in a pod from the resolver's search list, else `CLUSTER_DOMAIN`, else the usual one. */
function clusterDomain(environment: Readonly<Record<string, string | undefined>>): string {
  const fallback = environment.CLUSTER_DOMAIN || DEFAULT_TRANSLATE_SETTINGS.clusterDomain
  // Outside a pod the resolver says nothing about the cluster, and results must not depend on the machine.
  if (environment.KUBERNETES_SERVICE_HOST === undefined) return fallback
  try {
    for (const line of readFileSync('/etc/resolv.conf', 'utf8').split('\n')) {
      const [keyword, ...words] = line.trim().split(' ')
      const domain = keyword === 'search' ? words.find((word) => word.startsWith('svc.')) : undefined
      if (domain !== undefined) return domain.slice('svc.'.length).replace(/\.$/, '')
    }
  } catch {
    return fallback
  }
  return fallback
}

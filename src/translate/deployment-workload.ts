// The Deployment or DaemonSet that runs the proxies: pod, container, environment, volumes. Order matters: environment
// variables refer to earlier ones, and a changed order makes new pods. (spec: deployer, Deployment / DaemonSet)
import type { Json, JsonObject } from '../kube/json.ts'
import type { RenderedObject } from '../kube/proxy-deployment.ts'
import { catalogFolder } from './deployment-config.ts'
import { type Labels, type ProxyNames, podAnnotations, podLabels } from './deployment-labels.ts'
import type { ProxyParameters } from './deployment-parameters.ts'
import { PROXY_PORTS } from './deployment-service.ts'
import type { DeploySettings } from './settings.ts'

/** Membership of an Istio mesh, everything decided. */
export interface MeshMembership {
  readonly caAddress: string
  readonly trustDomain: string
  readonly additionalTrustDomains: readonly string[]
  readonly clusterId: string
  readonly network: string
}

/** Everything that a workload is made of. */
export interface WorkloadPlan {
  readonly names: ProxyNames
  readonly parameters: ProxyParameters
  readonly settings: DeploySettings
  readonly image: string
  readonly mesh: MeshMembership | undefined
  /** Whether the session key comes from the Secret that we keep. */
  readonly hasManagedKey: boolean
  readonly checksums: Labels
}

/** Whether proxies are to reach the xDS server through TLS. */
export function usesXdsTls({ xdsMode }: Pick<DeploySettings, 'xdsMode'>): boolean {
  return xdsMode !== 'plaintext'
}

/** The workload. */
export function renderWorkload(plan: WorkloadPlan): RenderedObject {
  const { names, parameters } = plan
  const { name, objectLabels, annotations, selector } = names
  return {
    apiVersion: 'apps/v1',
    kind: parameters.workloadKind,
    metadata: { name, labels: objectLabels, ...(annotations === undefined ? {} : { annotations }) },
    // No replicas: an autoscaler, or whoever scales by hand, owns them.
    spec: {
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: podLabels(names, plan.mesh !== undefined),
          annotations: podAnnotations(names, plan.checksums),
        },
        spec: podOf(plan),
      },
    },
  }
}

function podOf(plan: WorkloadPlan): JsonObject {
  const mounted = mountedSources(plan)
  return {
    serviceAccountName: plan.names.name,
    // Lets the proxy, which is not root, listen on ports below 1024.
    securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
    terminationGracePeriodSeconds: plan.parameters.maxSeconds,
    containers: [containerOf(plan, mounted)],
    volumes: [
      { name: 'config-volume', configMap: { name: plan.names.name } },
      tokenVolume('xds-token', 'agentgateway'),
      { name: 'tmp', emptyDir: {} },
      ...mounted.map(({ volume }) => volume),
    ],
  }
}

function containerOf(plan: WorkloadPlan, mounted: readonly MountedSource[]): JsonObject {
  const { parameters } = plan
  const { limits, requests, claims } = parameters
  const ready = { httpGet: { path: '/healthz/ready', port: PROXY_PORTS.readiness } }
  return {
    name: 'agentgateway',
    image: plan.image,
    ...(parameters.image.pullPolicy ? { imagePullPolicy: parameters.image.pullPolicy } : {}),
    args: ['-f', '/config/config.yaml'],
    ports: [{ name: 'metrics', containerPort: PROXY_PORTS.metrics, protocol: 'TCP' }],
    env: environmentOf(plan),
    resources: {
      ...(Object.keys(limits).length === 0 ? {} : { limits }),
      ...(Object.keys(requests).length === 0 ? {} : { requests }),
      ...(claims.length === 0 ? {} : { claims }),
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 10101,
    },
    readinessProbe: { ...ready, periodSeconds: 10 },
    startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 60, successThreshold: 1, timeoutSeconds: 2 },
    volumeMounts: [
      { name: 'config-volume', mountPath: '/config' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'xds-token', mountPath: '/var/run/secrets/xds-tokens', readOnly: true },
      ...mounted.map(({ volume, mountPath }) => ({ name: volume.name ?? '', mountPath, readOnly: true })),
    ],
  }
}

/** Variables that stay even when the user sets one of the same name. */
const FIXED: ReadonlySet<string> = new Set(['XDS_ADDRESS', 'XDS_ROOT_CA'])

function environmentOf({ names, parameters, settings, mesh, hasManagedKey }: WorkloadPlan): readonly Json[] {
  const { name } = names
  const isTls = usesXdsTls(settings)
  const host =
    settings.xdsServiceHost || `${settings.xdsServiceName}.${settings.systemNamespace}.svc.${settings.clusterDomain}`
  const defaults: readonly JsonObject[] = [
    text('TERMINATION_GRACE_PERIOD_SECONDS', String(parameters.maxSeconds)),
    text('CONNECTION_MIN_TERMINATION_DEADLINE', `${parameters.minSeconds}s`),
    fromField('NODE_NAME', 'spec.nodeName'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    fromField('POD_NAME', 'metadata.name'),
    text('RUST_BACKTRACE', '1'),
    text('RUST_LOG', parameters.logLevel),
    ...(hasManagedKey
      ? [{ name: 'SESSION_KEY', valueFrom: { secretKeyRef: { name: names.sessionKeyName, key: 'key' } } }]
      : []),
    text('XDS_ADDRESS', `${isTls ? 'https' : 'http'}://${host}:${settings.xdsPort}`),
    ...(isTls ? [text('XDS_ROOT_CA', '/etc/xds-tls/ca.crt')] : []),
    fromField('NAMESPACE', 'metadata.namespace'),
    text('GATEWAY', name),
    { name: 'CPU_LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1' } } },
    fromField('INSTANCE_IP', 'status.podIP'),
    fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    ...(mesh === undefined ? [] : meshEnvironment(mesh)),
  ]
  const given = new Set(parameters.env.map((entry) => entry.name))
  return [
    ...defaults.filter((entry) => FIXED.has(String(entry.name)) || !given.has(entry.name)),
    ...parameters.env.map(({ value, ...entry }) => (value === '' || value === undefined ? entry : { ...entry, value })),
  ]
}

function meshEnvironment(mesh: MeshMembership): readonly JsonObject[] {
  const optional: readonly [string, string][] = [
    ['ADDITIONAL_TRUST_DOMAINS', mesh.additionalTrustDomains.join(',')],
    ['CLUSTER_ID', mesh.clusterId],
    ['NETWORK', mesh.network],
  ]
  return [
    text('CA_ADDRESS', mesh.caAddress),
    text('TRUST_DOMAIN', mesh.trustDomain),
    ...optional.filter(([, value]) => value !== '').map(([name, value]) => text(name, value)),
  ]
}

interface MountedSource {
  readonly volume: JsonObject
  readonly mountPath: string
}

/** Volumes beyond those every proxy has, in the order of both lists. */
function mountedSources({ names, parameters, settings, mesh }: WorkloadPlan): readonly MountedSource[] {
  const { spiffe, modelCatalog } = parameters
  const sources: MountedSource[] = []
  if (usesXdsTls(settings)) {
    const items = [{ key: 'ca.crt', path: 'ca.crt' }]
    sources.push({
      volume: { name: 'xds-ca', configMap: { name: names.xdsCaName, items } },
      mountPath: '/etc/xds-tls',
    })
  }
  if (mesh !== undefined) {
    sources.push(
      {
        volume: { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert' } },
        mountPath: '/var/run/secrets/istio',
      },
      { volume: tokenVolume('istio-token', 'istio-ca'), mountPath: '/var/run/secrets/tokens' },
    )
  }
  for (const { configMap, key } of modelCatalog) {
    // The folder, not the file: only then does the kubelet update it in place.
    sources.push({
      volume: {
        name: `model-catalog-${configMap}`,
        configMap: { name: configMap, items: [{ key, path: `${configMap}.json` }] },
      },
      mountPath: catalogFolder(configMap),
    })
  }
  if (spiffe !== undefined) {
    const { driver, hostPath, mountPath } = spiffe
    const source =
      hostPath === undefined ? { csi: { driver, readOnly: true } } : { hostPath: { path: hostPath, type: 'Directory' } }
    sources.push({ volume: { name: 'spiffe-workload-api', ...source }, mountPath })
  }
  return sources
}

function tokenVolume(name: string, audience: string): JsonObject {
  const serviceAccountToken = { audience, expirationSeconds: 43200, path: name }
  return { name, projected: { sources: [{ serviceAccountToken }] } }
}

function text(name: string, value: string): JsonObject {
  return { name, value }
}

function fromField(name: string, fieldPath: string): JsonObject {
  return { name, valueFrom: { fieldRef: { fieldPath } } }
}

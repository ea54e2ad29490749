// What runs an MCP server in the cluster: ServiceAccount, ConfigMap, Service and Deployment, all called like the object
// that asks for it. A server on standard input and output is started by a proxy that an init container puts beside it.
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../kube/json.ts'
import type { WorkloadObject } from '../carried.ts'
import { present } from '../made.ts'
import { type AdaptedProcess, adapterConfig } from './adapter.ts'

/** A server to run; JSON fields are those of Kubernetes, as they were written. */
export interface ServerPlan {
  readonly name: string
  readonly port: number
  readonly replicas: number
  readonly image: string
  readonly pullPolicy: string
  readonly pullSecrets: Json | undefined
  /** Set for a server on standard input and output. */
  readonly process: AdaptedProcess | undefined
  /** What the container runs where no proxy starts it. */
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Secrets whose keys are variables of the environment. */
  readonly secrets: readonly string[]
  /** ConfigMaps that are mounted at `/configmaps/<name>`. */
  readonly configMaps: readonly string[]
  readonly adapterImage: string
  readonly adapter: JsonObject
  /** The account it runs as; with labels and annotations where it is made for it. */
  readonly account: { readonly name: string; readonly made: ServerAccount | undefined }
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly volumes: readonly Json[]
  readonly mounts: readonly Json[]
  readonly sidecars: readonly Json[]
  readonly resources: Json | undefined
  readonly securityContext: Json | undefined
  readonly podSecurityContext: Json | undefined
  readonly placement: JsonObject
}

/** What an account that is made for a server has besides its name. */
export interface ServerAccount {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

const ADAPTER_FOLDER = '/adapterbin'
const ADAPTER_BINARY = `${ADAPTER_FOLDER}/agentgateway`
const CONFIG_FOLDER = '/config'
const CONFIG_FILE = 'local.yaml'

/** The protocol that says what the port speaks, for whoever selects Services by it. */
const MCP_PROTOCOL = 'kgateway.dev/mcp'

/** Labels by which the pods of a server are found. */
export function selectorLabels(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name }
}

/** All objects, in the order in which they are applied. */
export function renderServer(plan: ServerPlan): readonly WorkloadObject[] {
  const { name, account, port } = plan
  const labels = { ...selectorLabels(name), 'app.kubernetes.io/managed-by': 'agentgateway' }
  const config = plan.process === undefined ? undefined : adapterConfig(plan.process)
  const serviceAccount: WorkloadObject = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, ...account.made, labels: { ...account.made?.labels, ...labels } },
  }
  const configMap: WorkloadObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data: { [CONFIG_FILE]: config ?? '' },
  }
  const service: WorkloadObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(name),
      ports: [{ name: 'http', protocol: 'TCP', port, targetPort: port, appProtocol: MCP_PROTOCOL }],
    },
  }
  return [
    ...(account.made === undefined ? [] : [serviceAccount]),
    ...(config === undefined ? [] : [configMap]),
    service,
    deployment(plan, labels, config),
  ]
}

function deployment(
  plan: ServerPlan,
  labels: Readonly<Record<string, string>>,
  config: string | undefined,
): WorkloadObject {
  const { name, replicas } = plan
  const checksum = config === undefined ? {} : { 'agentgateway.dev/config-hash': hashOf(config) }
  const annotations = { ...plan.annotations, ...checksum }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { ...plan.labels, ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: selectorLabels(name) },
      template: {
        metadata: present({
          labels: { ...plan.labels, ...labels },
          annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
        }),
        spec: podOf(plan),
      },
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function podOf(plan: ServerPlan): JsonObject {
  const isAdapted = plan.process !== undefined
  const volumes = [
    ...(isAdapted
      ? [
          { name: 'config', configMap: { name: plan.name } },
          { name: 'binary', emptyDir: {} },
        ]
      : []),
    ...plan.configMaps.map((each) => ({ name: `cm-${each}`, configMap: { name: each } })),
    ...plan.volumes,
  ]
  return present({
    serviceAccountName: plan.account.name,
    imagePullSecrets: plan.pullSecrets,
    securityContext: plan.podSecurityContext,
    initContainers: isAdapted ? [copyBinary(plan)] : undefined,
    containers: [mainContainer(plan), ...plan.sidecars],
    volumes: volumes.length === 0 ? undefined : volumes,
    ...plan.placement,
  })
}

function copyBinary(plan: ServerPlan): JsonObject {
  return {
    name: 'copy-binary',
    image: plan.adapterImage,
    args: ['--copy-self', ADAPTER_BINARY],
    volumeMounts: [{ name: 'binary', mountPath: ADAPTER_FOLDER }],
    ...plan.adapter,
  }
}

function mainContainer(plan: ServerPlan): JsonObject {
  const isAdapted = plan.process !== undefined
  const env = Object.entries(plan.env).map(([name, value]) => ({ name, value }))
  const mounts = [
    ...(isAdapted
      ? [
          { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
          { name: 'binary', mountPath: ADAPTER_FOLDER, readOnly: true },
        ]
      : []),
    ...plan.configMaps.map((each) => ({ name: `cm-${each}`, mountPath: `/configmaps/${each}`, readOnly: true })),
    ...plan.mounts,
  ]
  const { command, args } = isAdapted
    ? { command: [ADAPTER_BINARY], args: ['-f', `${CONFIG_FOLDER}/${CONFIG_FILE}`] }
    : plan
  return present({
    name: 'mcp-server',
    image: plan.image,
    imagePullPolicy: plan.pullPolicy,
    command: command.length === 0 ? undefined : command,
    args: args.length === 0 ? undefined : args,
    ports: [{ name: 'http', containerPort: plan.port, protocol: 'TCP' }],
    env: isAdapted || env.length === 0 ? undefined : env,
    envFrom: plan.secrets.length === 0 ? undefined : plan.secrets.map((name) => ({ secretRef: { name } })),
    resources: plan.resources,
    securityContext: plan.securityContext,
    volumeMounts: mounts.length === 0 ? undefined : mounts,
  })
}

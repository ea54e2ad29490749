// AgentgatewayParameters of a Gateway: which objects apply, and what their typed fields come to when the Gateway's lie over
// the class's. Overlays are kept per layer for later. (spec: deployer, AgentgatewayParameters)
import type { ParametersSpec } from '../api/parameters.ts'
import { nameKey } from '../core/keys.ts'
import type { Outcome } from '../core/problem.ts'
import { ok, rejected } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { Gateway, GatewayClass, ObjectReference } from '../kube/gateway-types.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, objectIn, textEntries, textIn } from '../kube/json.ts'
import type { KubeObject } from '../kube/object.ts'
import { KGATEWAY_GROUP } from './references.ts'

/** AgentgatewayParameters as they arrive. */
export interface AgentgatewayParameters extends KubeObject {
  readonly spec?: ParametersSpec
}

/** Kinds of workload that run proxies. */
export type WorkloadKind = 'Deployment' | 'DaemonSet'

/** The parameters of one layer, as their author wrote them. */
export interface ParametersLayer {
  readonly layer: 'GatewayClass' | 'Gateway'
  /** `namespace/name`, for messages. */
  readonly key: string
  readonly spec: JsonObject
}

/** Parts of an image reference; an empty part is left out. */
export interface ImageParts {
  readonly registry: string | undefined
  readonly repository: string | undefined
  readonly tag: string | undefined
  readonly digest: string | undefined
  readonly pullPolicy: string | undefined
}

/** What both layers say of Istio; absent fields fall back to the control plane's settings. */
export interface IstioParameters {
  readonly enabled: boolean | undefined
  readonly caAddress: string | undefined
  readonly trustDomain: string | undefined
  readonly clusterId: string | undefined
  readonly network: string | undefined
  readonly additionalTrustDomains: readonly string[]
}

/** Where the socket of a SPIFFE workload API comes from. */
export interface SpiffeParameters {
  readonly mountPath: string
  readonly socketName: string
  readonly driver: string
  readonly hostPath: string | undefined
}

/** Both layers in one: typed fields merged, overlays in the order they apply. */
export interface ProxyParameters {
  readonly layers: readonly ParametersLayer[]
  readonly workloadKind: WorkloadKind
  readonly image: ImageParts
  readonly env: readonly JsonObject[]
  readonly limits: JsonObject
  readonly requests: JsonObject
  readonly claims: readonly Json[]
  readonly minSeconds: number
  readonly maxSeconds: number
  /** Absent when no layer mentions Istio. */
  readonly istio: IstioParameters | undefined
  readonly spiffe: SpiffeParameters | undefined
  readonly rawConfig: JsonObject
  readonly logLevel: string
  readonly logFormat: string | undefined
  readonly modelCatalog: readonly { readonly configMap: string; readonly key: string }[]
}

const GROUP = 'agentgateway.dev'
const KIND = 'AgentgatewayParameters'

/** Resolves and merges the parameters of a Gateway; `parameters` is keyed by `namespace/name`. */
export function parametersOf(
  gateway: Gateway,
  gatewayClass: GatewayClass,
  parameters: Reader<AgentgatewayParameters>,
): Outcome<ProxyParameters> {
  const layers: ParametersLayer[] = []
  const classRef = gatewayClass.spec?.parametersRef
  const ownRef = gateway.spec?.infrastructure?.parametersRef
  const references: readonly [ParametersLayer['layer'], ObjectReference | undefined, string, string][] = [
    ['GatewayClass', classRef, classRef?.namespace ?? '', `GatewayClass ${gatewayClass.metadata.name}`],
    ['Gateway', ownRef, gateway.metadata.namespace ?? '', 'the Gateway'],
  ]
  for (const [layer, ref, namespace, owner] of references) {
    if (!isJsonObject(ref)) continue
    const found = resolveParameters(ref, namespace, parameters)
    if (typeof found === 'string') {
      const field = layer === 'Gateway' ? 'spec.infrastructure.parametersRef' : 'spec.gatewayClassName'
      return rejected('InvalidParameters', field, `parametersRef of ${owner}: ${found}`)
    }
    layers.push({ layer, key: nameKey(namespace, found.metadata.name), spec: objectIn(found.spec) })
  }
  const kinds = layers.map(({ spec }) => textIn(objectIn(spec.workload).kind)).filter(Boolean)
  const kind = kinds.at(-1) ?? 'Deployment'
  if (kind !== 'Deployment' && kind !== 'DaemonSet')
    return rejected(
      'InvalidParameters',
      'spec.infrastructure.parametersRef',
      `workload.kind ${JSON.stringify(kind)} is neither Deployment nor DaemonSet`,
    )
  return ok(merge(layers, kind))
}

function resolveParameters(
  ref: ObjectReference,
  namespace: string,
  parameters: Reader<AgentgatewayParameters>,
): AgentgatewayParameters | string {
  const { group = '', kind = '', name = '' } = ref
  // An AgentgatewayParameters of the same name stands for a GatewayParameters of kgateway.
  const isKgateway = group === KGATEWAY_GROUP && kind === 'GatewayParameters'
  if (!isKgateway && (group !== GROUP || kind !== KIND))
    return `${group === '' ? '' : `${group}/`}${kind} is not supported; it must be ${GROUP}/${KIND}`
  if (namespace === '') return `${kind} ${name}: a class has to name the namespace of its parameters`
  return parameters.get(nameKey(namespace, name)) ?? `${kind} ${nameKey(namespace, name)} does not exist`
}

function merge(layers: readonly ParametersLayer[], workloadKind: WorkloadKind): ProxyParameters {
  const specs = layers.map(({ spec }) => spec)
  const own = layers.find(({ layer }) => layer === 'Gateway')?.spec
  const shutdown = last(specs, 'shutdown')
  const logging = specs.map(({ logging }) => objectIn(logging))
  const resources = specs.map(({ resources }) => objectIn(resources))
  const images = specs.map(({ image }) => objectIn(image))
  const part = (field: string): string | undefined => images.map((image) => textIn(image[field])).findLast(isPresent)
  return {
    layers,
    workloadKind,
    image: {
      registry: part('registry'),
      repository: part('repository'),
      tag: part('tag'),
      digest: part('digest'),
      pullPolicy: part('pullPolicy'),
    },
    env: specs.reduce<readonly JsonObject[]>((lower, { env }) => overEnv(lower, env), []),
    limits: resources.reduce<JsonObject>((lower, { limits }) => overAmounts(lower, limits), {}),
    requests: resources.reduce<JsonObject>((lower, { requests }) => overAmounts(lower, requests), {
      cpu: '100m',
      memory: '128Mi',
    }),
    claims: resources.map(({ claims }) => (isJsonList(claims) ? claims : [])).findLast(isFilled) ?? [],
    // A limit of nothing is no limit to the proxy, which takes a margin off it.
    minSeconds: secondsIn(shutdown?.min) || 10,
    maxSeconds: secondsIn(shutdown?.max) || 60,
    istio: istioOf(specs),
    spiffe: spiffeOf(last(specs, 'spiffe')),
    rawConfig: last(specs, 'rawConfig') ?? {},
    logLevel: logging.map(({ level }) => textIn(level)).findLast(isFilled) ?? 'info',
    logFormat: logging.map(({ format }) => textIn(format)).findLast(isFilled),
    modelCatalog: catalogOf(own),
  }
}

/** The uppermost layer's object under a key: it replaces the lower one's as a whole. */
function last(specs: readonly JsonObject[], key: string): JsonObject | undefined {
  return specs.map((spec) => spec[key]).findLast(isJsonObject)
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined
}

function isFilled<T extends { readonly length: number }>(value: T | undefined): value is T {
  return value !== undefined && value.length > 0
}

function secondsIn(value: Json | undefined): number {
  return typeof value === 'number' && value > 0 ? Math.trunc(value) : 0
}

// A variable of the upper layer takes the place of the lower one's of the same name.
function overEnv(lower: readonly JsonObject[], upper: Json | undefined): readonly JsonObject[] {
  const entries = (isJsonList(upper) ? upper : []).filter(isJsonObject)
  const names = new Set(entries.map(({ name }) => name))
  return [...lower.filter(({ name }) => !names.has(name)), ...entries]
}

// An empty map clears what lies below it; any other adds to it.
function overAmounts(lower: JsonObject, upper: Json | undefined): JsonObject {
  if (!isJsonObject(upper)) return lower
  const amounts = Object.entries(upper).flatMap(([name, amount]) =>
    typeof amount === 'string' || typeof amount === 'number' ? [[name, String(amount)] as const] : [],
  )
  return amounts.length === 0 ? {} : { ...lower, ...Object.fromEntries(amounts) }
}

function istioOf(specs: readonly JsonObject[]): IstioParameters | undefined {
  const blocks = specs.map(({ istio }) => istio).filter(isJsonObject)
  if (blocks.length === 0) return undefined
  const part = (field: string): string | undefined => blocks.map((block) => textIn(block[field])).findLast(isFilled)
  const enabled = blocks.map((block) => block.enabled).findLast((value) => typeof value === 'boolean')
  return {
    enabled: typeof enabled === 'boolean' ? enabled : undefined,
    caAddress: part('caAddress'),
    trustDomain: part('trustDomain'),
    clusterId: part('clusterId'),
    network: part('network'),
    additionalTrustDomains:
      blocks
        .map(({ additionalTrustDomains: domains }) => (isJsonList(domains) ? domains : []))
        .map((domains) => domains.filter((domain) => typeof domain === 'string'))
        .findLast(isFilled) ?? [],
  }
}

function spiffeOf(block: JsonObject | undefined): SpiffeParameters | undefined {
  if (block === undefined || block.enabled === false) return undefined
  const source = objectIn(block.source)
  const { mountPath, socketName } = textEntries(source)
  return {
    mountPath: mountPath || '/spiffe-workload-api',
    socketName: socketName || 'spire-agent.sock',
    driver: textIn(objectIn(source.csi).driver) || 'csi.spiffe.io',
    hostPath: textIn(objectIn(source.hostPath).path),
  }
}

function catalogOf(spec: JsonObject | undefined): ProxyParameters['modelCatalog'] {
  const sources = objectIn(spec?.modelCatalog).sources
  return (isJsonList(sources) ? sources : []).flatMap((source) => {
    const { name, key } = textEntries(objectIn(source).configMap)
    return name ? [{ configMap: name, key: key || 'catalog.json' }] : []
  })
}

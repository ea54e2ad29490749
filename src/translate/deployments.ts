// One Gateway and its parameters → the Kubernetes objects that run its proxies, in the order they are applied. Pure: the
// random session key comes in as a Secret, made by whoever applies. (spec: deployer)
import { nameKey } from '../core/keys.ts'
import type { Outcome } from '../core/problem.ts'
import { ok, rejected } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { ConfigMap, Secret } from '../kube/core-types.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import { keyOf } from '../kube/object.ts'
import { type ProxyDeployment, type RenderedObject, SESSION_KEY_FIELD } from '../kube/proxy-deployment.ts'
import { rawPortClash, renderConfig, renderXdsCa, sha256 } from './deployment-config.ts'
import { namesOf, type ProxyNames } from './deployment-labels.ts'
import { withOverlays } from './deployment-overlays.ts'
import {
  type AgentgatewayParameters,
  type ImageParts,
  type IstioParameters,
  type ProxyParameters,
  parametersOf,
} from './deployment-parameters.ts'
import { renderService, servicePorts, staticAddress } from './deployment-service.ts'
import { type MeshMembership, renderWorkload, usesXdsTls } from './deployment-workload.ts'
import type { GatewayPlan } from './gateway-plan.ts'
import type { DeploymentVerdict } from './gateways.ts'
import { meshConfigName, meshConfigOf } from './mesh.ts'
import type { DeploySettings } from './settings.ts'

/** Name of the Secret with the xDS server's certificate authority, in the control plane's namespace. */
export const XDS_CERTIFICATE_SECRET = 'kgateway-xds-cert'

/** The release of agentgateway that proxies run unless somebody says otherwise; the chart names the same one. */
export const PROXY_RELEASE = 'v1.5.0'

/** What rendering reads. */
export interface DeploymentReads {
  readonly plans: Reader<GatewayPlan>
  readonly classes: Reader<GatewayClass>
  readonly parameters: Reader<AgentgatewayParameters>
  readonly secrets: Reader<Secret>
  readonly configmaps: Reader<ConfigMap>
}

/** Renders a Gateway of ours; nothing for one that is not, or that is going. */
export function renderDeployment(
  gateway: Gateway,
  read: DeploymentReads,
  settings: DeploySettings,
): readonly ProxyDeployment[] {
  const { namespace = '', name, uid, generation = 0, deletionTimestamp } = gateway.metadata
  const plan = read.plans.get(keyOf(gateway))
  const gatewayClass = read.classes.get(gateway.spec?.gatewayClassName ?? '')
  if (plan === undefined || gatewayClass === undefined || deletionTimestamp !== undefined) return []
  const names = namesOf(gateway, gatewayClass.metadata.name, settings.version)
  const frame = { gateway: plan.gateway, owner: { namespace, name, uid, generation }, name: names.name }

  const rendering = rendered({ gateway, gatewayClass, plan, names }, read, settings)
  if (rendering.value !== undefined) return [{ ...frame, ...rendering.value }]
  const [problem] = rendering.problems
  return [
    {
      ...frame,
      kind: 'refused',
      reason: 'InvalidParameters',
      path: problem?.path ?? '',
      message: problem?.message ?? '',
    },
  ]
}

/** What the Gateway's status has to say of a refusal; a Gateway without ports is told by its listeners. */
export function refusalOf(deployment: ProxyDeployment): readonly DeploymentVerdict[] {
  if (deployment.kind !== 'refused' || deployment.reason !== 'InvalidParameters') return []
  const { gateway, reason, message } = deployment
  return [{ gateway, problem: { reason, message } }]
}

type Rendering =
  | { readonly kind: 'rendered'; readonly objects: readonly RenderedObject[] }
  | { readonly kind: 'needs-session-key'; readonly secret: RenderedObject }
  | { readonly kind: 'refused'; readonly reason: 'NoPorts'; readonly path: string; readonly message: string }

interface Subject {
  readonly gateway: Gateway
  readonly gatewayClass: GatewayClass
  readonly plan: GatewayPlan
  readonly names: ProxyNames
}

function rendered(
  { gateway, gatewayClass, plan, names }: Subject,
  read: DeploymentReads,
  settings: DeploySettings,
): Outcome<Rendering> {
  const merged = parametersOf(gateway, gatewayClass, read.parameters)
  if (merged.value === undefined) return { ...merged, value: undefined }
  const parameters = merged.value
  const ports = servicePorts(plan, settings.noListenersDummyPort)
  if (ports.length === 0)
    return ok({ kind: 'refused', reason: 'NoPorts', path: 'spec.listeners', message: 'no listener has a usable port' })
  const clash = rawPortClash(parameters.rawConfig, ports)
  if (clash !== undefined) return rejected('InvalidParameters', 'spec.infrastructure.parametersRef', clash)
  const address = staticAddress(gateway)
  if (address.problems.length > 0) return { ...address, value: undefined }
  const image = imageOf(parameters.image, settings)
  if (image === undefined)
    return rejected('InvalidParameters', 'spec.infrastructure.parametersRef', 'image.repository must not be empty')
  const ca = usesXdsTls(settings) ? xdsCa(read.secrets, settings) : ok(undefined)
  if (ca.problems.length > 0) return { ...ca, value: undefined }
  const key = sessionKeyOf({ gateway, names, parameters }, read.secrets)
  if (key.value === undefined) return { ...key, value: undefined }
  if (key.value.kind === 'missing') return ok({ kind: 'needs-session-key', secret: key.value.secret })

  const config = renderConfig(names, parameters)
  const xdsCaMap = ca.value === undefined ? undefined : renderXdsCa(names, ca.value)
  const secret = key.value.kind === 'managed' ? key.value : undefined
  const workload = renderWorkload({
    ...{ names, parameters, settings, image },
    mesh: membershipOf(parameters.istio, read.configmaps, settings),
    hasManagedKey: secret !== undefined,
    checksums: {
      'checksum/config': config.checksum,
      ...(xdsCaMap === undefined ? {} : { 'checksum/xds-ca': xdsCaMap.checksum }),
      ...(secret === undefined ? {} : { 'checksum/session-key': sha256(secret.key) }),
    },
  })
  const objects = withOverlays(
    [
      renderServiceAccount(names),
      config.object,
      ...(xdsCaMap === undefined ? [] : [xdsCaMap.object]),
      renderService(names, ports, address.value),
      workload,
    ],
    parameters,
  )
  if (objects.value === undefined) return { ...objects, value: undefined }
  return ok({ kind: 'rendered', objects: [...objects.value, ...(secret === undefined ? [] : [secret.secret])] })
}

function renderServiceAccount({ name, objectLabels, annotations }: ProxyNames): RenderedObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, labels: objectLabels, ...(annotations === undefined ? {} : { annotations }) },
    automountServiceAccountToken: false,
  }
}

/** The image reference; undefined without a repository. */
export function imageOf(image: ImageParts, settings: DeploySettings): string | undefined {
  const part = (given: string | undefined, fallback: string): string => oneLine(given ?? fallback)
  const registry = part(image.registry, settings.proxyImageRegistry)
  const repository = part(image.repository, settings.proxyImageRepository)
  const tag = part(image.tag, settings.proxyImageTag ?? PROXY_RELEASE)
  const digest = part(image.digest, '')
  if (repository === '') return undefined
  return [
    registry === '' ? '' : `${registry}/`,
    repository,
    tag === '' ? '' : `:${tag}`,
    digest === '' ? '' : `@${digest}`,
  ].join('')
}

function oneLine(part: string): string {
  return part.replace(/[ \t]*\n\s*/g, ' ')
}

// The proxies are pointed at TLS whenever the server offers it.
function xdsCa(secrets: Reader<Secret>, settings: DeploySettings): Outcome<string | undefined> {
  const key = nameKey(settings.systemNamespace, XDS_CERTIFICATE_SECRET)
  const secret = secrets.get(key)
  const text = decoded(secret?.data?.['ca.crt']) || decoded(secret?.data?.['tls.crt'])
  if (text) return ok(text)
  const flaw = secret === undefined ? 'does not exist' : 'has neither ca.crt nor tls.crt'
  return rejected(
    'InvalidParameters',
    '',
    `the certificate authority of the xDS server is missing: Secret ${key} ${flaw}`,
  )
}

function decoded(data: unknown): string | undefined {
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString() : undefined
}

type SessionKey =
  | { readonly kind: 'own' }
  | { readonly kind: 'missing'; readonly secret: RenderedObject }
  | { readonly kind: 'managed'; readonly key: string; readonly secret: RenderedObject }

function sessionKeyOf(
  { gateway, names, parameters }: Pick<Subject, 'gateway' | 'names'> & { readonly parameters: ProxyParameters },
  secrets: Reader<Secret>,
): Outcome<SessionKey> {
  if (parameters.env.some(({ name }) => name === 'SESSION_KEY')) return ok({ kind: 'own' })
  const { namespace = '' } = gateway.metadata
  const secret: RenderedObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: names.sessionKeyName, namespace, labels: names.sessionKeyLabels },
    type: 'Opaque',
  }
  const secretKey = nameKey(namespace, names.sessionKeyName)
  const existing = secrets.get(secretKey)
  if (existing === undefined) return ok({ kind: 'missing', secret })
  const key = decoded(existing.data?.[SESSION_KEY_FIELD])?.trim() ?? ''
  if (!/^[0-9a-fA-F]{64}$/.test(key))
    return rejected(
      'InvalidParameters',
      '',
      `Secret ${secretKey} must have 32 bytes in hex under "${SESSION_KEY_FIELD}"; mend or delete it`,
    )
  const data = { [SESSION_KEY_FIELD]: Buffer.from(key).toString('base64') }
  return ok({ kind: 'managed', key, secret: { ...secret, data } })
}

const DEFAULT_CA_ADDRESS = 'https://istiod.istio-system.svc:15012'

function membershipOf(
  istio: IstioParameters | undefined,
  configmaps: Reader<ConfigMap>,
  settings: DeploySettings,
): MeshMembership | undefined {
  if (!(istio?.enabled ?? (istio !== undefined || settings.istioAutoEnabled))) return undefined
  const configmap = configmaps.get(nameKey(settings.istioNamespace, meshConfigName(settings)))
  const [mesh] = configmap === undefined ? [] : meshConfigOf(configmap, settings)
  return {
    caAddress: istio?.caAddress ?? (settings.istioCaAddress || DEFAULT_CA_ADDRESS),
    trustDomain: istio?.trustDomain ?? (mesh?.trustDomain || 'cluster.local'),
    additionalTrustDomains: istio?.additionalTrustDomains ?? [],
    clusterId: istio?.clusterId ?? settings.istioClusterId,
    network: istio?.network ?? settings.istioNetwork,
  }
}

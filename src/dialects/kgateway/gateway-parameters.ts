// kgateway's GatewayParameters as AgentgatewayParameters of the same name: what is said of the proxy in its own fields, what
// is said of Kubernetes objects as overlays over them. What only Envoy has is named.
import { load } from 'js-yaml'
import { nameKey } from '../../core/keys.ts'
import type { Problem } from '../../core/problem.ts'
import { isJsonObject, type Json, type JsonObject } from '../../kube/json.ts'
import { refOf } from '../../kube/object.ts'
import { type Carried, carriedFrame, type DialectContext, type DialectKind, type ForeignObject } from '../carried.ts'
import { dropUnread, type Fields, readFields } from '../fields.ts'
import { make, present, unlessEmpty } from '../made.ts'
import { KGATEWAY } from './backend.ts'

/** GatewayParameters of gateway.kgateway.dev/v1alpha1. */
export const kgatewayParameters: DialectKind = {
  group: KGATEWAY,
  kind: 'GatewayParameters',
  plural: 'gatewayparameters',
  carry,
}

const CONTAINER = 'agentgateway'
const CONFIG_KEY = 'config.yaml'

function carry(object: ForeignObject, context: DialectContext): Carried {
  const problems: Problem[] = []
  const spec = readFields(object.spec, 'spec', problems)
  const kube = spec.fields('kube')
  if (spec.has('selfManaged')) {
    spec.json('selfManaged')
    if (kube !== undefined) spec.tell('exactly one of kube and selfManaged must be set', { field: 'selfManaged' })
    else
      spec.drop('selfManaged', 'the proxies of every Gateway are deployed, unless deploying is turned off as a whole')
  } else if (kube === undefined) spec.tell('kube is required', { field: 'kube' })
  const { namespace } = refOf(object)
  const made = kube === undefined ? {} : carryKube(kube, { namespace, context })
  dropUnread(spec, problems, 'it is about Envoy, or AgentgatewayParameters have nothing like it')
  return {
    ...carriedFrame(object),
    made: [
      make('AgentgatewayParameters', object, {
        spec: made,
        paths: [
          ['spec.deployment', 'spec.kube.deployment'],
          ['spec.service', 'spec.kube.service'],
          ['spec.serviceAccount', 'spec.kube.serviceAccount'],
          ['spec.rawConfig', 'spec.kube.agentgateway.customConfigMapName'],
          ['spec', 'spec.kube.agentgateway'],
        ],
      }),
    ],
    workload: [],
    problems,
  }
}

interface Scope {
  readonly namespace: string
  readonly context: DialectContext
}

function carryKube(kube: Fields, scope: Scope): JsonObject {
  const proxy = kube.fields('agentgateway')
  if (proxy?.flag('enabled') === false)
    proxy.drop('enabled', 'there is no Envoy here; Gateways of this class are agentgateway proxies')
  kube.drop('omitDefaultSecurityContext', 'write an overlay in AgentgatewayParameters, spec.deployment.spec')
  const level = proxy?.text('logLevel')
  return present({
    image: proxy && imageOf(proxy),
    logging: level === undefined ? undefined : { level },
    resources: proxy?.json('resources'),
    env: proxy?.json('env'),
    rawConfig: proxy && rawConfigOf(proxy, scope),
    deployment: deploymentOf(kube, proxy),
    service: serviceOf(kube),
    serviceAccount: overlay(metadataOf(kube.fields('serviceAccount')), {}),
  })
}

function imageOf(proxy: Fields): JsonObject | undefined {
  const image = proxy.fields('image')
  if (image === undefined) return undefined
  const parts = ['registry', 'repository', 'tag', 'digest', 'pullPolicy'] as const
  return unlessEmpty(present(Object.fromEntries(parts.map((part) => [part, image.text(part)]))))
}

// The file of a proxy replaced the generated one in kgateway; here it is merged with what Gateways need.
function rawConfigOf(proxy: Fields, { namespace, context }: Scope): JsonObject | undefined {
  const field = 'customConfigMapName'
  const name = proxy.text(field)
  if (name === undefined) return undefined
  const key = nameKey(namespace, name)
  const found = context.read.configmaps.get(key)
  const text = found?.data?.[CONFIG_KEY]
  if (typeof text === 'string') {
    const config = parsed(text)
    if (config !== undefined) return config
    proxy.tell(`${CONFIG_KEY} of ConfigMap ${key} is not a YAML mapping`, { field })
    return undefined
  }
  proxy.tell(`ConfigMap ${key} ${found === undefined ? 'not found' : `has no ${CONFIG_KEY}`}`, { field })
  return undefined
}

function parsed(text: string): JsonObject | undefined {
  try {
    const config = load(text)
    return isJsonObject(config) ? config : undefined
  } catch {
    return undefined
  }
}

/** Fields of a podTemplate that are fields of a pod. */
const OF_PODS = [
  'securityContext',
  'imagePullSecrets',
  'nodeSelector',
  'affinity',
  'tolerations',
  'topologySpreadConstraints',
  'priorityClassName',
] as const

function deploymentOf(kube: Fields, proxy: Fields | undefined): JsonObject | undefined {
  const deployment = kube.fields('deployment')
  const pod = kube.fields('podTemplate')
  for (const name of ['gracefulShutdown', 'terminationGracePeriodSeconds'])
    pod?.drop(name, 'write spec.shutdown in AgentgatewayParameters')
  for (const name of ['readinessProbe', 'livenessProbe', 'startupProbe'])
    pod?.drop(name, "the proxy's own probes stay; write an overlay in AgentgatewayParameters, spec.deployment.spec")
  const container = present({
    securityContext: proxy?.json('securityContext'),
    volumeMounts: proxy?.json('extraVolumeMounts'),
  })
  const podSpec = present({
    ...Object.fromEntries(OF_PODS.map((name) => [name, pod?.json(name)])),
    volumes: pod?.json('extraVolumes'),
    containers: Object.keys(container).length === 0 ? undefined : [{ name: CONTAINER, ...container }],
  })
  const template = present({ metadata: metadataOf(pod), spec: unlessEmpty(podSpec) })
  return overlay(
    undefined,
    present({
      replicas: deployment?.whole('replicas'),
      strategy: deployment?.json('strategy'),
      template: unlessEmpty(template),
    }),
  )
}

function serviceOf(kube: Fields): JsonObject | undefined {
  const service = kube.fields('service')
  if (service === undefined) return undefined
  const ports = service
    .list('ports')
    .map((port) => present({ port: port.whole('port'), nodePort: port.whole('nodePort') }))
  const parts = ['type', 'clusterIP', 'externalTrafficPolicy', 'loadBalancerClass', 'loadBalancerSourceRanges'] as const
  const spec = present({
    ...Object.fromEntries(parts.map((part) => [part, service.json(part)])),
    ports: ports.length === 0 ? undefined : ports,
  })
  return overlay(metadataOf(service), spec)
}

function metadataOf(from: Fields | undefined): JsonObject | undefined {
  return unlessEmpty(present({ labels: from?.json('extraLabels'), annotations: from?.json('extraAnnotations') }))
}

function overlay(metadata: Json | undefined, spec: JsonObject): JsonObject | undefined {
  return unlessEmpty(present({ metadata, spec: unlessEmpty(spec) }))
}

// Services of Kubernetes, and InferencePools, as addresses; and which of several objects stands for a host name. How
// workloads join them is in service-members.ts, ServiceEntries are in service-entries.ts.
// (spec: backends, addresses: service)

import type { TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import type { Reader } from '../engine/collection.ts'
import type { Service, ServicePort } from '../kube/core-types.ts'
import { ipBytes } from '../kube/ip-address.ts'
import { listOf, textsOf } from '../kube/lists.ts'
import type { InferencePool } from '../kube/route-types.ts'
import type { AppProtocol, LoadBalancing, ServiceAddress } from '../wire/messages.ts'
import { type Labels, type MeshReads, networkOf } from './mesh.ts'
import type { OwnedAddress } from './model.ts'
import { serviceWaypoints } from './networks.ts'
import { INFERENCE_GROUP, poolHostname, serviceHostname } from './references.ts'
import type { Selection } from './service-members.ts'
import type { TranslateSettings } from './settings.ts'

/** An object that wants to be the service of a host name. */
export interface ServiceCandidate {
  readonly key: string
  readonly hostname: string
  readonly namespace: string
  readonly owner: TypedRef
  /** RFC 3339 or empty. */
  readonly created: string
  /** Everything but `canonical`, which depends on other candidates. */
  readonly service: ServiceAddress
  readonly selection: Selection
}

/** A candidate that stands for its host name in its namespace. */
export interface ServiceWinner {
  /** Key of the candidate. */
  readonly key: string
  readonly isCanonical: boolean
}

/** A Service as a candidate; one that only names another host is none. */
export function serviceCandidate(
  service: Service,
  read: MeshReads,
  settings: TranslateSettings,
): readonly ServiceCandidate[] {
  const { spec } = service
  if (spec?.type === 'ExternalName') return []
  const { name, namespace = '', labels, annotations, creationTimestamp = '' } = service.metadata
  const hostname = serviceHostname(namespace, name, settings.clusterDomain)
  const ports = listOf(spec?.ports)
  const loadBalancing = loadBalancingOf(service, read)
  return [
    {
      key: `Service/${namespace}/${name}`,
      hostname,
      namespace,
      owner: { group: '', kind: 'Service', namespace, name },
      created: creationTimestamp,
      service: {
        name,
        namespace,
        hostname,
        addresses: clusterIps(service).map((address) => ({ network: networkOf(read, settings), address })),
        ports: ports.map((port) => ({
          servicePort: port.port,
          targetPort: typeof port.targetPort === 'number' ? port.targetPort : 0,
          appProtocol: appProtocolOf(port),
        })),
        ...(loadBalancing === undefined ? {} : { loadBalancing }),
        ipFamilies: ipFamiliesOf(spec?.ipFamilies),
        ...serviceWaypoints({ namespace, labels, annotations }, read, settings),
      },
      selection: {
        key: `${namespace}/${hostname}`,
        source: 'Service',
        namespace,
        selector: spec?.selector,
        ports: ports.map(({ name: portName = '', port, targetPort }) => ({
          name: portName,
          port,
          target: typeof targetPort === 'number' && targetPort > 0 ? targetPort : port,
          targetName: typeof targetPort === 'string' ? targetPort : undefined,
        })),
      },
    },
  ]
}

/** An InferencePool as a candidate: its endpoints are reached under a host name of its own. */
export function poolCandidate(pool: InferencePool, settings: TranslateSettings): ServiceCandidate {
  const { name, namespace = '', creationTimestamp = '' } = pool.metadata
  const hostname = poolHostname(namespace, name, settings.clusterDomain)
  const appProtocol: AppProtocol = pool.spec?.appProtocol === 'kubernetes.io/h2c' ? 'HTTP2' : 'HTTP11'
  const ports = listOf(pool.spec?.targetPorts).flatMap(({ number }) => (number === undefined ? [] : [number]))
  return {
    key: `InferencePool/${namespace}/${name}`,
    hostname,
    namespace,
    owner: { group: INFERENCE_GROUP, kind: 'InferencePool', namespace, name },
    created: creationTimestamp,
    service: {
      name,
      namespace,
      hostname,
      ports: ports.map((port) => ({ servicePort: port, targetPort: port, appProtocol })),
    },
    selection: {
      key: `${namespace}/${hostname}`,
      source: 'InferencePool',
      namespace,
      selector: pool.spec?.selector?.matchLabels,
      ports: ports.map((port) => ({ name: '', port, target: port, targetName: undefined })),
    },
  }
}

/**
 * Chooses among all candidates of one host name. Within a namespace a Service beats ServiceEntries, and the older the
 * younger; over all namespaces one is canonical.
 */
export function chooseServices(candidates: readonly ServiceCandidate[]): readonly ServiceWinner[] {
  const winners = new Map<string, ServiceCandidate>()
  for (const candidate of candidates.toSorted(bySeniority)) {
    if (!winners.has(candidate.namespace)) winners.set(candidate.namespace, candidate)
  }
  const ranked = [...winners.values()]
  const canonical = ranked.find(
    ({ owner, service }) => owner.kind !== 'InferencePool' && service.visibility !== 'NAMESPACE',
  )
  return ranked.map((winner) => ({ key: winner.key, isCanonical: winner === canonical }))
}

/** The address of a candidate, if it stands for its host name. */
export function translateService(
  { key, service, owner }: ServiceCandidate,
  read: { readonly winners: Reader<ServiceWinner> },
): readonly OwnedAddress[] {
  const winner = read.winners.get(key)
  if (winner === undefined) return []
  return [{ address: { type: 'service', service: { ...service, canonical: winner.isCanonical } }, owners: [owner] }]
}

function bySeniority(a: ServiceCandidate, b: ServiceCandidate): number {
  return rankOf(a) - rankOf(b) || compareStrings(a.created, b.created) || compareStrings(a.key, b.key)
}

function rankOf({ owner }: ServiceCandidate): number {
  return owner.kind === 'Service' ? 0 : 1
}

function clusterIps({ spec }: Service): readonly Uint8Array[] {
  const all = textsOf(spec?.clusterIPs)
  return (all.length > 0 ? all : [spec?.clusterIP]).flatMap((ip) => ipBytes(ip) ?? [])
}

function ipFamiliesOf(families: readonly string[] | undefined): ServiceAddress['ipFamilies'] {
  const [first, second] = textsOf(families)
  if (first === undefined) return 'AUTOMATIC'
  if (second !== undefined) return 'DUAL'
  return first === 'IPv6' ? 'IPV6_ONLY' : 'IPV4_ONLY'
}

function loadBalancingOf({ spec, metadata }: Service, read: MeshReads): LoadBalancing | undefined {
  const health: LoadBalancing = spec?.publishNotReadyAddresses === true ? { healthPolicy: 'ALLOW_ALL' } : {}
  const preference: LoadBalancing | undefined =
    spec?.internalTrafficPolicy === 'Local'
      ? { routingPreference: ['NODE'], mode: 'STRICT' }
      : (distribution(spec?.trafficDistribution) ??
        trafficDistribution(metadata.annotations, metadata.namespace ?? '', read))
  const merged = { ...preference, ...health }
  return Object.keys(merged).length === 0 ? undefined : merged
}

/** What the traffic distribution annotation of an object, else of its namespace, comes to. */
export function trafficDistribution(
  annotations: Labels | undefined,
  namespace: string,
  read: Pick<MeshReads, 'meshNamespaces'>,
): LoadBalancing | undefined {
  const own = annotations?.['networking.istio.io/traffic-distribution']
  return distribution(own ?? read.meshNamespaces.get(namespace)?.trafficDistribution)
}

function distribution(word: string | undefined): LoadBalancing | undefined {
  switch (word === undefined ? '' : String(word).toLowerCase()) {
    case 'preferclose':
    case 'prefersamezone':
      return { routingPreference: ['NETWORK', 'REGION', 'ZONE'], mode: 'FAILOVER' }
    case 'prefersamenode':
      return { routingPreference: ['NETWORK', 'REGION', 'ZONE', 'SUBZONE', 'NODE'], mode: 'FAILOVER' }
    default:
      return undefined
  }
}

const TCP_PORTS = new Set([25, 53, 3306, 27017])

function appProtocolOf({ protocol, appProtocol, name, port }: ServicePort): AppProtocol {
  if (protocol === 'UDP') return 'UNKNOWN'
  switch (appProtocol) {
    case 'kubernetes.io/h2c':
      return 'HTTP2'
    case 'kubernetes.io/ws':
      return 'HTTP11'
    case 'kubernetes.io/wss':
      return 'TLS'
  }
  return protocolOfWord(appProtocol || name || '') ?? (TCP_PORTS.has(port) ? 'TCP' : 'UNKNOWN')
}

/** The protocol that a port's name or appProtocol begins with; undefined when the word says nothing. */
export function protocolOfWord(word: string): AppProtocol | undefined {
  const lower = String(word).toLowerCase()
  if (lower.startsWith('grpc-web')) return 'UNKNOWN'
  switch (lower.split('-')[0]) {
    case 'http':
      return 'HTTP11'
    case 'http2':
      return 'HTTP2'
    case 'grpc':
      return 'GRPC'
    case 'https':
    case 'tls':
      return 'TLS'
    case 'tcp':
      return 'TCP'
    case 'mongo':
    case 'redis':
    case 'mysql':
    case 'udp':
      return 'UNKNOWN'
    default:
      return undefined
  }
}

// Istio's ServiceEntry and WorkloadEntry as addresses: services outside of Kubernetes, and what serves them.
// (spec: backends, addresses)

import type { TypedRef } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import { ipBytes, ipPrefix, isSingle } from '../kube/ip-address.ts'
import type { ServiceEntry, WorkloadEndpoint, WorkloadEntry } from '../kube/istio-types.ts'
import { listOf, textsOf } from '../kube/lists.ts'
import type { LoadBalancing, NetworkAddress, ServiceAddress, WorkloadAddress } from '../wire/messages.ts'
import { canonicalNames, type Labels, type MeshReads, networkOf, parseLocality, readMesh, tunnelOf } from './mesh.ts'
import type { OwnedAddress } from './model.ts'
import { networkGatewayOf, serviceWaypoints, workloadWaypoint } from './networks.ts'
import { entryServices, type MemberReads, type Selection, selectionsFor } from './service-members.ts'
import { protocolOfWord, type ServiceCandidate, type ServiceWinner, trafficDistribution } from './services.ts'
import type { TranslateSettings } from './settings.ts'

const GROUP = 'networking.istio.io'

/** A ServiceEntry as a candidate for each of its hosts; nothing when one of its addresses cannot be read. */
export function entryCandidates(
  entry: ServiceEntry,
  read: MeshReads,
  settings: TranslateSettings,
): readonly ServiceCandidate[] {
  const visibility = readMesh(read).serviceEntryVisibility
  const network = networkOf(read, settings)
  const addresses = addressesOf(entry, network)
  if (visibility === 'NONE' || addresses === undefined) return []
  const { namespace, name } = identityOf(entry)
  const { labels, annotations, creationTimestamp = '' } = entry.metadata
  const ports = listOf(entry.spec?.ports)
  const loadBalancing = loadBalancingOf(entry, read)
  return hostsOf(entry).map((hostname) => {
    const allocated = addresses.length > 0 ? addresses : allocatedAddresses(entry, hostname, network)
    const service: ServiceAddress = {
      name,
      namespace,
      hostname,
      addresses: [...allocated],
      ports: ports.map(({ number = 0, targetPort, protocol = '' }) => ({
        servicePort: number,
        targetPort: targetPort || number,
        appProtocol: protocolOfWord(protocol) ?? 'UNKNOWN',
      })),
      subjectAltNames: [...textsOf(entry.spec?.subjectAltNames)],
      ...(loadBalancing === undefined ? {} : { loadBalancing }),
      visibility,
      ...serviceWaypoints({ namespace, labels, annotations }, read, settings),
    }
    return {
      key: candidateKey(entry, hostname),
      hostname,
      namespace,
      owner: ownerOf('ServiceEntry', entry),
      created: creationTimestamp,
      service,
      selection: selectionOf(entry, hostname),
    }
  })
}

/** What the workloads of a ServiceEntry read. */
export interface EntryReads extends MeshReads {
  readonly winners: Reader<ServiceWinner>
}

/** The endpoints written into a ServiceEntry, serving those of its hosts that it stands for. */
export function translateEntryEndpoints(
  entry: ServiceEntry,
  read: EntryReads,
  settings: TranslateSettings,
): readonly OwnedAddress[] {
  const { spec } = entry
  const surviving = hostsOf(entry).filter((host) => read.winners.get(candidateKey(entry, host)) !== undefined)
  if (surviving.length === 0) return []
  const written = listOf(spec?.endpoints)
  const { labels, annotations } = entry.metadata
  const { namespace, name } = identityOf(entry)
  const owner = ownerOf('ServiceEntry', entry)
  // An endpoint without a network is in that of the endpoint before it.
  let network = networkOf(read, settings)
  const workloads = new Map<string, OwnedAddress>()
  const add = (endpoint: WorkloadEndpoint, hosts: readonly string[], isWritten: boolean): void => {
    const address = endpoint.address ?? ''
    const uid = `${settings.clusterId}/${GROUP}/ServiceEntry/${namespace}/${name}/${address}`
    if (address === '' || workloads.has(uid)) return
    const selections = hosts.map((host) => selectionOf(entry, host))
    const workload: WorkloadAddress = {
      uid,
      ...workloadFields({ endpoint, owner, network, labels, annotations, workloadName: name }, read, settings),
      ...(isWritten ? workloadWaypoint({ namespace, labels: endpoint.labels }, read, settings) : {}),
      services: entryServices(selections, endpoint.ports),
    }
    workloads.set(uid, { address: { type: 'workload', workload }, owners: [owner] })
  }
  for (const endpoint of written) {
    network = endpoint.network || network
    add(endpoint, surviving, true)
  }
  if (written.length === 0 && resolvesHosts(entry)) for (const host of surviving) add({ address: host }, [host], false)
  return [...workloads.values()]
}

/** A WorkloadEntry as a workload. */
export function translateWorkloadEntry(
  entry: WorkloadEntry,
  read: MeshReads & Pick<MemberReads, 'selections'>,
  settings: TranslateSettings,
): readonly OwnedAddress[] {
  const { spec: endpoint } = entry
  if (!endpoint?.address) return []
  const { namespace, name } = identityOf(entry)
  const { annotations } = entry.metadata
  const labels = { ...endpoint.labels, ...entry.metadata.labels }
  const owner = ownerOf('WorkloadEntry', entry)
  const workloadName =
    annotations?.['istio.io/autoRegistrationGroup'] || labels['service.istio.io/workload-name'] || name
  const network = endpoint.network || networkOf(read, settings)
  const selections = selectionsFor(labels, namespace, read)
  const workload: WorkloadAddress = {
    uid: `${settings.clusterId}/${GROUP}/WorkloadEntry/${namespace}/${name}`,
    ...workloadFields({ endpoint, owner, network, labels, annotations, workloadName }, read, settings),
    ...workloadWaypoint({ namespace, labels, annotations }, read, settings),
    services: entryServices(selections, endpoint.ports),
  }
  return [{ address: { type: 'workload', workload }, owners: [owner] }]
}

interface EndpointFacts {
  readonly endpoint: WorkloadEndpoint
  readonly owner: TypedRef
  readonly network: string
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
  readonly workloadName: string
}

function workloadFields(
  { endpoint, owner, network, labels, annotations, workloadName }: EndpointFacts,
  read: MeshReads,
  settings: TranslateSettings,
): WorkloadAddress {
  const ip = ipBytes(endpoint.address)
  const networkGateway = networkGatewayOf(network, read)
  const locality = parseLocality(endpoint.locality)
  return {
    name: owner.name,
    namespace: owner.namespace,
    ...(ip === undefined ? { hostname: endpoint.address ?? '' } : { addresses: [ip] }),
    network,
    ...(networkGateway === undefined ? {} : { networkGateway }),
    serviceAccount: endpoint.serviceAccount ?? '',
    ...(locality === undefined ? {} : { locality }),
    workloadName,
    workloadType: 'POD',
    ...canonicalNames(labels, workloadName),
    clusterId: settings.clusterId,
    trustDomain: readMesh(read).trustDomain,
    ...((endpoint.weight ?? 0) > 0 ? { capacity: { value: endpoint.weight ?? 0 } } : {}),
    ...tunnelOf(labels, annotations),
  }
}

function addressesOf({ spec }: ServiceEntry, network: string): readonly NetworkAddress[] | undefined {
  const addresses: NetworkAddress[] = []
  for (const text of textsOf(spec?.addresses)) {
    const prefix = ipPrefix(text)
    if (prefix === undefined) return undefined
    const { address, length } = prefix
    addresses.push(isSingle(prefix) ? { network, address } : { network, address, length })
  }
  return addresses
}

function allocatedAddresses(entry: ServiceEntry, hostname: string, network: string): readonly NetworkAddress[] {
  const { resolution } = entry.spec ?? {}
  if ((resolution ?? 'NONE') === 'NONE') return []
  if (entry.metadata.labels?.['networking.istio.io/enable-autoallocate-ip'] === 'false') return []
  if (hostname.startsWith('*') && resolution !== 'DYNAMIC_DNS') return []
  return listOf(entry.status?.addresses).flatMap(({ host, value }) => {
    const address = host === hostname ? ipBytes(value) : undefined
    return address === undefined ? [] : [{ network, address }]
  })
}

function loadBalancingOf(entry: ServiceEntry, read: MeshReads): LoadBalancing | undefined {
  if ((entry.spec?.resolution ?? 'NONE') === 'NONE') return { mode: 'PASSTHROUGH', healthPolicy: 'ALLOW_ALL' }
  return trafficDistribution(entry.metadata.annotations, entry.metadata.namespace ?? '', read)
}

function resolvesHosts({ spec }: ServiceEntry): boolean {
  const resolution = spec?.resolution ?? 'NONE'
  const isNamed = resolution === 'DNS' || resolution === 'DYNAMIC_DNS' || resolution === 'DNS_ROUND_ROBIN'
  return isNamed && (spec?.workloadSelector === undefined || spec.workloadSelector === null)
}

function selectionOf(entry: ServiceEntry, hostname: string): Selection {
  const { namespace } = identityOf(entry)
  return {
    key: `${namespace}/${hostname}`,
    source: 'ServiceEntry',
    namespace,
    selector: entry.spec?.workloadSelector?.labels,
    ports: listOf(entry.spec?.ports).map(({ name = '', number = 0, targetPort }) => ({
      name,
      port: number,
      target: targetPort || number,
      targetName: undefined,
    })),
  }
}

function hostsOf({ spec }: ServiceEntry): readonly string[] {
  return [...new Set(textsOf(spec?.hosts).filter((host) => host !== ''))]
}

function candidateKey(entry: ServiceEntry, hostname: string): string {
  const { namespace, name } = identityOf(entry)
  return `ServiceEntry/${namespace}/${name}/${hostname}`
}

function identityOf({ metadata }: ServiceEntry | WorkloadEntry): { readonly namespace: string; readonly name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name }
}

function ownerOf(kind: string, entry: ServiceEntry | WorkloadEntry): TypedRef {
  return { group: GROUP, kind, ...identityOf(entry) }
}

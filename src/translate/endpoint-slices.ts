// Endpoints of a Service that are no Pods (those are workloads of their own): each an address with the ports of its
// slice. (spec: backends, addresses: workload, EndpointSlice)
import type { EndpointSlice } from '../kube/core-types.ts'
import { ipBytes } from '../kube/ip-address.ts'
import { listOf, textsOf } from '../kube/lists.ts'
import type { Port, WorkloadAddress } from '../wire/messages.ts'
import { type MeshReads, networkOf, readMesh } from './mesh.ts'
import type { OwnedAddress } from './model.ts'
import { type MemberReads, type Selection, serviceOfSlice } from './service-members.ts'
import type { TranslateSettings } from './settings.ts'

/** What translating a slice reads. */
export interface SliceReads extends Pick<MeshReads, 'config' | 'meshNamespaces'>, Pick<MemberReads, 'selections'> {}

/** The workloads of a slice; an endpoint with an address that cannot be read is left out. */
export function translateEndpointSlice(
  slice: EndpointSlice,
  read: SliceReads,
  settings: TranslateSettings,
): readonly OwnedAddress[] {
  const endpoints = listOf(slice.endpoints).filter(({ targetRef }) => targetRef?.kind !== 'Pod')
  if (endpoints.length === 0) return []
  const service = serviceOfSlice(slice, read, settings)
  if (service === undefined) return []
  const { name, namespace = '' } = slice.metadata
  const owners = [{ group: 'discovery.k8s.io', kind: 'EndpointSlice', namespace, name }]
  const services = { [service.key]: { ports: portsOf(slice, service) } }
  const workloads = new Map<string, WorkloadAddress>()
  for (const endpoint of endpoints) {
    const written = textsOf(endpoint.addresses)
    const addresses = written.map(ipBytes)
    const [identity = ''] = written
    if (identity === '' || workloads.has(identity) || !addresses.every((ip) => ip !== undefined)) continue
    workloads.set(identity, {
      uid: `${settings.clusterId}/discovery.k8s.io/EndpointSlice/${namespace}/${name}/${identity}`,
      name,
      namespace,
      addresses,
      network: networkOf(read, settings),
      status: endpoint.conditions?.ready === false ? 'UNHEALTHY' : 'HEALTHY',
      clusterId: settings.clusterId,
      trustDomain: readMesh(read).trustDomain,
      // Such an address may be anyone's, so it is not taken for this workload's alone.
      networkMode: 'HOST_NETWORK',
      services,
    })
  }
  return [...workloads.values()].map((workload) => ({ address: { type: 'workload', workload }, owners }))
}

function portsOf(slice: EndpointSlice, service: Selection): Port[] {
  return listOf(slice.ports).flatMap(({ name = '', port, protocol = 'TCP' }) => {
    const joined = service.ports.find((candidate) => candidate.name === (name ?? ''))
    if (joined === undefined || port === undefined || port === null || protocol !== 'TCP') return []
    return [{ servicePort: joined.port, targetPort: port }]
  })
}

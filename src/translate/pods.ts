// A Pod as a workload: where it is, what it is called, whether it is healthy, which services it serves.
// (spec: backends, addresses: workload)

import type { Reader } from '../engine/collection.ts'
import type { Pod } from '../kube/core-types.ts'
import { ipBytes } from '../kube/ip-address.ts'
import { listOf } from '../kube/lists.ts'
import type { WorkloadAddress } from '../wire/messages.ts'
import { canonicalNames, type MeshReads, type NodeLocality, networkOf, readMesh, tunnelOf } from './mesh.ts'
import type { OwnedAddress } from './model.ts'
import { networkGatewayOf, workloadWaypoint } from './networks.ts'
import { type MemberReads, podServices } from './service-members.ts'
import type { TranslateSettings } from './settings.ts'

/** What translating a Pod reads; `localities` is keyed by node. */
export interface PodReads extends MeshReads, MemberReads {
  readonly localities: Reader<NodeLocality>
}

/** A Pod's workload; nothing for a Pod that has ended, or has no address yet. */
export function translatePod(pod: Pod, read: PodReads, settings: TranslateSettings): readonly OwnedAddress[] {
  const { phase } = pod.status ?? {}
  if (phase === 'Failed' || phase === 'Succeeded') return []
  const addresses = podIps(pod)
  if (addresses.length === 0) return []
  const { name, namespace = '', labels, annotations } = pod.metadata
  const network = networkOf(read, settings)
  const networkGateway = networkGatewayOf(network, read)
  const workloadName = workloadNameOf(pod)
  const locality = read.localities.get(pod.spec?.nodeName ?? '')?.locality
  const workload: WorkloadAddress = {
    uid: `${settings.clusterId}//Pod/${namespace}/${name}`,
    name,
    namespace,
    addresses,
    network,
    ...(networkGateway === undefined ? {} : { networkGateway }),
    serviceAccount: pod.spec?.serviceAccountName ?? '',
    node: pod.spec?.nodeName ?? '',
    ...(locality === undefined ? {} : { locality }),
    workloadName,
    workloadType: 'POD',
    ...canonicalNames(labels, workloadName),
    status: isHealthy(pod) ? 'HEALTHY' : 'UNHEALTHY',
    clusterId: settings.clusterId,
    trustDomain: readMesh(read).trustDomain,
    networkMode: pod.spec?.hostNetwork === true ? 'HOST_NETWORK' : 'STANDARD',
    ...tunnelOf(labels, annotations),
    ...workloadWaypoint({ namespace, labels, annotations }, read, settings),
    services: podServices(pod, read),
  }
  return [{ address: { type: 'workload', workload }, owners: [{ group: '', kind: 'Pod', namespace, name }] }]
}

// One address that cannot be read makes the Pod unusable: half of its addresses would be half of its traffic.
function podIps({ status }: Pod): Uint8Array[] {
  const written = listOf(status?.podIPs).map(({ ip }) => ip)
  const bytes = (written.length > 0 ? written : [status?.podIP]).map(ipBytes)
  return bytes.every((ip) => ip !== undefined) ? bytes : []
}

function isHealthy({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false
  return listOf(status?.conditions).some((condition) => condition.type === 'Ready' && condition.status === 'True')
}

function workloadNameOf({ metadata }: Pod): string {
  const override = metadata.labels?.['service.istio.io/workload-name']
  if (override) return override
  const owner = listOf(metadata.ownerReferences).find(({ controller }) => controller === true)
  if (!metadata.generateName || owner === undefined) return metadata.name
  switch (owner.kind) {
    case 'ReplicaSet':
      return withoutHash(owner.name, metadata.labels)
    case 'ReplicationController':
      return metadata.labels?.deploymentconfig || owner.name
    case 'Job':
      // CronJobs name their Jobs after the time they start them at.
      return owner.name.replace(/-\d{8,10}$/, '')
    default:
      return owner.name
  }
}

function withoutHash(name: string, labels: Readonly<Record<string, string>> | undefined): string {
  for (const label of ['pod-template-hash', 'rollouts-pod-template-hash']) {
    const hash = labels?.[label]
    if (hash && name.endsWith(`-${hash}`)) return name.slice(0, -hash.length - 1)
  }
  return name
}

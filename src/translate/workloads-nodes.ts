// The nodes of addresses: services and workloads, which every proxy receives. No logic. A pod runs alone; a service runs
// the workloads that have the label its selector is filed under.

import type { Collection, Graph } from '../engine/collection.ts'
import type { ConfigMap, EndpointSlice, Namespace, Node, Pod, Service } from '../kube/core-types.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import type { ServiceEntry, WorkloadEntry } from '../kube/istio-types.ts'
import type { InferencePool } from '../kube/route-types.ts'
import { addressName } from '../wire/messages.ts'
import { translateEndpointSlice } from './endpoint-slices.ts'
import type { NamespaceLabels } from './gateway-plan.ts'
import { MESH, meshConfigOf, meshNamespaceOf, nodeLocalityOf } from './mesh.ts'
import type { OwnedAddress } from './model.ts'
import {
  assignedAddressesOf,
  type LiveGateway,
  networkGatewayAddress,
  networkGatewaysOf,
  waypointOf,
} from './networks.ts'
import { translatePod } from './pods.ts'
import { entryCandidates, translateEntryEndpoints, translateWorkloadEntry } from './service-entries.ts'
import { selectionOf, selectorLabels, sliceMembersOf } from './service-members.ts'
import { chooseServices, poolCandidate, type ServiceCandidate, serviceCandidate, translateService } from './services.ts'
import type { TranslateSettings } from './settings.ts'

/** Sources and facts that addresses are made of. */
export interface WorkloadInputs {
  readonly services: Collection<Service>
  readonly pods: Collection<Pod>
  readonly endpointslices: Collection<EndpointSlice>
  readonly nodes: Collection<Node>
  readonly namespaces: Collection<Namespace>
  readonly configmaps: Collection<ConfigMap>
  readonly serviceentries: Collection<ServiceEntry>
  readonly workloadentries: Collection<WorkloadEntry>
  readonly inferencepools: Collection<InferencePool>
  readonly gateways: Collection<Gateway>
  readonly gatewayclasses: Collection<GatewayClass>
  /** Gateways with their live status, of which only the assigned addresses are looked at. */
  readonly liveGateways: Collection<LiveGateway>
  /** `fact/namespaces`. */
  readonly namespaceLabels: Collection<NamespaceLabels>
}

/** What every proxy receives, keyed by name on the wire. */
export interface WorkloadCollections {
  readonly services: Collection<OwnedAddress>
  readonly workloads: Collection<OwnedAddress>
}

/** Declares services and workloads. */
export function declareWorkloads(
  graph: Graph,
  inputs: WorkloadInputs,
  settings: TranslateSettings,
): WorkloadCollections {
  const mesh = declareMesh(graph, inputs, settings)
  const pools = settings.enableInferencePool
    ? [
        graph.derive({
          name: 'fact/inferencepool-candidates',
          from: inputs.inferencepools,
          reads: {},
          run: (pool) => [poolCandidate(pool, settings)],
          key: candidateKey,
        }),
      ]
    : []
  const candidates = graph.union<ServiceCandidate>(
    'fact/service-candidates',
    [
      graph.derive({
        name: 'fact/kubernetes-candidates',
        from: inputs.services,
        reads: mesh,
        run: (service, read) => serviceCandidate(service, read, settings),
        key: candidateKey,
      }),
      graph.derive({
        name: 'fact/serviceentry-candidates',
        from: inputs.serviceentries,
        reads: mesh,
        run: (entry, read) => entryCandidates(entry, read, settings),
        key: candidateKey,
      }),
      ...pools,
    ],
    { hostname: ({ hostname }) => [hostname] },
  )
  const winners = graph.fold({
    name: 'fact/service-winners',
    from: candidates,
    by: 'hostname',
    reads: {},
    run: chooseServices,
    key: ({ key }) => key,
  })
  const selections = graph.derive({
    name: 'fact/selections',
    from: candidates,
    reads: { winners },
    run: (candidate, read) => selectionOf(candidate, read),
    key: ({ key }) => key,
    indexes: { label: selectorLabels },
  })
  return {
    services: graph.derive({
      name: 'translate/services',
      from: candidates,
      reads: { winners },
      run: (candidate, read) => translateService(candidate, read),
      key: addressKey,
    }),
    workloads: graph.union<OwnedAddress>('translate/workloads', [
      ...declarePods(graph, { ...inputs, mesh, selections }, settings),
      graph.derive({
        name: 'translate/workloadentries',
        from: inputs.workloadentries,
        reads: { ...mesh, selections },
        run: (entry, read) => translateWorkloadEntry(entry, read, settings),
        key: addressKey,
      }),
      graph.derive({
        name: 'translate/serviceentries',
        from: inputs.serviceentries,
        reads: { ...mesh, winners },
        run: (entry, read) => translateEntryEndpoints(entry, read, settings),
        key: addressKey,
      }),
      graph.derive({
        name: 'translate/networkgateways',
        from: mesh.networkGateways,
        reads: { config: mesh.config },
        run: (gateway, read) => [networkGatewayAddress(gateway, read)],
        key: addressKey,
      }),
    ]),
  }
}

function declareMesh(graph: Graph, inputs: WorkloadInputs, settings: TranslateSettings) {
  const assigned = graph.derive({
    name: 'fact/gateway-addresses',
    from: inputs.liveGateways,
    reads: {},
    run: assignedAddressesOf,
    key: ({ gateway }) => gateway,
  })
  return {
    namespaces: inputs.namespaceLabels,
    config: graph.derive({
      name: 'fact/mesh-config',
      from: inputs.configmaps,
      reads: {},
      run: (configMap) => meshConfigOf(configMap, settings),
      key: () => MESH,
    }),
    meshNamespaces: graph.derive({
      name: 'fact/mesh-namespaces',
      from: inputs.namespaces,
      reads: {},
      run: (namespace) => [meshNamespaceOf(namespace)],
      key: ({ name }) => name,
    }),
    waypoints: graph.derive({
      name: 'fact/waypoints',
      from: inputs.gateways,
      reads: { classes: inputs.gatewayclasses, assigned },
      run: waypointOf,
      key: ({ key }) => key,
    }),
    networkGateways: graph.derive({
      name: 'fact/network-gateways',
      from: inputs.gateways,
      reads: { assigned },
      run: networkGatewaysOf,
      key: ({ key }) => key,
      indexes: { network: ({ network }) => [network] },
    }),
  }
}

interface PodInputs extends WorkloadInputs {
  readonly mesh: ReturnType<typeof declareMesh>
  readonly selections: Collection<ReturnType<typeof selectionOf>[number]>
}

function declarePods(
  graph: Graph,
  { pods, endpointslices, nodes, mesh, selections }: PodInputs,
  settings: TranslateSettings,
): readonly Collection<OwnedAddress>[] {
  const sliceMembers = graph.derive({
    name: 'fact/slice-members',
    from: endpointslices,
    reads: { selections },
    run: (slice, read) => sliceMembersOf(slice, read, settings),
    key: ({ key }) => key,
    indexes: { pod: ({ pod }) => [pod] },
  })
  const localities = graph.derive({
    name: 'fact/node-localities',
    from: nodes,
    reads: {},
    run: nodeLocalityOf,
    key: ({ node }) => node,
  })
  return [
    graph.derive({
      name: 'translate/pods',
      from: pods,
      reads: { ...mesh, selections, sliceMembers, localities },
      run: (pod, read) => translatePod(pod, read, settings),
      key: addressKey,
    }),
    graph.derive({
      name: 'translate/endpointslices',
      from: endpointslices,
      reads: { config: mesh.config, meshNamespaces: mesh.meshNamespaces, selections },
      run: (slice, read) => translateEndpointSlice(slice, read, settings),
      key: addressKey,
    }),
  ]
}

function candidateKey({ key }: ServiceCandidate): string {
  return key
}

function addressKey({ address }: OwnedAddress): string {
  return addressName(address)
}

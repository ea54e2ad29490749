// What an Istio mesh around us says about services and workloads: its configuration, its network, what a namespace
// sets for all in it, and where nodes are. Without Istio all of it is empty.
// (spec: backends, addresses)
import { load } from 'js-yaml'
import type { Reader } from '../engine/collection.ts'
import type { ConfigMap, Node } from '../kube/core-types.ts'
import type { KubeObject } from '../kube/object.ts'
import type { Locality, WorkloadAddress } from '../wire/messages.ts'
import type { NamespaceLabels } from './gateway-plan.ts'
import type { NetworkGateway, Waypoint } from './networks.ts'
import type { TranslateSettings } from './settings.ts'

/** Labels or annotations. */
export type Labels = Readonly<Record<string, string>>

/** The mesh's configuration, as far as addresses depend on it. */
export interface MeshConfig {
  readonly trustDomain: string
  readonly serviceEntryVisibility: 'PUBLIC' | 'NAMESPACE' | 'NONE'
}

/** Which waypoint an object, or a namespace for all its objects, asks for. */
export interface WaypointRequest {
  readonly name: string | undefined
  readonly namespace: string | undefined
  readonly canary: string | undefined
  readonly canaryNamespace: string | undefined
  readonly canaryWeight: string | undefined
  /** Whether gateways, too, shall go through it; undefined when not said. */
  readonly ingress: string | undefined
}

/** What a namespace says for the objects in it. */
export interface MeshNamespace {
  readonly name: string
  readonly network: string
  readonly waypoint: WaypointRequest
  readonly trafficDistribution: string | undefined
}

/** The locality of a node. */
export interface NodeLocality {
  readonly node: string
  readonly locality: Locality
}

/** What services and workloads read of the mesh; `networkGateways` has the index `network`. */
export interface MeshReads {
  readonly config: Reader<MeshConfig>
  readonly meshNamespaces: Reader<MeshNamespace>
  readonly namespaces: Reader<NamespaceLabels>
  readonly waypoints: Reader<Waypoint>
  readonly networkGateways: Reader<NetworkGateway>
}

/** Key of the one value of `fact/mesh-config`. */
export const MESH = 'mesh'

const DEFAULT_MESH: MeshConfig = { trustDomain: '', serviceEntryVisibility: 'PUBLIC' }

/** Name of the mesh's ConfigMap. */
export function meshConfigName({ istioRevision }: Pick<TranslateSettings, 'istioRevision'>): string {
  return istioRevision === '' || istioRevision === 'default' ? 'istio' : `istio-${istioRevision}`
}

/** Reads the mesh's ConfigMap; nothing for other ConfigMaps, nor for one that cannot be read. */
export function meshConfigOf({ metadata, data }: ConfigMap, settings: TranslateSettings): readonly MeshConfig[] {
  if (metadata.name !== meshConfigName(settings) || metadata.namespace !== settings.istioNamespace) return []
  const mesh = parseYaml(data?.mesh)
  const visibility = String(mesh.serviceEntryVisibility ?? '').toUpperCase()
  const trustDomain = String(mesh.trustDomain ?? '')
  return [
    {
      trustDomain: trustDomain === 'cluster.local' ? '' : trustDomain,
      serviceEntryVisibility: visibility === 'NAMESPACE' || visibility === 'NONE' ? visibility : 'PUBLIC',
    },
  ]
}

/** The mesh's configuration, or Istio's defaults. */
export function readMesh({ config }: Pick<MeshReads, 'config'>): MeshConfig {
  return config.get(MESH) ?? DEFAULT_MESH
}

/** The network of this cluster: what Istio's own namespace is labelled with. */
export function networkOf({ meshNamespaces }: Pick<MeshReads, 'meshNamespaces'>, settings: TranslateSettings): string {
  return meshNamespaces.get(settings.istioNamespace)?.network ?? ''
}

/** What a Namespace says for the objects in it. */
export function meshNamespaceOf(namespace: KubeObject): MeshNamespace {
  const { name, labels, annotations } = namespace.metadata
  return {
    name,
    network: labels?.['topology.istio.io/network'] ?? '',
    waypoint: waypointRequestOf(labels, annotations),
    trafficDistribution: annotations?.['networking.istio.io/traffic-distribution'],
  }
}

/** Which waypoint labels and annotations ask for. */
export function waypointRequestOf(labels: Labels | undefined, annotations: Labels | undefined): WaypointRequest {
  return {
    name: labels?.['istio.io/use-waypoint'],
    namespace: labels?.['istio.io/use-waypoint-namespace'],
    canary: labels?.['istio.io/use-waypoint-canary'],
    canaryNamespace: labels?.['istio.io/use-waypoint-canary-namespace'],
    canaryWeight: annotations?.['istio.io/use-waypoint-canary-weight'],
    ingress: labels?.['istio.io/ingress-use-waypoint'],
  }
}

/** Where a node is; nothing when it does not say. */
export function nodeLocalityOf({ metadata }: Node): readonly NodeLocality[] {
  const { name, labels } = metadata
  const region = labels?.['topology.kubernetes.io/region'] ?? ''
  const zone = labels?.['topology.kubernetes.io/zone'] ?? ''
  const subzone = labels?.['topology.istio.io/subzone'] ?? ''
  return region || zone || subzone ? [{ node: name, locality: { region, zone, subzone } }] : []
}

/** `region/zone/subzone`. */
export function parseLocality(text: string | undefined): Locality | undefined {
  if (!text) return undefined
  const [region = '', zone = '', subzone = ''] = String(text).split('/')
  return { region, zone, subzone }
}

/** The names by which telemetry groups workloads. */
export function canonicalNames(
  labels: Labels | undefined,
  workloadName: string,
): Pick<WorkloadAddress, 'canonicalName' | 'canonicalRevision'> {
  return {
    canonicalName:
      labels?.['service.istio.io/canonical-name'] || labels?.['app.kubernetes.io/name'] || labels?.app || workloadName,
    canonicalRevision:
      labels?.['service.istio.io/canonical-revision'] ||
      labels?.['app.kubernetes.io/version'] ||
      labels?.version ||
      'latest',
  }
}

/** How a workload wants to be reached; of several wishes the last wins. */
export function tunnelOf(
  labels: Labels | undefined,
  annotations: Labels | undefined,
): Pick<WorkloadAddress, 'tunnelProtocol' | 'nativeTunnel'> {
  if ((labels?.['networking.istio.io/tunnel'] ?? '').split(',').includes('http')) {
    return { tunnelProtocol: 'HBONE', nativeTunnel: true }
  }
  if (annotations?.['ambient.istio.io/redirection'] === 'enabled') return { tunnelProtocol: 'HBONE' }
  if (labels?.['security.istio.io/tlsMode'] === 'istio') return { tunnelProtocol: 'LEGACY_ISTIO_MTLS' }
  return {}
}

function parseYaml(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = load(text ?? '')
    // Every object can be read by string keys; what is found there is unknown.
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {}
  } catch {
    // Istio's own configuration is Istio's to complain about.
    return {}
  }
}

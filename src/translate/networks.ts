// Gateways of a mesh that traffic to services and workloads passes: waypoints in front of them, and network gateways
// through which other networks are reached. (spec: backends, waypoints and network gateways)

import { nameKey, type TypedRef } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import type { Gateway, GatewayAddress, GatewayClass, NamespaceScope } from '../kube/gateway-types.ts'
import { ipBytes } from '../kube/ip-address.ts'
import { matchesSelector } from '../kube/labels.ts'
import { listOf } from '../kube/lists.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import type {
  ApplicationTunnel,
  ServiceAddress,
  WeightedWaypoint,
  GatewayAddress as WireGatewayAddress,
  WorkloadAddress,
} from '../wire/messages.ts'
import { gatewayRef } from './gateway-plan.ts'
import { type Labels, type MeshReads, networkOf, readMesh, type WaypointRequest, waypointRequestOf } from './mesh.ts'
import type { OwnedAddress } from './model.ts'
import type { TranslateSettings } from './settings.ts'

/** The addresses that a Gateway has been given, without the rest of its status. */
export interface AssignedAddresses {
  readonly gateway: string
  readonly addresses: readonly GatewayAddress[]
}

/** A Gateway that may stand in front of services or workloads. */
export interface Waypoint {
  readonly key: string
  readonly namespace: string
  /** What it is for: `service`, `workload`, `all`, `none`. */
  readonly type: string
  readonly hostname: string | undefined
  readonly ip: Uint8Array | undefined
  readonly allowed: NamespaceScope
  /** How traffic reaches its pods. */
  readonly inbound: ApplicationTunnel | undefined
}

/** A way into another network. */
export interface NetworkGateway {
  /** uid of its workload. */
  readonly key: string
  readonly network: string
  readonly owner: TypedRef
  readonly serviceAccount: string
  readonly port: number
  readonly hostname: string | undefined
  readonly ip: Uint8Array | undefined
}

/** What waypoints are made of; `assigned` is keyed by Gateway. */
export interface WaypointReads {
  readonly classes: Reader<GatewayClass>
  readonly assigned: Reader<AssignedAddresses>
}

/** A Gateway whose live status is read for the addresses in it. */
export interface LiveGateway extends KubeObject {
  readonly status?: { readonly addresses?: readonly GatewayAddress[] }
}

const HBONE_PORT = 15008

/** The addresses in a Gateway's live status; nothing when there are none. */
export function assignedAddressesOf(live: LiveGateway): readonly AssignedAddresses[] {
  const addresses = listOf(live.status?.addresses).map(({ type, value }) => ({
    type: type ?? 'IPAddress',
    value: value ?? '',
  }))
  return addresses.length === 0 ? [] : [{ gateway: keyOf(live), addresses }]
}

/** A Gateway as a waypoint: any that has an address can be one. */
export function waypointOf(gateway: Gateway, read: WaypointReads): readonly Waypoint[] {
  const key = keyOf(gateway)
  const assigned = read.assigned.get(key)?.addresses
  if (assigned === undefined) return []
  const gatewayClass = read.classes.get(gateway.spec?.gatewayClassName ?? '')
  const hostname = assigned.find(({ type }) => type === 'Hostname')?.value
  const inbound = inboundOf(gateway, gatewayClass)
  const listeners = listOf(gateway.spec?.listeners)
  const listener =
    inbound?.port === undefined || inbound.port === 0
      ? listeners.find(({ protocol, port }) => protocol === 'HBONE' && port === HBONE_PORT)
      : listeners.find(({ port }) => port === inbound.port)
  return [
    {
      key,
      namespace: gateway.metadata.namespace ?? '',
      type:
        gateway.metadata.labels?.['istio.io/waypoint-for'] ||
        gatewayClass?.metadata.labels?.['istio.io/waypoint-for'] ||
        'service',
      hostname,
      ip: ipBytes(assigned.find(({ type }) => type === 'IPAddress')?.value),
      allowed: listener?.allowedRoutes?.namespaces ?? { from: 'Same' },
      inbound,
    },
  ]
}

/** The network gateways that a Gateway of Istio's `istio-remote` class stands for. */
export function networkGatewaysOf(gateway: Gateway, read: Pick<WaypointReads, 'assigned'>): readonly NetworkGateway[] {
  const network = gateway.metadata.labels?.['topology.istio.io/network']
  if (gateway.spec?.gatewayClassName !== 'istio-remote' || !network) return []
  const port = listOf(gateway.spec.listeners).find(({ protocol }) => protocol === 'HBONE')?.port
  if (port === undefined) return []
  const owner = gatewayRef(gateway)
  const serviceAccount =
    gateway.metadata.annotations?.['gateway.istio.io/service-account'] || `${owner.name}-istio-remote`
  return (read.assigned.get(keyOf(gateway))?.addresses ?? []).flatMap(({ type, value = '' }) => {
    const ip = type === 'IPAddress' ? ipBytes(value) : undefined
    const hostname = type === 'Hostname' && value !== '' ? value : undefined
    if (ip === undefined && hostname === undefined) return []
    return [{ key: `NetworkGateway/${network}/${value}/${port}`, network, owner, serviceAccount, port, ip, hostname }]
  })
}

/** A network gateway as a workload. */
export function networkGatewayAddress(gateway: NetworkGateway, read: Pick<MeshReads, 'config'>): OwnedAddress {
  const { key, network, owner, serviceAccount, ip, hostname } = gateway
  const workload: WorkloadAddress = {
    uid: key,
    name: key,
    namespace: owner.namespace,
    network,
    serviceAccount,
    trustDomain: readMesh(read).trustDomain,
    ...(ip === undefined ? { hostname: hostname ?? '' } : { addresses: [ip] }),
  }
  return { address: { type: 'workload', workload }, owners: [owner] }
}

/** How workloads of a network are reached from outside of it. */
export function networkGatewayOf(network: string, read: MeshReads): WireGatewayAddress | undefined {
  if (network === '') return undefined
  const [gateway] = read.networkGateways.where('network', network)
  if (gateway === undefined) return undefined
  const { hostname = '', ip, port, owner } = gateway
  return {
    ...(ip === undefined
      ? { hostname: { namespace: owner.namespace, hostname } }
      : { address: { network, address: ip } }),
    hboneMtlsPort: port,
  }
}

/** An object that may have a waypoint. */
export interface WaypointUser {
  readonly namespace: string
  readonly labels: Labels | undefined
  readonly annotations?: Labels | undefined
}

const MESH_CONTROLLERS = new Set(['istio.io-mesh-controller', 'istio.io-eastwest-controller'])

/** The waypoint fields of a service. */
export function serviceWaypoints(
  user: WaypointUser,
  read: MeshReads,
  settings: TranslateSettings,
): Pick<ServiceAddress, 'waypoint' | 'ingressUseWaypoint' | 'weightedWaypoints'> {
  if (MESH_CONTROLLERS.has(user.labels?.['gateway.istio.io/managed'] ?? '')) return {}
  const own = waypointRequestOf(user.labels, user.annotations)
  const request = own.name === undefined ? read.meshNamespaces.get(user.namespace)?.waypoint : own
  const waypoint = resolve(request?.name, request?.namespace, { user, read, settings, kind: 'service' })
  if (waypoint === undefined) return {}
  const ingress = own.ingress ?? read.meshNamespaces.get(user.namespace)?.waypoint.ingress
  const weighted = request === undefined ? [] : weightedOf(waypoint, request, { user, read, settings, kind: 'service' })
  return {
    waypoint,
    ...(ingress === 'true' ? { ingressUseWaypoint: true } : {}),
    ...(weighted.length > 0 ? { weightedWaypoints: [...weighted] } : {}),
  }
}

/** The waypoint fields of a workload; a waypoint's own pods have none, but say how they take traffic in. */
export function workloadWaypoint(
  user: WaypointUser,
  read: MeshReads,
  settings: TranslateSettings,
): Pick<WorkloadAddress, 'waypoint' | 'applicationTunnel'> {
  const gatewayName = user.labels?.['gateway.networking.k8s.io/gateway-name']
  const itself = gatewayName ? read.waypoints.get(nameKey(user.namespace, gatewayName)) : undefined
  if (itself !== undefined) return itself.inbound === undefined ? {} : { applicationTunnel: itself.inbound }
  const own = waypointRequestOf(user.labels, user.annotations)
  const request = own.name === undefined ? read.meshNamespaces.get(user.namespace)?.waypoint : own
  const waypoint = resolve(request?.name, request?.namespace, { user, read, settings, kind: 'workload' })
  return waypoint === undefined ? {} : { waypoint }
}

interface WaypointContext {
  readonly user: WaypointUser
  readonly read: MeshReads
  readonly settings: TranslateSettings
  readonly kind: 'service' | 'workload'
}

function resolve(
  name: string | undefined,
  namespace: string | undefined,
  { user, read, settings, kind }: WaypointContext,
): WireGatewayAddress | undefined {
  if (!name || name === 'none') return undefined
  const waypoint = read.waypoints.get(nameKey(namespace || user.namespace, name))
  if (waypoint === undefined || (waypoint.type !== 'all' && waypoint.type !== kind)) return undefined
  if (!isAllowed(waypoint, user.namespace, read)) return undefined
  if (waypoint.hostname !== undefined) {
    return {
      hostname: { namespace: waypoint.namespace, hostname: waypoint.hostname },
      hboneMtlsPort: HBONE_PORT,
    }
  }
  if (waypoint.ip === undefined) return undefined
  return { address: { network: networkOf(read, settings), address: waypoint.ip }, hboneMtlsPort: HBONE_PORT }
}

function isAllowed({ allowed, namespace: own }: Waypoint, namespace: string, read: MeshReads): boolean {
  switch (allowed.from || 'Same') {
    case 'All':
      return true
    case 'Same':
      return namespace === own
    case 'Selector': {
      const labels = read.namespaces.get(namespace)?.labels
      return labels !== undefined && allowed.selector !== undefined && matchesSelector(allowed.selector, labels)
    }
    default:
      return false
  }
}

function weightedOf(
  primary: WireGatewayAddress,
  { canary, canaryNamespace, canaryWeight }: WaypointRequest,
  context: WaypointContext,
): readonly WeightedWaypoint[] {
  const weight = /^\d{1,3}$/.test(canaryWeight ?? '') ? Number(canaryWeight) : -1
  if (weight < 0 || weight > 100) return []
  const destination = resolve(canary, canaryNamespace, context)
  if (destination === undefined) return []
  return [
    { destination: primary, weight: 100 - weight },
    { destination, weight },
  ]
}

function inboundOf(gateway: Gateway, gatewayClass: GatewayClass | undefined): ApplicationTunnel | undefined {
  const binding =
    gateway.metadata.annotations?.['ambient.istio.io/waypoint-inbound-binding'] ??
    gatewayClass?.metadata.annotations?.['ambient.istio.io/waypoint-inbound-binding']
  const match = /^(PROXY|NONE)(?:\/(\d{1,5}))?$/.exec(binding ?? '')
  if (match === null) return undefined
  return { protocol: match[1] === 'PROXY' ? 'PROXY' : 'NONE', port: Number(match[2] ?? 0) }
}

// Services and workloads, and the endpoints that follow from both: a workload names the services it belongs to.
import { compareStrings } from '../../core/order.ts'
import type {
  GatewayAddress,
  LoadBalancing,
  Locality,
  NetworkAddress,
  Port,
  ServiceAddress,
  WorkloadAddress,
} from '../../wire/messages.ts'
import { endpoint } from './providers.ts'
import { serviceKey } from './references.ts'
import { ipText, portNumber, type Rendered, some, text } from './values.ts'

/** The `workloads` list, by uid. */
export function workloadEntries(workloads: readonly WorkloadAddress[]): readonly Rendered[] {
  return sorted(workloads, ({ uid = '' }) => uid).map(workloadEntry)
}

/** The `services` list, by host name. */
export function serviceEntries(
  services: readonly ServiceAddress[],
  workloads: readonly WorkloadAddress[],
): readonly Rendered[] {
  const members = new Map<string, WorkloadAddress[]>()
  for (const workload of sorted(workloads, ({ uid = '' }) => uid)) {
    for (const key of Object.keys(workload.services ?? {})) {
      const list = members.get(key)
      if (list === undefined) members.set(key, [workload])
      else list.push(workload)
    }
  }
  return sorted(services, ({ hostname = '' }) => hostname).map((service) =>
    serviceEntry(service, members.get(serviceKey(service)) ?? []),
  )
}

function sorted<T>(list: readonly T[], key: (item: T) => string): readonly T[] {
  return list.toSorted((a, b) => compareStrings(key(a), key(b)))
}

function serviceEntry(service: ServiceAddress, members: readonly WorkloadAddress[]): Rendered {
  const { ports = [], loadBalancing } = service
  const protocols = ports.flatMap(({ servicePort, appProtocol }) => {
    const name = appProtocol === undefined ? undefined : PROTOCOLS[appProtocol]
    return name === undefined ? [] : [[String(portNumber(servicePort)), name] as const]
  })
  return {
    name: service.name ?? '',
    namespace: service.namespace ?? '',
    hostname: service.hostname ?? '',
    vips: (service.addresses ?? []).map(networkAddress),
    ports: portMap(ports),
    appProtocols: Object.fromEntries(protocols),
    endpoints: endpoints(service, members),
    subjectAltNames: (service.subjectAltNames ?? []).filter((name) => IDENTITY.test(name)),
    waypoint: service.waypoint ? gatewayAddress(service.waypoint) : undefined,
    weightedWaypoints: some(
      (service.weightedWaypoints ?? []).map(({ destination, weight = 0 }) => ({
        destination: gatewayAddress(destination ?? {}),
        weight,
      })),
    ),
    loadBalancer: loadBalancing ? loadBalancer(loadBalancing) : undefined,
    ipFamilies: service.ipFamilies === undefined ? undefined : FAMILIES[service.ipFamilies],
    ingressUseWaypoint: service.ingressUseWaypoint === true ? true : undefined,
  }
}

const IDENTITY = /^spiffe:\/\/[^/]*\/ns\/[^/]*\/sa\/[^/]*$/

const PROTOCOLS: Readonly<Record<string, string>> = {
  HTTP11: 'Http11',
  HTTP2: 'Http2',
  GRPC: 'Grpc',
  TCP: 'Tcp',
  TLS: 'Tls',
}

const FAMILIES: Readonly<Record<string, string>> = { IPV4_ONLY: 'IPv4', IPV6_ONLY: 'IPv6', DUAL: 'Dual' }

/**
 * One group per level of locality. How near an endpoint is depends on where a proxy runs; without that all are in the
 * first group, as in a proxy that does not know it either.
 */
function endpoints(
  { namespace, hostname, loadBalancing }: ServiceAddress,
  members: readonly WorkloadAddress[],
): Rendered {
  const takesAll = loadBalancing?.healthPolicy === 'ALLOW_ALL'
  const active = Object.fromEntries(
    members
      .filter(({ status }) => takesAll || status !== 'UNHEALTHY')
      .map((workload) => {
        const ports = workload.services?.[serviceKey({ namespace, hostname })]?.ports ?? []
        const member = { workloadUid: workload.uid ?? '', port: portMap(ports), status: health(workload) }
        return [workload.uid ?? '', endpoint(member, capacity(workload))]
      }),
  )
  const hasLevels = loadBalancing?.mode === 'STRICT' || loadBalancing?.mode === 'FAILOVER'
  const further = hasLevels ? (loadBalancing?.routingPreference ?? []) : []
  return [{ active, rejected: {} }, ...further.map(() => ({ active: {}, rejected: {} }))]
}

function loadBalancer({ routingPreference, mode, healthPolicy }: LoadBalancing): Rendered {
  const modes: Readonly<Record<string, string>> = {
    STRICT: 'Strict',
    FAILOVER: 'Failover',
    PASSTHROUGH: 'Passthrough',
  }
  return {
    routingPreferences: (routingPreference ?? []).map((scope) => pascal(String(scope))),
    mode: modes[mode ?? ''] ?? 'Standard',
    healthPolicy: healthPolicy === 'ALLOW_ALL' ? 'AllowAll' : 'OnlyHealthy',
  }
}

function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase()
}

const TUNNELS: Readonly<Record<string, string>> = { HBONE: 'HBONE', LEGACY_ISTIO_MTLS: 'LegacyIstioMtls' }

function workloadEntry(workload: WorkloadAddress): Rendered {
  const services = Object.entries(workload.services ?? {}).map(([key, { ports = [] }]) => [key, portMap(ports)])
  return {
    workloadIps: (workload.addresses ?? []).map(ipText),
    waypoint: workload.waypoint ? gatewayAddress(workload.waypoint) : undefined,
    networkGateway: workload.networkGateway ? gatewayAddress(workload.networkGateway) : undefined,
    protocol: TUNNELS[workload.tunnelProtocol ?? ''] ?? 'TCP',
    networkMode: workload.networkMode === 'HOST_NETWORK' ? 'HostNetwork' : 'Standard',
    uid: text(workload.uid),
    name: workload.name ?? '',
    namespace: workload.namespace ?? '',
    trustDomain: text(workload.trustDomain) ?? 'cluster.local',
    serviceAccount: text(workload.serviceAccount) ?? 'default',
    network: text(workload.network),
    workloadName: text(workload.workloadName),
    workloadType: String(workload.workloadType ?? 'DEPLOYMENT').toLowerCase(),
    canonicalName: text(workload.canonicalName),
    canonicalRevision: text(workload.canonicalRevision),
    hostname: text(workload.hostname),
    node: text(workload.node),
    authorizationPolicies: some(workload.authorizationPolicies),
    status: health(workload),
    clusterId: text(workload.clusterId) ?? 'Kubernetes',
    locality: locality(workload.locality ?? {}),
    services: services.length === 0 ? undefined : Object.fromEntries(services),
    capacity: capacity(workload),
  }
}

function health({ status }: WorkloadAddress): string {
  return status === 'UNHEALTHY' ? 'Unhealthy' : 'Healthy'
}

function capacity(workload: WorkloadAddress): number {
  return workload.capacity ? (workload.capacity.value ?? 0) : 1
}

function locality({ region = '', zone = '', subzone = '' }: Locality): Rendered {
  return region === '' && zone === '' && subzone === '' ? undefined : { region, zone, subzone }
}

function portMap(ports: readonly Port[]): Rendered {
  return Object.fromEntries(
    ports.map(({ servicePort, targetPort }) => [String(portNumber(servicePort)), portNumber(targetPort)]),
  )
}

function networkAddress({ network = '', address }: NetworkAddress): string {
  return `${network}/${ipText(address)}`
}

function gatewayAddress({ hostname, address, hboneMtlsPort }: GatewayAddress): Rendered {
  return {
    destination: hostname ? serviceKey(hostname) : networkAddress(address ?? {}),
    hboneMtlsPort: portNumber(hboneMtlsPort),
  }
}

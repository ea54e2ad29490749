// The Service in front of a Gateway's proxies: which ports it exposes, and the address asked of the load balancer.
// (spec: deployer, Service, ports, static address)
import { isIP } from 'node:net'
import type { Outcome } from '../core/problem.ts'
import { ok, rejected } from '../core/problem.ts'
import type { Gateway } from '../kube/gateway-types.ts'
import { listOf } from '../kube/lists.ts'
import type { RenderedObject } from '../kube/proxy-deployment.ts'
import type { ProxyNames } from './deployment-labels.ts'
import { type GatewayPlan, usableAddresses } from './gateway-plan.ts'

/** Ports of the proxy itself, which no listener can have. */
export const PROXY_PORTS = { admin: 15000, metrics: 15020, readiness: 15021 } as const

const RESERVED: ReadonlySet<number> = new Set(Object.values(PROXY_PORTS))

/** The ports to expose, ascending; none when nothing can be. */
export function servicePorts({ listeners, binds }: GatewayPlan, dummyPort: number): readonly number[] {
  // A load balancer keeps its address only as long as it has a port.
  if (listeners.length === 0) return dummyPort === 0 ? [] : [dummyPort]
  const internal = new Set(binds.filter(({ isInternal }) => isInternal).map(({ port }) => port))
  const ports = new Set(listeners.map(({ port }) => port).filter((port) => port !== undefined))
  return [...ports]
    .filter((port) => port >= 1 && port <= 65535 && !RESERVED.has(port) && !internal.has(port))
    .toSorted((a, b) => a - b)
}

/** The IP address that the load balancer is asked for; undefined when any will do. */
export function staticAddress(gateway: Gateway): Outcome<string> {
  const addresses = usableAddresses(gateway)
  if (addresses.length === 0) return { value: undefined, problems: [] }
  const [first, second] = addresses.filter(({ type = 'IPAddress' }) => type === 'IPAddress')
  const refused = (message: string) => rejected('InvalidParameters', 'spec.addresses', message)
  if (second !== undefined) return refused('only one address of type IPAddress can be asked for')
  if (first === undefined) {
    const types = listOf(addresses).map(({ type, value }) => `${type} ${value ?? ''}`)
    return refused(`none of the addresses is of type IPAddress: ${types.join(', ')}`)
  }
  const { value = '' } = first
  return isIP(value) === 0 ? refused(`${JSON.stringify(value)} is not an IP address`) : ok(value)
}

/** The Service. */
export function renderService(
  names: ProxyNames,
  ports: readonly number[],
  address: string | undefined,
): RenderedObject {
  const { name, objectLabels, annotations, selector } = names
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: objectLabels, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      type: 'LoadBalancer',
      ...(address === undefined ? {} : { loadBalancerIP: address }),
      selector,
      ports: ports.map((port) => ({ name: `listener-${port}`, protocol: 'TCP', port, targetPort: port })),
    },
  }
}

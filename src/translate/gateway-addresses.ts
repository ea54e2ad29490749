// The addresses in a Gateway's status: those of the Service that we keep for it. Known only while the Service is there and
// belongs to the Gateway; until then what the status says stands. (spec: deployer, status.addresses)

import { type GatewayKey, nameKey } from '../core/keys.ts'
import { shortenedName } from '../core/names.ts'
import { compareStrings } from '../core/order.ts'
import type { Reader } from '../engine/collection.ts'
import type { Service } from '../kube/core-types.ts'
import type { Gateway } from '../kube/gateway-types.ts'
import { listOf, textsOf } from '../kube/lists.ts'
import { keyOf } from '../kube/object.ts'
import { type GatewayPlan, usableAddresses } from './gateway-plan.ts'

/** One address of a status. */
export interface StatusAddress {
  readonly type: string
  readonly value: string
}

/** The addresses of a Gateway of ours, sorted. */
export interface AssignedAddresses {
  readonly gateway: GatewayKey
  readonly addresses: readonly StatusAddress[]
}

/** What finding addresses reads. */
export interface AddressReads {
  readonly plans: Reader<GatewayPlan>
  readonly services: Reader<Service>
}

/** Finds the addresses of a Gateway of ours. */
export function assignedAddresses(gateway: Gateway, read: AddressReads): readonly AssignedAddresses[] {
  const { name, namespace, uid } = gateway.metadata
  if (uid === undefined || read.plans.get(keyOf(gateway)) === undefined) return []
  const service = read.services.get(nameKey(namespace, shortenedName(name)))
  const isOurs = listOf(service?.metadata.ownerReferences).some(
    (owner) => owner.uid === uid && owner.controller === true,
  )
  if (service === undefined || !isOurs) return []
  const found = service.spec?.type === 'LoadBalancer' ? ingressOf(service) : clusterAddresses(service, gateway)
  const unique = new Map(found.map((address) => [`${address.type}/${address.value}`, address]))
  const addresses = [...unique.values()].toSorted(
    (a, b) => compareStrings(a.type, b.type) || compareStrings(a.value, b.value),
  )
  return [{ gateway: keyOf(gateway), addresses }]
}

function ingressOf({ status }: Service): readonly StatusAddress[] {
  return listOf(status?.loadBalancer?.ingress).flatMap(({ hostname, ip }) => {
    if (hostname) return [{ type: 'Hostname', value: hostname }]
    return ip ? [{ type: 'IPAddress', value: ip }] : []
  })
}

// Whoever brings addresses to a Service of the cluster says so in the Gateway's spec.
function clusterAddresses({ spec }: Service, gateway: Gateway): readonly StatusAddress[] {
  const ips = textsOf(spec?.clusterIPs)
  const own = (ips.length > 0 ? ips : textsOf(spec?.clusterIP === undefined ? [] : [spec.clusterIP]))
    .filter((ip) => ip !== '' && ip !== 'None')
    .map((value) => ({ type: 'IPAddress', value }))
  const asked = usableAddresses(gateway).flatMap(({ type = 'IPAddress', value }) => (value ? [{ type, value }] : []))
  return [...own, ...asked]
}

// What the proxies of one gateway hold, in the format in which they print it themselves, from the bytes we send. Nothing
// that only a running proxy knows: counters, evictions, its own process.

import type { GatewayKey } from '../../core/keys.ts'
import { splitNameKey } from '../../core/keys.ts'
import { compareStrings } from '../../core/order.ts'
import { decodeAddress, decodeResource } from '../../wire/decode.ts'
import type { XdsEntry } from '../../wire/entry.ts'
import type { Resource } from '../../wire/messages.ts'
import { serviceEntries, workloadEntries } from './addresses.ts'
import { backendEntry } from './backends.ts'
import { routingEntries } from './binds.ts'
import { modelEntry, routerBackends, routerRoutes } from './models.ts'
import { policyEntry } from './policies.ts'
import type { Rendered } from './values.ts'

/** What a dump is made from. */
export interface DumpInput {
  readonly gateway: GatewayKey
  /** The gateway's own resources. */
  readonly resources: readonly XdsEntry[]
  /** What every proxy receives. */
  readonly addresses: readonly XdsEntry[]
  /** Version of this control plane. */
  readonly version: string
}

/** The dump of one gateway. */
export function configDump({ gateway, resources, addresses, version }: DumpInput): Rendered {
  const decoded = resources.map(({ encoded }) => decodeResource(encoded))
  const held = <T>(pick: (resource: Resource) => T | null | undefined): readonly T[] =>
    decoded.flatMap((resource) => pick(resource) ?? [])
  const byKey = <T extends { readonly key?: string }>(list: readonly T[]): readonly T[] =>
    list.toSorted((a, b) => compareStrings(a.key ?? '', b.key ?? ''))
  const models = byKey(held(({ modelRoute }) => modelRoute))
  const backends = held(({ backend }) => backend)
  const routing = routingEntries({
    binds: held(({ bind }) => bind),
    listeners: held(({ listener }) => listener),
    routes: held(({ route }) => route),
    tcpRoutes: held(({ tcpRoute }) => tcpRoute),
    added: routerRoutes(models),
  })
  const backendEntries = [
    ...backends
      .filter(({ modelRouter }) => !modelRouter)
      .map((backend) => [backend.key ?? '', backendEntry(backend)] as const),
    ...routerBackends(models, backends),
  ]
  const shared = addresses.map(({ encoded }) => decodeAddress(encoded))
  const workloads = shared.flatMap(({ workload }) => workload ?? [])
  return {
    workloads: workloadEntries(workloads),
    services: serviceEntries(
      shared.flatMap(({ service }) => service ?? []),
      workloads,
    ),
    binds: routing.binds,
    routes: routing.routes,
    policies: byKey(held(({ policy }) => policy)).map(policyEntry),
    backends: backendEntries.toSorted(([a], [b]) => compareStrings(a, b)).map(([, entry]) => entry),
    models: models.map(modelEntry),
    version: { version },
    config: identity(gateway),
  }
}

/** Whose configuration this is, where a proxy says it too. */
function identity(gateway: GatewayKey): Rendered {
  const { namespace, name } = splitNameKey(gateway)
  return {
    selfAddr: { gateway: name, namespace },
    xds: { namespace, gateway: name },
    proxyMetadata: { role: `${namespace}~${name}` },
  }
}

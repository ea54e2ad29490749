// The nodes of what is known about destinations from their own side: InferencePools, Services that speak A2A, and
// BackendTLSPolicies. No logic.
import { objectKey } from '../core/keys.ts'
import type { Collection, Graph } from '../engine/collection.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy, Gateway } from '../kube/gateway-types.ts'
import type { InferencePool } from '../kube/route-types.ts'
import { translateA2aService } from './a2a.ts'
import { tlsTargetsOf, translateBackendTlsPolicy } from './backend-tls-policies.ts'
import type { Permission } from './grants.ts'
import { translateInferencePool } from './inference-pools.ts'
import type { Translation } from './model.ts'
import type { DirectReach, Link } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** What they are translated from. */
export interface DestinationsInputs {
  readonly services: Collection<Service>
  readonly inferencepools: Collection<InferencePool>
  readonly backendtlspolicies: Collection<BackendTlsPolicy>
  readonly configmaps: Collection<ConfigMap>
  readonly secrets: Collection<Secret>
  readonly gateways: Collection<Gateway>
  /** `fact/permissions`, with the index `permits`. */
  readonly permissions: Collection<Permission>
  /** `fact/reached`, keyed by node. */
  readonly reached: Collection<DirectReach>
  /** `fact/links`, with the index `to`. */
  readonly links: Collection<Link>
}

/** What they yield. */
export interface DestinationsCollections {
  readonly translations: readonly Collection<Translation>[]
}

/** Declares the nodes of destinations. */
export function declareDestinations(
  graph: Graph,
  inputs: DestinationsInputs,
  settings: TranslateSettings,
): DestinationsCollections {
  const { services, inferencepools, backendtlspolicies, configmaps, secrets, gateways } = inputs
  const { permissions, reached, links } = inputs
  const key = ({ object }: Translation) => objectKey(object)
  const targets = graph.derive({
    name: 'fact/tls-targets',
    from: backendtlspolicies,
    reads: {},
    run: tlsTargetsOf,
    key: (target) => target.key,
    indexes: { target: ({ target }) => [target] },
  })
  return {
    translations: [
      graph.derive({
        name: 'translate/inferencepools',
        from: inferencepools,
        reads: { services, reached, links },
        run: (pool, read) => (settings.enableInferencePool ? [translateInferencePool(pool, read, settings)] : []),
        key,
      }),
      graph.derive({
        name: 'translate/a2a',
        from: services,
        reads: { reached, links },
        run: (service, read) => translateA2aService(service, read, settings),
        key,
      }),
      graph.derive({
        name: 'translate/backendtlspolicies',
        from: backendtlspolicies,
        reads: { targets, permissions, services, configmaps, secrets, gateways, reached, links },
        run: (policy, read) => [translateBackendTlsPolicy(policy, read, settings)],
        key,
      }),
    ],
  }
}

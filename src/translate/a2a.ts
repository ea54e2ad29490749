// Services whose ports speak A2A, which their appProtocol says: a policy tells the proxy so. Services have no status.
import type { Service } from '../kube/core-types.ts'
import { listOf } from '../kube/lists.ts'
import type { ScopedResource, Translation } from './model.ts'
import { gatewaysOf, nodeOf, type ReachReads } from './reachability.ts'
import { serviceHostname } from './references.ts'
import type { TranslateSettings } from './settings.ts'

const A2A_PROTOCOLS = new Set(['agentgateway.dev/a2a', 'kgateway.dev/a2a'])

/** The policies of one Service; nothing when none of its ports speaks A2A. */
export function translateA2aService(
  service: Service,
  read: ReachReads,
  settings: Pick<TranslateSettings, 'clusterDomain'>,
): readonly Translation[] {
  const ports = listOf(service.spec?.ports).filter(({ appProtocol }) => A2A_PROTOCOLS.has(appProtocol ?? ''))
  if (ports.length === 0) return []
  const namespace = service.metadata.namespace ?? ''
  const { name } = service.metadata
  const object = { group: '', kind: 'Service', namespace, name }
  const hostname = serviceHostname(namespace, name, settings.clusterDomain)
  const resources = gatewaysOf(read, nodeOf('Service', namespace, name)).flatMap((gateway) =>
    ports.map(
      ({ port }): ScopedResource => ({
        gateway,
        resource: {
          kind: 'policy',
          policy: {
            key: `a2a/${namespace}/${name}/${port}`,
            name: { kind: 'Service', namespace, name },
            target: { service: { namespace, hostname, port } },
            backend: { a2a: {} },
          },
        },
        owners: [object],
      }),
    ),
  )
  return [{ object, resources, problems: [] }]
}

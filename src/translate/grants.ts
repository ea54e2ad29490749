// Whether a reference may cross namespaces: ReferenceGrants flattened to single permissions, and the question asked of
// them. When a reference needs a permission at all is decided where it is resolved (spec: Gateway API, ReferenceGrant).

import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import type { ReferenceGrant } from '../kube/gateway-types.ts'
import { keyOf } from '../kube/object.ts'

/** One `from` × `to` pair of one ReferenceGrant. */
export interface Permission {
  readonly key: string
  /** `fromGroup/fromKind/fromNamespace>toGroup/toKind/toNamespace`, the index `permits`. */
  readonly permits: string
  /** Only this object, or any when absent. */
  readonly name: string | undefined
}

/** The side of a reference that holds it. */
export interface GrantFrom {
  readonly group: string
  readonly kind: string
  readonly namespace: string
}

/** The object a reference names. */
export interface GrantTo extends GrantFrom {
  readonly name: string
}

const GATEWAY_API = 'gateway.networking.k8s.io'
const AGENTGATEWAY = 'agentgateway.dev'

const SOURCES = new Set([
  ...['Gateway', 'ListenerSet', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'].map(
    (kind) => `${GATEWAY_API}/${kind}`,
  ),
  `${AGENTGATEWAY}/AgentgatewayPolicy`,
  `${AGENTGATEWAY}/AgentgatewayBackend`,
])
const TARGETS = new Set([
  '/Service',
  '/Secret',
  '/ConfigMap',
  `${AGENTGATEWAY}/AgentgatewayBackend`,
  'gateway.kgateway.dev/Backend',
  'inference.networking.k8s.io/InferencePool',
  `${GATEWAY_API}/HTTPRoute`,
])

/** Flattens a grant; entries of kinds that nothing of ours refers with, or to, are left out one by one. */
export function permissionsOf(grant: ReferenceGrant): readonly Permission[] {
  const namespace = grant.metadata.namespace ?? ''
  const permissions: Permission[] = []
  for (const [f, from] of itemsOf(grant.spec?.from).entries()) {
    if (!SOURCES.has(`${from.group ?? ''}/${from.kind}`)) continue
    for (const [t, to] of itemsOf(grant.spec?.to).entries()) {
      if (!TARGETS.has(`${to.group ?? ''}/${to.kind}`)) continue
      permissions.push({
        key: `${keyOf(grant)}/${f}/${t}`,
        permits: permitted(from, { group: to.group ?? '', kind: to.kind, namespace }),
        name: to.name || undefined,
      })
    }
  }
  return permissions
}

/** Whether some grant lets `from` refer to `to`; references within a namespace need none. */
export function isGranted(permissions: Reader<Permission>, from: GrantFrom, to: GrantTo): boolean {
  if (from.namespace === to.namespace) return true
  return permissions.where('permits', permitted(from, to)).some((p) => p.name === undefined || p.name === to.name)
}

function permitted(from: GrantFrom, to: GrantFrom): string {
  return `${from.group ?? ''}/${from.kind}/${from.namespace}>${to.group}/${to.kind}/${to.namespace}`
}

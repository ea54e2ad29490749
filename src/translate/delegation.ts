// Delegation among HTTPRoutes: which groups of routes a parent delegates to, which routes are in a group, and whose
// proxies serve them. Groups are private to their parent, so that the consent of a child to one parent is none to
// another. What the children's rules say is translated like those of any route.

import { type GatewayKey, nameKey, type TypedRef } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { keyOf, refOf } from '../kube/object.ts'
import type { BackendRef, HttpRoute } from '../kube/route-types.ts'
import type { Admission } from './attachment.ts'
import { isGranted, type Permission } from './grants.ts'
import { GATEWAY_GROUP, type NormalParentRef, normalizeParentRef } from './parents.ts'
import { nodeOf } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** One group of routes that one route delegates to. */
export interface Delegation {
  /** Key of the group on the wire. */
  readonly key: string
  /** `nameKey` of the delegating route. */
  readonly parent: string
  /** `namespace/name`, `namespace/*` or `namespace/label=value`: what selects the children. */
  readonly selects: string
}

/** What delegation has to know about a route that delegates or may be delegated to. */
export interface Lineage {
  /** `nameKey` of the route. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Whether it may be delegated to. */
  readonly isChild: boolean
  /** The routes it names as parents; empty when any may be that has a grant. */
  readonly namedParents: readonly string[]
  /** Gateways it is attached to itself; undefined when it names no Gateway or ListenerSet of ours. */
  readonly gateways: readonly GatewayKey[] | undefined
}

/** A group that a child is in, and whose proxies serve it. */
export interface Binding {
  readonly groupKey: string
  /** `nameKey` of the delegating route. */
  readonly parent: string
  readonly gateways: readonly GatewayKey[]
}

/** The groups that one child is in. */
export interface Bindings {
  /** `nodeOf` the child. */
  readonly key: string
  readonly bindings: readonly Binding[]
  /** Sorted union over the bindings. */
  readonly gateways: readonly GatewayKey[]
  /** `nameKey`s of the routes with a rule that selects the child, whether or not it agrees. */
  readonly selectedBy: readonly string[]
}

/** What finding bindings reads; `delegations` has the index `selects`. */
export interface DelegationReads {
  readonly delegations: Reader<Delegation>
  readonly lineages: Reader<Lineage>
  readonly permissions: Reader<Permission>
}

/** Whether a backendRef of an HTTPRoute delegates. */
export function isDelegatingRef(ref: BackendRef): boolean {
  return ref.group === GATEWAY_GROUP && ref.kind === 'HTTPRoute'
}

/** Key of the group that a delegating backendRef means. */
export function groupKeyOf(parent: TypedRef, ref: BackendRef): string {
  return `${parent.namespace}/${parent.name}/${ref.namespace || parent.namespace}/${ref.name}`
}

/** The groups that a route delegates to, each once. */
export function delegationsOf(route: HttpRoute): readonly Delegation[] {
  const parent = refOf(route)
  const found = new Map<string, Delegation>()
  for (const rule of itemsOf(route.spec?.rules))
    for (const ref of itemsOf(rule.backendRefs))
      if (isDelegatingRef(ref)) {
        const key = groupKeyOf(parent, ref)
        found.set(key, { key, parent: keyOf(route), selects: `${ref.namespace || parent.namespace}/${ref.name}` })
      }
  return [...found.values()]
}

/** What delegation has to know about a route; nothing when the route has no part in any. */
export function lineageOf(route: HttpRoute, admission: Admission | undefined): readonly Lineage[] {
  const { namespace, name } = refOf(route)
  const isParentless = !route.spec?.parentRefs?.length
  const namedParents = httpRouteParents(route).map((ref) => nameKey(ref.namespace, ref.name))
  const isChild = isParentless || namedParents.length > 0
  if (!isChild && delegationsOf(route).length === 0) return []
  const isRooted = (admission?.outcomes.length ?? 0) > 0
  return [
    {
      key: keyOf(route),
      namespace,
      name,
      labels: route.metadata.labels ?? {},
      isChild,
      namedParents: [...new Set(namedParents)],
      gateways: isRooted ? (admission?.gateways ?? []) : undefined,
    },
  ]
}

/** The parentRefs of a route that name HTTPRoutes, defaults filled in. */
export function httpRouteParents(route: HttpRoute): readonly NormalParentRef[] {
  return itemsOf(route.spec?.parentRefs)
    .map((ref) => normalizeParentRef(ref, route.metadata.namespace ?? ''))
    .filter(({ group, kind }) => group === GATEWAY_GROUP && kind === 'HTTPRoute')
}

/** The groups that a child is in; nothing when it is selected by none. */
export function bindingsOf(
  child: Lineage,
  read: DelegationReads,
  settings: Pick<TranslateSettings, 'backendRefGrantMode'>,
): readonly Bindings[] {
  if (!child.isChild) return []
  // A route that names Gateways, none of which takes it, serves nowhere: it has nothing to delegate.
  const selecting = delegationsTo(child, read).filter(({ parent }) => read.lineages.get(parent)?.gateways?.length !== 0)
  if (selecting.length === 0) return []
  const bindings: Binding[] = []
  for (const delegation of selecting) {
    if (!agrees(child, delegation, { read, settings })) continue
    const gateways = [...reachedFrom(delegation.parent, { read, settings })].sort()
    if (gateways.length > 0) bindings.push({ groupKey: delegation.key, parent: delegation.parent, gateways })
  }
  return [
    {
      key: nodeOf('HTTPRoute', child.namespace, child.name),
      bindings,
      gateways: [...new Set(bindings.flatMap(({ gateways }) => gateways))].sort(),
      selectedBy: [...new Set(selecting.map(({ parent }) => parent))].sort(),
    },
  ]
}

interface DelegationContext {
  readonly read: DelegationReads
  readonly settings: Pick<TranslateSettings, 'backendRefGrantMode'>
}

function delegationsTo(child: Lineage, read: DelegationReads): readonly Delegation[] {
  const { namespace, name, labels } = child
  const selectors = new Set([name, '*', ...Object.entries(labels).map(([label, value]) => `${label}=${value}`)])
  return [...selectors].flatMap((selector) => read.delegations.where('selects', `${namespace}/${selector}`))
}

// A named parent is consent enough, and the only one: a grant does not overrule what the child says itself.
function agrees(child: Lineage, delegation: Delegation, { read, settings }: DelegationContext): boolean {
  if (child.namedParents.length > 0) return child.namedParents.includes(delegation.parent)
  const parentNamespace = delegation.parent.slice(0, delegation.parent.indexOf('/'))
  const from = { group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace: parentNamespace }
  const to = { group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace: child.namespace, name: child.name }
  return settings.backendRefGrantMode === 'none' || isGranted(read.permissions, from, to)
}

// A route without Gateways of its own serves wherever those serve that delegate to it, with its consent at every hop.
function reachedFrom(route: string, context: DelegationContext): ReadonlySet<GatewayKey> {
  const found = new Set<GatewayKey>()
  const seen = new Set<string>()
  const pending = [route]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const lineage = context.read.lineages.get(next)
    if (lineage === undefined) continue
    if (lineage.gateways !== undefined) for (const gateway of lineage.gateways) found.add(gateway)
    else if (lineage.isChild)
      for (const delegation of delegationsTo(lineage, context.read))
        if (agrees(lineage, delegation, context)) pending.push(delegation.parent)
  }
  return found
}

// MCP backends whose clients have to log in with keys that nobody knows yet. Proxies refuse the policy that says so until
// its keys are there, and a policy that a proxy never had leaves the backend open; so the backend itself carries the login
// meanwhile, with an empty key set, which no token passes. Where the policy itself is sent is policies.ts'.
import type { AgentgatewayPolicy } from '../api/policy.ts'
import type { GatewayKey } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { keyOf, refOf } from '../kube/object.ts'
import type { RouteObject } from '../kube/route-types.ts'
import type { BackendPolicySpec } from '../wire/messages.ts'
import { type Bindings, groupKeyOf, isDelegatingRef } from './delegation.ts'
import type { PolicyContent } from './policy-content.ts'
import { type FoundTarget, findTargets, type TargetReads, type TargetSettings } from './policy-targets.ts'
import type { Node } from './reachability.ts'
import { backendNode } from './references.ts'

/** The login of MCP clients, as proxies have it. */
export type McpAuthentication = NonNullable<BackendPolicySpec['mcpAuthentication']>

/** A login that a policy demands somewhere (`fact/mcp-logins`). */
export interface McpLogin {
  readonly key: string
  /** The backend or Gateway it is for. */
  readonly scope: Node
  /** What the policy targets; a route's policy is for the backends of its rules, and of those it delegates to. */
  readonly by: 'route' | 'backend' | 'gateway'
  readonly authentication: McpAuthentication
}

/** What finding logins reads. */
export interface McpLoginReads extends TargetReads {
  /** `fact/bindings`, with the index `parent`. */
  readonly bindings: Reader<Bindings>
  /** `translate/policy-contents`, by policy. */
  readonly contents: Reader<PolicyContent>
}

/** The logins that a policy demands, and where. */
export function mcpLoginsOf(
  policy: AgentgatewayPolicy,
  read: McpLoginReads,
  settings: TargetSettings,
): readonly McpLogin[] {
  const { parts = [] } = read.contents.get(keyOf(policy)) ?? {}
  const authentication = parts.flatMap(({ body }) => body.backend?.mcpAuthentication ?? [])[0]
  if (authentication === undefined) return []
  const logins = new Map<string, McpLogin>()
  for (const target of findTargets(policy, read, settings).flatMap(({ targets }) => targets)) {
    for (const { by, scope } of target.error === undefined ? scopesOf(target, read) : []) {
      const key = `${keyOf(policy)}:${by}:${scope}`
      logins.set(key, { key, scope, by, authentication })
    }
  }
  return [...logins.values()]
}

function scopesOf({ node, target }: FoundTarget, read: McpLoginReads): readonly Pick<McpLogin, 'by' | 'scope'>[] {
  if (target.backend) return [{ by: 'backend', scope: node }]
  if (target.gateway) return [{ by: 'gateway', scope: node }]
  if (!target.route) return []
  return routeBackends({ node, rule: target.route.routeRule }, read).map((scope) => ({ by: 'route', scope }))
}

// A route's policies hold for the routes that it delegates to as well.
function routeBackends(
  target: { readonly node: Node; readonly rule: string | undefined },
  read: McpLoginReads,
): readonly Node[] {
  const backends = new Set<Node>()
  const seen = new Set<Node>()
  const pending = [target]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, rule } = next
    if (seen.has(node)) continue
    seen.add(node)
    const route = routeOf(node, read)
    if (route === undefined) continue
    const parent = refOf(route)
    const refs = itemsOf(route.spec?.rules)
      .filter(({ name }) => rule === undefined || name === rule)
      .flatMap(({ backendRefs }) => itemsOf(backendRefs))
    // What else rules refer to is looked up as little as a backend that is none.
    for (const ref of refs) backends.add(backendNode(ref, parent.namespace))
    const groups = new Set(refs.filter(isDelegatingRef).map((ref) => groupKeyOf(parent, ref)))
    for (const { key, bindings } of groups.size === 0 ? [] : read.bindings.where('parent', keyOf(route)))
      if (bindings.some(({ groupKey }) => groups.has(groupKey))) pending.push({ node: key, rule: undefined })
  }
  return [...backends]
}

function routeOf(node: Node, read: TargetReads): RouteObject | undefined {
  const name = node.slice(node.indexOf('/') + 1)
  return node.startsWith('GRPCRoute/') ? read.grpcroutes.get(name) : read.httproutes.get(name)
}

/**
 * The login that a backend has to carry itself on a gateway; undefined when the policies that demand one can be kept.
 * What is told more closely decides: a route's before the backend's, the backend's before the Gateway's.
 */
export function closedLogin(
  backend: Node,
  gateway: GatewayKey,
  logins: Reader<McpLogin>,
): McpAuthentication | undefined {
  const own = logins.where('scope', backend)
  // One route's keys are no answer for the others, so that each that is missing counts.
  const route = own.find((login) => login.by === 'route' && isMissing(login))
  const levels = [own.filter(({ by }) => by === 'backend'), logins.where('scope', `Gateway/${gateway}`)]
  const nearest = levels.find(({ length }) => length > 0) ?? []
  const missing = route ?? (nearest.every(isMissing) ? nearest[0] : undefined)
  if (missing === undefined) return undefined
  const { clientSecret: _, ...authentication } = missing.authentication
  return { ...authentication, jwksInline: NO_KEYS }
}

const NO_KEYS = '{"keys":[]}'

/** Whether the keys of a login are unknown, which no proxy takes. */
export function lacksKeys({ jwksInline }: McpAuthentication): boolean {
  return (jwksInline ?? '') === ''
}

// Who is permissive refuses nobody, keys or not.
function isMissing({ authentication }: McpLogin): boolean {
  return lacksKeys(authentication) && authentication.mode !== 'PERMISSIVE'
}

// MCP backends whose clients have to log in with keys that nobody knows yet. Proxies refuse the policy that says so until
// its keys are there, and a policy that a proxy never had leaves the backend open; so the backend itself carries the login
// meanwhile, with an empty key set, which no token passes. Where the policy itself is sent is policies.ts'.
import type { AgentgatewayPolicy } from '../api/policy.ts'
import type { GatewayKey } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { keyOf } from '../kube/object.ts'
import type { RouteObject } from '../kube/route-types.ts'
import type { BackendPolicySpec } from '../wire/messages.ts'
import type { PolicyContent } from './policy-content.ts'
import { type FoundTarget, findTargets, type TargetReads, type TargetSettings } from './policy-targets.ts'
import { type Node, nodeOf } from './reachability.ts'
import { AGENTGATEWAY_GROUP } from './references.ts'

/** The login of MCP clients, as proxies have it. */
export type McpAuthentication = NonNullable<BackendPolicySpec['mcpAuthentication']>

/** A login that a policy demands somewhere (`fact/mcp-logins`). */
export interface McpLogin {
  readonly key: string
  /** The backend or Gateway it is for. */
  readonly scope: Node
  /** What the policy targets; a route's policy is for the backends of its rules. */
  readonly by: 'route' | 'backend' | 'gateway'
  readonly authentication: McpAuthentication
}

/** What finding logins reads. */
export interface McpLoginReads extends TargetReads {
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

function scopesOf({ node, target }: FoundTarget, read: TargetReads): readonly Pick<McpLogin, 'by' | 'scope'>[] {
  if (target.backend) return [{ by: 'backend', scope: node }]
  if (target.gateway) return [{ by: 'gateway', scope: node }]
  if (!target.route) return []
  const name = node.slice(node.indexOf('/') + 1)
  const route = target.route.kind === 'GRPCRoute' ? read.grpcroutes.get(name) : read.httproutes.get(name)
  return backendsOf(route, target.route.routeRule).map((scope) => ({ by: 'route', scope }))
}

function backendsOf(route: RouteObject | undefined, rule: string | undefined): readonly Node[] {
  const namespace = route?.metadata.namespace ?? ''
  return itemsOf(route?.spec?.rules)
    .filter(({ name }) => rule === undefined || name === rule)
    .flatMap(({ backendRefs }) => itemsOf(backendRefs))
    .filter(({ group, kind }) => group === AGENTGATEWAY_GROUP && kind === 'AgentgatewayBackend')
    .map((ref) => nodeOf('AgentgatewayBackend', ref.namespace || namespace, ref.name))
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

// Who is permissive refuses nobody, keys or not.
function isMissing({ authentication: { jwksInline, mode } }: McpLogin): boolean {
  return (jwksInline ?? '') === '' && mode !== 'PERMISSIVE'
}

// HTTPRoute rules that hand their requests to AgentgatewayModels: how they are recognised, what they may not say, and
// the key under which routes and models meet. What a route becomes is decided in its translator, which models attach is
// decided in models.ts. Rules are recognised whether or not the models feature is on.
import type { HttpRouteRule, WeightedBackendRef } from '../kube/route-types.ts'

/** Group of our own kinds. */
export const AGENTGATEWAY_GROUP = 'agentgateway.dev'
/** The kind that a model-serving rule names as its backend. */
export const MODEL_KIND = 'AgentgatewayModel'

/** Whether a backendRef is that of a model-serving rule. */
export function isModelRef(ref: WeightedBackendRef): boolean {
  return ref.group === AGENTGATEWAY_GROUP && ref.kind === MODEL_KIND
}

/** Whether any backend of the rule is AgentgatewayModel, which makes the whole rule model-serving, or an attempt at it. */
export function isModelServing(rule: HttpRouteRule): boolean {
  return (rule.backendRefs ?? []).some(isModelRef)
}

/** What keeps a model-serving rule from serving; undefined when nothing does. `namespace` is the route's. */
export function modelServingProblem(rule: HttpRouteRule, namespace: string): string | undefined {
  const [ref, ...others] = rule.backendRefs ?? []
  if (ref === undefined || others.length > 0)
    return 'model-serving HTTPRoute rule must have exactly one AgentgatewayModel backendRef and no other backends'
  if ((rule.matches ?? []).some(({ path }) => path !== undefined && (path.type ?? 'PathPrefix') !== 'PathPrefix'))
    return 'model-serving HTTPRoute rule path matches must use PathPrefix'
  if ((rule.filters ?? []).some(({ type }) => type === 'URLRewrite' || type === 'RequestRedirect'))
    return 'model-serving HTTPRoute rule does not support URLRewrite or RequestRedirect filters'
  if (ref.name !== '*') return 'model-serving HTTPRoute backendRef name must be "*"'
  if (ref.namespace !== undefined && ref.namespace !== namespace)
    return 'model-serving HTTPRoute backendRef must use the route namespace'
  if (ref.port !== undefined) return 'model-serving HTTPRoute backendRef must not specify port'
  if ((ref.weight ?? 1) !== 1) return 'model-serving HTTPRoute backendRef weight must be 1'
  if ((ref.filters ?? []).length > 0) return 'model-serving HTTPRoute backendRef must not have filters'
  return undefined
}

/** Whether the rule takes every path, which it cannot do beside models attached to the same listener. */
export function matchesEveryPath(rule: HttpRouteRule): boolean {
  const matches = rule.matches ?? []
  return (
    matches.length === 0 ||
    matches.some(
      ({ path }) => path === undefined || ((path.type ?? 'PathPrefix') === 'PathPrefix' && (path.value ?? '/') === '/'),
    )
  )
}

/** The key under which a rule's models are found; `index` is the rule's place in its route. */
export function modelRouterKey(route: { namespace: string; name: string }, rule: HttpRouteRule, index: number): string {
  return `/llm:router:httproute:${route.namespace}:${route.name}:${rule.name || index}`
}

/** Why a rule that takes every path cannot serve models on listeners to which models are attached directly. */
export function rootConflictMessage(listenerKeys: readonly string[]): string {
  const keys = [...new Set(listenerKeys)].sort().join(', ')
  return `root model-serving HTTPRoute conflicts with directly attached models on listeners: ${keys}`
}

/** A listener that at least one AgentgatewayModel is attached to directly (`fact/model-listeners`, keyed by it). */
export interface ModelListener {
  /** Key of the Listener on the wire. */
  readonly listenerKey: string
}

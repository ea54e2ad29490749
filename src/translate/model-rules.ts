// Rules of HTTPRoutes that hand requests to the model router: which rules those are, what they must be like, and what
// the router is called. The models that the router then chooses from are translated with the models.

import type { TypedRef } from '../core/keys.ts'
import { itemsOf } from '../features/shared/lists.ts'
import type { BackendRef, HttpRouteMatch, HttpRouteRule } from '../kube/route-types.ts'
import { AGENTGATEWAY_GROUP } from './references.ts'

/** A listener that some model is attached to directly. */
export interface ModelListener {
  /** `RouteParent.key`. */
  readonly key: string
}

/** Whether a backendRef names models. */
export function isModelRef(ref: BackendRef): boolean {
  return ref.group === AGENTGATEWAY_GROUP && ref.kind === 'AgentgatewayModel'
}

/** Whether a rule is meant to serve models, well-formed or not. */
export function isModelServing(rule: HttpRouteRule): boolean {
  return itemsOf(rule.backendRefs).some(isModelRef)
}

/** Why a rule that is meant to serve models cannot; undefined when it can. */
export function modelServingFlaw(rule: HttpRouteRule, namespace: string): string | undefined {
  const refs = itemsOf(rule.backendRefs)
  const [ref] = refs
  if (ref === undefined || refs.length !== 1 || !isModelRef(ref))
    return 'model-serving HTTPRoute rule must have exactly one AgentgatewayModel backendRef and no other backends'
  if (itemsOf(rule.matches).some(({ path }) => (path?.type || 'PathPrefix') !== 'PathPrefix'))
    return 'model-serving HTTPRoute rule path matches must use PathPrefix'
  if (itemsOf(rule.filters).some(({ type }) => type === 'URLRewrite' || type === 'RequestRedirect'))
    return 'model-serving HTTPRoute rule does not support URLRewrite or RequestRedirect filters'
  if (ref.name !== '*') return 'model-serving HTTPRoute backendRef name must be "*"'
  if (ref.namespace !== undefined && ref.namespace !== namespace)
    return 'model-serving HTTPRoute backendRef must use the route namespace'
  if (ref.port !== undefined) return 'model-serving HTTPRoute backendRef must not specify port'
  if ((ref.weight ?? 1) !== 1) return 'model-serving HTTPRoute backendRef weight must be 1'
  if (ref.filters?.length) return 'model-serving HTTPRoute backendRef must not have filters'
  return undefined
}

/** Key of the router that serves one rule; the rule's name is its identity when it has one. */
export function modelRouterKey(route: TypedRef, rule: HttpRouteRule, index: number): string {
  return `/llm:router:httproute:${route.namespace}:${route.name}:${rule.name || index}`
}

/** Whether a rule takes every path, which directly attached models do as well. */
export function matchesEverything(rule: HttpRouteRule): boolean {
  const matches: readonly HttpRouteMatch[] = itemsOf(rule.matches)
  return matches.length === 0 || matches.some(({ path }) => !path || isRoot(path))
}

/** What is said of a rule that takes every path on listeners that models are attached to directly. */
export function rootConflict(listenerKeys: readonly string[]): string {
  return `root model-serving HTTPRoute conflicts with directly attached models on listeners: ${[...listenerKeys].sort().join(', ')}`
}

function isRoot(path: NonNullable<HttpRouteMatch['path']>): boolean {
  return (path.type || 'PathPrefix') === 'PathPrefix' && /^\/*$/.test(path.value ?? '/')
}

// The frame of all route kinds: rules × the listeners and groups that a route is in → resources, and the route's status.
// What a rule says is decided per kind, where a route is attached in attachment.ts and delegation.ts.

import { displayRef, nameKey, objectKey, type TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { keyOf, refOf } from '../kube/object.ts'
import type { AnyRouteRule, RouteObject } from '../kube/route-types.ts'
import type { Admission, AdmittingListener, Attachable } from './attachment.ts'
import { type Bindings, httpRouteParents, isDelegatingRef } from './delegation.ts'
import type { ConditionDraft, ParentStatusDraft, ScopedResource, Translation } from './model.ts'
import { isModelRef, type ModelListener } from './model-rules.ts'
import { GATEWAY_GROUP, type NormalParentRef, parentRefStatus, parentRefString } from './parents.ts'
import { type Edge, nodeOf } from './reachability.ts'
import { backendNode, type ReferenceReads, type ReferenceSettings } from './references.ts'
import { partiallyInvalid, type RuleOutcome, type RuleProblem, type RuleScope, resolvedRefs } from './rule-outcome.ts'

/** What tells the kinds of routes apart. */
export interface RouteStyle<R extends AnyRouteRule> {
  readonly kind: 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'
  /** Ends the keys of rules, so that two kinds of one name do not share keys. */
  readonly suffix: string
  /** Whether keys begin with the creation time: proxies break ties by key, and streams have nothing else to go by. */
  readonly isAged: boolean
  readonly translateRule: (rule: R, scope: RuleScope) => RuleOutcome
}

/** A route and where it is attached. */
export interface AttachedRoute<R extends AnyRouteRule> {
  readonly route: RouteObject<R>
  readonly admission: Admission | undefined
  /** The groups it is in as a delegated child. */
  readonly bindings: Bindings | undefined
}

/** What translating a route reads. */
export interface RouteReads extends ReferenceReads {
  readonly modelListeners: Reader<ModelListener>
}

/** What translating depends on beside the objects. */
export interface RouteEnvironment {
  readonly read: RouteReads
  readonly settings: ReferenceSettings
}

/** Translates one route. */
export function translateRoute<R extends AnyRouteRule>(
  attached: AttachedRoute<R>,
  style: RouteStyle<R>,
  environment: RouteEnvironment,
): Translation {
  const { route, admission, bindings } = attached
  const ref = routeRef(route, style.kind)
  const listeners = admission?.listeners ?? []
  const groups = bindings?.bindings ?? []
  const named = style.kind === 'HTTPRoute' ? httpRouteParents(route) : []
  // Another controller's route is none of our business: neither its rules nor its mistakes.
  const isOurs = (admission?.outcomes.length ?? 0) > 0 || groups.length > 0 || named.length > 0
  const isDelegated = listeners.length === 0 && groups.length > 0
  const outcomes = isOurs ? translateRules(attached, style, { environment, isDelegated }) : []
  const delegated =
    groups.length > 0 && !isDelegated ? translateRules(attached, style, { environment, isDelegated: true }) : outcomes
  const problems = distinct([...outcomes, ...delegated].flatMap((outcome) => outcome.problems))
  const isWithdrawn = problems.some(({ extent }) => extent === 'route')
  const resources: ScopedResource[] = []
  for (const [index, { render }] of outcomes.entries()) {
    if (render === undefined || isWithdrawn) continue
    const base = ruleKey(route, style, index)
    for (const { gateway, listenerKey, ...place } of listeners)
      for (const resource of render({ key: `${base}${attachmentSuffix(place)}`, listenerKey }))
        resources.push({ gateway, resource, owners: [ref] })
  }
  for (const [index, { render }] of delegated.entries()) {
    if (render === undefined) continue
    const base = ruleKey(route, style, index)
    for (const { groupKey, parent, gateways } of groups) {
      const owners = [ref, { ...ref, ...splitParent(parent) }]
      for (const resource of render({ key: `${base}.routegroup.${groupName(groupKey)}`, routeGroupKey: groupKey }))
        for (const gateway of gateways) resources.push({ gateway, resource, owners })
    }
  }
  return {
    object: ref,
    resources,
    status: {
      object: ref,
      apiVersion: route.apiVersion,
      generation: route.metadata.generation ?? 0,
      body: { shape: 'route', parents: parentStatuses({ admission, bindings, named }, outcomes, problems) },
    },
    problems: [
      ...problems.map(({ extent: _, ...problem }): Problem => problem),
      ...attachmentProblems(attached, named),
    ],
  }
}

/** Gateways whose proxies serve a route, and so need what its rules refer to. */
export function edgesOf(attached: AttachedRoute<AnyRouteRule>, kind: string): readonly Edge[] {
  const { route, admission, bindings } = attached
  const gateways = [...new Set([...(admission?.gateways ?? []), ...(bindings?.gateways ?? [])])]
  if (gateways.length === 0) return []
  const { namespace, name } = refOf(route)
  const nodes = new Set([nodeOf(kind, namespace, name)])
  for (const rule of itemsOf(route.spec?.rules)) {
    const filters = [...itemsOf(rule.filters), ...itemsOf(rule.backendRefs).flatMap((ref) => itemsOf(ref.filters))]
    const refs = [
      ...itemsOf(rule.backendRefs).filter((ref) => !isDelegatingRef(ref) && !isModelRef(ref)),
      ...filters.flatMap(({ requestMirror, externalAuth }) =>
        [requestMirror?.backendRef, externalAuth?.backendRef].filter((ref) => ref !== undefined),
      ),
    ]
    for (const ref of refs) nodes.add(backendNode(ref, namespace))
  }
  const self = objectKey(routeRef(route, kind))
  return gateways.flatMap((gateway) => [...nodes].map((node) => ({ key: `${self}>${node}>${gateway}`, node, gateway })))
}

/** Identity of a route; manifests in a list may leave out the kind. */
export function routeRef(route: RouteObject, kind: string): TypedRef {
  return {
    group: GATEWAY_GROUP,
    kind,
    namespace: route.metadata.namespace ?? '',
    name: route.metadata.name,
  }
}

/** A route as something that attaches to listeners. */
export function attachableRoute(route: RouteObject, kind: string): Attachable {
  return {
    ref: routeRef(route, kind),
    version: 'v1',
    parentRefs: itemsOf(route.spec?.parentRefs),
    hostnames: hostnamesOf(route),
  }
}

// What is no text has no hostname in common with any listener; left out, it would open the route to all.
function hostnamesOf(route: RouteObject): readonly string[] {
  return itemsOf(route.spec?.hostnames).map(String)
}

/** What a listener adds to the keys of resources that hang on it. */
export function attachmentSuffix({ owner, listener }: Pick<AdmittingListener, 'owner' | 'listener'>): string {
  return owner.kind === 'ListenerSet' ? `.${owner.namespace}.${owner.name}.${listener}` : `.${listener}`
}

function translateRules<R extends AnyRouteRule>(
  { route, admission }: AttachedRoute<R>,
  style: RouteStyle<R>,
  { environment, isDelegated }: { environment: RouteEnvironment; isDelegated: boolean },
): readonly RuleOutcome[] {
  const { read, settings } = environment
  const ref = routeRef(route, style.kind)
  const rules = itemsOf(route.spec?.rules)
  const servesModels = !isDelegated && rules.some((rule) => itemsOf(rule.backendRefs).some(isModelRef))
  const modelListeners = servesModels
    ? (admission?.listeners ?? []).filter(({ key }) => read.modelListeners.get(key) !== undefined)
    : []
  return rules.map((rule, index) =>
    style.translateRule(rule, {
      from: { group: ref.group, kind: ref.kind, namespace: ref.namespace },
      read,
      settings,
      route: ref,
      hostnames: hostnamesOf(route),
      index,
      path: `spec.rules[${index}]`,
      isDelegated,
      modelListeners: [...new Set(modelListeners.map(({ listenerKey }) => listenerKey))],
    }),
  )
}

function ruleKey<R extends AnyRouteRule>(route: RouteObject, style: RouteStyle<R>, index: number): string {
  const seconds = Math.floor(Date.parse(route.metadata.creationTimestamp ?? '') / 1000)
  const age = style.isAged && seconds > 0 ? `${String(seconds).padStart(10, '0')}/` : ''
  return `${age}${keyOf(route)}.${String(index).padStart(2, '0')}${style.suffix}`
}

function groupName(groupKey: string): string {
  return groupKey.replaceAll('/', '.').replaceAll('*', 'wildcard')
}

function splitParent(key: string): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = ''] = key.split('/')
  return { namespace, name }
}

function parentStatuses(
  parents: Pick<AttachedRoute<AnyRouteRule>, 'admission' | 'bindings'> & { readonly named: readonly NormalParentRef[] },
  rules: readonly RuleOutcome[],
  problems: readonly RuleProblem[],
): readonly ParentStatusDraft[] {
  const common = [resolvedRefs(problems), ...partiallyInvalid(rules)]
  const entries = new Map<string, ParentStatusDraft>()
  for (const { ref, accepted, denial } of parents.admission?.outcomes ?? []) {
    const key = `${ref.group}/${ref.kind}/${ref.name}/${ref.sectionName ?? ''}/${ref.port ?? 0}.${ref.namespace}`
    entries.set(key, { ref, conditions: [acceptedCondition(accepted ? undefined : denial), ...common] })
  }
  for (const ref of parents.named) {
    const isSelected = isSelectedBy(ref, parents.bindings)
    entries.set(parentRefString(ref), {
      ref: parentRefStatus(ref),
      conditions: [acceptedCondition(isSelected ? undefined : UNSELECTED), ...common],
    })
  }
  return [...entries].sort(([a], [b]) => compareStrings(a, b)).map(([, entry]) => entry)
}

const UNSELECTED = { reason: 'NoMatchingParent', message: 'Parent HTTPRoute does not delegate to this route' } as const

function acceptedCondition(denial: { readonly reason: string; readonly message: string } | undefined): ConditionDraft {
  return denial === undefined
    ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' }
    : { type: 'Accepted', status: 'False', reason: denial.reason, message: denial.message }
}

function isSelectedBy(ref: NormalParentRef, bindings: Bindings | undefined): boolean {
  return (bindings?.selectedBy ?? []).includes(nameKey(ref.namespace, ref.name))
}

function attachmentProblems(
  { route, admission, bindings }: AttachedRoute<AnyRouteRule>,
  named: readonly NormalParentRef[],
): readonly Problem[] {
  const problems: Problem[] = [...(admission?.problems ?? [])]
  for (const { path, denial } of admission?.outcomes ?? [])
    if (denial !== undefined) problems.push({ reason: denial.reason, path, message: denial.message })
  for (const ref of named)
    if (!isSelectedBy(ref, bindings))
      problems.push({
        ...UNSELECTED,
        path: 'spec.parentRefs',
        message: `${displayRef(ref)} does not delegate to this route`,
      })
  if (!route.spec?.parentRefs?.length && (bindings?.bindings.length ?? 0) === 0)
    problems.push({
      reason: 'NoMatchingParent',
      path: 'spec.parentRefs',
      message: bindings?.selectedBy.length
        ? `nothing serves this route: it names no parents, and ${bindings.selectedBy.join(', ')} may not delegate to it (missing a ReferenceGrant?)`
        : 'nothing serves this route: it names no parents, and no HTTPRoute delegates to it',
      severity: 'warning',
    })
  return problems
}

function distinct(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  const seen = new Map<string, RuleProblem>()
  for (const problem of problems) seen.set(`${problem.path}\n${problem.reason}\n${problem.message}`, problem)
  return [...seen.values()]
}

// Where an AgentgatewayModel is served: on the listeners that it attaches to itself, and on those of HTTPRoutes whose
// rules hand requests to models. What is served there is decided in models.ts.

import type { AgentgatewayModel } from '../api/model.ts'
import { type GatewayKey, nameKey, type TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { refOf } from '../kube/object.ts'
import type { HttpRoute, HttpRouteRule } from '../kube/route-types.ts'
import type { Admission, AdmittingListener, Attachable, Denial } from './attachment.ts'
import type { ConditionDraft, ParentRefStatus } from './model.ts'
import {
  isModelServing,
  type ModelListener,
  matchesEverything,
  modelRouterKey,
  modelServingFlaw,
  rootConflict,
} from './model-rules.ts'
import { GATEWAY_GROUP, type NormalParentRef, normalizeParentRef, parentRefStatus, parentRefString } from './parents.ts'
import { attachmentSuffix } from './routes.ts'

/** A place in which the proxies of a gateway look for models. */
export interface ModelPlace {
  readonly gateway: GatewayKey
  readonly listenerKey: string
  /** Ending of the keys of everything that is sent for this place. */
  readonly suffix: string
  /** The router of an HTTPRoute's rule; absent where the listener itself takes models. */
  readonly routerKey: string | undefined
  /** The HTTPRoute that leads here. */
  readonly route: TypedRef | undefined
}

/** The verdict on one parentRef of a model. */
export interface ModelParentOutcome {
  readonly ref: ParentRefStatus
  readonly path: string
  /** Absent when some listener took the model. */
  readonly denial: Denial | undefined
}

/** Where one model is served, and what becomes of its parentRefs (`fact/model-parents`). */
export interface ModelParents {
  /** `namespace/name` of the model. */
  readonly key: string
  /** One per distinct parentRef to a parent of ours, in the order of a status. */
  readonly outcomes: readonly ModelParentOutcome[]
  /** No two of one gateway have the same suffix. */
  readonly places: readonly ModelPlace[]
  readonly problems: readonly Problem[]
}

/** What finding the places of a model reads. */
export interface ModelParentReads {
  /** Of models, with their direct parents only. */
  readonly modelAdmissions: Reader<Admission>
  readonly modelListeners: Reader<ModelListener>
  readonly httproutes: Reader<HttpRoute>
  /** Of HTTPRoutes. */
  readonly routeAdmissions: Reader<Admission>
}

const NO_LISTENER: Denial = { reason: 'NoMatchingParent', message: 'No listener matched the parent reference' }

/** The model as something that attaches to listeners: neither hostnames nor namespaces are looked at. */
export function attachableModel(model: AgentgatewayModel): Attachable {
  return {
    ref: refOf(model),
    version: 'v1alpha1',
    parentRefs: itemsOf(model.spec?.parentRefs),
    hostnames: undefined,
  }
}

/** Finds the places of one model. */
export function findModelParents(model: AgentgatewayModel, read: ModelParentReads): ModelParents {
  const { namespace, name } = refOf(model)
  const key = nameKey(namespace, name)
  const direct = read.modelAdmissions.get(key)
  const outcomes = new Map<string, ModelParentOutcome>()
  for (const { ref, path, accepted, denial } of direct?.outcomes ?? []) {
    const id = parentRefString(normalizeParentRef(ref, namespace))
    outcomes.set(id, { ref, path, denial: accepted ? undefined : (denial ?? NO_LISTENER) })
  }
  const places = new Map<string, ModelPlace>()
  const add = (place: ModelPlace) => places.set(`${place.gateway}|${place.suffix}`, place)
  for (const listener of direct?.listeners ?? []) add(directPlace(listener))
  for (const [i, written] of itemsOf(model.spec?.parentRefs).entries()) {
    const ref = normalizeParentRef(written, namespace)
    if (ref.group !== GATEWAY_GROUP || ref.kind !== 'HTTPRoute') continue
    const found = findRoutePlaces(ref, namespace, read)
    if (found === undefined) continue
    for (const place of found.places) add(place)
    outcomes.set(parentRefString(ref), {
      ref: parentRefStatus(ref),
      path: `spec.parentRefs[${i}]`,
      denial: found.denial,
    })
  }
  return {
    key,
    outcomes: [...outcomes].sort(([a], [b]) => compareStrings(a, b)).map(([, outcome]) => outcome),
    places: [...places].sort(([a], [b]) => compareStrings(a, b)).map(([, place]) => place),
    problems: direct?.problems ?? [],
  }
}

/** The condition Accepted of each parentRef; those that name one object share the best verdict among them. */
export function acceptedConditions({ outcomes }: ModelParents): readonly ConditionDraft[] {
  const sameObject = (a: ParentRefStatus, b: ParentRefStatus) =>
    a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
  return outcomes.map(({ ref }) => {
    const verdicts = outcomes.filter((other) => sameObject(other.ref, ref))
    const denial = verdicts.every((verdict) => verdict.denial !== undefined) ? mostTelling(verdicts) : undefined
    return denial === undefined
      ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Successfully accepted AgentgatewayModel' }
      : { type: 'Accepted', status: 'False', reason: denial.reason, message: denial.message }
  })
}

// A listener that knows the model and does not want it says more than one that was not meant.
function mostTelling(verdicts: readonly ModelParentOutcome[]): Denial | undefined {
  const denials = verdicts.flatMap(({ denial }) => denial ?? [])
  return denials.findLast(({ reason }) => reason === 'NotAllowedByListeners') ?? denials.at(-1)
}

function directPlace(listener: AdmittingListener): ModelPlace {
  const { gateway, listenerKey } = listener
  return { gateway, listenerKey, suffix: attachmentSuffix(listener), routerKey: undefined, route: undefined }
}

interface RoutePlaces {
  readonly places: readonly ModelPlace[]
  readonly denial: Denial | undefined
}

/** Undefined for a route that is nobody's of ours: then it is not for us to say anything. */
function findRoutePlaces(ref: NormalParentRef, namespace: string, read: ModelParentReads): RoutePlaces | undefined {
  if (ref.namespace !== namespace) return denied('model HTTPRoute parentRef must use the model namespace')
  const key = nameKey(ref.namespace, ref.name)
  const route = read.httproutes.get(key)
  if (route === undefined) return denied('model parent HTTPRoute not found')
  const admission = read.routeAdmissions.get(key)
  if (admission === undefined || admission.outcomes.length === 0) return undefined
  const selected = selectRule(route, ref.sectionName)
  if (typeof selected === 'string') return denied(selected)
  const flaw = isModelServing(selected.rule)
    ? modelServingFlaw(selected.rule, namespace)
    : 'HTTPRoute rule does not select AgentgatewayModel backends'
  if (flaw !== undefined) return denied(flaw)
  if (matchesEverything(selected.rule)) {
    const taken = admission.listeners.filter((listener) => read.modelListeners.get(listener.key) !== undefined)
    if (taken.length > 0) return denied(rootConflict(taken.map(({ listenerKey }) => listenerKey)))
  }
  const section = ref.sectionName === undefined ? '' : `.${ref.sectionName}`
  const routerKey = modelRouterKey(refOf(route), selected.rule, selected.index)
  const places = admission.listeners.map(
    ({ gateway, listenerKey }): ModelPlace => ({
      gateway,
      listenerKey,
      suffix: `.${ref.namespace}.${ref.name}${section}`,
      routerKey,
      route: refOf(route),
    }),
  )
  return { places, denial: places.length > 0 ? undefined : NO_LISTENER }
}

function selectRule(
  route: HttpRoute,
  section: string | undefined,
): { readonly rule: HttpRouteRule; readonly index: number } | string {
  const rules = itemsOf(route.spec?.rules)
  if (section === undefined && rules.length !== 1)
    return 'model HTTPRoute parentRef without sectionName requires exactly one rule'
  const index = section === undefined ? 0 : rules.findIndex(({ name }) => name === section)
  const rule = rules[index]
  return rule === undefined ? `HTTPRoute rule "${section}" not found` : { rule, index }
}

function denied(message: string): RoutePlaces {
  return { places: [], denial: { reason: 'NoMatchingParent', message } }
}

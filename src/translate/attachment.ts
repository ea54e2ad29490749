// Which listeners a route is admitted to, and why not to others: parentRef → candidate listeners → accepted or denied.
// What a route does there is decided elsewhere. A parent of which we know no listener says nothing about the route:
// it may be another controller's.

import { displayRef, type GatewayKey, objectKey, type TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import type { Problem, Reason } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { ParentRefStatus } from './model.ts'
import {
  allowsNamespace,
  GATEWAY_GROUP,
  hostnamesOverlap,
  type NormalParentRef,
  normalizeParentRef,
  type ParentReference,
  parentRefStatus,
  parentRefString,
  type RouteParent,
} from './parents.ts'

/** A listener that took a route, as far as resources depend on it. */
export interface AdmittingListener {
  /** `RouteParent.key`. */
  readonly key: string
  readonly owner: TypedRef
  readonly gateway: GatewayKey
  readonly listenerKey: string
  readonly listener: string
}

/** Why no listener of a parentRef took a route. */
export interface Denial {
  readonly reason: Reason
  readonly message: string
}

/** The verdict on one parentRef whose parent is ours. */
export interface ParentOutcome {
  readonly ref: ParentRefStatus
  /** Field path of the parentRef. */
  readonly path: string
  readonly accepted: boolean
  readonly denial?: Denial
}

/** Where one route is attached. */
export interface Admission {
  readonly route: TypedRef
  /** One per distinct parentRef with listeners of ours, in the order of a status. */
  readonly outcomes: readonly ParentOutcome[]
  /** Each accepting listener once, by key. */
  readonly listeners: readonly AdmittingListener[]
  /** Sorted. */
  readonly gateways: readonly GatewayKey[]
  /** ParentRefs that name a Gateway or ListenerSet which does not exist. */
  readonly problems: readonly Problem[]
}

/** What attaches: a route or a model. */
export interface Attachable {
  readonly ref: TypedRef
  readonly version: string
  readonly parentRefs: readonly ParentReference[]
  /** Undefined when neither hostnames nor namespaces are looked at, as for models. */
  readonly hostnames: readonly string[] | undefined
}

/** What admission reads; `parents` has the index `owner`. */
export interface AdmissionReads {
  readonly parents: Reader<RouteParent>
  /** Only asked whether they exist. */
  readonly gateways: Reader<unknown>
  readonly listenersets: Reader<unknown>
}

interface RankedDenial extends Denial {
  /** How far the candidate came: of several denials, the one nearest to acceptance is told. */
  readonly rank: number
}

/** Decides the attachment of one route or model. */
export function admit(attachable: Attachable, read: AdmissionReads): Admission {
  const outcomes = new Map<string, ParentOutcome>()
  const listeners = new Map<string, AdmittingListener>()
  const problems: Problem[] = []
  for (const [i, written] of attachable.parentRefs.entries()) {
    const ref = normalizeParentRef(written, attachable.ref.namespace)
    if (!isListening(ref)) continue
    const path = `spec.parentRefs[${i}]`
    const candidates = read.parents.where('owner', objectKey(ref))
    if (candidates.length === 0) {
      problems.push(...missingParent(ref, path, read))
      continue
    }
    let denial: RankedDenial | undefined
    let accepted = false
    for (const parent of candidates) {
      const refused = denialOf(attachable, ref, parent)
      if (refused === undefined) {
        accepted = true
        const { key, owner, gateway, listenerKey, listener } = parent
        listeners.set(key, { key, owner, gateway, listenerKey, listener })
      } else if (denial === undefined || refused.rank >= denial.rank) denial = refused
    }
    const outcome: ParentOutcome = { ref: parentRefStatus(ref), path, accepted }
    outcomes.set(
      parentRefString(ref),
      accepted || denial === undefined
        ? outcome
        : { ...outcome, denial: { reason: denial.reason, message: denial.message } },
    )
  }
  const byKey = [...listeners.values()].sort((a, b) => compareStrings(a.key, b.key))
  return {
    route: attachable.ref,
    outcomes: [...outcomes].sort(([a], [b]) => compareStrings(a, b)).map(([, outcome]) => outcome),
    listeners: byKey,
    gateways: [...new Set(byKey.map(({ gateway }) => gateway))].sort(),
    problems,
  }
}

function isListening(ref: NormalParentRef): boolean {
  return ref.group === GATEWAY_GROUP && (ref.kind === 'Gateway' || ref.kind === 'ListenerSet')
}

// An existing Gateway without listeners of ours is another controller's, or says so in its own status.
function missingParent(ref: NormalParentRef, path: string, read: AdmissionReads): readonly Problem[] {
  const key = `${ref.namespace}/${ref.name}`
  const exists = (ref.kind === 'Gateway' ? read.gateways : read.listenersets).get(key) !== undefined
  if (exists) return []
  return [{ reason: 'NoMatchingParent', path, message: `${displayRef(ref)} not found`, severity: 'warning' }]
}

function denialOf(attachable: Attachable, ref: NormalParentRef, parent: RouteParent): RankedDenial | undefined {
  if (ref.port !== undefined && ref.port !== parent.port)
    return { rank: 1, reason: 'NoMatchingParent', message: `port ${ref.port} not found` }
  if (ref.sectionName !== undefined && ref.sectionName !== parent.listener)
    return { rank: 2, reason: 'NoMatchingParent', message: `sectionName "${ref.sectionName}" not found` }
  const { group, kind, namespace } = attachable.ref
  if (attachable.hostnames !== undefined) {
    const hostnames = attachable.hostnames.length > 0 ? attachable.hostnames : ['*']
    const host = parent.hostname ?? ''
    if (!hostnames.some((hostname) => hostnamesOverlap(hostname, parent.hostname)))
      return {
        rank: 3,
        reason: 'NoMatchingListenerHostname',
        message: `no hostnames matched parent hostname "${host}"`,
      }
    if (!allowsNamespace(parent.allowedNamespaces, namespace))
      return {
        rank: 4,
        reason: 'NotAllowedByListeners',
        message: `hostnames matched parent hostname "${host}", but namespace "${namespace}" is not allowed by the parent`,
      }
  }
  if (!parent.supportedKinds.some((supported) => supported.group === group && supported.kind === kind))
    return {
      rank: 5,
      reason: 'NotAllowedByListeners',
      message: `kind ${group}/${attachable.version}, Kind=${kind} is not allowed`,
    }
  return undefined
}

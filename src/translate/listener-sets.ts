// A ListenerSet's listeners and status: whether its Gateway lets it attach, and what its entries add up to.
// (spec: Gateway API, ListenerSets)

import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { ListenerSet } from '../kube/gateway-types.ts'
import { keyOf } from '../kube/object.ts'
import { type PlannedSet, setRef } from './gateway-plan.ts'
import { listenerResources, listenerStatus, outcomesOf, withCounts } from './gateways.ts'
import type { ListenerOutcome } from './listeners.ts'
import type { ConditionDraft, StatusDraft, Translation } from './model.ts'
import type { AttachedCount } from './parents.ts'

/** What translating a ListenerSet reads; `outcomes` has the index `owner`. */
export interface ListenerSetReads {
  readonly sets: Reader<PlannedSet>
  readonly outcomes: Reader<ListenerOutcome>
}

/** Translates a ListenerSet of one of our Gateways; counts of attached routes are still zero. */
export function translateListenerSet(set: ListenerSet, read: ListenerSetReads): readonly Translation[] {
  const planned = read.sets.get(keyOf(set))
  if (planned === undefined) return []
  const object = setRef(set)
  const outcomes = planned.isAllowed ? outcomesOf(object, read.outcomes) : []
  return [
    {
      object,
      resources: listenerResources(outcomes),
      status: {
        object,
        apiVersion: set.apiVersion,
        generation: set.metadata.generation ?? 0,
        body: {
          shape: 'listenerset',
          conditions: conditionsOf(planned, outcomes),
          listeners: outcomes.map(listenerStatus),
        },
      },
      problems: [...setProblems(planned), ...outcomes.flatMap(({ problems }) => problems)],
    },
  ]
}

/** Completes the status of a ListenerSet with the routes attached to its entries. */
export function listenerSetStatus(
  { status, object }: Translation,
  read: { readonly attached: Reader<AttachedCount> },
): readonly StatusDraft[] {
  if (status?.body.shape !== 'listenerset') return []
  const { body } = status
  return [{ ...status, body: { ...body, listeners: withCounts(body.listeners, object, read.attached) } }]
}

const NOT_ALLOWED = 'Gateway does not allow ListenerSet attachment'

function conditionsOf(planned: PlannedSet, outcomes: readonly ListenerOutcome[]): readonly ConditionDraft[] {
  const [accepted, programmed] = summary(planned, outcomes)
  // A discarded annotation leaves ports open that were meant to be internal: that must be seen.
  if (!planned.isAllowed || planned.internalPortsError === undefined) return [accepted, programmed]
  return [{ type: 'Accepted', status: 'False', reason: 'Invalid', message: planned.internalPortsError }, programmed]
}

function summary(
  planned: PlannedSet,
  outcomes: readonly ListenerOutcome[],
): readonly [accepted: ConditionDraft, programmed: ConditionDraft] {
  if (!planned.isAllowed) return both('NotAllowed', NOT_ALLOWED)
  if (!planned.gatewayServes) {
    const names = outcomes.filter(({ isValid }) => !isValid).map(({ name }) => name)
    if (names.length > 0) return both('ListenersNotValid', `Some listeners are not accepted: ${names.join(', ')}`)
  }
  const usable = outcomes.filter(({ isValid, conflict }) => isValid && conflict === undefined).length
  if (usable === outcomes.length) {
    return [
      { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Resource accepted' },
      { type: 'Programmed', status: 'True', reason: 'Programmed', message: 'Resource programmed' },
    ]
  }
  if (usable === 0) return both('ListenersNotValid', '')
  return [
    { type: 'Accepted', status: 'True', reason: 'ListenersNotValid', message: '' },
    { type: 'Programmed', status: 'True', reason: 'Programmed', message: '' },
  ]
}

function both(reason: string, message: string): readonly [ConditionDraft, ConditionDraft] {
  return [
    { type: 'Accepted', status: 'False', reason, message },
    { type: 'Programmed', status: 'False', reason, message },
  ]
}

function setProblems({ isAllowed, internalPortsError }: PlannedSet): readonly Problem[] {
  if (!isAllowed) return [{ reason: 'NotAllowed', path: 'spec.parentRef', message: NOT_ALLOWED }]
  if (internalPortsError === undefined) return []
  return [{ reason: 'Invalid', path: 'metadata.annotations', message: internalPortsError }]
}

// Live status + our draft → the next status. Pure, and merging twice is merging once: what others wrote stays, a
// condition's time changes only when its status flips, and nothing here depends on the order of fields. When and how it
// is written is decided in writer.ts. (spec: Gateway API, status: common rules, arbitration, write mechanics)

import type { ConditionDraft, ListenerStatusDraft, StatusBody, StatusDraft } from '../translate/model.ts'
import { mergeAncestors } from './ancestors.ts'
import { arbitrate } from './arbitration.ts'
import {
  type Condition,
  isSameRef,
  type Json,
  listAt,
  type MergeContext,
  mergeConditions,
  recordOf,
  textAt,
} from './conditions.ts'

/** The next status of an object, given its live one (undefined or null when it has none). */
export function mergeStatus(draft: StatusDraft, live: unknown, context: MergeContext): Json {
  const { body } = draft
  const current = recordOf(live)
  const merge = (drafts: readonly ConditionDraft[], own: readonly string[], found: readonly Condition[]) =>
    mergeConditions(drafts, found, { own, generation: draft.generation, now: context.now })
  switch (body.shape) {
    case 'gatewayclass':
      return {
        ...current,
        conditions: merge(body.conditions, ['Accepted'], conditionsIn(current)),
        ...(body.supportedFeatures === undefined
          ? {}
          : { supportedFeatures: body.supportedFeatures.map((name) => ({ name })) }),
      }
    case 'gateway': {
      const found = conditionsIn(current)
      const drafted = merge(body.conditions, OWN_GATEWAY, found)
      return {
        ...current,
        ...(body.addresses === undefined
          ? {}
          : { addresses: body.addresses.length === 0 ? undefined : body.addresses }),
        attachedListenerSets: body.attachedListenerSets,
        conditions: body.isDeploymentKnown
          ? drafted
          : arbitrate(drafted, found, { generation: draft.generation, now: context.now }),
        ...listenersOf(body.listeners, current, { draft, context, keepsEmptyKinds: true }),
      }
    }
    case 'listenerset':
      return {
        ...current,
        conditions: merge(body.conditions, OWN_LISTENER_SET, conditionsIn(current)),
        ...listenersOf(body.listeners, current, { draft, context, keepsEmptyKinds: false }),
      }
    case 'route':
    case 'inferencepool':
      return { ...current, parents: mergeParents(draft, body, current, context) }
    case 'policy':
      return { ...current, ancestors: mergeAncestors(draft, body.ancestors, listAt(current, 'ancestors'), context) }
    case 'conditions':
      return { ...current, ...body.fields, conditions: merge(body.conditions, [], conditionsIn(current)) }
  }
}

/**
 * Whether the next status is worth a write: it says something new, and it is about us. An object of another
 * controller's gets no empty list from us.
 */
export function isWorthWriting(draft: StatusDraft, live: unknown, next: Json, context: MergeContext): boolean {
  if (saysTheSame(live ?? {}, next)) return false
  const { body } = draft
  const [ours, field] =
    body.shape === 'policy'
      ? [body.ancestors, 'ancestors']
      : body.shape === 'route' || body.shape === 'inferencepool'
        ? [body.parents, 'parents']
        : [[body], '']
  if (ours.length > 0) return true
  return listAt(recordOf(live), field).some((entry) => textAt(entry, 'controllerName') === context.controllerName)
}

// In which order controllers stand in a list says nothing. Two that each want to be last would write for ever.
function saysTheSame(live: unknown, next: Json): boolean {
  const { parents: before, ...others } = recordOf(live)
  const { parents: after, ...rest } = next
  if (!Array.isArray(before) || !Array.isArray(after)) return equal(live, next)
  if (before.length !== after.length || !equal(others, rest)) return false
  return after.every((entry) => before.some((candidate) => equal(candidate, entry)))
}

const OWN_GATEWAY = ['Accepted', 'Programmed', 'ResolvedRefs', 'InsecureFrontendValidationMode']
const OWN_LISTENER_SET = ['Accepted', 'Programmed']
const OWN_PARENT = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid']

function conditionsIn(status: Json): readonly Condition[] {
  return listAt(status, 'conditions')
}

interface ListenerContext {
  readonly draft: StatusDraft
  readonly context: MergeContext
  /** ListenerSets leave out an empty list of kinds, Gateways print it. */
  readonly keepsEmptyKinds: boolean
}

function listenersOf(
  listeners: readonly ListenerStatusDraft[],
  current: Json,
  { draft, context, keepsEmptyKinds }: ListenerContext,
): Json {
  if (listeners.length === 0) return { listeners: undefined }
  const live = listAt(current, 'listeners')
  return {
    listeners: listeners.map(({ name, attachedRoutes, supportedKinds, conditions }) => ({
      attachedRoutes,
      conditions: mergeConditions(conditions, conditionsIn(live.find((entry) => entry.name === name) ?? {}), {
        own: undefined,
        generation: draft.generation,
        now: context.now,
      }),
      name,
      ...(supportedKinds.length > 0 || keepsEmptyKinds ? { supportedKinds } : {}),
    })),
  }
}

// Entries of other controllers come first, in their order; ours are exactly the drafted ones.
function mergeParents(
  draft: StatusDraft,
  body: Extract<StatusBody, { shape: 'route' | 'inferencepool' }>,
  current: Json,
  { now, controllerName }: MergeContext,
): readonly Json[] {
  const live = listAt(current, 'parents')
  const foreign = live.filter((entry) => textAt(entry, 'controllerName') !== controllerName && !isPlaceholder(entry))
  const own = live.filter((entry) => textAt(entry, 'controllerName') === controllerName)
  const entries = body.parents.map(({ ref, conditions }) => {
    const before = own.find((entry) => isSameRef(ref, recordOf(entry.parentRef)))
    return {
      conditions: mergeConditions(conditions, conditionsIn(before ?? {}), {
        own: OWN_PARENT,
        generation: draft.generation,
        now,
      }),
      controllerName,
      // The live one has its defaults filled in; ours would differ from it for ever.
      parentRef: before?.parentRef ?? ref,
    }
  })
  return [...foreign, ...entries]
}

// What the CRD of InferencePool fills in before any controller has spoken.
function isPlaceholder(entry: Json): boolean {
  const { kind, name } = recordOf(entry.parentRef)
  return kind === 'Status' && name === 'default' && textAt(entry, 'controllerName') === ''
}

/** Whether two pieces of JSON say the same; undefined fields are absent ones. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((member, i) => equal(member, b[i]))
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const left = recordOf(a)
  const right = recordOf(b)
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => equal(left[key], right[key]))
}

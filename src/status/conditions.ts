// Merging one list of conditions, and reading a live status that may be anything.
import type { ConditionDraft, ParentRefStatus } from '../translate/model.ts'

/** A JSON object of unknown shape. */
export type Json = Readonly<Record<string, unknown>>

/** A condition as it stands in a status; fields of a live one may be missing. */
export type Condition = Json

/** What merging needs to know besides the two statuses. */
export interface MergeContext {
  /** RFC 3339, for conditions that flip. */
  readonly now: string
  readonly controllerName: string
}

/** How a list of conditions is merged. */
export interface ConditionContext {
  /** Types that are ours: without a draft they go. Undefined: all types are ours. */
  readonly own: readonly string[] | undefined
  readonly generation: number
  readonly now: string
}

/** Drafts over live conditions: live order first, then what is new; types that are not ours stay. */
export function mergeConditions(
  drafts: readonly ConditionDraft[],
  live: readonly Condition[],
  { own, generation, now }: ConditionContext,
): readonly Condition[] {
  const merged: Condition[] = []
  const placed = new Set<string>()
  for (const before of live) {
    const type = textAt(before, 'type')
    const draft = drafts.find((candidate) => candidate.type === type)
    if (placed.has(type)) continue
    if (draft !== undefined) {
      placed.add(type)
      merged.push(conditionOf(draft, before, { generation, now }))
    } else if (own !== undefined && !own.includes(type)) {
      placed.add(type)
      merged.push(before)
    }
  }
  for (const draft of drafts) {
    if (!placed.has(draft.type)) merged.push(conditionOf(draft, undefined, { generation, now }))
  }
  return merged
}

/** A draft as a condition; its time is the live one's unless the status flips. */
export function conditionOf(
  { type, status, reason, message }: ConditionDraft,
  before: Condition | undefined,
  { generation, now }: { readonly generation: number; readonly now: string },
): Condition {
  const since = before !== undefined && before.status === status ? textAt(before, 'lastTransitionTime') : ''
  return {
    lastTransitionTime: since || now,
    message,
    ...(generation > 0 ? { observedGeneration: generation } : {}),
    reason,
    status,
    type,
  }
}

/** A value as an object; anything else is an empty one. */
export function recordOf(value: unknown): Json {
  // Every object that is no array can be read by string keys; what is found there is unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

/** The objects in a list field. */
export function listAt(value: Json, field: string): readonly Json[] {
  const list = value[field]
  return Array.isArray(list) ? list.filter((member) => typeof member === 'object' && member !== null) : []
}

/** A text field; empty when it is none. */
export function textAt(value: Json, field: string): string {
  const text = value[field]
  return typeof text === 'string' ? text : ''
}

/** Whether a live ref names what a draft names; absent fields equal their defaults. */
export function isSameRef(ref: ParentRefStatus, live: Json): boolean {
  return (
    (ref.group ?? DEFAULT_GROUP) === (live.group ?? DEFAULT_GROUP) &&
    (ref.kind ?? 'Gateway') === (live.kind ?? 'Gateway') &&
    (ref.namespace ?? '') === (live.namespace ?? '') &&
    ref.name === live.name &&
    (ref.sectionName ?? '') === (live.sectionName ?? '') &&
    (ref.port ?? 0) === (live.port ?? 0)
  )
}

const DEFAULT_GROUP = 'gateway.networking.k8s.io'

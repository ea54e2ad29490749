// `status.ancestors` of policies: a list that all controllers share and that holds sixteen entries at most. What does
// not fit is summed up in one entry, so that a user learns that something is missing.
// (spec: Gateway API, policy ancestors)
import type { ParentStatusDraft, StatusDraft } from '../translate/model.ts'
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

const MAX = 16
const SUMMARY = { group: 'agentgateway.dev', name: 'StatusSummary' }

interface Entry {
  readonly isOurs: boolean
  readonly json: Json
}

/** Our drafts among the live entries: others' stay in place, ours are replaced in place, dropped or appended. */
export function mergeAncestors(
  draft: StatusDraft,
  ancestors: readonly ParentStatusDraft[],
  live: readonly Json[],
  context: MergeContext,
): readonly Json[] {
  const entryOf = (ancestor: ParentStatusDraft, before: Json | undefined): Entry => ({
    isOurs: true,
    json: {
      // The live one has its defaults filled in; ours would differ from it for ever.
      ancestorRef: before?.ancestorRef ?? ancestor.ref,
      conditions: mergeConditions(
        ancestor.conditions.toSorted((a, b) => (a.type < b.type ? -1 : 1)),
        before === undefined ? [] : conditionsIn(before),
        { own: undefined, generation: draft.generation, now: context.now },
      ),
      controllerName: context.controllerName,
    },
  })
  const entries: Entry[] = []
  const pending = new Set(ancestors)
  const liveSummary = live.find((json) => isOurs(json, context) && isSummary(json))
  for (const json of live) {
    if (!isOurs(json, context)) {
      entries.push({ isOurs: false, json })
      continue
    }
    const ancestor = [...pending].find(({ ref }) => isSameRef(ref, recordOf(json.ancestorRef)))
    if (ancestor === undefined) continue
    pending.delete(ancestor)
    entries.push(entryOf(ancestor, json))
  }
  for (const ancestor of pending) entries.push(entryOf(ancestor, undefined))
  if (entries.length <= MAX) return entries.map(({ json }) => json)
  return summarise(entries, { draft, context, before: liveSummary })
}

interface SummaryContext {
  readonly draft: StatusDraft
  readonly context: MergeContext
  readonly before: Json | undefined
}

function summarise(entries: readonly Entry[], { draft, context, before }: SummaryContext): readonly Json[] {
  // A summary that we drafted ourselves becomes part of the one that is appended.
  const drafted = entries.find(({ isOurs: ours, json }) => ours && isSummary(json))
  const others = entries.filter((entry) => entry !== drafted)
  const first = others.slice(0, MAX)
  const dropped = first.findLastIndex(({ isOurs: ours }) => ours)
  if (dropped < 0) return first.map(({ json }) => json)
  const kept = first.toSpliced(dropped, 1)
  const summary = mergeConditions(
    [
      {
        type: 'StatusSummarized',
        status: 'True',
        reason: 'StatusSummary',
        message: `${others.length - kept.length} AncestorRefs ignored due to max status size`,
      },
    ],
    before === undefined ? [] : conditionsIn(before),
    { own: undefined, generation: draft.generation, now: context.now },
  )
  const conditions = [...(drafted === undefined ? [] : conditionsIn(drafted.json)), ...summary]
  const ancestorRef = before?.ancestorRef ?? SUMMARY
  return [...kept.map(({ json }) => json), { ancestorRef, conditions, controllerName: context.controllerName }]
}

function conditionsIn(json: Json): readonly Condition[] {
  return listAt(json, 'conditions')
}

function isOurs(json: Json, { controllerName }: MergeContext): boolean {
  return textAt(json, 'controllerName') === controllerName
}

function isSummary(json: Json): boolean {
  const { group, name } = recordOf(json.ancestorRef)
  return group === SUMMARY.group && name === SUMMARY.name
}

// What of a status is ours where no entry names its controller: Gateways and ListenerSets have conditions of anybody. The
// API server records who wrote which field, so that what has become another controller's is left to it.
import type { KubeObject } from '../kube/object.ts'
import { type Json, listAt, recordOf, textAt } from './conditions.ts'

/** The status that remains when we have nothing to say about an object any more; the same one when nothing was ours. */
export function withoutOurs(object: KubeObject & { readonly status?: unknown }, manager: OurNames): Json | undefined {
  if (typeof object.status !== 'object' || object.status === null) return undefined
  const status = recordOf(object.status)
  return withoutEntries(status, manager) ?? withoutFields(status, object, manager)
}

/** Under which names we write. */
export interface OurNames {
  readonly controllerName: string
  readonly fieldManager: string
}

/** Entries of lists in which each controller has its own. */
function withoutEntries(status: Json, { controllerName }: OurNames): Json | undefined {
  for (const field of ['parents', 'ancestors']) {
    if (!Array.isArray(status[field])) continue
    const entries = listAt(status, field)
    const others = entries.filter((entry) => textAt(entry, 'controllerName') !== controllerName)
    return others.length === entries.length ? undefined : { ...status, [field]: others }
  }
  return undefined
}

/** Fields that we wrote last. Without its conditions a Gateway gets back those of one that waits for a controller. */
function withoutFields(status: Json, object: KubeObject, { fieldManager }: OurNames): Json | undefined {
  const owned = ownedFields(object, fieldManager)
  const { 'f:conditions': ownConditions, ...own } = owned
  const kept = Object.fromEntries(Object.entries(status).filter(([field]) => own[`f:${field}`] === undefined))
  const conditions = listAt(status, 'conditions')
  const remaining = conditions.filter((condition) => !isOwned(recordOf(ownConditions), textAt(condition, 'type')))
  if (remaining.length === conditions.length && Object.keys(kept).length === Object.keys(status).length)
    return undefined
  const { conditions: _, ...rest } = kept
  return remaining.length === 0 ? rest : { ...rest, conditions: remaining }
}

/** Whoever writes a condition anew owns what it says; its type may stay with who wrote it first. */
function isOwned(conditions: Json, type: string): boolean {
  const fields = recordOf(conditions[`k:${JSON.stringify({ type })}`])
  return ['f:status', 'f:reason', 'f:message'].some((field) => fields[field] !== undefined)
}

function ownedFields(object: KubeObject, manager: string): Json {
  const entries = listAt(recordOf(object.metadata), 'managedFields')
  const ours = entries.find((entry) => entry.manager === manager && entry.subresource === 'status')
  return recordOf(recordOf(ours?.fieldsV1)['f:status'])
}

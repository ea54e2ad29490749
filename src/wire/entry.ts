// An encoded resource with what belongs beside its bytes: who may receive it, and whom to tell when a proxy rejects it.
import type { GatewayKey, TypedRef } from '../core/keys.ts'
import type { EncodedResource } from './encode.ts'

/** The scope of what every proxy receives. */
export const SHARED = '*'

/** One resource of one scope. */
export interface XdsEntry {
  /** A gateway, or SHARED. */
  readonly scope: GatewayKey | typeof SHARED
  readonly encoded: EncodedResource
  /** The objects it was made from, most specific first. */
  readonly owners: readonly TypedRef[]
  /** It lacks something without which every proxy refuses it; it is shown to people, and not sent. */
  readonly isWithheld?: true
}

/** Unique among all entries. */
export function entryKey({ scope, encoded }: XdsEntry): string {
  return `${scope}|${encoded.name}`
}

/** Whether two entries of one key are the same to a proxy and to whoever reads about it. */
export function sameEntry(a: XdsEntry, b: XdsEntry): boolean {
  return (
    a.encoded.version === b.encoded.version &&
    a.encoded.typeUrl === b.encoded.typeUrl &&
    a.owners.length === b.owners.length &&
    a.owners.every((owner, i) => {
      const other = b.owners[i]
      return (
        other !== undefined &&
        owner.kind === other.kind &&
        owner.name === other.name &&
        owner.namespace === other.namespace &&
        owner.group === other.group
      )
    })
  )
}

// Whether a policy may refer to a backend of another namespace; only one of the grant modes asks for it.
import { nameKey, type TypedRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { BackendObjectRef } from '../features/shared/context.ts'
import { isGranted, type Permission } from './grants.ts'
import type { TranslateSettings } from './settings.ts'

/** Who refers to a backend, as grants see it. */
export interface GrantScope {
  readonly from: Pick<TypedRef, 'group' | 'kind' | 'namespace'>
  readonly read: { readonly permissions: Reader<Permission> }
  readonly settings: Pick<TranslateSettings, 'backendRefGrantMode'>
}

/** What is wrong when a policy's reference needs a grant that there is not. */
export function grantProblem(
  ref: BackendObjectRef,
  path: string,
  { from, read, settings }: GrantScope,
): Problem | undefined {
  if (settings.backendRefGrantMode !== 'route-and-policy') return undefined
  const namespace = ref.namespace || from.namespace
  const to = { group: ref.group ?? '', kind: ref.kind || 'Service', namespace, name: ref.name }
  if (isGranted(read.permissions, from, to)) return undefined
  const article = /^[AEIOU]/.test(from.kind) ? 'an' : 'a'
  return {
    reason: 'PartiallyValid',
    path,
    message: `backendRef ${nameKey(namespace, ref.name)} not accessible to ${article} ${from.kind} in namespace "${from.namespace}" (missing a ReferenceGrant?)`,
  }
}

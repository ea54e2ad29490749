// The backends of a rule with their weights and their own filters: each reference as it resolved, good or bad, so that
// the shares of the others stay what the user wrote.
import { itemsOf } from '../features/shared/lists.ts'
import type { RouteFilter, WeightedBackendRef } from '../kube/route-types.ts'
import type { BackendPolicySpec, RouteBackend } from '../wire/messages.ts'
import { translateBackendFilters } from './http-filters.ts'
import { type ReferenceScope, resolveRouteBackend } from './references.ts'
import { type Parts, type RuleProblem, reaching } from './rule-outcome.ts'

/** What a kind of route makes of its backendRefs. */
export interface BackendStyle {
  /** Filter types that a backendRef may have; absent for routes whose backendRefs have none. */
  readonly filters?: readonly string[]
  /** Tells a badly written backend the way this kind of route does. */
  readonly tell: (problem: RuleProblem) => RuleProblem
}

/** The weight of a backend; a negative one would be an enormous one to proxies. */
export function weightOf({ weight }: WeightedBackendRef): number {
  return Math.max(0, weight ?? 1)
}

/** Backends of a rule, in order. */
export function translateBackends(
  refs: readonly { readonly ref: WeightedBackendRef; readonly path: string }[],
  scope: ReferenceScope,
  style: BackendStyle,
): Parts<RouteBackend> {
  const parts: RouteBackend[] = []
  const problems: RuleProblem[] = []
  for (const { ref, path } of refs) {
    const resolved = resolveRouteBackend(ref, path, scope)
    const isMalformed = resolved.problems.some(({ reason }) => reason === 'UnsupportedValue')
    if (isMalformed) problems.push(...reaching('part', resolved).map(style.tell))
    else problems.push(...reaching('share', resolved))
    const own = ownPolicies(itemsOf(ref.filters), { path: `${path}.filters`, style }, scope)
    problems.push(...own.problems)
    parts.push({
      weight: weightOf(ref),
      // Without all of its filters a backend must not be reached.
      ...(resolved.value === undefined ? {} : { backend: own.isComplete ? resolved.value : {} }),
      ...(own.policies.length === 0 ? {} : { backendPolicies: own.policies }),
    })
  }
  return { parts, problems }
}

interface OwnPolicies {
  readonly policies: BackendPolicySpec[]
  readonly problems: readonly RuleProblem[]
  readonly isComplete: boolean
}

function ownPolicies(
  filters: readonly RouteFilter[],
  { path, style }: { path: string; style: BackendStyle },
  scope: ReferenceScope,
): OwnPolicies {
  if (style.filters === undefined) return { policies: [], problems: [], isComplete: true }
  const { parts, problems } = translateBackendFilters({ filters, path, supported: style.filters }, scope)
  return {
    policies: [...parts],
    problems: problems.map((problem): RuleProblem => style.tell({ ...problem, extent: 'part' })),
    isComplete: problems.every(({ extent }) => extent !== 'rule'),
  }
}

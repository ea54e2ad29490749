// The content of an AgentgatewayPolicy, wherever it may attach: its three sections as parts, each a resource per target
// and gateway, and the first half of each part's key. Order of parts and messages: frontend, traffic, backend.
import type { AgentgatewayPolicy } from '../api/policy.ts'
import type { Problem } from '../core/problem.ts'
import { backendPolicyReferences, translateBackendPolicies } from '../features/backend-policies/registry.ts'
import { frontendReferences, translateFrontendPolicies } from '../features/frontend/registry.ts'
import type { LocatedRef } from '../features/shared/context.ts'
import { trafficReferences, translateTrafficPolicies } from '../features/traffic/registry.ts'
import { keyOf, refOf } from '../kube/object.ts'
import type { Policy } from '../wire/messages.ts'
import { type FeatureReads, type FeatureSettings, featureContext } from './feature-context.ts'
import type { Demand } from './model.ts'

/** One resource's worth of a policy, without target. */
export interface PolicyPart {
  /** The resource key up to the target. */
  readonly head: string
  readonly body: Pick<Policy, 'traffic' | 'backend' | 'frontend' | 'conditional' | 'inheritance'>
}

/** A policy's content (`translate/policy-contents`). */
export interface PolicyContent {
  /** `namespace/name` of the policy. */
  readonly key: string
  readonly parts: readonly PolicyPart[]
  readonly problems: readonly Problem[]
  readonly demands: readonly Demand[]
}

/** Translates a policy's sections. */
export function translatePolicyContent(
  policy: AgentgatewayPolicy,
  read: FeatureReads,
  settings: FeatureSettings,
): PolicyContent {
  const key = keyOf(policy)
  const { spec } = policy
  const { ctx, demands } = featureContext({ owner: refOf(policy), read, settings })
  const frontend = translateFrontendPolicies(spec?.frontend, { ctx, path: 'spec.frontend' })
  const traffic = translateTrafficPolicies(spec?.traffic, { ctx, path: 'spec.traffic' })
  const backend = translateBackendPolicies(spec?.backend, ctx, 'spec.backend')
  const inheritance = spec?.strategy?.inheritance === 'Override' ? 'OVERRIDE' : 'DEFAULT'
  const isTargeted = spec?.targetRefs !== undefined || spec?.targetSelectors !== undefined
  return {
    key,
    parts: [
      ...frontend.policies.map(
        ({ suffix, frontend: body }): PolicyPart => ({ head: `frontend/${key}:${suffix}`, body: { frontend: body } }),
      ),
      ...traffic.policies.map(
        ({ suffix, ...body }): PolicyPart => ({ head: `traffic/${key}:${suffix}`, body: { ...body, inheritance } }),
      ),
      ...backend.policies.map(
        ({ base, suffix, spec: body }): PolicyPart => ({ head: `${base}${key}:${suffix}`, body: { backend: body } }),
      ),
    ],
    problems: [...frontend.problems, ...traffic.problems, ...backend.problems],
    // Nobody waits for the documents of a policy that attaches to nothing.
    demands: isTargeted ? [...demands] : [],
  }
}

/** The backends that a policy refers to. */
export function policyReferences({ spec }: AgentgatewayPolicy): readonly LocatedRef[] {
  return [
    ...frontendReferences(spec?.frontend, 'spec.frontend'),
    ...trafficReferences(spec?.traffic, 'spec.traffic'),
    ...backendPolicyReferences(spec?.backend, 'spec.backend'),
  ]
}

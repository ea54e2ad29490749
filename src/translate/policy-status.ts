// The status of an AgentgatewayPolicy: one ancestor per Gateway where it applies, and one more that stands for all
// targets where it does not. Times, other controllers' entries and the limit of sixteen are the merge's.
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { type GatewayKey, splitNameKey } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import { refOf } from '../kube/object.ts'
import type { ConditionDraft, ParentStatusDraft, StatusDraft } from './model.ts'
import { GATEWAY_GROUP } from './parents.ts'
import { AGENTGATEWAY_GROUP } from './references.ts'

/** What a policy came to. */
export interface PolicyVerdict {
  readonly problems: readonly Problem[]
  /** How many resources it makes per target and gateway. */
  readonly parts: number
  /** Where it applies. */
  readonly gateways: ReadonlySet<GatewayKey>
  /** Why it does not apply elsewhere, in the order of its targets. */
  readonly failures: readonly string[]
}

/** Name of the ancestor that stands for everything that is no Gateway. */
const SUMMARY = { group: AGENTGATEWAY_GROUP, name: 'StatusSummary' }

/** Drafts the status. */
export function policyStatus(policy: AgentgatewayPolicy, verdict: PolicyVerdict): StatusDraft {
  const conditions = baseConditions(verdict)
  const ancestors: ParentStatusDraft[] = [...verdict.gateways].sort().map((gateway) => {
    const { namespace, name } = splitNameKey(gateway)
    return { ref: { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name }, conditions }
  })
  if (verdict.failures.length > 0) {
    const message = verdict.failures.map((failure) => `Policy is not attached: ${failure}`).join('\n')
    const others = conditions.filter(({ type }) => type !== 'Attached')
    // Sorted as its group is: before all Gateways.
    ancestors.unshift({ ref: SUMMARY, conditions: [...others, attached('False', 'Pending', message)] })
  }
  return {
    object: refOf(policy),
    apiVersion: policy.apiVersion,
    generation: policy.metadata.generation ?? 0,
    body: { shape: 'policy', ancestors },
  }
}

function baseConditions({ problems, parts }: PolicyVerdict): readonly ConditionDraft[] {
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  const text = errors.map(({ message }) => message).join('\n')
  if (errors.length === 0) {
    return [accepted('True', 'Valid', 'Policy accepted'), attached('True', 'Attached', 'Attached to all targets')]
  }
  if (parts === 0) {
    return [
      accepted('False', 'Invalid', text),
      attached('False', 'Pending', 'Policy is not attached due to invalid status'),
    ]
  }
  // What is closed because of a bad rule is in force, so it is attached, but it is not what was asked for.
  return errors.some(({ reason }) => reason === 'Invalid')
    ? [accepted('False', 'Invalid', text), attached('True', 'Attached', 'Attached to all targets')]
    : [accepted('True', 'PartiallyValid', text)]
}

function accepted(status: 'True' | 'False', reason: string, message: string): ConditionDraft {
  return { type: 'Accepted', status, reason, message }
}

function attached(status: 'True' | 'False', reason: string, message: string): ConditionDraft {
  return { type: 'Attached', status, reason, message }
}

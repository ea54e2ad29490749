// Statuses of objects that something runs for: whether they are accepted, whether what they name is there, whether it has
// been deployed, and how many of its pods answer. Pods are counted, so that nothing else of the cluster has to be watched.
import { nameKey } from '../core/keys.ts'
import type { Carried } from '../dialects/carried.ts'
import { isLoss } from '../dialects/fields.ts'
import type { Reader } from '../engine/collection.ts'
import type { Pod } from '../kube/core-types.ts'
import { listOf } from '../kube/lists.ts'
import { deploymentKey } from '../kube/proxy-deployment.ts'
import type { MadeOutcome } from './dialects.ts'
import type { DeploymentVerdict } from './gateways.ts'
import type { ConditionDraft, StatusBody } from './model.ts'
import { condition, isError, text } from './problem-texts.ts'

/** A pod that belongs to something by its labels. */
export interface ReadyPod {
  /** `namespace/name` of the pod. */
  readonly key: string
  /** `namespace/name` of what it runs. */
  readonly workload: string
}

/** What these statuses read; `readyPods` has the index `workload`, `verdicts` is keyed as deployments are. */
export interface ServingReads {
  readonly readyPods: Reader<ReadyPod>
  readonly verdicts: Reader<DeploymentVerdict>
}

/** A pod that answers, and what it runs by the labels that everything rendered here has. */
export function readyPodOf({ metadata, status }: Pod): readonly ReadyPod[] {
  const { name, namespace = '', labels = {}, deletionTimestamp } = metadata
  const workload = labels['app.kubernetes.io/name']
  const isReady = listOf(status?.conditions).some((each) => each.type === 'Ready' && each.status === 'True')
  if (workload === undefined || workload !== labels['app.kubernetes.io/instance']) return []
  if (!isReady || deletionTimestamp !== undefined) return []
  return [{ key: nameKey(namespace, name), workload: nameKey(namespace, workload) }]
}

/** The status of an object that pods run for. */
export function servingStatus(carried: Carried, found: readonly MadeOutcome[], read: ServingReads): StatusBody {
  const { kind, namespace, name } = carried.origin
  const refusals = carried.problems.filter(isError)
  const failures = found.flatMap(({ problems }) => problems.filter(isError))
  const missing = (carried.unresolved ?? []).map(({ what }) => `${what} not found`)
  const verdict = read.verdicts.get(deploymentKey(kind, namespace, name))
  const ready = read.readyPods.where('workload', nameKey(namespace, name)).length
  const wanted = carried.replicas ?? 1
  const isReady = wanted > 0 && ready >= wanted
  const warnings = carried.problems.filter((problem) => !isError(problem))
  const conditions: ConditionDraft[] = [
    refusals.length > 0
      ? condition('Accepted', 'False', 'InvalidConfig', text(refusals))
      : condition('Accepted', 'True', 'Accepted', text(warnings)),
    missing.length > 0
      ? condition('ResolvedRefs', 'False', 'RefNotFound', missing.join('\n'))
      : condition('ResolvedRefs', 'True', 'ResolvedRefs', ''),
    ...programmed(refusals.length > 0, failures.length > 0 ? text(failures) : undefined, verdict),
    isReady
      ? condition('Ready', 'True', 'Available', `${ready}/${wanted} pods are ready`)
      : condition('Ready', 'False', ready === 0 ? 'PodsNotReady' : 'NotAvailable', `${ready}/${wanted} pods are ready`),
  ]
  const { served } = carried
  if (served === undefined) return { shape: 'conditions', conditions }
  const phase =
    refusals.length + failures.length > 0 ? 'Failed' : missing.length > 0 ? 'Degraded' : isReady ? 'Ready' : 'Pending'
  const unenforced = carried.problems.filter(isLoss).map(({ path }) => path)
  return {
    shape: 'conditions',
    conditions,
    fields: { phase, endpoint: served.endpoint, upstreams: served.upstreams, unenforced },
  }
}

// Where nothing is deployed, nothing is said of it.
function programmed(
  isRefused: boolean,
  failure: string | undefined,
  verdict: DeploymentVerdict | undefined,
): readonly ConditionDraft[] {
  if (isRefused)
    return [condition('Programmed', 'False', 'InvalidConfig', 'Nothing is run until the object is accepted')]
  if (failure !== undefined) return [condition('Programmed', 'False', 'Invalid', failure)]
  if (verdict === undefined) return []
  return verdict.problem === undefined
    ? [condition('Programmed', 'True', 'Programmed', 'All objects are applied')]
    : [condition('Programmed', 'False', verdict.problem.reason, verdict.problem.message)]
}

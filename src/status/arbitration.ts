// Two writers share a Gateway's status: who translates it, and who deploys it. As long as the deployment's verdict is
// not known here (a new leader, a deployer of its own), what it wrote stands for the generation it saw.
// (spec: Gateway API, arbitration)
import { type Condition, textAt } from './conditions.ts'

/** Chooses between drafted and live verdicts on parameters and deployment. */
export function arbitrate(
  drafted: readonly Condition[],
  live: readonly Condition[],
  context: { readonly generation: number; readonly now: string },
): readonly Condition[] {
  const accepted = ofType(live, 'Accepted')
  const programmed = ofType(live, 'Programmed')
  let next = drafted
  if (programmed !== undefined && isFalse(programmed, 'DeploymentFailed')) {
    const ours = ofType(next, 'Programmed')
    if (ours === undefined || (isSuccess(ours) && generationOf(programmed) >= context.generation)) {
      next = place(next, programmed)
    }
  }
  if (accepted === undefined || !isFalse(accepted, 'InvalidParameters')) return next
  const ours = ofType(next, 'Accepted')
  const isOverruled =
    ours === undefined ||
    ((isSuccess(ours) || isFalse(ours, 'UnsupportedAddress')) && generationOf(accepted) >= context.generation)
  return isOverruled ? withoutProgrammed(place(next, accepted), accepted, programmed, context) : next
}

function withoutProgrammed(
  conditions: readonly Condition[],
  accepted: Condition,
  live: Condition | undefined,
  { generation, now }: { readonly generation: number; readonly now: string },
): readonly Condition[] {
  const ours = ofType(conditions, 'Programmed')
  if (ours !== undefined && !isSuccess(ours)) return conditions
  if (live !== undefined && isFalse(live, 'Invalid')) return place(conditions, live)
  return place(conditions, {
    lastTransitionTime: now,
    message: textAt(accepted, 'message'),
    ...(generation > 0 ? { observedGeneration: generation } : {}),
    reason: 'Invalid',
    status: 'False',
    type: 'Programmed',
  })
}

function place(conditions: readonly Condition[], condition: Condition): readonly Condition[] {
  const at = conditions.findIndex(({ type }) => type === condition.type)
  return at < 0 ? [...conditions, condition] : conditions.with(at, condition)
}

function ofType(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type)
}

function isFalse(condition: Condition, reason: string): boolean {
  return condition.status === 'False' && condition.reason === reason
}

// Success with the default reason: nobody has an objection of their own.
function isSuccess({ type, status, reason }: Condition): boolean {
  return status === 'True' && reason === type
}

function generationOf({ observedGeneration }: Condition): number {
  return typeof observedGeneration === 'number' ? observedGeneration : 0
}

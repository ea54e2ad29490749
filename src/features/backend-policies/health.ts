// When an endpoint of a backend counts as unhealthy, and what happens to it then.
import { Doc, fallback, Int32, Obj, Opt, range } from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import { wireDuration } from '../shared/durations.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { celExpression, duration } from '../shared/refs.ts'

type Health = NonNullable<BackendPolicySpec['health']>

const share = (percent: number | undefined): number | undefined => (percent === undefined ? undefined : percent / 100)

/** `health`: when an endpoint counts as unhealthy, and how long it is left out then. */
export const health = backendPolicyFeature({
  field: 'health',
  suffix: 'health',
  schema: Obj({
    eviction: Opt(
      Doc(
        'Leaving out unhealthy endpoints.',
        Obj({
          consecutiveFailures: Opt(Doc('Unhealthy answers in a row before it is left out.', Int32(range(0)))),
          duration: Opt(
            Doc(
              'How long it is left out at first, longer each time; unset, for its Retry-After or the backoff of retries, else 3 seconds.',
              duration('1s', 'duration must be at least 1 second', fallback('3s')),
            ),
          ),
          healthThreshold: Opt(
            Doc('Share of healthy answers in percent below which it is left out.', Int32(range(0, 100))),
          ),
          restoreHealth: Opt(
            Doc('Health in percent with which it returns; unset, the one it had.', Int32(range(0, 100))),
          ),
        }),
      ),
    ),
    unhealthyCondition: Opt(Doc('CEL; an answer is unhealthy when true. Unset, errors are.', celExpression)),
  }),
  translate: ({ unhealthyCondition, eviction }, _ctx, path) => {
    const value: Health = {}
    if (unhealthyCondition !== undefined) value.unhealthyCondition = unhealthyCondition
    if (eviction !== undefined) {
      value.eviction = {
        duration: wireDuration(eviction.duration),
        restoreHealth: share(eviction.restoreHealth),
        consecutiveFailures: eviction.consecutiveFailures,
        healthThreshold: share(eviction.healthThreshold),
      }
    }
    const what = 'backend health unhealthyCondition'
    return outcome({ health: value }, celFlaws(unhealthyCondition, `${path}.unhealthyCondition`, what))
  },
})

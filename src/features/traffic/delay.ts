// Holding requests back, to see how clients cope.
import { Doc, Obj } from '../../schema/combinators.ts'
import { celFlawsSaying } from '../shared/cel.ts'
import { durationExpression } from '../shared/durations.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flawed, outcome } from '../shared/flaws.ts'
import { celExpression } from '../shared/refs.ts'

/** `delay`: hold requests back. */
export const delay = trafficFeature({
  field: 'delay',
  suffix: 'delay',
  schema: Obj({
    duration: Doc('How long: a duration, or CEL that yields a duration or a number of milliseconds.', celExpression),
  }),
  translate: ({ duration }, _ctx, path) => {
    if (typeof duration !== 'string' || duration === '') {
      return flawed(`${path}.duration`, 'failed to build delay: duration is required')
    }
    const constant = durationExpression(duration)
    if (constant !== undefined) return outcome({ delay: { duration: constant } }, [])
    // A delay that always fails would do harm and no good, so a bad one is not sent.
    const sentence = 'delay duration is not a valid duration or CEL expression'
    const problems = celFlawsSaying(sentence, duration, `${path}.duration`)
    return outcome(problems.length > 0 ? undefined : { delay: { duration } }, problems)
  },
})

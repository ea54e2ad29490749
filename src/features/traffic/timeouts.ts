// How long a request may take. A deadline per attempt is a backend's.
import { atLeastOneOf, Doc, Obj, Opt } from '../../schema/combinators.ts'
import { wireDuration } from '../shared/durations.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flaw, outcome } from '../shared/flaws.ts'
import { duration } from '../shared/refs.ts'

/** `timeouts`: deadlines. */
export const timeouts = trafficFeature({
  field: 'timeouts',
  suffix: 'timeout',
  schema: Obj(
    {
      request: Opt(
        Doc('How long a request may take, all attempts together.', duration('1ms', 'request must be at least 1ms')),
      ),
    },
    atLeastOneOf('request'),
  ),
  translate: (spec, _ctx, path) => {
    const request = wireDuration(spec.request)
    const isLost = spec.request !== undefined && request === undefined
    return outcome(
      request && { timeout: { request } },
      isLost ? [flaw(`${path}.request`, `timeouts request is not a duration: ${spec.request}`)] : [],
    )
  },
})

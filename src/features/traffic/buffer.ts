// Holding bodies until they are complete.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { atLeastOneOf, Doc, Obj, Opt } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { bytesOf } from '../shared/durations.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { byteSize, failureMode } from '../shared/refs.ts'

const side = Obj({
  failureMode: Opt(
    Doc('What happens to a body that is too large: FailClosed refuses it, FailOpen passes it on unread.', failureMode),
  ),
  maxBytes: Opt(Doc('Largest body that is held; unset, the limit of the frontend.', byteSize())),
})

type Buffering = NonNullable<TrafficPolicySpec['buffer']>

/** `buffer`: hold bodies of requests and responses. An empty side is a side that is held with the defaults. */
export const buffer = trafficFeature({
  field: 'buffer',
  suffix: 'buffer',
  schema: Obj(
    {
      request: Opt(Doc('Bodies of requests.', side)),
      response: Opt(Doc('Bodies of responses.', side)),
    },
    atLeastOneOf('request', 'response'),
  ),
  translate: ({ request, response }, _ctx, path) => {
    const problems: Problem[] = []
    const value: Buffering = {}
    if (request !== undefined) value.request = take(translateSide(request, `${path}.request`), problems)
    if (response !== undefined) value.response = take(translateSide(response, `${path}.response`), problems)
    return outcome({ buffer: value }, problems)
  },
})

function translateSide(spec: Static<typeof side>, path: string): Outcome<NonNullable<Buffering['request']>> {
  const maxBytes = bytesOf(spec.maxBytes)
  const isLost = spec.maxBytes !== undefined && maxBytes === undefined
  return outcome(
    { maxBytes, failureMode: spec.failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED' },
    isLost ? [flaw(`${path}.maxBytes`, `buffer maxBytes is not a size: ${spec.maxBytes}`)] : [],
  )
}

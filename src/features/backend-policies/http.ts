// How HTTP is spoken to a backend.
import { ok } from '../../core/problem.ts'
import { Doc, Enum, Obj, Opt } from '../../schema/combinators.ts'
import { wireDuration } from '../shared/durations.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { duration } from '../shared/refs.ts'

/** `http`: version and deadline of requests. */
export const http = backendPolicyFeature({
  field: 'http',
  suffix: 'backend-http',
  schema: Obj({
    requestTimeout: Opt(Doc('How long a request may take.', duration('1ms', 'requestTimeout must be at least 1ms'))),
    version: Opt(Doc('Version of HTTP; unset, what the backend offers.', Enum(['HTTP1', 'HTTP2']))),
  }),
  translate: ({ version, requestTimeout }) =>
    ok({
      backendHttp: {
        version: version === 'HTTP1' || version === 'HTTP2' ? version : undefined,
        requestTimeout: wireDuration(requestTimeout),
      },
    }),
})

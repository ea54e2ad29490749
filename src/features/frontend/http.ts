// How HTTP is spoken with clients: limits of headers and bodies, windows, and how long connections are kept.
import type { Problem } from '../../core/problem.ts'
import { atLeastOneOf, Doc, Enum, Int32, Obj, Opt, range, rule } from '../../schema/combinators.ts'
import type { FrontendPolicySpec } from '../../wire/messages.ts'
import { bytesOf, wireDuration } from '../shared/durations.ts'
import { frontendFeature } from '../shared/feature.ts'
import { flaw, outcome } from '../shared/flaws.ts'
import { byteSize, duration } from '../shared/refs.ts'

function seconds(field: string) {
  return duration('1s', `${field} must be at least 1 second`)
}

const HEADER_CASES = { Lowercase: 'LOWERCASE', Preserve: 'PRESERVE' } as const

/** `http`: how HTTP is spoken with clients. */
export const http = frontendFeature({
  field: 'http',
  suffix: 'frontend-http',
  schema: Obj(
    {
      http1HeaderCase: Opt(
        Doc(
          'Names of headers in HTTP/1 answers: in lower case, or as the backend wrote them.',
          Enum(['Lowercase', 'Preserve']),
        ),
      ),
      http1IdleTimeout: Opt(
        Doc('How long an idle HTTP/1 connection is kept; 10 minutes by default.', seconds('http1IdleTimeout')),
      ),
      http1MaxHeaders: Opt(Doc('How many headers an HTTP/1 request may have; 100 by default.', Int32(range(1, 4096)))),
      http2ConnectionWindowSize: Opt(Doc('Window of an HTTP/2 connection.', byteSize())),
      http2FrameSize: Opt(
        Doc(
          'Largest HTTP/2 frame.',
          byteSize(
            rule(
              "!quantity(string(self)).isLessThan(quantity('16384'))",
              'http2FrameSize must be at least 16384 bytes',
            ),
            rule(
              "!quantity(string(self)).isGreaterThan(quantity('1677215'))",
              'http2FrameSize must be at most 1677215 bytes',
            ),
          ),
        ),
      ),
      http2KeepaliveInterval: Opt(Doc('Time between HTTP/2 pings.', seconds('http2KeepaliveInterval'))),
      http2KeepaliveTimeout: Opt(Doc('How long an HTTP/2 ping may go unanswered.', seconds('http2KeepaliveTimeout'))),
      http2MaxHeaderSize: Opt(Doc('Size that all headers of an HTTP/2 request may have; 16Ki by default.', byteSize())),
      http2WindowSize: Opt(Doc('Window of an HTTP/2 stream.', byteSize())),
      maxBufferSize: Opt(Doc('Largest body that is held in memory; 2 MiB by default.', byteSize())),
      maxConnectionDuration: Opt(
        Doc('How long any connection is kept before it is closed in good order.', seconds('maxConnectionDuration')),
      ),
    },
    atLeastOneOf(
      'http1HeaderCase',
      'http1IdleTimeout',
      'http1MaxHeaders',
      'http2ConnectionWindowSize',
      'http2FrameSize',
      'http2KeepaliveInterval',
      'http2KeepaliveTimeout',
      'http2MaxHeaderSize',
      'http2WindowSize',
      'maxBufferSize',
      'maxConnectionDuration',
    ),
  ),
  translate: (spec, _ctx, path) => {
    const problems: Problem[] = []
    const bytes = (field: 'maxBufferSize' | `http2${'Window' | 'ConnectionWindow' | 'Frame' | 'MaxHeader'}Size`) => {
      const size = bytesOf(spec[field])
      if (spec[field] !== undefined && size === undefined) {
        problems.push(flaw(`${path}.${field}`, `frontend http ${field} is not a size: ${spec[field]}`))
      }
      return size
    }
    const value: NonNullable<FrontendPolicySpec['http']> = {
      maxBufferSize: bytes('maxBufferSize'),
      http1MaxHeaders: spec.http1MaxHeaders,
      http1IdleTimeout: wireDuration(spec.http1IdleTimeout),
      http1HeaderCase: spec.http1HeaderCase === undefined ? undefined : HEADER_CASES[spec.http1HeaderCase],
      http2WindowSize: bytes('http2WindowSize'),
      http2ConnectionWindowSize: bytes('http2ConnectionWindowSize'),
      http2FrameSize: bytes('http2FrameSize'),
      http2MaxHeaderSize: bytes('http2MaxHeaderSize'),
      http2KeepaliveInterval: wireDuration(spec.http2KeepaliveInterval),
      http2KeepaliveTimeout: wireDuration(spec.http2KeepaliveTimeout),
      maxConnectionDuration: wireDuration(spec.maxConnectionDuration),
    }
    return outcome({ http: value }, problems)
  },
})

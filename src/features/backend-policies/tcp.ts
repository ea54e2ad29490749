// Options of TCP connections to a backend.
import { ok } from '../../core/problem.ts'
import { Doc, Obj, Opt } from '../../schema/combinators.ts'
import { wireDuration } from '../shared/durations.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { keepalive, wireKeepalive } from '../shared/keepalive.ts'
import { duration } from '../shared/refs.ts'

/** `tcp`: options of the socket. */
export const tcp = backendPolicyFeature({
  field: 'tcp',
  base: 'backend/',
  suffix: 'backend-tcp',
  schema: Obj({
    connectTimeout: Opt(
      Doc(
        'How long a connection may take to be made; 11 seconds by default.',
        duration('100ms', 'connectTimeout must be at least 100ms'),
      ),
    ),
    keepalive: Opt(Doc('Probes on idle connections.', keepalive)),
  }),
  translate: (spec) =>
    ok({
      backendTcp: {
        connectTimeout: wireDuration(spec.connectTimeout),
        keepalive: wireKeepalive(spec.keepalive),
      },
    }),
})

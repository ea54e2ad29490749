// Options of TCP connections from clients.
import { ok } from '../../core/problem.ts'
import { atLeastOneOf, Doc, Obj, Opt } from '../../schema/combinators.ts'
import { frontendFeature } from '../shared/feature.ts'
import { keepalive, wireKeepalive } from '../shared/keepalive.ts'

/** `tcp`: options of the socket. */
export const tcp = frontendFeature({
  field: 'tcp',
  suffix: 'frontend-tcp',
  schema: Obj({ keepalive: Opt(Doc('Probes on idle connections.', keepalive)) }, atLeastOneOf('keepalive')),
  translate: (spec) => ok({ tcp: { keepalives: wireKeepalive(spec.keepalive) } }),
})

// What is done with CONNECT requests; they are refused unless this says otherwise.
import { ok } from '../../core/problem.ts'
import { Doc, Enum, Obj } from '../../schema/combinators.ts'
import { frontendFeature } from '../shared/feature.ts'

const MODES = { Deny: 'DENY', Route: 'ROUTE', Tunnel: 'TUNNEL' } as const

/** `connect`: handle CONNECT requests. */
export const connect = frontendFeature({
  field: 'connect',
  suffix: 'frontend-connect',
  schema: Obj({
    mode: Doc(
      'Deny: refuse. Route: by routes, as any request. Tunnel: take what is inside as a connection of its own.',
      Enum(['Deny', 'Route', 'Tunnel']),
    ),
  }),
  translate: ({ mode }) => ok({ connect: { mode: MODES[mode] ?? 'DENY' } }),
})

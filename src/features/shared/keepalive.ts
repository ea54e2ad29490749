// TCP keepalive, of connections from clients and to backends.
import type { Static } from 'typebox'
import { Doc, Int32, Obj, Opt, range } from '../../schema/combinators.ts'
import type { KeepaliveConfig } from '../../wire/messages.ts'
import { wireDuration } from './durations.ts'
import { duration } from './refs.ts'

/** `keepalive`: probes on idle connections. */
export const keepalive = Obj({
  interval: Opt(
    Doc('Time between probes; 180 seconds by default.', duration('1s', 'interval must be at least 1 second')),
  ),
  retries: Opt(Doc('Probes without an answer before the connection is closed; 9 by default.', Int32(range(1, 64)))),
  time: Opt(
    Doc('Idle time before the first probe; 180 seconds by default.', duration('1s', 'time must be at least 1 second')),
  ),
})

/** Keepalive on the wire; what is unset is left to the proxy. */
export function wireKeepalive(spec: Static<typeof keepalive> | undefined): KeepaliveConfig | undefined {
  return spec && { time: wireDuration(spec.time), interval: wireDuration(spec.interval), retries: spec.retries }
}

// An agent that speaks the A2A protocol: a fixed endpoint of which the proxy knows that.
import { ok } from '../../core/problem.ts'
import { Doc, Obj } from '../../schema/combinators.ts'
import { port, shortString } from '../shared/refs.ts'
import { backendType } from './backend.ts'

/** `a2a`: one agent. */
export const a2a = backendType({
  field: 'a2a',
  schema: Obj({
    host: Doc('Host name or IP address of the agent.', shortString),
    port: Doc('Port of the agent.', port),
  }),
  translate: ({ host, port }) => ok({ arm: { static: { host, port } }, policies: [{ a2a: {} }] }),
})

// Models of Anthropic. Endpoint and header of the credential are the proxy's knowledge.
import { ok } from '../../core/problem.ts'
import { Doc, Obj, Opt } from '../../schema/combinators.ts'
import { shortString } from '../shared/refs.ts'
import { provider } from './provider.ts'

/** `anthropic`: models of Anthropic. */
export const anthropic = provider({
  field: 'anthropic',
  schema: Obj({
    model: Opt(Doc('Model to use for every request; unset, each request names its own.', shortString)),
  }),
  translate: ({ model }) => ok({ anthropic: { model } }),
})

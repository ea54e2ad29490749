// Models of Google Gemini. Endpoint and header of the credential are the proxy's knowledge.
import { ok } from '../../core/problem.ts'
import { Doc, Obj, Opt } from '../../schema/combinators.ts'
import { shortString } from '../shared/refs.ts'
import { provider } from './provider.ts'

/** `gemini`: models of Google Gemini. */
export const gemini = provider({
  field: 'gemini',
  schema: Obj({
    model: Opt(Doc('Model to use for every request; unset, each request names its own.', shortString)),
  }),
  translate: ({ model }) => ok({ gemini: { model } }),
})

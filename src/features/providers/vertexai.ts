// Google Vertex AI. The host name follows from the region, which is the proxy's knowledge.
import { ok } from '../../core/problem.ts'
import { Doc, fallback, length, Obj, Opt, Str } from '../../schema/combinators.ts'
import { shortString, tinyString } from '../shared/refs.ts'
import { provider } from './provider.ts'

const settings = {
  projectId: Doc('ID of the Google Cloud project.', tinyString),
  region: Opt(Doc('Region of the endpoint.', Str(length(1, 64), fallback('global')))),
}

/** The fields of `vertexai` without a model, as AgentgatewayModel has them. */
export const vertexaiSettings = Obj(settings)

/** `vertexai`: models of Google Vertex AI. */
export const vertexai = provider({
  field: 'vertexai',
  schema: Obj({
    ...settings,
    model: Opt(Doc('Model to use for every request; unset, each request names its own.', shortString)),
  }),
  translate: ({ projectId, region, model }) => ok({ vertex: { model, region, projectId } }),
})

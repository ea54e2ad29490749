// AWS Bedrock, with an optional guardrail. The host name follows from the region, which is the proxy's knowledge.
import { ok } from '../../core/problem.ts'
import { Doc, fallback, length, Obj, Opt, Str } from '../../schema/combinators.ts'
import { shortString } from '../shared/refs.ts'
import { provider } from './provider.ts'

const settings = {
  region: Opt(Doc('AWS region.', Str(length(1, 63), { pattern: '^[a-z0-9-]+$' }, fallback('us-east-1')))),
  guardrail: Opt(
    Doc(
      'Guardrail that Bedrock applies to each request.',
      Obj({
        identifier: Doc('ID or ARN of the guardrail.', shortString),
        version: Doc('Version of the guardrail.', shortString),
      }),
    ),
  ),
}

/** The fields of `bedrock` without a model, as AgentgatewayModel has them. */
export const bedrockSettings = Obj(settings)

/** `bedrock`: models of AWS Bedrock. */
export const bedrock = provider({
  field: 'bedrock',
  schema: Obj({
    ...settings,
    model: Opt(Doc('Model to use for every request; unset, each request names its own.', shortString)),
  }),
  translate: ({ region, guardrail, model }) =>
    ok({
      bedrock: {
        model,
        region,
        guardrailIdentifier: guardrail?.identifier,
        guardrailVersion: guardrail?.version,
      },
    }),
})

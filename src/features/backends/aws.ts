// Services of AWS that are no model providers. The proxy derives the endpoint; an ARN it cannot use it rejects.
import { ok, rejected } from '../../core/problem.ts'
import { Doc, exactlyOneOf, Obj, Opt, Str } from '../../schema/combinators.ts'
import { backendType } from './backend.ts'

/** `aws`: a service of AWS. */
export const aws = backendType({
  field: 'aws',
  schema: Obj(
    {
      agentCore: Opt(
        Doc(
          'An agent runtime of Bedrock AgentCore.',
          Obj({
            agentRuntimeArn: Doc('ARN of the agent runtime.', Str()),
            qualifier: Opt(Doc('Endpoint of the runtime; unset, its default endpoint.', Str())),
          }),
        ),
      ),
    },
    exactlyOneOf('agentCore'),
  ),
  translate: ({ agentCore }, _ctx, path) => {
    if (!agentCore) return rejected('TranslationError', `${path}.agentCore`, 'AwsBackend: agentCore is required')
    const { agentRuntimeArn, qualifier } = agentCore
    const parts = String(agentRuntimeArn ?? '').split(':')
    if (parts.length < 6 || parts[2] !== 'bedrock-agentcore' || !parts[3]) {
      const message = `AwsBackend: "${agentRuntimeArn}" is not the ARN of an agent runtime (arn:aws:bedrock-agentcore:<region>:<account>:runtime/<id>)`
      return rejected('TranslationError', `${path}.agentCore.agentRuntimeArn`, message)
    }
    return ok({ arm: { aws: { agentCore: { agentRuntimeArn, qualifier } } } })
  },
})

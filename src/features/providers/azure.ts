// Azure AI by resource name: OpenAI resources and Foundry projects.
import { ok } from '../../core/problem.ts'
import { Doc, Enum, Obj, Opt, rule } from '../../schema/combinators.ts'
import { shortString, tinyString } from '../shared/refs.ts'
import { provider } from './provider.ts'

const settings = {
  resourceName: Doc('Name of the resource: the first label of its host name.', shortString),
  resourceType: Doc('Whether it is an OpenAI resource or a Foundry resource.', Enum(['Foundry', 'OpenAI'])),
  apiVersion: Opt(Doc('Version of the API; `v1` by default.', tinyString)),
  projectName: Opt(Doc('Name of the Foundry project.', shortString)),
}
const foundryNeedsProject = rule(
  "self.resourceType != 'Foundry' || has(self.projectName)",
  'projectName is required when resourceType is Foundry',
)

/** The fields of `azure` without a model, as AgentgatewayModel has them. */
export const azureSettings = Obj(settings, foundryNeedsProject)

/** `azure`: models of Azure AI. */
export const azure = provider({
  field: 'azure',
  schema: Obj(
    { ...settings, model: Opt(Doc('Model to use for every request; unset, each request names its own.', shortString)) },
    foundryNeedsProject,
  ),
  translate: ({ resourceName, resourceType, apiVersion, projectName, model }) =>
    ok({
      azure: {
        resourceName,
        resourceType: resourceType === 'Foundry' ? 'FOUNDRY' : 'OPEN_AI',
        model,
        apiVersion,
        projectName,
      },
    }),
})

// Azure OpenAI by endpoint: the older way to write what `azure` says with a resource name. The proxy only knows the
// newer message, so the endpoint is taken apart here.
import { ok } from '../../core/problem.ts'
import { Doc, Obj, Opt, rule } from '../../schema/combinators.ts'
import { shortString, tinyString } from '../shared/refs.ts'
import { provider } from './provider.ts'

const OPENAI_SUFFIX = '.openai.azure.com'
const FOUNDRY_SUFFIX = '.services.ai.azure.com'

/** `azureopenai`: a deployment of Azure OpenAI. */
export const azureopenai = provider({
  field: 'azureopenai',
  schema: Obj(
    {
      endpoint: Doc('Host name of the resource, such as `my-resource.openai.azure.com`, without scheme.', shortString),
      deploymentName: Opt(Doc('Deployment to use for every request.', shortString)),
      apiVersion: Opt(Doc('Version of the API, `v1` by default; any other needs a deployment name.', tinyString)),
    },
    rule(
      "!has(self.apiVersion) || self.apiVersion == 'v1' ? true : has(self.deploymentName)",
      'deploymentName is required for this apiVersion',
    ),
  ),
  translate: ({ endpoint: written, deploymentName, apiVersion }) => {
    const endpoint = String(written ?? '')
    const isFoundry = endpoint.endsWith(FOUNDRY_SUFFIX)
    const suffix = isFoundry ? FOUNDRY_SUFFIX : endpoint.endsWith(OPENAI_SUFFIX) ? OPENAI_SUFFIX : ''
    return ok({
      azure: {
        resourceName: endpoint.slice(0, endpoint.length - suffix.length),
        resourceType: isFoundry ? 'FOUNDRY' : 'OPEN_AI',
        model: deploymentName,
        apiVersion,
      },
    })
  },
})

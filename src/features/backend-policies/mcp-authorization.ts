// Which MCP tools, prompts and resources a client may use.

import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { authorizationRules, translateRules } from '../shared/rules.ts'

/** `mcp.authorization`: CEL rules that are asked for each item. */
export const mcpAuthorization = backendPolicyFeature({
  field: 'mcp.authorization',
  suffix: 'mcp-authorization',
  schema: authorizationRules,
  translate: (spec, _ctx, path) => {
    const { value, problems } = translateRules(spec, path, 'backend MCP authorization matchExpression')
    return outcome({ mcpAuthorization: value }, problems)
  },
})

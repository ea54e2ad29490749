// AgentgatewayBackend: something that requests are sent to, with the policies of sending them. Assembled from the types
// of backends and the sets of policies; what they become is decided in translate/backends.ts.
import { backendPolicies } from '../features/backends/policy-sets.ts'
import { backendTypeFields } from '../features/backends/registry.ts'
import { conditionList } from '../features/shared/refs.ts'
import type { KubeObject } from '../kube/object.ts'
import { Doc, exactlyOneOf, Obj, Opt, rule } from '../schema/combinators.ts'
import type { KindDefinition } from '../schema/crd.ts'

const fields = {
  ...backendTypeFields,
  policies: Opt(Doc('How requests are sent and checked, whoever sends them.', backendPolicies)),
}

const spec = Obj(
  fields,
  rule('has(self.policies) && has(self.policies.ai) ? has(self.ai) : true', 'AI policies require AI backend'),
  rule('has(self.policies) && has(self.policies.mcp) ? has(self.mcp) : true', 'MCP policies require MCP backend'),
  exactlyOneOf('ai', 'static', 'dynamicForwardProxy', 'mcp', 'aws', 'a2a'),
)

/** `spec` of AgentgatewayBackend. The type of each field is known to the feature that translates it. */
export type BackendSpec = { readonly [F in keyof typeof fields]?: object }

/** agentgateway.dev/v1alpha1 AgentgatewayBackend. */
export interface AgentgatewayBackend extends KubeObject {
  readonly spec?: BackendSpec
}

/** AgentgatewayBackend. */
export const backendKind: KindDefinition = {
  group: 'agentgateway.dev',
  version: 'v1alpha1',
  kind: 'AgentgatewayBackend',
  plural: 'agentgatewaybackends',
  singular: 'agentgatewaybackend',
  shortNames: ['agbe'],
  categories: ['agentgateway'],
  scope: 'Namespaced',
  description: 'Something that requests are sent to: models, MCP servers, an agent, a host.',
  printerColumns: [{ name: 'Accepted', type: 'string', jsonPath: ".status.conditions[?(@.type=='Accepted')].status" }],
  spec: Doc('What is wanted.', spec),
  status: Doc(
    'What has become of it.',
    Obj({ conditions: Opt(Doc('Whether the backend is accepted.', conditionList())) }),
  ),
}

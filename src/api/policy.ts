// AgentgatewayPolicy: settings that attach to Gateways, routes and backends. Assembled from the features of its three
// sections; what they become and where they apply is decided in translate/policies.ts.
import type { Static } from 'typebox'
import { backendPolicies } from '../features/backends/policy-sets.ts'
import { frontendFields } from '../features/frontend/registry.ts'
import {
  conditionList,
  controllerName,
  parentRef,
  targetListRules,
  targetRef,
  targetSelector,
} from '../features/shared/refs.ts'
import { trafficFields } from '../features/traffic/registry.ts'
import type { KubeObject } from '../kube/object.ts'
import {
  atLeastOneOf,
  atomicList,
  Doc,
  Enum,
  exactlyOneOf,
  type Facet,
  items,
  List,
  Obj,
  Opt,
  rule,
} from '../schema/combinators.ts'
import type { KindDefinition } from '../schema/crd.ts'

const TARGET_LISTS = ['targetRefs', 'targetSelectors'] as const

// The same rule for both ways of naming targets. `given` is what makes it apply.
function allTargets(given: string, claim: string, message: string): readonly Facet[] {
  return TARGET_LISTS.map((list) =>
    rule(`${given} && has(self.${list}) ? self.${list}.all(t, ${claim}) : true`, message),
  )
}

function noTarget(field: string, claim: string, message: string): Facet {
  const none = TARGET_LISTS.map((list) => `(!has(self.${list}) || !self.${list}.exists(t, ${claim}))`)
  return rule(`!has(self.backend) || !has(self.backend.${field}) || (${none.join(' && ')})`, message)
}

const CONNECTION_FIELDS = ['tcp', 'networkAuthorization', 'tls', 'http', 'proxyProtocol', 'connect']
  .map((field) => `has(self.frontend.${field})`)
  .join(' || ')

const spec = Obj(
  {
    backend: Opt(Doc('How backends are reached.', backendPolicies)),
    frontend: Opt(
      Doc(
        "How clients' connections are handled.",
        Obj(
          frontendFields,
          atLeastOneOf(
            'accessLog',
            'connect',
            'http',
            'metrics',
            'networkAuthorization',
            'proxyProtocol',
            'tcp',
            'tls',
            'tracing',
          ),
        ),
      ),
    ),
    strategy: Opt(
      Doc(
        'How the policy goes together with others.',
        Obj({
          inheritance: Opt(
            Doc(
              'Default: policies on more specific targets replace what is set here. Override: they cannot.',
              Enum(['Default', 'Override']),
            ),
          ),
        }),
      ),
    ),
    targetRefs: Opt(
      Doc('What the policy attaches to, by name.', List(targetRef, items(1, 16), atomicList, targetListRules)),
    ),
    targetSelectors: Opt(
      Doc('What the policy attaches to, by labels.', List(targetSelector, items(1, 16), targetListRules)),
    ),
    traffic: Opt(
      Doc(
        'How requests are handled.',
        Obj(
          trafficFields,
          rule(
            "has(self.phase) && self.phase == 'PreRouting' ? [has(self.buffer),has(self.csrf),has(self.delay),has(self.directResponse),has(self.headerModifiers),has(self.hostRewrite),has(self.rateLimit),has(self.retry),has(self.timeouts)].filter(x,x==true).size() == 0 : true",
            'phase PreRouting only supports extAuth, authorization, transformation, extProc, jwtAuthentication, basicAuthentication, apiKeyAuthentication and cors',
          ),
        ),
      ),
    ),
  },
  rule(
    'has(self.traffic) || has(self.frontend) || has(self.backend)',
    'At least one of traffic, frontend, or backend must be provided.',
  ),
  rule(
    '!has(self.strategy) || !has(self.strategy.inheritance) || (has(self.traffic) && !has(self.frontend) && !has(self.backend))',
    'strategy.inheritance may only be set on traffic policies',
  ),
  noTarget('mcp', "t.kind == 'Service'", 'backend.mcp may not be used with a Service target'),
  noTarget(
    'mcp',
    "t.kind == 'AgentgatewayBackend' && has(t.sectionName)",
    'backend.mcp may not target an AgentgatewayBackend sectionName',
  ),
  noTarget('ai', "t.kind == 'Service'", 'backend.ai may not be used with a Service target'),
  rule(
    '!(has(self.traffic) && has(self.traffic.jwtAuthentication) && has(self.backend) && has(self.backend.mcp) && has(self.backend.mcp.authentication))',
    'traffic.jwtAuthentication may not be used with backend.mcp.authentication in the same policy',
  ),
  ...allTargets('has(self.frontend)', "t.kind == 'Gateway'", "the 'frontend' field can only target a Gateway"),
  ...allTargets(
    `has(self.frontend) && (${CONNECTION_FIELDS})`,
    '!has(t.sectionName)',
    'frontend tcp, networkAuthorization, tls, http, proxyProtocol, and connect policies may only target a Gateway or port, not a listener (sectionName)',
  ),
  ...TARGET_LISTS.map((list) =>
    rule(
      `has(self.${list}) && self.${list}.exists(t, has(t.port)) ? (has(self.frontend) && !has(self.traffic) && !has(self.backend)) : true`,
      'port may only be set on frontend-only policies (not traffic or backend)',
    ),
  ),
  ...allTargets(
    'has(self.traffic)',
    "t.kind in ['Gateway', 'HTTPRoute', 'GRPCRoute', 'ListenerSet', 'InferencePool']",
    "the 'traffic' field can only target a Gateway, ListenerSet, GRPCRoute, HTTPRoute, or InferencePool",
  ),
  ...TARGET_LISTS.map((list) =>
    rule(
      `has(self.${list}) && has(self.traffic) && has(self.traffic.phase) && self.traffic.phase == 'PreRouting' ? self.${list}.all(t, t.kind in ['Gateway', 'ListenerSet']) : true`,
      "the 'traffic.phase=PreRouting' field can only target a Gateway or ListenerSet",
    ),
  ),
  ...TARGET_LISTS.map((list) =>
    rule(
      `!has(self.${list}) || self.${list}.all(t, t.kind != 'Service' || !has(t.sectionName) || (int(t.sectionName) >= 1 && int(t.sectionName) <= 65535))`,
      'Service sectionName must be a numeric port from 1 to 65535',
    ),
  ),
  exactlyOneOf('targetRefs', 'targetSelectors'),
)

/** `spec` of AgentgatewayPolicy. */
export type PolicySpec = Static<typeof spec>

/** agentgateway.dev/v1alpha1 AgentgatewayPolicy. */
export interface AgentgatewayPolicy extends KubeObject {
  readonly spec?: PolicySpec
}

const ancestor = Obj({
  ancestorRef: Doc('What the policy takes effect on.', parentRef),
  conditions: Doc('Whether it does.', conditionList({ minItems: 1 })),
  controllerName: Doc('Who wrote this entry.', controllerName),
})

/** AgentgatewayPolicy. */
export const policyKind: KindDefinition = {
  group: 'agentgateway.dev',
  version: 'v1alpha1',
  kind: 'AgentgatewayPolicy',
  plural: 'agentgatewaypolicies',
  singular: 'agentgatewaypolicy',
  shortNames: ['agpol'],
  categories: ['agentgateway'],
  scope: 'Namespaced',
  policy: 'Direct',
  description: 'Settings for Gateways, listeners, routes and backends that it attaches to.',
  printerColumns: [
    {
      name: 'Accepted',
      type: 'string',
      jsonPath: ".status.ancestors[*].conditions[?(@.type=='Accepted')].status",
      description: 'Whether the policy is valid.',
    },
    {
      name: 'Attached',
      type: 'string',
      jsonPath: ".status.ancestors[*].conditions[?(@.type=='Attached')].status",
      description: 'Whether the policy applies to all of its targets.',
    },
  ],
  spec: Doc('What is wanted.', spec),
  status: Doc(
    'What has become of it.',
    Obj({ ancestors: Doc('One entry per Gateway and controller.', List(ancestor, { maxItems: 16 }, atomicList)) }),
  ),
}

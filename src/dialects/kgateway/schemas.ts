// The schemas of kgateway's kinds, as the union of the generations that guides print. They say no more than what every
// generation agrees on: the rest is judged when it is carried over, and named in a condition instead of being dropped.
import {
  AnyObj,
  Bool,
  Doc,
  Enum,
  exactlyOneOf,
  Int32,
  items,
  List,
  length,
  Obj,
  Opt,
  preserveUnknown,
  range,
  Str,
} from '../../schema/combinators.ts'
import type { KindDefinition } from '../../schema/crd.ts'
import { ancestorStatus, conditionStatus, judgedLater, judgedLaterList } from '../statuses.ts'

const selector = AnyObj()
const port = Int32(range(1, 65535))

const target = Obj({
  name: Opt(Doc('Name of the target.', Str(length(1, 253)))),
  selector: Opt(
    Doc(
      'Services that are targets, by labels.',
      Obj({
        service: Opt(Doc('Labels of the Services.', selector)),
        namespace: Opt(Doc('Labels of their namespaces.', selector)),
      }),
    ),
  ),
  selectors: Opt(
    Doc(
      'The same as kgateway before 2.1 had it.',
      Obj({
        serviceSelector: Opt(Doc('Labels of the Services.', selector)),
        namespaceSelector: Opt(Doc('Labels of their namespaces.', selector)),
      }),
    ),
  ),
  static: Opt(
    Doc(
      'One server.',
      Obj({
        name: Opt(Doc('Name of the target, as kgateway before 2.1 had it.', Str())),
        host: Doc('Host of the server.', Str(length(1))),
        port: Doc('Port of the server.', port),
        path: Opt(Doc('Path of the MCP endpoint.', Str())),
        protocol: Opt(Doc('Transport.', Enum(['StreamableHTTP', 'SSE', 'Undefined']))),
      }),
    ),
  ),
})

const backend: KindDefinition = {
  group: 'gateway.kgateway.dev',
  version: 'v1alpha1',
  kind: 'Backend',
  plural: 'backends',
  singular: 'backend',
  shortNames: ['be'],
  categories: ['kgateway'],
  scope: 'Namespaced',
  description: 'A backend as kgateway 2.0 and 2.1 wrote it. An AgentgatewayBackend of the same name stands for it.',
  printerColumns: [
    { name: 'Type', type: 'string', jsonPath: '.spec.type' },
    { name: 'Accepted', type: 'string', jsonPath: ".status.conditions[?(@.type=='Accepted')].status" },
  ],
  spec: Doc(
    'What is wanted.',
    Obj(
      {
        type: Opt(Doc('Type of the backend.', Enum(['AI', 'AWS', 'Static', 'DynamicForwardProxy', 'MCP']))),
        mcp: Opt(
          Doc(
            'Several MCP servers as one.',
            Obj({
              name: Opt(Doc('Of no effect; kgateway before 2.1 required it.', Str())),
              targets: Doc('The MCP servers.', List(target, items(1, 32))),
            }),
          ),
        ),
        static: Opt(
          Doc(
            'A fixed host.',
            Obj({
              hosts: Doc(
                'The host; exactly one.',
                List(Obj({ host: Doc('Name or address.', Str(length(1))), port: Doc('Port.', port) }), items(1)),
              ),
              appProtocol: Opt(Doc('What the host speaks.', Str())),
            }),
          ),
        ),
        dynamicForwardProxy: Opt(
          Doc('Whatever the request names.', Obj({ enableTls: Opt(Doc('Whether by TLS.', Bool())) })),
        ),
        ai: judgedLater('Model providers: llm, priorityGroups or multipool.'),
        aws: judgedLater('AWS Lambda, which agentgateway cannot call.'),
      },
      preserveUnknown,
    ),
  ),
  status: conditionStatus,
}

const targetFields = {
  group: Opt(Doc('Group of the target; a wrong one is told, not refused.', Str())),
  kind: Doc('Kind of the target.', Enum(['Backend', 'Gateway', 'HTTPRoute', 'XListenerSet'])),
  sectionName: Opt(Doc('A listener, or a rule.', Str())),
}

const trafficPolicy: KindDefinition = {
  group: 'gateway.kgateway.dev',
  version: 'v1alpha1',
  kind: 'TrafficPolicy',
  plural: 'trafficpolicies',
  singular: 'trafficpolicy',
  shortNames: ['tp'],
  categories: ['kgateway'],
  scope: 'Namespaced',
  policy: 'Direct',
  description: 'A policy as kgateway 2.1 wrote it. An AgentgatewayPolicy per kind of target stands for it.',
  printerColumns: [
    { name: 'Accepted', type: 'string', jsonPath: ".status.ancestors[*].conditions[?(@.type=='Accepted')].status" },
    { name: 'Attached', type: 'string', jsonPath: ".status.ancestors[*].conditions[?(@.type=='Attached')].status" },
  ],
  spec: Doc(
    'What is wanted.',
    Obj(
      {
        targetRefs: Opt(
          Doc(
            'What the policy attaches to, by name.',
            List(Obj({ ...targetFields, name: Doc('Name of the target.', Str(length(1, 253))) }), items(1, 16)),
          ),
        ),
        targetSelectors: Opt(
          Doc(
            'What the policy attaches to, by labels.',
            List(Obj({ ...targetFields, matchLabels: Doc('Labels of the target.', AnyObj()) }), items(1, 16)),
          ),
        ),
        rbac: Opt(
          Doc(
            'Who may pass, or which tools may be used where the target is an MCP Backend.',
            Obj({
              action: Opt(Doc('What happens where one of the expressions holds.', Enum(['Allow', 'Deny']))),
              policy: Doc(
                'The rules.',
                Obj({
                  matchExpressions: Doc('CEL expressions; each is a rule of its own.', List(Str(), items(1))),
                }),
              ),
            }),
          ),
        ),
      },
      preserveUnknown,
    ),
  ),
  status: ancestorStatus,
}

const gatewayExtension: KindDefinition = {
  group: 'gateway.kgateway.dev',
  version: 'v1alpha1',
  kind: 'GatewayExtension',
  plural: 'gatewayextensions',
  singular: 'gatewayextension',
  shortNames: ['gwext'],
  categories: ['kgateway'],
  scope: 'Namespaced',
  description: 'A service that TrafficPolicies ask.',
  printerColumns: [{ name: 'Type', type: 'string', jsonPath: '.spec.type' }],
  spec: Doc(
    'What is wanted.',
    Obj({ type: Opt(Doc('Type of the extension.', Enum(['ExtAuth', 'ExtProc', 'RateLimit']))) }, preserveUnknown),
  ),
  status: conditionStatus,
}

const directResponse: KindDefinition = {
  group: 'gateway.kgateway.dev',
  version: 'v1alpha1',
  kind: 'DirectResponse',
  plural: 'directresponses',
  singular: 'directresponse',
  shortNames: ['dr'],
  categories: ['kgateway'],
  scope: 'Namespaced',
  description: 'What a rule of an HTTPRoute answers with, named by an ExtensionRef filter.',
  printerColumns: [{ name: 'Status', type: 'integer', jsonPath: '.spec.status' }],
  spec: Doc(
    'What is wanted.',
    Obj({
      status: Doc('Status of the answer.', Int32(range(200, 599))),
      body: Opt(Doc('Body of the answer.', Str(length(1, 4096)))),
    }),
  ),
  status: conditionStatus,
}

const gatewayParameters: KindDefinition = {
  group: 'gateway.kgateway.dev',
  version: 'v1alpha1',
  kind: 'GatewayParameters',
  plural: 'gatewayparameters',
  singular: 'gatewayparameters',
  shortNames: ['gwp'],
  categories: ['kgateway'],
  scope: 'Namespaced',
  description: 'How proxies are deployed. AgentgatewayParameters of the same name stand for it.',
  printerColumns: [{ name: 'Accepted', type: 'string', jsonPath: ".status.conditions[?(@.type=='Accepted')].status" }],
  spec: Doc(
    'What is wanted.',
    Obj(
      {
        kube: judgedLater('Proxies that are deployed, and how.'),
        selfManaged: judgedLater('Proxies that somebody else deploys; of no effect.'),
      },
      exactlyOneOf('kube', 'selfManaged'),
    ),
  ),
  status: conditionStatus,
}

function envoyPolicy(kind: string, plural: string, shortName: string): KindDefinition {
  return {
    group: 'gateway.kgateway.dev',
    version: 'v1alpha1',
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [shortName],
    categories: ['kgateway'],
    scope: 'Namespaced',
    policy: 'Direct',
    description: 'Sets up Envoy, so it has no effect; its status says what to write instead.',
    printerColumns: [
      { name: 'Accepted', type: 'string', jsonPath: ".status.ancestors[*].conditions[?(@.type=='Accepted')].status" },
    ],
    spec: Doc(
      'What is wanted.',
      Obj({ targetRefs: judgedLaterList('What the policy attaches to, by name.') }, preserveUnknown),
    ),
    status: ancestorStatus,
  }
}

/** kgateway's kinds. */
export const kgatewaySchemas: readonly KindDefinition[] = [
  backend,
  envoyPolicy('BackendConfigPolicy', 'backendconfigpolicies', 'bcp'),
  directResponse,
  gatewayExtension,
  gatewayParameters,
  envoyPolicy('HTTPListenerPolicy', 'httplistenerpolicies', 'hlp'),
  trafficPolicy,
]

// AgentgatewayModel: a model that clients ask for by name, or a choice among such models. What its fields become is
// decided in translate/models.ts and the files beside it.
import type { Static } from 'typebox'
import { ai } from '../features/backend-policies/ai.ts'
import { auth } from '../features/backend-policies/auth.ts'
import { health } from '../features/backend-policies/health.ts'
import { tls } from '../features/backend-policies/tls.ts'
import { tunnel } from '../features/backend-policies/tunnel.ts'
import { azureSettings } from '../features/providers/azure.ts'
import { bedrockSettings } from '../features/providers/bedrock.ts'
import { customSettings } from '../features/providers/custom.ts'
import { vertexaiSettings } from '../features/providers/vertexai.ts'
import {
  celExpression,
  conditionList,
  controllerName,
  headerValues,
  longString,
  parentRef,
  shortString,
} from '../features/shared/refs.ts'
import { authorizationRules } from '../features/shared/rules.ts'
import type { KubeObject } from '../kube/object.ts'
import {
  atLeastOneOf,
  atMostOneOf,
  atomicMap,
  Doc,
  Enum,
  exactlyOneOf,
  type Facet,
  fallback,
  Int32,
  items,
  List,
  mapList,
  Obj,
  Opt,
  range,
  rule,
  Str,
  setList,
  With,
} from '../schema/combinators.ts'
import type { KindDefinition } from '../schema/crd.ts'

const PROVIDERS = [
  'Anthropic',
  'Azure',
  'Baseten',
  'Bedrock',
  'Cerebras',
  'Cohere',
  'Custom',
  'Deepinfra',
  'Deepseek',
  'Fireworks',
  'Gemini',
  'Groq',
  'Huggingface',
  'Mistral',
  'Ollama',
  'OpenAI',
  'Openrouter',
  'TogetherAI',
  'VertexAI',
  'XAI',
] as const

// Policies: some of a backend's, and what only models have.

const { aws, azure, credentials, gcp, key, location, oauthTokenExchange, passthrough, secretRef } =
  auth.schema.properties
const modelAuth = Obj(
  { aws, azure, credentials, gcp, key, location, oauthTokenExchange, passthrough, secretRef },
  rule(
    'has(self.credentials) || has(self.key) || has(self.secretRef) || has(self.passthrough) || has(self.aws) || has(self.azure) || has(self.gcp) || has(self.oauthTokenExchange)',
    'must specify credentials, or at most one of key/secretRef/passthrough/aws/azure/gcp/oauthTokenExchange (credentials may be combined with a primary auth kind)',
  ),
  rule(
    'has(self.location) ? has(self.key) || has(self.secretRef) || has(self.passthrough) : true',
    'location may only be set for key, secretRef, or passthrough auth',
  ),
  atMostOneOf('key', 'secretRef', 'passthrough', 'aws', 'azure', 'gcp', 'oauthTokenExchange'),
)

const headerChanges = Obj({
  set: Opt(Doc('Headers to set, in place of any of that name.', headerValues)),
  add: Opt(Doc('Headers to add to those of that name.', headerValues)),
  remove: Opt(Doc('Names of headers to remove.', List(Str(), { maxItems: 16 }, setList))),
})
const headers = Obj(
  {
    request: Opt(Doc('Changes of what is sent to the provider.', headerChanges)),
    response: Opt(Doc("Changes of the provider's answer.", headerChanges)),
  },
  atLeastOneOf('request', 'response'),
)
/** Changes of headers on the way to a model and back. */
export type ModelHeaders = Static<typeof headers>

const transformations = List(
  Obj({
    field: Doc('Field of the request body.', shortString),
    expression: Doc('CEL expression that yields its value.', celExpression),
  }),
  items(1, 64),
  mapList('field'),
)

const policies = Obj(
  {
    auth: Opt(Doc('How the proxy authenticates at the provider.', modelAuth)),
    authorization: Opt(Doc('Who may use the model.', authorizationRules)),
    finalTransformations: Opt(Doc("Fields to set once the request has the provider's format.", transformations)),
    headers: Opt(Doc('Headers to change.', headers)),
    health: Opt(Doc('When the provider counts as unhealthy.', health.schema)),
    promptGuard: Opt(Doc('What prompts and answers are checked for.', ai.schema.properties.promptGuard)),
    tls: Opt(Doc('TLS to the provider.', tls.schema)),
    transformations: Opt(Doc("Fields to set before the request gets the provider's format.", transformations)),
    tunnel: Opt(Doc('A proxy through which the provider is reached.', tunnel.schema)),
  },
  atLeastOneOf(
    'auth',
    'authorization',
    'finalTransformations',
    'headers',
    'health',
    'promptGuard',
    'tls',
    'transformations',
    'tunnel',
  ),
)

// Virtual models

const target = {
  modelRef: Doc(
    'An AgentgatewayModel of the same namespace.',
    Obj({ name: Opt(Doc('Name of the object.', Str(fallback('')))) }, atomicMap),
  ),
  model: Opt(Doc("Model to ask for; required when the referenced model's name has a wildcard.", longString)),
}
const million = 1000000

const virtualModel = Obj(
  {
    weighted: Opt(
      Doc(
        'Spreads requests by weight.',
        Obj({
          targets: Doc(
            'Models to choose from.',
            List(
              Obj({ ...target, weight: Opt(Doc('Share of the requests.', Int32(range(1, million), fallback(1)))) }),
              items(1, 64),
            ),
          ),
        }),
      ),
    ),
    failover: Opt(
      Doc(
        'Uses the best model that works.',
        Obj({
          targets: Doc(
            'Models to choose from.',
            List(
              Obj({
                ...target,
                priority: Doc('Lower is tried first; equal ones share the requests.', Int32(range(0, million))),
              }),
              items(1, 64),
            ),
          ),
        }),
      ),
    ),
    conditional: Opt(
      Doc(
        'Uses the first model whose condition holds.',
        Obj({
          targets: Doc(
            'Models to choose from, in order.',
            List(
              Obj({
                ...target,
                when: Opt(Doc('CEL; only the last target may leave it out.', celExpression)),
              }),
              items(1, 64),
              rule(
                'self.filter(e, !has(e.when)).size() <= 1 && (!self.exists(e, !has(e.when)) || !has(self[size(self) - 1].when))',
                'conditional targets without when must be last',
              ),
            ),
          ),
        }),
      ),
    ),
  },
  exactlyOneOf('weighted', 'failover', 'conditional'),
)
/** How a virtual model chooses. */
export type VirtualModel = Static<typeof virtualModel>

// The whole

const LOCAL = 'baseURL cannot target localhost, loopback, or link-local addresses'

const baseUrlRules: readonly Facet[] = [
  rule(
    "!has(self.baseURL) || (isURL(self.baseURL) && (url(self.baseURL).getScheme() == 'http' || url(self.baseURL).getScheme() == 'https') && url(self.baseURL).getHostname() != \"\")",
    'baseURL must be an absolute http or https URL with a host',
  ),
  rule(
    '!has(self.baseURL) || !self.baseURL.matches("(?i)^https?://(localhost|[^/]+\\\\.localhost)(:[0-9]+)?(/|$)")',
    LOCAL,
  ),
  rule('!has(self.baseURL) || !self.baseURL.matches("^https?://127(\\\\.[0-9]{1,3}){0,3}(:[0-9]+)?(/|$)")', LOCAL),
  rule(
    '!has(self.baseURL) || !self.baseURL.matches("^https?://169\\\\.254\\\\.[0-9]{1,3}\\\\.[0-9]{1,3}(:[0-9]+)?(/|$)")',
    LOCAL,
  ),
  rule(
    '!has(self.baseURL) || !self.baseURL.matches("(?i)^https?://\\\\[(::1|fe[89ab][0-9a-f:]*)\\\\](:[0-9]+)?(/|$)")',
    LOCAL,
  ),
]

function setWith(field: 'azure' | 'vertexai' | 'bedrock' | 'custom', provider: (typeof PROVIDERS)[number]): Facet {
  return rule(
    `has(self.${field}) == (has(self.provider) && self.provider == '${provider}')`,
    `${field} must be set if and only if provider is ${provider}`,
  )
}

const spec = Obj(
  {
    parentRefs: Doc(
      'Gateways, ListenerSets or HTTPRoutes on which the model is served.',
      List(parentRef, items(1, 16)),
    ),
    match: Opt(
      Doc(
        'Which requests are for this model.',
        Obj({
          model: Opt(
            Doc(
              'Model name that clients ask for, with at most one `*` at its start or end; unset, the name of the object.',
              With(
                longString,
                rule(
                  "!self.contains('*') || (self.indexOf('*') == self.lastIndexOf('*') && (self.indexOf('*') == 0 || self.indexOf('*') == size(self) - 1))",
                  "model wildcards must be '*', a suffix like 'gpt-*', or a prefix like '*-latest'",
                ),
              ),
            ),
          ),
        }),
      ),
    ),
    visibility: Opt(
      Doc('Internal models are only reached through virtual models.', Enum(['Internal', 'Public'], fallback('Public'))),
    ),
    provider: Opt(Doc('Who serves the model.', Enum(PROVIDERS))),
    azure: Opt(Doc('Settings of provider Azure.', azureSettings)),
    vertexai: Opt(Doc('Settings of provider VertexAI.', vertexaiSettings)),
    bedrock: Opt(Doc('Settings of provider Bedrock.', bedrockSettings)),
    custom: Opt(Doc('Settings of provider Custom.', customSettings)),
    baseURL: Opt(Doc("URL to use in place of the provider's own.", With(longString, { format: 'uri' }))),
    policies: Opt(Doc('Policies for requests to this model.', policies)),
    virtualModel: Opt(Doc('A choice among other models, in place of a provider.', virtualModel)),
  },
  rule('has(self.provider) || !has(self.baseURL)', 'baseURL requires provider'),
  rule('!has(self.virtualModel) || !has(self.policies)', 'policies cannot be used with virtualModel'),
  rule("!has(self.virtualModel) || self.visibility != 'Internal'", 'virtual models must be public'),
  rule(
    "!has(self.virtualModel) || !has(self.match) || !has(self.match.model) || !self.match.model.contains('*')",
    'virtual model match.model must be an exact name',
  ),
  rule("!has(self.provider) || self.provider != 'Ollama' || has(self.baseURL)", 'ollama requires baseURL'),
  ...baseUrlRules,
  setWith('azure', 'Azure'),
  setWith('vertexai', 'VertexAI'),
  setWith('bedrock', 'Bedrock'),
  setWith('custom', 'Custom'),
  exactlyOneOf('provider', 'virtualModel'),
)

/** `spec` of AgentgatewayModel. */
export type ModelSpec = Static<typeof spec>

/** agentgateway.dev/v1alpha1 AgentgatewayModel. */
export interface AgentgatewayModel extends KubeObject {
  readonly spec?: ModelSpec
}

const status = Obj({
  parents: Opt(
    Doc(
      'What became of each parentRef.',
      List(
        Obj({
          conditions: Doc(
            'Whether the model is accepted there, and whether it can be served.',
            conditionList(items(1, 8)),
          ),
          controllerName: Doc('Who wrote this entry.', controllerName),
          parentRef: Doc('The parentRef, with its defaults filled in.', parentRef),
        }),
        { maxItems: 16 },
      ),
    ),
  ),
})

/** AgentgatewayModel. */
export const modelKind: KindDefinition = {
  group: 'agentgateway.dev',
  version: 'v1alpha1',
  kind: 'AgentgatewayModel',
  plural: 'agentgatewaymodels',
  singular: 'agentgatewaymodel',
  shortNames: ['agmodel'],
  categories: ['agentgateway'],
  scope: 'Namespaced',
  description: 'A model that clients ask for by name, or a choice among such models.',
  printerColumns: [{ name: 'Model Match', type: 'string', jsonPath: '.spec.match.model' }],
  spec: Doc('What is wanted.', spec),
  status: Doc('What has become of it.', status),
}

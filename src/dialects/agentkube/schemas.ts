// The schemas of agentkube's kinds: what their page shows, and our proposals for what it does not. Fields that are unknown
// are kept, so that they can be named in the status.
import {
  AnyObj,
  Bool,
  Dict,
  Doc,
  Enum,
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
import { servedStatus } from '../statuses.ts'

const secretRef = Obj({ name: Doc('Name of the Secret.', Str(length(1))), key: Opt(Doc('Its key.', Str())) })
const serving = {
  port: Opt(Doc('Port of the Service; 8080 by default.', Int32(range(1, 65535)))),
  replicas: Opt(Doc('How many proxies; one by default.', Int32(range(0)))),
}
const name = Doc('Name of the upstream.', Str(length(1, 63)))
const columns: KindDefinition['printerColumns'] = [
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Endpoint', type: 'string', jsonPath: '.status.endpoint' },
]
const frame = {
  group: 'agentkube.io',
  version: 'v1alpha1',
  shortNames: [],
  categories: ['agentkube'],
  scope: 'Namespaced',
  printerColumns: columns,
} as const

const mcpUpstream = Obj(
  {
    name,
    kind: Opt(Doc('What the upstream is.', Enum(['http', 'mcpRef', 'stdio']))),
    endpoint: Opt(Doc('URL of an upstream of kind http.', Str())),
    ref: Opt(Doc('Another MCP object, for kind mcpRef.', Obj({ name: Doc('Its name.', Str(length(1))) }))),
    image: Opt(Doc('Image of an upstream of kind stdio.', Str())),
    cmd: Opt(Doc('Command to start.', Str())),
    args: Opt(Doc('Its arguments.', List(Str()))),
    env: Opt(Doc('Its environment.', Dict(Str()))),
    secretRefs: Opt(
      Doc(
        'Secrets whose keys are variables of its environment.',
        List(Obj({ name: Doc('Name of the Secret.', Str()) })),
      ),
    ),
    auth: Opt(
      Doc(
        'Credential for the upstream.',
        Obj(
          {
            mode: Opt(Doc('How it is sent.', Enum(['bearer', 'header', 'passthrough', 'none']))),
            secretRef: Opt(Doc('Where it is.', secretRef)),
            header: Opt(Doc('Name of the header, for mode header.', Str())),
          },
          preserveUnknown,
        ),
      ),
    ),
    tools: Opt(
      Doc(
        'Which of its tools are offered.',
        Obj(
          {
            mode: Opt(Doc('What the list means.', Enum(['allow', 'deny', 'all']))),
            allow: Opt(Doc('Tools that are offered.', List(Str()))),
            deny: Opt(Doc('Tools that are not.', List(Str()))),
          },
          preserveUnknown,
        ),
      ),
    ),
  },
  preserveUnknown,
)

const mcp: KindDefinition = {
  ...frame,
  kind: 'MCP',
  plural: 'mcps',
  singular: 'mcp',
  description: 'Several MCP servers behind one endpoint.',
  spec: Doc(
    'What is wanted.',
    Obj({ ...serving, upstreams: Doc('The servers.', List(mcpUpstream, items(1, 128))) }, preserveUnknown),
  ),
  status: servedStatus,
}

const llmUpstream = Obj(
  {
    name,
    provider: Doc('Who serves the models: openai, anthropic, bedrock, vertex, azure openai, ollama, vllm.', Str()),
    credentialsRef: Opt(Doc('Credential of the provider.', secretRef)),
    endpoint: Opt(Doc('URL of the provider, where it is not the usual one.', Str())),
    options: Opt(Doc('region, project, resource, deployment, apiVersion.', AnyObj())),
    models: Doc('Models that it serves.', List(Str(), items(1))),
    priority: Opt(Doc('Lower ones are asked first; 1 by default.', Int32())),
  },
  preserveUnknown,
)

const llmGateway: KindDefinition = {
  ...frame,
  kind: 'LLMGateway',
  plural: 'llmgateways',
  singular: 'llmgateway',
  description: 'Models of several providers behind one endpoint.',
  spec: Doc(
    'What is wanted.',
    Obj(
      {
        ...serving,
        upstreams: Doc('The providers.', List(llmUpstream, items(1, 64))),
        routing: Opt(
          Doc(
            'Which model is meant.',
            Obj(
              {
                defaultModel: Opt(Doc('The model of requests that name none.', Str())),
                modelMap: Opt(
                  Doc(
                    'Other names of models.',
                    List(
                      Obj({
                        from: Doc('What clients ask for.', Str()),
                        to: Doc('What is meant.', Str()),
                        upstream: Opt(Doc('The only upstream to ask.', Str())),
                      }),
                    ),
                  ),
                ),
              },
              preserveUnknown,
            ),
          ),
        ),
        rateLimit: Opt(
          Doc(
            'How many requests may pass.',
            Obj(
              {
                requestsPerMinute: Doc('In a minute.', Int32(range(1))),
                scope: Opt(Doc('What shares one limit.', Enum(['global', 'perClient', 'perModel']))),
              },
              preserveUnknown,
            ),
          ),
        ),
        guardrails: Opt(
          Doc(
            'What prompts and answers are checked for.',
            Obj(
              {
                piiRedaction: Opt(Doc('Mask personal data in both directions.', Bool())),
                inputFilters: Opt(Doc('Filters of prompts: prompt-injection.', List(Str()))),
              },
              preserveUnknown,
            ),
          ),
        ),
        auth: Opt(
          Doc(
            'Who may use it.',
            Obj({ mode: Opt(Doc('How clients show who they are.', Enum(['apikey', 'none']))) }, preserveUnknown),
          ),
        ),
      },
      preserveUnknown,
    ),
  ),
  status: servedStatus,
}

/** agentkube's kinds. */
export const agentkubeSchemas: readonly KindDefinition[] = [llmGateway, mcp]

// Fixtures that hold only what a backend must become: the objects they belong to are written here. A fixture is one
// Backend message, or the list of those of an MCP backend.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { createRun } from '../../src/cli/run.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'

interface Literal {
  readonly name: string
  readonly spec: object
  readonly beside?: readonly KubeObject[]
}

const NAMESPACE = 'test-ns'

function object(apiVersion: string, kind: string, name: string, more: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...more }
}

interface McpService {
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

function mcpService(name: string, { namespace = NAMESPACE, ...metadata }: McpService = {}): KubeObject {
  const ports = [{ name: 'mcp', port: 8080, appProtocol: 'kgateway.dev/mcp' }]
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace, ...metadata }, spec: { ports } }
  return service
}

const selects = (labels: object, of: 'services' | 'namespaces' = 'services') => ({
  mcp: { targets: [{ name: 'selected', selector: { [of]: { matchLabels: labels } } }] },
})
const single = (provider: object) => ({ ai: { provider } })
const keyed = (name: string, provider: object, key: string) => ({ name, ...provider, policies: { auth: { key } } })
const custom = (settings: object, more: object = {}) => single({ custom: settings, ...more })
const labels = { app: 'mcp' }

const LITERALS: Readonly<Record<string, Literal>> = {
  'Bedrock_backend_with_new_route_types_(responses_and_anthropic_token_count)': {
    name: 'bedrock-with-new-routes',
    spec: {
      ...single({ bedrock: { region: 'us-east-1' } }),
      policies: {
        ai: {
          routes: {
            '/v1/chat/completions': 'Completions',
            '/v1/embeddings': 'Embeddings',
            '/v1/messages': 'Messages',
            '/v1/messages/count_tokens': 'AnthropicTokenCount',
            '/v1/models': 'Models',
            '/v1/realtime': 'Realtime',
            '/v1/rerank': 'Rerank',
            '/v1/responses': 'Responses',
          },
        },
      },
    },
  },
  'MultiPool_backend_-_translates_all_providers_for_failover': {
    name: 'multipool-backend',
    spec: {
      ai: {
        groups: [
          {
            providers: [
              keyed('openai', { openai: { model: 'gpt-4' } }, 'first-token'),
              keyed('anthropic', { anthropic: { model: 'claude-3' } }, 'second-token'),
            ],
          },
        ],
      },
    },
  },
  'MultiPool_backend_with_multiple_priority_levels_-_creates_separate_provider_groups': {
    name: 'multipool-priority-backend',
    spec: {
      ai: {
        groups: [
          {
            providers: [
              keyed('openai', { openai: { model: 'gpt-4' } }, 'openai-primary'),
              keyed('anthropic', { anthropic: { model: 'claude-3-opus' } }, 'anthropic-primary'),
            ],
          },
          { providers: [keyed('gemini', { gemini: { model: 'gemini-pro' } }, 'gemini-fallback')] },
        ],
      },
    },
  },
  Namespace_selector_MCPBackend_backend: {
    name: 'namespace-mcp-backend',
    spec: selects({ env: 'prod' }, 'namespaces'),
    beside: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod-ns', labels: { env: 'prod' } } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'dev-ns', labels: { env: 'dev' } } },
      mcpService('prod', { namespace: 'prod-ns' }),
      mcpService('dev', { namespace: 'dev-ns' }),
    ],
  },
  OpenAI_backend_with_routes_configuration: {
    name: 'openai-with-routes',
    spec: {
      ...single({ openai: { model: 'gpt-4o-mini' } }),
      policies: {
        ai: {
          routes: {
            '*': 'Passthrough',
            '/v1/chat/completions': 'Completions',
            '/v1/messages': 'Messages',
            '/v1/models': 'Models',
          },
        },
      },
    },
  },
  OpenAI_backend_with_secret_reference_auth: {
    name: 'openai-secret-backend',
    spec: { ...single({ openai: { model: 'gpt-3.5-turbo' } }), policies: { auth: { secretRef: { name: 'openai' } } } },
    beside: [
      object('v1', 'Secret', 'openai', {
        data: { Authorization: Buffer.from('Bearer sk-secret-token').toString('base64') },
      }),
    ],
  },
  'Service_backendRef_MCPBackend_backend_-_same_namespace': {
    name: 'service-ref-mcp-backend',
    spec: {
      mcp: { targets: [{ name: 'service-ref-target', static: { backendRef: { name: 'mcp-service' }, port: 8080 } }] },
    },
    beside: [mcpService('mcp-service')],
  },
  'Service_selector_MCPBackend_backend_-_new_annotation_takes_precedence': {
    name: 'service-mcp-backend-precedence',
    spec: selects(labels),
    beside: [
      mcpService('mcp-service-both', {
        labels,
        annotations: { 'agentgateway.dev/mcp-path': '/new/path', 'kgateway.dev/mcp-path': '/old/path' },
      }),
    ],
  },
  'Service_selector_MCPBackend_backend_-_same_namespace': {
    name: 'service-mcp-backend',
    spec: selects(labels),
    beside: [
      mcpService('mcp-service', { labels }),
      mcpService('other'),
      mcpService('far', { labels, namespace: 'far' }),
    ],
  },
  'Service_selector_MCPBackend_backend_-_target_name_annotation': {
    name: 'service-mcp-backend-target-name',
    spec: selects(labels),
    beside: [
      mcpService('mcp-service-target-name', {
        labels,
        annotations: { 'agentgateway.dev/mcp-target-name': 'custom-mcp-target' },
      }),
    ],
  },
  Static_MCPBackend_backend_with_prefixMode_Never: {
    name: 'never-prefix-mcp-backend',
    spec: {
      mcp: {
        prefixMode: 'Never',
        targets: [{ name: 'static-target', static: { host: 'mcp-server.example.com', port: 8080 } }],
      },
    },
  },
  Valid_Anthropic_backend_with_model: {
    name: 'anthropic-backend',
    spec: single({ anthropic: { model: 'claude-3-sonnet' } }),
  },
  Valid_Azure_Foundry_backend: {
    name: 'azure-foundry-backend',
    spec: single({
      azure: {
        resourceName: 'my-foundry-resource',
        resourceType: 'Foundry',
        projectName: 'my-project',
        apiVersion: '2024-12-01-preview',
        model: 'gpt-4o-mini',
      },
    }),
  },
  Valid_Bedrock_backend_with_custom_region_and_guardrail: {
    name: 'bedrock-backend-custom',
    spec: single({
      bedrock: {
        model: 'anthropic.claude-3-haiku-20240307-v1:0',
        region: 'eu-west-1',
        guardrail: { identifier: 'test-guardrail', version: '1.0' },
      },
    }),
  },
  Valid_Gemini_backend: { name: 'gemini-backend', spec: single({ gemini: { model: 'gemini-pro' } }) },
  Valid_OpenAI_backend_with_inline_auth: {
    name: 'openai-backend',
    spec: { ...single({ openai: { model: 'gpt-4' } }), policies: { auth: { key: 'sk-test-token' } } },
  },
  Valid_OpenAI_backend_with_inline_moderation: {
    name: 'openai-moderation-backend',
    spec: single({
      openai: { model: 'gpt-5', moderation: { policy: { input: { mode: 'Block' }, output: { mode: 'Score' } } } },
    }),
  },
  Valid_custom_backend_with_InferencePool_backendRef: {
    name: 'custom-inferencepool-backend',
    spec: custom({
      formats: [{ type: 'Messages', path: '/api/messages' }],
      backendRef: { group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'llm-pool' },
    }),
    beside: [
      object('inference.networking.k8s.io/v1', 'InferencePool', 'llm-pool', {
        spec: { targetPorts: [{ number: 8000 }] },
      }),
    ],
  },
  Valid_custom_backend_with_Service_backendRef: {
    name: 'custom-service-backend',
    spec: custom({ formats: [{ type: 'Completions' }], backendRef: { name: 'llm-service', port: 8080 } }),
    beside: [object('v1', 'Service', 'llm-service', { spec: { ports: [{ port: 8080 }] } })],
  },
  Valid_custom_backend_with_host_target: {
    name: 'custom-host-backend',
    spec: custom(
      { formats: [{ type: 'Completions' }, { type: 'Responses', path: '/v1/responses' }] },
      { host: 'llm.example.com', port: 443 },
    ),
  },
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const AGENTGATEWAY = 'agentgateway.dev'
const settings = { ...DEFAULT_TRANSLATE_SETTINGS, enableInferencePool: true }

/** A Gateway, and a route on it that leads to the backend. */
function reaching(name: string): readonly KubeObject[] {
  const backendRefs = [{ group: AGENTGATEWAY, kind: 'AgentgatewayBackend', name }]
  return [
    {
      ...object(GATEWAY_API, 'GatewayClass', 'agentgateway'),
      metadata: { name: 'agentgateway' },
      ...{ spec: { controllerName: settings.controllerName } },
    },
    object(GATEWAY_API, 'Gateway', 'gw', {
      spec: { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }] },
    }),
    object(GATEWAY_API, 'HTTPRoute', 'r', { spec: { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs }] } }),
  ]
}

async function backendsOf({ name, spec, beside = [] }: Literal): Promise<readonly unknown[]> {
  const run = createRun(settings)
  const backend = object(`${AGENTGATEWAY}/v1alpha1`, 'AgentgatewayBackend', name, { spec })
  expect(run.set([backend, ...beside, ...reaching(name)])).toEqual([])
  await run.pipeline.graph.commit()
  const { resources, failures } = run.result('2026-01-01T00:00:00Z')
  expect(failures).toEqual([])
  // Every printed resource is an object with the one arm that it is of.
  return resources.flatMap(({ resource }) => (resource as { readonly backend?: unknown }).backend ?? [])
}

const root = process.env.GOLDEN_DIR
const folder = root === undefined ? undefined : join(root, 'backends')
if (folder === undefined) console.warn('GOLDEN_DIR is unset: no backend is compared with its fixture')

describe.runIf(folder !== undefined && existsSync(folder))('backends', () => {
  const files = folder === undefined ? [] : readdirSync(folder).filter((file) => file.endsWith('.yaml'))

  test('have an object for every fixture', () => {
    expect(files.map((file) => file.replace(/\.yaml$/, '')).toSorted()).toEqual(Object.keys(LITERALS).toSorted())
  })

  test.each(files)('become what %s says', async (file) => {
    const fixture = load(readFileSync(join(folder ?? '', file), 'utf8'))
    const literal = LITERALS[file.replace(/\.yaml$/, '')]
    const found = literal === undefined ? [] : await backendsOf(literal)
    const expected = Array.isArray(fixture) ? fixture : [fixture]
    expect(found).toHaveLength(expected.length)
    expect(found).toEqual(expect.arrayContaining(expected))
  })
})

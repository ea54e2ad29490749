import { describe, expect, it } from 'vitest'
import { carry, foreign, specsOf, told } from '../../../test/dialect-world.ts'
import type { KubeObject } from '../../kube/object.ts'
import { agentkubeLlmGateway } from './llm-gateway.ts'

interface WithData extends KubeObject {
  readonly data: Readonly<Record<string, string>>
}
const secret = (name: string, values: Record<string, string>, labels = {}): WithData => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'ns', labels },
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
})
const world = [secret('cred', { key: 'sk' }), secret('worded', { key: 'Bearer sk' })]
const become = (spec: string, others: readonly KubeObject[] = []) =>
  carry(agentkubeLlmGateway, foreign(agentkubeLlmGateway, 'gw', spec), [...world, ...others])
const cred = 'credentialsRef: {name: cred, key: key}'
const auth = 'auth: {mode: apikey}'
const one = (more = '') => become(`{upstreams: [{name: a, provider: anthropic, ${cred}, models: [m]}], ${auth}${more}}`)
const modelsOf = (carried: ReturnType<typeof become>) =>
  Object.entries(specsOf(carried)).flatMap(([name, spec]) =>
    name.startsWith('AgentgatewayBackend') ? [[name.slice(20), spec]] : [],
  )

describe('models', () => {
  it('are backends of their own, whose groups are priorities', () => {
    const carried = become(
      `{upstreams: [{name: a, provider: openai, ${cred}, models: [x, y], priority: 2}, {name: b, provider: anthropic, ${cred}, models: [x]},
        {name: c, provider: gemini, ${cred}, models: [x]}], ${auth}}`,
    )
    const policies = { auth: { secretRef: { name: 'cred', key: 'key' } } }
    const health = expect.objectContaining({ eviction: { duration: '10s', consecutiveFailures: 1 } })
    expect(modelsOf(carried)).toEqual([
      [
        'gw-x',
        {
          ai: {
            groups: [
              {
                providers: [
                  { name: 'b', anthropic: { model: 'x' }, policies: { ...policies, health } },
                  { name: 'c', gemini: { model: 'x' }, policies: { ...policies, health } },
                ],
              },
              { providers: [{ name: 'a', openai: { model: 'x' }, policies: { ...policies, health } }] },
            ],
          },
        },
      ],
      ['gw-y', { ai: { groups: [{ providers: [{ name: 'a', openai: { model: 'y' }, policies }] }] } }],
    ])
  })

  it('are found by their names and those that map to them; a pin is a backend of its own', () => {
    const carried = become(
      `{upstreams: [{name: a, provider: openai, ${cred}, models: [x]}, {name: b, provider: openai, ${cred}, models: [x]}],
        routing: {defaultModel: x, modelMap: [{from: alias, to: x}, {from: pinned, to: x, upstream: b}]}, ${auth}}`,
    )
    expect(told(carried)).toEqual([])
    const { rules } = Object(specsOf(carried)['HTTPRoute gw'])
    const names = rules.map(
      (rule: { matches: { headers: { value: string }[] }[]; backendRefs: { name: string }[] }) => [
        rule.matches.map(({ headers }) => headers[0]?.value),
        rule.backendRefs[0]?.name,
      ],
    )
    expect(names).toEqual([
      [['alias', 'x'], 'gw-x'],
      [['pinned'], 'gw-x-2'],
    ])
    expect(specsOf(carried)['AgentgatewayPolicy gw-entry']).toMatchObject({
      traffic: {
        phase: 'PreRouting',
        transformation: { request: { set: [{ name: 'x-llmgateway-model', value: expect.stringMatching(/: "x"$/) }] } },
      },
    })
  })

  it('are told apart by a header that no provider sees', () => {
    const { rules } = Object(specsOf(one())['HTTPRoute gw'])
    expect(rules[0].filters).toEqual([
      { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-llmgateway-model'] } },
    ])
  })

  it('are counted and logged by the client whose key was used, where keys are asked for', () => {
    const byClient = { attributes: { add: [{ name: 'client', expression: 'apiKey.name' }] } }
    expect(specsOf(one())['AgentgatewayPolicy gw-entry']).toMatchObject({
      frontend: { accessLog: byClient, metrics: byClient },
    })
    const open = become('{upstreams: [{name: a, provider: openai, models: [m]}], auth: {mode: none}}')
    expect(specsOf(open)['AgentgatewayPolicy gw-entry']).not.toHaveProperty('frontend')
  })

  it('that nobody serves are refused with a list of those that are', () => {
    expect(specsOf(one())['AgentgatewayPolicy gw-unknown-model']).toMatchObject({
      traffic: { directResponse: { status: 404, body: expect.stringContaining('served are m') } },
    })
  })

  it('without a usable upstream answer with what is missing, and nobody is asked without credential', () => {
    const carried = become(
      `{upstreams: [{name: a, provider: anthropic, credentialsRef: {name: gone, key: k}, models: [m]}], ${auth}}`,
    )
    expect(modelsOf(carried)).toEqual([])
    expect(specsOf(carried)['AgentgatewayPolicy gw-m']).toMatchObject({
      traffic: { directResponse: { status: 503, body: expect.stringContaining('Secret ns/gone not found') } },
    })
    expect(carried.unresolved).toEqual([{ path: 'spec.upstreams[0]', what: 'Secret ns/gone' }])
  })

  it('that are mapped or defaulted must be served', () => {
    const routing = (spec: string) => told(one(`, routing: ${spec}`))
    expect(routing('{defaultModel: z}')).toEqual(['spec.routing.defaultModel: no upstream lists model z'])
    expect(routing('{modelMap: [{from: a, to: z}]}')).toEqual([
      'spec.routing.modelMap[0].to: no upstream lists model z',
    ])
    expect(routing('{modelMap: [{from: q, to: m, upstream: u}]}')).toEqual([
      'spec.routing.modelMap[0].to: upstream u does not list model m',
    ])
    expect(routing('{modelMap: [{from: q, to: m}, {from: q, to: m}]}')).toEqual([
      'spec.routing.modelMap[1].from: q is already mapped by spec.routing.modelMap[0]',
    ])
  })

  it('beyond the rules of one route are in another one', () => {
    const models = Array.from({ length: 40 }, (_, i) => `m${i}`)
    const carried = become(`{upstreams: [{name: a, provider: openai, ${cred}, models: [${models.join()}]}], ${auth}}`)
    const routes = Object.keys(specsOf(carried)).filter((name) => name.startsWith('HTTPRoute'))
    expect(routes).toEqual(['HTTPRoute gw', 'HTTPRoute gw-2', 'HTTPRoute gw-3', 'HTTPRoute gw-unknown-model'])
  })
})

describe('providers', () => {
  const provider = (more: string) => {
    const carried = become(`{upstreams: [{name: a, models: [m], ${more}}], ${auth}}`)
    const [entry] = modelsOf(carried)
    return { entry: Object(entry?.[1]).ai?.groups[0].providers[0], told: told(carried) }
  }

  it.each([
    [`provider: OpenAI, ${cred}`, { openai: { model: 'm' } }],
    [
      'provider: bedrock, options: {region: eu-west-1}',
      { bedrock: { model: 'm', region: 'eu-west-1' }, policies: { auth: { aws: {} } } },
    ],
    [
      'provider: Vertex, options: {project: p}',
      { vertexai: { model: 'm', projectId: 'p' }, policies: { auth: { gcp: {} } } },
    ],
    [
      `provider: Azure OpenAI, options: {resource: r}, ${cred}`,
      { azureopenai: { endpoint: 'r.openai.azure.com', deploymentName: 'm' } },
    ],
    [
      'provider: Ollama, endpoint: "http://ollama:11434"',
      {
        custom: { model: 'm', formats: [{ type: 'Completions' }, { type: 'Embeddings' }] },
        host: 'ollama',
        port: 11434,
      },
    ],
    [
      'provider: vLLM, endpoint: "https://vllm.test/v1"',
      { host: 'vllm.test', port: 443, pathPrefix: '/v1', policies: { tls: {} } },
    ],
    [
      `provider: anthropic, endpoint: "https://claude.test", ${cred}`,
      { anthropic: { model: 'm' }, host: 'claude.test', port: 443, pathPrefix: '/v1' },
    ],
    [`provider: gemini, endpoint: "http://gemini.test/", ${cred}`, { host: 'gemini.test', port: 80, pathPrefix: '/' }],
    [
      'provider: bedrock, endpoint: "https://bedrock.test", options: {region: eu-west-1}',
      { bedrock: { model: 'm', region: 'eu-west-1' }, host: 'bedrock.test', pathPrefix: '/' },
    ],
    [
      'provider: vertex, endpoint: "https://vertex.test", options: {project: p}',
      { vertexai: { projectId: 'p' }, host: 'vertex.test', pathPrefix: '/' },
    ],
    [`provider: openai, endpoint: "https://openai.test", ${cred}`, { host: 'openai.test', pathPrefix: '/v1' }],
    [
      `provider: bedrock, credentialsRef: {name: cred}`,
      { policies: { auth: { aws: { secretRef: { name: 'cred' } } } } },
    ],
  ])('%s work', (more, expected) => {
    const { entry, told } = provider(more)
    expect(told).toEqual([])
    expect(entry).toMatchObject(expected)
  })

  it.each([
    [
      'provider: mystery',
      'spec.upstreams[0].provider: must be one of openai, anthropic, gemini, bedrock, vertexai, azureopenai, ollama, vllm',
    ],
    [
      'provider: ollama',
      'spec.upstreams[0].endpoint: is required for provider ollama, such as http://ollama.models.svc:8000',
    ],
    ['provider: openai', 'spec.upstreams[0].credentialsRef: is required for provider openai'],
    ['provider: vertex', 'spec.upstreams[0].options: options.project is required for provider vertexai'],
    [
      'provider: openai, credentialsRef: {name: worded, key: key}',
      'spec.upstreams[0].credentialsRef: the value begins with "Bearer ", which is added where the provider wants it; store the bare key',
    ],
  ])('%s say what they lack', (more, problem) => {
    expect(provider(more).told[0]).toBe(problem)
  })
})

describe('limits', () => {
  const keys = [
    secret(
      'k',
      { a: '{"key": "1", "metadata": {"name": "alice"}}', b: '{"key": "2", "metadata": {"name": "bob"}}' },
      { 'agentkube.io/llmgateway': 'gw' },
    ),
  ]
  const limit = (rate: string, others: readonly KubeObject[] = keys, more = auth) => {
    const carried = become(
      `{upstreams: [{name: a, provider: openai, ${cred}, models: [x, y]}], rateLimit: ${rate}, routing: {modelMap: [{from: z, to: y}]}, ${more}}`,
      others,
    )
    return { rateLimit: Object(specsOf(carried)['AgentgatewayPolicy gw']).traffic?.rateLimit, told: told(carried) }
  }
  const local = (requests: number) => ({ local: [{ requests, unit: 'Minutes' }] })

  it('are per client, by the names of their keys', () => {
    expect(limit('{requestsPerMinute: 600, scope: perClient}')).toEqual({
      rateLimit: {
        conditional: [
          { condition: 'apiKey.name == "alice"', policy: local(600) },
          { condition: 'apiKey.name == "bob"', policy: local(600) },
          { policy: local(600) },
        ],
      },
      told: [],
    })
  })

  it('say which clients they cannot tell apart', () => {
    const plain = secret('p', { c: 'plain-key' }, { 'agentkube.io/llmgateway': 'gw' })
    expect(limit('{requestsPerMinute: 6, scope: perClient}', [...keys, plain]).told).toEqual([
      '! spec.rateLimit.scope: 1 key has no client name; clients without one share a limit; write keys as {"key": "…", "metadata": {"name": "…"}}',
    ])
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`k${i}`, JSON.stringify({ key: String(i), metadata: { name: `c${i}` } })]),
    )
    expect(
      limit('{requestsPerMinute: 6, scope: perClient}', [secret('m', many, { 'agentkube.io/llmgateway': 'gw' })]).told,
    ).toEqual([
      '! spec.rateLimit.scope: only the first 15 of 20 clients have limits of their own; the others share one',
    ])
    expect(limit('{requestsPerMinute: 6, scope: perClient}', [], 'auth: {mode: none}').told[1]).toContain(
      'without API keys',
    )
  })

  it('are per model, whatever it is called', () => {
    expect(limit('{requestsPerMinute: 6, scope: perModel}').rateLimit.conditional).toEqual([
      { condition: 'request.headers["x-llmgateway-model"] in ["z", "y"]', policy: local(6) },
      { condition: 'request.headers["x-llmgateway-model"] in ["x"]', policy: local(6) },
      { policy: local(6) },
    ])
  })

  it('are shared out among proxies, which is said', () => {
    const { rateLimit, told } = limit('{requestsPerMinute: 600, scope: global}', keys, `replicas: 3, ${auth}`)
    expect(rateLimit).toEqual(local(200))
    expect(told).toEqual([expect.stringContaining('each of the 3 proxies counts for itself')])
  })

  it('must be limits', () => {
    expect(limit('{requestsPerMinute: 0}').told).toEqual(['spec.rateLimit.requestsPerMinute: must be at least 1'])
    expect(limit('{requestsPerMinute: 5, scope: perUser}').told).toEqual([
      'spec.rateLimit.scope: must be global, perClient or perModel',
    ])
  })
})

describe('guards', () => {
  it('mask in both directions, and reject before they mask', () => {
    const { backend } = Object(
      specsOf(one(', guardrails: {piiRedaction: true, inputFilters: [prompt-injection]}'))['AgentgatewayPolicy gw'],
    )
    const { request, response, streaming } = backend.ai.promptGuard
    expect(request.map(({ regex }: { regex: { action: string } }) => regex.action)).toEqual(['Reject', 'Mask'])
    expect(response).toMatchObject([
      { regex: { action: 'Mask', builtins: expect.arrayContaining(['Ssn', 'CreditCard', 'Email']) } },
    ])
    expect(streaming).toBe('Enabled')
  })

  it('that do not exist are named', () => {
    expect(told(one(', guardrails: {inputFilters: [toxicity]}'))).toEqual([
      '! spec.guardrails.inputFilters[0]: toxicity has no effect: the only filter is prompt-injection',
    ])
  })
})

describe('whatever is not enforced', () => {
  it('is named', () => {
    expect(told(one(', caching: {ttl: 5m}, budget: {usd: 5}'))).toEqual([
      '! spec.caching: spec.caching has no effect: answers are not cached; caching of prompts is what some providers do by themselves',
      '! spec.budget: spec.budget has no effect: agentgateway has nothing like it',
    ])
  })

  it('includes that nobody has to show a key', () => {
    expect(told(become(`{upstreams: [{name: a, provider: openai, ${cred}, models: [m]}]}`))).toEqual([
      '! spec.auth: without auth.mode apikey whoever reaches the gateway may use it',
    ])
  })

  it('never makes reading throw', () => {
    for (const spec of ['null', '{upstreams: [1], routing: [], rateLimit: 5, auth: {mode: 3}}', '{upstreams: {}}']) {
      expect(told(become(spec)).length).toBeGreaterThan(0)
    }
  })
})

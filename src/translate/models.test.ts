import { describe, expect, it } from 'vitest'
import { createRun } from '../cli/run.ts'
import type { KubeObject } from '../kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const MODELS = { group: 'agentgateway.dev', kind: 'AgentgatewayModel' }

function object(apiVersion: string, kind: string, name: string, spec: object, namespace = 'default'): KubeObject {
  const made = { apiVersion, kind, metadata: { name, namespace }, spec }
  return made
}
const gateway = (name: string, kinds: readonly object[] = [MODELS], listeners: readonly string[] = ['llm']) =>
  object(GATEWAY_API, 'Gateway', name, {
    gatewayClassName: 'agentgateway',
    listeners: listeners.map((listener, i) => ({
      name: listener,
      port: 80 + i,
      protocol: 'HTTP',
      hostname: 'llm.example.com',
      allowedRoutes: { kinds },
    })),
  })
const onGateway = (sectionName?: string) => [{ name: 'gw', ...(sectionName && { sectionName }) }]
const onRoute = (name: string, sectionName?: string) => [
  { kind: 'HTTPRoute', name, ...(sectionName && { sectionName }) },
]
const model = (name: string, spec: object, namespace?: string) =>
  object('agentgateway.dev/v1alpha1', 'AgentgatewayModel', name, { parentRefs: onGateway(), ...spec }, namespace)
const openai = (name: string, spec: object = {}) => model(name, { provider: 'OpenAI', ...spec })
const serving = (name: string, rules: readonly object[]) =>
  object(GATEWAY_API, 'HTTPRoute', name, { parentRefs: onGateway(), hostnames: ['llm.example.com'], rules })
const rule = (path: string, name?: string) => ({
  ...(name && { name }),
  matches: [{ path: { type: 'PathPrefix', value: path } }],
  backendRefs: [{ ...MODELS, name: '*' }],
})
const both = [MODELS, { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }]

async function run(objects: readonly KubeObject[], enableModels = true) {
  const settings = { ...DEFAULT_TRANSLATE_SETTINGS, enableModels, enableInferencePool: true }
  const created = createRun(settings)
  const gatewayClass = {
    ...object(GATEWAY_API, 'GatewayClass', 'agentgateway', { controllerName: settings.controllerName }),
    metadata: { name: 'agentgateway' },
  }
  expect(created.set([gatewayClass, ...objects])).toEqual([])
  await created.pipeline.graph.commit()
  const result = created.result('2026-01-01T00:00:00Z')
  expect(result.failures).toEqual([])
  return result
}

type Result = Awaited<ReturnType<typeof run>>

/** `Accepted` and `ResolvedRefs` of each parent, as `Reason: message`. */
function conditions({ statuses }: Result, name: string): readonly string[] {
  const found = statuses.find(({ kind, metadata }) => kind === 'AgentgatewayModel' && metadata.name === name)
  // The shape of a status with parents.
  const status = found?.status as
    | { readonly parents: readonly { readonly conditions: readonly { reason: string; message: string }[] }[] }
    | undefined
  return (status?.parents ?? []).flatMap((parent) =>
    parent.conditions.map(({ reason, message }) => (message === '' ? reason : `${reason}: ${message}`)),
  )
}

const names = ({ resources }: Result) =>
  resources.map(({ gateway, name }) => `${gateway.name} ${name}`).filter((name) => /model_route|backend/.test(name))
const resource = ({ resources }: Result, name: string) => resources.find((each) => each.name === name)?.resource
const ACCEPTED = 'Accepted: Successfully accepted AgentgatewayModel'

describe('models on listeners', () => {
  it('attach whatever their namespace and whatever the host name, and are counted', async () => {
    const result = await run([gateway('gw'), openai('gpt')])
    expect(names(result)).toEqual(['gw backend/default/gpt/backend.llm', 'gw model_route/default/gpt.llm'])
    expect(conditions(result, 'gpt')).toEqual([ACCEPTED, 'ResolvedRefs'])
    const far = { ...openai('far', { parentRefs: [{ name: 'gw', namespace: 'default' }] }) }
    const other = await run([gateway('gw'), { ...far, metadata: { name: 'far', namespace: 'elsewhere' } }])
    expect(names(other)).toContain('gw model_route/elsewhere/far.llm')
    const status = other.statuses.find(({ kind }) => kind === 'Gateway')?.status
    expect(status).toMatchObject({ listeners: [{ attachedRoutes: 1 }] })
  })

  it('are none of our business while the feature is off', async () => {
    const result = await run([gateway('gw'), openai('gpt')], false)
    expect(names(result)).toEqual([])
    expect(result.statuses.filter(({ kind }) => kind === 'AgentgatewayModel')).toEqual([])
  })

  it('are refused by listeners that do not name their kind, and by sections and ports that do not exist', async () => {
    const http = await run([gateway('gw', [{ kind: 'HTTPRoute' }]), openai('gpt')])
    expect(conditions(http, 'gpt')).toEqual([
      'NotAllowedByListeners: kind agentgateway.dev/v1alpha1, Kind=AgentgatewayModel is not allowed',
      'ResolvedRefs',
    ])
    const section = await run([gateway('gw'), openai('gpt', { parentRefs: onGateway('other') })])
    expect(conditions(section, 'gpt')[0]).toBe('NoMatchingParent: sectionName "other" not found')
    expect(names(section)).toEqual([])
  })

  it('share one verdict among the parentRefs to one Gateway', async () => {
    const parentRefs = [...onGateway('llm'), ...onGateway('other')]
    expect(conditions(await run([gateway('gw'), openai('gpt', { parentRefs })]), 'gpt')).toEqual([
      ACCEPTED,
      'ResolvedRefs',
      ACCEPTED,
      'ResolvedRefs',
    ])
  })

  it('say nothing about Gateways that are not ours', async () => {
    expect(conditions(await run([openai('gpt')]), 'gpt')).toEqual([])
  })
})

describe('models under HTTPRoutes', () => {
  it('are served by the router of the rule, and not counted', async () => {
    const route = serving('llm', [rule('/a', 'a'), rule('/b')])
    const gpt = openai('gpt', { parentRefs: onRoute('llm', 'a') })
    const result = await run([gateway('gw', both), route, gpt])
    expect(resource(result, 'model_route/default/gpt.default.llm.a')).toMatchObject({
      modelRoute: { routerKey: '/llm:router:httproute:default:llm:a', listenerKey: 'default/gw.llm' },
    })
    expect(conditions(result, 'gpt')).toEqual([ACCEPTED, 'ResolvedRefs'])
    const status = result.statuses.find(({ kind }) => kind === 'Gateway')?.status
    expect(status).toMatchObject({ listeners: [{ attachedRoutes: 1 }] })
  })

  it('are sent once to a gateway on several of whose listeners the route is', async () => {
    const result = await run([
      gateway('gw', both, ['one', 'two']),
      serving('llm', [rule('/a')]),
      openai('gpt', { parentRefs: onRoute('llm') }),
    ])
    expect(names(result).filter((name) => name.includes('gpt'))).toEqual([
      'gw backend/default/gpt/backend.default.llm',
      'gw model_route/default/gpt.default.llm',
    ])
  })

  it.each<[string, readonly object[], readonly KubeObject[]]>([
    [
      'model HTTPRoute parentRef must use the model namespace',
      [{ kind: 'HTTPRoute', name: 'llm', namespace: 'x' }],
      [],
    ],
    ['model parent HTTPRoute not found', onRoute('gone'), []],
    [
      'model HTTPRoute parentRef without sectionName requires exactly one rule',
      onRoute('llm'),
      [serving('llm', [rule('/a'), rule('/b')])],
    ],
    ['HTTPRoute rule "c" not found', onRoute('llm', 'c'), [serving('llm', [rule('/a', 'a')])]],
    [
      'HTTPRoute rule does not select AgentgatewayModel backends',
      onRoute('llm'),
      [serving('llm', [{ backendRefs: [{ name: 'web', port: 80 }] }])],
    ],
    [
      'model-serving HTTPRoute backendRef name must be "*"',
      onRoute('llm'),
      [serving('llm', [{ ...rule('/a'), backendRefs: [{ ...MODELS, name: 'gpt' }] }])],
    ],
    [
      'root model-serving HTTPRoute conflicts with directly attached models on listeners: default/gw.llm',
      onRoute('llm'),
      [serving('llm', [rule('/')]), openai('direct')],
    ],
  ])('are refused: %s', async (message, parentRefs, beside) => {
    const result = await run([gateway('gw', both), openai('gpt', { parentRefs }), ...beside])
    expect(conditions(result, 'gpt')).toEqual([`NoMatchingParent: ${message}`, 'ResolvedRefs'])
    expect(names(result).filter((name) => name.includes('gpt'))).toEqual([])
  })
})

describe('concrete models', () => {
  const provider = async (spec: object, ...beside: readonly KubeObject[]) => {
    const result = await run([gateway('gw'), model('m', spec), ...beside])
    // The shape of what is sent for a model.
    const sent = resource(result, 'backend/default/m/backend.llm') as
      | { readonly backend: { readonly ai: { readonly providerGroups: readonly { readonly providers: unknown[] }[] } } }
      | undefined
    return { sent: sent?.backend.ai.providerGroups[0]?.providers[0], told: conditions(result, 'm')[1] }
  }

  it.each<[object, object]>([
    [{ provider: 'Anthropic' }, { anthropic: {} }],
    [
      { provider: 'Groq', baseURL: 'https://groq.example.com/v1' },
      { providerPreset: 'PROVIDER_PRESET_GROQ', baseUrl: 'https://groq.example.com/v1' },
    ],
    [
      { provider: 'VertexAI', vertexai: { projectId: 'p', region: 'eu' } },
      { vertex: { projectId: 'p', region: 'eu' } },
    ],
    [{ provider: 'Azure', azure: { resourceName: 'r', resourceType: 'OpenAI' } }, { azure: { resourceName: 'r' } }],
    [{ provider: 'Bedrock', bedrock: {} }, { bedrock: {} }],
  ])('of %j', async (spec, arm) => {
    expect((await provider(spec)).sent).toEqual({ name: 'backend', ...arm })
  })

  it.each<[string, object]>([
    ['model must define provider or virtualModel', {}],
    ['ollama requires baseURL', { provider: 'Ollama' }],
    ['azure provider requires azure configuration', { provider: 'Azure' }],
    ['custom provider requires custom configuration', { provider: 'Custom' }],
    ['unsupported model provider "Acme"', { provider: 'Acme' }],
    ['baseURL must use http or https', { provider: 'OpenAI', baseURL: 'ftp://llm.example.com' }],
    [
      'backend(gone.default.svc.cluster.local) not found',
      { provider: 'Custom', custom: { formats: [{ type: 'Messages' }], backendRef: { name: 'gone', port: 80 } } },
    ],
    ['secret default/gone not found', { provider: 'OpenAI', policies: { auth: { secretRef: { name: 'gone' } } } }],
    ['virtualModel must define weighted, conditional, or failover', { virtualModel: {} }],
  ])('are sent to nobody when broken: %s', async (message, spec) => {
    const { sent, told } = await provider(spec)
    expect(sent).toBeUndefined()
    expect(told).toBe(`Invalid: ${message}`)
  })

  it('have policies of connections, prompts, authentication and headers, in that order', async () => {
    const policies = {
      headers: { request: { set: [{ name: 'x', value: 'y' }] }, response: { remove: ['z'] } },
      auth: { key: 'k' },
      promptGuard: { request: [{ regex: { action: 'Reject', builtins: ['Ssn'] } }] },
      tls: { sni: 'llm.example.com' },
    }
    const { sent } = await provider({ provider: 'OpenAI', policies })
    expect(sent).toMatchObject({
      inlinePolicies: [
        { backendTls: { hostname: 'llm.example.com' } },
        { ai: { promptGuard: {} } },
        { auth: { key: { secret: 'k' } } },
        { requestHeaderModifier: { set: [{ name: 'x', value: 'y' }] } },
        { responseHeaderModifier: { remove: ['z'] } },
      ],
    })
  })

  it('refer to backends in other namespaces without a grant, and have them sent along', async () => {
    const proxy = object(
      'agentgateway.dev/v1alpha1',
      'AgentgatewayBackend',
      'proxy',
      { static: { host: 'p', port: 1 } },
      'x',
    )
    const tunnel = {
      backendRef: { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', namespace: 'x', name: 'proxy' },
    }
    const result = await run([gateway('gw'), openai('gpt', { policies: { tunnel } }), proxy])
    expect(names(result)).toContain('gw backend/x/proxy')
    expect(conditions(result, 'gpt')).toEqual([ACCEPTED, 'ResolvedRefs'])
  })

  it('tell clients when they came to be, and hide when internal', async () => {
    const gpt = openai('gpt', { visibility: 'Internal' })
    const made = { ...gpt, metadata: { ...gpt.metadata, creationTimestamp: '2024-01-02T03:04:05Z' } }
    expect(resource(await run([gateway('gw'), made]), 'model_route/default/gpt.llm')).toMatchObject({
      modelRoute: { created: '1704164645', concreteModel: { modelVisibility: 'INTERNAL' } },
    })
  })

  it('are sent to nobody with a rule that is no CEL', async () => {
    const policies = { authorization: { policy: { matchExpressions: ['request.method =='] } } }
    const { sent, told } = await provider({ provider: 'OpenAI', policies })
    expect(sent).toBeUndefined()
    expect(told).toMatch(/^Invalid: authorization matchExpression is not a valid CEL expression: /)
  })
})

describe('virtual models', () => {
  const target = (name: string, more: object = {}) => ({ modelRef: { name }, ...more })
  const failover = (...targets: readonly object[]) => model('v', { virtualModel: { failover: { targets } } })
  const wildcard = openai('all', { match: { model: 'gpt-*' } })

  it.each<[string, readonly KubeObject[]]>([
    ['model target default/gone not found', [failover(target('gone', { priority: 0 }))]],
    [
      'model target default/all requires model when the referenced model uses a wildcard match.model',
      [model('v', { virtualModel: { weighted: { targets: [target('all')] } } }), wildcard],
    ],
    [
      'failover target default/w is not a concrete provider model',
      [
        failover(target('w', { priority: 0 })),
        model('w', { virtualModel: { weighted: { targets: [target('all', { model: 'gpt-5' })] } } }),
        wildcard,
      ],
    ],
  ])('are refused: %s', async (message, objects) => {
    const result = await run([gateway('gw'), ...objects])
    expect(conditions(result, 'v')).toEqual([ACCEPTED, `Invalid: ${message}`])
    expect(names(result).filter((name) => name.includes('/v'))).toEqual([])
  })

  it('try the best priority first, and order equals by name', async () => {
    const objects = ['a', 'b', 'c'].map((name) => openai(name))
    const v = failover(target('c', { priority: 5 }), target('b', { priority: 9 }), target('a', { priority: 5 }))
    const result = await run([gateway('gw'), v, ...objects])
    expect(resource(result, 'backend/default/v/failover.llm')).toMatchObject({
      backend: {
        ai: { providerGroups: [{ providers: [{ name: 'a' }, { name: 'c' }] }, { providers: [{ name: 'b' }] }] },
      },
    })
  })

  it('fall with the target that they fail over to, and say where', async () => {
    const broken = openai('broken', { policies: { auth: { secretRef: { name: 'gone' } } } })
    const result = await run([gateway('gw'), failover(target('broken', { priority: 0 })), broken])
    expect(conditions(result, 'v')[1]).toBe('Invalid: secret default/gone not found')
    expect(result.problems.filter(({ object }) => object.name === 'v').map(({ path }) => path)).toEqual([
      'spec.virtualModel.failover.targets[0].modelRef',
    ])
  })
})

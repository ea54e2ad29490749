// agentkube, "MCP & LLMGateway": rows E of the acceptance list.
import { describe, expect, test } from 'vitest'
import { createWorld, translated } from '../dialects/world.ts'
import { seed } from './seeds.ts'
import { at, deployed, resource, validated } from './world.ts'

const manifests = seed('E-agentkube')
const MCP = 'team-a/github-tools'
const LLM = 'platform/shared-gateway'
const key = `
apiVersion: v1
kind: Secret
metadata: {name: anthropic-key, namespace: platform}
stringData: {api-key: sk-ant}
`
const clients = `
apiVersion: v1
kind: Secret
metadata: {name: clients, namespace: platform, labels: {agentkube.io/llmgateway: shared-gateway}}
stringData:
  alice: '{"key": "k-1", "metadata": {"name": "alice"}}'
  bob: '{"key": "k-2", "metadata": {"name": "bob"}}'
`

const gatewayOf = (upstream: string) => `
apiVersion: agentkube.io/v1alpha1
kind: LLMGateway
metadata: {name: one, namespace: platform}
spec: {upstreams: [{name: a, models: [m], ${upstream}}]}
`

describe('MCP', () => {
  test('E-01: is two proxies and a Service on 8080, with a phase and conditions', async () => {
    const objects = await deployed(manifests)
    expect(objects[`Deployment ${MCP}`]).toMatchObject({ spec: { replicas: 2 } })
    expect(at(objects[`Service ${MCP}`], 'spec', 'ports', 0, 'port')).toBe(8080)
    const status = (await translated(manifests)).statusOf(`MCP ${MCP}`)
    expect(status.phase).toBe('Pending')
    expect(status.conditions?.map(({ type }) => type)).toEqual(['Accepted', 'ResolvedRefs', 'Ready'])
    const { objects: verdicts, problems } = await validated('E-agentkube')
    expect(verdicts.every(({ verdict }) => verdict === 'accepted')).toBe(true)
    expect(problems.filter(({ object }) => object.startsWith('MCP '))).toEqual([])
  })

  test('E-02: offers three tools and sends its token by TLS', async () => {
    const seen = await translated(manifests)
    expect(at(resource(seen, MCP, 'backend/team-a/github-tools/github'), 'backend')).toMatchObject({
      static: { host: 'mcp.github.com', port: 443 },
      inlinePolicies: expect.arrayContaining([
        { backendTls: expect.anything() },
        { auth: { key: expect.objectContaining({ secret: expect.stringMatching(/^ghp_/) }) } },
      ]),
    })
    const policy = 'policy/team-a/github-tools-tools:mcp-authorization:team-a/github-tools'
    expect(at(resource(seen, MCP, policy), 'policy', 'backend', 'mcpAuthorization', 'allow', 0)).toBe(
      'mcp.tool.target == "github" && mcp.tool.name in ["create_issue", "list_issues", "add_comment"]',
    )
  })

  test('E-03: proxies share the key of sessions', async () => {
    const deployment = (await deployed(manifests))[`Deployment ${MCP}`]
    expect(JSON.stringify(at(deployment, 'spec', 'template', 'spec', 'containers', 0, 'env'))).toContain('SESSION_KEY')
  })

  const withUpstream = (upstream: string) => `${manifests}
---
apiVersion: agentkube.io/v1alpha1
kind: MCP
metadata: {name: second, namespace: team-a}
spec: {port: 8081, upstreams: [${upstream}]}
`

  test('E-04: another MCP object is reached by its Service; one that is missing, or leads back, is named', async () => {
    const seen = await translated(withUpstream('{name: other, kind: mcpRef, ref: {name: github-tools}}'))
    expect(at(resource(seen, 'team-a/second', 'backend/team-a/second/other'), 'backend', 'static')).toEqual({
      host: 'github-tools.team-a.svc.cluster.local',
      port: 8080,
    })
    const failed = async (name: string) =>
      JSON.stringify(
        (await translated(withUpstream(`{name: other, kind: mcpRef, ref: {name: ${name}}}`))).statusOf(
          'MCP team-a/second',
        ),
      )
    expect(await failed('gone')).toContain('MCP team-a/gone not found')
    expect(await failed('second')).toContain('second → second is a circle')
  })

  test('E-05: a process is wrapped in a Deployment of its own, behind a Service', async () => {
    const stdio =
      '{name: local, kind: stdio, image: example/mcp:1, cmd: /srv/mcp, args: [stdio], secretRefs: [{name: pat}]}'
    const objects = await deployed(withUpstream(stdio))
    expect(objects['Deployment team-a/second-local']).toBeDefined()
    expect(at(objects['Service team-a/second-local'], 'spec', 'ports', 0, 'port')).toBe(3000)
    expect(JSON.stringify(objects['Deployment team-a/second-local'])).toContain(
      '"envFrom":[{"secretRef":{"name":"pat"}}]',
    )
    const pat = 'apiVersion: v1\nkind: Secret\nmetadata: {name: pat, namespace: team-a}\nstringData: {TOKEN: x}\n'
    const seen = await translated(withUpstream(stdio), pat)
    expect(at(resource(seen, 'team-a/second', 'backend/team-a/second/local'), 'backend', 'static')).toEqual({
      host: 'second-local.team-a.svc.cluster.local',
      port: 3000,
    })
  })

  test('E-07: publishes where it answers', async () => {
    expect((await translated(manifests)).statusOf(`MCP ${MCP}`).endpoint).toBe(
      'http://github-tools.team-a.svc:8080/mcp',
    )
  })
})

describe('LLMGateway', () => {
  test('E-08: is a Deployment and a Service; every field is enforced, and heuristics are called that', async () => {
    const objects = await deployed(manifests, key, clients)
    expect(Object.keys(objects)).toEqual(expect.arrayContaining([`Deployment ${LLM}`, `Service ${LLM}`]))
    const status = (await translated(manifests, key, clients)).statusOf(`LLMGateway ${LLM}`)
    expect(status.unenforced).toEqual([])
    expect(status.conditions?.[0]).toMatchObject({
      status: 'True',
      message: expect.stringContaining('it finds common attempts, not all'),
    })
  })

  test('E-09: aliases lead to the model that they mean', async () => {
    const seen = await translated(manifests, key, clients)
    const models = ['opus', 'sonnet', 'claude-haiku-4-5'].map((name) => {
      const route = Object.values(seen.resourcesOf(LLM)).find((each) =>
        String(JSON.stringify(at(each, 'route', 'matches'))).includes(`"exact":"${name}"`),
      )
      const backend = String(at(route, 'route', 'backends', 0, 'backend', 'backend'))
      const provider = at(
        resource(seen, LLM, `backend/${backend}`),
        'backend',
        'ai',
        'providerGroups',
        0,
        'providers',
        0,
      )
      return at(provider, 'anthropic', 'model')
    })
    expect(models).toEqual(['claude-opus-4-7', 'claude-sonnet-4-6', 'claude-haiku-4-5'])
  })

  test.each([
    ['OpenAI', 'credentialsRef: {name: anthropic-key, key: api-key}', 'openai'],
    ['Bedrock', 'options: {region: eu-west-1}', 'bedrock'],
    ['Vertex', 'options: {project: p}', 'vertex'],
    ['Azure OpenAI', 'options: {resource: r}, credentialsRef: {name: anthropic-key, key: api-key}', 'azure'],
    ['Ollama', 'endpoint: "http://ollama.test:11434"', 'custom'],
    ['vLLM', 'endpoint: "http://vllm.test:8000"', 'custom'],
  ])('E-20: %s is a provider', async (provider, more, wire) => {
    const seen = await translated(key, clients, gatewayOf(`provider: ${provider}, ${more}`))
    expect(seen.statusOf('LLMGateway platform/one').upstreams).toMatchObject([{ name: 'a', state: 'Ready' }])
    const found = Object.entries(seen.resourcesOf('platform/one')).find(([name]) => name.startsWith('backend/'))
    const providers = at(found?.[1], 'backend', 'ai', 'providerGroups', 0, 'providers', 0)
    expect(Object.keys(Object(providers))).toContain(wire)
  })

  test('E-20: a local provider without its endpoint is told to say it', async () => {
    const seen = await translated(key, clients, gatewayOf('provider: ollama'))
    expect(JSON.stringify(seen.statusOf('LLMGateway platform/one'))).toMatch(/endpoint/)
  })

  test('E-19: while its Secret is missing, requests are told so; then it works', async () => {
    const world = createWorld()
    const before = await world.apply(manifests, clients)
    expect(before.statusOf(`LLMGateway ${LLM}`)).toMatchObject({
      phase: 'Degraded',
      upstreams: [{ name: 'anthropic', state: 'Failed', message: 'Secret platform/anthropic-key not found' }],
    })
    const bodies = Object.values(before.resourcesOf(LLM)).map((each) =>
      at(each, 'policy', 'traffic', 'directResponse', 'body'),
    )
    const texts = bodies.map((body) => Buffer.from(String(body ?? ''), 'base64').toString())
    expect(texts.some((body) => body.includes('Secret platform/anthropic-key not found'))).toBe(true)
    expect(Object.keys(before.resourcesOf(LLM)).some((name) => name.startsWith('backend/'))).toBe(false)
    const after = await world.apply(manifests, clients, key)
    expect(after.statusOf(`LLMGateway ${LLM}`).phase).toBe('Pending')
    expect(Object.keys(after.resourcesOf(LLM)).some((name) => name.startsWith('backend/'))).toBe(true)
  })

  test('E-21: caching, which nobody does, is named', async () => {
    const cached = manifests
      .replace('  auth:\n    mode: apikey', '  caching: {ttl: 5m}\n  auth:\n    mode: apikey')
      .replace('  auth: { mode: apikey }', '  caching: {ttl: 5m}\n  auth: { mode: apikey }')
    expect(cached).not.toBe(manifests)
    expect((await translated(cached, key, clients)).statusOf(`LLMGateway ${LLM}`).unenforced).toEqual(['spec.caching'])
  })
})

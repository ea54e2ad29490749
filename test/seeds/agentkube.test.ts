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

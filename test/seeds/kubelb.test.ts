// KubeLB, "AI & MCP Gateway": rows K of the acceptance list.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { redacted } from '../../src/cli/redact.ts'
import { createWorld, short, translated } from '../dialects/world.ts'
import { seed } from './seeds.ts'
import { at, deployed, resource, validated } from './world.ts'

const manifests = seed('K-kubelb')
const GATEWAY = 'kubelb/agentgateway-proxy'
const fetcher = `
apiVersion: v1
kind: Service
metadata: {name: mcp-website-fetcher, namespace: kubelb}
spec: {selector: {app: fetcher}, ports: [{port: 80}]}
`

describe('KubeLB', () => {
  test('K-01: the class is accepted without anybody writing it', async () => {
    const seen = await translated(manifests)
    expect(short(seen.statusOf('GatewayClass agentgateway').conditions)).toEqual(['Accepted=True/Accepted'])
  })

  test('K-02: a Gateway is a Deployment and a Service of its name, and counts its routes', async () => {
    const objects = await deployed(manifests, fetcher)
    expect(Object.keys(objects)).toEqual(
      expect.arrayContaining(['Deployment kubelb/agentgateway-proxy', 'Service kubelb/agentgateway-proxy']),
    )
    expect(at(objects['Service kubelb/agentgateway-proxy'], 'spec', 'ports', 0)).toMatchObject({ port: 8080 })
    const status = (await translated(manifests, fetcher)).statusOf(`Gateway ${GATEWAY}`)
    expect(short(status.conditions)).toEqual(['Accepted=True/Accepted', 'Programmed=True/Programmed'])
    expect(at(status.listeners, 0, 'attachedRoutes')).toBe(2)
  })

  test('K-03: a key is sent with Bearer once, whether or not the Secret has the word', async () => {
    const keyOf = async (text: string) =>
      at(
        resource(await translated(text, fetcher), GATEWAY, 'backend/kubelb/openai'),
        'backend',
        'inlinePolicies',
        0,
        'auth',
        'key',
        'secret',
      )
    const worded = manifests.replace('Authorization: sk-example', 'Authorization: Bearer sk-example')
    expect(worded).not.toBe(manifests)
    expect(await keyOf(manifests)).toBe('sk-example')
    expect(await keyOf(worded)).toBe('sk-example')
  })

  test('K-04: the key is in no status and in no redacted dump', async () => {
    const seen = await translated(manifests, fetcher)
    expect(short(seen.statusOf('AgentgatewayBackend kubelb/openai').conditions)).toEqual(['Accepted=True/Accepted'])
    expect(JSON.stringify(seen.statuses)).not.toContain('sk-example')
    expect(JSON.stringify(redacted({ ...seen, problems: [] }))).not.toContain('sk-example')
  })

  test('K-05: a reference with its own namespace needs no grant', async () => {
    const { parents } = (await translated(manifests, fetcher)).statusOf('HTTPRoute kubelb/openai')
    expect(short(parents?.[0]?.conditions)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'])
  })

  test('K-06: a request without model gets the one of the backend', async () => {
    const backend = resource(await translated(manifests, fetcher), GATEWAY, 'backend/kubelb/openai')
    expect(at(backend, 'backend', 'ai', 'providerGroups', 0, 'providers', 0, 'openai')).toEqual({
      model: 'gpt-3.5-turbo',
    })
  })

  test('K-07: nobody is asked while the Secret is missing; it is named, and everything works once it is there', async () => {
    const without = manifests
      .split('---')
      .filter((document) => !/kind: Secret/.test(document))
      .join('---')
    const world = createWorld()
    const before = await world.apply(without, fetcher)
    expect(before.statusOf('AgentgatewayBackend kubelb/openai').conditions).toMatchObject([
      { status: 'False', message: expect.stringContaining('secret kubelb/openai-secret not found') },
    ])
    expect(Object.keys(before.resourcesOf(GATEWAY))).not.toContain('backend/kubelb/openai')
    const after = await world.apply(manifests, fetcher)
    expect(short(after.statusOf('AgentgatewayBackend kubelb/openai').conditions)).toEqual(['Accepted=True/Accepted'])
    expect(Object.keys(after.resourcesOf(GATEWAY))).toContain('backend/kubelb/openai')
  })

  test('K-08: a new value of the Secret changes the backend and nothing else', async () => {
    const world = createWorld()
    const before = await world.apply(manifests, fetcher)
    const after = await world.apply(manifests.replace('sk-example', 'sk-rotated'), fetcher)
    const versions = (seen: typeof before) => new Map(seen.resources.map(({ name, version }) => [name, version]))
    const changed = [...versions(after)].filter(([name, version]) => versions(before).get(name) !== version)
    expect(changed.map(([name]) => name)).toEqual(['backend/kubelb/openai'])
  })

  test('K-09: the target as the page prints it leads to the Service, by the older transport', async () => {
    const seen = await translated(manifests, fetcher)
    expect(at(resource(seen, GATEWAY, 'backend/kubelb/mcp-backend'), 'backend', 'mcp', 'targets')).toEqual([
      {
        name: 'mcp-target',
        backend: {
          service: { namespace: 'kubelb', hostname: 'mcp-website-fetcher.kubelb.svc.cluster.local' },
          port: 80,
        },
        protocol: 'SSE',
      },
    ])
    const { objects, problems } = await validated('K-kubelb')
    expect(objects.find(({ object }) => object.endsWith('kubelb/mcp-backend'))?.verdict).toBe('accepted')
    expect(problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message)).toContain(
      'write static.backendRef, static.port, static.protocol instead of backendRef, port, protocol: a target has these fields under static',
    )
  })

  test('K-10: the shape that the API has gives the same', async () => {
    const proper = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: mcp-backend, namespace: kubelb}
spec: {mcp: {targets: [{name: mcp-target, static: {backendRef: {name: mcp-website-fetcher}, port: 80, protocol: SSE}}]}}
`
    const [short, long] = [await translated(manifests, fetcher), await translated(manifests, fetcher, proper)]
    expect(long.resourcesOf(GATEWAY)).toEqual(short.resourcesOf(GATEWAY))
  })

  test('K-11: /mcp and everything else are two routes, whichever was there first', async () => {
    const pathOf = async (...texts: string[]) => {
      const seen = await translated(...texts)
      return ['openai', 'mcp'].map((name) => {
        const { route } = resource(seen, GATEWAY, `route/kubelb/${name}.00.http`)
        return [at(route, 'matches', 0, 'path', 'pathPrefix'), at(route, 'backends', 0, 'backend', 'backend')]
      })
    }
    const documents = manifests.split('\n---\n')
    const expected = [
      ['/', 'kubelb/openai'],
      ['/mcp', 'kubelb/mcp-backend'],
    ]
    expect(await pathOf(manifests, fetcher)).toEqual(expected)
    expect(await pathOf(...documents.toReversed(), fetcher)).toEqual(expected)
  })

  test('K-12: a Service that is missing is named, and everything recovers when it appears', async () => {
    const world = createWorld()
    const before = await world.apply(manifests)
    expect(before.statusOf('AgentgatewayBackend kubelb/mcp-backend').conditions).toMatchObject([
      { status: 'False', message: expect.stringContaining('service kubelb/mcp-website-fetcher not found') },
    ])
    const after = await world.apply(manifests, fetcher)
    expect(short(after.statusOf('AgentgatewayBackend kubelb/mcp-backend').conditions)).toEqual([
      'Accepted=True/Accepted',
    ])
    expect(Object.keys(after.resourcesOf(GATEWAY))).toContain('backend/kubelb/mcp-backend')
  })

  const examples = join(import.meta.dirname, '../../examples/reference')
  const example = (file: string) => readFileSync(join(examples, `${file}.yaml`), 'utf8')

  // Whether they work is the business of the test of all examples.
  test.each([
    ['other providers', 'agentgatewaybackend/ai.provider.anthropic', /anthropic:/],
    ['other providers', 'agentgatewaybackend/ai.provider.bedrock', /bedrock:/],
    ['failover', 'agentgatewaybackend/ai.groups', /groups:[\s\S]*providers:[\s\S]*providers:/],
    ['prompt guards', 'agentgatewaypolicy/backend.ai', /promptGuard:/],
    ['limits of tokens', 'agentgatewaypolicy/traffic.rateLimit', /unit: Tokens/],
  ])('K-13: there is an example of %s: %s', async (_, file, expected) => {
    expect(example(file)).toMatch(expected)
    expect((await translated(example(file))).resources.length).toBeGreaterThan(2)
  })

  test.each([
    [
      'targets that are fixed and that are found, as one server',
      'agentgatewaybackend/mcp',
      /selector:[\s\S]*static:|static:[\s\S]*selector:/,
    ],
    ['access by tool', 'agentgatewaybackend/policies.mcp.authorization', /mcp\.tool\.name/],
    ['tokens', 'agentgatewaypolicy/traffic.jwtAuthentication', /issuer:/],
    ['limits of requests', 'agentgatewaypolicy/traffic.rateLimit', /requests:/],
  ])('K-14: there is an example of %s: %s', async (_, file, expected) => {
    expect(example(file)).toMatch(expected)
    expect((await translated(example(file))).resources.length).toBeGreaterThan(2)
  })

  test('K-15: a Service that speaks A2A, and a backend that is an agent, are told to the proxy', async () => {
    const agents = `
apiVersion: v1
kind: Service
metadata: {name: agent, namespace: kubelb}
spec: {ports: [{port: 9999, appProtocol: kgateway.dev/a2a}]}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: far-agent, namespace: kubelb}
spec: {a2a: {host: agent.test, port: 443}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: agents, namespace: kubelb}
spec:
  parentRefs: [{name: agentgateway-proxy}]
  rules:
    - backendRefs: [{name: agent, port: 9999}, {name: far-agent, group: agentgateway.dev, kind: AgentgatewayBackend}]
`
    const names = JSON.stringify((await translated(manifests, agents)).resourcesOf(GATEWAY))
    expect(names.match(/"a2a":\{\}/g)).toHaveLength(2)
  })
})

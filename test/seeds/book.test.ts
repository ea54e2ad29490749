// The book "AI Agents in Kubernetes": rows B of the acceptance list.
import { describe, expect, test } from 'vitest'
import { createWorld, short, translated } from '../dialects/world.ts'
import { seed } from './seeds.ts'
import { at, deployed, dumpOf, resource, statusWhileRun, validated } from './world.ts'

const chapter4 = seed('B-chapter4')
const chapter5 = seed('B-chapter5')
const INGRESS = 'kgateway-system/agentgateway'
const MCP = 'mcp/agentgateway'

const without = (text: string, kind: string) =>
  text
    .split('\n---\n')
    .filter((document) => !new RegExp(`^kind: ${kind}$`, 'm').test(document))
    .join('\n---\n')

describe('chapter 4', () => {
  test('B-01: port 80 is bound by a process that is not root', async () => {
    expect(resource(await translated(chapter4), INGRESS, `bind/80/${INGRESS}`)).toMatchObject({ bind: { port: 80 } })
    const deployment = (await deployed(chapter4))[`Deployment ${INGRESS}`]
    const pod = at(deployment, 'spec', 'template', 'spec')
    expect(at(pod, 'containers', 0, 'securityContext', 'runAsNonRoot')).toBe(true)
    expect(at(pod, 'securityContext', 'sysctls')).toContainEqual({
      name: 'net.ipv4.ip_unprivileged_port_start',
      value: '0',
    })
  })

  test('B-02: a target without protocol is accepted and speaks what the proxy speaks by itself', async () => {
    const seen = await translated(chapter4)
    expect(short(seen.statusOf('Backend mcp/github-mcp-backend').conditions)).toEqual(['Accepted=True/Accepted'])
    expect(at(resource(seen, INGRESS, 'backend/mcp/github-mcp-backend'), 'backend', 'mcp', 'targets', 0)).toEqual({
      name: 'github-mcp-target',
      backend: { backend: 'mcp/github-mcp-backend/github-mcp-target' },
      path: '/mcp',
    })
  })

  test('B-03: a route of another namespace attaches, and its rule is for every path', async () => {
    const seen = await translated(chapter4)
    expect(short(seen.statusOf('HTTPRoute mcp/github-mcp-route').parents?.[0]?.conditions)).toEqual([
      'Accepted=True/Accepted',
      'ResolvedRefs=True/ResolvedRefs',
    ])
    const { route } = resource(seen, INGRESS, 'route/mcp/github-mcp-route.00.http')
    expect(at(route, 'matches')).toEqual([{ path: { pathPrefix: '/' } }])
  })

  test("B-04: the dump has the book's three facts: which bind, which route with which backend, which host", async () => {
    const dump = await dumpOf(INGRESS, chapter4)
    expect(at(dump, 'binds', 0, 'key')).toBe('80/kgateway-system/agentgateway')
    const listener = at(dump, 'binds', 0, 'listeners', 'kgateway-system/agentgateway.http')
    expect(listener).toMatchObject({ key: 'kgateway-system/agentgateway.http', protocol: 'HTTP' })
    const [route] = Object.values(Object(at(listener, 'routes')))
    expect(JSON.stringify(at(route, 'key'))).toContain('mcp/github-mcp-route')
    expect(at(route, 'matches')).toEqual([{ path: { pathPrefix: '/' } }])
    expect(at(route, 'backends', 0)).toMatchObject({
      weight: 1,
      backend: expect.stringContaining('mcp/github-mcp-backend'),
    })
    const backends = JSON.stringify(at(dump, 'backends'))
    expect(backends).toContain('"stateful":true')
    expect(backends).toContain('mcp/github-mcp-backend/github-mcp-target')
    expect(backends).toContain('github-mcp-server.mcp.svc.cluster.local:3000')
  })
})

describe('the standalone file', () => {
  test('B-05: is taken by a current proxy', async () => {
    expect((await validated('B-standalone')).objects).toMatchObject([
      { object: 'proxy configuration', verdict: 'accepted' },
    ])
  })

  test('B-06: names that only clients see are pointed out, with the rule that is meant', async () => {
    const { problems } = await validated('B-standalone')
    expect(problems.map(({ message }) => message)[0]).toContain(
      '(mcp.tool.target == "everything" && mcp.tool.name == "echo") || (mcp.tool.target == "time" && mcp.tool.name == "get_current_time")',
    )
  })
})

describe('chapter 5', () => {
  test('B-09: an MCPServer is a Deployment and a Service on its port, which says that it speaks MCP', async () => {
    const objects = await deployed(chapter5)
    expect(objects['Deployment mcp/github-mcp-server']).toMatchObject({ spec: { replicas: 1 } })
    expect(at(objects['Service mcp/github-mcp-server'], 'spec')).toMatchObject({
      type: 'ClusterIP',
      ports: [{ port: 3000, protocol: 'TCP', appProtocol: 'kgateway.dev/mcp' }],
    })
  })

  test('B-10: keys of the Secret are variables of the environment, not files', async () => {
    const deployment = (await deployed(chapter5))['Deployment mcp/github-mcp-server']
    const container = at(deployment, 'spec', 'template', 'spec', 'containers', 0)
    expect(at(container, 'envFrom')).toEqual([{ secretRef: { name: 'github-mcp-secret' } }])
  })

  test('B-11: a Secret that is missing is named by the MCPServer', async () => {
    const missing = await statusWhileRun('MCPServer mcp/github-mcp-server', without(chapter5, 'Secret'))
    expect(missing.conditions?.find(({ type }) => type === 'ResolvedRefs')).toMatchObject({
      status: 'False',
      message: 'Secret mcp/github-mcp-secret not found',
    })
    const there = await statusWhileRun('MCPServer mcp/github-mcp-server', chapter5)
    expect(short(there.conditions)).toContain('ResolvedRefs=True/ResolvedRefs')
  })

  test('B-12: without allowedRoutes routes of the same namespace attach, and others do not', async () => {
    const away = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: away, namespace: other}
spec: {parentRefs: [{name: agentgateway, namespace: mcp}], rules: [{}]}
`
    const seen = await translated(chapter5, away)
    expect(at(seen.statusOf(`Gateway ${MCP}`).listeners, 0, 'attachedRoutes')).toBe(1)
    expect(short(seen.statusOf('HTTPRoute other/away').parents?.[0]?.conditions)).toContain(
      'Accepted=False/NotAllowedByListeners',
    )
    expect(Object.keys(await deployed(chapter5))).toEqual(
      expect.arrayContaining(['Deployment mcp/agentgateway', 'Service mcp/agentgateway']),
    )
  })

  test('B-13: a target by the DNS name of a Service is accepted', async () => {
    const seen = await translated(chapter5)
    expect(short(seen.statusOf('Backend mcp/github-mcp-backend').conditions)).toEqual(['Accepted=True/Accepted'])
  })

  test('B-14: a parentRef by name alone attaches in its own namespace', async () => {
    const { parents } = (await translated(chapter5)).statusOf('HTTPRoute mcp/github-mcp-route')
    expect(short(parents?.[0]?.conditions)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'])
  })

  test('B-15: a target of the wrong group is meant all the same, with a warning', async () => {
    const { objects, problems } = await validated('B-chapter5')
    expect(objects.find(({ object }) => object.startsWith('TrafficPolicy'))?.verdict).toBe('accepted')
    expect(problems.map(({ severity, path, message }) => [severity, path, message])).toEqual([
      [
        'warning',
        'spec.targetRefs[0].group',
        'the group of Backend is gateway.kgateway.dev, not "gateway.networking.k8s.io"; the policy is applied all the same',
      ],
    ])
    const [ancestor] = (await translated(chapter5)).statusOf('TrafficPolicy mcp/github-rbac-policy').ancestors ?? []
    expect(short(ancestor?.conditions)).toEqual(['Accepted=True/Valid', 'Attached=True/Attached'])
  })

  test('B-16: the list of tools reaches the proxy as it was written', async () => {
    const policy = 'policy/mcp/github-rbac-policy:mcp-authorization:mcp/github-mcp-backend'
    const { allow } = Object(
      at(resource(await translated(chapter5), MCP, policy), 'policy', 'backend', 'mcpAuthorization'),
    )
    expect(allow).toEqual([expect.stringMatching(/^mcp\.tool\.name in \["search_code", .*"create_pull_request"\]$/)])
  })

  test('B-18: without the policy nothing is filtered', async () => {
    const world = createWorld()
    await world.apply(chapter5)
    const names = Object.keys((await world.apply(without(chapter5, 'TrafficPolicy'))).resourcesOf(MCP))
    expect(names.filter((name) => name.startsWith('policy/'))).toEqual([])
  })

  test('B-19: a route without matches serves MCP on / as well', async () => {
    const { route } = resource(await translated(chapter5), MCP, 'route/mcp/github-mcp-route.00.http')
    expect(at(route, 'matches', 0, 'path')).toEqual({ pathPrefix: '/' })
  })

  test('B-21: proxies have labels and an account that a policy of the network can name once', async () => {
    const objects = await deployed(chapter5)
    const pod = at(objects['Deployment mcp/agentgateway'], 'spec', 'template')
    expect(at(pod, 'spec', 'serviceAccountName')).toBe('agentgateway')
    expect(at(pod, 'metadata', 'labels')).toMatchObject({ 'gateway.networking.k8s.io/gateway-name': 'agentgateway' })
    expect(Object.keys(objects)).toContain('ServiceAccount mcp/agentgateway')
  })

  test('B-23: every condition has the five fields that tools read', async () => {
    const seen = await translated(chapter5)
    const found = JSON.stringify(seen.statuses).match(/\{"lastTransitionTime"[^{}]*\}/g) ?? []
    expect(found.length).toBeGreaterThan(8)
    for (const each of found) {
      expect(Object.keys(JSON.parse(each)).toSorted()).toEqual(
        ['lastTransitionTime', 'message', 'observedGeneration', 'reason', 'status', 'type'].toSorted(),
      )
    }
  })

  test('B-25: an MCPServer is a target of a backend directly, without a second definition of where it is', async () => {
    const direct = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: direct, namespace: mcp}
spec: {mcp: {targets: [{name: github, static: {backendRef: {kind: MCPServer, name: github-mcp-server}, port: 3000}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: direct, namespace: mcp}
spec:
  parentRefs: [{name: agentgateway}]
  rules: [{backendRefs: [{name: direct, group: agentgateway.dev, kind: AgentgatewayBackend}]}]
`
    const seen = await translated(chapter5, direct)
    expect(at(resource(seen, MCP, 'backend/mcp/direct'), 'backend', 'mcp', 'targets', 0)).toEqual({
      name: 'github',
      backend: { service: { namespace: 'mcp', hostname: 'github-mcp-server.mcp.svc.cluster.local' }, port: 3000 },
      path: '/mcp',
    })
  })

  test("B-27: kagent's own kinds are left alone, without a complaint", async () => {
    const { problems, objects } = await validated('B-chapter5')
    expect(objects.some(({ object }) => object.startsWith('RemoteMCPServer'))).toBe(false)
    expect(problems.some(({ object }) => object.startsWith('RemoteMCPServer'))).toBe(false)
  })
})

// The book "AI Agents in Kubernetes": rows B of the acceptance list.
import { describe, expect, test } from 'vitest'
import { convertManifests } from '../../src/cli/convert.ts'
import { objectIn } from '../../src/kube/json.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { createWorld, short, translated } from '../dialects/world.ts'
import { seed, seedJson, seedPath } from './seeds.ts'
import { at, deployed, dumpOf, resource, statusWhileRun, validated, validatedText } from './world.ts'

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

  test('B-04: the dump says what the book prints, by the keys that it prints', async () => {
    const dump = await dumpOf(INGRESS, chapter4)
    const printed = seedJson('B-chapter4-config-dump')
    const bind = objectIn(at(printed, 'binds', 0))
    expect(at(dump, 'binds', 0)).toMatchObject({ key: bind.key, address: expect.stringMatching(/:80$/) })
    expect(String(bind.address)).toMatch(/:80$/)
    const [[key, listener] = []] = Object.entries(objectIn(bind.listeners))
    const [gatewayNamespace, gatewayName] = String(objectIn(listener).gatewayName).split('/')
    // Since the book, names are told apart from namespaces, and a route's key writes rule and match as two digits.
    expect(Object.entries(objectIn(at(dump, 'binds', 0, 'listeners')))).toMatchObject([
      [
        key,
        {
          ...{ key, gatewayNamespace, gatewayName },
          listenerName: objectIn(listener).name,
          hostname: objectIn(listener).hostname,
          protocol: objectIn(listener).protocol,
        },
      ],
    ])
    const [route] = Object.values(objectIn(objectIn(listener).routes))
    const { key: routeKey, routeName, matches, backends } = objectIn(route)
    const [namespace, name] = String(routeName).split('/')
    const today = String(routeKey).replace('.0.0.', '.00.')
    expect(Object.entries(objectIn(at(dump, 'binds', 0, 'listeners', String(key), 'routes')))).toEqual([
      [today, { key: today, namespace, name, kind: 'HTTPRoute', matches, backends }],
    ])
    const mcp = objectIn(at(printed, 'backends', 0, 'mcp'))
    const host = objectIn(at(printed, 'backends', 1, 'host'))
    const [ofBackend, backend] = String(mcp.name).split('/')
    expect(at(dump, 'backends')).toMatchObject([
      { backend: { mcp: { namespace: ofBackend, name: backend, target: mcp.target } } },
      { backend: { host: { target: host.target } } },
    ])
    expect(Object.keys((await translated(chapter4)).resourcesOf(INGRESS))).toContain(`backend/${host.name}`)
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

describe('the roles of a gateway', () => {
  const mcpBackend = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: tools, namespace: mcp}
spec: {mcp: {targets: [{name: github, static: {host: github.test, port: 3000}}]}, policies: {auth: {passthrough: {}}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: tools, namespace: mcp}
spec:
  parentRefs: [{name: agentgateway, namespace: kgateway-system}]
  rules:
    - matches: [{path: {type: PathPrefix, value: /tools}}]
      backendRefs: [{name: tools, group: agentgateway.dev, kind: AgentgatewayBackend}]
`
  const policy = (name: string, traffic: string) => `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: ${name}, namespace: mcp}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: tools}]
  ${traffic}
`
  const keys = '\'{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "HS256"}]}\''
  const login = `{jwtAuthentication: {mode: Strict, providers: [{issuer: agentgateway.dev, audiences: [test.agentgateway.dev], jwks: {inline: ${keys}}}]}}`

  test('B-07: tokens are checked and passed on, by objects as by the file', async () => {
    const seen = await translated(chapter4, mcpBackend, policy('login', `traffic: ${login}`))
    expect(JSON.stringify(resource(seen, INGRESS, 'backend/mcp/tools'))).toContain('"passthrough"')
    const found = Object.entries(seen.resourcesOf(INGRESS)).find(([name]) =>
      name.startsWith('policy/traffic/mcp/login'),
    )
    expect(at(found?.[1], 'policy', 'traffic', 'jwt')).toMatchObject({
      mode: 'STRICT',
      providers: [{ issuer: 'agentgateway.dev', audiences: ['test.agentgateway.dev'] }],
    })
    const text = JSON.stringify((await convertManifests([seedPath('B-standalone')])).documents)
    expect(text).toContain('"auth":{"passthrough":{}}')
    expect(text).toContain('"issuer":"agentgateway.dev","audiences":["test.agentgateway.dev"]')
  })

  test('B-08: one gateway is for models, for inference and for whatever comes in', async () => {
    const roles = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: model, namespace: mcp}
spec: {ai: {provider: {openai: {model: gpt-4o-mini}}}, policies: {auth: {passthrough: {}}}}
---
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: pool, namespace: mcp}
spec:
  selector: {matchLabels: {app: vllm}}
  targetPorts: [{number: 8000}]
  endpointPickerRef: {name: picker, port: {number: 9002}}
---
apiVersion: v1
kind: Service
metadata: {name: picker, namespace: mcp}
spec: {ports: [{port: 9002}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: mcp}
spec: {ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: roles, namespace: mcp}
spec:
  parentRefs: [{name: agentgateway, namespace: kgateway-system}]
  rules:
    - matches: [{path: {type: PathPrefix, value: /v1}}]
      backendRefs: [{name: model, group: agentgateway.dev, kind: AgentgatewayBackend}]
    - matches: [{path: {type: PathPrefix, value: /pool}}]
      backendRefs: [{name: pool, group: inference.networking.k8s.io, kind: InferencePool}]
    - matches: [{path: {type: PathPrefix, value: /shop}}]
      backendRefs: [{name: shop, port: 80}]
`
    const world = createWorld({ ...DEFAULT_TRANSLATE_SETTINGS, enableInferencePool: true })
    const seen = await world.apply(chapter4, roles)
    expect(short(seen.statusOf('HTTPRoute mcp/roles').parents?.[0]?.conditions)).toEqual([
      'Accepted=True/Accepted',
      'ResolvedRefs=True/ResolvedRefs',
    ])
    const backends = Object.entries(seen.resourcesOf(INGRESS))
      .filter(([name]) => name.startsWith('route/mcp/roles.'))
      .map(([, found]) => JSON.stringify(at(found, 'route', 'backends', 0, 'backend')))
    expect(backends).toEqual([
      expect.stringContaining('mcp/model'),
      expect.stringContaining('pool.mcp.inference.cluster.local'),
      expect.stringContaining('shop.mcp.svc.cluster.local'),
    ])
  })

  test('B-22: in an ambient mesh proxies are members of it, with the ports that they have without', async () => {
    const meshed = `
apiVersion: v1
kind: Namespace
metadata: {name: kgateway-system, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayParameters
metadata: {name: mesh, namespace: kgateway-system}
spec: {istio: {}}
`
    const text = chapter4.replace(
      'gatewayClassName: agentgateway\n',
      'gatewayClassName: agentgateway\n  infrastructure: {parametersRef: {group: agentgateway.dev, kind: AgentgatewayParameters, name: mesh}}\n',
    )
    expect(text).not.toBe(chapter4)
    const [plain, inMesh] = [await deployed(chapter4), await deployed(text, meshed)]
    const name = `Deployment ${INGRESS}`
    const container = (objects: typeof plain) =>
      objectIn(at(objects[name], 'spec', 'template', 'spec', 'containers', 0))
    expect(container(inMesh).ports).toEqual(container(plain).ports)
    const variables = (objects: typeof plain) => JSON.stringify(container(objects).env)
    expect(variables(inMesh)).toContain('"name":"CA_ADDRESS"')
    expect(variables(plain)).not.toContain('CA_ADDRESS')
    expect(inMesh[`Service ${INGRESS}`]).toEqual(plain[`Service ${INGRESS}`])
  })

  test.each([
    ['rate limit', 'rateLimit: {local: [{requests: 10, unit: Minutes}]}', 'localRateLimit'],
    ['CORS', 'cors: {allowOrigins: ["https://a.test"]}', 'cors'],
    ['authentication', login.slice(1, -1), 'jwt'],
    ['authorization', 'authorization: {policy: {matchExpressions: ["request.method == \'POST\'"]}}', 'authorization'],
    ['route configuration', 'timeouts: {request: 5s}', 'timeout'],
  ])('B-26: %s applies to MCP traffic, and is found at its route', async (_, field, wire) => {
    const seen = await translated(chapter4, mcpBackend, policy('one', `traffic: {${field}}`))
    const found = Object.entries(seen.resourcesOf(INGRESS)).filter(([name]) =>
      name.startsWith('policy/traffic/mcp/one'),
    )
    expect(found).toHaveLength(1)
    expect(Object.keys(objectIn(at(found[0]?.[1], 'policy', 'traffic')))).toContain(wire)
    expect(at(found[0]?.[1], 'policy', 'target', 'route')).toMatchObject({ namespace: 'mcp', name: 'tools' })
    const [ancestor] = seen.statusOf('AgentgatewayPolicy mcp/one').ancestors ?? []
    expect(short(ancestor?.conditions)).toEqual(['Accepted=True/Valid', 'Attached=True/Attached'])
  })

  test('B-26: tracing applies to all traffic of the gateway', async () => {
    const tracing = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: tracing, namespace: kgateway-system}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: agentgateway}]
  frontend: {tracing: {backendRef: {name: collector, port: 4317}, randomSampling: "true"}}
---
apiVersion: v1
kind: Service
metadata: {name: collector, namespace: kgateway-system}
spec: {ports: [{port: 4317}]}
`
    const seen = await translated(chapter4, mcpBackend, tracing)
    const names = Object.keys(seen.resourcesOf(INGRESS)).filter((name) =>
      name.startsWith('policy/frontend/kgateway-system/tracing'),
    )
    expect(names).toHaveLength(1)
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
    const policies = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-the-gateway, namespace: mcp}
spec:
  podSelector: {matchLabels: {app.kubernetes.io/name: github-mcp-server}}
  ingress: [{from: [{podSelector: {matchLabels: {gateway.networking.k8s.io/gateway-name: agentgateway}}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: only-the-gateway, namespace: mcp}
spec: {rules: [{from: [{source: {principals: [cluster.local/ns/mcp/sa/agentgateway]}}]}]}
`
    // Others read them; among our manifests they are nothing wrong.
    expect((await validatedText(policies)).problems).toEqual([])
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

  test("B-20, B-27: kagent's own kinds are left alone, without a complaint", async () => {
    const { problems, objects } = await validated('B-chapter5')
    expect(objects.some(({ object }) => object.startsWith('RemoteMCPServer'))).toBe(false)
    expect(problems.some(({ object }) => object.startsWith('RemoteMCPServer'))).toBe(false)
  })
})

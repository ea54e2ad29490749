import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { objectIn } from '../../kube/json.ts'
import { convertStandalone, kubernetesName } from './convert.ts'

/** Objects of a file with one route, by kind and name, and what is told. */
function convert(route: string) {
  const config = objectIn(load(`binds: [{port: 3000, listeners: [{name: main, routes: [${route}]}]}]`))
  const { objects, problems } = convertStandalone(config, 'My File', 'agentgateway')
  return {
    specs: Object.fromEntries(objects.map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, spec])),
    told: problems.map(({ path, message }) => `${path}: ${message}`),
  }
}
const ROUTE = 'binds[0].listeners[0].routes[0]'

it('listeners become those of one Gateway, routes HTTPRoutes that name them', () => {
  const { specs } = convert(
    '{name: one, hostnames: [a.test], matches: [{path: {exact: /x}, method: GET, headers: [{name: h, value: {regex: v}}]}], backends: [{host: "h:80", weight: 2}]}',
  )
  expect(specs).toEqual({
    'Gateway my-file': {
      gatewayClassName: 'agentgateway',
      listeners: [{ name: 'main', port: 3000, protocol: 'HTTP' }],
    },
    'AgentgatewayBackend one-host': { static: { host: 'h', port: 80 } },
    'HTTPRoute one': {
      parentRefs: [{ name: 'my-file', sectionName: 'main' }],
      hostnames: ['a.test'],
      rules: [
        {
          matches: [
            {
              path: { type: 'Exact', value: '/x' },
              method: 'GET',
              headers: [{ type: 'RegularExpression', name: 'h', value: 'v' }],
            },
          ],
          backendRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'one-host', weight: 2 }],
        },
      ],
    },
  })
})

describe('MCP targets', () => {
  const targets = (list: string) => {
    const { specs, told } = convert(`{name: r, backends: [{mcp: {targets: [${list}], statefulMode: stateless}}]}`)
    return { mcp: objectIn(objectIn(specs['AgentgatewayBackend r-mcp']).mcp), specs, told }
  }

  it('keep their address, whichever way it is written', () => {
    const { mcp } = targets(
      '{name: a, mcp: {host: "https://h/mcp"}}, {name: b, sse: {host: h, port: 1, path: /sse}}, {name: c, mcp: {host: "http://h:8081/x/"}}',
    )
    expect(mcp).toEqual({
      sessionRouting: 'Stateless',
      targets: [
        { name: 'a', static: { host: 'h', port: 443, path: '/mcp', policies: { tls: {} } } },
        { name: 'b', static: { host: 'h', port: 1, path: '/sse', protocol: 'SSE' } },
        { name: 'c', static: { host: 'h', port: 8081, path: '/x/' } },
      ],
    })
  })

  it('that are processes become MCPServers', () => {
    const { mcp, specs, told } = targets(
      '{name: time, stdio: {cmd: uvx, args: [t], env: {A: b}}}, {name: own, stdio: {cmd: ./x}}',
    )
    expect(specs['MCPServer time']).toEqual({
      transportType: 'stdio',
      deployment: { cmd: 'uvx', args: ['t'], env: { A: 'b' }, port: 3000 },
    })
    expect(mcp.targets).toMatchObject([
      { name: 'time', static: { backendRef: { kind: 'MCPServer', name: 'time' }, port: 3000 } },
      { name: 'own' },
    ])
    expect(told).toEqual([
      `${ROUTE}.backends[0].mcp.targets[1].stdio.cmd: an image that contains ./x has to be set: deployment.image of MCPServer own`,
    ])
  })
})

describe('policies', () => {
  const policies = (spec: string) =>
    convert(`{name: r, policies: {${spec}}, backends: [{mcp: {targets: [{name: t, mcp: {host: "http://h"}}]}}]}`)

  it('about tools go to the MCP backend, one per action', () => {
    const { specs } = policies(`mcpAuthorization: {rules: ['mcp.tool.name == "a"', {deny: 'mcp.tool.name == "b"'}]}`)
    expect(specs['AgentgatewayPolicy r-mcp-allow']).toEqual({
      targetRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'r-mcp' }],
      backend: { mcp: { authorization: { action: 'Allow', policy: { matchExpressions: ['mcp.tool.name == "a"'] } } } },
    })
    expect(specs['AgentgatewayPolicy r-mcp-deny']).toMatchObject({
      backend: { mcp: { authorization: { action: 'Deny' } } },
    })
  })

  it('about requests go to the route', () => {
    const { specs, told } = policies(
      `cors: {allowOrigins: ["*"], maxAge: 5m}, timeout: {requestTimeout: 5s, backendRequestTimeout: 2s}, retry: {attempts: 2, codes: [503]},
       localRateLimit: [{maxTokens: 10, tokensPerFill: 1, fillInterval: 1s}, {maxTokens: 60, tokensPerFill: 60, fillInterval: 60s, type: tokens}],
       requestHeaderModifier: {set: {a: b}, remove: [c]}, authorization: {rules: ['request.path == "/"']}, backendAuth: {passthrough: {}},
       directResponse: {status: 404, body: x}, csrf: {additionalOrigins: ["https://a"]}`,
    )
    expect(told).toEqual([])
    expect(specs['AgentgatewayPolicy r']).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'r' }],
      traffic: {
        cors: { allowOrigins: ['*'], maxAge: 300 },
        timeouts: { request: '5s' },
        retry: { attempts: 2, codes: [503] },
        rateLimit: {
          local: [
            { requests: 1, unit: 'Seconds', burst: 9 },
            { tokens: 60, unit: 'Minutes' },
          ],
        },
        headerModifiers: { request: { set: [{ name: 'a', value: 'b' }], remove: ['c'] } },
        directResponse: { status: 404, body: 'x' },
        csrf: { additionalOrigins: ['https://a'] },
      },
      backend: { auth: { passthrough: {} }, http: { requestTimeout: '2s' } },
    })
    expect(specs['AgentgatewayPolicy r-allow']).toMatchObject({ traffic: { authorization: { action: 'Allow' } } })
  })

  it('that check tokens open nothing while the keys are missing', () => {
    const { specs, told } = policies('jwtAuth: {issuer: i, audiences: [a], jwks: {file: ./keys.json}}')
    expect(specs['AgentgatewayPolicy r']).toMatchObject({
      traffic: { jwtAuthentication: { mode: 'Strict', providers: [{ issuer: 'i', jwks: { inline: '{"keys":[]}' } }] } },
    })
    expect(told[0]).toContain('the content of ./keys.json belongs into jwks.inline')
    expect(
      policies('mcpAuthentication: {issuer: i, audiences: [a], provider: {okta: {}}, jwks: {url: "https://i/k"}}')
        .specs,
    ).toMatchObject({
      'AgentgatewayPolicy r': {
        traffic: {
          jwtAuthentication: {
            providers: [{ jwks: { remote: { url: 'https://i/k' } } }],
            mcp: { provider: 'Okta' },
          },
        },
      },
    })
  })

  it('that have no counterpart are named', () => {
    expect(policies('a2a: {}, delay: {duration: 1s}').told).toEqual([
      `${ROUTE}.policies.a2a: ${ROUTE}.policies.a2a has no effect: there is no object for it; write it by hand`,
      `${ROUTE}.policies.delay: ${ROUTE}.policies.delay has no effect: there is no object for it; write it by hand`,
    ])
  })
})

it('whatever else a file has is named', () => {
  const { problems } = convertStandalone({ binds: [], llm: { port: 1 }, config: { adminAddr: 'x' } }, 'f', 'c')
  expect(problems.map(({ path }) => path)).toEqual(['config', 'llm'])
})

it('names are those that Kubernetes takes, each once', () => {
  expect(kubernetesName('My_File (1)')).toBe('my-file-1')
  expect(kubernetesName('***')).toBe('converted')
  const { specs } = convert('{name: a, backends: [{host: "h:1"}, {host: "h:2"}]}, {name: a}')
  expect(Object.keys(specs)).toEqual([
    'Gateway my-file',
    'AgentgatewayBackend a-host',
    'AgentgatewayBackend a-host-2',
    'HTTPRoute a',
    'HTTPRoute a-2',
  ])
})

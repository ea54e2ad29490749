import { describe, expect, it } from 'vitest'
import { carry, foreign, specsOf, told } from '../../../test/dialect-world.ts'
import type { KubeObject } from '../../kube/object.ts'
import { agentkubeMcp } from './mcp.ts'
import { toolRules } from './tools.ts'

interface WithData extends KubeObject {
  readonly data: Readonly<Record<string, string>>
}
const secret = (name: string, value: string): WithData => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'ns' },
  data: { token: Buffer.from(value).toString('base64') },
})
const world = [secret('pat', 'ghp_1'), secret('worded', 'Bearer ghp_2')]
const become = (spec: string, others: readonly KubeObject[] = []) =>
  carry(agentkubeMcp, foreign(agentkubeMcp, 'tools', spec), [...world, ...others])
const upstream = (more: string) => `{upstreams: [{name: github, ${more}}]}`
const bearer = (name: string) => `auth: {mode: bearer, secretRef: {name: ${name}, key: token}}`

describe('an MCP object', () => {
  it('is a Gateway of its own, with as many proxies as it says', () => {
    const specs = specsOf(
      become(`{port: 9000, replicas: 2, upstreams: [{name: a, kind: http, endpoint: "http://h/mcp"}]}`),
    )
    expect(specs['Gateway tools']).toEqual({
      gatewayClassName: 'agentgateway',
      listeners: [{ name: 'http', port: 9000, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } }],
      infrastructure: { parametersRef: { group: 'agentgateway.dev', kind: 'AgentgatewayParameters', name: 'tools' } },
    })
    expect(specs['AgentgatewayParameters tools']).toEqual({ deployment: { spec: { replicas: 2 } } })
    expect(Object.keys(specs)).toEqual([
      'AgentgatewayParameters tools',
      'Gateway tools',
      'HTTPRoute tools',
      'AgentgatewayBackend tools',
    ])
  })

  it('publishes where it answers', () => {
    expect(become(upstream('kind: http, endpoint: "http://h"')).served?.endpoint).toBe('http://tools.ns.svc:8080/mcp')
  })

  it('that is refused says so to its clients', () => {
    const carried = become('{upstreams: []}')
    expect(told(carried)).toEqual(['spec.upstreams: at least one upstream is required'])
    expect(specsOf(carried)['AgentgatewayPolicy tools-unavailable']).toMatchObject({
      traffic: { directResponse: { status: 503 } },
    })
  })
})

describe('an upstream at a URL', () => {
  const targetOf = (more: string) => {
    const carried = become(upstream(more))
    const { mcp } = Object(specsOf(carried)['AgentgatewayBackend tools'])
    return { target: mcp?.targets[0]?.static, told: told(carried), state: carried.served?.upstreams[0] }
  }

  it('is reached with TLS, a default path and its credential', () => {
    const { target, state } = targetOf(`kind: http, endpoint: "https://mcp.github.com", ${bearer('pat')}`)
    expect(target).toEqual({
      host: 'mcp.github.com',
      port: 443,
      path: '/mcp',
      protocol: 'StreamableHTTP',
      policies: { auth: { secretRef: { name: 'pat', key: 'token' } }, tls: {} },
    })
    expect(state).toEqual({
      name: 'github',
      state: 'Ready',
      message: 'https://mcp.github.com:443/mcp, with the default path /mcp',
    })
    expect(targetOf('kind: http, endpoint: "http://h:81/x"').target).toMatchObject({ host: 'h', port: 81, path: '/x' })
  })

  it('gets the word Bearer once, whether or not the Secret has it', () => {
    expect(targetOf(`endpoint: "http://h", ${bearer('worded')}`).target.policies.auth).toEqual({
      secretRef: { name: 'worded', key: 'token' },
      location: { header: { name: 'Authorization' } },
    })
  })

  it('is left out while its Secret is missing, and named', () => {
    const carried = become(
      `{upstreams: [{name: a, endpoint: "http://a", ${bearer('gone')}}, {name: b, endpoint: "http://b"}]}`,
    )
    const { mcp } = Object(specsOf(carried)['AgentgatewayBackend tools'])
    expect(mcp.targets.map(({ name }: { name: string }) => name)).toEqual(['b'])
    expect(mcp.prefixMode).toBe('Always')
    expect(carried.unresolved).toEqual([{ path: 'spec.upstreams[0]', what: 'Secret ns/gone' }])
    expect(carried.served?.upstreams).toMatchObject([
      { name: 'a', state: 'Failed', message: 'Secret ns/gone not found' },
      { name: 'b', state: 'Ready' },
    ])
    const alone = become(upstream(`endpoint: "http://a", ${bearer('gone')}`))
    expect(specsOf(alone)['AgentgatewayPolicy tools-unavailable']).toMatchObject({
      traffic: { directResponse: { body: 'MCP ns/tools cannot be used: Secret ns/gone not found' } },
    })
  })

  it.each([
    [
      'endpoint: "ftp://h"',
      'spec.upstreams[0].endpoint: must be an http or https URL, such as https://mcp.example.com/mcp',
    ],
    ['kind: http', 'spec.upstreams[0].endpoint: is required for kind http'],
    ['kind: grpc', 'spec.upstreams[0].kind: must be http, mcpRef or stdio'],
    [
      'endpoint: "http://h", auth: {mode: oauth}',
      'spec.upstreams[0].auth.mode: must be bearer, header, passthrough or none',
    ],
    ['endpoint: "http://h", auth: {mode: bearer}', 'spec.upstreams[0].auth.secretRef: is required for mode bearer'],
    [
      'endpoint: "https://u:p@h"',
      'spec.upstreams[0].endpoint: must have no credentials, query or fragment; credentials belong into a Secret',
    ],
  ])('with %s is refused', (more, problem) => {
    expect(targetOf(more).told[0]).toBe(problem)
  })

  it('with a field that nobody knows has it named', () => {
    expect(targetOf('endpoint: "http://h", retries: 3').told).toEqual([
      '! spec.upstreams[0].retries: spec.upstreams[0].retries has no effect: agentgateway has nothing like it',
    ])
  })
})

describe('an upstream that is another object', () => {
  const other = (name: string, spec: string) => foreign(agentkubeMcp, name, spec)
  const refers = (name: string) => upstream(`kind: mcpRef, ref: {name: ${name}}`)

  it('is its Service', () => {
    const carried = become(refers('other'), [other('other', '{port: 9001}')])
    expect(specsOf(carried)['AgentgatewayBackend tools']).toMatchObject({
      mcp: { targets: [{ static: { host: 'other.ns.svc.cluster.local', port: 9001, path: '/mcp' } }] },
    })
  })

  it('is named when it is missing', () => {
    expect(become(refers('gone')).unresolved).toEqual([{ path: 'spec.upstreams[0]', what: 'MCP ns/gone' }])
  })

  it('must not lead back', () => {
    expect(told(become(refers('tools')))).toContain('spec.upstreams[0].ref: tools → tools is a circle')
    const circle = become(refers('a'), [other('a', refers('b')), other('b', refers('tools'))])
    expect(told(circle)).toContain('spec.upstreams[0].ref: tools → a → b → tools is a circle')
  })
})

describe('an upstream that is a process', () => {
  it('has a Deployment and a Service of its own', () => {
    const carried = become(upstream('kind: stdio, image: i, cmd: /srv, args: [stdio], secretRefs: [{name: pat}]'))
    expect(carried.workload.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ServiceAccount tools-github',
      'ConfigMap tools-github',
      'Service tools-github',
      'Deployment tools-github',
    ])
    expect(specsOf(carried)['AgentgatewayBackend tools']).toMatchObject({
      mcp: { targets: [{ static: { host: 'tools-github.ns.svc.cluster.local', port: 3000 } }] },
    })
  })

  it('says what it lacks', () => {
    expect(told(become(upstream('kind: stdio, auth: {mode: bearer}')))).toEqual([
      'spec.upstreams[0].auth: a process gets its credentials by secretRefs',
      'spec.upstreams[0].cmd: the command to start is required for kind stdio',
      'spec.upstreams[0].image: the image to run it in is required for kind stdio',
    ])
  })
})

describe('tools', () => {
  const listed = (upstream: string, mode: 'allow' | 'deny', ...names: string[]) => ({ upstream, mode, names })
  const open = (upstream: string) => ({ upstream, mode: 'all' as const, names: [] })

  it('of one upstream are filtered without hiding those of the others, or prompts and resources', () => {
    expect(toolRules([listed('a', 'allow', 'x', 'y'), open('b'), listed('c', 'deny', 'z')])).toEqual({
      allow: [
        'mcp.tool.target == "a" && mcp.tool.name in ["x", "y"]',
        'mcp.tool.target == "b"',
        'mcp.tool.target == "c"',
        'has(mcp.prompt)',
        'has(mcp.resource)',
      ],
      deny: ['mcp.tool.target == "c" && mcp.tool.name in ["z"]'],
    })
  })

  it('are all there without filters, and none with an empty list', () => {
    expect(toolRules([open('a'), open('b')])).toEqual({ allow: [], deny: [] })
    expect(toolRules([listed('a', 'allow')]).allow[0]).toBe('mcp.tool.target == "a" && mcp.tool.name in []')
    expect(toolRules([listed('a', 'deny')])).toEqual({ allow: [], deny: [] })
  })

  it('become policies of the backend', () => {
    const specs = specsOf(become(upstream('endpoint: "http://h", tools: {mode: allow, allow: [a]}')))
    expect(specs['AgentgatewayPolicy tools-tools']).toMatchObject({
      targetRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'tools' }],
      backend: { mcp: { authorization: { action: 'Allow' } } },
    })
    expect(
      specsOf(become(upstream('endpoint: "http://h", tools: {mode: deny, deny: [a]}')))[
        'AgentgatewayPolicy tools-no-tools'
      ],
    ).toMatchObject({ backend: { mcp: { authorization: { action: 'Deny' } } } })
  })

  it('that are listed in a way that cannot be meant are not open', () => {
    const carried = become(upstream('endpoint: "http://h", tools: {mode: some, allow: [a]}'))
    expect(told(carried)).toContain('spec.upstreams[0].tools.mode: must be allow, deny or all')
    expect(told(become(upstream('endpoint: "http://h", tools: {mode: allow, deny: [a]}')))).toEqual([
      'spec.upstreams[0].tools.deny: does not go with mode allow',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import type { AgentgatewayBackend, BackendSpec } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import type { ForeignObject } from '../dialects/carried.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy } from '../kube/gateway-types.ts'
import { byLabels } from '../kube/labels.ts'
import { keyOf, refOf } from '../kube/object.ts'
import type { InferencePool } from '../kube/route-types.ts'
import { backendContext, backendLinks, translateBackend } from './backends.ts'
import { featureContext } from './feature-context.ts'
import type { NamespaceLabels } from './gateway-plan.ts'
import type { Permission } from './grants.ts'
import { type McpService, mcpServiceOf } from './mcp-targets.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

interface World {
  readonly services?: readonly Service[]
  readonly secrets?: readonly Secret[]
  readonly pools?: readonly InferencePool[]
  readonly servers?: readonly ForeignObject[]
}

const meta = (name: string, namespace = 'ns') => ({ name, namespace })
const service = (name: string, more: Partial<Service> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  ...more,
})
const secret = (name: string, data: Readonly<Record<string, string>>): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: meta(name),
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
})
const pool = (name: string): InferencePool => ({
  apiVersion: 'inference.networking.k8s.io/v1',
  kind: 'InferencePool',
  metadata: meta(name),
  spec: { targetPorts: [{ number: 8000 }] },
})
const backend = (spec: BackendSpec | undefined): AgentgatewayBackend => ({
  apiVersion: 'agentgateway.dev/v1alpha1',
  kind: 'AgentgatewayBackend',
  metadata: { ...meta('b'), generation: 3 },
  ...(spec && { spec }),
})

function translate(spec: BackendSpec | undefined, world: World = {}, gateways: readonly string[] = ['gw/one']) {
  const { services = [], secrets = [], pools = [], servers = [] } = world
  const byKey = <T extends { readonly metadata: { readonly name: string } }>(list: readonly T[]) =>
    list.map((each) => [keyOf(each), each] as const)
  const settings = { ...DEFAULT_TRANSLATE_SETTINGS, enableInferencePool: true }
  const read = {
    services: readerOf(byKey(services)),
    secrets: readerOf(byKey(secrets), byLabels),
    configmaps: readerOf<ConfigMap>([], byLabels),
    agentgatewaybackends: readerOf<AgentgatewayBackend>([]),
    inferencepools: readerOf(byKey(pools)),
    permissions: readerOf<Permission>([]),
    agentgatewaypolicies: readerOf<AgentgatewayPolicy>([], { target: () => [] }),
    backendtlspolicies: readerOf<BackendTlsPolicy>([], { target: () => [] }),
    namespaces: readerOf<NamespaceLabels>([]),
    mcpServices: readerOf(
      services.flatMap(mcpServiceOf).map((each): [string, McpService] => [each.key, each]),
      { namespace: ({ namespace }) => [namespace] },
    ),
    mcpservers: readerOf(byKey(servers)),
  }
  const object = backend(spec)
  const owner = refOf(object)
  const features = featureContext({ owner, read, settings }).ctx
  return translateBackend(object, backendContext(features, { from: owner, read, settings }, read), { gateways })
}

const contents = (...args: Parameters<typeof translate>) =>
  translate(...args).resources.map(({ resource }) => (resource.kind === 'backend' ? resource.backend : undefined))
const accepted = (...args: Parameters<typeof translate>) => {
  const { status } = translate(...args)
  return status?.body.shape === 'conditions' ? status.body.conditions[0] : undefined
}
const failure = (...args: Parameters<typeof translate>) => {
  const found = accepted(...args)
  expect([found?.status, found?.reason]).toEqual(['False', 'TranslationError'])
  expect(translate(...args).resources).toEqual([])
  return found?.message
}
const name = { namespace: 'ns', name: 'b' }
const key = 'ns/b'

describe('backends', () => {
  it('become one resource for each gateway that needs them, under a key without kind', () => {
    const { resources, status } = translate({ static: { host: 'h', port: 80 } }, {}, ['gw/one', 'gw/two'])
    const content = { kind: 'backend', backend: { key, name, static: { host: 'h', port: 80 }, inlinePolicies: [] } }
    expect(resources.map(({ gateway, resource }) => [gateway, resource])).toEqual([
      ['gw/one', content],
      ['gw/two', content],
    ])
    expect(status?.generation).toBe(3)
  })

  it('are accepted even if no gateway needs them', () => {
    expect(accepted({ static: { host: 'h', port: 80 } }, {}, [])).toEqual({
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: 'Backend successfully accepted',
    })
  })

  it.each<[string, BackendSpec, object]>([
    ['Unix sockets', { static: { unixPath: '/run/x' } }, { static: { unixPath: '/run/x' } }],
    ['dynamic forward proxies', { dynamicForwardProxy: {} }, { dynamic: {} }],
    [
      'AgentCore runtimes',
      { aws: { agentCore: { agentRuntimeArn: 'arn:aws:bedrock-agentcore:us-east-1:1:runtime/x', qualifier: 'q' } } },
      { aws: { agentCore: { agentRuntimeArn: 'arn:aws:bedrock-agentcore:us-east-1:1:runtime/x', qualifier: 'q' } } },
    ],
  ])('may be %s', (_, spec, arm) => expect(contents(spec)).toEqual([{ key, name, ...arm, inlinePolicies: [] }]))

  it('that are agents have the a2a policy in front of all others', () => {
    expect(contents({ a2a: { host: 'agent', port: 9000 }, policies: { http: { version: 'HTTP2' } } })).toEqual([
      {
        key,
        name,
        static: { host: 'agent', port: 9000 },
        inlinePolicies: [{ a2a: {} }, { backendHttp: expect.objectContaining({ version: 'HTTP2' }) }],
      },
    ])
  })

  it('of no known type, or without any, are refused', () => {
    expect(failure({})).toBe('failed to translate backend: unknown backend')
    expect(failure(undefined)).toBe('failed to translate backend: unknown backend')
    expect(failure({ aws: {} })).toBe('failed to translate backend: AwsBackend: agentCore is required')
    expect(failure({ aws: { agentCore: { agentRuntimeArn: 'arn:aws:s3:::x' } } })).toBe(
      'failed to translate backend: AwsBackend: "arn:aws:s3:::x" is not the ARN of an agent runtime (arn:aws:bedrock-agentcore:<region>:<account>:runtime/<id>)',
    )
  })

  it('are sent to nobody when a policy of theirs is broken, with every error in one message', () => {
    const spec = {
      static: { host: 'h', port: 80 },
      policies: {
        auth: { secretRef: { name: 'gone' } },
        tls: { mtlsCertificateRef: [{ name: 'gone-too' }] },
      },
    }
    expect(failure(spec)).toBe('failed to translate backend: secret ns/gone-too not found\nsecret ns/gone not found')
  })
})

describe('AI backends', () => {
  const group = (...providers: readonly object[]) => ({ ai: { groups: [{ providers }] } })

  it('call their only provider "backend"', () => {
    expect(contents({ ai: { provider: { openai: { model: 'gpt-4' } } } })).toEqual([
      {
        key,
        name,
        ai: { providerGroups: [{ providers: [{ name: 'backend', openai: { model: 'gpt-4' } }] }] },
        inlinePolicies: [],
      },
    ])
  })

  it('keep a provider whose own policy is broken, with a credential that opens nothing', () => {
    const spec = group({ name: 'a', openai: {}, policies: { auth: { secretRef: { name: 'gone' } } } })
    expect(accepted(spec)?.status).toBe('True')
    expect(contents(spec)[0]?.ai?.providerGroups?.[0]?.providers?.[0]?.inlinePolicies).toEqual([
      expect.objectContaining({ auth: expect.objectContaining({ key: {} }) }),
    ])
    expect(translate(spec).problems).toEqual([
      {
        reason: 'TranslationError',
        severity: 'warning',
        path: 'spec.ai.groups[0].providers[0].policies.auth.secretRef',
        message: 'secret ns/gone not found',
      },
    ])
  })

  it('leave out groups without providers', () => {
    const spec = { ai: { groups: [{ providers: [] }, { providers: [{ name: 'a', gemini: {} }] }] } }
    expect(contents(spec)[0]?.ai?.providerGroups).toHaveLength(1)
  })

  it('send custom providers to Services and InferencePools of their namespace', () => {
    const formats = [{ type: 'Messages', path: '/m' }]
    const provider = (backendRef: object) => ({ ai: { provider: { custom: { formats, backendRef } } } })
    const world = { services: [service('llm')], pools: [pool('llm-pool')] }
    const target = (ref: object) =>
      contents(provider(ref), world)[0]?.ai?.providerGroups?.[0]?.providers?.[0]?.providerBackend
    expect(target({ name: 'llm', port: 8080 })).toEqual({
      service: { hostname: 'llm.ns.svc.cluster.local', namespace: 'ns' },
      port: 8080,
    })
    expect(target({ group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'llm-pool', port: 1 })).toEqual({
      service: { hostname: 'llm-pool.ns.inference.cluster.local', namespace: 'ns' },
      port: 8000,
    })
    expect(failure(provider({ name: 'gone', port: 80 }), world)).toBe(
      'failed to translate backend: failed to translate LLM provider: backend(gone.ns.svc.cluster.local) not found',
    )
    expect(failure(provider({ kind: 'AgentgatewayBackend', group: 'agentgateway.dev', name: 'b' }), world)).toBe(
      'failed to translate backend: failed to translate LLM provider: custom provider backendRef may target only Service or InferencePool',
    )
  })
})

describe('MCP backends', () => {
  const mcp = (...targets: readonly object[]) => ({ mcp: { targets } })

  it('have a backend of its own for each target with a host', () => {
    const auth = { key: 'k' }
    const spec = mcp({ name: 't', static: { host: 'h', port: 80, path: 'sse', protocol: 'SSE', policies: { auth } } })
    expect(contents(spec)).toEqual([
      {
        key: 'ns/b/t',
        name,
        static: { host: 'h', port: 80 },
        inlinePolicies: [{ auth: expect.objectContaining({ key: expect.objectContaining({ secret: 'k' }) }) }],
      },
      {
        key,
        name,
        mcp: {
          targets: [{ name: 't', backend: { backend: 'ns/b/t' }, path: 'sse', protocol: 'SSE' }],
          statefulMode: 'STATEFUL',
          failureMode: 'FAIL_CLOSED',
          prefixMode: 'CONDITIONAL',
        },
        inlinePolicies: [],
      },
    ])
  })

  it('find Services by name, and expand selectors where they stand', () => {
    const tools = service('tools', { spec: { ports: [{ port: 9, appProtocol: 'kgateway.dev/mcp' }] } })
    const spec = mcp(
      { name: 'all', selector: { services: {} } },
      { name: 'web', static: { backendRef: { name: 'web' }, port: 80 } },
    )
    const found = contents(spec, { services: [tools, service('web')] })[0]?.mcp?.targets
    expect(found?.map((target) => [target.name, target.backend?.port, target.protocol])).toEqual([
      ['tools-9', 9, 'STREAMABLE_HTTP'],
      ['web', 80, undefined],
    ])
  })

  it('find MCPServers by name, whether or not their Services are there yet', () => {
    const server = (spec: object): ForeignObject => ({
      apiVersion: 'kagent.dev/v1alpha1',
      kind: 'MCPServer',
      metadata: meta('github'),
      spec,
    })
    const stdio = server({ transportType: 'stdio', deployment: { port: 12001 } })
    const target = (port: number) =>
      mcp({ name: 't', static: { backendRef: { kind: 'MCPServer', name: 'github' }, port } })
    const found = contents(target(12001), { servers: [stdio] })[0]?.mcp?.targets
    expect(found).toEqual([
      {
        name: 't',
        backend: { service: { hostname: 'github.ns.svc.cluster.local', namespace: 'ns' }, port: 12001 },
        path: '/mcp',
      },
    ])
    const http = server({ transportType: 'http', httpTransport: { targetPort: 3000, path: '/rpc' } })
    expect(contents(target(3000), { servers: [http] })[0]?.mcp?.targets?.[0]?.path).toBe('/rpc')
    expect(failure(target(80), { servers: [stdio] })).toContain('MCPServer github has port 12001, not 80')
    expect(failure(target(80))).toContain('mcp backendRef MCPServer ns/github not found')
  })

  it('are fine without a single target', () => {
    expect(accepted(mcp({ name: 'none', selector: { services: {} } }))?.status).toBe('True')
  })

  it('report broken targets together, but a reference that leads nowhere alone', () => {
    const broken = (of: string) => ({ auth: { secretRef: { name: of } } })
    const host = (at: string) => ({ name: at, static: { host: 'h', port: 80, policies: broken(`${at}-key`) } })
    expect(failure(mcp(host('a'), host('b')))).toBe(
      'failed to translate backend: secret ns/a-key not found\nsecret ns/b-key not found',
    )
    const nowhere = { name: 'c', static: { backendRef: { name: 'gone' }, port: 80 } }
    expect(failure({ ...mcp(host('a'), nowhere), policies: broken('top') })).toBe(
      'failed to translate backend: secret ns/top not found\nmcp backendRef service ns/gone not found',
    )
    expect(failure(mcp({ name: 'c', static: { backendRef: {}, port: 80 } }))).toBe(
      'failed to translate backend: mcp backendRef name is required',
    )
  })

  it('take the secret of a target from its Secret', () => {
    const spec = mcp({ name: 't', static: { host: 'h', port: 80, policies: { auth: { secretRef: { name: 's' } } } } })
    const secrets = [secret('s', { Authorization: 'Bearer token\n' })]
    expect(contents(spec, { secrets })[0]?.inlinePolicies?.[0]?.auth?.key?.secret).toBe('token')
  })
})

describe('what backends use', () => {
  const links = (spec: BackendSpec) => backendLinks(backend(spec)).map(({ to }) => to)
  const tunnel = (ref: object) => ({ tunnel: { backendRef: ref } })

  it('is what their policies, providers and targets refer to, each once', () => {
    const other = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'proxy' }
    expect(
      links({
        static: { host: 'h', port: 80 },
        policies: { ...tunnel(other), extAuth: { backendRef: { name: 'auth', namespace: 'sec', port: 1 } } },
      }),
    ).toEqual(['AgentgatewayBackend/ns/proxy', 'Service/sec/auth'])
    expect(
      links({
        ai: {
          groups: [
            {
              providers: [
                { name: 'a', custom: { formats: [], backendRef: { name: 'llm' } }, policies: tunnel({ name: 'p' }) },
                { name: 'b', custom: { formats: [], backendRef: { name: 'llm' } } },
              ],
            },
          ],
        },
      }),
    ).toEqual(['Service/ns/llm', 'Service/ns/p'])
    expect(
      links({ mcp: { targets: [{ name: 't', static: { host: 'h', port: 1, policies: tunnel(other) } }] } }),
    ).toEqual(['AgentgatewayBackend/ns/proxy'])
    expect(links({ mcp: { targets: [{ name: 't', static: { backendRef: { name: 'svc' }, port: 1 } }] } })).toEqual([])
  })
})

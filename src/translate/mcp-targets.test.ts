import { describe, expect, it } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import type { McpSelector } from '../features/backends/backend.ts'
import type { Service } from '../kube/core-types.ts'
import { namespaceLabels } from './gateway-plan.ts'
import { type McpService, mcpServiceOf, selectMcpPorts } from './mcp-targets.ts'

type Labels = Readonly<Record<string, string>>
interface Shape {
  readonly labels?: Labels
  readonly annotations?: Labels
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly appProtocol?: string }[]
}

const mcpPort = { port: 80, appProtocol: 'agentgateway.dev/mcp' }
const service = (namespace: string, name: string, { ports = [mcpPort], ...metadata }: Shape = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name, ...metadata },
  spec: { ports },
})

function select(
  selector: McpSelector,
  services: readonly Service[],
  namespaces: Readonly<Record<string, Labels>> = {},
) {
  const seen = services.flatMap(mcpServiceOf)
  const spaces = Object.entries(namespaces).map(([name, labels]) =>
    namespaceLabels({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }),
  )
  return selectMcpPorts(selector, 'spec.mcp.targets[0].selector', {
    namespace: 'own',
    clusterDomain: 'cluster.local',
    read: {
      mcpServices: readerOf(
        seen.map((each): [string, McpService] => [each.key, each]),
        { namespace: (each) => [each.namespace] },
      ),
      namespaces: readerOf(spaces.map((each) => [each.name, each] as const)),
    },
  })
}
const names = (...args: Parameters<typeof select>) => select(...args).value?.map(({ name }) => name)

describe('selectors of MCP targets', () => {
  it('yield one target per port that speaks MCP, named after the port', () => {
    const ports = [
      { port: 80, appProtocol: 'agentgateway.dev/mcp' },
      { name: 'legacy', port: 90, appProtocol: 'kgateway.dev/mcp-sse' },
      { name: 'web', port: 8080, appProtocol: 'http' },
      { port: 9090 },
    ]
    expect(select({ services: {} }, [service('own', 'tools', { ports })]).value).toEqual([
      {
        name: 'tools-80',
        reference: { service: { hostname: 'tools.own.svc.cluster.local', namespace: 'own' }, port: 80 },
        path: '',
        protocol: 'STREAMABLE_HTTP',
      },
      {
        name: 'tools-legacy',
        reference: { service: { hostname: 'tools.own.svc.cluster.local', namespace: 'own' }, port: 90 },
        path: '',
        protocol: 'SSE',
      },
    ])
  })

  it('take name and path from annotations, the newer path annotation first', () => {
    const annotations = {
      'agentgateway.dev/mcp-target-name': 'named',
      'agentgateway.dev/mcp-path': '/new',
      'kgateway.dev/mcp-path': '/old',
    }
    const old = { 'kgateway.dev/mcp-path': '/old', 'agentgateway.dev/mcp-http-path': '/unread' }
    const found = select({ services: {} }, [
      service('own', 'a', { annotations }),
      service('own', 'b', { annotations: old }),
    ])
    expect(found.value?.map(({ name, path }) => [name, path])).toEqual([
      ['named', '/new'],
      ['b-80', '/old'],
    ])
  })

  it('stay in the own namespace unless they select namespaces, and an empty selection is all of them', () => {
    const services = [service('zoo', 'z'), service('own', 'o'), service('prod', 'p')]
    const namespaces = { own: {}, prod: { env: 'prod' } }
    expect(names({ services: {} }, services, namespaces)).toEqual(['o-80'])
    expect(names({ namespaces: {} }, services, namespaces)).toEqual(['o-80', 'p-80', 'z-80'])
    expect(names({ namespaces: { matchLabels: { env: 'prod' } } }, services, namespaces)).toEqual(['p-80'])
    expect(names({ namespaces: { matchLabels: { env: 'dev' } } }, services, namespaces)).toEqual([])
  })

  it('match labels of Services beside those of namespaces', () => {
    const services = [service('own', 'a', { labels: { app: 'mcp' } }), service('own', 'b')]
    expect(names({ services: { matchLabels: { app: 'mcp' } } }, services)).toEqual(['a-80'])
  })

  it('fail as a whole for a selector that cannot be evaluated', () => {
    const services = { matchExpressions: [{ key: 'app', operator: 'Like' }] }
    expect(select({ services }, [])).toEqual({
      value: undefined,
      problems: [
        {
          reason: 'TranslationError',
          path: 'spec.mcp.targets[0].selector.services',
          message: 'invalid service selector: "Like" is not a valid label selector operator',
        },
      ],
    })
    expect(select({ namespaces: services }, []).problems[0]?.message).toMatch(/^invalid namespace selector: /)
  })

  it('fail as a whole for a matched Service whose name annotation is no name', () => {
    const bad = service('own', 'a', { annotations: { 'agentgateway.dev/mcp-target-name': 'invalid_target' } })
    const { value, problems } = select({ services: {} }, [bad])
    expect(value).toBeUndefined()
    expect(problems[0]?.message).toMatch(
      /^invalid Service own\/a annotation agentgateway.dev\/mcp-target-name value "invalid_target": must be a valid Gateway API SectionName: a lowercase RFC 1123 subdomain/,
    )
  })
})

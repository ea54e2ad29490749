import { describe, expect, it } from 'vitest'
import { createRun } from '../cli/run.ts'
import type { KubeObject } from '../kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const mcpPorts = [{ port: 80, appProtocol: 'agentgateway.dev/mcp' }]

function object(apiVersion: string, kind: string, path: string, more: object = {}): KubeObject {
  const [namespace = '', name = ''] = path.split('/')
  const made = { apiVersion, kind, metadata: { name, namespace }, ...more }
  return made
}
const backend = (path: string, spec: object) =>
  object('agentgateway.dev/v1alpha1', 'AgentgatewayBackend', path, { spec })
const service = (path: string, ports: readonly object[]) => object('v1', 'Service', path, { spec: { ports } })
const selecting = (selector: object) => ({ mcp: { targets: [{ name: 't', selector }] } })

/** A graph with these objects, and how often backends are translated by further ones. */
async function started(objects: readonly KubeObject[]) {
  const run = createRun(DEFAULT_TRANSLATE_SETTINGS)
  const { graph } = run.pipeline
  run.set(objects)
  await graph.commit()
  const runs = () => graph.stats().find(({ name }) => name === 'translate/backends')?.runs ?? 0
  const runsFor = async (object: KubeObject) => {
    const before = runs()
    run.set([object])
    await graph.commit()
    return runs() - before
  }
  return { run, runsFor }
}

describe('what makes a backend be translated again', () => {
  it('are the Services that its selectors can see, and of those only what selectors see', async () => {
    const { runsFor } = await started([
      backend('a/own', selecting({ services: {} })),
      backend('b/own', selecting({ services: { matchLabels: { app: 'x' } } })),
      backend('b/all', selecting({ namespaces: {} })),
      backend('b/host', { static: { host: 'h', port: 80 } }),
    ])
    expect(await runsFor(service('a/web', [{ port: 80 }]))).toBe(0)
    expect(await runsFor(service('a/mcp', mcpPorts))).toBe(2)
    expect(await runsFor(service('c/mcp', mcpPorts))).toBe(1)
    const relabelled = service('a/mcp', [...mcpPorts, { port: 81 }])
    expect(await runsFor(relabelled)).toBe(0)
    expect(await runsFor(object('v1', 'Namespace', '/c', { metadata: { name: 'c', labels: { env: 'x' } } }))).toBe(0)
  })

  it('are the labels of namespaces where it selects by them', async () => {
    const { runsFor } = await started([backend('a/prod', selecting({ namespaces: { matchLabels: { env: 'prod' } } }))])
    const namespace = (labels: object) => object('v1', 'Namespace', '/c', { metadata: { name: 'c', labels } })
    expect(await runsFor(namespace({ env: 'prod' }))).toBe(1)
    expect(await runsFor(service('c/mcp', mcpPorts))).toBe(1)
    expect(await runsFor(service('d/mcp', mcpPorts))).toBe(0)
  })

  it('are the Secrets that it names, found or not', async () => {
    const auth = (name: string) => ({ static: { host: 'h', port: 80 }, policies: { auth: { secretRef: { name } } } })
    const { runsFor } = await started([backend('a/one', auth('key')), backend('a/two', auth('other'))])
    expect(await runsFor(object('v1', 'Secret', 'a/key', { data: { Authorization: 'eA==' } }))).toBe(1)
    expect(await runsFor(object('v1', 'Secret', 'b/key', { data: {} }))).toBe(0)
  })
})

describe('an MCP target written without the static wrapper', () => {
  it('leads to the Service, and recovers when that appears', async () => {
    const target = { name: 'mcp-target', backendRef: { name: 'mcp-website-fetcher' }, port: 80, protocol: 'SSE' }
    const written = backend('kubelb/mcp-backend', { mcp: { targets: [target] } })
    const { run, runsFor } = await started([
      written,
      object(GATEWAY_API, 'GatewayClass', '/agentgateway', {
        spec: { controllerName: 'agentgateway.dev/agentgateway' },
      }),
      object(GATEWAY_API, 'Gateway', 'kubelb/agentgateway-proxy', {
        spec: { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', protocol: 'HTTP', port: 8080 }] },
      }),
      object(GATEWAY_API, 'HTTPRoute', 'kubelb/mcp', {
        spec: {
          parentRefs: [{ name: 'agentgateway-proxy' }],
          rules: [{ backendRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'mcp-backend' }] }],
        },
      }),
    ])
    const sent = () => run.result('').resources.find(({ name }) => name === 'backend/kubelb/mcp-backend')?.resource
    const accepted = () => run.result('').statuses.find(({ kind }) => kind === 'AgentgatewayBackend')?.status
    expect(sent()).toBeUndefined()
    expect(accepted()).toMatchObject({
      conditions: [
        {
          reason: 'TranslationError',
          message: 'failed to translate backend: mcp backendRef service kubelb/mcp-website-fetcher not found',
        },
      ],
    })
    expect(await runsFor(service('kubelb/mcp-website-fetcher', [{ port: 80 }]))).toBe(1)
    expect(sent()).toMatchObject({
      backend: {
        mcp: {
          targets: [
            {
              name: 'mcp-target',
              protocol: 'SSE',
              backend: { service: { hostname: 'mcp-website-fetcher.kubelb.svc.cluster.local' }, port: 80 },
            },
          ],
        },
      },
    })
    const message = expect.stringContaining(
      'spec.mcp.targets[0]: write static.backendRef, static.port, static.protocol',
    )
    expect(accepted()).toMatchObject({ conditions: [{ reason: 'Accepted', message }] })
  })
})

import { describe, expect, it } from 'vitest'
import { createRun } from '../cli/run.ts'
import type { KubeObject } from '../kube/object.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

const OURS = 'agentgateway.dev'
const API = 'gateway.networking.k8s.io'

function object(kind: string, name: string, spec: object, apiVersion = `${OURS}/v1alpha1`): KubeObject {
  const made = { apiVersion, kind, metadata: { name, namespace: 'ns' }, spec }
  return made
}

const gateway = (name: string) =>
  object(
    'Gateway',
    name,
    { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    `${API}/v1`,
  )
const gatewayClass: KubeObject & { readonly spec: object } = {
  apiVersion: `${API}/v1`,
  kind: 'GatewayClass',
  metadata: { name: 'agentgateway' },
  spec: { controllerName: 'agentgateway.dev/agentgateway' },
}
const route = (name: string, backend: string, parents = ['gw']) =>
  object(
    'HTTPRoute',
    name,
    {
      parentRefs: parents.map((parent) => ({ name: parent })),
      rules: [{ name: 'r', backendRefs: [{ group: OURS, kind: 'AgentgatewayBackend', name: backend }] }],
    },
    `${API}/v1`,
  )
const backend = (name: string, policies?: object) =>
  object('AgentgatewayBackend', name, { mcp: { targets: [{ name: 't', static: { host: 'h', port: 80 } }] }, policies })

const forBackend = (name: string) => ({ group: OURS, kind: 'AgentgatewayBackend', name })
const forGateway = (name: string) => ({ group: API, kind: 'Gateway', name })
const forRoute = (name: string, sectionName?: string) => ({ group: API, kind: 'HTTPRoute', name, sectionName })

const login = (name: string, target: object, more: object = {}) =>
  object('AgentgatewayPolicy', name, {
    targetRefs: [target],
    backend: {
      mcp: {
        authentication: {
          issuer: `https://${name}.example`,
          audiences: ['a'],
          jwks: { url: `https://${name}.example/certs` },
          ...more,
        },
      },
    },
  })

async function started(objects: readonly KubeObject[]) {
  const run = createRun(DEFAULT_TRANSLATE_SETTINGS)
  const { pipeline } = run
  run.set([gatewayClass, gateway('gw'), route('r', 'be'), backend('be'), ...objects])
  await pipeline.graph.commit()
  const snapshot = new Snapshot()
  snapshot.follow(pipeline.xds)
  snapshot.publish(1)
  /** The login that a backend carries itself on a gateway. */
  const carried = (name = 'be', of = 'ns/gw') => {
    for (const { resources } of pipeline.translations.list()) {
      for (const { gateway, resource } of resources) {
        if (gateway !== of || resource.kind !== 'backend' || resource.backend.key !== `ns/${name}`) continue
        return (resource.backend.inlinePolicies ?? []).flatMap(({ mcpAuthentication }) => mcpAuthentication ?? [])
      }
    }
    return undefined
  }
  /** Names of the policies that proxies are sent. */
  const sent = () =>
    snapshot.list('ns/gw').flatMap(({ encoded: { name } }) => (name.startsWith('policy/') ? [name] : []))
  return { carried, sent, pipeline }
}

/** A login with these keys. */
const closed = (name: string) => [
  expect.objectContaining({ issuer: `https://${name}.example`, jwksInline: '{"keys":[]}', mode: 'STRICT' }),
]

describe('a login whose keys are not known', () => {
  it('is carried by the backend that its policy targets, and the policy itself is not sent', async () => {
    const { carried, sent, pipeline } = await started([login('l', forBackend('be'))])
    expect(carried()).toEqual(closed('l'))
    expect(sent()).toEqual([])
    // People see it all the same.
    expect(pipeline.xds.list().map(({ encoded }) => encoded.name)).toContain('policy/ns/l:mcp-authentication:ns/be')
  })

  it.each([
    ['a Gateway', forGateway('gw')],
    ['a route', forRoute('r')],
    ['a rule of a route', forRoute('r', 'r')],
  ])('is carried by the backends behind %s', async (_, target) => {
    expect((await started([login('l', target)])).carried()).toEqual(closed('l'))
  })

  it('is carried by the backends of the routes that a route delegates to, as far as the rule is meant', async () => {
    const delegating = (name: string, children: readonly string[], parentRefs: readonly object[]) =>
      object(
        'HTTPRoute',
        name,
        {
          parentRefs,
          rules: children.map((child) => ({
            name: child,
            backendRefs: [{ group: API, kind: 'HTTPRoute', name: child }],
          })),
        },
        `${API}/v1`,
      )
    const child = (name: string, backend: string, parent: string): KubeObject => {
      const { spec, ...rest } = Object(route(name, backend))
      return { ...rest, spec: { ...spec, parentRefs: [{ group: API, kind: 'HTTPRoute', name: parent }] } }
    }
    const tree = [
      delegating('top', ['middle', 'side'], [{ name: 'gw' }]),
      delegating('middle', ['leaf'], [{ group: API, kind: 'HTTPRoute', name: 'top' }]),
      ...[child('leaf', 'deep', 'middle'), child('side', 'beside', 'top'), backend('deep'), backend('beside')],
    ]
    const whole = await started([...tree, login('l', forRoute('top'))])
    expect([whole.carried('deep'), whole.carried('beside')]).toEqual([closed('l'), closed('l')])
    const rule = await started([...tree, login('l', forRoute('top', 'middle'))])
    expect([rule.carried('deep'), rule.carried('beside'), rule.carried()]).toEqual([closed('l'), [], []])
  })

  it('is carried nowhere else', async () => {
    const others = [gateway('other'), route('r2', 'be', ['other']), route('r3', 'be3', ['other']), backend('be3')]
    const { carried } = await started([...others, login('l', forGateway('gw')), login('l2', forRoute('r', 'missing'))])
    expect([carried('be'), carried('be', 'ns/other'), carried('be3', 'ns/other')]).toEqual([closed('l'), [], []])
  })

  it('gives way to the one that the backend has of its own, whether that is complete or refuses the whole backend', async () => {
    const own = { mcp: { authentication: { issuer: 'https://own', jwks: { url: 'https://own/certs' } } } }
    expect((await started([login('l', forGateway('gw')), backend('be', own)])).carried()).toBeUndefined()
  })

  it('decides before that of the Gateway, and after that of a route', async () => {
    const both = [login('l', forBackend('be')), login('g', forGateway('gw'))]
    expect((await started(both)).carried()).toEqual(closed('l'))
    expect((await started([...both, login('r', forRoute('r'))])).carried()).toEqual(closed('r'))
  })

  it('keeps its mode, and closes nothing where nobody is to be refused', async () => {
    const optional = await started([login('l', forBackend('be'), { mode: 'Optional' })])
    expect(optional.carried()).toMatchObject([{ mode: 'OPTIONAL', jwksInline: '{"keys":[]}' }])
    expect((await started([login('l', forBackend('be'), { mode: 'Permissive' })])).carried()).toEqual([])
  })
})

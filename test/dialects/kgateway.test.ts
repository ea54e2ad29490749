// kgateway's kinds through the whole program: routes reach Backends, policies filter tools, and the originals are told.
import { describe, expect, it } from 'vitest'
import { createWorld, short, translated } from './world.ts'

const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ns}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: 8080, protocol: HTTP}]}
`
const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: mcp, namespace: ns}
spec:
  parentRefs: [{name: gw}]
  rules: [{backendRefs: [{name: tools, group: gateway.kgateway.dev, kind: Backend}]}]
`
const backend = (targets: string) => `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: Backend
metadata: {name: tools, namespace: ns}
spec: {type: MCP, mcp: {targets: [${targets}]}}
`
const fixed = backend('{name: one, static: {host: one.test, port: 3000}}')
const policy = (more = '') => `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: allowed, namespace: ns}
spec:
  targetRefs: [{name: tools, kind: Backend, group: gateway.networking.k8s.io}]
  rbac: {policy: {matchExpressions: ['mcp.tool.name in ["a"]'${more}]}}
`

const service = (name: string, appProtocol = 'kgateway.dev/mcp') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ns, labels: {app: everything}}
spec: {selector: {app: everything}, ports: [{port: 3001, appProtocol: ${appProtocol}}]}
`

describe('a route to a Backend', () => {
  it('resolves, and its gateway receives the Backend under its own name', async () => {
    const seen = await translated(gateway, route, fixed)
    expect(short(seen.statusOf('HTTPRoute ns/mcp').parents?.[0]?.conditions)).toEqual([
      'Accepted=True/Accepted',
      'ResolvedRefs=True/ResolvedRefs',
    ])
    expect(short(seen.statusOf('Backend ns/tools').conditions)).toEqual(['Accepted=True/Accepted'])
    expect(Object.keys(seen.resourcesOf('ns/gw'))).toContain('backend/ns/tools')
    const owned = seen.resources.filter(({ owners }) => owners.some(({ kind }) => kind === 'Backend'))
    expect(owned.map(({ name }) => name)).toEqual(['backend/ns/tools', 'backend/ns/tools/one'])
    expect(seen.problems).toEqual([])
  })

  it('from another namespace needs a grant for that very kind', async () => {
    const away = route
      .replace('namespace: ns', 'namespace: other')
      .replace('kind: Backend', 'kind: Backend, namespace: ns')
    const open = gateway.replace('protocol: HTTP', 'protocol: HTTP, allowedRoutes: {namespaces: {from: All}}')
    const parent = away.replace('{name: gw}', '{name: gw, namespace: ns}')
    const grant = `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: ns}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other}]
  to: [{group: gateway.kgateway.dev, kind: Backend}]
`
    const resolved = async (...more: string[]) => {
      const seen = await translated(open, parent, fixed, ...more)
      return seen.statusOf('HTTPRoute other/mcp').parents?.[0]?.conditions.find(({ type }) => type === 'ResolvedRefs')
        ?.reason
    }
    expect(await resolved()).toBe('RefNotPermitted')
    expect(await resolved(grant)).toBe('ResolvedRefs')
  })

  it('that cannot be carried over is answered with an error, and the Backend says why', async () => {
    const seen = await translated(gateway, route, backend('{static: {host: h, port: 3000}}'))
    expect(seen.statusOf('Backend ns/tools').conditions).toMatchObject([
      { type: 'Accepted', status: 'False', reason: 'Invalid', message: 'spec.mcp.targets[0].name: a name is required' },
    ])
    expect(Object.keys(seen.resourcesOf('ns/gw'))).not.toContain('backend/ns/tools')
  })
})

describe('selectors', () => {
  const selecting = backend('{name: s, selector: {service: {matchLabels: {app: everything}}}}')

  it('find Services as they come and go, and the status counts them', async () => {
    const world = createWorld()
    const messageAfter = async (...services: string[]) => {
      const seen = await world.apply(gateway, route, selecting, ...services)
      return seen.statusOf('Backend ns/tools').conditions?.[0]?.message
    }
    expect(await messageAfter(service('a'))).toBe('Backend accepted; 1 target: a-3001; tools keep their names')
    expect(await messageAfter(service('a'), service('b', 'kgateway.dev/mcp-sse'))).toBe(
      "Backend accepted; 2 targets: a-3001, b-3001; names of tools begin with their target's",
    )
    expect(await messageAfter()).toContain('no targets: no port of a selected Service has appProtocol')
  })
})

describe('a policy on a Backend', () => {
  it('filters tools although its group is wrong, and says so', async () => {
    const seen = await translated(gateway, route, fixed, policy())
    expect(seen.resourcesOf('ns/gw')['policy/ns/allowed:mcp-authorization:ns/tools']).toMatchObject({
      policy: { backend: { mcpAuthorization: { allow: ['mcp.tool.name in ["a"]'] } } },
    })
    const [ancestor] = seen.statusOf('TrafficPolicy ns/allowed').ancestors ?? []
    expect(ancestor?.ancestorRef).toEqual({
      group: 'gateway.kgateway.dev',
      kind: 'Backend',
      name: 'tools',
      namespace: 'ns',
    })
    expect(short(ancestor?.conditions)).toEqual(['Accepted=True/Valid', 'Attached=True/Attached'])
    expect(ancestor?.conditions[0]?.message).toContain('the group of Backend is gateway.kgateway.dev')
  })

  it('is gone when it is deleted', async () => {
    const world = createWorld()
    await world.apply(gateway, route, fixed, policy())
    const seen = await world.apply(gateway, route, fixed)
    expect(Object.keys(seen.resourcesOf('ns/gw')).filter((name) => name.startsWith('policy/'))).toEqual([])
  })

  it('with a rule that is no CEL is not accepted, and the rule is found in its file', async () => {
    const seen = await translated(gateway, route, fixed, policy(`, 'mcp.tool.name = "b"'`))
    expect(short(seen.statusOf('TrafficPolicy ns/allowed').ancestors?.[0]?.conditions)).toContain(
      'Accepted=False/Invalid',
    )
    expect(seen.problems.filter(({ severity }) => severity !== 'warning')).toMatchObject([
      { path: 'spec.rbac.policy.matchExpressions[1]', message: expect.stringContaining('==') },
    ])
  })

  it('is not attached while nothing serves the Backend', async () => {
    const seen = await translated(gateway, fixed, policy())
    expect(short(seen.statusOf('TrafficPolicy ns/allowed').ancestors?.[0]?.conditions)).toContain(
      'Attached=False/Pending',
    )
  })

  it('to a Backend that is not there is refused for that target alone', async () => {
    const seen = await translated(gateway, route, policy())
    expect(seen.statusOf('TrafficPolicy ns/allowed').ancestors?.[0]?.conditions).toMatchObject([
      { type: 'Accepted', status: 'False', message: expect.stringContaining('Backend tools not found') },
      { type: 'Attached', status: 'False' },
    ])
  })
})

describe('a name that is taken', () => {
  it('stays with the object of our own kind, and the other one is told', async () => {
    const ours = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: tools, namespace: ns}
spec: {static: {host: ours.test, port: 80}}
`
    const seen = await translated(gateway, route, fixed, ours)
    expect(seen.resourcesOf('ns/gw')['backend/ns/tools']).toMatchObject({ backend: { static: { host: 'ours.test' } } })
    expect(short(seen.statusOf('AgentgatewayBackend ns/tools').conditions)).toEqual(['Accepted=True/Accepted'])
    expect(seen.statusOf('Backend ns/tools').conditions).toMatchObject([
      {
        status: 'False',
        message: expect.stringContaining('what this object becomes exists already: AgentgatewayBackend ns/tools'),
      },
    ])
  })
})

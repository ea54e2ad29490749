// kgateway's documentation, "Dynamic MCP": rows D of the acceptance list.
import { describe, expect, test } from 'vitest'
import { createWorld, short, translated } from '../dialects/world.ts'
import { seed } from './seeds.ts'
import { at, deployed, resource, validated } from './world.ts'

const manifests = seed('D-dynamic-mcp')
const GATEWAY = 'default/agentgateway'
const without = (...kinds: string[]) =>
  manifests
    .split('\n---\n')
    .filter((document) => !kinds.some((kind) => new RegExp(`^kind: ${kind}$`, 'm').test(document)))
    .join('\n---\n')
const second = (appProtocol: string) => `
apiVersion: v1
kind: Service
metadata: {name: second, labels: {app: mcp-server-everything}}
spec: {ports: [{port: 3001, appProtocol: ${appProtocol}}]}
`

describe('Dynamic MCP', () => {
  test('D-02: a Service that can be selected is nothing yet, and nothing is wrong with it', async () => {
    const seen = await translated(without('Backend', 'Gateway', 'HTTPRoute'))
    expect(seen.resources).toEqual([])
    expect(seen.problems).toEqual([])
  })

  test('D-03: the Backend as printed is accepted, and says how many targets it has', async () => {
    const { objects, problems } = await validated('D-dynamic-mcp')
    expect(objects.find(({ object }) => object === 'Backend default/mcp-backend')?.verdict).toBe('accepted')
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    const [accepted] = (await translated(manifests)).statusOf('Backend default/mcp-backend').conditions ?? []
    expect(accepted).toMatchObject({
      status: 'True',
      message: expect.stringContaining('1 target: mcp-server-everything-3001; tools keep their names'),
    })
  })

  test('D-04: the Gateway is programmed', async () => {
    const status = (await translated(manifests)).statusOf(`Gateway ${GATEWAY}`)
    expect(short(status.conditions)).toEqual(['Accepted=True/Accepted', 'Programmed=True/Programmed'])
  })

  test('D-05: the route is accepted and its reference resolves', async () => {
    const { parents } = (await translated(manifests)).statusOf('HTTPRoute default/mcp')
    expect(short(parents?.[0]?.conditions)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'])
  })

  test('D-06: the Deployment is called like the Gateway, and the proxy listens on the port of the listener', async () => {
    expect(Object.keys(await deployed(manifests))).toContain('Deployment default/agentgateway')
    expect(resource(await translated(manifests), GATEWAY, 'bind/8080/default/agentgateway')).toMatchObject({
      bind: { port: 8080 },
    })
  })

  test('D-07: the one target is the Service itself, so that tools keep their names', async () => {
    const backend = resource(await translated(manifests), GATEWAY, 'backend/default/mcp-backend')
    expect(at(backend, 'backend', 'mcp', 'targets')).toEqual([
      {
        name: 'mcp-server-everything-3001',
        backend: {
          service: { namespace: 'default', hostname: 'mcp-server-everything.default.svc.cluster.local' },
          port: 3001,
        },
        protocol: 'STREAMABLE_HTTP',
      },
    ])
  })

  test('D-08: a second Service is a second target without an edit, and the status says that names of tools change', async () => {
    const world = createWorld()
    await world.apply(manifests)
    const seen = await world.apply(manifests, second('kgateway.dev/mcp'))
    expect(seen.statusOf('Backend default/mcp-backend').conditions?.[0]?.message).toContain(
      "2 targets: mcp-server-everything-3001, second-3001; names of tools begin with their target's",
    )
  })

  test('D-09: without any target the status says so', async () => {
    const world = createWorld()
    await world.apply(manifests)
    const seen = await world.apply(without('Service'))
    expect(at(resource(seen, GATEWAY, 'backend/default/mcp-backend'), 'backend', 'mcp')).toEqual({})
    expect(seen.statusOf('Backend default/mcp-backend').conditions?.[0]?.message).toContain('no targets')
  })

  test('D-10: a Service that speaks only the older transport is a target, too', async () => {
    const seen = await translated(without('Service'), second('kgateway.dev/mcp-sse'))
    const backend = resource(seen, GATEWAY, 'backend/default/mcp-backend')
    expect(at(backend, 'backend', 'mcp', 'targets', 0)).toMatchObject({ name: 'second-3001', protocol: 'SSE' })
  })

  test('D-11: whatever is deleted first, the rest says what is missing, and the proxy goes with the Gateway', async () => {
    const world = createWorld()
    await world.apply(manifests)
    await world.apply(without('Deployment'))
    const noService = await world.apply(without('Deployment', 'Service'))
    expect(noService.statusOf('Backend default/mcp-backend').conditions?.[0]?.message).toContain('no targets')
    const noBackend = await world.apply(without('Deployment', 'Service', 'Backend'))
    expect(short(noBackend.statusOf('HTTPRoute default/mcp').parents?.[0]?.conditions)).toContain(
      'ResolvedRefs=False/BackendNotFound',
    )
    const noGateway = await world.apply(without('Deployment', 'Service', 'Backend', 'Gateway'))
    expect(noGateway.resources).toEqual([])
    expect((await world.apply('')).statuses.map(({ kind }) => kind)).toEqual(['GatewayClass'])
    expect(await deployed(without('Gateway'))).toEqual({})
  })
})

// The whole program with a real API server: what it writes into statuses, and what it leaves alone.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ClusterClient } from '../../src/cluster/client.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { FakeProxy } from '../xds/fake-proxy.ts'
import { type Controller, startController } from './controller.ts'
import { applyAll, clientOf, eventually, newNamespace, objectsOf, resourceOf, sharedCluster } from './harness.ts'

const group = 'gateway.networking.k8s.io'
const gateways = { group, version: 'v1', plural: 'gateways', namespaced: true }
const routes = { group, version: 'v1', plural: 'httproutes', namespaced: true }
const classes = { group, version: 'v1', plural: 'gatewayclasses', namespaced: false }
const events = { group: '', version: 'v1', plural: 'events', namespaced: true }
const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true }
const us = 'agentgateway.dev/agentgateway'

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly observedGeneration: number
}
interface Parent {
  readonly controllerName: string
  readonly conditions: readonly Condition[]
}
interface Status {
  readonly conditions?: readonly Condition[]
  readonly parents?: readonly Parent[]
  readonly listeners?: readonly { readonly name: string; readonly attachedRoutes: number }[]
  readonly attachedListenerSets?: number
}

function statusOf(object: KubeObject | undefined): Status {
  return (object as { readonly status?: Status } | undefined)?.status ?? {}
}

function said(conditions: readonly Condition[] = []): readonly string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`).toSorted()
}

function gateway(namespace: string, className = 'agentgateway', name = 'gw'): KubeObject {
  const listeners = [{ name: 'http', port: 8080, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }]
  const object = {
    apiVersion: `${group}/v1`,
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: { gatewayClassName: className, listeners },
  }
  return object
}

function route(namespace: string, name: string, more: object = {}): KubeObject {
  const object = {
    apiVersion: `${group}/v1`,
    kind: 'HTTPRoute',
    metadata: { name, namespace },
    spec: { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs: [{ name: 'svc', port: 80 }] }], ...more },
  }
  return object
}

function service(namespace: string): KubeObject {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'svc', namespace },
    spec: { ports: [{ port: 80 }] },
  }
  return object
}

describe('serving a cluster', () => {
  let client: ClusterClient
  let kubeconfig: string
  let namespace: string
  let running: Controller[]
  beforeAll(async () => {
    ;({ client, kubeconfig } = await sharedCluster())
  })
  afterAll(() => client.close())
  beforeEach(async () => {
    namespace = await newNamespace(client)
    running = []
  })
  afterEach(async () => {
    await Promise.all(running.map((controller) => controller.kill()))
    // What one test leaves behind must not count in the next.
    for (const kind of [routes, gateways]) {
      const { items } = await client.list(kind, { namespace })
      for (const { metadata } of items) await client.delete(kind, metadata)
    }
  })

  async function start(flags: readonly string[] = []): Promise<Controller> {
    const controller = await startController({ kubeconfig, namespace, flags })
    running.push(controller)
    return controller
  }

  /** Keeps replicas from writing until it is let go. */
  async function holdLease(): Promise<() => Promise<void>> {
    const now = new Date().toISOString().replace('Z', '000Z')
    const lease = (holderIdentity: string, leaseDurationSeconds: number, resourceVersion?: string) => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'agentgateway-agentgateway', namespace, resourceVersion },
      spec: { holderIdentity, leaseDurationSeconds, renewTime: now },
    })
    const held = await client.create(leases, lease('somebody', 3600))
    return async () => {
      await client.replace(leases, lease('', 1, held.metadata.resourceVersion))
    }
  }

  const get = (kind: typeof gateways, name: string) => client.get(kind, { namespace, name })

  async function untilWritten(controller: Controller): Promise<void> {
    let before = -1
    await eventually(async () => {
      const now = await controller.metric('agentgateway_status_writes_total', { kind: 'HTTPRoute' })
      const isSame = now === before
      before = now
      await new Promise((resolve) => setTimeout(resolve, 300))
      if (!isSame) throw new Error(`${now} statuses written so far`)
    }, 60_000)
  }

  it('makes the class, and says of each object what became of it', async () => {
    await applyAll(client, [
      ...objectsOf(`
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: openai, namespace: ${namespace}}
spec:
  ai:
    provider:
      openai: {model: gpt-4o-mini}
  policies:
    auth:
      secretRef: {name: openai-secret}
---
apiVersion: v1
kind: Secret
metadata: {name: openai-secret, namespace: ${namespace}}
stringData: {Authorization: key}
---
apiVersion: ${group}/v1
kind: HTTPRoute
metadata: {name: openai, namespace: ${namespace}}
spec:
  parentRefs: [{name: gw}]
  rules:
  - backendRefs: [{name: openai, group: agentgateway.dev, kind: AgentgatewayBackend}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: retries, namespace: ${namespace}}
spec:
  targetRefs: [{group: ${group}, kind: HTTPRoute, name: openai}]
  traffic:
    retry: {attempts: 2, codes: [503]}
`),
      gateway(namespace),
      route(namespace, 'broken'),
    ])
    const controller = await start()
    expect(await controller.isReady()).toBe(true)
    await eventually(async () => {
      const object = await client.get(classes, { name: 'agentgateway' })
      expect(object).toMatchObject({ spec: { controllerName: us } })
      expect(said(statusOf(object).conditions)).toEqual(['Accepted=True/Accepted'])
      const status = statusOf(await get(gateways, 'gw'))
      expect(said(status.conditions)).toEqual(['Accepted=True/Accepted', 'Programmed=True/Programmed'])
      expect(status.listeners).toMatchObject([{ name: 'http', attachedRoutes: 2 }])
      const good = statusOf(await get(routes, 'openai')).parents?.[0]
      expect(said(good?.conditions)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'])
      const bad = statusOf(await get(routes, 'broken')).parents?.[0]
      expect(said(bad?.conditions)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=False/BackendNotFound'])
      for (const [kind, status] of [
        ['AgentgatewayBackend', { conditions: [{ type: 'Accepted', status: 'True' }] }],
        ['AgentgatewayPolicy', { ancestors: [{ conditions: [{ status: 'True' }, { status: 'True' }] }] }],
      ] as const) {
        const apiVersion = 'agentgateway.dev/v1alpha1'
        const name = kind === 'AgentgatewayBackend' ? 'openai' : 'retries'
        const object = await client.get(await resourceOf(client, { apiVersion, kind }), { namespace, name })
        expect(object).toMatchObject({ status })
      }
    })
    await client.delete(classes, { name: 'agentgateway' })
    await eventually(async () => expect(await client.get(classes, { name: 'agentgateway' })).toBeDefined())
    expect(await controller.stop()).toBe(0)
    expect(await client.get(leases, { namespace, name: 'agentgateway-agentgateway' })).toMatchObject({
      spec: { holderIdentity: '' },
    })
  })

  it('writes a thousand statuses without translating anything again', async () => {
    const release = await holdLease()
    await applyAll(client, [gateway(namespace), service(namespace)])
    const names = Array.from({ length: 1_000 }, (_, i) => `r${i}`)
    const controller = await start()
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (const name of names.filter((__, i) => i % 8 === worker)) await client.apply(routes, route(namespace, name))
      }),
    )
    await eventually(async () => {
      expect(await controller.metric('agentgateway_objects', { kind: 'httproutes' })).toBeGreaterThanOrEqual(1_000)
    })
    const runs = async () =>
      Promise.all(['translate/httproutes', 'translate/gateways', 'xds/httproutes', 'xds/gateways'].map(controller.runs))
    const before = await runs()
    await release()
    await eventually(async () => {
      const all = await client.list(routes, { namespace })
      expect(all.items.filter((item) => statusOf(item).parents?.length === 1)).toHaveLength(1_000)
    }, 60_000)
    await untilWritten(controller)
    expect(await runs()).toEqual(before)
    expect(before[0]).toBeGreaterThanOrEqual(1_000)
  })

  it('tells a Gateway of a thousand new routes in at most thirty writes', async () => {
    await applyAll(client, [gateway(namespace), service(namespace)])
    const controller = await start()
    await eventually(async () => expect(statusOf(await get(gateways, 'gw')).listeners).toHaveLength(1))
    const written = () => controller.metric('agentgateway_status_writes_total', { kind: 'Gateway', result: 'written' })
    const before = await written()
    for (let i = 0; i < 1_000; i += 4)
      await Promise.all([0, 1, 2, 3].map((k) => client.apply(routes, route(namespace, `r${i + k}`))))
    await eventually(async () => {
      expect(statusOf(await get(gateways, 'gw')).listeners).toMatchObject([{ attachedRoutes: 1_000 }])
    }, 30_000)
    expect((await written()) - before).toBeLessThanOrEqual(30)
  })

  it('goes on writing within twenty seconds when the leader is lost, and at once when it is stopped', async () => {
    await applyAll(client, [gateway(namespace)])
    const first = await start()
    await eventually(async () => expect(await first.metric('agentgateway_leader')).toBe(1))
    const second = await start()
    const proxies = [first, second].map((replica) =>
      new FakeProxy({ port: replica.xdsPort(), gateway: `${namespace}/gw` }).connect(),
    )
    await eventually(() => expect(proxies.map(({ readyTypes }) => readyTypes.size)).toEqual([2, 2]))
    const [ofFirst, ofSecond] = proxies
    const [answered, ofOther] = [ofFirst?.responses.length ?? 0, ofSecond?.responses.length]
    await first.kill()
    const killedAt = performance.now()
    // As its Service would lead it, with what it holds: it is resent nothing.
    await eventually(() => expect(ofFirst?.ending).toBeDefined())
    ofFirst?.connect(second.xdsPort())
    await eventually(() => expect(ofFirst?.responses.length).toBe(answered + 2))
    expect(ofFirst?.responses.slice(answered).map(({ resources, removed }) => [resources, removed])).toEqual([
      [[], []],
      [[], []],
    ])
    expect([ofSecond?.responses.length, ofSecond?.ending]).toEqual([ofOther, undefined])
    await client.apply(routes, route(namespace, 'late'))
    await eventually(async () => expect(statusOf(await get(routes, 'late')).parents).toHaveLength(1), 25_000)
    expect(performance.now() - killedAt).toBeLessThan(20_000)
    for (const proxy of proxies) proxy.disconnect()
    const third = await start()
    expect(await second.stop()).toBe(0)
    const stoppedAt = performance.now()
    await eventually(async () => expect(await third.metric('agentgateway_leader')).toBe(1))
    expect(performance.now() - stoppedAt).toBeLessThan(4_000)
  })

  it('takes back what it said when a Gateway goes to another controller, and leaves what that one says', async () => {
    await applyAll(client, [
      gateway(namespace),
      route(namespace, 'r'),
      ...objectsOf(`
apiVersion: ${group}/v1
kind: GatewayClass
metadata: {name: other-${namespace}}
spec: {controllerName: example.com/other}
`),
    ])
    await start()
    await eventually(async () => expect(statusOf(await get(routes, 'r')).parents).toHaveLength(1))
    await eventually(async () => expect(statusOf(await get(gateways, 'gw')).listeners).toHaveLength(1))
    const theirs = {
      controllerName: 'example.com/other',
      parentRef: { name: 'elsewhere', group, kind: 'Gateway' },
      conditions: [{ type: 'X', status: 'True', reason: 'X', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    }
    await eventually(async () => {
      const current = await get(routes, 'r')
      if (current === undefined) throw new Error('gone')
      const parents = [...(statusOf(current).parents ?? []), theirs]
      await client.replaceStatus(routes, { ...current, ...{ status: { parents } } })
    })
    await client.apply(gateways, gateway(namespace, `other-${namespace}`))
    await eventually(async () => {
      const status = statusOf(await get(gateways, 'gw'))
      expect(said(status.conditions)).toEqual(['Accepted=Unknown/Pending', 'Programmed=Unknown/Pending'])
      expect([status.listeners, status.attachedListenerSets]).toEqual([undefined, undefined])
      expect(statusOf(await get(routes, 'r')).parents).toEqual([theirs])
    })
  })

  it('tells of what a proxy refuses, on the Gateway and on the object that is to be mended', async () => {
    await applyAll(client, [gateway(namespace), service(namespace), route(namespace, 'bad')])
    const controller = await start()
    const proxy = new FakeProxy({ port: controller.xdsPort(), gateway: `${namespace}/gw` })
    const cannot = 'the regex does not compile'
    proxy.judge = (name) => (name.includes('/bad') ? { error: cannot } : undefined)
    proxy.connect()
    await eventually(async () => {
      const { conditions } = statusOf(await get(gateways, 'gw'))
      expect(said(conditions)).toEqual(['Accepted=True/Accepted', 'Programmed=False/Invalid'])
      const parent = statusOf(await get(routes, 'bad')).parents?.[0]
      expect(said(parent?.conditions)).toContain('PartiallyInvalid=True/UnsupportedValue')
      expect(parent?.conditions).toContainEqual(
        expect.objectContaining({ type: 'PartiallyInvalid', message: expect.stringContaining(cannot) }),
      )
      const { items } = await client.list(events, { namespace })
      expect(items).toContainEqual(
        expect.objectContaining({
          ...{ type: 'Warning', reason: 'AgentGatewayNackError', source: { component: us } },
          involvedObject: expect.objectContaining({ kind: 'Gateway', name: 'gw', uid: expect.any(String) }),
        }),
      )
      expect(items).toContainEqual(
        expect.objectContaining({ involvedObject: expect.objectContaining({ kind: 'HTTPRoute', name: 'bad' }) }),
      )
    })
    proxy.judge = () => undefined
    await client.apply(routes, route(namespace, 'bad', { hostnames: ['mended.example.com'] }))
    await eventually(async () => {
      expect(said(statusOf(await get(gateways, 'gw')).conditions)).toContain('Programmed=True/Programmed')
      const parent = statusOf(await get(routes, 'bad')).parents?.[0]
      expect(said(parent?.conditions)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'])
    })
    proxy.disconnect()
  })

  it('and another controller write one status without losing a word', async () => {
    const other = await clientOf(kubeconfig, 'other')
    await applyAll(client, [gateway(namespace), service(namespace), route(namespace, 'shared')])
    const controller = await start()
    for (let i = 0; i < 20; i++) {
      // Ours changes with the spec, theirs with every turn.
      await client.apply(routes, route(namespace, 'shared', { hostnames: [`h${i}.example.com`] }))
      await eventually(async () => {
        const current = await get(routes, 'shared')
        if (current === undefined) throw new Error('gone')
        const rest = (statusOf(current).parents ?? []).filter(({ controllerName }) => controllerName === us)
        const conditions = [
          {
            ...{ type: 'Turn', status: 'True', reason: `Turn${i}`, message: '' },
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ]
        const theirs = { controllerName: 'example.com/other', parentRef: { name: 'x' }, conditions }
        await other.replaceStatus(routes, { ...current, ...{ status: { parents: [...rest, theirs] } } })
      })
    }
    await eventually(async () => {
      const current = await get(routes, 'shared')
      const { parents = [] } = statusOf(current)
      expect(parents.map(({ controllerName }) => controllerName).toSorted()).toEqual([us, 'example.com/other'])
      const [ours, theirs] = [us, 'example.com/other'].map((name) =>
        parents.find(({ controllerName }) => controllerName === name),
      )
      expect(ours?.conditions.map(({ observedGeneration }) => observedGeneration)).toEqual([
        current?.metadata.generation,
        current?.metadata.generation,
      ])
      expect(said(theirs?.conditions)).toEqual(['Turn=True/Turn19'])
    })
    const before = await controller.metric('agentgateway_status_writes_total', { kind: 'HTTPRoute', result: 'written' })
    await untilWritten(controller)
    expect(await controller.metric('agentgateway_status_writes_total', { kind: 'HTTPRoute', result: 'written' })).toBe(
      before,
    )
    other.close()
  })
})

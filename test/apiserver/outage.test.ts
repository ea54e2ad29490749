// What is read when the API server goes, comes back changed, forgets, or learns of kinds late. Each has servers of its own.
import { afterEach, describe, expect, it } from 'vitest'
import type { ClusterClient, WatchRequest } from '../../src/cluster/client.ts'
import { systemTime } from '../../src/cluster/time.ts'
import type { ConfigMap } from '../../src/kube/core-types.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { reflect, type Step } from '../../src/sources/kubernetes/reflector.ts'
import { FakeProxy } from '../xds/fake-proxy.ts'
import { type Controller, startController } from './controller.ts'
import { allCrds, applyAll, eventually, newNamespace, startCluster, type TestCluster } from './harness.ts'

const group = 'gateway.networking.k8s.io'
const routes = { group, version: 'v1', plural: 'httproutes', namespaced: true }
const configMaps = { group: '', version: 'v1', plural: 'configmaps', namespaced: true }
const crdsResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

function world(namespace: string): readonly KubeObject[] {
  const listeners = [{ name: 'http', port: 8080, protocol: 'HTTP' }]
  const objects = [
    {
      apiVersion: `${group}/v1`,
      kind: 'Gateway',
      metadata: { name: 'gw', namespace },
      spec: { gatewayClassName: 'agentgateway', listeners },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'svc', namespace }, spec: { ports: [{ port: 80 }] } },
  ]
  return objects
}

function route(namespace: string, name: string): KubeObject {
  const object = {
    apiVersion: `${group}/v1`,
    kind: 'HTTPRoute',
    metadata: { name, namespace },
    spec: { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs: [{ name: 'svc', port: 80 }] }] },
  }
  return object
}

describe('a cluster in trouble', () => {
  let cluster: TestCluster | undefined
  let running: Controller[] = []
  afterEach(async () => {
    await Promise.all(running.map((controller) => controller.kill()))
    running = []
    await cluster?.stop()
  })

  async function start(at: TestCluster, namespace: string): Promise<Controller> {
    const controller = await startController({ kubeconfig: at.kubeconfig, namespace })
    running.push(controller)
    return controller
  }

  /** Names of the routes that the Gateway's proxies have. */
  async function served(controller: Controller, namespace: string): Promise<readonly string[]> {
    const dump = (await controller.admin(`/config_dump?format=xds&gateway=${namespace}/gw`)) as {
      readonly resources?: readonly { readonly name: string }[]
    }
    return (dump.resources ?? [])
      .map(({ name }) => name)
      .filter((name) => name.startsWith('route/'))
      .map((name) => /\/(r\d+|late)\b/.exec(name)?.[1] ?? name)
      .toSorted()
  }

  const isWritten = async (client: ClusterClient, namespace: string, name: string): Promise<void> =>
    expect(await client.get(routes, { namespace, name })).toMatchObject({ status: { parents: [{}] } })

  it('loses nothing while the API server is gone, and catches up with what changed meanwhile', async () => {
    cluster = await startCluster()
    const { client } = cluster
    const namespace = await newNamespace(client)
    await applyAll(client, [...world(namespace), ...['r1', 'r2', 'r3'].map((name) => route(namespace, name))])
    const controller = await start(cluster, namespace)
    await eventually(async () => expect(await served(controller, namespace)).toEqual(['r1', 'r2', 'r3']))
    await eventually(() => isWritten(client, namespace, 'r3'))
    const proxy = new FakeProxy({ port: controller.xdsPort(), gateway: `${namespace}/gw` }).connect()
    await eventually(() => expect(proxy.readyTypes.size).toBe(2))
    const answered = proxy.responses.length
    const said = () => controller.lines.map(({ msg }) => msg)
    await cluster.stopApiServer()
    const seen = new Set<string>()
    const looking = setInterval(
      () =>
        void served(controller, namespace).then(
          (names) => seen.add(names.join()),
          () => seen.add('failed'),
        ),
      100,
    )
    await cluster.changeBehindItsBack(async (behind) => {
      await behind.delete(routes, { namespace, name: 'r1' })
      await behind.apply(routes, route(namespace, 'r4'))
    })
    await cluster.compact()
    // By then all that is tried again is tried as rarely as it ever will be.
    const lost = 'the Lease is lost: this replica serves on, and writes no more'
    await eventually(() => expect(said()).toContain(lost), 30_000)
    clearInterval(looking)
    expect(proxy.ending).toBeUndefined()
    expect(proxy.responses.slice(answered)).toEqual([])
    expect([...seen]).toEqual(['r1,r2,r3'])
    expect(await controller.isReady()).toBe(true)
    await cluster.startApiServer()
    const backAt = performance.now()
    await eventually(async () => expect(await served(controller, namespace)).toEqual(['r2', 'r3', 'r4']), 20_000)
    await eventually(() => isWritten(client, namespace, 'r4'), 20_000)
    // Five seconds, on a machine that has time.
    expect(performance.now() - backAt).toBeLessThan(10_000)
    await eventually(() => expect(proxy.responses.flatMap(({ removed }) => removed)).toHaveLength(1))
    expect(proxy.ending).toBeUndefined()
    proxy.disconnect()
    expect(said()).toContain('the API server cannot be read; what was read before stays in use')
    await eventually(() => expect(said()).toContain('the API server can be read again'))
  })

  it('does not become ready, nor take what it cannot read for nothing, when it starts without an API server', async () => {
    cluster = await startCluster()
    const { client, kubeconfig } = cluster
    const namespace = await newNamespace(client)
    await applyAll(client, [...world(namespace), route(namespace, 'r1')])
    await cluster.stopApiServer()
    const controller = await startController({ kubeconfig, namespace, isAwaited: false })
    running.push(controller)
    await eventually(() =>
      expect(controller.lines.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/cannot be read/)),
    )
    expect(controller.lines.map(({ msg }) => msg)).not.toContain('ready')
    const impatient = await startController({ kubeconfig, namespace, isAwaited: false })
    await eventually(() => expect(impatient.lines.length).toBeGreaterThan(1))
    expect(await impatient.stop()).toBe(0)
    await cluster.startApiServer()
    await eventually(async () => expect(await served(controller, namespace)).toEqual(['r1']), 30_000)
  })

  it('reads a kind within seconds of its CRD, and forgets it with its CRD', async () => {
    const [late, early] = [true, false].map((isLate) =>
      allCrds().filter(({ metadata }) => metadata.name.endsWith(group) === isLate),
    )
    cluster = await startCluster({ crds: early ?? [] })
    const { client } = cluster
    const namespace = await newNamespace(client)
    const controller = await start(cluster, namespace)
    expect(await controller.isReady()).toBe(true)
    await applyAll(client, late ?? [])
    const installedAt = performance.now()
    await eventually(() => applyAll(client, [...world(namespace), route(namespace, 'late')]))
    await eventually(async () => expect(await served(controller, namespace)).toEqual(['late']), 20_000)
    expect(performance.now() - installedAt).toBeLessThan(10_000)
    await eventually(() => isWritten(client, namespace, 'late'), 20_000)
    await client.delete(crdsResource, { name: `httproutes.${group}` })
    await eventually(async () => expect(await served(controller, namespace)).toEqual([]))
    expect(await controller.isReady()).toBe(true)
  })

  it('is read in pages or as a stream, and again from where it was after a restart of the API server', async () => {
    cluster = await startCluster({ crds: [] })
    const { client } = cluster
    const namespace = await newNamespace(client)
    const configMap = (name: string): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
    })
    await Promise.all(
      Array.from({ length: 4 }, async (_, worker) => {
        for (let i = worker; i < 1_200; i += 4) await client.create(configMaps, configMap(`c${i}`))
      }),
    )
    const asked: string[] = []
    const spying: Pick<ClusterClient, 'list' | 'watch'> = {
      list: (resource, request, signal) => {
        asked.push(`list ${request.limit}`)
        return client.list(resource, request, signal)
      },
      watch: (resource, request: WatchRequest, signal) => {
        asked.push(request.sendsInitialEvents === true ? 'stream' : 'watch')
        return client.watch(resource, request, signal)
      },
    }
    const stop = new AbortController()
    const follow = (hasStreamedLists: boolean) => {
      const state = new Set<string>()
      const steps: Step['step'][] = []
      const options = { client: spying, resource: configMaps, namespace, hasStreamedLists, time: systemTime }
      void (async () => {
        for await (const step of reflect(options, stop.signal)) {
          steps.push(step.step)
          if (step.step === 'whole') state.clear()
          if (step.step === 'whole') for (const { metadata } of step.objects) state.add(metadata.name)
          if (step.step !== 'changes') continue
          for (const { isDeleted, object } of step.changes) {
            if (isDeleted) state.delete(object.metadata.name)
            else state.add(object.metadata.name)
          }
        }
      })()
      return { state, steps }
    }
    const paged = follow(false)
    await eventually(() => expect(asked).toEqual(['list 500', 'list 500', 'list 500', 'watch']))
    const streamed = follow(true)
    await eventually(() => expect(streamed.state.size).toBe(1_200))
    expect(asked.slice(4)).toEqual(['stream'])
    await cluster.stopApiServer()
    await cluster.changeBehindItsBack((behind) => behind.delete(configMaps, { namespace, name: 'c7' }))
    await cluster.startApiServer()
    await client.create(configMaps, configMap('new'))
    for (const { state } of [paged, streamed]) {
      await eventually(() => expect([state.has('c7'), state.has('new'), state.size]).toEqual([false, true, 1_200]))
    }
    stop.abort()
  })
})

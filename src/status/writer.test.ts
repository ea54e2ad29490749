import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeApi, type FakeObject } from '../../test/fake-api.ts'
import { VirtualTime } from '../../test/virtual-time.ts'
import { type ClusterClient, createClient } from '../cluster/client.ts'
import { openConnection } from '../cluster/connection.ts'
import { objectKey } from '../core/keys.ts'
import type { Source } from '../engine/collection.ts'
import { createGraph } from '../engine/graph.ts'
import { keyOf } from '../kube/object.ts'
import type { StatusDraft } from '../translate/model.ts'
import { type ObjectWithStatus, StatusWriter, type StatusWriterOptions } from './writer.ts'

const group = 'gateway.networking.k8s.io'
const gateways = `${group}/v1/gateways`
const routes = `${group}/v1/httproutes`

function object(kind: string, name: string, more: object = {}): FakeObject {
  return { apiVersion: `${group}/v1`, kind, metadata: { name, namespace: 'ns', generation: 1, uid: name }, ...more }
}

function routeDraft(name: string, ...parents: readonly string[]): StatusDraft {
  return {
    object: { group, kind: 'HTTPRoute', namespace: 'ns', name },
    apiVersion: `${group}/v1`,
    generation: 1,
    body: {
      shape: 'route',
      parents: parents.map((parent) => ({
        ref: { group, kind: 'Gateway', namespace: 'ns', name: parent },
        conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted', message: '' }],
      })),
    },
  }
}

function gatewayDraft(attachedRoutes: number, message = ''): StatusDraft {
  return {
    object: { group, kind: 'Gateway', namespace: 'ns', name: 'g' },
    apiVersion: `${group}/v1`,
    generation: 1,
    body: {
      shape: 'gateway',
      conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted', message }],
      listeners: [{ name: 'http', attachedRoutes, supportedKinds: [], conditions: [] }],
      attachedListenerSets: 0,
    },
  }
}

describe('the status writer', () => {
  let api: FakeApi
  let client: ClusterClient
  let time: VirtualTime
  let stop: AbortController
  let graph: ReturnType<typeof createGraph>
  let statuses: Source<StatusDraft>
  let live: Readonly<Record<'gateways' | 'httproutes', Source<ObjectWithStatus>>>
  beforeEach(async () => {
    api = await new FakeApi().start()
    api.serve(`${group}/v1`, 'Gateway', 'gateways')
    api.serve(`${group}/v1`, 'HTTPRoute', 'httproutes')
    client = createClient(openConnection(api.url), { fieldManager: 'us', userAgent: 'x' })
    time = new VirtualTime()
    stop = new AbortController()
    graph = createGraph()
    statuses = graph.source('statuses')
    live = { gateways: graph.source('live/gateways'), httproutes: graph.source('live/httproutes') }
  })
  afterEach(async () => {
    stop.abort()
    client.close()
    await api.stop()
  })

  function start(options: Partial<StatusWriterOptions> = {}) {
    const results: string[] = []
    const logged: string[] = []
    const log = (_: object, message: string) => logged.push(message)
    const resource = (plural: string) => ({ group, version: 'v1', plural, namespaced: true })
    new StatusWriter({
      statuses,
      kinds: [
        { kind: 'Gateway', resource: resource('gateways'), live: live.gateways },
        { kind: 'HTTPRoute', resource: resource('httproutes'), live: live.httproutes },
      ],
      client,
      names: { controllerName: 'us', fieldManager: 'us' },
      log: { debug: () => {}, info: log, warn: log, error: log },
      time,
      onWrite: (kind, result) => results.push(`${kind} ${result}`),
      ...options,
    }).start(stop.signal)
    return { results, logged }
  }

  const until = (isSo: () => boolean): Promise<void> => expect.poll(isSo, { timeout: 5_000, interval: 1 }).toBe(true)
  const puts = (): number => api.requests.filter((request) => request.startsWith('PUT')).length

  /** Puts an object into the API server and into the graph, as a watch would. */
  function store(resource: typeof gateways | typeof routes, stored: FakeObject): void {
    const target = resource === gateways ? live.gateways : live.httproutes
    target.set(keyOf(stored), api.set(resource, stored))
  }

  /** The watch tells what the API server has. */
  async function echo(resource: typeof gateways | typeof routes, name: string): Promise<void> {
    const target = resource === gateways ? live.gateways : live.httproutes
    const found = api.get(resource, `ns/${name}`)
    if (found === undefined) target.delete(`ns/${name}`)
    else target.set(`ns/${name}`, found)
    await graph.commit()
  }

  const draft = (next: StatusDraft): void => statuses.set(objectKey(next.object), next)
  /** Whatever was to be sent has been, when later requests have been answered. */
  async function settled(): Promise<void> {
    for (let i = 0; i < 3; i++) await client.minorVersion()
  }

  it('writes what differs when it starts and when it changes, and nothing when the watch tells of it', async () => {
    store(routes, object('HTTPRoute', 'a'))
    store(routes, object('HTTPRoute', 'b'))
    draft(routeDraft('a', 'g'))
    await graph.commit()
    start()
    await until(() => puts() === 1)
    const written = api.get(routes, 'ns/a')
    expect(written).toMatchObject({
      status: { parents: [{ controllerName: 'us', conditions: [{ type: 'Accepted', observedGeneration: 1 }] }] },
    })
    await echo(routes, 'a')
    draft(routeDraft('b', 'g'))
    await graph.commit()
    await until(() => puts() === 2)
    await echo(routes, 'b')
    await settled()
    expect(puts()).toBe(2)
    expect(api.requests.filter((request) => request.includes('fieldManager=us'))).toHaveLength(2)
  })

  it('does not write the same twice while the watch lags behind', async () => {
    store(routes, object('HTTPRoute', 'a'))
    draft(routeDraft('a', 'g'))
    await graph.commit()
    const { results } = start()
    await until(() => results.length === 1)
    const old = live.httproutes.get('ns/a')
    live.httproutes.set('ns/a', {
      ...object('HTTPRoute', 'a'),
      metadata: { ...old?.metadata, name: 'a', labels: { x: 'y' } },
    })
    await graph.commit()
    draft(routeDraft('a', 'g', 'h'))
    await graph.commit()
    await until(() => results.length === 2)
    expect(results).toEqual(['HTTPRoute written', 'HTTPRoute written'])
  })

  it('reads again on a conflict, and keeps what another controller wrote', async () => {
    store(routes, object('HTTPRoute', 'a'))
    draft(routeDraft('a', 'g'))
    await graph.commit()
    const theirs = { controllerName: 'them', parentRef: { name: 'x' }, conditions: [] }
    api.set(routes, { ...object('HTTPRoute', 'a'), status: { parents: [theirs] } })
    const { results } = start()
    await until(() => results.length === 2)
    expect(results).toEqual(['HTTPRoute conflict', 'HTTPRoute written'])
    expect(api.get(routes, 'ns/a')).toMatchObject({ status: { parents: [theirs, { controllerName: 'us' }] } })
  })

  it('takes its entries out of objects that it has nothing to say about any more', async () => {
    const ours = { controllerName: 'us', parentRef: { name: 'g' }, conditions: [] }
    const theirs = { controllerName: 'them', parentRef: { name: 'x' }, conditions: [] }
    store(routes, object('HTTPRoute', 'a', { status: { parents: [theirs, ours] } }))
    store(routes, object('HTTPRoute', 'b', { status: { parents: [theirs] } }))
    await graph.commit()
    start()
    await until(() => puts() === 1)
    expect(api.get(routes, 'ns/a')).toMatchObject({ status: { parents: [theirs] } })
    await echo(routes, 'a')
    await settled()
    expect(puts()).toBe(1)
  })

  it('tells the first attached route at once, and a thousand more in a few writes', async () => {
    store(gateways, object('Gateway', 'g'))
    draft(gatewayDraft(0))
    await graph.commit()
    start()
    await until(() => puts() === 1)
    for (let i = 1; i <= 1_000; i++) {
      const before = puts()
      draft(gatewayDraft(i))
      await graph.commit()
      time.advance(20)
      if (i % 50 === 0) await settled()
      if (puts() > before) await echo(gateways, 'g')
    }
    time.advance(5_000)
    await until(() => JSON.stringify(api.get(gateways, 'ns/g')).includes('"attachedRoutes":1000'))
    expect(puts()).toBeLessThan(10)
  })

  it('does not keep a condition waiting behind counts', async () => {
    store(gateways, object('Gateway', 'g'))
    draft(gatewayDraft(0))
    await graph.commit()
    start()
    await until(() => puts() === 1)
    draft(gatewayDraft(1))
    await graph.commit()
    await settled()
    expect(puts()).toBe(1)
    draft(gatewayDraft(1, 'news'))
    await graph.commit()
    await until(() => puts() === 2)
    expect(JSON.stringify(api.get(gateways, 'ns/g'))).toContain('news')
    time.advance(10_000)
    await settled()
    expect(puts()).toBe(2)
  })

  it('tries again, less and less often, and lets others pass meanwhile', async () => {
    store(routes, object('HTTPRoute', 'a'))
    store(routes, object('HTTPRoute', 'b'))
    draft(routeDraft('a', 'g'))
    await graph.commit()
    api.faults.push({ matches: /PUT.*\/a\/status/, code: 500, times: 4 })
    const { logged } = start({ parallel: 1 })
    await until(() => puts() === 1)
    draft(routeDraft('b', 'g'))
    await graph.commit()
    await until(() => puts() === 2 && time.waiting === 1)
    const attempts = [1, 1, 1, 1].map((_, i) => 2 ** i * 100)
    for (const ms of attempts) {
      const before = puts()
      time.advance(ms / 2)
      await until(() => puts() === before + 1)
      await settled()
    }
    expect(api.get(routes, 'ns/a')).toHaveProperty('status.parents')
    expect(logged).toEqual(['a status cannot be written; it is tried again'])
  })

  it('gives up on what is gone', async () => {
    store(routes, object('HTTPRoute', 'a'))
    draft(routeDraft('a', 'g'))
    await graph.commit()
    api.delete(routes, 'ns/a')
    const { results } = start()
    await until(() => puts() === 1)
    await settled()
    expect([results, time.waiting]).toEqual([[], 0])
  })

  it('does not write for ever what an older CRD drops', async () => {
    store(gateways, object('Gateway', 'g'))
    draft(gatewayDraft(0))
    await graph.commit()
    const dropping: Pick<ClusterClient, 'get' | 'replaceStatus'> = {
      get: (resource, place) => client.get(resource, place),
      replaceStatus: (resource, { status, ...rest }: ObjectWithStatus) => {
        const { attachedListenerSets: _, ...kept } = status as Record<string, unknown>
        return client.replaceStatus(resource, { ...rest, ...{ status: kept } })
      },
    }
    const { results } = start({ client: dropping })
    for (let i = 0; i < 3; i++) {
      await settled()
      await echo(gateways, 'g')
      time.advance(60_000)
    }
    expect(results).toEqual(['Gateway written'])
    draft(gatewayDraft(3))
    await graph.commit()
    await until(() => results.length === 2)
  })

  it('says what others found out beside translation', async () => {
    store(gateways, object('Gateway', 'g'))
    draft(gatewayDraft(0))
    await graph.commit()
    let tell: (keys: Iterable<string>) => void = () => {}
    let message = ''
    start({
      verdicts: {
        adjust: (before) => (before.body.shape === 'gateway' ? gatewayDraft(0, message) : before),
        observe: (changed) => {
          tell = changed
          return () => {}
        },
      },
    })
    await until(() => puts() === 1)
    message = 'a proxy rejected it'
    tell([objectKey(gatewayDraft(0).object)])
    await until(() => puts() === 2)
    expect(JSON.stringify(api.get(gateways, 'ns/g'))).toContain('a proxy rejected it')
  })

  it('writes nothing after it was stopped', async () => {
    store(routes, object('HTTPRoute', 'a'))
    await graph.commit()
    start()
    stop.abort()
    draft(routeDraft('a', 'g'))
    await graph.commit()
    await settled()
    expect(puts()).toBe(0)
  })
})

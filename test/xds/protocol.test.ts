// The protocol over real gRPC: what proxies get, when, and what they never get.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ADDRESS_TYPE_URL as ADDRESS, RESOURCE_TYPE_URL as RESOURCE } from '../../src/wire/proto.ts'
import type { FakeProxy } from './fake-proxy.ts'
import {
  bind,
  createWorld,
  GATEWAY,
  listener,
  type Replica,
  service,
  versionsOf,
  type World,
  workload,
} from './world.ts'

let world: World
let replica: Replica
beforeEach(async () => {
  world = createWorld()
  world.addGateway(GATEWAY)
  replica = await world.serve()
})
afterEach(() => world.close())

/** A proxy that has everything, and has said so. */
async function synced(gateway = GATEWAY, at = replica): Promise<FakeProxy> {
  const proxy = world.proxy(at, gateway).connect()
  await world.until(() => isSynced(proxy, at))
  return proxy
}

function isSynced(proxy: FakeProxy, at = replica): boolean {
  const gateway = proxy.options.gateway
  return (
    proxy.readyTypes.size === 2 &&
    at.server
      .sessions()
      .filter((session) => session.gateway === gateway)
      .every(({ types }) => ['Address', 'Resource'].every((type) => types[type]?.state === 'synced'))
  )
}

test('nothing is answered before the first commit', async () => {
  const proxy = world.proxy(replica, GATEWAY).connect()
  await world.until(() => replica.events.connected.length === 1)
  expect([proxy.responses, replica.server.sessions()[0]?.types]).toMatchObject([[], { Address: { state: 'waiting' } }])
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  await world.until(() => isSynced(proxy))
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(bind(GATEWAY, 'a')))
})

test('each type is answered at first, even with nothing', async () => {
  await world.commit()
  const proxy = await synced()
  expect(proxy.responses.map(({ typeUrl, resources }) => [typeUrl, resources])).toEqual([
    [ADDRESS, []],
    [RESOURCE, []],
  ])
})

test('the first answer is complete and one message, also beyond the usual limit of 4 MiB', async () => {
  const wide = 'x'.repeat(100_000)
  const entries = Array.from({ length: 60 }, (_, i) => listener(GATEWAY, `l${i}`, `${wide}${i}`))
  world.set(...entries)
  await world.commit()
  const proxy = await synced()
  expect(proxy.of(RESOURCE)).toHaveLength(1)
  expect(proxy.responses.at(-1)?.bytes).toBeGreaterThan(6_000_000)
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(...entries))
})

test('the types are answered in the order in which a proxy asks', async () => {
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY, { types: [RESOURCE, ADDRESS] }).connect()
  await world.until(() => isSynced(proxy))
  expect(proxy.responses.map(({ typeUrl }) => typeUrl)).toEqual([RESOURCE, ADDRESS])
})

test('a response says its commit, and no two of a stream have the same nonce', async () => {
  await world.commit()
  const proxy = await synced()
  for (const port of [81, 82]) {
    world.set(bind(GATEWAY, 'a', port), workload('w', port))
    await world.commit()
    await world.until(() => isSynced(proxy))
  }
  expect(proxy.of(RESOURCE).map(({ commit }) => commit)).toEqual(['1', '2', '3'])
  const nonces = proxy.responses.map(({ nonce }) => nonce)
  expect([new Set(nonces).size, nonces.includes('')]).toEqual([6, false])
})

test('one response of a type is in flight; the next comes from the newest snapshot', async () => {
  world.set(bind(GATEWAY, 'a', 80))
  await world.commit()
  const proxy = await synced()
  proxy.isAnswering = false
  for (const port of [81, 82, 83]) {
    world.set(bind(GATEWAY, 'a', port))
    await world.commit()
  }
  world.set(bind(GATEWAY, 'b'))
  await world.commit()
  await world.until(() => proxy.of(RESOURCE).length === 2)
  proxy.answer()
  await world.until(() => isSynced(proxy))
  const ports = [80, 81, 83].map((port) => bind(GATEWAY, 'a', port).encoded.version)
  const sent = proxy.of(RESOURCE).map(({ resources }) => resources.map(({ version }) => version))
  expect(sent).toEqual([[ports[0]], [ports[1]], [ports[2], bind(GATEWAY, 'b').encoded.version]])
})

test('a type that is not answered does not hold up the other', async () => {
  await world.commit()
  const proxy = await synced()
  proxy.isAnswering = false
  world.set(bind(GATEWAY, 'a', 81))
  await world.commit()
  await world.until(() => proxy.of(RESOURCE).length === 2)
  world.set(workload('w', 1))
  await world.commit()
  await world.until(() => proxy.of(ADDRESS).length === 2)
})

test('changes gather while the socket is full, and a proxy that reads late gets only the newest', async () => {
  const wide = (i: number): ReturnType<typeof listener> => listener(GATEWAY, 'l', 'x'.repeat(5_000_000) + i)
  await world.commit()
  const proxy = await synced()
  proxy.pause()
  world.set(wide(0))
  await world.commit()
  for (let i = 1; i <= 20; i += 1) {
    world.set(wide(i), workload('w', i))
    await world.commit()
  }
  const [session] = replica.server.sessions()
  expect(session?.bytesSent).toBeLessThan(5_100_000)
  proxy.resume()
  const { version } = wide(20).encoded
  await world.until(() => isSynced(proxy) && proxy.held.get(RESOURCE)?.get('listener/l') === version)
  expect(proxy.of(RESOURCE)).toHaveLength(3)
})

test('resources wait for the addresses of their commit', async () => {
  await world.commit()
  const proxy = await synced()
  proxy.isAnswering = false
  world.set(workload('w', 1))
  await world.commit()
  await world.until(() => proxy.of(ADDRESS).length === 2)
  world.set(service('s'), bind(GATEWAY, 'needs-s'))
  await world.commit()
  proxy.answer()
  await world.until(() => isSynced(proxy))
  expect(proxy.responses.slice(-2).map(({ resources }) => resources.map(({ name }) => name))).toEqual([
    ['ns/s.ns'],
    ['bind/needs-s'],
  ])
})

test('resources do not wait for ever while addresses keep changing', async () => {
  await world.commit()
  const proxy = await synced()
  proxy.isAnswering = false
  world.set(workload('w', 1))
  await world.commit()
  await world.until(() => proxy.of(ADDRESS).length === 2)
  world.set(workload('w', 2), bind(GATEWAY, 'a'))
  await world.commit()
  // The answer sends addresses of the second commit; resources go with them although a third is about to come.
  proxy.answer()
  proxy.isAnswering = false
  world.set(workload('w', 3))
  await world.commit()
  await world.until(() => proxy.of(RESOURCE).length === 2)
  expect(proxy.of(ADDRESS).length).toBeLessThanOrEqual(3)
})

test('what is referred to comes before what refers to it, within a response', async () => {
  world.set(listener(GATEWAY, 'l', 'h'), bind(GATEWAY, 'b'), bind(GATEWAY, 'a'))
  await world.commit()
  const proxy = await synced()
  expect(proxy.of(RESOURCE)[0]?.resources.map(({ name }) => name)).toEqual(['bind/a', 'bind/b', 'listener/l'])
})

test('a removal names only what the proxy holds', async () => {
  world.addGateway('ns/other')
  world.set(bind(GATEWAY, 'a'), bind('ns/other', 'a'), bind('ns/other', 'b'))
  await world.commit()
  const [proxy, other] = [await synced(), await synced('ns/other')]
  world.delete(bind(GATEWAY, 'a'), bind('ns/other', 'b'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 0 && other.held.get(RESOURCE)?.size === 1)
  expect(proxy.of(RESOURCE)[1]?.removed).toEqual(['bind/a'])
  expect([...proxy.seenNames]).toEqual(['bind/a'])
  expect(other.of(RESOURCE)[1]?.removed).toEqual(['bind/b'])
})

test('what comes and goes between two answers is never mentioned', async () => {
  await world.commit()
  const proxy = await synced()
  proxy.isAnswering = false
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  await world.until(() => proxy.of(RESOURCE).length === 2)
  world.set(bind(GATEWAY, 'fleeting'))
  await world.commit()
  world.delete(bind(GATEWAY, 'fleeting'))
  world.set(bind(GATEWAY, 'b'))
  await world.commit()
  proxy.answer()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 2)
  expect([...proxy.seenNames]).toEqual(['bind/a', 'bind/b'])
})

test('proxies of other gateways are not written to', async () => {
  world.addGateway('ns/other')
  await world.commit()
  const [proxy, other] = [await synced(), await synced('ns/other')]
  const before = replica.events.pushed.length
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  await world.until(() => isSynced(proxy) && proxy.of(RESOURCE).length === 2)
  expect([replica.events.pushed.length - before, other.responses.length]).toEqual([1, 2])
})

test('a proxy that reconnects with everything is sent nothing again', async () => {
  world.set(bind(GATEWAY, 'a'), service('s'))
  await world.commit()
  const proxy = await synced()
  proxy.connect()
  await world.until(() => proxy.responses.length === 4)
  expect(proxy.responses.slice(2).map(({ resources, removed }) => [resources, removed])).toEqual([
    [[], []],
    [[], []],
  ])
})

test('a proxy that reconnects, to another replica too, is sent the difference, vanished names included', async () => {
  const second = await world.serve()
  world.set(bind(GATEWAY, 'same'), bind(GATEWAY, 'changed'), bind(GATEWAY, 'gone'), service('gone'))
  await world.commit()
  const proxy = await synced()
  proxy.disconnect()
  await world.until(() => replica.server.sessions().length === 0)
  world.set(bind(GATEWAY, 'changed', 81))
  world.delete(bind(GATEWAY, 'gone'), service('gone'))
  await world.commit()
  proxy.connect(second.port)
  await world.until(() => proxy.responses.length === 4)
  expect(
    proxy.responses.slice(2).map(({ resources, removed }) => [resources.map(({ name }) => name), removed]),
  ).toEqual([
    [[], ['ns/gone.ns']],
    [['bind/changed'], ['bind/gone']],
  ])
})

test('a proxy with more names than fit into 4 MiB can reconnect', async () => {
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY)
  for (let i = 0; i < 1000; i += 1) proxy.held.get(RESOURCE)?.set(`route/${'long/'.repeat(1000)}${i}`, `version-${i}`)
  proxy.connect()
  await world.until(() => proxy.of(RESOURCE).length === 1)
  expect([proxy.of(RESOURCE)[0]?.removed.length, [...(proxy.held.get(RESOURCE) ?? [])].length]).toEqual([1000, 1])
})

test('an acknowledgement of another response is ignored', async () => {
  await world.commit()
  const proxy = await synced()
  proxy.isAnswering = false
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  await world.until(() => proxy.of(RESOURCE).length === 2)
  proxy.send({ typeUrl: RESOURCE, responseNonce: 'no such nonce' })
  proxy.send({ typeUrl: RESOURCE, responseNonce: proxy.of(RESOURCE)[0]?.nonce })
  world.set(bind(GATEWAY, 'a', 81), workload('w', 1))
  await world.commit()
  await world.until(() => proxy.of(ADDRESS).length === 2)
  expect(proxy.of(RESOURCE)).toHaveLength(2)
  expect(replica.server.sessions()[0]?.types.Resource?.state).toBe('stale')
})

test('names to subscribe to or to unsubscribe from never filter, and a request without nonce asks for nothing', async () => {
  world.set(bind(GATEWAY, 'a'), bind(GATEWAY, 'b'))
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY).open()
  const names = { resourceNamesSubscribe: ['bind/a'], resourceNamesUnsubscribe: ['bind/b', '*'] }
  proxy.send({ typeUrl: RESOURCE, node: proxy.node(), ...names })
  await world.until(() => proxy.held.get(RESOURCE)?.size === 2)
  proxy.send({ typeUrl: RESOURCE, ...names })
  world.set(bind(GATEWAY, 'c'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 3)
  expect(proxy.responses).toHaveLength(2)
})

test('an unknown type is not answered, and the stream stays', async () => {
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY).open()
  proxy.send({ typeUrl: 'type.googleapis.com/istio.security.Authorization', node: proxy.node() })
  proxy.send({ typeUrl: 'type.googleapis.com/istio.security.Authorization', responseNonce: 'x' })
  proxy.send({ typeUrl: '' })
  proxy.subscribe(RESOURCE)
  await world.until(() => proxy.responses.length === 1)
  expect(proxy.responses[0]?.typeUrl).toBe(RESOURCE)
})

test('what a proxy rejects is recorded and counted, and not sent again until its content changes', async () => {
  const rejectedOf = (): unknown => replica.server.sessions()[0]?.types.Resource
  world.set(bind(GATEWAY, 'bad'), bind(GATEWAY, 'good'))
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY)
  proxy.judge = (name) => (name === 'bind/bad' ? { error: 'unknown protocol' } : undefined)
  proxy.connect()
  await world.until(() => replica.events.rejected.length === 1)
  const version = bind(GATEWAY, 'bad').encoded.version
  const at = '2026-01-01T00:00:00.000Z'
  expect(rejectedOf()).toMatchObject({
    state: 'rejected',
    rejections: [{ name: 'bind/bad', severity: 'error', message: 'unknown protocol', at, version }],
    lastRejection: { at, message: 'bind/bad: unknown protocol' },
  })
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(bind(GATEWAY, 'good')))
  world.set(bind(GATEWAY, 'good', 81))
  await world.commit()
  await world.until(() => proxy.of(RESOURCE).length === 2 && replica.events.acknowledged.length === 2)
  expect(proxy.of(RESOURCE)[1]?.resources.map(({ name }) => name)).toEqual(['bind/good'])
  expect(rejectedOf()).toMatchObject({ state: 'rejected' })
  proxy.judge = () => undefined
  world.set(bind(GATEWAY, 'bad', 81))
  await world.commit()
  await world.until(() => isSynced(proxy))
  expect(rejectedOf()).toMatchObject({ state: 'synced', rejections: [] })
  expect(proxy.readyTypes.has(RESOURCE)).toBe(true)
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(bind(GATEWAY, 'bad', 81), bind(GATEWAY, 'good', 81)))
})

test('a rejected resource that is then deleted is removed', async () => {
  world.set(bind(GATEWAY, 'a', 80))
  await world.commit()
  const proxy = await synced()
  proxy.judge = () => ({ error: 'no' })
  world.set(bind(GATEWAY, 'a', 81))
  await world.commit()
  await world.until(() => replica.events.rejected.length === 1)
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(bind(GATEWAY, 'a', 80)))
  world.delete(bind(GATEWAY, 'a'))
  await world.commit()
  await world.until(() => isSynced(proxy) && proxy.held.get(RESOURCE)?.size === 0)
})

test('a warning is recorded, and counts as taken', async () => {
  world.set(bind(GATEWAY, 'a'))
  const commit = await world.commit()
  const proxy = world.proxy(replica, GATEWAY)
  proxy.judge = () => ({ warn: 'invalid CEL' })
  proxy.connect()
  await world.until(() => isSynced(proxy) && replica.events.rejected.length === 1)
  const [session] = replica.server.sessions()
  expect(session?.types.Resource).toMatchObject({ state: 'synced', rejections: [{ severity: 'warning' }] })
  expect([session?.hasAcknowledged(commit), session?.holds('bind/a')]).toEqual([
    true,
    bind(GATEWAY, 'a').encoded.version,
  ])
})

test('a rejection that is free text is recorded as it is', async () => {
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY)
  proxy.isAnswering = false
  proxy.connect()
  await world.until(() => proxy.responses.length === 2)
  for (const { typeUrl, nonce } of proxy.responses) {
    proxy.send({ typeUrl, responseNonce: nonce, errorDetail: { message: 'cannot say why' } })
  }
  await world.until(() => replica.events.rejected.length === 2)
  const [session] = replica.server.sessions()
  expect(session?.types.Resource).toMatchObject({ state: 'rejected', lastRejection: { message: 'cannot say why' } })
  expect([session?.hasRejections, replica.events.rejected[1]?.message]).toEqual([true, 'cannot say why'])
})

test('a rejection of a type that was never subscribed to is told and does no harm', async () => {
  await world.commit()
  const proxy = world.proxy(replica, GATEWAY).open()
  proxy.send({ typeUrl: RESOURCE, node: proxy.node(), responseNonce: 'x', errorDetail: { message: 'no' } })
  proxy.send({ typeUrl: 'unknown', errorDetail: {} })
  proxy.subscribe(ADDRESS)
  await world.until(() => proxy.responses.length === 1)
  expect(replica.events.rejected).toMatchObject([{ rejections: [], message: 'no' }, { typeUrl: 'unknown' }])
})

test('events tell sizes, commits and how long a proxy has lagged', async () => {
  world.set(bind(GATEWAY, 'a'))
  await world.commit()
  const proxy = await synced()
  expect(replica.events.pushed).toMatchObject([
    { typeUrl: ADDRESS, resources: 0, removed: 0, commit: 1 },
    { typeUrl: RESOURCE, resources: 1, removed: 0, commit: 1, seconds: 0, bytes: proxy.of(RESOURCE)[0]?.bytes },
  ])
  proxy.isAnswering = false
  world.set(bind(GATEWAY, 'b'))
  world.delete(bind(GATEWAY, 'a'))
  await world.commit()
  world.clock.advance(1500)
  proxy.answer()
  await world.until(() => replica.events.acknowledged.length === 3)
  expect(replica.events.pushed[2]).toMatchObject({ typeUrl: RESOURCE, resources: 1, removed: 1, commit: 2 })
  expect(replica.events.acknowledged).toMatchObject([
    { typeUrl: ADDRESS, seconds: 0, commit: 1 },
    { typeUrl: RESOURCE, seconds: 0, commit: 1 },
    { typeUrl: RESOURCE, seconds: 1.5, commit: 2 },
  ])
})

test('which proxies hold which version, and whether all of a gateway have a commit, can be asked', async () => {
  world.set(bind(GATEWAY, 'a', 80))
  await world.commit()
  const [quick, slow] = [await synced(), await synced()]
  const versions = (): unknown => replica.server.sessions().map((session) => session.holds('bind/a'))
  const [before, after] = [80, 81].map((port) => bind(GATEWAY, 'a', port).encoded.version)
  expect(replica.server.gateway(GATEWAY)).toEqual({ proxies: 2, acknowledgedCommit: 1, hasRejections: false })
  slow.isAnswering = false
  world.set(bind(GATEWAY, 'a', 81))
  const commit = await world.commit()
  await world.until(() => slow.of(RESOURCE).length === 2 && replica.events.acknowledged.length === 5)
  expect([quick.responses.length, versions()]).toEqual([3, [after, before]])
  expect(replica.server.gateway(GATEWAY)).toEqual({ proxies: 2, acknowledgedCommit: 1, hasRejections: false })
  expect(replica.server.sessions().map((session) => session.hasAcknowledged(commit))).toEqual([true, false])
  slow.answer()
  await world.until(() => replica.events.acknowledged.length === 6)
  expect([versions(), replica.server.gateway(GATEWAY).acknowledgedCommit]).toEqual([[after, after], commit])
  expect(replica.server.gateway('ns/nobody')).toEqual({ proxies: 0, acknowledgedCommit: 0, hasRejections: false })
})

test('a session says who it is and what it has', async () => {
  world.set(bind(GATEWAY, 'a'), service('s'), service('t'))
  await world.commit()
  const proxy = await synced()
  const at = '2026-01-01T00:00:00.000Z'
  const [session] = replica.server.sessions()
  expect(session).toMatchObject({
    gateway: GATEWAY,
    isKnown: true,
    connectedAt: at,
    node: 'agentgateway~10.0.0.1~gw-0.ns~ns.svc.cluster.local',
  })
  expect(session?.peer).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(session?.bytesSent).toBe(proxy.responses.reduce((sum, { bytes }) => sum + bytes, 0))
  const rest = { state: 'synced', since: at, acknowledgedCommit: 1, rejections: [] }
  expect(session?.types).toEqual({ Address: { ...rest, resources: 2 }, Resource: { ...rest, resources: 1 } })
  proxy.disconnect()
  await world.until(() => replica.events.disconnected.length === 1)
  expect([replica.events.disconnected, replica.server.sessions()]).toEqual([['the proxy closed the stream'], []])
})

// The life of streams over real gRPC: who is let in and for which Gateway, who is sent away, and how all of it ends.
import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { shortenedName } from '../../src/core/names.ts'
import { ADDRESS_TYPE_URL as ADDRESS, RESOURCE_TYPE_URL as RESOURCE } from '../../src/wire/proto.ts'
import type { Authenticator } from '../../src/xds/auth.ts'
import { SOTW_PATH } from '../../src/xds/discovery.ts'
import { PATIENCE_MS } from '../../src/xds/session.ts'
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
  world.set(bind(GATEWAY, 'a'), service('s'))
  replica = await world.serve()
  await world.commit()
})
afterEach(() => world.close())

async function synced(gateway = GATEWAY, at = replica): Promise<FakeProxy> {
  const before = at.events.acknowledged.length
  const proxy = world.proxy(at, gateway).connect()
  await world.until(() => at.events.acknowledged.length === before + 2)
  return proxy
}

/** Resolves to how the proxy's stream ended. */
async function endingOf(proxy: FakeProxy): Promise<string> {
  await world.until(() => proxy.ending !== undefined)
  return `${status[proxy.ending?.code ?? 0]}: ${proxy.ending?.details}`
}

test.each([
  ['its role', { role: 'ns~gw' }],
  ['its metadata when the role has no namespace', { role: '~gw', NAMESPACE: 'ns', GATEWAY_NAME: 'gw' }],
  ['its metadata when there is no role', { NAMESPACE: 'ns', GATEWAY_NAME: 'gw' }],
])('a proxy gets the resources of the Gateway that is in %s', async (_, metadata) => {
  const proxy = world.proxy(replica, GATEWAY, { metadata }).connect()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 1)
  expect(replica.events.connected).toEqual([GATEWAY])
})

test('a proxy of an unknown Gateway is kept waiting with addresses only, until the Gateway appears', async () => {
  const proxy = await synced('ns/later')
  const session = () => replica.server.sessions()[0]
  expect([proxy.held.get(ADDRESS)?.size, proxy.of(RESOURCE)[0]?.resources]).toEqual([1, []])
  expect([session()?.gateway, session()?.isKnown, session()?.types.Resource?.state]).toEqual([
    'ns/later',
    false,
    'waiting',
  ])
  world.addGateway('ns/later')
  world.set(bind('ns/later', 'b'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 1 && session()?.types.Resource?.state === 'synced')
  expect([session()?.isKnown, [...proxy.seenNames]]).toEqual([true, ['ns/s.ns', 'bind/b']])
  world.removeGateway('ns/later')
  world.delete(bind('ns/later', 'b'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 0)
  expect([session()?.isKnown, proxy.of(RESOURCE).at(-1)?.removed]).toEqual([false, ['bind/b']])
})

test('a proxy that was started with a shortened name gets the resources of its Gateway', async () => {
  const long = `ns/${'g'.repeat(80)}`
  world.addGateway(long)
  world.set(bind(long, 'b'))
  await world.commit()
  const proxy = await synced(`ns/${shortenedName('g'.repeat(80))}`)
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(bind(long, 'b')))
  expect(replica.server.sessions()[0]?.gateway).toBe(long)
})

test('a proxy that was started with a shortened name finds its Gateway also when that comes later', async () => {
  const long = `ns/${'g'.repeat(80)}`
  const proxy = await synced(`ns/${shortenedName('g'.repeat(80))}`)
  expect(proxy.of(RESOURCE)[0]?.resources).toEqual([])
  world.addGateway(long)
  world.set(bind(long, 'b'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 1)
  world.set(bind(long, 'c'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 2)
  // A Gateway whose own name that is has the better claim.
  const short = `ns/${shortenedName('g'.repeat(80))}`
  world.addGateway(short)
  world.set(bind(short, 'c'), bind(short, 'd'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.has('bind/d') === true)
  expect(proxy.held.get(RESOURCE)).toEqual(versionsOf(bind(short, 'c'), bind(short, 'd')))
  expect(proxy.of(RESOURCE).at(-1)).toMatchObject({ resources: [{ name: 'bind/d' }], removed: ['bind/b'] })
})

test('a proxy without any Gateway in its node stays connected without resources', async () => {
  const proxy = world.proxy(replica, GATEWAY, { metadata: {} }).connect()
  await world.until(() => proxy.responses.length === 2)
  expect([proxy.held.get(ADDRESS)?.size, proxy.held.get(RESOURCE)?.size]).toEqual([1, 0])
})

test('a first request without a node is refused with a sentence', async () => {
  const proxy = world.proxy(replica, GATEWAY).open()
  proxy.send({ typeUrl: RESOURCE })
  expect(await endingOf(proxy)).toBe('INVALID_ARGUMENT: the first request must carry a node')
  expect(replica.events.connected).toEqual([])
})

test.each([
  ['without an id', ''],
  ['with an id that is none', 'a b'],
])('a node %s is refused with a sentence', async (_, nodeId) => {
  const proxy = world.proxy(replica, GATEWAY, { nodeId }).connect()
  expect(await endingOf(proxy)).toMatch(/^INVALID_ARGUMENT: the (node|id) of .+/)
})

test('the node of later requests is ignored', async () => {
  const proxy = await synced()
  proxy.send({ typeUrl: ADDRESS, node: { id: '' } })
  world.set(bind(GATEWAY, 'b'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 2)
})

test('bytes that are no request end that stream alone, with a sentence', async () => {
  const [good, bad] = [await synced(), await synced()]
  bad.sendBytes(Buffer.from([0x0a, 0xff, 0xff, 0xff]))
  expect(await endingOf(bad)).toBe('INVALID_ARGUMENT: what was sent is no DeltaDiscoveryRequest')
  world.set(bind(GATEWAY, 'b'))
  await world.commit()
  await world.until(() => good.held.get(RESOURCE)?.size === 2)
  expect(replica.server.sessions()).toHaveLength(1)
})

test('the whole-state method is refused with a sentence', async () => {
  const proxy = world.proxy(replica, GATEWAY).open(replica.port, SOTW_PATH)
  expect(await endingOf(proxy)).toBe(
    'UNIMPLEMENTED: only incremental discovery is served: call DeltaAggregatedResources',
  )
})

test('a proxy that is done has its stream ended with OK', async () => {
  const proxy = await synced()
  proxy.halfClose()
  expect(await endingOf(proxy)).toBe('OK: OK')
})

test('a client that connects and says nothing is closed after 30 s', async () => {
  const silent = world.proxy(replica, GATEWAY).open()
  const other = await synced()
  world.clock.advance(PATIENCE_MS + 1000)
  expect(await endingOf(silent)).toBe('UNAVAILABLE: the proxy sent no request for 30 s')
  expect([replica.events.disconnected, other.ending]).toEqual([[], undefined])
})

test('a proxy that never answers is closed after 30 s, and one that has nothing to answer is not', async () => {
  const [silent, idle] = [await synced(), await synced()]
  silent.isAnswering = false
  world.set(bind(GATEWAY, 'b'))
  await world.commit()
  await world.until(() => idle.held.get(RESOURCE)?.size === 2 && replica.events.acknowledged.length === 5)
  world.clock.advance(PATIENCE_MS - 1000)
  expect(silent.ending).toBe(undefined)
  world.clock.advance(2000)
  expect(await endingOf(silent)).toBe('UNAVAILABLE: the proxy neither read nor answered for 30 s')
  world.clock.advance(10 * PATIENCE_MS)
  world.set(bind(GATEWAY, 'c'))
  await world.commit()
  await world.until(() => idle.held.get(RESOURCE)?.size === 3)
  expect(replica.events.disconnected).toEqual(['the proxy neither read nor answered for 30 s'])
})

test('a proxy that does not read is cut off after 30 s, although it cannot be told why', async () => {
  const proxy = await synced()
  proxy.pause()
  world.set(listener(GATEWAY, 'l', 'x'.repeat(20_000_000)))
  await world.commit()
  await world.until(() => replica.events.pushed.length === 3)
  await socketIsFull()
  world.clock.advance(PATIENCE_MS + 4000)
  await world.until(() => replica.events.disconnected.length === 1)
  expect(replica.server.sessions()).toEqual([])
})

test('a proxy that reads slowly is not cut off', async () => {
  const proxy = await synced()
  proxy.pause()
  world.set(listener(GATEWAY, 'l', 'x'.repeat(30_000_000)))
  await world.commit()
  for (let i = 0; i < 4; i += 1) {
    await socketIsFull()
    world.clock.advance(PATIENCE_MS - 5000)
    proxy.resume()
    await socketMoves()
    proxy.pause()
  }
  expect([proxy.ending, replica.events.disconnected]).toEqual([undefined, []])
  proxy.resume()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 2)
})

/** Real sockets fill and empty in their own time; a few turns of the event loop are plenty. */
async function socketIsFull(): Promise<void> {
  for (let i = 0; i < 100; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
const socketMoves = socketIsFull

const authenticator: Authenticator = {
  authenticate: async ({ authorization }) => {
    if (authorization === 'Bearer broken') throw new Error('the API server does not answer')
    if (authorization === undefined) {
      return { kind: 'refused', refusal: { code: 'UNAUTHENTICATED', message: 'a token is needed' } }
    }
    const [namespace = '', serviceAccount = ''] = authorization.replace('Bearer ', '').split('/')
    return { kind: 'identified', identity: { namespace, serviceAccount }, expiresAt: world.clock.now() + 60_000 }
  },
}

test('a proxy is let in whose ServiceAccount is that of its Gateway, also when both names are shortened', async () => {
  const secured = await world.serve({ authenticator })
  world.addGateway(`ns/${'g'.repeat(80)}`)
  await world.commit()
  const short = `ns/${shortenedName('g'.repeat(80))}`
  const proxies = [
    world.proxy(secured, GATEWAY, { token: GATEWAY }),
    world.proxy(secured, short, { token: short }),
    world.proxy(secured, `ns/${'g'.repeat(80)}`, { token: short }),
  ].map((proxy) => proxy.connect())
  await world.until(() => proxies.every(({ responses }) => responses.length === 2))
  expect(secured.events.authenticated).toEqual([true, true, true])
})

test.each([
  ['another name', 'ns/other', 'ServiceAccount ns/other'],
  ['another namespace', 'other/gw', 'ServiceAccount other/gw'],
])('a proxy whose ServiceAccount has %s is refused before it gets anything', async (_, token, said) => {
  const secured = await world.serve({ authenticator })
  await world.commit()
  const proxy = world.proxy(secured, GATEWAY, { token }).connect()
  expect(await endingOf(proxy)).toBe(
    `PERMISSION_DENIED: the proxy asks for Gateway ns/gw, but its token is that of ${said}`,
  )
  expect([proxy.responses, secured.events.authenticated]).toEqual([[], [false]])
})

test('a proxy without a token is refused where one is demanded, and comes later when tokens cannot be checked', async () => {
  const secured = await world.serve({ authenticator })
  await world.commit()
  expect(await endingOf(world.proxy(secured, GATEWAY).connect())).toBe('UNAUTHENTICATED: a token is needed')
  expect(await endingOf(world.proxy(secured, GATEWAY, { token: 'broken' }).connect())).toBe(
    'UNAVAILABLE: the proxy cannot be authenticated now: the API server does not answer',
  )
  expect(secured.events.authenticated).toEqual([false])
})

test('a stream ends when the token that opened it expires', async () => {
  const secured = await world.serve({ authenticator })
  await world.commit()
  const proxy = world.proxy(secured, GATEWAY, { token: GATEWAY }).connect()
  await world.until(() => secured.events.acknowledged.length === 2)
  world.clock.advance(61_000)
  expect(await endingOf(proxy)).toBe('UNAUTHENTICATED: the token has expired; connect again with a new one')
})

test('draining ends all streams so that proxies reconnect elsewhere, and the port is free', async () => {
  const proxies = [await synced(), await synced()]
  await replica.server.drain()
  for (const proxy of proxies) expect(await endingOf(proxy)).toBe('UNAVAILABLE: transport is closing')
  expect([replica.server.sessions(), replica.events.disconnected]).toEqual([
    [],
    ['transport is closing', 'transport is closing'],
  ])
  const again = await world.serve({ port: replica.port })
  await world.commit([again])
  const [first] = proxies
  first?.connect(again.port)
  await world.until(() => first?.responses.length === 4)
})

test('aborting the signal drains', async () => {
  const stop = new AbortController()
  const stopped = await world.serve({ signal: stop.signal })
  await world.commit()
  const proxy = await synced(GATEWAY, stopped)
  stop.abort()
  expect(await endingOf(proxy)).toBe('UNAVAILABLE: transport is closing')
})

test('draining over a while ends streams one after the other, and lets no new ones in', async () => {
  const spread = await world.serve({ drainMs: 10_000 })
  await world.commit()
  const proxies: FakeProxy[] = []
  for (let i = 0; i < 5; i += 1) proxies.push(await synced(GATEWAY, spread))
  const drained = spread.server.drain()
  world.clock.advance(5000)
  await world.until(() => spread.events.disconnected.length === 3)
  expect(spread.server.sessions()).toHaveLength(2)
  expect(await endingOf(world.proxy(spread, GATEWAY).connect())).toMatch(/^UNAVAILABLE/)
  world.clock.advance(5000)
  await drained
  expect(spread.events.disconnected).toHaveLength(5)
})

test('draining does not wait for a proxy that does not read', async () => {
  const proxy = await synced()
  proxy.pause()
  world.set(listener(GATEWAY, 'l', 'x'.repeat(20_000_000)))
  await world.commit()
  await socketIsFull()
  const drained = replica.server.drain()
  world.clock.advance(5000)
  await drained
  await world.until(() => replica.events.disconnected.length === 1)
})

test('a port that is taken is said at the start', async () => {
  await expect(world.serve({ port: replica.port })).rejects.toThrow('EADDRINUSE')
})

test('all addresses can be listened on', async () => {
  const wide = await world.serve({ host: '::' })
  await world.commit()
  const proxy = await synced(GATEWAY, wide)
  expect([proxy.held.get(RESOURCE)?.size, wide.server.sessions()[0]?.peer]).toEqual([
    1,
    expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  ])
})

test('a bug that a stream brings to light ends that stream and no other', async () => {
  const state = { isBroken: false, acknowledged: 0 }
  const broken = await world.serve({
    events: {
      acknowledged: () => {
        state.acknowledged += 1
        world.happened()
        if (state.isBroken) throw new Error('a bug')
      },
    },
  })
  await world.commit()
  const [one, two] = [world.proxy(broken, GATEWAY).connect(), world.proxy(broken, GATEWAY).connect()]
  await world.until(() => state.acknowledged === 4)
  two.isAnswering = false
  state.isBroken = true
  world.set(workload('w', 1))
  await world.commit()
  expect(await endingOf(one)).toBe('INTERNAL: a bug of the control plane: a bug')
  state.isBroken = false
  two.answer()
  world.set(workload('w', 2))
  await world.commit()
  await world.until(() => two.held.get(ADDRESS)?.get('w') === workload('w', 2).encoded.version)
})

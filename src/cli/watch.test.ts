import { afterEach, expect, test } from 'vitest'
import { nameKey } from '../core/keys.ts'
import { createGraph } from '../engine/graph.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { encodeAddress, encodeResource } from '../wire/encode.ts'
import { entryKey, SHARED, type XdsEntry } from '../wire/entry.ts'
import { startXdsServer, type XdsServer } from '../xds/server.ts'
import { changeLine, type WatchedChange, watchGateway } from './watch.ts'

let stop = new AbortController()
const servers: XdsServer[] = []
afterEach(async () => {
  stop.abort()
  stop = new AbortController()
  await Promise.all(servers.splice(0).map((server) => server.drain()))
})

const bind = (port: number): XdsEntry => ({
  scope: 'ns/gw',
  encoded: encodeResource({ kind: 'bind', bind: { key: `b/ns/gw`, port } }),
  owners: [],
})
const service: XdsEntry = {
  scope: SHARED,
  encoded: encodeAddress({ type: 'service', service: { namespace: 'ns', hostname: 'h' } }),
  owners: [],
}

interface World {
  readonly snapshot: Snapshot
  commit(...entries: readonly XdsEntry[]): Promise<void>
}

/** A snapshot that holds the entries of the last commit. */
async function world(): Promise<World> {
  const graph = createGraph()
  const entries = graph.source<XdsEntry>('xds')
  const snapshot = new Snapshot()
  snapshot.follow(entries)
  const commit = async (...now: readonly XdsEntry[]): Promise<void> => {
    entries.replace(new Map(now.map((entry) => [entryKey(entry), entry])))
    snapshot.publish(await graph.commit())
  }
  await commit(bind(80), service)
  return { snapshot, commit }
}

async function serve(snapshot: Snapshot, port = 0): Promise<XdsServer> {
  const server = await startXdsServer({ snapshot, host: '127.0.0.1', port, signal: new AbortController().signal })
  servers.push(server)
  return server
}

/** A watch whose changes can be waited for. */
function watching(port: number, once: boolean): { next(): Promise<WatchedChange>; readonly ended: Promise<number> } {
  const seen: WatchedChange[] = []
  const waiting: ((change: WatchedChange) => void)[] = []
  const ended = watchGateway({
    gateway: nameKey('ns', 'gw'),
    server: `127.0.0.1:${port}`,
    once,
    signal: stop.signal,
    onChange: (change) => {
      const take = waiting.shift()
      if (take === undefined) seen.push(change)
      else take(change)
    },
    onNote: () => undefined,
  })
  return {
    ended,
    next: () => {
      const first = seen.shift()
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first)
    },
  }
}

test('--once ends after the first complete configuration', async () => {
  const { snapshot } = await world()
  const server = await serve(snapshot)
  const watch = watching(server.port, true)
  const first = [await watch.next(), await watch.next()]
  expect(first).toEqual([
    { change: 'added', type: 'Address', name: 'ns/h', version: service.encoded.version },
    { change: 'added', type: 'Resource', name: 'bind/b/ns/gw', version: bind(80).encoded.version },
  ])
  expect(await watch.ended).toBe(0)
})

test('says what changes and what goes, and ends when interrupted', async () => {
  const { snapshot, commit } = await world()
  const server = await serve(snapshot)
  const watch = watching(server.port, false)
  await watch.next()
  await watch.next()
  await commit(bind(81), service)
  const [was, version] = [bind(80).encoded.version, bind(81).encoded.version]
  expect(await watch.next()).toEqual({ change: 'changed', type: 'Resource', name: 'bind/b/ns/gw', version, was })
  await commit(service)
  expect(await watch.next()).toEqual({ change: 'removed', type: 'Resource', name: 'bind/b/ns/gw', was: version })
  stop.abort()
  expect(await watch.ended).toBe(0)
})

test('a lost connection is made again, and only differences are told', async () => {
  const { snapshot, commit } = await world()
  const server = await serve(snapshot)
  const { port } = server
  const watch = watching(port, false)
  await watch.next()
  await watch.next()
  await server.drain()
  await commit(bind(81), service)
  await serve(snapshot, port)
  expect(await watch.next()).toMatchObject({ change: 'changed', name: 'bind/b/ns/gw' })
})

test('the exit code is 3 when nobody listens', async () => {
  const { snapshot } = await world()
  const server = await serve(snapshot)
  await server.drain()
  expect(await watching(server.port, false).ended).toBe(3)
})

test('the exit code is 1 when the server refuses', async () => {
  const { snapshot } = await world()
  const server = await startXdsServer({
    snapshot,
    host: '127.0.0.1',
    port: 0,
    signal: stop.signal,
    authenticator: {
      authenticate: () =>
        Promise.resolve({ kind: 'refused', refusal: { code: 'UNAUTHENTICATED', message: 'who are you?' } }),
    },
  })
  servers.push(server)
  expect(await watching(server.port, false).ended).toBe(1)
})

test('a change is one line', () => {
  expect(changeLine({ change: 'added', type: 'Address', name: 'ns/h', version: 'a1' })).toBe('+ Address  ns/h  a1')
  expect(changeLine({ change: 'changed', type: 'Resource', name: 'bind/b', version: 'b', was: 'a' })).toBe(
    '~ Resource bind/b  a → b',
  )
  expect(changeLine({ change: 'removed', type: 'Resource', name: 'bind/b', was: 'a' })).toBe('- Resource bind/b  a')
})

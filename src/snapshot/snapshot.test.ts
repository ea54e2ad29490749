import { expect, test } from 'vitest'
import type { TypedRef } from '../core/keys.ts'
import { shortenedName } from '../core/names.ts'
import type { Source } from '../engine/collection.ts'
import { createGraph } from '../engine/graph.ts'
import { encodeAddress, encodeResource } from '../wire/encode.ts'
import { SHARED, type XdsEntry } from '../wire/entry.ts'
import { ADDRESS_TYPE_URL, RESOURCE_TYPE_URL } from '../wire/proto.ts'
import { type ScopeDelta, Snapshot } from './snapshot.ts'

const owners: XdsEntry['owners'] = []
const entry = (scope: string, encoded: XdsEntry['encoded']): XdsEntry => ({ scope, encoded, owners })
const bind = (scope: string, key: string, port = 80): XdsEntry =>
  entry(scope, encodeResource({ kind: 'bind', bind: { key, port } }))
const names = (snapshot: Snapshot, scope: string): readonly string[] =>
  snapshot.list(scope).map(({ encoded }) => encoded.name)

interface World {
  readonly snapshot: Snapshot
  readonly entries: Source<XdsEntry>
  readonly gateways: Source<{ readonly object: TypedRef }>
  commit(): Promise<number>
  publish(): Promise<void>
}

/** A snapshot that follows two sources. */
function world(): World {
  const graph = createGraph()
  const entries = graph.source<XdsEntry>('xds')
  const gateways = graph.source<{ readonly object: TypedRef }>('gateways')
  const snapshot = new Snapshot()
  snapshot.follow(entries)
  snapshot.followGateways(gateways)
  const commit = (): Promise<number> => graph.commit()
  return { snapshot, entries, gateways, commit, publish: async () => snapshot.publish(await commit()) }
}

test('shows nothing of a commit before it is published', async () => {
  const { snapshot, entries, commit } = world()
  entries.set('1', bind('ns/a', '1'))
  const number = await commit()
  expect([snapshot.commit, names(snapshot, 'ns/a')]).toEqual([0, []])
  snapshot.publish(number)
  expect([snapshot.commit, names(snapshot, 'ns/a')]).toEqual([1, ['bind/1']])
})

test('takes what a collection already holds when it begins to follow it', async () => {
  const graph = createGraph()
  const entries = graph.source<XdsEntry>('xds')
  entries.set('1', bind('ns/a', '1'))
  const number = await graph.commit()
  const snapshot = new Snapshot()
  snapshot.follow(entries)
  snapshot.publish(number)
  expect(names(snapshot, 'ns/a')).toEqual(['bind/1'])
})

test('tells each scope once per commit and type, addresses first, and nobody else', async () => {
  const { snapshot, entries, publish } = world()
  const heard: ScopeDelta[] = []
  for (const scope of ['ns/a', 'ns/b', SHARED]) snapshot.watch(scope, (delta) => heard.push(delta))
  entries.set('1', bind('ns/a', '1'))
  entries.set('2', bind('ns/a', '2'))
  entries.set('3', entry(SHARED, encodeAddress({ type: 'service', service: { namespace: 'ns', hostname: 'h' } })))
  await publish()
  const none = (...changed: readonly string[]) => new Map(changed.map((name) => [name, undefined]))
  expect(heard).toEqual([
    { scope: SHARED, typeUrl: ADDRESS_TYPE_URL, changed: none('ns/h'), commit: 1 },
    { scope: 'ns/a', typeUrl: RESOURCE_TYPE_URL, changed: none('bind/1', 'bind/2'), commit: 1 },
  ])
})

test('a delta says which version a name had, and is told after everything of its commit is visible', async () => {
  const { snapshot, entries, publish } = world()
  const before = bind('ns/a', '1', 80)
  entries.set('1', before)
  entries.set('2', bind('ns/a', '2'))
  await publish()
  const heard: unknown[] = []
  snapshot.watch('ns/a', ({ changed }) => heard.push([...changed], names(snapshot, 'ns/b')))
  entries.set('1', bind('ns/a', '1', 81))
  entries.set('2', bind('ns/b', '2'))
  await publish()
  expect(heard).toEqual([
    [
      ['bind/1', before.encoded.version],
      ['bind/2', bind('ns/a', '2').encoded.version],
    ],
    ['bind/2'],
  ])
})

test('a name may move between collections in one commit, and is no change when its content is the same', async () => {
  const { snapshot, entries, publish } = world()
  entries.set('before', bind('ns/a', '1'))
  await publish()
  const heard: ScopeDelta[] = []
  snapshot.watch('ns/a', (delta) => heard.push(delta))
  entries.set('after', bind('ns/a', '1'))
  entries.delete('before')
  await publish()
  expect([heard, names(snapshot, 'ns/a')]).toEqual([[], ['bind/1']])
})

test('forgets a scope with its last resource, and counts its bytes until then', async () => {
  const { snapshot, entries, publish } = world()
  const only = bind('ns/a', '1')
  entries.set('1', only)
  await publish()
  expect([snapshot.scopes(), snapshot.bytes('ns/a')]).toEqual([['ns/a'], only.encoded.frame.length])
  entries.delete('1')
  await publish()
  expect([snapshot.scopes(), snapshot.bytes('ns/a')]).toEqual([[], 0])
})

test('a shelf counts its changes, and a commit that leaves it alone is none', async () => {
  const { snapshot, entries, publish } = world()
  entries.set('1', bind('ns/a', '1'))
  await publish()
  const shelf = snapshot.shelf('ns/a', RESOURCE_TYPE_URL)
  const first = shelf.changes
  entries.set('2', bind('ns/b', '2'))
  await publish()
  const second = shelf.changes
  entries.set('3', bind('ns/a', '3'))
  await publish()
  expect([second - first, shelf.changes - first, shelf.size]).toEqual([0, 1, 2])
})

test('lists what is referred to before what refers to it', async () => {
  const { snapshot, entries, publish } = world()
  for (const encoded of [
    encodeResource({ kind: 'route', route: { key: 'r' } }),
    encodeResource({ kind: 'modelRoute', modelRoute: { key: 'm' } }),
    encodeResource({ kind: 'listener', listener: { key: 'l' } }),
    encodeResource({ kind: 'policy', policy: { key: 'p' } }),
    encodeResource({ kind: 'bind', bind: { key: 'b' } }),
    encodeResource({ kind: 'backend', backend: { key: 'k' } }),
    encodeResource({ kind: 'backend', backend: { key: 'j' } }),
  ]) {
    entries.set(encoded.name, entry('ns/a', encoded))
  }
  await publish()
  expect(names(snapshot, 'ns/a')).toEqual([
    'backend/j',
    'backend/k',
    'policy/p',
    'bind/b',
    'listener/l',
    'model_route/m',
    'route/r',
  ])
})

test('finds an entry by the name a proxy knows it by, in its scope only', async () => {
  const { snapshot, entries, publish } = world()
  entries.set('1', bind('ns/a', '1'))
  await publish()
  expect(snapshot.find('ns/a', 'bind/1')?.encoded.name).toBe('bind/1')
  expect([snapshot.find('ns/a', 'bind/2'), snapshot.find('ns/b', 'bind/1')]).toEqual([undefined, undefined])
})

test('finds a Gateway by the name its proxies were started with, also a shortened one', async () => {
  const { snapshot, gateways, publish } = world()
  const long = 'g'.repeat(70)
  const gateway = (name: string) => ({ object: { group: '', kind: 'Gateway', namespace: 'ns', name } })
  gateways.set(long, gateway(long))
  expect(snapshot.gatewayOf('ns', long)).toBe(undefined)
  await publish()
  const found = (): readonly unknown[] =>
    [long, shortenedName(long), 'other'].map((name) => snapshot.gatewayOf('ns', name))
  expect(found()).toEqual([`ns/${long}`, `ns/${long}`, undefined])
  gateways.set('short', gateway(shortenedName(long)))
  await publish()
  expect(found()).toEqual([`ns/${long}`, `ns/${shortenedName(long)}`, undefined])
  gateways.delete('short')
  gateways.delete(long)
  await publish()
  expect(found()).toEqual([undefined, undefined, undefined])
})

test('tells of a publication after all of its deltas', async () => {
  const { snapshot, entries, publish } = world()
  const heard: string[] = []
  const stop = snapshot.watchPublications(() => heard.push(`publication ${snapshot.publications}`))
  snapshot.watch('ns/a', () => heard.push('delta'))
  entries.set('1', bind('ns/a', '1'))
  await publish()
  await publish()
  stop()
  await publish()
  expect(heard).toEqual(['delta', 'publication 1', 'publication 2'])
})

test('what is withheld is as if it were not there, and comes when it is complete', async () => {
  const { snapshot, entries, publish } = world()
  const deltas: (readonly string[])[] = []
  snapshot.watch('ns/a', ({ changed }) => deltas.push([...changed.keys()]))
  const incomplete: XdsEntry = { ...bind('ns/a', '1'), isWithheld: true }
  entries.set('1', incomplete)
  await publish()
  expect(names(snapshot, 'ns/a')).toEqual([])
  entries.set('1', bind('ns/a', '1', 81))
  await publish()
  expect(names(snapshot, 'ns/a')).toEqual(['bind/1'])
  entries.set('1', incomplete)
  await publish()
  expect(names(snapshot, 'ns/a')).toEqual([])
  const late = new Snapshot()
  late.follow(entries)
  late.publish(1)
  expect(names(late, 'ns/a')).toEqual([])
  expect(deltas).toEqual([['bind/1'], ['bind/1']])
})

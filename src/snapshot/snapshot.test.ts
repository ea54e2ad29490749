import { expect, test } from 'vitest'
import { shortenedName } from '../core/names.ts'
import { createGraph } from '../engine/graph.ts'
import { encodeAddress, encodeResource } from '../wire/encode.ts'
import { entryKey, SHARED, type XdsEntry } from '../wire/entry.ts'
import { ADDRESS_TYPE_URL, RESOURCE_TYPE_URL } from '../wire/proto.ts'
import { type ScopeDelta, Snapshot } from './snapshot.ts'

const owners: XdsEntry['owners'] = []
const bind = (scope: string, key: string, port = 80): XdsEntry => ({
  scope,
  owners,
  encoded: encodeResource({ kind: 'bind', bind: { key, port } }),
})
const added = (...entries: readonly XdsEntry[]) =>
  entries.map((after) => ({ key: entryKey(after), before: undefined, after }))
const removed = (...entries: readonly XdsEntry[]) =>
  entries.map((before) => ({ key: entryKey(before), before, after: undefined }))
const names = (snapshot: Snapshot, scope: string): readonly string[] =>
  snapshot.list(scope).map(({ encoded }) => encoded.name)

test('shows nothing of a commit before it is published', () => {
  const snapshot = new Snapshot()
  snapshot.apply(added(bind('ns/a', '1')))
  expect([snapshot.commit, names(snapshot, 'ns/a')]).toEqual([0, []])
  snapshot.publish(1)
  expect([snapshot.commit, names(snapshot, 'ns/a')]).toEqual([1, ['bind/1']])
})

test('tells each scope once per commit and type, and nobody else', () => {
  const snapshot = new Snapshot()
  const heard: ScopeDelta[] = []
  for (const scope of ['ns/a', 'ns/b', SHARED]) snapshot.watch(scope, (delta) => heard.push(delta))
  const address = encodeAddress({ type: 'service', service: { namespace: 'ns', hostname: 'h' } })
  snapshot.apply(added(bind('ns/a', '1'), bind('ns/a', '2'), { scope: SHARED, encoded: address, owners }))
  snapshot.publish(7)
  expect(heard).toEqual([
    { scope: SHARED, typeUrl: ADDRESS_TYPE_URL, names: new Set(['ns/h']), commit: 7 },
    { scope: 'ns/a', typeUrl: RESOURCE_TYPE_URL, names: new Set(['bind/1', 'bind/2']), commit: 7 },
  ])
})

test('a name may move between collections in one commit, and is no change when its content is the same', () => {
  const snapshot = new Snapshot()
  snapshot.apply(added(bind('ns/a', '1')))
  snapshot.publish(1)
  const heard: ScopeDelta[] = []
  snapshot.watch('ns/a', (delta) => heard.push(delta))
  snapshot.apply([...added(bind('ns/a', '1')), ...removed(bind('ns/a', '1'))])
  snapshot.publish(2)
  expect([heard, names(snapshot, 'ns/a')]).toEqual([[], ['bind/1']])
})

test('forgets a scope with its last resource, and counts its bytes until then', () => {
  const snapshot = new Snapshot()
  const entry = bind('ns/a', '1')
  snapshot.apply(added(entry))
  snapshot.publish(1)
  expect([snapshot.scopes(), snapshot.bytes('ns/a')]).toEqual([['ns/a'], entry.encoded.frame.length])
  snapshot.apply(removed(entry))
  snapshot.publish(2)
  expect([snapshot.scopes(), snapshot.bytes('ns/a')]).toEqual([[], 0])
})

test('what was handed out does not change, and is shared until the next change', () => {
  const snapshot = new Snapshot()
  snapshot.apply(added(bind('ns/a', '1')))
  snapshot.publish(1)
  const shelf = snapshot.shelf('ns/a', RESOURCE_TYPE_URL)
  const [versions, frames] = [shelf.versions(), shelf.frames()]
  expect([shelf.versions() === versions, shelf.frames() === frames]).toEqual([true, true])
  snapshot.apply(added(bind('ns/a', '2')))
  snapshot.publish(2)
  expect([[...versions.keys()], frames.length < shelf.frames().length]).toEqual([['bind/1'], true])
})

test('lists what is referred to before what refers to it', () => {
  const snapshot = new Snapshot()
  const entry = (encoded: XdsEntry['encoded']): XdsEntry => ({ scope: 'ns/a', encoded, owners })
  snapshot.apply(
    added(
      entry(encodeResource({ kind: 'route', route: { key: 'r' } })),
      entry(encodeResource({ kind: 'listener', listener: { key: 'l' } })),
      entry(encodeResource({ kind: 'policy', policy: { key: 'p' } })),
      bind('ns/a', 'b'),
      entry(encodeResource({ kind: 'backend', backend: { key: 'k' } })),
    ),
  )
  snapshot.publish(1)
  expect(names(snapshot, 'ns/a')).toEqual(['backend/k', 'policy/p', 'bind/b', 'listener/l', 'route/r'])
})

test('follows collections, and finds a Gateway by the name its proxies were started with', async () => {
  const graph = createGraph()
  const entries = graph.source<XdsEntry>('xds')
  const gateways = graph.source<{ readonly object: { group: string; kind: string; namespace: string; name: string } }>(
    'gateways',
  )
  const snapshot = new Snapshot()
  snapshot.follow(entries)
  snapshot.followGateways(gateways)
  const long = 'g'.repeat(70)
  let appeared = 0
  snapshot.watchGateways(() => {
    appeared += 1
  })
  entries.set('1', bind(`ns/${long}`, '1'))
  gateways.set(long, { object: { group: '', kind: 'Gateway', namespace: 'ns', name: long } })
  snapshot.publish(await graph.commit())
  expect(names(snapshot, `ns/${long}`)).toEqual(['bind/1'])
  expect([snapshot.gatewayOf('ns', long), snapshot.gatewayOf('ns', shortenedName(long))]).toEqual([
    `ns/${long}`,
    `ns/${long}`,
  ])
  expect([snapshot.gatewayOf('ns', 'other'), appeared]).toEqual([undefined, 1])
})

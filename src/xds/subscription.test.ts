import { expect, test } from 'vitest'
import { Shelf } from '../snapshot/shelf.ts'
import { encodeResource } from '../wire/encode.ts'
import type { XdsEntry } from '../wire/entry.ts'
import { RESOURCE_TYPE_URL } from '../wire/proto.ts'
import { responseOf } from './responses.ts'
import { Subscription, type Update } from './subscription.ts'

const entry = (key: string, port: number): XdsEntry => ({
  scope: 'ns/gw',
  owners: [],
  encoded: encodeResource({ kind: 'bind', bind: { key, port } }),
})
const version = (key: string, port: number): string => entry(key, port).encoded.version

/** A shelf with subscriptions to it; port 0 removes. */
class Bench {
  readonly shelf = new Shelf()
  commit = 0
  readonly #subscriptions: Subscription[] = []

  set(ports: Readonly<Record<string, number>>): this {
    this.commit += 1
    const entries = Object.entries(ports).map(
      ([key, port]) => [`bind/${key}`, port === 0 ? undefined : entry(key, port)] as const,
    )
    const changed = this.shelf.update(new Map(entries))
    for (const each of this.#subscriptions) each.touch(changed, { commit: this.commit, at: this.commit * 1000 })
    return this
  }

  subscribe(versions: Readonly<Record<string, string>> = {}): Subscription {
    const made = new Subscription(RESOURCE_TYPE_URL, () => this.shelf, { versions, at: 0 })
    this.#subscriptions.push(made)
    return made
  }

  /** Sends what is due, under the commit's number as nonce. */
  send(subscription: Subscription): ReturnType<typeof said> | undefined {
    const update = subscription.next()
    if (update === undefined) return undefined
    subscription.sent(update, String(this.commit), this.commit)
    return said(update)
  }

  /** Sends what is due and has it acknowledged. */
  sync(subscription: Subscription): void {
    if (this.send(subscription) !== undefined) subscription.acknowledge(String(this.commit))
  }
}

function said({ resources, removed }: Update): {
  readonly resources: readonly string[]
  readonly removed: readonly string[]
} {
  return { resources: resources.map(({ name }) => name), removed }
}

test('the first update is everything, even when that is nothing', () => {
  const bench = new Bench()
  expect(bench.send(bench.subscribe())).toEqual({ resources: [], removed: [] })
  bench.set({ b: 1, a: 1 })
  expect(bench.send(bench.subscribe())).toEqual({ resources: ['bind/a', 'bind/b'], removed: [] })
})

test('what changes before the first update is in it, and is not sent again', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.set({ a: 2, b: 1 })
  expect(bench.send(subscription)).toEqual({ resources: ['bind/a', 'bind/b'], removed: [] })
  subscription.acknowledge('2')
  expect(bench.send(subscription)).toBe(undefined)
})

test('nothing is sent while a response is in flight, and then what has changed meanwhile, once', () => {
  const bench = new Bench().set({ a: 1, b: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  bench.set({ a: 2 }).set({ a: 3, c: 1 }).set({ c: 0, b: 0 })
  expect(bench.send(subscription)).toBe(undefined)
  subscription.acknowledge('1')
  expect(bench.send(subscription)).toEqual({ resources: ['bind/a'], removed: ['bind/b'] })
  subscription.acknowledge(String(bench.commit))
  expect([bench.send(subscription), subscription.isBehind]).toEqual([undefined, false])
})

test('what has come and gone between two responses is never mentioned', () => {
  const bench = new Bench()
  const subscription = bench.subscribe()
  bench.send(subscription)
  bench.set({ a: 1 }).set({ a: 0 })
  subscription.acknowledge('0')
  expect(bench.send(subscription)).toBe(undefined)
  expect(subscription.isBehind).toBe(false)
})

test('what is again as it was is not sent', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  bench.set({ a: 2 }).set({ a: 1 })
  subscription.acknowledge('1')
  expect(bench.send(subscription)).toBe(undefined)
})

test('a client that comes with versions is told the difference, even when that is nothing', () => {
  const bench = new Bench().set({ a: 1, b: 1, c: 1 })
  const same = { 'bind/a': version('a', 1), 'bind/b': version('b', 1), 'bind/c': version('c', 1) }
  expect(bench.send(bench.subscribe(same))).toEqual({ resources: [], removed: [] })
  const other = { 'bind/a': version('a', 1), 'bind/b': 'old', 'bind/c': '', 'bind/z': 'gone' }
  expect(bench.send(bench.subscribe(other))).toEqual({ resources: ['bind/b', 'bind/c'], removed: ['bind/z'] })
})

test('a client that comes before there is anything keeps what it holds until there is something to compare with', () => {
  const bench = new Bench()
  const subscription = bench.subscribe({ 'bind/a': version('a', 1), 'bind/b': version('b', 1) })
  bench.set({ a: 1, c: 1 })
  expect(bench.send(subscription)).toEqual({ resources: ['bind/c'], removed: ['bind/b'] })
})

test('an acknowledgement of another response is none', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  expect([subscription.acknowledge(''), subscription.acknowledge('0'), subscription.inFlight]).toEqual([
    undefined,
    undefined,
    true,
  ])
  expect(subscription.acknowledge('1')).toMatchObject({ commit: 1 })
  expect(subscription.acknowledge('1')).toBe(undefined)
})

test('an acknowledgement says which change was the oldest in it', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  bench.set({ a: 2 }).set({ a: 3 })
  expect(subscription.acknowledge('1')).toMatchObject({ lag: { at: 0 } })
  bench.send(subscription)
  expect(subscription.acknowledge('3')).toMatchObject({ commit: 3, lag: { commit: 2, at: 2000 } })
})

test('the acknowledged commit is the newest that was taken whole', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  const acknowledged = (): number => subscription.acknowledgedCommit(bench.commit)
  expect(acknowledged()).toBe(0)
  bench.send(subscription)
  expect(acknowledged()).toBe(0)
  subscription.acknowledge('1')
  expect(acknowledged()).toBe(1)
  bench.set({ a: 2 })
  expect(acknowledged()).toBe(1)
  bench.send(subscription)
  bench.set({ a: 3 })
  expect(acknowledged()).toBe(1)
  subscription.acknowledge('2')
  expect(acknowledged()).toBe(2)
  bench.sync(subscription)
  expect(acknowledged()).toBe(3)
  // A commit that changes nothing here is taken by saying nothing.
  bench.set({})
  expect(acknowledged()).toBe(4)
})

test('what is refused is not sent again until its content changes, and the rest goes on', () => {
  const bench = new Bench().set({ a: 1, b: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  const refused = subscription.reject('1', '[{"key":"bind/a","error":"no"}]', 5)
  expect(refused).toMatchObject([{ name: 'bind/a', severity: 'error', message: 'no', at: 5, version: version('a', 1) }])
  expect(bench.send(subscription)).toBe(undefined)
  bench.set({ b: 2 })
  expect(bench.send(subscription)).toEqual({ resources: ['bind/b'], removed: [] })
  subscription.acknowledge('2')
  expect(subscription.rejections()).toMatchObject([{ name: 'bind/a' }])
  bench.set({ a: 2 })
  expect(subscription.rejections()).toEqual([])
  expect(bench.send(subscription)).toEqual({ resources: ['bind/a'], removed: [] })
  subscription.acknowledge('3')
  expect(subscription.rejections()).toEqual([])
})

test('a rejection of an older response changes nothing', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  expect(subscription.reject('0', '[{"key":"bind/a","error":"no"}]', 5)).toBe(undefined)
  expect([subscription.inFlight, subscription.rejections()]).toEqual([true, []])
})

test.each([
  ['free text', 'something went wrong'],
  ['a name that was not in the response', '[{"key":"bind/unknown","error":"no"}]'],
])('a rejection with %s is kept as it is, until the next acknowledgement', (_, text) => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.send(subscription)
  expect(subscription.reject('1', text, 5)).toEqual([])
  expect(subscription.unreadable).toEqual({ at: 5, message: text })
  bench.set({ a: 2 })
  bench.sync(subscription)
  expect(subscription.unreadable).toBe(undefined)
})

test('a removal can be refused too', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  bench.sync(subscription)
  bench.set({ a: 0 })
  bench.send(subscription)
  expect(subscription.reject('2', '[{"key":"bind/a","error":"no"}]', 5)).toMatchObject([{ version: undefined }])
  expect(subscription.rejections()).toHaveLength(1)
})

test('knows which version is active at the client, as far as it has answered', () => {
  const bench = new Bench().set({ a: 1 })
  const subscription = bench.subscribe()
  const active = (): string | undefined => subscription.acknowledgedVersion('bind/a')
  expect(active()).toBe(undefined)
  bench.send(subscription)
  expect(active()).toBe(undefined)
  subscription.acknowledge('1')
  expect(active()).toBe(version('a', 1))
  bench.set({ a: 2 })
  expect(active()).toBe(version('a', 1))
  bench.send(subscription)
  bench.set({ a: 3 })
  expect(active()).toBe(version('a', 1))
  subscription.reject('2', '[{"key":"bind/a","error":"no"}]', 0)
  expect(active()).toBe(version('a', 1))
  bench.send(subscription)
  subscription.reject('3', '[{"key":"bind/a","error":"no again"}]', 0)
  expect(active()).toBe(version('a', 1))
  bench.set({ a: 4 })
  bench.send(subscription)
  subscription.reject('4', '[{"key":"bind/a","warn":"hm"}]', 0)
  expect(active()).toBe(version('a', 4))
  bench.set({ a: 0 })
  bench.send(subscription)
  expect(active()).toBe(version('a', 4))
  subscription.acknowledge('5')
  expect(active()).toBe(undefined)
})

test('a client that was refused its first version has none, and a reconnected one has what it says', () => {
  const bench = new Bench().set({ a: 1 })
  const fresh = bench.subscribe()
  bench.send(fresh)
  fresh.reject('1', '[{"key":"bind/a","error":"no"}]', 0)
  expect(fresh.acknowledgedVersion('bind/a')).toBe(undefined)
  const old = bench.subscribe({ 'bind/a': 'old' })
  expect(old.acknowledgedVersion('bind/a')).toBe('old')
  bench.send(old)
  expect(old.acknowledgedVersion('bind/a')).toBe('old')
  old.acknowledge('1')
  expect(old.acknowledgedVersion('bind/a')).toBe(version('a', 1))
})

test('counts what the client has been given', () => {
  const bench = new Bench().set({ a: 1, b: 1 })
  const subscription = bench.subscribe()
  expect(subscription.size).toBe(0)
  bench.send(subscription)
  expect(subscription.size).toBe(2)
  bench.set({ a: 0, c: 1, d: 1 })
  expect(subscription.size).toBe(2)
  subscription.acknowledge('1')
  bench.send(subscription)
  expect(subscription.size).toBe(3)
})

test('a client that is moved to another scope loses what was only in the first, and keeps what is the same', () => {
  const from = new Bench().set({ a: 1, b: 1, c: 1 })
  const to = new Bench().set({ b: 1, c: 2, d: 1 })
  const subscription = from.subscribe()
  from.sync(subscription)
  subscription.move(() => to.shelf, { commit: 2, at: 0 })
  expect(to.send(subscription)).toEqual({ resources: ['bind/c', 'bind/d'], removed: ['bind/a'] })
})

test('clients that are up to date share their updates, and the bytes', () => {
  const bench = new Bench().set({ a: 1, b: 1 })
  const [one, two, slow] = [bench.subscribe(), bench.subscribe(), bench.subscribe()]
  const header = { typeUrl: RESOURCE_TYPE_URL, commit: 1, nonce: 'n' }
  const [first, second] = [one.next(), two.next()]
  if (first === undefined || second === undefined) throw new Error('nothing to send')
  expect(first).toBe(second)
  expect(responseOf(first, header).bytes).toBe(responseOf(second, header).bytes)
  for (const each of [one, two, slow]) bench.send(each)
  for (const each of [one, two]) each.acknowledge('1')
  bench.set({ a: 2 })
  expect(one.next()).toBe(two.next())
  slow.acknowledge('1')
  expect(slow.next()).toBe(one.next())
  bench.set({ b: 2 })
  expect(said(slow.next() ?? { resources: [], removed: [] }).resources).toEqual(['bind/a', 'bind/b'])
})

test('an endless list of rejections does not fill the memory', () => {
  const bench = new Bench().set(Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`k${i}`, 1])))
  const subscription = bench.subscribe()
  bench.send(subscription)
  const all = Array.from({ length: 1500 }, (_, i) => ({ key: `bind/k${i}`, error: 'no' }))
  subscription.reject('1', JSON.stringify(all), 0)
  expect(subscription.rejections()).toHaveLength(1000)
})

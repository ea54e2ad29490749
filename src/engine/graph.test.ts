import { describe, expect, it } from 'vitest'
import type { Change, Collection, ContainedFailure, Graph, KeyClash, Source } from './collection.ts'
import { createGraph } from './graph.ts'

interface Item {
  readonly id: string
  readonly ref?: string
  readonly group?: string
  readonly n?: number
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}

const byGroup = { group: (item: Item) => (item.group === undefined ? [] : [item.group]) }

function put(source: Source<Item>, ...items: readonly Item[]): void {
  for (const item of items) source.set(item.id, deepFreeze(item))
}

/** Everything a collection tells its observer, commit by commit. */
function record<T>(collection: Collection<T>): { commit: number; changes: readonly Change<T>[] }[] {
  const seen: { commit: number; changes: readonly Change<T>[] }[] = []
  collection.observe((changes, commit) => seen.push({ commit, changes }))
  return seen
}

function runsOf(graph: Graph, name: string): number {
  return graph.stats().find((node) => node.name === name)?.runs ?? 0
}

const ids = (items: readonly Item[]) => items.map((item) => item.id).join(' ')

/** Routes that read a service by key, all members of a group, or everything. */
function world() {
  const graph = createGraph()
  const routes = graph.source<Item>('source/routes', byGroup)
  const services = graph.source<Item>('source/services', byGroup)
  const byKey = graph.derive({
    name: 'by-key',
    from: routes,
    reads: { services },
    key: (out: Item) => out.id,
    run: (route, read) => [deepFreeze({ id: route.id, n: read.services.get(route.ref ?? '')?.n ?? -1 })],
  })
  const byBucket = graph.derive({
    name: 'by-bucket',
    from: routes,
    reads: { services },
    key: (out: Item) => out.id,
    run: (route, read) => [deepFreeze({ id: route.id, ref: ids(read.services.where('group', route.group ?? '')) })],
  })
  const byList = graph.derive({
    name: 'by-list',
    from: routes,
    reads: { services },
    key: (out: Item) => out.id,
    run: (route, read) => [deepFreeze({ id: route.id, ref: ids(read.services.list()) })],
  })
  return { graph, routes, services, byKey, byBucket, byList }
}

describe('reads', () => {
  it('runs an input again when a key that it read changes, and no other input', async () => {
    const { graph, routes, services, byKey } = world()
    put(routes, { id: 'a', ref: 's1' }, { id: 'b', ref: 's2' })
    put(services, { id: 's1', n: 1 }, { id: 's2', n: 2 })
    await graph.commit()
    const runs = runsOf(graph, 'by-key')
    put(services, { id: 's1', n: 10 })
    await graph.commit()
    expect(runsOf(graph, 'by-key')).toBe(runs + 1)
    expect(byKey.list()).toEqual([
      { id: 'a', n: 10 },
      { id: 'b', n: 2 },
    ])
  })

  it('runs an input again when a key that it missed appears', async () => {
    const { graph, routes, services, byKey } = world()
    put(routes, { id: 'a', ref: 's1' })
    await graph.commit()
    expect(byKey.get('a')).toEqual({ id: 'a', n: -1 })
    put(services, { id: 's1', n: 1 })
    await graph.commit()
    expect(byKey.get('a')).toEqual({ id: 'a', n: 1 })
    services.delete('s1')
    await graph.commit()
    expect(byKey.get('a')).toEqual({ id: 'a', n: -1 })
  })

  it('runs an input again when its bucket gains, loses or changes a member, and for no other bucket', async () => {
    const { graph, routes, services, byBucket } = world()
    put(routes, { id: 'a', group: 'x' })
    await graph.commit()
    const edits: [Item | string, string][] = [
      [{ id: 's2', group: 'x' }, 's2'],
      [{ id: 's1', group: 'x' }, 's1 s2'],
      [{ id: 's2', group: 'y' }, 's1'],
    ]
    for (const [edit, expected] of edits) {
      if (typeof edit === 'string') services.delete(edit)
      else put(services, edit)
      const runs = runsOf(graph, 'by-bucket')
      await graph.commit()
      expect(runsOf(graph, 'by-bucket')).toBe(runs + 1)
      expect(byBucket.get('a')?.ref).toBe(expected)
    }
    const runs = runsOf(graph, 'by-bucket')
    put(services, { id: 's2', group: 'z' })
    await graph.commit()
    expect(runsOf(graph, 'by-bucket')).toBe(runs)
    put(services, { id: 's1', group: 'x', n: 5 })
    await graph.commit()
    expect(runsOf(graph, 'by-bucket')).toBe(runs + 1)
  })

  it('runs an input that read the list again for any change', async () => {
    const { graph, routes, services, byList } = world()
    put(routes, { id: 'a' })
    await graph.commit()
    put(services, { id: 's2' }, { id: 's1' })
    await graph.commit()
    expect(byList.get('a')?.ref).toBe('s1 s2')
    services.delete('s2')
    await graph.commit()
    expect(byList.get('a')?.ref).toBe('s1')
  })

  it('forgets what an input no longer reads', async () => {
    const { graph, routes, services } = world()
    put(routes, { id: 'a', ref: 's1' })
    await graph.commit()
    put(routes, { id: 'a', ref: 's2' })
    await graph.commit()
    const runs = runsOf(graph, 'by-key')
    put(services, { id: 's1', n: 1 })
    await graph.commit()
    expect(runsOf(graph, 'by-key')).toBe(runs)
    routes.delete('a')
    put(services, { id: 's2', n: 1 })
    await graph.commit()
    expect(runsOf(graph, 'by-key')).toBe(runs)
  })

  it('tells what the last run of an input read', async () => {
    const { graph, routes } = world()
    put(routes, { id: 'a', ref: 's1', group: 'x' })
    await graph.commit()
    expect(graph.readsOf('by-key', 'a')).toEqual(['source/services s1'])
    expect(graph.readsOf('by-bucket', 'a')).toEqual(['source/services group=x'])
    expect(graph.readsOf('by-list', 'a')).toEqual(['source/services *'])
    expect(graph.readsOf('by-list', 'missing')).toEqual([])
    expect(graph.readsOf('missing', 'a')).toEqual([])
  })

  it('refuses, inside a run, a collection that was not declared', async () => {
    const failures: ContainedFailure[] = []
    const graph = createGraph({ onFailure: (failure) => failures.push(failure) })
    const routes = graph.source<Item>('routes')
    const secret = graph.source<Item>('secrets')
    const out = graph.derive({
      name: 'sneaky',
      from: routes,
      reads: {},
      key: (item: Item) => item.id,
      run: (route) => [{ id: route.id, n: secret.list().length }],
    })
    put(routes, { id: 'a' })
    await graph.commit()
    expect(out.list()).toEqual([])
    expect(failures).toEqual([{ node: 'sneaky', input: 'a', error: expect.stringContaining('without declaring') }])
  })

  it('refuses a reader that is used after the run it was given to', async () => {
    const graph = createGraph()
    const routes = graph.source<Item>('routes')
    let kept: { get(key: string): Item | undefined } | undefined
    graph.derive({
      name: 'keeper',
      from: routes,
      reads: { routes },
      key: (item: Item) => item.id,
      run: (_, read) => {
        kept = read.routes
        return []
      },
    })
    put(routes, { id: 'a' })
    await graph.commit()
    expect(() => kept?.get('a')).toThrow('outside of a run')
  })

  it('refuses to fold by an index that does not exist, and two collections of one name', () => {
    const graph = createGraph()
    const routes = graph.source<Item>('routes')
    const fold = { name: 'f', from: routes, by: 'nope', reads: {}, key: (item: Item) => item.id, run: () => [] }
    expect(() => graph.fold(fold)).toThrow("'nope'")
    expect(() => graph.source('routes')).toThrow('routes')
  })
})

describe('a commit', () => {
  it('runs an input once, however many of its reads changed, and shows observers net changes once', async () => {
    const { graph, routes, services, byKey } = world()
    const joined = graph.derive({
      name: 'joined',
      from: byKey,
      reads: { services, routes },
      key: (out: Item) => out.id,
      run: (out, read) => [
        deepFreeze({ id: out.id, n: (out.n ?? 0) + (read.services.get('s1')?.n ?? 0) + read.routes.list().length }),
      ],
    })
    const seen = record(joined)
    put(routes, { id: 'a', ref: 's1' })
    put(services, { id: 's1', n: 1 })
    await graph.commit()
    put(services, { id: 's1', n: 2 })
    put(routes, { id: 'b' })
    await graph.commit()
    expect(runsOf(graph, 'joined')).toBe(3)
    expect(seen.map(({ changes }) => changes)).toEqual([
      [{ key: 'a', before: undefined, after: { id: 'a', n: 3 } }],
      [
        { key: 'a', before: { id: 'a', n: 3 }, after: { id: 'a', n: 6 } },
        { key: 'b', before: undefined, after: { id: 'b', n: 3 } },
      ],
    ])
  })

  it('is silent about a value that ends where it began', async () => {
    const { graph, routes, byKey } = world()
    put(routes, { id: 'a' })
    await graph.commit()
    const seen = [record(routes), record(byKey)]
    put(routes, { id: 'a', n: 5 })
    routes.delete('a')
    put(routes, { id: 'a' })
    put(routes, { id: 'b' })
    routes.delete('b')
    await graph.commit()
    expect(seen).toEqual([[], []])
  })

  it('deletes with a replace what is not in it, later edits of the same batch included', async () => {
    const { graph, routes } = world()
    put(routes, { id: 'a' }, { id: 'b' }, { id: 'c' })
    await graph.commit()
    const seen = record(routes)
    put(routes, { id: 'lost' })
    routes.replace([
      ['a', { id: 'a' }],
      ['b', { id: 'b', n: 1 }],
      ['d', { id: 'd' }],
    ])
    routes.delete('a')
    put(routes, { id: 'e' })
    await graph.commit()
    expect(ids(routes.list())).toBe('b d e')
    expect(seen[0]?.changes.map((change) => change.key)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('gives each commit a higher number, and the observers the number of theirs', async () => {
    const { graph, routes } = world()
    const seen = record(routes)
    const first = await graph.commit()
    put(routes, { id: 'a' })
    const second = await graph.commit()
    expect(second).toBeGreaterThan(first)
    expect(seen.map(({ commit }) => commit)).toEqual([second])
  })

  it('stops telling an observer that left, and shows the new state to those that are told', async () => {
    const { graph, routes, byKey } = world()
    const states: (number | undefined)[] = []
    const leave = routes.observe(() => states.push(byKey.list().length))
    put(routes, { id: 'a' })
    await graph.commit()
    leave()
    put(routes, { id: 'b' })
    await graph.commit()
    expect(states).toEqual([1])
  })

  it('tells the other observers when one fails', async () => {
    const failures: ContainedFailure[] = []
    const graph = createGraph({ onFailure: (failure) => failures.push(failure) })
    const routes = graph.source<Item>('routes')
    routes.observe(() => {
      throw new Error('broken observer')
    })
    const seen = record(routes)
    put(routes, { id: 'a' })
    await graph.commit()
    expect(seen).toHaveLength(1)
    expect(failures).toEqual([{ node: 'routes', input: 'observer', error: 'Error: broken observer' }])
  })
})

describe('equality', () => {
  it('stops a change that makes no difference, undefined being as good as absent', async () => {
    const { graph, routes, services, byKey } = world()
    const seen = record(byKey)
    put(routes, { id: 'a', ref: 's1' })
    put(services, { id: 's1', n: 1, group: 'x' })
    await graph.commit()
    const kept = byKey.get('a')
    put(services, { id: 's1', n: 1, group: 'y' })
    const first = await graph.commit()
    routes.set('a', { id: 'a', ref: 's1', group: undefined } as unknown as Item)
    await graph.commit()
    expect(seen.filter(({ commit }) => commit >= first)).toEqual([])
    expect(byKey.get('a')).toBe(kept)
    expect(runsOf(graph, 'by-key')).toBe(2)
  })

  it('can be given by the node', async () => {
    const graph = createGraph()
    const routes = graph.source<Item>('routes')
    const versions = graph.derive({
      name: 'versions',
      from: routes,
      reads: {},
      key: (out: Item) => out.id,
      equal: (a, b) => a.n === b.n,
      run: (route) => [route],
    })
    const seen = record(versions)
    put(routes, { id: 'a', n: 1 })
    await graph.commit()
    put(routes, { id: 'a', n: 1, ref: 'other' })
    await graph.commit()
    expect(seen).toHaveLength(1)
    expect(versions.get('a')).toEqual({ id: 'a', n: 1 })
  })
})

describe('order', () => {
  it('is that of keys, whatever the order of arrival and of edits', async () => {
    const { graph, routes } = world()
    const many = Array.from({ length: 200 }, (_, i) => ({ id: `r${(i * 37) % 200}`, group: 'x' }))
    put(routes, ...many)
    await graph.commit()
    const sorted = many.map((item) => item.id).sort()
    expect(routes.list().map((item) => item.id)).toEqual(sorted)
    expect(routes.where('group', 'x').map((item) => item.id)).toEqual(sorted)
    put(routes, { id: 'r1000', group: 'x' })
    routes.delete('r5')
    await graph.commit()
    const after = [...sorted.filter((id) => id !== 'r5'), 'r1000'].sort()
    expect(routes.list().map((item) => item.id)).toEqual(after)
    expect(routes.where('group', 'x').map((item) => item.id)).toEqual(after)
  })

  it('files a value once under an index value that it names twice', async () => {
    const graph = createGraph()
    const routes = graph.source<Item>('routes', { words: (item) => (item.ref ?? '').split(' ') })
    put(routes, { id: 'a', ref: 'x x y' })
    await graph.commit()
    expect(ids(routes.where('words', 'x'))).toBe('a')
    put(routes, { id: 'a', ref: 'y y' })
    await graph.commit()
    expect(routes.where('words', 'x')).toEqual([])
    expect(ids(routes.where('words', 'y'))).toBe('a')
  })
})

describe('keys', () => {
  function claims(onClash?: (clash: KeyClash) => void) {
    const graph = createGraph(onClash === undefined ? {} : { onClash })
    const routes = graph.source<Item>('routes')
    const out = graph.derive({
      name: 'claims',
      from: routes,
      reads: {},
      key: (item: Item) => item.id,
      run: (route) => (route.ref ?? '').split(' ').flatMap((id) => (id === '' ? [] : [{ id, ref: route.id }])),
    })
    return { graph, routes, out }
  }

  it('may move from one input to another in one commit, in either direction', async () => {
    const { graph, routes, out } = claims()
    const seen = record(out)
    put(routes, { id: 'a', ref: 'k' }, { id: 'b' })
    await graph.commit()
    put(routes, { id: 'a' }, { id: 'b', ref: 'k' })
    await graph.commit()
    put(routes, { id: 'b' }, { id: 'a', ref: 'k' })
    await graph.commit()
    expect(seen.map(({ changes }) => changes.map(({ key, after }) => [key, after?.ref]))).toEqual([
      [['k', 'a']],
      [['k', 'b']],
      [['k', 'a']],
    ])
    expect(graph.clashes()).toEqual([])
  })

  it('belong to the smallest input when they clash; the clash is reported and the other one surfaces', async () => {
    const reported: KeyClash[] = []
    const { graph, routes, out } = claims((clash) => reported.push(clash))
    put(routes, { id: 'b', ref: 'k' })
    await graph.commit()
    put(routes, { id: 'c', ref: 'k' })
    await graph.commit()
    expect(out.get('k')).toEqual({ id: 'k', ref: 'b' })
    put(routes, { id: 'a', ref: 'k only-a' })
    await graph.commit()
    expect(out.get('k')).toEqual({ id: 'k', ref: 'a' })
    expect(graph.clashes()).toEqual([{ node: 'claims', key: 'k', inputs: ['a', 'b', 'c'] }])
    expect(reported.map((clash) => clash.inputs)).toEqual([
      ['b', 'c'],
      ['a', 'b', 'c'],
    ])
    routes.delete('a')
    await graph.commit()
    expect(out.get('k')).toEqual({ id: 'k', ref: 'b' })
    put(routes, { id: 'b' })
    await graph.commit()
    expect(out.get('k')).toEqual({ id: 'k', ref: 'c' })
    expect(graph.clashes()).toEqual([])
    routes.delete('c')
    await graph.commit()
    expect(out.list()).toEqual([])
  })

  it('that one run puts out twice keep the first value, and are reported', async () => {
    const { graph, routes, out } = claims()
    put(routes, { id: 'a', ref: 'k k' })
    await graph.commit()
    expect(out.list()).toEqual([{ id: 'k', ref: 'a' }])
    expect(graph.clashes()).toEqual([{ node: 'claims', key: 'k', inputs: ['a', 'a'] }])
    put(routes, { id: 'a', ref: 'k' })
    await graph.commit()
    expect(graph.clashes()).toEqual([])
  })
})

describe('a failure', () => {
  it('is contained: the input keeps its outputs, the others go on, and it is over when a run succeeds', async () => {
    const failures: ContainedFailure[] = []
    const graph = createGraph({ onFailure: (failure) => failures.push(failure) })
    const routes = graph.source<Item>('routes')
    const services = graph.source<Item>('services')
    const out = graph.derive({
      name: 'fragile',
      from: routes,
      reads: { services },
      key: (item: Item) => item.id,
      run: (route, read) => {
        const n = read.services.get(route.ref ?? '')?.n
        if (n === 13) throw new Error('unlucky')
        return [{ id: route.id, n: n ?? 0 }]
      },
    })
    put(routes, { id: 'a', ref: 's' }, { id: 'b' })
    put(services, { id: 's', n: 1 })
    await graph.commit()
    put(services, { id: 's', n: 13 })
    put(routes, { id: 'c' })
    await graph.commit()
    expect(out.list()).toEqual([
      { id: 'a', n: 1 },
      { id: 'b', n: 0 },
      { id: 'c', n: 0 },
    ])
    const failure = { node: 'fragile', input: 'a', error: 'Error: unlucky' }
    expect(graph.failures()).toEqual([failure])
    expect(failures).toEqual([failure])
    put(services, { id: 's', n: 2 })
    await graph.commit()
    expect(graph.failures()).toEqual([])
    expect(out.get('a')).toEqual({ id: 'a', n: 2 })
    put(services, { id: 's', n: 13 })
    await graph.commit()
    routes.delete('a')
    await graph.commit()
    expect(graph.failures()).toEqual([])
    expect(out.get('a')).toBeUndefined()
  })

  it('of a key or index function is contained too', async () => {
    const failures: ContainedFailure[] = []
    const graph = createGraph({ onFailure: (failure) => failures.push(failure) })
    const routes = graph.source<Item>('routes', {
      len: (item) => [String(item.ref?.length), (item.ref ?? fail()).trim()],
    })
    const out = graph.derive({
      name: 'keys',
      from: routes,
      reads: {},
      key: (item: Item) => item.ref ?? fail(),
      run: (route) => [route],
    })
    put(routes, { id: 'a' }, { id: 'b', ref: 'x' })
    await graph.commit()
    expect(ids(routes.list())).toBe('a b')
    expect(ids(routes.where('len', 'x'))).toBe('b')
    expect(out.list()).toEqual([{ id: 'b', ref: 'x' }])
    expect(failures.map(({ node, input }) => [node, input])).toEqual([
      ['routes', 'a'],
      ['keys', 'a'],
    ])
  })
})

function fail(): never {
  throw new TypeError('no ref')
}

describe('fold', () => {
  function counts() {
    const graph = createGraph()
    const routes = graph.source<Item>('routes', byGroup)
    const services = graph.source<Item>('services')
    const out = graph.fold({
      name: 'counts',
      from: routes,
      by: 'group',
      reads: { services },
      key: (item: Item) => item.id,
      run: (members, group, read) => [
        deepFreeze({ id: group, ref: ids(members), n: read.services.get(group)?.n ?? members.length }),
      ],
    })
    return { graph, routes, services, out }
  }

  it('sees the members of its group in key order, and runs for the touched groups only', async () => {
    const { graph, routes, out } = counts()
    put(routes, { id: 'b', group: 'x' }, { id: 'a', group: 'x' }, { id: 'c', group: 'y' }, { id: 'none' })
    await graph.commit()
    expect(out.list()).toEqual([
      { id: 'x', ref: 'a b', n: 2 },
      { id: 'y', ref: 'c', n: 1 },
    ])
    const runs = runsOf(graph, 'counts')
    put(routes, { id: 'd', group: 'y' })
    await graph.commit()
    expect(runsOf(graph, 'counts')).toBe(runs + 1)
    expect(out.get('y')?.ref).toBe('c d')
  })

  it('loses the outputs of a group that becomes empty', async () => {
    const { graph, routes, out } = counts()
    put(routes, { id: 'a', group: 'x' }, { id: 'b', group: 'y' })
    await graph.commit()
    put(routes, { id: 'a', group: 'y' })
    await graph.commit()
    expect(out.list()).toEqual([{ id: 'y', ref: 'a b', n: 2 }])
    expect(graph.stats().find((node) => node.name === 'counts')?.inputs).toBe(1)
  })

  it('runs again for what it read', async () => {
    const { graph, routes, services, out } = counts()
    put(routes, { id: 'a', group: 'x' })
    await graph.commit()
    put(services, { id: 'x', n: 42 })
    await graph.commit()
    expect(out.get('x')?.n).toBe(42)
  })
})

describe('union', () => {
  it('shows the first part that has a key, and what is below when that goes', async () => {
    const graph = createGraph()
    const first = graph.source<Item>('first')
    const second = graph.source<Item>('second')
    const both = graph.union('both', [first, second], byGroup)
    const seen = record(both)
    put(first, { id: 'a', n: 1 })
    put(second, { id: 'a', n: 2, group: 'x' }, { id: 'b', n: 3, group: 'x' })
    await graph.commit()
    expect(both.list()).toEqual([
      { id: 'a', n: 1 },
      { id: 'b', n: 3, group: 'x' },
    ])
    put(second, { id: 'a', n: 20, group: 'x' })
    await graph.commit()
    expect(seen).toHaveLength(1)
    first.delete('a')
    await graph.commit()
    expect(both.where('group', 'x').map((item) => item.n)).toEqual([20, 3])
    second.delete('a')
    await graph.commit()
    expect(ids(both.list())).toBe('b')
  })
})

describe('cooperation', () => {
  /** A node that is slow enough for a commit to yield after every input. */
  function slow() {
    const graph = createGraph({ yieldEveryMs: 0 })
    const routes = graph.source<Item>('routes', byGroup)
    const out = graph.derive({
      name: 'slow',
      from: routes,
      reads: {},
      indexes: byGroup,
      key: (item: Item) => item.id,
      run: (route) => [route],
    })
    return { graph, routes, out }
  }

  it('lets the event loop run during a commit, and outsiders see the former state until it ends', async () => {
    const { graph, routes, out } = slow()
    put(routes, { id: 'a', n: 1, group: 'x' }, { id: 'b', n: 1, group: 'x' })
    await graph.commit()
    const view = () => [routes.list(), out.list(), out.where('group', 'x'), out.where('group', 'y'), [out.get('b')]]
    const before = view()
    put(routes, { id: 'a', n: 2, group: 'y' }, { id: 'c', n: 2, group: 'x' }, { id: 'd', n: 2, group: 'y' })
    routes.delete('b')
    let isDone = false
    let looks = 0
    const done = graph.commit().then(() => {
      isDone = true
    })
    while (!isDone) {
      expect(view()).toEqual(before)
      looks++
      await new Promise((resolve) => setImmediate(resolve))
    }
    await done
    expect(looks).toBeGreaterThan(5)
    expect(ids(out.list())).toBe('a c d')
    expect(ids(out.where('group', 'y'))).toBe('a d')
    expect(out.get('b')).toBeUndefined()
  })

  it('keeps what arrives during a commit for the next one, which all who asked meanwhile share', async () => {
    const { graph, routes, out } = slow()
    const seen = record(out)
    put(routes, { id: 'a' }, { id: 'b' })
    const first = graph.commit()
    put(routes, { id: 'c' })
    const second = graph.commit()
    put(routes, { id: 'd' })
    const third = graph.commit()
    expect(await third).toBe(await second)
    expect(await first).toBeLessThan(await second)
    expect(seen.map(({ changes }) => changes.map(({ key }) => key).join(' '))).toEqual(['a b', 'c d'])
  })

  it('runs a commit that an observer asks for after the one that told it', async () => {
    const graph = createGraph()
    const routes = graph.source<Item>('routes')
    const echo = graph.source<Item>('echo')
    let echoed: Promise<number> | undefined
    routes.observe((changes) => {
      for (const { key, after } of changes) if (after !== undefined) echo.set(key, after)
      echoed = graph.commit()
    })
    put(routes, { id: 'a' })
    const first = await graph.commit()
    expect(echo.list()).toEqual([])
    expect(await echoed).toBe(first + 1)
    expect(ids(echo.list())).toBe('a')
  })
})

describe('cost', () => {
  it('is that of what changed: nodes that nothing concerns do not run', async () => {
    const { graph, routes, services } = world()
    put(routes, ...Array.from({ length: 1000 }, (_, i) => ({ id: `r${i}`, ref: `s${i % 100}` })))
    put(services, ...Array.from({ length: 100 }, (_, i) => ({ id: `s${i}`, group: `g${i}` })))
    await graph.commit()
    const runs = runsOf(graph, 'by-key')
    put(services, { id: 's7', n: 1, group: 'g7' })
    await graph.commit()
    expect(runsOf(graph, 'by-key') - runs).toBe(10)
    expect(graph.stats().map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
      ['source/routes', 1000, 1000],
      ['source/services', 100, 100],
      ['by-key', 1000, 1000],
      ['by-bucket', 1000, 1000],
      ['by-list', 1000, 1000],
    ])
  })
})

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { StoredDocument } from '../core/documents.ts'
import { createGraph } from '../engine/graph.ts'
import { type Clock, type DocumentDemand, DocumentFetcher, type DocumentStore } from './fetcher.ts'

const START = Date.parse('2026-01-01T00:00:00Z')

class FakeClock implements Clock {
  #now = START
  #tasks: { at: number; task: () => void }[] = []
  now(): number {
    return this.#now
  }
  schedule(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter((each) => each !== entry)
    }
  }
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settled()
      const next = this.#tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#now = next.at
      this.#tasks = this.#tasks.filter((each) => each !== next)
      next.task()
    }
    this.#now = end
  }
}

// Everything that can happen without time passing.
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

class MemoryStore implements DocumentStore {
  readonly documents = new Map<string, StoredDocument>()
  async load() {
    return [...this.documents.values()]
  }
  async save(document: StoredDocument) {
    this.documents.set(document.requestKey, document)
  }
  async remove(key: string) {
    this.documents.delete(key)
  }
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const stop = new AbortController()
afterEach(() => vi.restoreAllMocks())

const demand = (key: string, more: Partial<DocumentDemand> = {}): DocumentDemand => ({
  key,
  url: `https://${key}`,
  refreshMs: 300_000,
  requestedBy: { group: 'g', kind: 'K', namespace: 'ns', name: key },
  path: 'p',
  ...more,
})
const stored = (requestKey: string, fetchedAt: string): StoredDocument => ({
  requestKey,
  url: `https://${requestKey}`,
  fetchedAt,
  jwks: 'stored',
})

async function start(demands: readonly DocumentDemand[], kept: readonly StoredDocument[] = []) {
  const graph = createGraph()
  const source = graph.source<DocumentDemand>('demands')
  for (const each of demands) source.set(`${each.key}/${each.requestedBy.name}`, each)
  await graph.commit()
  const clock = new FakeClock()
  const store = new MemoryStore()
  for (const document of kept) store.documents.set(document.requestKey, document)
  const asked: string[] = []
  const answers = new Map<string, Promise<string> | Error>()
  const fetcher = new DocumentFetcher({
    demands: source,
    store,
    clock,
    log: quiet,
    fetch: async ({ url }) => {
      asked.push(`${url} at ${(clock.now() - START) / 1000}`)
      const answer = answers.get(url) ?? Promise.resolve(`keys of ${url}`)
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  await fetcher.start(stop.signal)
  return { graph, source, clock, store, asked, answers, fetcher }
}

test('fetches what is demanded at once, and again when it gets old', async () => {
  const { clock, store, asked } = await start([demand('a')])
  await clock.advance(0)
  expect(store.documents.get('a')).toEqual({
    requestKey: 'a',
    url: 'https://a',
    fetchedAt: '2026-01-01T00:00:00.000Z',
    jwks: 'keys of https://a',
  })
  await clock.advance(600_000)
  expect(asked).toEqual(['https://a at 0', 'https://a at 300', 'https://a at 600'])
})

test('waits while what is stored is still fresh, and drops what nobody demands any more', async () => {
  const fresh = stored('a', '2025-12-31T23:59:00Z')
  const { clock, store, asked } = await start([demand('a')], [fresh, stored('gone', '2025-12-31T23:59:00Z')])
  expect([...store.documents.keys()]).toEqual(['a'])
  await clock.advance(239_000)
  expect(asked).toEqual([])
  await clock.advance(1_000)
  expect(asked).toEqual(['https://a at 240'])
})

test('keeps the last good document while it fails, and tries again ever more slowly', async () => {
  const { clock, store, asked, answers, fetcher } = await start([demand('a')], [stored('a', '2025-01-01T00:00:00Z')])
  answers.set('https://a', new Error('refused'))
  await clock.advance(50_000)
  expect(asked.map((each) => Number(each.split(' at ')[1]))).toEqual([0, 0.2, 0.6, 1.4, 3, 6.2, 12.6, 25.4, 40.4])
  expect(store.documents.get('a')?.jwks).toBe('stored')
  expect(fetcher.states()).toMatchObject([{ key: 'a', failures: 9, lastError: 'refused' }])
  answers.delete('https://a')
  await clock.advance(6_000)
  expect(fetcher.states()).toMatchObject([{ failures: 0, lastError: undefined, fetchedAt: '2026-01-01T00:00:55.400Z' }])
})

test('goes by the shortest of several demands for one document, from the moment it was fetched', async () => {
  const other = demand('a', {
    refreshMs: 60_000,
    requestedBy: { group: 'g', kind: 'K', namespace: 'ns', name: 'other' },
  })
  const { graph, source, clock, asked } = await start([demand('a')])
  await clock.advance(30_000)
  source.set('a/other', other)
  await graph.commit()
  await clock.advance(40_000)
  expect(asked).toEqual(['https://a at 0', 'https://a at 60'])
  source.delete('a/other')
  await graph.commit()
  await clock.advance(290_000)
  expect(asked.at(-1)).toBe('https://a at 360')
})

describe('a document that nobody demands any more', () => {
  test('is removed', async () => {
    const { graph, source, clock, store, asked } = await start([demand('a')])
    await clock.advance(0)
    source.delete('a/a')
    await graph.commit()
    await clock.advance(600_000)
    expect([store.documents.size, asked.length]).toEqual([0, 1])
  })

  test('is not stored when its answer comes too late', async () => {
    const { graph, source, clock, store, answers } = await start([demand('a')])
    const answer = Promise.withResolvers<string>()
    answers.set('https://a', answer.promise)
    await clock.advance(0)
    source.delete('a/a')
    await graph.commit()
    answer.resolve('late')
    await settled()
    expect(store.documents.size).toBe(0)
  })
})

test('fetches at most ten documents at a time', async () => {
  const demands = Array.from({ length: 12 }, (_, i) => demand(`d${i}`))
  const { clock, asked, answers } = await start(demands)
  const held = Promise.withResolvers<string>()
  for (const { url } of demands) answers.set(url, held.promise)
  await clock.advance(0)
  expect(asked.length).toBe(10)
  held.resolve('x')
  await clock.advance(0)
  expect(asked.length).toBe(12)
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeApi, type FakeObject } from '../../../test/fake-api.ts'
import { createClient } from '../../cluster/client.ts'
import { openConnection } from '../../cluster/connection.ts'
import type { Time } from '../../cluster/time.ts'
import { type ReflectorOptions, reflect, type Step } from './reflector.ts'

const services = '/v1/services'
const resource = { group: '', version: 'v1', plural: 'services', namespaced: true }

function service(name: string, more: object = {}): FakeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'ns', ...more } }
}

describe('a reflector', () => {
  let api: FakeApi
  let stop: AbortController
  let waits: number[]
  let clock: number
  /** How long everything seems to take. */
  let tickMs: number
  let followers: Promise<void>[]
  beforeEach(async () => {
    api = await new FakeApi().start()
    api.serve('v1', 'Service', 'services')
    stop = new AbortController()
    waits = []
    clock = 0
    tickMs = 60_000
    followers = []
  })
  afterEach(async () => {
    stop.abort()
    await Promise.all(followers)
    await api.stop()
  })

  /** Waits are over at once, and recorded. */
  const time: Time = {
    now: () => (clock += tickMs),
    date: () => new Date(0),
    wait: (ms) => {
      waits.push(ms)
      return new Promise((resolve) => setImmediate(resolve))
    },
    random: () => 1,
  }

  /** Follows the fake's Services; `state` is what whoever listens would hold. */
  function follow(options: Partial<ReflectorOptions> = {}) {
    const client = createClient(openConnection(api.url), { fieldManager: 'x', userAgent: 'x' })
    const steps: Step[] = []
    const state = new Map<string, string>()
    const all = { client, resource, hasStreamedLists: false, time, ...options }
    const following = (async () => {
      for await (const step of reflect(all, stop.signal)) {
        if (step.step === 'whole') {
          state.clear()
          for (const { metadata } of step.objects) state.set(metadata.name, metadata.labels?.v ?? '')
        } else if (step.step === 'changes') {
          for (const { isDeleted, object } of step.changes) {
            if (isDeleted) state.delete(object.metadata.name)
            else state.set(object.metadata.name, object.metadata.labels?.v ?? '')
          }
        }
        steps.push(step)
      }
      client.close()
    })()
    followers.push(following)
    const told = (): string =>
      steps.map((step) => (step.step === 'changes' ? `${step.changes.length} changes` : step.step)).join(', ')
    return { steps, state, told }
  }

  const until = (isSo: () => boolean): Promise<void> => expect.poll(isSo, { timeout: 5_000, interval: 2 }).toBe(true)
  const watches = (): readonly string[] => api.requests.filter((request) => request.includes('watch='))

  it('lists in pages, and watches from where the list ended', async () => {
    for (let i = 0; i < 1_200; i++) api.set(services, service(`s${i}`))
    const { state, steps } = follow()
    await until(() => api.watches(services) === 1)
    expect(state.size).toBe(1_200)
    expect(steps.length).toBe(1)
    const [whole] = steps
    expect(whole?.step === 'whole' ? whole.objects[0] : whole).toMatchObject({ apiVersion: 'v1', kind: 'Service' })
    const lists = api.requests.filter((request) => !request.includes('watch='))
    expect(lists.map((request) => /continue=(\d+)/.exec(request)?.[1])).toEqual([undefined, '500', '1000'])
    expect(watches()).toEqual([expect.stringContaining('resourceVersion=1300')])
    api.set(services, service('s1', { labels: { v: 'new' } }))
    api.delete(services, 'ns/s2')
    await until(() => state.get('s1') === 'new' && !state.has('s2'))
  })

  it('takes a list as the beginning of a watch where the server offers that', async () => {
    api.set(services, service('a'))
    const { state, told } = follow({ hasStreamedLists: true })
    await until(() => state.size === 1)
    api.set(services, service('b'))
    await until(() => state.size === 2)
    expect(told()).toBe('whole, 1 changes')
    expect(api.requests.length).toBe(1)
  })

  it('lists in pages when the server will not stream', async () => {
    api.hasStreamedLists = false
    api.set(services, service('a'))
    const { state, told } = follow({ hasStreamedLists: true })
    await until(() => state.size === 1 && api.watches(services) === 1)
    expect(told()).toBe('whole')
    expect(waits).toEqual([])
  })

  it('goes on where it was when a connection breaks in the middle of an event', async () => {
    api.set(services, service('a'))
    const { state, told } = follow()
    await until(() => api.watches(services) === 1)
    api.set(services, service('b'))
    await until(() => state.size === 2)
    api.breakWatches(services, '{"type":"DELETED","object":{"metadata":{"name":"a","nam')
    api.set(services, service('c'))
    await until(() => state.size === 3)
    expect([...state.keys()]).toEqual(['a', 'b', 'c'])
    expect(told()).toBe('whole, 1 changes, failed, resumed, 1 changes')
    expect(watches().at(-1)).toContain('resourceVersion=102')
  })

  it('goes on from a bookmark when a watch ends, without listing again', async () => {
    const { told } = follow()
    await until(() => api.watches(services) === 1)
    api.bookmark(services)
    api.compact()
    // Whatever is compacted before the bookmark does not matter any more.
    await until(() => api.requests.length === 2)
    api.endWatches()
    await until(() => api.watches(services) === 1)
    expect(watches().at(-1)).toContain('resourceVersion=101')
    expect(told()).toBe('whole')
  })

  it('lists again when what happened is forgotten, and so learns of deletions', async () => {
    api.set(services, service('a'))
    api.set(services, service('b'))
    const { state, told } = follow()
    await until(() => api.watches(services) === 1)
    api.faults.push({ matches: /watch=/, code: 503, times: 1 })
    api.endWatches()
    api.delete(services, 'ns/a')
    api.compact()
    await until(() => state.size === 1 && api.watches(services) === 1)
    expect(told()).toBe('whole, failed, resumed, whole')
  })

  it('asks for everything at once when pages expire on the way', async () => {
    for (let i = 0; i < 600; i++) api.set(services, service(`s${i}`))
    api.faults.push({ matches: /continue=/, code: 410, reason: 'Expired', times: 1 })
    const { state } = follow()
    await until(() => state.size === 600)
    expect(api.requests.filter((request) => request.includes('limit='))).toHaveLength(2)
  })

  it('says nothing about objects while the server fails, and waits longer and longer, but not too long', async () => {
    api.set(services, service('a'))
    const { state, steps } = follow()
    await until(() => api.watches(services) === 1)
    api.faults.push({ matches: /./, code: 503, times: 10 })
    api.endWatches()
    await until(() => steps.filter(({ step }) => step === 'failed').length === 10)
    await until(() => api.watches(services) === 1)
    expect(state.size).toBe(1)
    expect(steps.filter(({ step }) => step === 'whole')).toHaveLength(1)
    expect(waits).toEqual([200, 400, 800, 1600, 3000, 3000, 3000, 3000, 3000, 3000])
  })

  it('waits as long as the server asks', async () => {
    api.faults.push({ matches: /./, code: 429, headers: { 'retry-after': '7' }, times: 1 })
    follow()
    await until(() => api.watches(services) === 1)
    expect(waits).toEqual([7_000])
  })

  it('pauses when every watch ends at once', async () => {
    tickMs = 0
    const { steps } = follow()
    await until(() => api.watches(services) === 1)
    for (let i = 1; i < 5; i++) {
      api.endWatches()
      await until(() => watches().length === i + 1 && api.watches(services) === 1)
    }
    expect(waits).toEqual([200, 400, 800, 1600])
    expect(steps.findLast(({ step }) => step === 'failed')).toMatchObject({ failures: 4 })
  })

  it('says that the server knows no such kind, and goes on asking', async () => {
    api.unserve(services)
    const { told, state } = follow()
    await until(() => told().startsWith('missing, missing'))
    api.serve('v1', 'Service', 'services')
    api.set(services, service('a'))
    await until(() => state.size === 1)
  })

  it('starts anew when the server is behind what it said before, as after a restored backup', async () => {
    api.set(services, service('a'))
    const { steps } = follow()
    await until(() => api.watches(services) === 1)
    const message = 'Too large resource version: 5, current: 4'
    api.faults.push({ matches: /watch=/, code: 504, reason: 'Timeout', message, times: 1 })
    api.endWatches()
    await until(() => steps.filter(({ step }) => step === 'whole').length === 2)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeApi } from '../../test/fake-api.ts'
import { VirtualTime } from '../../test/virtual-time.ts'
import { type ClusterClient, createClient } from './client.ts'
import { openConnection } from './connection.ts'
import { type Leadership, leadership, leaseName } from './leader.ts'

const path = 'coordination.k8s.io/v1/leases'

describe('leadership', () => {
  let api: FakeApi
  let time: VirtualTime
  let running: { stop: AbortController; done: Promise<void>; client: ClusterClient }[]
  beforeEach(async () => {
    api = await new FakeApi().start()
    api.serve('coordination.k8s.io/v1', 'Lease', 'leases')
    time = new VirtualTime()
    running = []
  })
  afterEach(async () => {
    for (const { stop, done, client } of running) {
      stop.abort()
      await done
      client.close()
    }
    await api.stop()
  })

  function candidate(identity: string) {
    const client = createClient(openConnection(api.url), { fieldManager: 'x', userAgent: 'x' })
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    const options = { client, namespace: 'ns', name: 'the-lease', identity, log: quiet, time }
    const candidate: Leadership = leadership(options)
    const said: boolean[] = []
    candidate.isLeader$.subscribe((isLeader) => said.push(isLeader))
    const stop = new AbortController()
    const done = candidate.run(stop.signal)
    running.push({ stop, done, client })
    return { said, stop, done }
  }

  const until = (isSo: () => boolean): Promise<void> => expect.poll(isSo, { timeout: 5_000, interval: 1 }).toBe(true)

  /** Lets time pass second by second, and all candidates do what they then do. */
  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      await until(() => time.waiting === running.filter(({ stop }) => !stop.signal.aborted).length)
      time.advance(1_000)
    }
    await until(() => time.waiting === running.filter(({ stop }) => !stop.signal.aborted).length)
  }

  const lease = () => api.get(path, 'ns/the-lease')

  it('is had by the first who asks, who goes on renewing it', async () => {
    const first = candidate('a')
    await until(() => first.said.length === 2)
    expect(lease()).toMatchObject({
      spec: {
        holderIdentity: 'a',
        leaseDurationSeconds: 15,
        acquireTime: '2026-01-01T00:00:00.000000Z',
        renewTime: '2026-01-01T00:00:00.000000Z',
        leaseTransitions: 0,
      },
    })
    const second = candidate('b')
    await pass(60)
    expect(lease()).toMatchObject({
      spec: {
        holderIdentity: 'a',
        acquireTime: '2026-01-01T00:00:00.000000Z',
        renewTime: '2026-01-01T00:01:00.000000Z',
      },
    })
    expect([first.said, second.said]).toEqual([[false, true], [false]])
  })

  it('passes on at once when it is given back', async () => {
    const first = candidate('a')
    await until(() => first.said.length === 2)
    const second = candidate('b')
    await until(() => time.waiting === 2)
    first.stop.abort()
    await first.done
    expect(first.said).toEqual([false, true, false])
    time.advance(2_000)
    await until(() => second.said.length === 2)
    expect(lease()).toMatchObject({ spec: { holderIdentity: 'b', leaseTransitions: 1 } })
  })

  it('passes on when its holder is silent for as long as it promised to renew within', async () => {
    const spec = { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2020-01-01T00:00:00.000000Z' }
    const metadata = { name: 'the-lease', namespace: 'ns' }
    api.set(path, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec })
    const second = candidate('b')
    await pass(14)
    expect(second.said).toEqual([false])
    await pass(4)
    expect(second.said).toEqual([false, true])
  })

  it('is given up when the API server has not been heard of for ten seconds, and won back later', async () => {
    const first = candidate('a')
    await until(() => first.said.length === 2)
    api.faults.push({ matches: /./, code: 503, times: 1e6 })
    await pass(9)
    expect(first.said).toEqual([false, true])
    await pass(3)
    expect(first.said).toEqual([false, true, false])
    api.faults.length = 0
    await pass(3)
    expect(first.said).toEqual([false, true, false, true])
    expect(lease()).toMatchObject({ spec: { leaseTransitions: 0 } })
  })

  it('is lost to a replica that took it by force', async () => {
    const first = candidate('a')
    await until(() => first.said.length === 2)
    const { spec, metadata } = lease() as unknown as { spec: object; metadata: { name: string } }
    api.set(path, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { ...spec, holderIdentity: 'c', renewTime: 'now' },
    })
    await pass(5)
    expect(first.said).toEqual([false, true, false])
  })

  it('has a name of its own for every controller but the usual one', () => {
    expect(leaseName('agentgateway.dev/agentgateway')).toBe('agentgateway-agentgateway')
    expect(leaseName('example.com/other')).toMatch(/^agentgateway-agentgateway-[0-9a-f]{8}$/)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeApi } from '../../test/fake-api.ts'
import { VirtualTime } from '../../test/virtual-time.ts'
import { type ClusterClient, createClient } from './client.ts'
import { openConnection } from './connection.ts'
import { EventRecorder } from './events.ts'

describe('events', () => {
  let api: FakeApi
  let client: ClusterClient
  let time: VirtualTime
  let recorder: EventRecorder
  beforeEach(async () => {
    api = await new FakeApi().start()
    api.serve('v1', 'Event', 'events')
    client = createClient(openConnection(api.url), { fieldManager: 'us', userAgent: 'x' })
    time = new VirtualTime()
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    recorder = new EventRecorder({ client, component: 'us', log: quiet, time })
  })
  afterEach(async () => {
    client.close()
    await api.stop()
  })

  const gateway = { apiVersion: 'g/v1', kind: 'Gateway', namespace: 'ns', name: 'gw', uid: 'u' }
  const refusal = { type: 'Warning', reason: 'Refused', message: 'no' } as const
  const posts = (): number => api.requests.filter((request) => request.startsWith('POST')).length
  const bodies: string[] = []

  it('are about the object, and say what, why and who', async () => {
    const created: unknown[] = []
    const spy = new EventRecorder({
      client: {
        create: (resource, object) => {
          created.push(object)
          return client.create(resource, object)
        },
        patch: client.patch,
      },
      component: 'us',
      log: { debug: (fields) => bodies.push(JSON.stringify(fields)), info: () => {}, warn: () => {}, error: () => {} },
      time,
    })
    await spy.record(gateway, { ...refusal, message: 'x'.repeat(2_000) })
    expect(created).toMatchObject([
      {
        metadata: { namespace: 'ns', name: expect.stringMatching(/^gw\.[0-9a-f]{16}$/) },
        involvedObject: { apiVersion: 'g/v1', kind: 'Gateway', namespace: 'ns', name: 'gw', uid: 'u' },
        ...{ type: 'Warning', reason: 'Refused', count: 1, source: { component: 'us' } },
        ...{ firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:00Z' },
        message: expect.stringMatching(/^x{1023}…$/),
      },
    ])
    expect(bodies).toEqual([])
  })

  it('are counted up when they happen again, and made anew when they are gone', async () => {
    await recorder.record(gateway, refusal)
    await recorder.record(gateway, refusal)
    expect(api.requests.at(-1)).toMatch(/^PATCH/)
    expect(posts()).toBe(1)
    await recorder.record(gateway, { ...refusal, message: 'something else' })
    expect(posts()).toBe(2)
    time.advance(3_600_000)
    await recorder.record(gateway, refusal)
    expect(posts()).toBe(3)
  })

  it('are not so many of one object that they crowd out others', async () => {
    for (let i = 0; i < 100; i++) await recorder.record(gateway, { ...refusal, message: `${i}` })
    expect(posts()).toBe(25)
    await recorder.record({ ...gateway, name: 'other' }, refusal)
    expect(posts()).toBe(26)
    time.advance(300_000)
    await recorder.record(gateway, { ...refusal, message: 'later' })
    await recorder.record(gateway, { ...refusal, message: 'too soon' })
    expect(posts()).toBe(27)
  })

  it('are given up when the API server does not want them', async () => {
    api.faults.push({ matches: /./, code: 403, times: 1 })
    await recorder.record(gateway, refusal)
  })
})

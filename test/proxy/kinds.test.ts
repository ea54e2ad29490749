// One of everything that can be said to a proxy, whether or not a translation says it today: what the proxy dumps of it
// must be what we dump of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configDump } from '../../src/admin/config-dump/dump.ts'
import { encodeResource } from '../../src/wire/encode.ts'
import type { XdsEntry } from '../../src/wire/entry.ts'
import { everyBackend, everyPolicy } from './kinds.ts'
import { PROXY_BINARY, warnIfSkipped } from './lab.ts'
import { expectSameDump } from './same-dump.ts'
import { openStage, type Stage } from './stage.ts'

warnIfSkipped('one of everything')

/** Things that cannot be used, and are taken all the same. */
const WARNED = ['backend/gr', 'policy/ai', 'policy/js3', 'policy/js4', 'policy/jwt2']

describe.runIf(PROXY_BINARY !== undefined)('one of everything', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.end())

  test('is dumped by the proxy as it is dumped by us', async () => {
    const gateway = 'stage/gateway'
    const entry = (encoded: XdsEntry['encoded']): XdsEntry => ({ scope: gateway, encoded, owners: [] })
    const resources = [
      ...everyPolicy().map((policy) => entry(encodeResource({ kind: 'policy', policy }))),
      ...everyBackend().map((backend) => entry(encodeResource({ kind: 'backend', backend }))),
    ]
    const { refusals, dump } = await stage.play(resources, [])
    expect(refusals.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(refusals.map(({ name }) => name).sort()).toEqual(WARNED)
    const ours = configDump({ gateway, resources, addresses: [], version: '' })
    // A dump is an object.
    expectSameDump(dump, ours as Readonly<Record<string, unknown>>)
  })
})

// Limits of an LLMGateway on real proxies: for each client, for all, for each model, and over several proxies of one gateway.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import {
  ask,
  backend,
  endAll,
  PROXY_BINARY,
  serve,
  startProxy,
  synced,
  temporaryFolder,
  until,
  warnIfSkipped,
} from './lab.ts'

warnIfSkipped('limits of an LLMGateway')

const LIMIT = 6

const gateway = (name: string, { port, provider, scope, more = '' }: Record<string, string | number>): string => `
apiVersion: v1
kind: Secret
metadata: {name: clients-of-${name}, namespace: platform, labels: {agentkube.io/llmgateway: ${name}}}
stringData:
  alice: '{"key": "k-alice", "metadata": {"name": "alice"}}'
  bob: '{"key": "k-bob", "metadata": {"name": "bob"}}'
---
apiVersion: agentkube.io/v1alpha1
kind: LLMGateway
metadata: {name: ${name}, namespace: platform}
spec:
  port: ${port}${more}
  upstreams:
    - {name: only, provider: vllm, endpoint: "http://127.0.0.1:${provider}", models: [big, small]}
  routing: {modelMap: [{from: huge, to: big}]}
  rateLimit: {requestsPerMinute: ${LIMIT}, scope: ${scope}}
  auth: {mode: apikey}
`

describe.runIf(PROXY_BINARY !== undefined)('limits on real proxies', () => {
  const ports = { perClient: 0, global: 0, perModel: 0, shared: 0 }

  beforeAll(async () => {
    const provider = await backend(() => {
      const choices = [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }]
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      const completion = { id: '1', object: 'chat.completion', created: 1, model: 'm', choices, usage }
      return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(completion) }
    })
    const [first = 0, second = 0, third = 0, fourth = 0] = await freePorts(4)
    Object.assign(ports, { perClient: first, global: second, perModel: third, shared: fourth })
    const folder = temporaryFolder()
    const manifests = [
      gateway('per-client', { port: ports.perClient, provider, scope: 'perClient' }),
      gateway('global', { port: ports.global, provider, scope: 'global' }),
      gateway('per-model', { port: ports.perModel, provider, scope: 'perModel' }),
      gateway('shared', { port: ports.shared, provider, scope: 'perClient', more: '\n  replicas: 2' }),
    ]
    writeFileSync(join(folder, 'gateways.yaml'), manifests.join('---\n'))
    const controlPlane = await serve(folder)
    for (const name of ['per-client', 'global', 'per-model', 'shared']) {
      await startProxy(`platform/${name}`, controlPlane.ports.xds)
      await synced(controlPlane, `platform/${name}`)
    }
  })
  afterAll(endAll)

  async function chat(port: number, { key = 'k-alice', model = 'big' } = {}): Promise<number> {
    const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'well?' }] })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    return (await ask(port, '/v1/chat/completions', { method: 'POST', headers, body })).status
  }

  /** How many requests pass until one is refused. */
  async function passing(
    port: number,
    options: { readonly key?: string; readonly model?: string } = {},
  ): Promise<number> {
    let passed = 0
    await until('one is refused', async () => {
      const status = await chat(port, options)
      if (status === 200) passed += 1
      return status === 429 ? true : undefined
    })
    return passed
  }

  test('E-14: the call after the last is refused to that client, and to no other', async () => {
    expect(await passing(ports.perClient)).toBe(LIMIT)
    expect(await passing(ports.perClient, { key: 'k-bob' })).toBe(LIMIT)
  })

  test('E-14: a proxy of two lets half of it pass, so that both together keep the limit', async () => {
    expect(await passing(ports.shared)).toBe(LIMIT / 2)
    expect(await chat(ports.shared, { key: 'k-bob' })).toBe(200)
  })

  test('E-15: with scope global all share one limit', async () => {
    expect(await passing(ports.global)).toBe(LIMIT)
    expect(await chat(ports.global, { key: 'k-bob', model: 'small' })).toBe(429)
  })

  test('E-15: with scope perModel each model has a limit, under whatever name it is asked for', async () => {
    expect(await passing(ports.perModel)).toBe(LIMIT)
    expect(await chat(ports.perModel, { model: 'huge', key: 'k-bob' })).toBe(429)
    expect(await passing(ports.perModel, { model: 'small' })).toBe(LIMIT)
  })
})

// A real proxy fed by `serve` from a folder: routes answer, edits arrive, and the control plane may die meanwhile.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import {
  ask,
  backend,
  type ControlPlane,
  endAll,
  exampleCopy,
  PROXY_BINARY,
  type Proxies,
  type RunningProxy,
  serve,
  startProxy,
  synced,
  until,
  warnIfSkipped,
} from './lab.ts'
import { expectSameDump } from './same-dump.ts'

warnIfSkipped('plain HTTP')

const GATEWAY = 'shop/web'
const RESOURCES = 'type="type.googleapis.com/agentgateway.dev.resource.Resource"'

describe.runIf(PROXY_BINARY !== undefined)('the HTTP example on a real proxy', () => {
  let folder: string
  let port: number
  let controlPlane: ControlPlane
  let proxy: RunningProxy

  beforeAll(async () => {
    const [listener = 0] = await freePorts(1)
    const v1 = await backend(() => ({ body: 'v1' }))
    const v2 = await backend(() => ({ body: 'v2' }))
    port = listener
    folder = exampleCopy('http', { 8081: listener, 9001: v1, 9002: v2 })
    controlPlane = await serve(folder)
    proxy = await startProxy(GATEWAY, controlPlane.ports.xds)
  })
  afterAll(endAll)

  test('nothing is rejected', async () => {
    const { types } = await synced(controlPlane, GATEWAY)
    expect(Object.values(types).flatMap(({ rejections }) => rejections)).toEqual([])
    expect(types.Resource?.resources).toBeGreaterThan(5)
  })

  test('a header, a redirect and weights choose the answer', async () => {
    expect(await ask(port, '/', { headers: { 'x-release': 'next' } })).toMatchObject({ status: 200, body: 'v2' })
    const moved = await ask(port, '/old/page')
    expect(moved.status).toBe(301)
    expect(moved.headers.location).toMatch(/\/new\/page$/)
    const bodies = await Promise.all(Array.from({ length: 200 }, async () => (await ask(port, '/')).body))
    const first = bodies.filter((body) => body === 'v1').length
    // Nine to one: 180 of 200, give or take what chance allows once in a million runs.
    expect(first).toBeGreaterThan(150)
    expect(first).toBeLessThan(200)
  })

  test('the dumps of both sides agree', async () => {
    expectSameDump(await proxy.dump(), await controlPlane.admin(`/config_dump?gateway=${GATEWAY}`))
  })

  test('an edited file changes what is answered within a second, on the same stream', async () => {
    const before = await synced(controlPlane, GATEWAY)
    const file = join(folder, 'routes.yaml')
    const edited = readFileSync(file, 'utf8').replace('replacePrefixMatch: /new', 'replacePrefixMatch: /newer')
    const startedAt = Date.now()
    writeFileSync(file, edited)
    await until('the edit arrives', async () =>
      (await ask(port, '/old/page')).headers.location?.endsWith('/newer/page') === true ? true : undefined,
    )
    expect(Date.now() - startedAt).toBeLessThan(1000)
    const { proxies } = await controlPlane.admin<Proxies>('/proxies')
    expect(proxies.map(({ connectedAt }) => connectedAt)).toEqual([before.connectedAt])
  })

  test('no request fails while the control plane is killed and started again, and nothing is sent twice', async () => {
    let isOver = false
    let asked = 0
    const asking = (async () => {
      const failures: unknown[] = []
      while (!isOver) {
        const { status } = await ask(port, '/').catch((error: unknown) => ({ status: String(error) }))
        asked += 1
        if (status !== 200) failures.push(status)
      }
      return failures
    })()
    await controlPlane.end('SIGKILL')
    controlPlane = await serve(folder, { ports: controlPlane.ports })
    const { types } = await synced(controlPlane, GATEWAY)
    isOver = true
    expect(await asking).toEqual([])
    expect(asked).toBeGreaterThan(10)
    expect(types.Resource?.resources).toBeGreaterThan(5)
    // The first answer is always sent; one without resources is shorter than any resource.
    expect(await controlPlane.metric('agentgateway_xds_pushes_total', RESOURCES)).toBe(1)
    expect(await controlPlane.metric('agentgateway_xds_pushed_bytes_total', RESOURCES)).toBeLessThan(100)
  })
})

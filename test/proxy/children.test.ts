// `serve --proxy`: a whole gateway on one machine. Proxies come and go with Gateways, are started again when they end,
// and never outlive the control plane.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import {
  agwcp,
  ask,
  backend,
  type ControlPlane,
  endAll,
  exampleCopy,
  PROXY_BINARY,
  type Proxies,
  serve,
  temporaryFolder,
  until,
  warnIfSkipped,
} from './lab.ts'

warnIfSkipped('serve --proxy')

/** Whether a process exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe.runIf(PROXY_BINARY !== undefined)('serve --proxy', () => {
  let folder: string
  let ports: readonly number[]
  let controlPlane: ControlPlane

  /** Process ids of a gateway's proxies so far, the latest last. */
  const pids = (gateway: string): readonly number[] =>
    controlPlane
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.includes('proxy started'))
      // Log lines are JSON.
      .map((line) => JSON.parse(line) as { readonly gateway: string; readonly pid: number })
      .filter((line) => line.gateway === gateway)
      .map(({ pid }) => pid)

  const answers = (port: number): Promise<string> =>
    until(`port ${port} answers`, async () => {
      const { status, body } = await ask(port, '/')
      return status === 200 ? body : undefined
    })

  beforeAll(async () => {
    ports = await freePorts(2)
    const [one = 0, two = 0] = ports
    const v1 = await backend(() => ({ body: 'answered' }))
    // Two Gateways: the example, and the same once more in another namespace and on another port.
    folder = temporaryFolder()
    const first = exampleCopy('http', { 8081: one, 9001: v1, 9002: v1 })
    const second = exampleCopy('http', { 8081: two, 9001: v1, 9002: v1 })
    cpSync(first, join(folder, 'first'), { recursive: true })
    cpSync(second, join(folder, 'second'), { recursive: true })
    for (const file of ['gateway.yaml', 'backends.yaml', 'routes.yaml']) {
      const path = join(folder, 'second', file)
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('namespace: shop', 'namespace: annex'))
    }
    controlPlane = await serve(folder, { args: ['--proxy', PROXY_BINARY ?? ''] })
  })
  afterAll(endAll)

  test('each Gateway has a proxy of its own', async () => {
    expect(await Promise.all(ports.map(answers))).toEqual(['answered', 'answered'])
    const { proxies } = await controlPlane.admin<Proxies>('/proxies')
    expect(proxies.map(({ gateway }) => gateway).sort()).toEqual(['annex/web', 'shop/web'])
    expect(new Set([...pids('annex/web'), ...pids('shop/web')]).size).toBe(2)
    expect(await controlPlane.admin('/problems')).toEqual({ problems: [] })
  })

  test('what a proxy prints is passed on with the Gateway in front', () => {
    expect(controlPlane.output()).toMatch(/^\[shop\/web\] .+/m)
    expect(controlPlane.output()).toMatch(/^\[annex\/web\] .+/m)
  })

  test('a proxy that is killed is started again', async () => {
    const [pid = 0] = pids('shop/web')
    process.kill(pid, 'SIGKILL')
    const again = await until('another proxy is started', () => pids('shop/web')[1])
    expect(again).not.toBe(pid)
    expect(await answers(ports[0] ?? 0)).toBe('answered')
    expect(controlPlane.output()).toContain('it is started again')
  })

  test('two Gateways that want one port are a problem that names both', async () => {
    const path = join(folder, 'second', 'gateway.yaml')
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, before.replace(`port: ${ports[1]}`, `port: ${ports[0]}`))
    const [problem] = await until('the problem is reported', async () => {
      const { problems } = await controlPlane.admin<{
        readonly problems: readonly { readonly file: string; readonly message: string }[]
      }>('/problems')
      return problems.length > 0 ? problems : undefined
    })
    const file = join(folder, 'first', 'gateway.yaml')
    expect(problem).toMatchObject({ file, message: expect.stringMatching(/annex\/web and shop\/web both want/) })
    expect(controlPlane.output()).toContain('annex/web and shop/web both want port')
    writeFileSync(path, before)
    await until('the problem is gone', async () => {
      const { problems } = await controlPlane.admin<{ readonly problems: readonly unknown[] }>('/problems')
      return problems.length === 0 ? true : undefined
    })
  })

  test('the proxy of a Gateway that is deleted ends', async () => {
    const pid = pids('annex/web').at(-1) ?? 0
    rmSync(join(folder, 'second', 'gateway.yaml'))
    await until('its proxy is gone', () => (isAlive(pid) ? undefined : true))
    expect(isAlive(pids('shop/web').at(-1) ?? 0)).toBe(true)
  })

  test('no proxy outlives the control plane', async () => {
    const all = [...pids('shop/web'), ...pids('annex/web')]
    await controlPlane.end('SIGTERM')
    expect(await controlPlane.exited).toBe(0)
    expect(all.filter(isAlive)).toEqual([])
  })

  test('a program that cannot be run is wrong usage', async () => {
    const command = agwcp('serve', '--manifests', folder, '--proxy', join(folder, 'nothing'))
    expect(await command.exited).toBe(2)
    expect(command.output()).toContain('is not a program that can be run')
  })
})

// The commands against a running `serve`, as child processes: what they print and how they end. The proxies are fakes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { agwcp, type ControlPlane, endAll, exampleCopy, serve, until } from '../proxy/lab.ts'
import { FakeProxy } from '../xds/fake-proxy.ts'

const GATEWAY = 'quickstart/ai-gateway'
const LISTENER = 'listener/quickstart/ai-gateway.http'

/** Runs a command to its end. */
async function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const command = agwcp(...args)
  const code = await command.exited
  return { code, output: command.output() }
}

describe('commands against a running control plane', () => {
  let folder: string
  let controlPlane: ControlPlane
  let admin: string
  let xds: string

  beforeAll(async () => {
    folder = exampleCopy('quickstart', {})
    controlPlane = await serve(folder)
    admin = `localhost:${controlPlane.ports.admin}`
    xds = `localhost:${controlPlane.ports.xds}`
  })
  afterAll(endAll)

  test('serve says what it serves, and how to connect a proxy', () => {
    expect(controlPlane.output()).toContain(`Gateway ${GATEWAY}: port 8080; 1 listeners, 2 routes, 3 backends`)
    expect(controlPlane.output()).toContain(`http://localhost:${controlPlane.ports.admin}/`)
    expect(controlPlane.output()).toContain('NAMESPACE=quickstart GATEWAY=ai-gateway agentgateway')
  })

  test('serve refuses TLS where no cluster keeps its keys, rather than serving in plaintext', async () => {
    const { code, output } = await run('serve', '--manifests', exampleCopy('quickstart', {}), '--xds-mode', 'tls')
    expect([code, output]).toEqual([2, 'TLS for xDS needs a cluster, which keeps its keys\n'])
  })

  test('watch --once prints each resource on a line, in JSON when asked', async () => {
    const args = ['watch', '--gateway', GATEWAY, '--server', xds, '--once']
    const [{ code, output }, text] = await Promise.all([run(...args, '-o', 'json'), run(...args)])
    expect(code).toBe(0)
    const lines = output
      .trim()
      .split('\n')
      // Each line is one change.
      .map((line) => JSON.parse(line) as { readonly change: string; readonly type: string; readonly name: string })
    expect(new Set(lines.map(({ change, type }) => `${change} ${type}`))).toEqual(new Set(['added Resource']))
    expect(lines.map(({ name }) => name)).toContain(LISTENER)
    expect(text.code).toBe(0)
    expect(text.output).toMatch(/^\+ Resource listener\/quickstart\/ai-gateway\.http {2}[0-9a-f]+$/m)
  })

  test('watch ends with 3 when nobody answers, and with 2 when it is told nonsense', async () => {
    const [port = 0] = await freePorts(1)
    const [away, nonsense] = await Promise.all([
      run('watch', '--gateway', GATEWAY, '--server', `localhost:${port}`, '--once'),
      run('watch', '--gateway', 'no-namespace', '--server', xds),
    ])
    expect(away.code).toBe(3)
    expect(away.output).toContain('is `agwcp serve` running there?')
    expect(nonsense.code).toBe(2)
  })

  test('proxies: none, one, and one that rejects', async () => {
    expect(await run('proxies', '--server', admin)).toEqual({ code: 0, output: 'no proxy is connected\n' })

    const proxy = new FakeProxy({ port: controlPlane.ports.xds, gateway: GATEWAY }).connect()
    const states = (): Promise<string | undefined> =>
      controlPlane
        .admin<{ readonly proxies: readonly { readonly types: Readonly<Record<string, { state: string }>> }[] }>(
          '/proxies',
        )
        .then(({ proxies }) => Object.values(proxies[0]?.types ?? {}).map(({ state }) => state))
        .then((states) => (states.length === 2 ? states.join() : undefined))
    await until('the proxy is synced', async () => ((await states()) === 'synced,synced' ? true : undefined))
    const [table, json] = await Promise.all([
      run('proxies', '--server', admin),
      run('proxies', '--server', admin, '-o', 'json'),
    ])
    expect(table.code).toBe(0)
    expect(table.output).toMatch(/^GATEWAY +PROXY +ADDRESS +TYPE +STATE +SINCE +RESOURCES +LAST REJECTION\n/)
    expect(table.output).toMatch(/^quickstart\/ai-gateway .* Resource +✓ synced +\S+Z +7$/m)
    expect(JSON.parse(json.output)).toEqual(await controlPlane.admin('/proxies'))
    proxy.disconnect()

    await until('the proxy is gone', async () => ((await states()) === undefined ? true : undefined))
    const picky = new FakeProxy({ port: controlPlane.ports.xds, gateway: GATEWAY })
    picky.judge = (name) => (name === LISTENER ? { error: 'no such port' } : undefined)
    picky.connect()
    await until('it rejects', async () => ((await states())?.includes('rejected') === true ? true : undefined))
    const rejecting = await run('proxies', '--server', admin)
    expect(rejecting.code).toBe(1)
    expect(rejecting.output).toMatch(/Resource +✗ rejected .*no such port/)
    picky.disconnect()
  })

  test('proxies ends with 3 when nobody answers', async () => {
    const [port = 0] = await freePorts(1)
    const { code, output } = await run('proxies', '--server', `localhost:${port}`)
    expect(code).toBe(3)
    expect(output).toContain('ECONNREFUSED')
  })

  test('wait ends when the proxy has what an object says, explain says who holds it', async () => {
    const object = ['gateway/ai-gateway', '--server', admin] as const
    const early = await run('wait', ...object, '--timeout', '0s')
    expect(early).toEqual({
      code: 1,
      output: `✗ not programmed after 0s: no proxy of Gateway ${GATEWAY} is connected\n`,
    })
    const waiting = run('wait', '--for=programmed', ...object, '--timeout', '60s')
    const proxy = new FakeProxy({ port: controlPlane.ports.xds, gateway: GATEWAY }).connect()
    expect(await waiting).toMatchObject({ code: 0 })
    // What was saved before the command began is what it waits for.
    const cors = 'traffic: {cors: {allowOrigins: ["https://late.example"]}}'
    const target = '{group: gateway.networking.k8s.io, kind: Gateway, name: ai-gateway}'
    writeFileSync(
      join(folder, 'late.yaml'),
      `apiVersion: agentgateway.dev/v1alpha1\nkind: AgentgatewayPolicy\nmetadata: {name: late, namespace: quickstart}\nspec: {targetRefs: [${target}], ${cors}}\n`,
    )
    expect(await run('wait', ...object, '--timeout', '60s')).toMatchObject({ code: 0 })
    expect([...proxy.seenNames].filter((name) => name.includes('late'))).toHaveLength(1)
    const explained = await run('explain', ...object)
    expect(explained.code).toBe(0)
    expect(explained.output).toMatch(
      /^quickstart\/ai-gateway +listener\/quickstart\/ai-gateway\.http +\S+ +✓ 1 of 1: /m,
    )
    proxy.disconnect()
  })

  test('explain asks a running control plane about a request too, and fails as it does', async () => {
    const about = (url: string) => run('explain', '--url', url, '--server', admin)
    const [found, none, nonsense] = await Promise.all([
      about('http://localhost/mcp'),
      about('http://localhost:1/mcp'),
      about('ftp://localhost'),
    ])
    expect(found.code).toBe(0)
    expect(found.output).toContain('✓ the request goes to backend quickstart/tools (mcp)')
    expect([none.code, nonsense.code]).toEqual([1, 2])
  })

  test('the page shows what is served, and what a request meets', async () => {
    const ask = (query: string): Promise<Response> => fetch(`http://${admin}/${query}`)
    const page = await ask('')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await page.text()
    for (const shown of ['No problems', GATEWAY, '/config_dump?gateway=', 'No proxy is connected'])
      expect(text).toContain(shown)
    const explained = await (await ask(`?gateway=${GATEWAY}&url=http://localhost/mcp`)).text()
    expect(explained).toContain('✓ the request goes to backend quickstart/tools (mcp)')
    expect(await (await ask('?url=ftp://x')).text()).toContain('the scheme is none of')
  })

  test('/config_dump: the format of proxies, our own, and what there is not', async () => {
    const dump = await controlPlane.admin<Record<string, unknown>>(`/config_dump?gateway=${GATEWAY}`)
    expect(Object.keys(dump)).toEqual([
      ...['workloads', 'services', 'binds', 'routes', 'policies', 'backends', 'models', 'version', 'config'],
    ])
    expect(dump).toMatchObject({ config: { proxyMetadata: { role: 'quickstart~ai-gateway' } } })
    expect(await controlPlane.admin('/config_dump')).toEqual({ gateways: { [GATEWAY]: dump } })
    const own = await controlPlane.admin<{ readonly resources: readonly { readonly name: string }[] }>(
      `/config_dump?gateway=${GATEWAY}&format=xds`,
    )
    expect(own.resources.map(({ name }) => name)).toContain(LISTENER)
    for (const text of [JSON.stringify(dump), JSON.stringify(own)]) {
      expect(text).toContain('redacted')
      expect(text).not.toContain('replace-me')
    }
    const status = async (query: string): Promise<number> => (await fetch(`http://${admin}/config_dump${query}`)).status
    expect(await status('?gateway=quickstart/none')).toBe(404)
    expect(await status(`?gateway=${GATEWAY}&format=nonsense`)).toBe(400)
  })
})

// Model Context Protocol through a real proxy: the "everything" server behind the gateway, the official client in front.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import {
  type ControlPlane,
  endAll,
  exampleCopy,
  PROXY_BINARY,
  type RunningProxy,
  serve,
  startProxy,
  synced,
  until,
  warnIfSkipped,
} from './lab.ts'
import { expectSameDump } from './same-dump.ts'

warnIfSkipped('MCP')

const GATEWAY = 'tools/mcp'
const SERVER = fileURLToPath(new URL('../../node_modules/.bin/mcp-server-everything', import.meta.url))

const ONLY_ECHO = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: { name: only-echo, namespace: tools }
spec:
  targetRefs:
    - { group: agentgateway.dev, kind: AgentgatewayBackend, name: everything }
  backend:
    mcp:
      authorization:
        action: Allow
        policy:
          matchExpressions:
            - mcp.tool.name == "echo"
`

describe.runIf(PROXY_BINARY !== undefined)('the MCP example on a real proxy', () => {
  let folder: string
  let port: number
  let controlPlane: ControlPlane
  let proxy: RunningProxy
  let stopServer: () => void

  beforeAll(async () => {
    const [listener = 0, server = 0] = await freePorts(2)
    port = listener
    const child = spawn(process.execPath, [SERVER, 'streamableHttp'], {
      env: { PATH: process.env.PATH, PORT: String(server) },
      stdio: 'ignore',
    })
    stopServer = () => child.kill('SIGKILL')
    folder = exampleCopy('mcp', { 3000: listener, 3001: server })
    controlPlane = await serve(folder)
    proxy = await startProxy(GATEWAY, controlPlane.ports.xds)
    await until('the MCP server answers', async () => {
      const response = await fetch(`http://127.0.0.1:${server}/mcp`)
      return response.status > 0 ? true : undefined
    })
  })
  afterAll(async () => {
    stopServer()
    await endAll()
  })

  async function connected<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ name: 'test', version: '1.0.0' })
    // The transport's own type forgets that its session id may be undefined.
    const transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`))
    await client.connect(transport)
    try {
      return await use(client)
    } finally {
      await client.close()
    }
  }

  const toolNames = (): Promise<readonly string[]> =>
    connected(async (client) => (await client.listTools()).tools.map(({ name }) => name))

  test('a client initializes, lists tools and calls one', async () => {
    const { types } = await synced(controlPlane, GATEWAY)
    expect(Object.values(types).flatMap(({ rejections }) => rejections)).toEqual([])
    expect(await toolNames()).toEqual(expect.arrayContaining(['echo', 'get-sum']))
    const result = await connected((client) => client.callTool({ name: 'echo', arguments: { message: 'hello' } }))
    expect(JSON.stringify(result.content)).toContain('hello')
  })

  test('the dumps of both sides agree', async () => {
    expectSameDump(await proxy.dump(), await controlPlane.admin(`/config_dump?gateway=${GATEWAY}`))
  })

  test('a policy that is added hides all tools but one, and refuses calls of the others', async () => {
    writeFileSync(join(folder, 'policy.yaml'), ONLY_ECHO)
    const names = await until('tools are filtered', async () => {
      const names = await toolNames()
      return names.length === 1 ? names : undefined
    })
    expect(names).toEqual(['echo'])
    const echoed = await connected((client) => client.callTool({ name: 'echo', arguments: { message: 'still' } }))
    expect(JSON.stringify(echoed.content)).toContain('still')
    const refused = connected((client) => client.callTool({ name: 'get-sum', arguments: { a: 1, b: 2 } }))
    await expect(refused).rejects.toThrow()
  })
})

// "Dynamic MCP" as its page prints it, through a real proxy: servers that are found by label, as they come and go.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { seed } from '../seeds/seeds.ts'
import { endAll, PROXY_BINARY, serve, startProxy, synced, temporaryFolder, until, warnIfSkipped } from './lab.ts'
import {
  connected,
  endpointSlice,
  everythingServer,
  INITIALIZE,
  type McpServer,
  mcpServer,
  post,
  toolNames,
  toolsOf,
  withValues,
} from './mcp-lab.ts'

warnIfSkipped('MCP servers that are found by label')

const GATEWAY = 'default/agentgateway'

describe.runIf(PROXY_BINARY !== undefined)('Dynamic MCP on a real proxy', () => {
  let folder: string
  let port = 0
  let everything = 0
  let second: McpServer
  const write = (file: string, ...manifests: readonly string[]): void =>
    writeFileSync(join(folder, file), manifests.join('\n---\n'))
  const servicePort = { port: 3001, appProtocol: 'kgateway.dev/mcp' }

  beforeAll(async () => {
    const [listener = 0] = await freePorts(1)
    port = listener
    everything = await everythingServer()
    second = await mcpServer(['echo', 'time'])
    folder = temporaryFolder()
    const printed = withValues(seed('D-dynamic-mcp'), [['Gateway', 'spec.listeners.0.port', port]])
    write('printed.yaml', ...printed.split('---\n').filter((document) => !document.includes('kind: Service\n')))
    write('first.yaml', ...printed.split('---\n').filter((document) => document.includes('kind: Service\n')))
    write('endpoints.yaml', endpointSlice('mcp-server-everything', everything))
    const controlPlane = await serve(folder)
    await startProxy(GATEWAY, controlPlane.ports.xds)
    await synced(controlPlane, GATEWAY)
  })
  afterAll(endAll)

  test('D-07: the "everything" server keeps the names of its tools, and echoes a message', async () => {
    const names = await until('the tools are listed', () => toolNames(port))
    expect(names).toEqual(expect.arrayContaining(['echo', 'get-sum']))
    expect(names).toEqual(await toolNames(everything))
    const echoed = await connected(port, (client) => client.callTool({ name: 'echo', arguments: { message: 'hello' } }))
    expect(echoed.content).toEqual([{ type: 'text', text: expect.stringContaining('hello') }])
  })

  test('D-08, D-09: a second server comes and goes without an edit of the Backend, while a client is connected', async () => {
    const alone = await toolNames(port)
    await connected(port, async (client) => {
      const hears = async (): Promise<string> =>
        JSON.stringify(await client.callTool({ name: 'echo', arguments: { message: 'still here' } }))
      expect(await hears()).toContain('still here')
      const labels = { app: 'mcp-server-everything' }
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'second', labels },
        spec: { ports: [servicePort] },
      }
      write('second.yaml', JSON.stringify(service), endpointSlice('second', second.port))
      const both = await until('both are listed', async () => {
        const names = await toolNames(port)
        return names.length === alone.length + 2 ? names : undefined
      })
      expect(both.toSorted()).toEqual(
        [
          ...alone.map((name) => `mcp-server-everything-3001_${name}`),
          'second-3001_echo',
          'second-3001_time',
        ].toSorted(),
      )
      // A session stays what it was when it began.
      expect([await toolsOf(client), await hears()]).toEqual([alone, expect.stringContaining('still here')])
      const called = await connected(port, (other) => other.callTool({ name: 'second-3001_time', arguments: {} }))
      expect(called.content).toEqual([{ type: 'text', text: 'time' }])
      write('second.yaml', '')
      await until('one is left', async () => ((await toolNames(port)).length === alone.length ? true : undefined))
      expect(await toolNames(port)).toEqual(alone)
      expect(await hears()).toContain('still here')
      write('first.yaml', '')
      const answer = await until('nobody is left', async () => {
        const found = await post(port, INITIALIZE)
        return found.body.includes('no backends configured') ? found : undefined
      })
      expect(answer.status).toBe(503)
      await expect(hears()).rejects.toThrow('no healthy backends')
    })
  })
})

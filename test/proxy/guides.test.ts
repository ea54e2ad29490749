// The guides with a real proxy: everything that they have their readers do without a cluster, requests and MCP clients included.
// Providers, Keycloak and GitHub's servers are stand-ins; ports and addresses are replaced, in manifests and commands alike.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, describe, expect, test } from 'vitest'
import { controlPlanePorts, follow, serve } from '../guides/follow.ts'
import { readGuides } from '../guides/guide.ts'
import { newReader, type Reader } from '../guides/reader.ts'
import { keycloak, llmProvider, mcpServer, type StandIn } from '../guides/stand-ins.ts'
import { quietPorts } from '../ports.ts'
import { PROXY_BINARY, type Running, start, warnIfSkipped } from './lab.ts'

warnIfSkipped('guides')

const GUIDE_PORTS = ['8080', '8081', '8000', '3000', '3001', '8180'] as const
const STDIO_SERVER = fileURLToPath(new URL('../guides/stdio-server.ts', import.meta.url))
const KEYS = {
  ...{ OPENAI_API_KEY: 'sk-test', ANTHROPIC_API_KEY: 'sk-ant-test' },
  ...{ GITHUB_TOKEN: 'ghp_test', GITHUB_PERSONAL_ACCESS_TOKEN: 'ghp_test' },
}

/** Enough for a loaded machine to start a server and a proxy. */
const PATIENCE_MS = 30_000

describe.runIf(PROXY_BINARY !== undefined)('guides on a real proxy', () => {
  const left: (Running | StandIn)[] = []
  let reader: Reader | undefined
  afterEach(async () => {
    for (const each of left.splice(0).reverse()) await ('close' in each ? each.close() : each.end())
    reader?.leave()
  })

  // What of a guide needs a proxy says which those are.
  test.each(readGuides().slice(1))('$name', async (guide) => {
    const [admin, stats, readiness, ...ports] = await quietPorts(3 + GUIDE_PORTS.length)
    const here = Object.fromEntries(GUIDE_PORTS.map((port, i) => [port, ports[i] ?? 0]))
    // A proxy that a reader starts himself has the usual ports for these, and others here.
    const aside = {
      ...{ ADMIN_ADDR: `127.0.0.1:${admin}`, STATS_ADDR: `127.0.0.1:${stats}` },
      READINESS_ADDR: `127.0.0.1:${readiness}`,
    }
    const openai = await llmProvider(KEYS.OPENAI_API_KEY)
    const anthropic = await llmProvider(KEYS.ANTHROPIC_API_KEY)
    const github = await mcpServer(
      ['add_issue_comment', 'list_issues', 'search_issues', 'delete_repository'],
      `Bearer ${KEYS.GITHUB_TOKEN}`,
    )
    left.push(openai, anthropic, github, await keycloak(here[8180] ?? 0, 'mcp'))
    reader = newReader({
      replaced: {
        ...(await controlPlanePorts()),
        ...Object.fromEntries(Object.entries(here).map(([port, free]) => [port, String(free)])),
        './agentgateway': resolve(PROXY_BINARY ?? ''),
        'model: gpt-4o-mini': `model: gpt-4o-mini\n      host: localhost\n      port: ${openai.port}`,
        'https://api.anthropic.com': `http://localhost:${anthropic.port}`,
        'https://api.githubcopilot.com': `http://localhost:${github.port}`,
      },
      environment: KEYS,
      programs: { docker: `exec ${process.execPath} ${STDIO_SERVER}` },
      commands: { 'npx @modelcontextprotocol/inspector': inspect },
    })
    const current = reader
    const patiently = (command: string, expected: string): Promise<void> =>
      current.expect(command, expected, PATIENCE_MS)
    const served: Running[] = []
    const following = follow(guide, reader, {
      beside: async (command) => {
        left.push(
          start('sh', ['-c', current.here(command).replace(/^(PORT=\d+ )?(npx )?/, '$1 exec ')], {
            ...{ cwd: current.folder, env: { ...current.environment, ...aside } },
          }),
        )
      },
      serve: async (command, expected) => {
        const running = await serve(current, { command, expected })
        left.push(running)
        served.push(running)
      },
      server: patiently,
      proxy: patiently,
    })
    await following.catch((error: unknown) => {
      throw new Error(
        `${error instanceof Error ? error.message : error}\n${served.map((each) => each.output().slice(-4000)).join()}`,
      )
    })
    expect(served).toHaveLength(1)
  })
})

/** What the MCP inspector (2.12) prints on the command line: the answer as JSON, or what went wrong. */
async function inspect(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ cli: { type: 'string' }, transport: { type: 'string' }, method: { type: 'string' } },
      ...{ 'tool-name': { type: 'string' }, 'tool-arg': { type: 'string', multiple: true } },
      header: { type: 'string', multiple: true },
    },
  })
  if (values.transport !== 'http') throw new Error(`the inspector is asked for transport ${values.transport}`)
  const pairs = (list: readonly string[], between: string): Record<string, string> =>
    Object.fromEntries(list.map((each) => [each.split(between)[0] ?? '', each.slice(each.indexOf(between) + 1).trim()]))
  const client = new Client({ name: 'inspector', version: '1' })
  const requestInit = { headers: pairs(values.header ?? [], ':') }
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(values.cli ?? ''), { requestInit }))
    const list = await client.listTools()
    if (values.method === 'tools/list') return `${JSON.stringify(list, null, 2)}\n`
    const name = values['tool-name'] ?? ''
    if (!list.tools.some((tool) => tool.name === name)) {
      const error = { code: 'tool_not_found', message: `Tool '${name}' not found on server.` }
      return `${JSON.stringify({ error })}\n`
    }
    const answer = await client.callTool({ name, arguments: pairs(values['tool-arg'] ?? [], '=') })
    return `${JSON.stringify(answer, null, 2)}\n`
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n`
  } finally {
    await client.close()
  }
}

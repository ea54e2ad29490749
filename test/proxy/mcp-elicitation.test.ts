// Questions of an MCP server to the user behind a client, through a real proxy: they arrive as they were asked, and so do the
// answers. Servers have to ask without being told that they may: today's proxy does not pass on what clients can do.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  CallToolRequestSchema,
  type ElicitRequestParams,
  ElicitRequestSchema,
  type ElicitResult,
  ElicitResultSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { atEnd, endAll, PROXY_BINARY, serve, startProxy, synced, temporaryFolder, until, warnIfSkipped } from './lab.ts'
import { toolNames } from './mcp-lab.ts'

warnIfSkipped('questions of MCP servers')

const QUESTIONS: Readonly<Record<string, ElicitRequestParams>> = {
  form: {
    mode: 'form',
    message: 'Who are you?',
    requestedSchema: {
      type: 'object',
      properties: { name: { type: 'string', title: 'Name' }, age: { type: 'integer', minimum: 0 } },
      required: ['name'],
    },
  },
  url: {
    mode: 'url',
    message: 'Log in.',
    elicitationId: 'e-1',
    url: 'https://login.test/authorize?state=1%202&x=%C3%BC',
  },
}

/** A server with a tool per question, which answers with what the user said; resolves to its port. */
async function askingServer(): Promise<number> {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const opened = async (): Promise<StreamableHTTPServerTransport> => {
    const server = new Server({ name: 'asking', version: '1' }, { capabilities: { tools: {} } })
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: Object.keys(QUESTIONS).map((name) => ({ name, inputSchema: { type: 'object' as const } })),
    }))
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendRequest }) => {
      const question = { method: 'elicitation/create' as const, params: QUESTIONS[params.name] ?? {} }
      const said = await sendRequest(ElicitRequestSchema.parse(question), ElicitResultSchema)
      return { content: [{ type: 'text', text: JSON.stringify(said) }] }
    })
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        sessions.set(id, transport)
      },
    })
    await server.connect(transport)
    return transport
  }
  const http = createServer(async (request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    await (known ?? (await opened())).handleRequest(request, response)
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  atEnd(() => {
    http.close()
    http.closeAllConnections()
  })
  // A server that listens on a port has an address with one.
  return (http.address() as AddressInfo).port
}

const manifests = (port: number, server: number): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, protocol: HTTP, port: ${port}}]}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: asking}
spec: {mcp: {targets: [{name: asking, static: {host: 127.0.0.1, port: ${server}}}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: asking}
spec:
  parentRefs: [{name: gw}]
  rules: [{backendRefs: [{name: asking, group: agentgateway.dev, kind: AgentgatewayBackend}]}]
`

describe.runIf(PROXY_BINARY !== undefined)('elicitation through a real proxy', () => {
  let port = 0

  beforeAll(async () => {
    const [listener = 0] = await freePorts(1)
    port = listener
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'all.yaml'), manifests(port, await askingServer()))
    const controlPlane = await serve(folder)
    await startProxy('default/gw', controlPlane.ports.xds)
    await synced(controlPlane, 'default/gw')
    await until('the tools are listed', () => toolNames(port))
  })
  afterAll(endAll)

  test.each<[string, ElicitResult]>([
    ['form', { action: 'accept', content: { name: 'Ada', age: 36 } }],
    ['form', { action: 'decline' }],
    ['url', { action: 'accept' }],
    ['url', { action: 'cancel' }],
  ])('L-16: a %s to fill in or open arrives as it was sent, and so does the answer: %o', async (kind, answer) => {
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: { form: {}, url: {} } } })
    const questions: unknown[] = []
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params)
      return answer
    })
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)))
    try {
      const { content } = await client.callTool({ name: kind, arguments: {} }, undefined, { timeout: 15_000 })
      expect(questions).toMatchObject([QUESTIONS[kind] ?? {}])
      expect(content).toEqual([{ type: 'text', text: JSON.stringify(answer) }])
    } finally {
      await client.close()
    }
  })
})

// What MCP tests need: servers with tools of their own, in plaintext or TLS, clients that go through a proxy, and printed
// manifests with the ports of a test.
import { spawn } from 'node:child_process'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { parseAllDocuments } from 'yaml'
import { answerMcp, toolServer } from '../guides/stand-ins.ts'
import { freePorts } from '../ports.ts'
import { type Answered, ask, atEnd, until } from './lab.ts'

/** What a server was asked, with the credential that came along. */
export interface Call {
  readonly tool: string
  readonly authorization: string | undefined
}

/** A server that keeps what it is asked. */
export interface McpServer {
  readonly port: number
  readonly calls: Call[]
}

/** An MCP server with these tools; each answers with its own name. It speaks TLS when it has a certificate. */
export async function mcpServer(
  tools: readonly string[],
  pair?: { readonly certificate: string; readonly privateKey: string },
): Promise<McpServer> {
  const calls: Call[] = []
  const answer: RequestListener = async (request, response) => {
    const { authorization } = request.headers
    const server = toolServer(tools, (tool) => calls.push({ tool, authorization }))
    await answerMcp(server, request, response)
  }
  const http =
    pair === undefined
      ? createServer(answer)
      : createTlsServer({ cert: pair.certificate, key: pair.privateKey }, answer)
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  atEnd(() => {
    http.close()
    http.closeAllConnections()
  })
  // A server that listens on a port has an address with one.
  return { port: (http.address() as AddressInfo).port, calls }
}

const EVERYTHING = fileURLToPath(new URL('../../node_modules/.bin/mcp-server-everything', import.meta.url))

/** The "everything" server of the protocol's authors; resolves to its port. */
export async function everythingServer(): Promise<number> {
  const [port = 0] = await freePorts(1)
  const env = { PATH: process.env.PATH, PORT: String(port) }
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], { env, stdio: 'ignore' })
  atEnd(() => {
    child.kill('SIGKILL')
  })
  await until('the MCP server answers', async () => ((await ask(port, '/mcp')).status > 0 ? true : undefined))
  return port
}

/** How a client goes through a proxy. */
export interface ClientOptions {
  readonly path?: string
  readonly token?: string
}

/** Lends a client that has initialized. */
export async function connected<T>(
  port: number,
  use: (client: Client) => Promise<T>,
  { path = '/mcp', token }: ClientOptions = {},
): Promise<T> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const requestInit = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}${path}`), { requestInit }))
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

/** The tools that this client sees. */
export async function toolsOf(client: Client): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name)
}

/** The tools that a new client sees. */
export function toolNames(port: number, options?: ClientOptions): Promise<readonly string[]> {
  return connected(port, toolsOf, options)
}

/** A new client's call of a tool. */
export function call(port: number, name: string, options?: ClientOptions): Promise<unknown> {
  return connected(port, (client) => client.callTool({ name, arguments: {} }), options)
}

/** One message to an MCP endpoint, and the answer as it came. */
export function post(port: number, message: object, { path = '/mcp', token }: ClientOptions = {}): Promise<Answered> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  return ask(port, path, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) })
}

/** What a client says first. */
export const INITIALIZE = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}

/** Manifests with other values: the kind, the path with dots, the value. Each place must be there. */
export function withValues(
  manifests: string,
  changes: readonly (readonly [kind: string, path: string, value: unknown])[],
): string {
  const documents = parseAllDocuments(manifests)
  for (const [kind, path, value] of changes) {
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    const found = documents.filter((document) => document.get('kind') === kind)
    if (!found.some((document) => document.hasIn(steps))) throw new Error(`no ${kind} has ${path}`)
    for (const document of found) document.setIn(steps, value)
  }
  return documents.map(String).join('---\n')
}

/** An endpoint of a Service on this machine. */
export function endpointSlice(service: string, port: number, portName?: string): string {
  return `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${service}-1, labels: {kubernetes.io/service-name: ${service}}}
addressType: IPv4
endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
ports: [{${portName === undefined ? '' : `name: ${portName}, `}port: ${port}, protocol: TCP}]
`
}

// What guides talk to and a test must not: an LLM provider, an OpenID provider, MCP servers with tools of somebody else's.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { tokenIssuer } from '../token-issuer.ts'

/** A server of the test. */
export interface StandIn {
  readonly port: number
  close(): void
}

async function listen(listener: RequestListener, port = 0): Promise<StandIn> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(port, done))
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  // A server that listens on a port has an address with one.
  return { port: (server.address() as AddressInfo).port, close }
}

/** The MCP part of a server: its tools answer with their own names. */
export function toolServer(tools: readonly string[], called: (tool: string) => void = () => {}): Server {
  const server = new Server({ name: 'stand-in', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map((name) => ({ name, inputSchema: { type: 'object' as const } })),
  }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    called(params.name)
    return { content: [{ type: 'text', text: params.name }] }
  })
  return server
}

/** Has a server answer one request, which stands for itself: no session is kept. */
export async function answerMcp(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
  await server.connect(transport)
  await transport.handleRequest(request, response)
}

/** An MCP server that lets in whoever has this credential. */
export function mcpServer(tools: readonly string[], authorization: string): Promise<StandIn> {
  return listen(async (request, response) => {
    if (request.headers.authorization !== authorization) {
      response.writeHead(401).end()
      return
    }
    await answerMcp(toolServer(tools), request, response)
  })
}

/** A provider that speaks as OpenAI or as Anthropic does, and says what it is told, to whoever has this key. */
export function llmProvider(key: string): Promise<StandIn> {
  return listen(async (request, response) => {
    // Both APIs have these.
    const { model, messages } = JSON.parse(await text(request)) as {
      readonly model?: string
      readonly messages: readonly { readonly content: unknown }[]
    }
    const said = JSON.stringify(messages.at(-1)?.content)
    const { authorization, 'x-api-key': apiKey } = request.headers
    const isAnthropic = request.url?.endsWith('/messages') === true
    const isKnown = isAnthropic ? apiKey === key : authorization === `Bearer ${key}`
    const openai = {
      ...{ id: '1', object: 'chat.completion', created: 1, model },
      choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }
    const anthropic = {
      ...{ id: '1', type: 'message', role: 'assistant', model, stop_reason: 'end_turn', stop_sequence: null },
      content: [{ type: 'text', text: said }],
      usage: { input_tokens: 1, output_tokens: 1 },
    }
    response
      .writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(isKnown ? (isAnthropic ? anthropic : openai) : { error: { message: 'who are you?' } }))
  })
}

/** A Keycloak with one realm, whose users have their names for passwords. */
export async function keycloak(port: number, realm: string): Promise<StandIn> {
  const { keySet, token } = tokenIssuer()
  const issuer = `http://localhost:${port}/realms/${realm}`
  const tokenOf = (user: string): string => {
    const now = Math.floor(Date.now() / 1000)
    return token({ iss: issuer, aud: 'mcp_proxy', sub: '8f0c', preferred_username: user, iat: now, exp: now + 600 })
  }
  const endpoints = {
    authorization_endpoint: `${issuer}/protocol/openid-connect/auth`,
    token_endpoint: `${issuer}/protocol/openid-connect/token`,
    jwks_uri: `${issuer}/protocol/openid-connect/certs`,
    registration_endpoint: `${issuer}/clients-registrations/openid-connect`,
  }
  return listen(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    const answer = (status: number, body: object): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const url = `http://localhost:${port}${request.url}`
    if (url === endpoints.jwks_uri) answer(200, keySet)
    else if (url === endpoints.registration_endpoint) answer(201, { client_id: 'made' })
    else if (url !== endpoints.token_endpoint) answer(200, { issuer, ...endpoints, response_types_supported: ['code'] })
    else if (form.get('username') !== form.get('password')) answer(401, { error: 'invalid_grant' })
    else answer(200, { access_token: tokenOf(form.get('username') ?? ''), token_type: 'Bearer' })
  }, port)
}

// A small HTTP server for people and probes: a table of paths, each answered by a function. What the answers say is
// decided where the routes come from; who may ask is decided here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a request gets. Objects are sent as JSON. */
export interface Answer {
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** One path. Only GET is answered unless other methods are named. */
export interface AdminRoute {
  readonly path: string
  readonly methods?: readonly string[]
  /** One line for the index page. */
  readonly help: string
  readonly handle: (query: URLSearchParams) => Answer | Promise<Answer>
}

/** Where a server listens, and whether only local names may be used to reach it. */
export interface AdminOptions {
  readonly host: string
  readonly port: number
  /** Refuse requests whose Host is not localhost, so that a web page elsewhere cannot read them by DNS rebinding. */
  readonly localOnly: boolean
  readonly signal: AbortSignal
  readonly limits?: Partial<HttpLimits>
  readonly onError: (path: string, error: unknown) => void
}

/** What clients may take. */
export interface HttpLimits {
  /** Connections at a time; one more, and the oldest goes. */
  readonly connections: number
  /** How long a client may take for a request; it may read nothing of an answer, or say nothing, three times as long. */
  readonly patienceMs: number
}

const LIMITS: HttpLimits = { connections: 256, patienceMs: 10_000 }

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Listens; resolves to the port once it does, rejects when it cannot. */
export async function startHttp(routes: readonly AdminRoute[], options: AdminOptions): Promise<number> {
  const byPath = new Map(routes.map((route) => [route.path, route]))
  const { connections, patienceMs } = { ...LIMITS, ...options.limits }
  const patience = {
    headersTimeout: patienceMs,
    requestTimeout: patienceMs,
    connectionsCheckingInterval: Math.ceil(patienceMs / 10),
  }
  const server = createServer(patience, (request, response) => {
    // Nobody reads what is sent along, so that such a connection is of no further use.
    if (hasBody(request)) response.setHeader('connection', 'close')
    answerTo(request, byPath, options)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        options.onError(request.url ?? '', error)
        send(response, { status: 500, body: { error: 'internal error; the log says more' } })
      })
  })
  server.setTimeout(3 * patienceMs)
  keepNewest(server, connections)
  options.signal.addEventListener('abort', () => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.host, port: options.port }, () => resolve())
  })
  // A TCP server that listens has an address object.
  return (server.address() as AddressInfo).port
}

// The newest, so that whoever holds on to connections keeps neither probes nor people out.
function keepNewest(server: Server, count: number): void {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    const [oldest] = open
    if (open.size >= count) oldest?.destroy()
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

async function answerTo(
  request: IncomingMessage,
  routes: ReadonlyMap<string, AdminRoute>,
  { localOnly }: Pick<AdminOptions, 'localOnly'>,
): Promise<Answer> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  if (localOnly && !LOCAL_NAMES.has(host))
    return { status: 403, body: { error: `host ${JSON.stringify(host)} is refused; use localhost` } }
  const url = new URL(request.url ?? '/', 'http://localhost')
  const route = routes.get(url.pathname)
  if (route === undefined)
    return { status: 404, body: { error: `no such path ${url.pathname}`, paths: [...routes.keys()] } }
  const methods = route.methods ?? ['GET', 'HEAD']
  if (!methods.includes(request.method ?? 'GET')) {
    const allow = methods.join(', ')
    return { status: 405, headers: { allow }, body: { error: `${url.pathname} answers ${allow}` } }
  }
  return route.handle(url.searchParams)
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent) return
  const isText = typeof answer.body === 'string'
  response.statusCode = answer.status ?? 200
  response.setHeader('content-type', answer.type ?? (isText ? 'text/plain; charset=utf-8' : 'application/json'))
  response.setHeader('x-content-type-options', 'nosniff')
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  response.end(isText ? answer.body : `${JSON.stringify(answer.body, null, 2)}\n`)
}

/** The plain index of a server's paths. */
export function indexPage(title: string, routes: readonly AdminRoute[]): Answer {
  const rows = routes
    .map(({ path, help }) => `<tr><td><a href="${path}">${path}</a></td><td>${help}</td></tr>`)
    .join('\n')
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px system-ui;margin:2rem auto;max-width:50rem;padding:0 1rem}td{padding:.3rem 1rem .3rem 0}</style>
<h1>${title}</h1><table>${rows}</table></html>\n`,
  }
}

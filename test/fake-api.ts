// As much of an API server as tests need to misbehave at will: list in pages, watch with resume and bookmarks, streamed
// lists, compaction, conflicts, faults on demand. What a real one does is tested against a real one: test/apiserver.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { KubeObject } from '../src/kube/object.ts'

/** An object with anything in it. */
export type FakeObject = KubeObject & Readonly<Record<string, unknown>>

interface Happening {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: FakeObject
}

interface Shelf {
  readonly kind: string
  readonly apiVersion: string
  readonly objects: Map<string, FakeObject>
  history: Happening[]
}

interface Target {
  /** `group/version/plural`, group empty for the core. */
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly isStatus: boolean
}

interface Watcher {
  readonly resource: string
  readonly response: ServerResponse
}

/** What is answered instead; `times` requests of those that match. */
export interface Fault {
  readonly matches: RegExp
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  times: number
}

/** A server of objects under http://127.0.0.1. */
export class FakeApi {
  url = ''
  /** `METHOD path?query` of every request. */
  readonly requests: string[] = []
  readonly faults: Fault[] = []
  hasStreamedLists = true
  minor = '36'
  private readonly shelves = new Map<string, Shelf>()
  private readonly watchers = new Set<Watcher>()
  private version = 100
  private compactedTo = 0
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error) => response.destroy(error))
  })

  async start(): Promise<this> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening))
    // A server that listens on TCP has such an address.
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((closed) => this.server.close(closed))
  }

  /** Makes a kind known; objects of others are answered with 404. */
  serve(apiVersion: string, kind: string, plural: string): void {
    const resource = apiVersion.includes('/') ? `${apiVersion}/${plural}` : `/${apiVersion}/${plural}`
    this.shelves.set(resource, { kind, apiVersion, objects: new Map(), history: [] })
  }

  unserve(resource: string): void {
    this.shelves.delete(resource)
    this.endWatches(resource)
  }

  set(resource: string, object: FakeObject): FakeObject {
    const shelf = this.shelf(resource)
    const key = keyOf(object)
    const before = shelf.objects.get(key)
    const version = ++this.version
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
    shelf.objects.set(key, stored)
    this.happen(resource, { version, type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored })
    return stored
  }

  delete(resource: string, key: string): void {
    const shelf = this.shelf(resource)
    const before = shelf.objects.get(key)
    if (before === undefined) return
    shelf.objects.delete(key)
    const version = ++this.version
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } }
    this.happen(resource, { version, type: 'DELETED', object })
  }

  get(resource: string, key: string): FakeObject | undefined {
    return this.shelf(resource).objects.get(key)
  }

  /** Says how far the server is. */
  bookmark(resource: string): void {
    const { apiVersion, kind } = this.shelf(resource)
    const object = { apiVersion, kind, metadata: { resourceVersion: String(++this.version) } }
    this.tell(resource, `${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }

  /** Sends anything to those who watch. */
  tell(resource: string, text: string): void {
    for (const watcher of this.watchers) if (watcher.resource === resource) watcher.response.write(text)
  }

  /** Forgets what happened so far. */
  compact(): void {
    this.compactedTo = this.version
  }

  endWatches(resource?: string): void {
    for (const watcher of this.watchers) {
      if (resource !== undefined && watcher.resource !== resource) continue
      this.watchers.delete(watcher)
      watcher.response.end()
    }
  }

  /** Breaks connections in the middle of an event. */
  breakWatches(resource: string, text: string): void {
    for (const watcher of this.watchers) {
      if (watcher.resource !== resource) continue
      this.watchers.delete(watcher)
      watcher.response.write(text, () => watcher.response.destroy())
    }
  }

  watches(resource: string): number {
    return [...this.watchers].filter((watcher) => watcher.resource === resource).length
  }

  private shelf(resource: string): Shelf {
    const shelf = this.shelves.get(resource)
    if (shelf === undefined) throw new Error(`${resource} is not served`)
    return shelf
  }

  private happen(resource: string, happening: Happening): void {
    this.shelf(resource).history.push(happening)
    this.tell(resource, line(happening))
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url)
    const text = `${request.method} ${decodeURIComponent(url.pathname + url.search)}`
    this.requests.push(text)
    const fault = this.faults.find(({ matches, times }) => times > 0 && matches.test(text))
    if (fault !== undefined) {
      fault.times--
      return refuse(response, fault.code, fault.reason, fault.message, fault.headers)
    }
    if (url.pathname === '/version') return send(response, 200, { major: '1', minor: this.minor })
    const target = targetOf(url.pathname)
    const shelf = this.shelves.get(target.resource)
    if (shelf === undefined) return refuse(response, 404, 'NotFound')
    if (request.method !== 'GET') return this.write(request, response, { target, shelf })
    if (target.name !== undefined) {
      const object = shelf.objects.get(keyOf({ metadata: { name: target.name, namespace: target.namespace } }))
      return object === undefined ? refuse(response, 404, 'NotFound') : send(response, 200, object)
    }
    return url.searchParams.has('watch')
      ? this.watch(response, url.searchParams, { target, shelf })
      : this.list(response, url.searchParams, { target, shelf })
  }

  private list(response: ServerResponse, query: URLSearchParams, { shelf }: { target: Target; shelf: Shelf }): void {
    const all = [...shelf.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
    const from = Number(query.get('continue') ?? 0)
    const to = from + Number(query.get('limit') ?? all.length)
    const metadata = { resourceVersion: String(this.version), continue: to < all.length ? String(to) : '' }
    // Members of a list do not say what they are.
    const items = all.slice(from, to).map(({ kind: _, apiVersion: __, ...rest }) => rest)
    send(response, 200, { apiVersion: shelf.apiVersion, kind: `${shelf.kind}List`, metadata, items })
  }

  private watch(
    response: ServerResponse,
    query: URLSearchParams,
    { target: { resource }, shelf }: { target: Target; shelf: Shelf },
  ): void {
    const isStreamed = query.get('sendInitialEvents') === 'true'
    if (isStreamed && !this.hasStreamedLists) {
      refuse(response, 422, 'Invalid', 'sendInitialEvents is forbidden')
      return
    }
    const since = Number(query.get('resourceVersion') ?? this.version)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    if (since < this.compactedTo) {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
      return
    }
    const watcher = { resource, response }
    this.watchers.add(watcher)
    response.on('close', () => this.watchers.delete(watcher))
    if (isStreamed) {
      for (const object of shelf.objects.values()) response.write(line({ type: 'ADDED', object, version: 0 }))
      const annotations = { 'k8s.io/initial-events-end': 'true' }
      const metadata = { resourceVersion: String(this.version), annotations }
      const object = { apiVersion: shelf.apiVersion, kind: shelf.kind, metadata }
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
    } else {
      for (const happening of shelf.history) if (happening.version > since) response.write(line(happening))
    }
  }

  private async write(
    request: IncomingMessage,
    response: ServerResponse,
    { target, shelf }: { readonly target: Target; readonly shelf: Shelf },
  ): Promise<void> {
    // What tests send are objects.
    const body = (await json(request)) as FakeObject
    const key = keyOf({ metadata: { name: target.name ?? body.metadata.name, namespace: target.namespace } })
    const before = shelf.objects.get(key)
    if (request.method === 'DELETE') {
      this.delete(target.resource, key)
      return before === undefined ? refuse(response, 404, 'NotFound') : send(response, 200, before)
    }
    if (request.method === 'POST' && before !== undefined) return refuse(response, 409, 'AlreadyExists')
    if (request.method === 'PUT') {
      if (before === undefined) return refuse(response, 404, 'NotFound')
      const { resourceVersion } = body.metadata
      if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
        return refuse(response, 409, 'Conflict')
    }
    const { status, ...rest } = body
    const next = target.isStatus
      ? { ...before, ...body, ...before, status }
      : { ...rest, status: before?.status ?? status }
    return send(response, request.method === 'POST' ? 201 : 200, this.set(target.resource, next))
  }
}

function targetOf(path: string): Target {
  const parts = path.split('/').slice(1)
  const [group, version] = parts[0] === 'api' ? ['', parts[1]] : [parts[1], parts[2]]
  let rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined
  if (namespace !== undefined) rest = rest.slice(2)
  return { resource: `${group}/${version}/${rest[0]}`, namespace, name: rest[1], isStatus: rest[2] === 'status' }
}

function keyOf({
  metadata,
}: {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined }
}) {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
}

function line({ type, object }: Happening): string {
  return `${JSON.stringify({ type, object })}\n`
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function refuse(
  response: ServerResponse,
  code: number,
  reason = '',
  message = reason,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ kind: 'Status', code, reason, message }))
}

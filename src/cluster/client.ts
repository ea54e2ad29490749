// Requests to the API server in raw JSON: list, watch, get, create, replace, apply, patch, delete, and token review. What
// to do about an error is the caller's decision; this says which one it was. Who we are: connection.ts.
import http from 'node:http'
import https from 'node:https'
import type { KubeObject } from '../kube/object.ts'
import type { Connection } from './connection.ts'

/** A resource of the API: what its URLs are made of. */
export interface Resource {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespaced: boolean
}

/** One object of a resource. */
export interface Place {
  readonly namespace?: string | undefined
  readonly name: string
}

/** What is listed or watched. */
export interface Selection {
  /** Only this namespace's objects. */
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
  /** Names, labels and annotations only. */
  readonly isMetadataOnly?: boolean | undefined
}

/** A page of a list. */
export interface ListRequest extends Selection {
  readonly limit?: number | undefined
  readonly continueToken?: string | undefined
  readonly resourceVersion?: string
}

/** What a list answered. */
export interface ListPage {
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
  /** Empty on the last page. */
  readonly continueToken: string
}

/** Where a watch begins. */
export interface WatchRequest extends Selection {
  readonly resourceVersion?: string
  /** Tells first what is there, then a bookmark with `initialEventsEnd`. */
  readonly sendsInitialEvents?: boolean
  readonly timeoutSeconds: number
  /** A watch in which nothing has been said for so long is taken for dead. */
  readonly idleMs: number
}

/** One line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: KubeObject
}

/** The annotation of the bookmark after which a watch tells only what is new. */
export const initialEventsEnd = 'k8s.io/initial-events-end'

/** What a TokenReview found. */
export interface TokenVerdict {
  readonly isAuthenticated: boolean
  readonly username: string
  readonly groups: readonly string[]
  readonly audiences: readonly string[]
  readonly error: string
}

/** How a patch is to be read. */
export type PatchType = 'merge' | 'json' | 'strategic'

/** The API server refused, or answered with something else than it should. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer worth the name. */
  readonly code: number
  /** Kubernetes' reason, such as `Expired`. */
  readonly reason: string
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    status: { readonly code: number; readonly reason: string; readonly retryAfterMs?: number },
  ) {
    super(message)
    this.name = 'ApiError'
    this.code = status.code
    this.reason = status.reason
    this.retryAfterMs = status.retryAfterMs
  }
}

/** Whether an error is the API server's answer with this status. */
export function isApiError(error: unknown, ...codes: readonly number[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code)
}

/** An API server, as the program uses it. Calls reject with an ApiError, or with what the network said. */
export interface ClusterClient {
  list(resource: Resource, request: ListRequest, signal?: AbortSignal): Promise<ListPage>
  /** First nothing, when the server has accepted; then events as they arrive. Ends when the server ends it; throws on errors. */
  watch(resource: Resource, request: WatchRequest, signal: AbortSignal): AsyncIterable<readonly WatchEvent[]>
  /** Undefined when there is no such object. */
  get(resource: Resource, place: Place, signal?: AbortSignal): Promise<KubeObject | undefined>
  create(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<KubeObject>
  /** Replaces the object if it still has the resourceVersion that it names. */
  replace(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<KubeObject>
  replaceStatus(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<KubeObject>
  /** Server-side apply; takes fields from other managers. */
  apply(resource: Resource, object: KubeObject, signal?: AbortSignal): Promise<KubeObject>
  patch(
    resource: Resource,
    place: Place,
    patch: { readonly type: PatchType; readonly body: unknown },
  ): Promise<KubeObject>
  /** Whether or not it exists; what it owns is deleted in the background. */
  delete(resource: Resource, place: Place, preconditions?: { readonly uid?: string }): Promise<void>
  reviewToken(token: string, audiences: readonly string[]): Promise<TokenVerdict>
  /** The resources that a version of a group serves, by kind; none when it serves none. */
  resources(group: string, version: string, signal?: AbortSignal): Promise<ReadonlyMap<string, Resource>>
  /** Minor version of the server, 0 when it does not say. */
  minorVersion(signal?: AbortSignal): Promise<number>
  close(): void
}

/** How a client introduces itself. */
export interface ClientOptions {
  /** Owner of the fields we write. */
  readonly fieldManager: string
  readonly userAgent: string
  /** How long a request other than a watch may take. */
  readonly timeoutMs?: number
}

const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
const metadataListOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
const patchTypes: Readonly<Record<PatchType | 'apply', string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

/** A client over a connection. */
export function createClient(connection: Connection, options: ClientOptions): ClusterClient {
  const wire = new Wire(connection, options)
  const manager = { fieldManager: options.fieldManager }
  const placeOf = (object: KubeObject): Place => object.metadata
  return {
    async list(resource, request, signal) {
      const { limit, continueToken, resourceVersion } = request
      const query = { ...selection(request), limit: limit?.toString(), continue: continueToken, resourceVersion }
      const accept = request.isMetadataOnly === true ? metadataListOnly : undefined
      const path = pathOf(resource, { namespace: request.namespace })
      return listPage(await wire.json({ method: 'GET', path, query, accept, signal }))
    },

    async *watch(resource, request, signal) {
      const query = {
        ...selection(request),
        watch: '1',
        allowWatchBookmarks: 'true',
        timeoutSeconds: request.timeoutSeconds.toString(),
        resourceVersion: request.resourceVersion,
        ...(request.sendsInitialEvents === true
          ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
          : {}),
      }
      const accept = request.isMetadataOnly === true ? metadataOnly : undefined
      const path = pathOf(resource, { namespace: request.namespace })
      for await (const lines of wire.lines({ method: 'GET', path, query, accept, signal }, request.idleMs))
        yield lines.map(watchEvent)
    },

    async get(resource, place, signal) {
      try {
        return objectIn(await wire.json({ method: 'GET', path: pathOf(resource, place), signal }))
      } catch (error) {
        if (isApiError(error, 404)) return undefined
        throw error
      }
    },

    async create(resource, object, signal) {
      const path = pathOf(resource, { namespace: object.metadata.namespace })
      return objectIn(await wire.json({ method: 'POST', path, query: manager, body: object, signal }))
    },

    async replace(resource, object, signal) {
      const path = pathOf(resource, placeOf(object))
      return objectIn(await wire.json({ method: 'PUT', path, query: manager, body: object, signal }))
    },

    async replaceStatus(resource, object, signal) {
      const path = `${pathOf(resource, placeOf(object))}/status`
      return objectIn(await wire.json({ method: 'PUT', path, query: manager, body: object, signal }))
    },

    async apply(resource, object, signal) {
      const path = pathOf(resource, placeOf(object))
      const query = { ...manager, force: 'true' }
      return objectIn(
        await wire.json({ method: 'PATCH', path, query, body: object, contentType: patchTypes.apply, signal }),
      )
    },

    async patch(resource, place, { type, body }) {
      const path = pathOf(resource, place)
      return objectIn(await wire.json({ method: 'PATCH', path, query: manager, body, contentType: patchTypes[type] }))
    },

    async delete(resource, place, preconditions) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions }
      try {
        await wire.json({ method: 'DELETE', path: pathOf(resource, place), body })
      } catch (error) {
        if (!isApiError(error, 404)) throw error
      }
    },

    async reviewToken(token, audiences) {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } }
      const path = '/apis/authentication.k8s.io/v1/tokenreviews'
      return tokenVerdict(await wire.json({ method: 'POST', path, body }))
    },

    async resources(group, version, signal) {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
      try {
        return resourcesIn(await wire.json({ method: 'GET', path, signal }), group, version)
      } catch (error) {
        if (isApiError(error, 404)) return new Map()
        throw error
      }
    },

    async minorVersion(signal) {
      const { minor } = Object(await wire.json({ method: 'GET', path: '/version', signal })) as {
        readonly minor?: unknown
      }
      return Number.parseInt(String(minor), 10) || 0
    },

    close: () => connection.close(),
  }
}

/** The path of an object, or of all objects of a resource in a namespace or everywhere. */
function pathOf({ group, version, plural, namespaced }: Resource, place: Partial<Place>): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const within = namespaced && place.namespace ? `/namespaces/${encodeURIComponent(place.namespace)}` : ''
  const name = place.name === undefined ? '' : `/${encodeURIComponent(place.name)}`
  return `${root}${within}/${plural}${name}`
}

function selection({ labelSelector, fieldSelector }: Selection): Record<string, string | undefined> {
  return { labelSelector, fieldSelector }
}

interface Call {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sends calls and reads answers. */
class Wire {
  private readonly connection: Connection
  private readonly options: ClientOptions

  constructor(connection: Connection, options: ClientOptions) {
    this.connection = connection
    this.options = options
  }

  async json(call: Call): Promise<unknown> {
    const deadline = AbortSignal.timeout(this.options.timeoutMs ?? 30_000)
    const signal = call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline])
    const answer = await this.answer({ ...call, signal })
    const text = await textOf(answer)
    try {
      return JSON.parse(text)
    } catch {
      throw new ApiError(`${call.method} ${call.path}: the answer is no JSON`, { code: 0, reason: 'BadAnswer' })
    }
  }

  /** The lines of an answer that goes on, parsed; those of one packet together. */
  async *lines(call: Call, idleMs: number): AsyncGenerator<readonly unknown[]> {
    const idle = new AbortController()
    const expire = (): void => idle.abort(new Error(`nothing was said for ${idleMs} ms`))
    let timer = setTimeout(expire, idleMs)
    const heard = (): void => {
      clearTimeout(timer)
      timer = setTimeout(expire, idleMs)
    }
    const signal = call.signal === undefined ? idle.signal : AbortSignal.any([call.signal, idle.signal])
    try {
      const answer = await this.answer({ ...call, signal })
      answer.setEncoding('utf8')
      yield []
      let rest = ''
      for await (const chunk of answer) {
        heard()
        // A stream with an encoding gives strings.
        const lines = (rest + String(chunk)).split('\n')
        // What has no end yet may never get one: then it has not been said.
        rest = lines.pop() ?? ''
        const parsed = lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line))
        if (parsed.length > 0) yield parsed
      }
    } catch (error) {
      // A stream that was ended says only that it was; why, the signal knows.
      throw signal.aborted ? signal.reason : error
    } finally {
      clearTimeout(timer)
    }
  }

  /** Sends a call; once more with new credentials if the first ones were refused. */
  private async answer(call: Call): Promise<http.IncomingMessage> {
    const first = await this.send(call)
    if (first.statusCode !== 401) return accepted(call, first)
    first.resume()
    this.connection.refused()
    return accepted(call, await this.send(call))
  }

  private async send({ method, path, query, body, contentType, accept, signal }: Call): Promise<http.IncomingMessage> {
    const { server } = this.connection
    const { agent, headers } = await this.connection.access()
    const url = new URL(server.pathname.replace(/\/$/, '') + path, server)
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, value)
    const text = body === undefined ? undefined : JSON.stringify(body)
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
    const request = (url.protocol === 'http:' ? http : https).request(
      url,
      {
        method,
        agent,
        headers: {
          ...headers,
          'user-agent': this.options.userAgent,
          accept: accept ?? 'application/json',
          ...(text === undefined
            ? {}
            : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
        ...(signal === undefined ? {} : { signal }),
      },
      resolve,
    )
    // Without a reason of its own, an aborted request says only that it was.
    request.on('error', (error) => reject(signal?.aborted === true ? signal.reason : error))
    request.end(text)
    return promise
  }
}

async function accepted(call: Call, answer: http.IncomingMessage): Promise<http.IncomingMessage> {
  const { statusCode: code = 0 } = answer
  if (code < 300) return answer
  const text = await textOf(answer)
  const seconds = Number(answer.headers['retry-after'])
  throw statusError(`${call.method} ${call.path}`, parsed(text) ?? { message: text.slice(0, 500) }, {
    code,
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  })
}

/** The error that a Status says. */
function statusError(
  what: string,
  status: unknown,
  known: { readonly code: number; readonly retryAfterMs?: number },
): ApiError {
  // A Status, or whatever stood in its place; each field is checked.
  const { message, reason } = Object(status) as { readonly message?: unknown; readonly reason?: unknown }
  const text = typeof message === 'string' && message !== '' ? message : `HTTP ${known.code}`
  return new ApiError(`${what}: ${text}`, { ...known, reason: typeof reason === 'string' ? reason : '' })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  // Without an encoding a stream gives buffers.
  for await (const part of answer) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function badAnswer(what: string): ApiError {
  return new ApiError(`the API server's answer is no ${what}`, { code: 0, reason: 'BadAnswer' })
}

function isObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false
  return typeof value.metadata === 'object' && value.metadata !== null
}

function objectIn(value: unknown): KubeObject {
  if (!isObject(value)) throw badAnswer('object')
  return value
}

function listPage(value: unknown): ListPage {
  // Each field is checked below.
  const { apiVersion, kind, metadata, items } = Object(value) as {
    readonly apiVersion?: unknown
    readonly kind?: unknown
    readonly metadata?: { readonly resourceVersion?: unknown; readonly continue?: unknown }
    readonly items?: unknown
  }
  // An empty list of Go is null.
  const list: unknown = items ?? []
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(list)) throw badAnswer('list')
  // Members of a list of a kind do not name it.
  const typed = { apiVersion: String(apiVersion), kind: kind.slice(0, -'List'.length) }
  return {
    items: list.filter(isObject).map((item) => ({ ...typed, ...item })),
    resourceVersion: textIn(metadata?.resourceVersion),
    continueToken: textIn(metadata?.continue),
  }
}

function resourcesIn(value: unknown, group: string, version: string): ReadonlyMap<string, Resource> {
  const { resources } = Object(value) as { readonly resources?: unknown }
  if (!Array.isArray(resources)) throw badAnswer('list of resources')
  return new Map(
    resources.flatMap((resource) => {
      const { name, kind, namespaced } = Object(resource) as Record<string, unknown>
      // What has a slash in its name is a part of a resource, such as its status.
      if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return []
      return [[kind, { group, version, plural: name, namespaced: namespaced === true }] as const]
    }),
  )
}

function watchEvent(line: unknown): WatchEvent {
  const { type, object } = Object(line) as { readonly type?: unknown; readonly object?: unknown }
  if (type === 'ERROR') {
    const { code } = Object(object) as { readonly code?: unknown }
    throw statusError('watch', object, { code: typeof code === 'number' ? code : 0 })
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') throw badAnswer('event')
  return { type, object: objectIn(object) }
}

function tokenVerdict(review: unknown): TokenVerdict {
  // Each field is checked below.
  const { status } = Object(review) as { readonly status?: Record<string, unknown> }
  const { authenticated, user, audiences, error } = Object(status) as Record<string, unknown>
  const { username, groups } = Object(user) as Record<string, unknown>
  return {
    isAuthenticated: authenticated === true,
    username: textIn(username),
    groups: textsIn(groups),
    audiences: textsIn(audiences),
    error: textIn(error),
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : []
}

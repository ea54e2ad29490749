// What is asked of the API server, in raw JSON: list, watch, get, create, replace, apply, patch, delete, and token review.
// What to do about an error is the caller's decision; api-error.ts says which one it was. How a call is made: requests.ts.
import type { KubeObject } from '../kube/object.ts'
import { kubeObject, listPage, resourcesIn, tokenVerdict, watchEvent } from './answers.ts'
import { isApiError } from './api-error.ts'
import type { Connection } from './connection.ts'
import { type RequestOptions, Requests } from './requests.ts'

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
export interface ClientOptions extends RequestOptions {
  /** Owner of the fields we write. */
  readonly fieldManager: string
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
  const requests = new Requests(connection, options)
  const manager = { fieldManager: options.fieldManager }
  const placeOf = (object: KubeObject): Place => object.metadata
  return {
    async list(resource, request, signal) {
      const { limit, continueToken, resourceVersion } = request
      const query = { ...selection(request), limit: limit?.toString(), continue: continueToken, resourceVersion }
      const accept = request.isMetadataOnly === true ? metadataListOnly : undefined
      const path = pathOf(resource, { namespace: request.namespace })
      return listPage(await requests.json({ method: 'GET', path, query, accept, signal }))
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
      for await (const lines of requests.lines({ method: 'GET', path, query, accept, signal }, request.idleMs))
        yield lines.map(watchEvent)
    },

    async get(resource, place, signal) {
      try {
        return kubeObject(await requests.json({ method: 'GET', path: pathOf(resource, place), signal }))
      } catch (error) {
        if (isApiError(error, 404)) return undefined
        throw error
      }
    },

    async create(resource, object, signal) {
      const path = pathOf(resource, { namespace: object.metadata.namespace })
      return kubeObject(await requests.json({ method: 'POST', path, query: manager, body: object, signal }))
    },

    async replace(resource, object, signal) {
      const path = pathOf(resource, placeOf(object))
      return kubeObject(await requests.json({ method: 'PUT', path, query: manager, body: object, signal }))
    },

    async replaceStatus(resource, object, signal) {
      const path = `${pathOf(resource, placeOf(object))}/status`
      return kubeObject(await requests.json({ method: 'PUT', path, query: manager, body: object, signal }))
    },

    async apply(resource, object, signal) {
      const path = pathOf(resource, placeOf(object))
      const query = { ...manager, force: 'true' }
      return kubeObject(
        await requests.json({ method: 'PATCH', path, query, body: object, contentType: patchTypes.apply, signal }),
      )
    },

    async patch(resource, place, { type, body }) {
      const path = pathOf(resource, place)
      return kubeObject(
        await requests.json({ method: 'PATCH', path, query: manager, body, contentType: patchTypes[type] }),
      )
    },

    async delete(resource, place, preconditions) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions }
      try {
        await requests.json({ method: 'DELETE', path: pathOf(resource, place), body })
      } catch (error) {
        if (!isApiError(error, 404)) throw error
      }
    },

    async reviewToken(token, audiences) {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } }
      const path = '/apis/authentication.k8s.io/v1/tokenreviews'
      return tokenVerdict(await requests.json({ method: 'POST', path, body }))
    },

    async resources(group, version, signal) {
      const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
      try {
        return resourcesIn(await requests.json({ method: 'GET', path, signal }), group, version)
      } catch (error) {
        if (isApiError(error, 404)) return new Map()
        throw error
      }
    },

    async minorVersion(signal) {
      const { minor } = Object(await requests.json({ method: 'GET', path: '/version', signal })) as {
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

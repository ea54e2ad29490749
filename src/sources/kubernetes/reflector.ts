// List and watch of one kind: what is there, then what changes, without end. How it begins (a streamed list where the
// server offers one, else pages), how it goes on after a break, and when it starts anew are decided here; what becomes of
// the objects, and whether the kind exists at all, in cluster.ts. An error never empties anything: nothing is said then.
import { ApiError, isApiError } from '../../cluster/api-error.ts'
import {
  type ClusterClient,
  initialEventsEnd,
  type Resource,
  type Selection,
  type WatchEvent,
} from '../../cluster/client.ts'
import { pauseAfter, type Time } from '../../cluster/time.ts'
import { type KubeObject, keyOf } from '../../kube/object.ts'

/** What a reflector learned. */
export type Step =
  /** All there is. */
  | { readonly step: 'whole'; readonly objects: readonly KubeObject[] }
  /** What happened since, in order. */
  | { readonly step: 'changes'; readonly changes: readonly ObjectChange[] }
  /** It can go on after failures, with nothing new so far. */
  | { readonly step: 'resumed' }
  /** The server knows no such resource; it goes on asking. */
  | { readonly step: 'missing' }
  /** Something went wrong for the n-th time in a row; it goes on trying. */
  | { readonly step: 'failed'; readonly error: unknown; readonly failures: number }

/** An object as it is now, or was when it was deleted. */
export interface ObjectChange {
  readonly isDeleted: boolean
  readonly object: KubeObject
}

/** What is reflected. */
export interface ReflectorOptions extends Selection {
  readonly client: Pick<ClusterClient, 'list' | 'watch'>
  readonly resource: Resource
  /** Whether the server can send a list as the beginning of a watch. */
  readonly hasStreamedLists: boolean
  /** What is kept of an object; the rest is let go at once, for a whole list of it may be large. */
  readonly trim?: (object: KubeObject) => KubeObject
  readonly time: Time
}

const pageSize = 500
/** A lost API server comes back at any moment: whoever waits for it should not notice late. */
const retries = { firstMs: 100, lastMs: 3_000 }
/** The server says how far it is once a minute, even when nothing happens. */
const idleMs = 90_000
/** A watch that ended sooner, and said nothing, did not work. */
const briefMs = 1_000

/** Follows one kind until `signal` ends it. It never throws. */
export async function* reflect(options: ReflectorOptions, signal: AbortSignal): AsyncGenerator<Step> {
  const reflector = new Reflector(options, signal)
  while (!signal.aborted) yield* reflector.next()
}

class Reflector {
  private readonly options: ReflectorOptions
  private readonly signal: AbortSignal
  /** What has been seen so far; undefined when it must be listed. */
  private version: string | undefined
  private failures = 0
  /** The last watch could not go on from where we were. */
  private hasExpired = false
  private streamsLists: boolean
  /** Pages that come too slowly expire on the way; then everything is asked for at once. */
  private asksForPages = true

  constructor(options: ReflectorOptions, signal: AbortSignal) {
    this.options = options
    this.signal = signal
    this.streamsLists = options.hasStreamedLists
  }

  /** Lists if that is needed, and watches until the watch ends. */
  async *next(): AsyncGenerator<Step> {
    try {
      if (this.version === undefined && !this.streamsLists) yield await this.list()
      yield* this.watch()
    } catch (error) {
      if (this.signal.aborted) return
      yield* this.failed(error)
    }
  }

  private selection(): Selection {
    const { namespace, labelSelector, fieldSelector, isMetadataOnly } = this.options
    return { namespace, labelSelector, fieldSelector, isMetadataOnly }
  }

  private async list(): Promise<Step> {
    const { client, resource } = this.options
    const objects: KubeObject[] = []
    let continueToken: string | undefined
    do {
      const limit = this.asksForPages ? pageSize : undefined
      const page = await client.list(resource, { ...this.selection(), limit, continueToken }, this.signal)
      for (const item of page.items) objects.push(this.trim(item))
      continueToken = page.continueToken || undefined
      if (continueToken === undefined) this.version = page.resourceVersion
    } while (continueToken !== undefined)
    this.failures = 0
    this.asksForPages = true
    return { step: 'whole', objects }
  }

  private async *watch(): AsyncGenerator<Step> {
    const { client, resource, time } = this.options
    const startedAt = time.now()
    let isSilent = true
    let gathered = this.version === undefined ? new Map<string, KubeObject>() : undefined
    const request = {
      ...this.selection(),
      ...(this.version === undefined ? { sendsInitialEvents: true } : { resourceVersion: this.version }),
      // All watches of all replicas would end together, had they one length.
      timeoutSeconds: Math.round(300 + 300 * time.random()),
      idleMs,
    }
    for await (const events of client.watch(resource, request, this.signal)) {
      if (events.length === 0) {
        if (gathered === undefined && this.failures > 0) yield { step: 'resumed' }
        continue
      }
      isSilent = false
      let changes: ObjectChange[] = []
      for (const event of events) {
        if (gathered === undefined) {
          if (event.type !== 'BOOKMARK') changes.push(this.change(event))
          this.version = event.object.metadata.resourceVersion ?? this.version
        } else if (event.type !== 'BOOKMARK') this.gather(gathered, event)
        else if (event.object.metadata.annotations?.[initialEventsEnd] === 'true') {
          this.version = event.object.metadata.resourceVersion
          this.failures = 0
          yield { step: 'whole', objects: [...gathered.values()] }
          gathered = undefined
          changes = []
        }
      }
      if (gathered !== undefined) continue
      this.failures = 0
      this.hasExpired = false
      if (changes.length > 0) yield { step: 'changes', changes }
    }
    if (gathered !== undefined) {
      // A server that does not know the request may have answered another one.
      this.streamsLists = false
    } else if (isSilent && time.now() - startedAt < briefMs) {
      throw new ApiError('the watch ended at once', { code: 0, reason: 'BriefWatch' })
    }
  }

  private gather(gathered: Map<string, KubeObject>, { type, object }: WatchEvent): void {
    if (type === 'DELETED') gathered.delete(keyOf(object))
    else gathered.set(keyOf(object), this.trim(object))
  }

  private change({ type, object }: WatchEvent): ObjectChange {
    return { isDeleted: type === 'DELETED', object: this.trim(object) }
  }

  private trim(object: KubeObject): KubeObject {
    return this.options.trim?.(object) ?? object
  }

  private async *failed(error: unknown): AsyncGenerator<Step> {
    if (this.version === undefined) {
      if (this.streamsLists && isApiError(error, 400, 422)) {
        this.streamsLists = false
        return
      }
      if (isApiError(error, 410) && this.asksForPages) {
        this.asksForPages = false
        return
      }
    } else if (isTooOld(error)) {
      this.version = undefined
      // Once at once; a server that says so again and again gets its pauses.
      const isFirst = !this.hasExpired
      this.hasExpired = true
      if (isFirst) return
    }
    this.failures++
    yield isApiError(error, 404) ? { step: 'missing' } : { step: 'failed', error, failures: this.failures }
    const { time } = this.options
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
    await time.wait(Math.max(asked, pauseAfter(this.failures, retries, time)), this.signal)
  }
}

/** The server can no longer, or not yet, tell what happened since the version we know. */
function isTooOld(error: unknown): boolean {
  if (isApiError(error, 410)) return true
  return (
    error instanceof ApiError && (error.reason === 'Expired' || error.message.includes('Too large resource version'))
  )
}

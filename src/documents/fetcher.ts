// When demanded documents are fetched: at once or when what is stored gets old, again and again, and sooner after a
// failure. The last good document stays in use for as long as somebody asks for it. How one is fetched: fetch.ts; where
// it is kept: a DocumentStore.
import type { DocumentRequest, StoredDocument } from '../core/documents.ts'
import { objectKey, type TypedRef } from '../core/keys.ts'
import { errorText, type Log } from '../core/log.ts'
import type { Collection } from '../engine/collection.ts'

/** A document that an object asks for. */
export interface DocumentDemand extends DocumentRequest {
  readonly key: string
  readonly refreshMs: number
  readonly requestedBy: TypedRef
  readonly path: string
}

/** Where documents are kept so that every replica and the next start find them. */
export interface DocumentStore {
  load(): Promise<readonly StoredDocument[]>
  save(document: StoredDocument): Promise<void>
  remove(key: string): Promise<void>
}

/** Time, as far as the fetcher needs it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `task` later; the returned function takes it back. */
  schedule(ms: number, task: () => void): () => void
}

/** What the fetcher works with. */
export interface FetcherOptions {
  readonly demands: Collection<DocumentDemand>
  readonly store: DocumentStore
  readonly fetch: (request: DocumentRequest, signal: AbortSignal) => Promise<string>
  readonly clock: Clock
  readonly log: Log
}

/** What is known of one document, for the admin server. */
export interface DocumentState {
  readonly key: string
  readonly url: string
  /** RFC 3339; empty before the first success. */
  readonly fetchedAt: string
  readonly failures: number
  readonly lastError: string | undefined
}

const PARALLEL = 10
const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 15_000
// A longer timer would fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1

interface Job {
  readonly key: string
  request: DocumentRequest
  refreshMs: number
  fetchedAt: string
  failures: number
  lastError: string | undefined
  unschedule: () => void
  readonly stop: AbortController
}

/** Keeps demanded documents fetched. */
export class DocumentFetcher {
  readonly #options: FetcherOptions
  readonly #jobs = new Map<string, Job>()
  readonly #waiting: Job[] = []
  #running = 0

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  /** Loads what is stored, and follows the demands until `signal` ends it. */
  async start(signal: AbortSignal): Promise<void> {
    const { demands, store, log } = this.#options
    const stored = new Map((await store.load()).map((document) => [document.requestKey, document]))
    const unobserve = demands.observe((changes) => {
      for (const key of new Set(changes.flatMap(({ before, after }) => [before?.key ?? [], after?.key ?? []].flat())))
        this.#follow(key, undefined)
    })
    signal.addEventListener('abort', () => {
      unobserve()
      for (const job of this.#jobs.values()) this.#end(job)
      this.#jobs.clear()
    })
    const demanded = new Set(demands.list().map(({ key }) => key))
    for (const key of demanded) this.#follow(key, stored.get(key))
    // Owners may have gone while nobody was looking.
    for (const key of stored.keys()) {
      if (demanded.has(key)) continue
      await store.remove(key).catch((error) => log.warn({ key, error: errorText(error) }, 'cannot remove a document'))
    }
  }

  /** All demanded documents, by key. */
  states(): readonly DocumentState[] {
    return [...this.#jobs.values()]
      .map(({ key, request: { url }, fetchedAt, failures, lastError }) => ({
        key,
        url,
        fetchedAt,
        failures,
        lastError,
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  #follow(key: string, stored: StoredDocument | undefined): void {
    const job = this.#jobs.get(key)
    const [first, ...others] = this.#options.demands
      .list()
      .filter((demand) => demand.key === key)
      .toSorted((a, b) => (ownerOf(a) < ownerOf(b) ? -1 : 1))
    if (first === undefined) {
      if (job !== undefined) this.#drop(job)
      return
    }
    const refreshMs = Math.min(first.refreshMs, ...others.map((demand) => demand.refreshMs))
    if (job === undefined) {
      const created: Job = {
        ...{ key, request: first, refreshMs, fetchedAt: stored?.fetchedAt ?? '', failures: 0, lastError: undefined },
        ...{ unschedule: () => {}, stop: new AbortController() },
      }
      this.#jobs.set(key, created)
      this.#schedule(created, this.#untilOld(created))
      return
    }
    job.request = first
    if (job.refreshMs === refreshMs) return
    job.refreshMs = refreshMs
    if (job.failures === 0 && job.fetchedAt !== '') this.#schedule(job, this.#untilOld(job))
  }

  #untilOld({ fetchedAt, refreshMs }: Job): number {
    const at = Date.parse(fetchedAt)
    return Number.isNaN(at) ? 0 : Math.max(0, at + refreshMs - this.#options.clock.now())
  }

  #schedule(job: Job, ms: number): void {
    job.unschedule()
    job.unschedule = this.#options.clock.schedule(Math.min(ms, LONGEST_TIMER_MS), () => {
      this.#waiting.push(job)
      this.#next()
    })
  }

  #next(): void {
    while (this.#running < PARALLEL) {
      const job = this.#waiting.shift()
      if (job === undefined) return
      if (job.stop.signal.aborted) continue
      this.#running += 1
      void this.#run(job).finally(() => {
        this.#running -= 1
        this.#next()
      })
    }
  }

  async #run(job: Job): Promise<void> {
    const { fetch, store, clock, log } = this.#options
    const { key, request, stop } = job
    const startedAt = clock.now()
    try {
      const jwks = await fetch(request, stop.signal)
      const fetchedAt = new Date(startedAt).toISOString()
      // Nobody asks for it any more: what came too late must not be stored again.
      if (stop.signal.aborted) return
      await store.save({ requestKey: key, url: request.url, fetchedAt, jwks })
      if (stop.signal.aborted) return await store.remove(key)
      if (job.failures > 0) log.info({ url: request.url, failures: job.failures }, 'a document can be fetched again')
      Object.assign(job, { fetchedAt, failures: 0, lastError: undefined })
      this.#schedule(job, Math.max(0, startedAt + job.refreshMs - clock.now()))
    } catch (error) {
      if (stop.signal.aborted) return
      const retryMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** job.failures)
      job.failures += 1
      job.lastError = errorText(error)
      const fields = { url: request.url, error: job.lastError, failures: job.failures, retryMs }
      if (job.failures === 1) log.warn(fields, 'a document cannot be fetched')
      else log.debug(fields, 'a document still cannot be fetched')
      this.#schedule(job, retryMs)
    }
  }

  #drop(job: Job): void {
    const { store, log } = this.#options
    this.#jobs.delete(job.key)
    this.#end(job)
    store
      .remove(job.key)
      .catch((error) => log.warn({ url: job.request.url, error: errorText(error) }, 'cannot remove a document'))
  }

  #end(job: Job): void {
    job.unschedule()
    job.stop.abort()
  }
}

function ownerOf({ requestedBy, path }: DocumentDemand): string {
  return `${objectKey(requestedBy)}#${path}`
}

/** The time of this machine. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (ms, task) => {
    const timer = setTimeout(task, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

// The leader's queue of status writes: when an object's status is looked at, and what happens when a write fails. What the
// next status is, merge.ts decides. Only differences are written; an object has one write at a time; what changes often is
// written less often; and whatever another controller wrote in between is read again and kept.
import { isApiError } from '../cluster/api-error.ts'
import type { ClusterClient, Resource } from '../cluster/client.ts'
import { pauseAfter, systemTime, type Time } from '../cluster/time.ts'
import { nameKey, objectKey, parseObjectKey } from '../core/keys.ts'
import { errorText, type Log } from '../core/log.ts'
import type { Collection } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import type { StatusDraft } from '../translate/model.ts'
import { type Json, listAt, type MergeContext, recordOf } from './conditions.ts'
import { equal, isWorthWriting, mergeStatus } from './merge.ts'
import { type OurNames, withoutOurs } from './ownership.ts'

/** An object as the API server has it, status included. */
export interface ObjectWithStatus extends KubeObject {
  readonly status?: unknown
}

/** A kind whose status we write. */
export interface StatusKind {
  readonly kind: string
  readonly resource: Resource
  /** What the API server has. */
  readonly live: Collection<ObjectWithStatus>
}

/** Something beside translation that has a say in statuses, such as what proxies answered. */
export interface Verdicts {
  /** The draft with that said. */
  adjust(draft: StatusDraft): StatusDraft
  /** Tells the object keys of drafts that it would now adjust otherwise. Returns the unsubscription. */
  observe(changed: (keys: Iterable<string>) => void): () => void
}

/** What a writer works with. */
export interface StatusWriterOptions {
  readonly statuses: Collection<StatusDraft>
  readonly kinds: readonly StatusKind[]
  readonly verdicts?: Verdicts
  readonly client: Pick<ClusterClient, 'get' | 'replaceStatus'>
  readonly names: OurNames
  readonly log: Log
  readonly time?: Time
  /** How many writes may be under way. */
  readonly parallel?: number
  /** Hears of each finished attempt. */
  readonly onWrite?: (kind: string, result: 'written' | 'conflict' | 'failed') => void
}

/** What is remembered of an object between two looks at it. */
interface Entry {
  isBusy: boolean
  /** Something changed while it was being written. */
  isStale: boolean
  /** A look is planned already. */
  isAwaited: boolean
  failures: number
  /** After a failure, when the next attempt may be made. */
  notBefore: number
  /** What our last write made of it, until the watch has told us so. */
  written: ObjectWithStatus | undefined
  /** A status of ours that the API server keeps otherwise, and what it keeps. */
  refused: { readonly sent: Json; readonly kept: unknown } | undefined
  writtenAt: number
  /** How many writes in a row were about counts only. */
  countWrites: number
}

/** A write that is due. */
interface Due {
  readonly key: string
  readonly kind: StatusKind
  readonly entry: Entry
  readonly current: ObjectWithStatus
  readonly next: Json
}

const retries = { firstMs: 100, lastMs: 3_000 }
/** What the API server refuses today it will refuse in a second. */
const refusals = { firstMs: 5_000, lastMs: 60_000 }
const counts = { firstMs: 1_000, lastMs: 5_000 }
const maxConflicts = 5
/** Looks between two pauses for the rest of the program. */
const looksAtOnce = 200

/** Writes statuses while it runs. */
export class StatusWriter {
  private readonly options: StatusWriterOptions
  private readonly time: Time
  private readonly kinds: ReadonlyMap<string, StatusKind>
  private readonly queue = new Set<string>()
  private readonly entries = new Map<string, Entry>()
  private running = 0
  private isPumping = false

  constructor(options: StatusWriterOptions) {
    this.options = options
    this.time = options.time ?? systemTime
    this.kinds = new Map(options.kinds.map((kind) => [`${kind.resource.group}/${kind.kind}`, kind]))
  }

  /** Looks at everything, then at what changes, until `signal` ends it. */
  start(signal: AbortSignal): void {
    const { statuses, kinds, verdicts } = this.options
    const enqueue = (keys: Iterable<string>): void => {
      for (const key of keys) this.queue.add(key)
      void this.pump(signal)
    }
    const unobserve = [
      statuses.observe((changes) => enqueue(changes.map(({ key }) => key))),
      ...kinds.map((kind) =>
        kind.live.observe((changes) => enqueue(changes.map(({ after, before }) => keyIn(kind, after ?? before)))),
      ),
      verdicts?.observe(enqueue) ?? (() => {}),
    ]
    signal.addEventListener('abort', () => {
      for (const stop of unobserve) stop()
      this.queue.clear()
    })
    // In one go, so that what is in both is looked at once.
    enqueue([
      ...statuses.list().map(({ object }) => objectKey(object)),
      ...kinds.flatMap((kind) => kind.live.list().map((object) => keyIn(kind, object))),
    ])
  }

  private async pump(signal: AbortSignal): Promise<void> {
    if (this.isPumping) return
    this.isPumping = true
    let looks = 0
    for (const key of this.queue) {
      if (signal.aborted || this.running >= (this.options.parallel ?? 16)) break
      this.queue.delete(key)
      this.look(key, signal)
      if (++looks % looksAtOnce === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    this.isPumping = false
  }

  /** Begins to write an object's status if that is due. */
  private look(key: string, signal: AbortSignal): void {
    const known = this.entries.get(key)
    if (known?.isBusy === true) {
      known.isStale = true
      return
    }
    const kind = this.kindOf(key)
    const live = kind?.live.get(nameKeyOf(key))
    if (kind === undefined || live === undefined) {
      this.entries.delete(key)
      return
    }
    const current = newest(live, known)
    const next = this.next(key, current)
    if (next === undefined || isRefused(known, current, next)) {
      if (known !== undefined && !this.isMemorable(known)) this.entries.delete(key)
      return
    }
    const entry = known ?? newEntry()
    this.entries.set(key, entry)
    const waitMs = this.waitMs(entry, current.status, next)
    if (waitMs > 0) void this.lookLater(key, { entry, waitMs }, signal)
    else void this.occupied({ key, kind, entry, current, next }, signal)
  }

  private async lookLater(
    key: string,
    { entry, waitMs }: { readonly entry: Entry; readonly waitMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    if (entry.isAwaited) return
    entry.isAwaited = true
    await this.time.wait(waitMs, signal)
    entry.isAwaited = false
    this.again(key, signal)
  }

  private async occupied(due: Due, signal: AbortSignal): Promise<void> {
    const { key, entry } = due
    this.running++
    entry.isBusy = true
    entry.isStale = false
    await this.write(due, signal)
    entry.isBusy = false
    this.running--
    if (entry.isStale || entry.failures > 0) this.again(key, signal)
    else void this.pump(signal)
  }

  private again(key: string, signal: AbortSignal): void {
    if (signal.aborted) return
    this.queue.add(key)
    void this.pump(signal)
  }

  /** The status an object should have; undefined when it may stay as it is. */
  private next(key: string, current: ObjectWithStatus): Json | undefined {
    const { statuses, verdicts, names } = this.options
    const drafted = statuses.get(key)
    if (drafted === undefined) return withoutOurs(current, names)
    const draft = verdicts?.adjust(drafted) ?? drafted
    const context: MergeContext = {
      now: this.time
        .date()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      controllerName: names.controllerName,
    }
    const next = mergeStatus(draft, current.status, context)
    return isWorthWriting(draft, current.status, next, context) ? next : undefined
  }

  /** Writes, and merges anew with whatever others wrote meanwhile. Never throws. */
  private async write(due: Due, signal: AbortSignal): Promise<void> {
    const { client, log, onWrite = () => {} } = this.options
    const { key, kind, entry } = due
    let current = due.current
    let next: Json | undefined = due.next
    try {
      for (let conflicts = 0; next !== undefined; ) {
        try {
          const stored: ObjectWithStatus = await client.replaceStatus(kind.resource, bodyOf(current, next), signal)
          this.remember(entry, {
            stored,
            next,
            isAboutCounts: equal(withoutCounts(current.status), withoutCounts(next)),
          })
          onWrite(kind.kind, 'written')
          log.debug({ object: key }, 'status written')
          return
        } catch (error) {
          if (!isApiError(error, 409) || ++conflicts > maxConflicts) throw error
          onWrite(kind.kind, 'conflict')
          const fresh: ObjectWithStatus | undefined = await client.get(kind.resource, parseObjectKey(key), signal)
          if (fresh === undefined) break
          current = fresh
          next = this.next(key, fresh)
        }
      }
      entry.failures = 0
    } catch (error) {
      // An object that is gone wants no status.
      if (signal.aborted || isApiError(error, 404)) entry.failures = 0
      else this.failed(due, error)
    }
  }

  private failed({ key, kind, entry }: Due, error: unknown): void {
    const { log, onWrite = () => {} } = this.options
    onWrite(kind.kind, 'failed')
    const isFinal = isApiError(error, 400, 403, 413, 422)
    entry.notBefore = this.time.now() + pauseAfter(entry.failures, isFinal ? refusals : retries, this.time)
    entry.failures++
    entry.written = undefined
    const fields = { object: key, error: errorText(error), failures: entry.failures }
    if (entry.failures === (isFinal ? 1 : 3)) log.warn(fields, 'a status cannot be written; it is tried again')
    else log.debug(fields, 'a status cannot be written')
  }

  private remember(
    entry: Entry,
    written: { readonly stored: ObjectWithStatus; readonly next: Json; readonly isAboutCounts: boolean },
  ): void {
    const { stored, next, isAboutCounts } = written
    entry.failures = 0
    entry.written = stored
    // A field that the installed CRD does not know would be missed, and written, for ever.
    entry.refused = equal(stored.status ?? {}, next) ? undefined : { sent: next, kept: stored.status }
    entry.countWrites = isAboutCounts ? entry.countWrites + 1 : 0
    entry.writtenAt = this.time.now()
  }

  /** Counts of attached routes change with every route: the first change is told at once, a flood of them now and then. */
  private waitMs(entry: Entry, status: unknown, next: Json): number {
    const now = this.time.now()
    const retryMs = entry.failures > 0 ? entry.notBefore - now : 0
    if (!equal(withoutCounts(status), withoutCounts(next))) return retryMs
    if (!this.isRecent(entry)) entry.countWrites = 0
    const pauseMs = Math.min(counts.lastMs, counts.firstMs * 2 ** Math.min(entry.countWrites, 10))
    return Math.max(retryMs, entry.writtenAt + pauseMs - now)
  }

  private isMemorable(entry: Entry): boolean {
    return entry.isAwaited || entry.written !== undefined || entry.refused !== undefined || this.isRecent(entry)
  }

  private isRecent({ writtenAt }: Entry): boolean {
    return this.time.now() - writtenAt < 2 * counts.lastMs
  }

  private kindOf(key: string): StatusKind | undefined {
    const { group, kind } = parseObjectKey(key)
    return this.kinds.get(`${group}/${kind}`)
  }
}

function newEntry(): Entry {
  return {
    ...{ isBusy: false, isStale: false, isAwaited: false, failures: 0, notBefore: 0 },
    ...{ written: undefined, refused: undefined, writtenAt: Number.NEGATIVE_INFINITY, countWrites: 0 },
  }
}

function keyIn({ kind, resource: { group } }: StatusKind, object: KubeObject | undefined): string {
  const { namespace = '', name = '' } = object?.metadata ?? {}
  return objectKey({ group, kind, namespace, name })
}

function nameKeyOf(key: string): string {
  const { namespace, name } = parseObjectKey(key)
  return nameKey(namespace, name)
}

/** What the watch said, or what our last write answered if the watch has not come that far. */
function newest(live: ObjectWithStatus, entry: Entry | undefined): ObjectWithStatus {
  if (entry?.written === undefined) return live
  if (versionOf(entry.written) > versionOf(live) && entry.written.metadata.uid === live.metadata.uid)
    return entry.written
  entry.written = undefined
  return live
}

/** Versions of one kind are numbers that grow. Where they are not, a conflict will tell. */
function versionOf({ metadata: { resourceVersion = '' } }: KubeObject): bigint {
  return /^\d+$/.test(resourceVersion) ? BigInt(resourceVersion) : -1n
}

function isRefused(entry: Entry | undefined, current: ObjectWithStatus, next: Json): boolean {
  const { refused } = entry ?? {}
  return refused !== undefined && equal(refused.kept, current.status) && equal(refused.sent, next)
}

function bodyOf({ apiVersion, kind, metadata }: ObjectWithStatus, status: Json): ObjectWithStatus {
  const { name, namespace, uid, resourceVersion } = metadata
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion }, status }
}

/** A status without the numbers of what is attached. */
function withoutCounts(status: unknown): Json {
  const { attachedListenerSets: _, ...rest } = recordOf(status)
  const listeners = listAt(rest, 'listeners').map(({ attachedRoutes: __, ...listener }) => listener)
  return { ...rest, listeners }
}

// One type on one stream: what the client holds, what it has still to be told, and what it refused. Changed in place by
// the session that owns it; no socket and no clock here. (spec: delta xDS, server per request and push)
import type { ShelfView } from '../snapshot/shelf.ts'
import { byOrder } from '../snapshot/snapshot.ts'
import type { EncodedResource } from '../wire/encode.ts'

/** What a proxy said about one resource of a response. */
export interface Diagnostic {
  readonly name: string
  /** A resource with only warnings was applied all the same. */
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** A refusal that stands until the resource's content changes. */
export interface Rejection extends Diagnostic {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The version refused; undefined when it was a removal, or a name that we do not serve. */
  readonly version: string | undefined
}

/** What to send. */
export interface Update {
  readonly resources: readonly EncodedResource[]
  readonly removed: readonly string[]
  /** Everything there is, to a client that held nothing: the same bytes for everybody. */
  readonly isWhole: boolean
}

/** Whether a response's answer belongs to the response in flight. */
export type Answer = 'current' | 'stale'

/** A subscription to one type. `shelf` is asked anew each time, for the newest content. */
export class Subscription {
  readonly #shelf: () => ShelfView
  /** What a fresh client was given at first, shared with all others that were; `#known` is what differs from it. */
  #base: ReadonlyMap<string, string> = new Map()
  readonly #known = new Map<string, string | undefined>()
  readonly #dirty = new Set<string>()
  readonly #rejections = new Map<string, Rejection>()
  #unreadable: { readonly at: number; readonly message: string } | undefined
  #isFresh: boolean
  #isAnswered = false
  #inFlight: string | undefined
  #sending = 0
  #acknowledged = 0
  #hasOverflowed = false

  /** `versions`: what the client says it holds, by name. */
  constructor(shelf: () => ShelfView, versions: ReadonlyMap<string, string>) {
    this.#shelf = shelf
    this.#isFresh = versions.size === 0
    if (this.#isFresh) return
    this.#base = versions
    this.#hasOverflowed = true
  }

  /** Number of resources the client holds. */
  get held(): number {
    let count = this.#base.size
    for (const [name, version] of this.#known) count += Number(version !== undefined) - Number(this.#base.has(name))
    return count
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  get inFlight(): string | undefined {
    return this.#inFlight
  }

  /** Whether everything that there is has been sent and answered. */
  get isSynced(): boolean {
    return this.#isAnswered && this.#inFlight === undefined && this.#dirty.size === 0 && !this.#hasOverflowed
  }

  /** The commit that the client has answered. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Refusals that stand, and the last one that named nothing. */
  get rejections(): readonly Rejection[] {
    return [...this.#rejections.values()]
  }

  get unreadable(): { readonly at: number; readonly message: string } | undefined {
    return this.#unreadable
  }

  /** The version that the client has been given, whether or not it has answered. */
  versionOf(name: string): string | undefined {
    return this.#known.has(name) ? this.#known.get(name) : this.#base.get(name)
  }

  /** Notes names whose content a commit changed. */
  touch(names: Iterable<string>): void {
    if (!this.#isAnswered) return
    for (const name of names) this.#dirty.add(name)
  }

  /** The client belongs to another scope now: everything has to be compared. */
  moved(): void {
    if (this.#isAnswered) this.#hasOverflowed = true
  }

  /** What the client must be told now; undefined when that is nothing, or an answer is outstanding. */
  next(): Update | undefined {
    if (this.#inFlight !== undefined) return undefined
    const shelf = this.#shelf()
    if (!this.#isAnswered && this.#isFresh)
      return { resources: shelf.list().map(({ encoded }) => encoded), removed: [], isWhole: true }
    if (this.#hasOverflowed) this.#compareAll(shelf)
    const resources: EncodedResource[] = []
    const removed: string[] = []
    for (const name of this.#dirty) {
      const current = shelf.get(name)?.encoded
      const held = this.versionOf(name)
      // A removal of what the client never held would tell it a name that is not its own.
      if (current === undefined && held !== undefined) removed.push(name)
      else if (current !== undefined && held !== current.version) resources.push(current)
    }
    this.#dirty.clear()
    if (this.#isAnswered && resources.length === 0 && removed.length === 0) return undefined
    return { resources: resources.sort(byOrder), removed: removed.sort(), isWhole: false }
  }

  /** Records that an update is on its way. */
  sent(update: Update, nonce: string, commit: number): void {
    if (update.isWhole) {
      this.#base = this.#shelf().versions()
      this.#known.clear()
    }
    this.#isFresh = false
    for (const { name, version } of update.isWhole ? [] : update.resources) this.#given(name, version)
    for (const name of update.removed) this.#given(name, undefined)
    this.#inFlight = nonce
    this.#isAnswered = true
    this.#sending = commit
  }

  /** Takes an answer; one to an older response says nothing any more. */
  answer(nonce: string): Answer {
    if (nonce === '' || nonce !== this.#inFlight) return 'stale'
    this.#inFlight = undefined
    this.#acknowledged = this.#sending
    return 'current'
  }

  /** Records what the client refused: nothing of it is sent again until it changes. */
  reject(message: string, at: number): readonly Rejection[] {
    const diagnostics = parseDiagnostics(message)
    this.#unreadable = diagnostics === undefined ? { at, message } : undefined
    const rejections = (diagnostics ?? []).map((each) => ({ ...each, at, version: this.versionOf(each.name) }))
    for (const rejection of rejections) {
      const isWorse = this.#rejections.get(rejection.name)?.severity !== 'error'
      if (isWorse || rejection.severity === 'error') this.#rejections.set(rejection.name, rejection)
    }
    return rejections
  }

  #given(name: string, version: string | undefined): void {
    if (this.#base.get(name) === version) this.#known.delete(name)
    else this.#known.set(name, version)
    this.#rejections.delete(name)
    this.#unreadable = undefined
  }

  #compareAll(shelf: ShelfView): void {
    this.#hasOverflowed = false
    for (const name of this.#base.keys()) this.#dirty.add(name)
    for (const name of this.#known.keys()) this.#dirty.add(name)
    for (const name of shelf.versions().keys()) this.#dirty.add(name)
  }
}

/** Reads the list that a proxy's refusal is; undefined when it is free text. */
export function parseDiagnostics(message: string): readonly Diagnostic[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(message)
  } catch {
    return undefined
  }
  if (!Array.isArray(parsed)) return undefined
  const diagnostics: Diagnostic[] = []
  for (const item of parsed) {
    const { key, error, warn } = Object(item) as Readonly<Record<'key' | 'error' | 'warn', unknown>>
    const text = error ?? warn
    if (typeof key !== 'string' || key === '' || typeof text !== 'string') return undefined
    diagnostics.push({ name: key, severity: error === undefined ? 'warning' : 'error', message: text })
  }
  return diagnostics
}

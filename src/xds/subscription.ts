// One type on one stream: what the client holds, what it must be told next, what it refused. No socket and no clock;
// those are session.ts. What the client holds is kept as the difference to what it should hold, so that a client that
// is up to date costs nothing and all of them can share one response.
import { inWireOrder, type ShelfView } from '../snapshot/shelf.ts'
import type { EncodedResource } from '../wire/encode.ts'
import { type Diagnostic, parseDiagnostics, shortText } from './diagnostics.ts'

/** A diagnostic, when it came and about what. */
export interface Rejection extends Diagnostic {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The version that was rejected; undefined when it was a removal. */
  readonly version: string | undefined
}

/** A rejection that said nothing about any resource. */
export interface UnreadableRejection {
  readonly at: number
  readonly message: string
}

/** What to send: resources in order, and names to remove. Subscriptions that need the same share one object. */
export interface Update {
  readonly resources: readonly EncodedResource[]
  readonly removed: readonly string[]
}

/** A change that the client does not have yet. */
export interface Lag {
  readonly commit: number
  /** Milliseconds since the epoch, when the commit was published or the client asked. */
  readonly at: number
}

/** What an acknowledgement was for. */
export interface Answered {
  readonly commit: number
  /** The oldest change of the response. */
  readonly lag: Lag
}

interface InFlight {
  readonly nonce: string
  readonly commit: number
  readonly lag: Lag
  /** What the client held of each name in the response; undefined: nothing of anything. */
  readonly held: Versions | undefined
  readonly update: Update
}

interface KeptRejection extends Rejection {
  /** The version that stays active. */
  readonly active: string | undefined
}

type Versions = ReadonlyMap<string, string | undefined>

const NOTHING: Versions = new Map()
const MAX_REJECTIONS = 1000

/** One type on one stream. */
export class Subscription {
  readonly typeUrl: string
  #shelf: () => ShelfView
  /** Names whose content may be another than what the client holds → the version it holds. */
  #behind: Versions = NOTHING
  /** The same, when it is this subscription's own and not a delta's. */
  #own: Map<string, string | undefined> | undefined
  /** The client came without anything, and nothing was sent yet. */
  #isFresh: boolean
  #isAnswered = false
  #lag: Lag | undefined
  #inFlight: InFlight | undefined
  readonly #rejections = new Map<string, KeptRejection>()
  #unreadable: UnreadableRejection | undefined

  /** A subscription of a client that says which versions it holds. */
  constructor(typeUrl: string, shelf: () => ShelfView, client: { readonly versions: object; readonly at: number }) {
    this.typeUrl = typeUrl
    this.#shelf = shelf
    const held = new Map<string, string>(Object.entries(client.versions))
    this.#isFresh = held.size === 0
    // A fresh client lacks everything, and no list of names is needed to say so.
    if (!this.#isFresh) this.#keepOwn(differences(held, shelf()))
    this.#lag = { commit: 1, at: client.at }
  }

  get inFlight(): boolean {
    return this.#inFlight !== undefined
  }

  /** Whether there is, or may be, something that the client has to be told. */
  get isBehind(): boolean {
    return !this.#isAnswered || this.#behind.size > 0
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /** Notes what a commit changed. */
  touch(changed: Versions, lag: Lag): void {
    if (this.#isFresh || changed.size === 0) return
    this.#lag ??= lag
    if (this.#behind.size === 0) {
      this.#behind = changed
      this.#own = undefined
      return
    }
    const behind = this.#own ?? new Map(this.#behind)
    for (const [name, before] of changed) if (!behind.has(name)) behind.set(name, before)
    this.#keepOwn(behind)
  }

  /** From now on the client should hold what is on another shelf. */
  move(shelf: () => ShelfView, lag: Lag): void {
    if (!this.#isFresh) this.#keepOwn(differences(this.#given(), shelf()))
    this.#shelf = shelf
    this.#lag ??= lag
  }

  /** What the client must be told now; undefined when that is nothing, or an answer is still outstanding. */
  next(): Update | undefined {
    if (this.#inFlight !== undefined) return undefined
    if (this.#isFresh) return wholeUpdate(this.#shelf())
    const update = this.#own === undefined ? this.#sharedUpdate() : changesUpdate(this.#own, this.#shelf())
    if (this.#isAnswered && update.resources.length === 0 && update.removed.length === 0) {
      this.#catchUp()
      return undefined
    }
    return update
  }

  /** Records that an update is on its way; returns the oldest change in it. */
  sent(update: Update, nonce: string, commit: number): Lag {
    const lag = this.#lag ?? { commit, at: 0 }
    this.#inFlight = {
      nonce,
      commit,
      update,
      held: this.#isFresh ? undefined : this.#behind,
      lag,
    }
    this.#catchUp()
    this.#isFresh = false
    this.#isAnswered = true
    return lag
  }

  /** Takes an acknowledgement; undefined when it is of an older response, and then says nothing any more. */
  acknowledge(nonce: string): Answered | undefined {
    const answered = this.#answer(nonce)
    if (answered !== undefined) {
      this.#forgetRejections(answered)
      this.#unreadable = undefined
    }
    return answered
  }

  /** Takes a rejection, which is an answer too. Nothing is sent again until its content changes. */
  reject(nonce: string, text: string, at: number): readonly Rejection[] | undefined {
    const answered = this.#answer(nonce)
    if (answered === undefined) return undefined
    const sent = new Map<string, string | undefined>(answered.update.removed.map((name) => [name, undefined]))
    for (const { name, version } of answered.update.resources) sent.set(name, version)
    // What names nothing of the response is as good as free text.
    const diagnostics = (parseDiagnostics(text) ?? []).filter(({ name }) => sent.has(name)).slice(0, MAX_REJECTIONS)
    this.#unreadable = diagnostics.length === 0 ? { at, message: shortText(text) } : undefined
    const rejections = diagnostics.map((diagnostic) => {
      const version = sent.get(diagnostic.name)
      const active = diagnostic.severity === 'error' ? this.#activeBefore(diagnostic.name, answered) : version
      return { ...diagnostic, at, version, active }
    })
    this.#forgetRejections(answered)
    for (const rejection of rejections) {
      if (this.#rejections.size < MAX_REJECTIONS) this.#rejections.set(rejection.name, rejection)
    }
    return rejections
  }

  /** Rejections that stand: of content that is still what the client should hold. */
  rejections(): readonly Rejection[] {
    if (this.#rejections.size === 0) return []
    const shelf = this.#shelf()
    return [...this.#rejections.values()]
      .filter(({ name, version }) => shelf.get(name)?.encoded.version === version)
      .map(({ active: _, ...rejection }) => rejection)
  }

  get unreadable(): UnreadableRejection | undefined {
    return this.#unreadable
  }

  /** How many resources the client has been given. */
  get size(): number {
    if (this.#isFresh) return 0
    const shelf = this.#shelf()
    let size = shelf.size
    for (const [name, held] of this.#behind) {
      if (held !== undefined) size += 1
      if (shelf.get(name) !== undefined) size -= 1
    }
    return size
  }

  /** The newest commit that the client has taken whole, with rejections or without; `newest` is the last published. */
  acknowledgedCommit(newest: number): number {
    const unanswered = this.#inFlight?.lag.commit ?? this.#lag?.commit
    return unanswered === undefined ? newest : Math.min(unanswered - 1, newest)
  }

  /** The version of a resource that is active at the client, as far as it has answered. */
  acknowledgedVersion(name: string): string | undefined {
    const rejection = this.#rejections.get(name)
    if (rejection !== undefined) return rejection.active
    if (this.#inFlight !== undefined) {
      const { held } = this.#inFlight
      if (held === undefined) return undefined
      if (held.has(name)) return held.get(name)
    }
    if (this.#isFresh) return undefined
    return this.#behind.has(name) ? this.#behind.get(name) : this.#shelf().get(name)?.encoded.version
  }

  #answer(nonce: string): InFlight | undefined {
    const answered = this.#inFlight
    if (answered === undefined || nonce !== answered.nonce) return undefined
    this.#inFlight = undefined
    return answered
  }

  #activeBefore(name: string, { held }: InFlight): string | undefined {
    const rejected = this.#rejections.get(name)
    return rejected === undefined ? held?.get(name) : rejected.active
  }

  #forgetRejections({ held, update }: InFlight): void {
    if (this.#rejections.size === 0) return
    for (const { name } of update.resources) this.#rejections.delete(name)
    for (const name of update.removed) this.#rejections.delete(name)
    if (held === undefined) this.#rejections.clear()
  }

  /** Everything that the client has been given. */
  #given(): ReadonlyMap<string, string> {
    const shelf = this.#shelf()
    const given = new Map<string, string>()
    for (const name of shelf.names()) {
      const version = shelf.get(name)?.encoded.version
      if (version !== undefined) given.set(name, version)
    }
    for (const [name, held] of this.#behind) {
      if (held === undefined) given.delete(name)
      else given.set(name, held)
    }
    return given
  }

  #catchUp(): void {
    this.#behind = NOTHING
    this.#own = undefined
    this.#lag = undefined
  }

  #keepOwn(behind: Map<string, string | undefined>): void {
    this.#behind = behind
    this.#own = behind
  }

  /** All clients that had everything before a delta, and are told of it before the next, need the same. */
  #sharedUpdate(): Update {
    let update = sharedUpdates.get(this.#behind)
    if (update === undefined) {
      update = changesUpdate(this.#behind, this.#shelf())
      sharedUpdates.set(this.#behind, update)
    }
    return update
  }
}

const sharedUpdates = new WeakMap<Versions, Update>()
// Held weakly: a crowd of clients connecting at once shares it, but nothing is kept twice for ever after.
const wholeUpdates = new WeakMap<ShelfView, { readonly changes: number; readonly update: WeakRef<Update> }>()

/** Everything on the shelf; the same object until the shelf changes. */
function wholeUpdate(shelf: ShelfView): Update {
  // The shelf of those that have nothing stands for every type.
  if (shelf.size === 0) return { resources: [], removed: [] }
  const known = wholeUpdates.get(shelf)
  const shared = known?.changes === shelf.changes ? known.update.deref() : undefined
  if (shared !== undefined) return shared
  const update = { resources: shelf.list().map(({ encoded }) => encoded), removed: [] }
  wholeUpdates.set(shelf, { changes: shelf.changes, update: new WeakRef(update) })
  return update
}

function changesUpdate(behind: Versions, shelf: ShelfView): Update {
  const resources: EncodedResource[] = []
  const removed: string[] = []
  for (const [name, held] of behind) {
    const current = shelf.get(name)?.encoded
    if (current === undefined) {
      // A removal of what the client never held would tell it the name of something that is not its own.
      if (held !== undefined) removed.push(name)
    } else if (held !== current.version) resources.push(current)
  }
  return { resources: inWireOrder(resources, ({ name }) => name), removed: removed.sort() }
}

/** The names on which what is held and what should be differ, with what is held. */
function differences(held: ReadonlyMap<string, string>, shelf: ShelfView): Map<string, string | undefined> {
  const behind = new Map<string, string | undefined>()
  for (const [name, version] of held) {
    if (shelf.get(name)?.encoded.version !== version) behind.set(name, version)
  }
  for (const name of shelf.names()) if (!held.has(name)) behind.set(name, undefined)
  return behind
}

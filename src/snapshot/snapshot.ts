// scope → type → name → encoded entry: the newest result, as proxies and dumps read it. Changes gather while a commit is
// told and become visible at once when it is published; each scope hears only of its own. What a proxy already holds is
// the session's to know.
import type { GatewayKey, TypedRef } from '../core/keys.ts'
import { nameKey } from '../core/keys.ts'
import type { Change, Collection } from '../engine/collection.ts'
import { SHARED, type XdsEntry } from '../wire/entry.ts'
import { ADDRESS_TYPE_URL, RESOURCE_TYPE_URL } from '../wire/proto.ts'
import { ProxyNames } from './proxy-names.ts'
import { Shelf, type ShelfView } from './shelf.ts'

/** A gateway, or everybody. */
export type Scope = XdsEntry['scope']

/** What a commit changed of one type in one scope. */
export interface ScopeDelta {
  readonly scope: Scope
  readonly typeUrl: string
  readonly commit: number
  /** Each name whose content is another now, removals included, with the version it had; never changes. */
  readonly changed: ReadonlyMap<string, string | undefined>
}

/** The types that are served, in the order in which changes should reach a proxy. */
export const SERVED_TYPES: readonly string[] = [ADDRESS_TYPE_URL, RESOURCE_TYPE_URL]

/** The resources of every scope as of the last published commit. */
export class Snapshot {
  readonly #scopes = new Map<Scope, Map<string, Shelf>>()
  readonly #watchers = new Map<Scope, Set<(delta: ScopeDelta) => void>>()
  readonly #publicationWatchers = new Set<() => void>()
  readonly #names = new ProxyNames()
  #pending: Change<XdsEntry>[] = []
  #pendingGateways: Change<{ readonly object: TypedRef }>[] = []
  #commit = 0
  #publications = 0

  /** The last published commit; 0 while there is none, and then nothing may be answered. */
  get commit(): number {
    return this.#commit
  }

  /** How often a commit was published. */
  get publications(): number {
    return this.#publications
  }

  /** Takes what the collection holds now, and its changes from now on; visible from the next `publish`. */
  follow(entries: Collection<XdsEntry>): () => void {
    for (const after of entries.list()) this.#take({ key: '', before: undefined, after })
    return entries.observe((changes) => {
      for (const change of changes) this.#take(change)
    })
  }

  #take({ key, before, after }: Change<XdsEntry>): void {
    const change = { key, before: sendable(before), after: sendable(after) }
    if (change.before !== undefined || change.after !== undefined) this.#pending.push(change)
  }

  /** Takes the Gateways that exist, also those that have no resources. */
  followGateways(gateways: Collection<{ readonly object: TypedRef }>): () => void {
    for (const after of gateways.list()) this.#pendingGateways.push({ key: '', before: undefined, after })
    return gateways.observe((changes) => {
      for (const change of changes) this.#pendingGateways.push(change)
    })
  }

  /** Makes everything that a commit changed visible at once, then tells whom it concerns. */
  publish(commit: number): void {
    const deltas = this.#takePending(commit)
    this.#takePendingGateways()
    this.#commit = commit
    this.#publications += 1
    for (const delta of deltas) {
      for (const watcher of [...(this.#watchers.get(delta.scope) ?? [])]) watcher(delta)
    }
    for (const watcher of [...this.#publicationWatchers]) watcher()
  }

  /** Calls back after each commit that changed the scope, once per type. Returns the unsubscription. */
  watch(scope: Scope, watcher: (delta: ScopeDelta) => void): () => void {
    const watchers = this.#watchers.get(scope) ?? new Set()
    this.#watchers.set(scope, watchers.add(watcher))
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0 && this.#watchers.get(scope) === watchers) this.#watchers.delete(scope)
    }
  }

  /** Calls back after every commit, when all deltas have been told. Returns the unsubscription. */
  watchPublications(watcher: () => void): () => void {
    this.#publicationWatchers.add(watcher)
    return () => {
      this.#publicationWatchers.delete(watcher)
    }
  }

  /** The Gateway behind the name a proxy was started with, which may be a shortened one. */
  gatewayOf(namespace: string, proxyName: string): GatewayKey | undefined {
    return this.#names.find(nameKey(namespace, proxyName))
  }

  /** One type of one scope as it is now; reads see later commits, so read without yielding. */
  shelf(scope: Scope, typeUrl: string): ShelfView {
    return this.#scopes.get(scope)?.get(typeUrl) ?? EMPTY
  }

  /** The scopes that have resources, in order. */
  scopes(): readonly Scope[] {
    return [...this.#scopes.keys()].sort()
  }

  /** A copy of everything in a scope: by type as served, then in wire order. */
  list(scope: Scope): readonly XdsEntry[] {
    return SERVED_TYPES.flatMap((typeUrl) => this.shelf(scope, typeUrl).list())
  }

  /** The entry that a proxy of the scope knows by this name, whatever its type. */
  find(scope: Scope, name: string): XdsEntry | undefined {
    for (const shelf of this.#scopes.get(scope)?.values() ?? []) {
      const entry = shelf.get(name)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  /** Bytes of a scope's resources on the wire. */
  bytes(scope: Scope): number {
    let sum = 0
    for (const shelf of this.#scopes.get(scope)?.values() ?? []) sum += shelf.bytes
    return sum
  }

  #takePending(commit: number): readonly ScopeDelta[] {
    const pending = this.#pending
    this.#pending = []
    // Removals first, so that a name may move between collections in one commit.
    const staged = new Map<Scope, Map<string, Map<string, XdsEntry | undefined>>>()
    for (const { before } of pending) if (before !== undefined) stage(staged, before, undefined)
    for (const { after } of pending) if (after !== undefined) stage(staged, after, after)
    const deltas: ScopeDelta[] = []
    for (const [scope, types] of staged) {
      for (const [typeUrl, entries] of types) {
        const changed = this.#update(scope, typeUrl, entries)
        if (changed.size > 0) deltas.push({ scope, typeUrl, commit, changed })
      }
    }
    return deltas.sort((a, b) => SERVED_TYPES.indexOf(a.typeUrl) - SERVED_TYPES.indexOf(b.typeUrl))
  }

  #update(
    scope: Scope,
    typeUrl: string,
    entries: ReadonlyMap<string, XdsEntry | undefined>,
  ): ReadonlyMap<string, string | undefined> {
    const types = this.#scopes.get(scope) ?? new Map<string, Shelf>()
    const shelf = types.get(typeUrl) ?? new Shelf()
    const changed = shelf.update(entries)
    if (shelf.size === 0) types.delete(typeUrl)
    else types.set(typeUrl, shelf)
    if (types.size === 0) this.#scopes.delete(scope)
    else this.#scopes.set(scope, types)
    return changed
  }

  #takePendingGateways(): void {
    const pending = this.#pendingGateways
    this.#pendingGateways = []
    const keyOf = ({ object }: { readonly object: TypedRef }): GatewayKey => nameKey(object.namespace, object.name)
    for (const { before } of pending) if (before !== undefined) this.#names.delete(keyOf(before))
    for (const { after } of pending) if (after !== undefined) this.#names.add(keyOf(after))
  }
}

const EMPTY: ShelfView = new Shelf()

/** Where a proxy of this Gateway finds its resources of a type. */
export function scopeOf(typeUrl: string, gateway: GatewayKey): Scope {
  return typeUrl === ADDRESS_TYPE_URL ? SHARED : gateway
}

function stage(
  staged: Map<Scope, Map<string, Map<string, XdsEntry | undefined>>>,
  { scope, encoded: { typeUrl, name } }: XdsEntry,
  entry: XdsEntry | undefined,
): void {
  let types = staged.get(scope)
  if (types === undefined) {
    types = new Map()
    staged.set(scope, types)
  }
  let names = types.get(typeUrl)
  if (names === undefined) {
    names = new Map()
    types.set(typeUrl, names)
  }
  names.set(name, entry)
}

/** An entry as far as proxies get it. */
function sendable(entry: XdsEntry | undefined): XdsEntry | undefined {
  return entry?.isWithheld === true ? undefined : entry
}

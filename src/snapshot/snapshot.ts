// scope → type → name → encoded entry: the newest result, as proxies and dumps read it. Changes gather while a commit is
// told and become visible at once when it is published; each scope hears only of its own. What a proxy already holds is
// the session's to know.
import type { GatewayKey, TypedRef } from '../core/keys.ts'
import { nameKey } from '../core/keys.ts'
import type { Change, Collection } from '../engine/collection.ts'
import type { EncodedResource } from '../wire/encode.ts'
import { SHARED, type XdsEntry } from '../wire/entry.ts'
import { ADDRESS_TYPE_URL, RESOURCE_TYPE_URL } from '../wire/proto.ts'
import { ProxyNames } from './proxy-names.ts'
import { compareNames, Shelf, type ShelfView } from './shelf.ts'

/** A gateway, or everybody. */
export type Scope = XdsEntry['scope']

/** The names of one type in one scope whose content a commit changed, removals included. */
export interface ScopeDelta {
  readonly scope: Scope
  readonly typeUrl: string
  readonly names: ReadonlySet<string>
  readonly commit: number
}

/** One type of one scope as a subscription reads it: always the newest commit. */
export interface View {
  get(name: string): EncodedResource | undefined
  /** Everything, in wire order. */
  all(): readonly EncodedResource[]
}

/** Hears of each delta of the scope it watches, once per commit and type. */
export type ScopeListener = (delta: ScopeDelta) => void

/** The types that are served, in the order in which changes should reach a proxy. */
export const SERVED_TYPES: readonly string[] = [ADDRESS_TYPE_URL, RESOURCE_TYPE_URL]

/** The resources of every scope as of the last published commit. */
export class Snapshot {
  readonly #scopes = new Map<Scope, Map<string, Shelf>>()
  readonly #listeners = new Map<Scope, Set<ScopeListener>>()
  readonly #gatewayListeners = new Set<() => void>()
  readonly #names = new ProxyNames()
  #pending: Change<XdsEntry>[] = []
  #pendingGateways: Change<{ readonly object: TypedRef }>[] = []
  #commit = 0

  /** The last published commit; 0 while there is none, and then nothing may be answered. */
  get commit(): number {
    return this.#commit
  }

  /** Takes what the collection holds now, and its changes from now on; visible from the next `publish`. */
  follow(entries: Collection<XdsEntry>): () => void {
    for (const after of entries.list()) this.#pending.push({ key: '', before: undefined, after })
    return entries.observe((changes) => this.apply(changes))
  }

  /** Takes the Gateways that exist, also those that have no resources. */
  followGateways(gateways: Collection<{ readonly object: TypedRef }>): () => void {
    for (const after of gateways.list()) this.#pendingGateways.push({ key: '', before: undefined, after })
    return gateways.observe((changes) => {
      for (const change of changes) this.#pendingGateways.push(change)
    })
  }

  /** Adds changes that become visible with the next `publish`. */
  apply(changes: readonly Change<XdsEntry>[]): void {
    for (const change of changes) this.#pending.push(change)
  }

  /** Makes everything that a commit changed visible at once, then tells whom it concerns. */
  publish(commit: number): void {
    const deltas = this.#takePending(commit)
    const hasNewGateways = this.#takePendingGateways()
    this.#commit = commit
    if (hasNewGateways) for (const listener of [...this.#gatewayListeners]) listener()
    for (const delta of deltas) {
      for (const listener of [...(this.#listeners.get(delta.scope) ?? [])]) listener(delta)
    }
  }

  /** Calls back after each commit that changed the scope. Returns the unsubscription. */
  watch(scope: Scope, listener: ScopeListener): () => void {
    let listeners = this.#listeners.get(scope)
    if (listeners === undefined) {
      listeners = new Set()
      this.#listeners.set(scope, listeners)
    }
    const present = listeners.add(listener)
    return () => {
      present.delete(listener)
      if (present.size === 0 && this.#listeners.get(scope) === present) this.#listeners.delete(scope)
    }
  }

  /** Calls back, before the deltas, after each commit that brought Gateways into being. Returns the unsubscription. */
  watchGateways(listener: () => void): () => void {
    this.#gatewayListeners.add(listener)
    return () => {
      this.#gatewayListeners.delete(listener)
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

  /** The same for as long as a stream lives, whatever comes and goes in the scope. */
  view(scope: Scope, typeUrl: string): View {
    return {
      get: (name) => this.shelf(scope, typeUrl).get(name)?.encoded,
      all: () =>
        this.shelf(scope, typeUrl)
          .list()
          .map(({ encoded }) => encoded),
    }
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
        const names = this.#update(scope, typeUrl, entries)
        if (names.size > 0) deltas.push({ scope, typeUrl, names, commit })
      }
    }
    return deltas.sort((a, b) => SERVED_TYPES.indexOf(a.typeUrl) - SERVED_TYPES.indexOf(b.typeUrl))
  }

  #update(scope: Scope, typeUrl: string, entries: ReadonlyMap<string, XdsEntry | undefined>): ReadonlySet<string> {
    let types = this.#scopes.get(scope)
    if (types === undefined) {
      types = new Map()
      this.#scopes.set(scope, types)
    }
    let shelf = types.get(typeUrl)
    if (shelf === undefined) {
      shelf = new Shelf()
      types.set(typeUrl, shelf)
    }
    const names = shelf.update(entries)
    if (shelf.size === 0) types.delete(typeUrl)
    if (types.size === 0) this.#scopes.delete(scope)
    return names
  }

  #takePendingGateways(): boolean {
    const pending = this.#pendingGateways
    this.#pendingGateways = []
    const keyOf = ({ object }: { readonly object: TypedRef }): GatewayKey => nameKey(object.namespace, object.name)
    for (const { before } of pending) if (before !== undefined) this.#names.delete(keyOf(before))
    for (const { after } of pending) if (after !== undefined) this.#names.add(keyOf(after))
    return pending.some(({ before, after }) => before === undefined && after !== undefined)
  }
}

const EMPTY: ShelfView = new Shelf()

/** Orders resources so that what is referred to comes before what refers to it. */
export function byOrder(a: EncodedResource, b: EncodedResource): number {
  return compareNames(a.name, b.name)
}

/** Where a session of this type and gateway finds its resources. */
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

// One type on one stream, as a state that events change and that says what to send next. No socket and no clock: those
// are session.ts. The state belongs to its session and is changed in place. (spec: delta xDS, per-type rules)

import { byOrder, type View } from '../snapshot/snapshot.ts'
import type { EncodedResource } from '../wire/encode.ts'

/** What a proxy said about one resource of a response. */
export interface Diagnostic {
  readonly name: string
  /** A warning was applied all the same. */
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** A rejection that stands until the resource's content changes. */
export interface Rejection extends Diagnostic {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The version that was rejected; undefined when it was a removal, or the proxy named something we do not serve. */
  readonly version: string | undefined
}

/** What a client holds of one type, and what it still has to be told. */
export interface Subscription {
  readonly view: View
  /** Name → version that the client has been given. */
  readonly known: Map<string, string>
  /** Names whose content may differ from what is known. */
  readonly dirty: Set<string>
  readonly rejections: Map<string, Rejection>
  inFlight: string | undefined
  /** The first response has been made, so that later ones are sent only when they say something. */
  isAnswered: boolean
  /** The client came without any resources. */
  readonly isFresh: boolean
  lastNonce: string
  /** Commit that the client has acknowledged. */
  acknowledged: number
  /** Commit that the response in flight carries. */
  sending: number
  /** The last rejection whose text named no resource. */
  unreadable: { readonly at: number; readonly message: string } | undefined
}

/** What to send: resources in order, and names to remove. */
export interface Update {
  readonly resources: readonly EncodedResource[]
  readonly removed: readonly string[]
  /** The whole view, to a client that held nothing: the same for everybody. */
  readonly isWhole: boolean
}

/** A subscription of a client that says it holds `versions`. */
export function subscribe(view: View, versions: Readonly<Record<string, string>>): Subscription {
  const known = new Map(Object.entries(versions))
  return {
    view,
    known,
    // A fresh client lacks everything, and no list of names is needed to say so.
    dirty: new Set(known.size === 0 ? [] : [...known.keys(), ...view.all().map(({ name }) => name)]),
    rejections: new Map(),
    inFlight: undefined,
    isAnswered: false,
    isFresh: known.size === 0,
    lastNonce: '',
    acknowledged: 0,
    sending: 0,
    unreadable: undefined,
  }
}

/** Notes names that a commit changed. */
export function touch(subscription: Subscription, names: readonly string[]): void {
  if (!subscription.isAnswered && subscription.isFresh) return
  for (const name of names) subscription.dirty.add(name)
}

/** What the client must be told now; undefined when that is nothing, or an answer is still outstanding. */
export function nextUpdate(subscription: Subscription): Update | undefined {
  const { view, known, dirty } = subscription
  if (subscription.inFlight !== undefined) return undefined
  if (!subscription.isAnswered && subscription.isFresh) return { resources: view.all(), removed: [], isWhole: true }
  const resources: EncodedResource[] = []
  const removed: string[] = []
  for (const name of dirty) {
    const current = view.get(name)
    if (current === undefined) {
      // A removal of what the client never held would tell it the name of something that is not its own.
      if (known.has(name)) removed.push(name)
    } else if (known.get(name) !== current.version) resources.push(current)
  }
  dirty.clear()
  if (subscription.isAnswered && resources.length === 0 && removed.length === 0) return undefined
  return { resources: resources.sort(byOrder), removed: removed.sort(), isWhole: false }
}

/** Records that an update is on its way. */
export function sent(subscription: Subscription, update: Update, nonce: string, commit: number): void {
  for (const { name, version } of update.resources) {
    subscription.known.set(name, version)
    subscription.rejections.delete(name)
  }
  for (const name of update.removed) {
    subscription.known.delete(name)
    subscription.rejections.delete(name)
  }
  subscription.inFlight = nonce
  subscription.lastNonce = nonce
  subscription.isAnswered = true
  subscription.sending = commit
}

/** Takes an answer to a response; false when it is to an older one, which says nothing any more. */
export function answered(subscription: Subscription, nonce: string): boolean {
  if (nonce === '' || nonce !== subscription.inFlight) return false
  subscription.inFlight = undefined
  subscription.acknowledged = subscription.sending
  return true
}

/** Records what the client refused. Nothing is sent again until its content changes. */
export function rejected(subscription: Subscription, message: string, at: number): readonly Rejection[] {
  const diagnostics = parseDiagnostics(message)
  subscription.unreadable = diagnostics === undefined ? { at, message } : undefined
  const rejections = (diagnostics ?? []).map((diagnostic) => ({
    ...diagnostic,
    at,
    version: subscription.known.get(diagnostic.name),
  }))
  for (const rejection of rejections) {
    // An error outweighs a warning about the same resource.
    if (subscription.rejections.get(rejection.name)?.severity === 'error' && rejection.severity === 'warning') continue
    subscription.rejections.set(rejection.name, rejection)
  }
  return rejections
}

/** Reads the list that a proxy's rejection is; undefined when it is something else. */
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
    // Checked member by member below.
    const { key, error, warn } = Object(item) as {
      readonly key?: unknown
      readonly error?: unknown
      readonly warn?: unknown
    }
    const text = error ?? warn
    if (typeof key !== 'string' || key === '' || typeof text !== 'string') return undefined
    diagnostics.push({ name: key, severity: error === undefined ? 'warning' : 'error', message: text })
  }
  return diagnostics
}

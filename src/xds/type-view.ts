// How one type of a stream looks from outside: to dumps, statuses and whoever waits for a proxy. What it does is decided
// in subscription.ts and session.ts.
import type { Rejection, Subscription, UnreadableRejection } from './subscription.ts'

/** How a type of a session stands: `waiting` for its first answer or for its Gateway to exist. */
export type TypeState = 'synced' | 'stale' | 'rejected' | 'waiting'

/** One type of a session, as of now. */
export interface TypeView {
  readonly state: TypeState
  /** ISO 8601; when it came into this state. */
  readonly since: string
  /** How many resources the proxy has been given. */
  readonly resources: number
  /** The newest commit that the proxy has taken whole, with rejections or without. */
  readonly acknowledgedCommit: number
  readonly rejections: readonly (Omit<Rejection, 'at'> & { readonly at: string })[]
  readonly lastRejection?: { readonly at: string; readonly message: string }
}

/** A subscription, and since when it stands as it does. */
export interface Standing {
  readonly subscription: Subscription
  readonly state: TypeState
  /** Milliseconds since the epoch. */
  readonly since: number
}

/** A warning is no rejection: the proxy has taken the resource. */
export function isRejected(subscription: Subscription): boolean {
  return subscription.unreadable !== undefined || subscription.rejections().some(({ severity }) => severity === 'error')
}

/** How a subscription looks from outside; `commit` is the last published one. */
export function typeView({ subscription, state, since }: Standing, commit: number): TypeView {
  const rejections = subscription.rejections().map((rejection) => ({ ...rejection, at: isoTime(rejection.at) }))
  const last = lastOf(subscription.unreadable, subscription.rejections())
  return {
    state,
    since: isoTime(since),
    resources: subscription.size,
    acknowledgedCommit: subscription.acknowledgedCommit(commit),
    rejections,
    ...(last === undefined ? {} : { lastRejection: { at: isoTime(last.at), message: last.message } }),
  }
}

function lastOf(
  unreadable: UnreadableRejection | undefined,
  rejections: readonly Rejection[],
): UnreadableRejection | undefined {
  const all = [
    ...(unreadable === undefined ? [] : [unreadable]),
    ...rejections.map(({ at, name, message }) => ({ at, message: `${name}: ${message}` })),
  ]
  return all.reduce<UnreadableRejection | undefined>((a, b) => (a === undefined || b.at > a.at ? b : a), undefined)
}

/** ISO 8601. */
export function isoTime(at: number): string {
  return new Date(at).toISOString()
}

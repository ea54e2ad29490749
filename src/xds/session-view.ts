// What others see and hear of a connected proxy. How it is served: session.ts.
import type { GatewayKey } from '../core/keys.ts'
import type { ClosedBecause } from './connections.ts'
import type { Rejection } from './subscription.ts'
import type { TypeView } from './type-view.ts'

/** One connected proxy; what it says is as of the moment it is asked. */
export interface SessionView {
  readonly id: number
  readonly peer: string
  /** `namespace/name` of its Gateway; as the proxy says it while there is no such Gateway. */
  readonly gateway: GatewayKey
  /** Whether there is such a Gateway. */
  readonly isKnown: boolean
  readonly node: string
  /** ISO 8601 */
  readonly connectedAt: string
  readonly bytesSent: number
  /** By `Address` and `Resource`; only what the proxy has subscribed to. */
  readonly types: Readonly<Record<string, TypeView>>
  /** The newest commit that the proxy has taken whole in all types; 0 until it has answered in both. */
  readonly acknowledgedCommit: number
  readonly hasRejections: boolean
  /** Whether the proxy has taken everything up to this commit, and refuses nothing. */
  hasAcknowledged(commit: number): boolean
  /** The version of a resource or address that is active at the proxy, as far as it has answered. */
  holds(name: string): string | undefined
}

/** A response on its way to a proxy. */
export interface Push {
  readonly typeUrl: string
  readonly commit: number
  readonly bytes: number
  readonly resources: number
  readonly removed: number
  /** Since the oldest change in it was published, or since the proxy asked. */
  readonly seconds: number
}

/** A response that a proxy has taken, whole or in part. */
export interface Acknowledgement {
  readonly typeUrl: string
  readonly commit: number
  /** Since the oldest change in it was published, or since the proxy asked. */
  readonly seconds: number
}

/** What a proxy refused. */
export interface Refused {
  readonly typeUrl: string
  readonly rejections: readonly Rejection[]
  /** As the proxy said it. */
  readonly message: string
}

/** What the composition root hears of sessions. */
export interface XdsEvents {
  /** A connection on which nobody was let in was closed. */
  connectionClosed?(peer: string, why: ClosedBecause): void
  authenticated?(isAccepted: boolean): void
  connected?(session: SessionView): void
  disconnected?(session: SessionView, reason: string): void
  pushed?(session: SessionView, push: Push): void
  acknowledged?(session: SessionView, acknowledgement: Acknowledgement): void
  rejected?(session: SessionView, refused: Refused): void
}

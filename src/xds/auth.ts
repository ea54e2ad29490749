// Who opens a stream, and for which Gateway it may ask. How a token is verified is the authenticator's to know; what an
// identity entitles to is decided here.
import { nameKey } from '../core/keys.ts'
import { shortenedName } from '../core/names.ts'
import type { ProxyName } from './discovery.ts'

/** What a client brings when it opens a stream. */
export interface Credentials {
  readonly peer: string
  /** The header as it came, with its scheme. */
  readonly authorization: string | undefined
}

/** The account behind a stream. */
export interface Identity {
  readonly namespace: string
  readonly serviceAccount: string
}

/** Why a client is not let in: `code` is the gRPC status, the message a sentence for its log. */
export interface Refusal {
  readonly code: 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'UNAVAILABLE'
  readonly message: string
}

/** Nobody in particular, somebody for a while, or refused. */
export type Authentication =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'identified'
      readonly identity: Identity
      /** Milliseconds since the epoch; then the client has to come again. */
      readonly expiresAt?: number
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Verifies clients; asked once per stream, before anything is read from it. Throws when it cannot tell. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Authentication>
}

/** Believes everybody: for local use, and where the network decides who connects. */
export const anonymous: Authenticator = { authenticate: async () => ({ kind: 'anonymous' }) }

/** A sentence when the identity may not ask for this Gateway: a proxy's ServiceAccount is named like its Gateway. */
export function refusalFor({ namespace, serviceAccount }: Identity, proxy: ProxyName): string | undefined {
  const isSame =
    namespace === proxy.namespace &&
    (serviceAccount === proxy.gateway || serviceAccount === shortenedName(proxy.gateway))
  if (isSame) return undefined
  return `the proxy asks for Gateway ${nameKey(proxy.namespace, proxy.gateway)}, but its token is that of ServiceAccount ${nameKey(namespace, serviceAccount)}`
}

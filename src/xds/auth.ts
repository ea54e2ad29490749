// Who is calling. The anonymous authenticator believes the node's own word; one that checks ServiceAccount tokens answers
// with an identity, which the session compares with the gateway that the node names.

/** The account behind a stream. */
export interface Identity {
  readonly namespace: string
  readonly serviceAccount: string
}

/** A caller that is not let in: `code` is the gRPC status, the message says what to do. */
export interface Refusal {
  readonly code: 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'UNAVAILABLE'
  readonly message: string
}

/** The outcome: nobody in particular (anonymous), somebody, or refused. */
export type Authentication =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'identified'; readonly identity: Identity; readonly expiresAt?: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Decides who a caller is from the metadata of its stream. */
export interface Authenticator {
  authenticate(headers: { readonly authorization: string | undefined }): Promise<Authentication>
}

/** Lets everybody in: for loopback, or where an operator asked for it. */
export const anonymous: Authenticator = {
  authenticate: async () => ({ kind: 'anonymous' }),
}

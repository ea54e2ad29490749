// The discovery service's own messages: requests from bytes, responses to one buffer. Resources are not looked at: they
// were encoded when they were made.
import { encodeMessage } from '../wire/encode.ts'
import { messageType } from '../wire/proto.ts'
import type { Update } from './subscription.ts'

const PACKAGE = 'envoy.service.discovery.v3'

/** Path of the one method that proxies call. */
export const DELTA_PATH = `/${PACKAGE}.AggregatedDiscoveryService/DeltaAggregatedResources`

/** Path of the state-of-the-world method, which no agentgateway proxy calls. */
export const SOTW_PATH = `/${PACKAGE}.AggregatedDiscoveryService/StreamAggregatedResources`

/** A request, as far as it says anything to us. Names subscribed to never filter: every subscription is a wildcard. */
export interface DiscoveryRequest {
  readonly node: { readonly id: string; readonly metadata: Readonly<Record<string, string | undefined>> } | undefined
  readonly typeUrl: string
  readonly initialVersions: ReadonlyMap<string, string>
  readonly nonce: string
  /** Present when the request is a refusal. */
  readonly errorMessage: string | undefined
}

interface RawRequest {
  readonly node?: {
    readonly id?: string
    readonly metadata?: { readonly fields?: Readonly<Record<string, { readonly stringValue?: string }>> }
  } | null
  readonly typeUrl?: string
  readonly initialResourceVersions?: Readonly<Record<string, string>>
  readonly responseNonce?: string
  readonly errorDetail?: { readonly message?: string } | null
}

/** Reads a request; throws on bytes that are none. */
export function decodeRequest(bytes: Uint8Array): DiscoveryRequest {
  // Decoded messages are records of their fields.
  const raw = messageType(`${PACKAGE}.DeltaDiscoveryRequest`).decode(bytes) as RawRequest
  const fields = Object.entries(raw.node?.metadata?.fields ?? {})
  return {
    node: raw.node
      ? {
          id: raw.node.id ?? '',
          metadata: Object.fromEntries(fields.map(([name, value]) => [name, value.stringValue])),
        }
      : undefined,
    typeUrl: raw.typeUrl ?? '',
    initialVersions: new Map(Object.entries(raw.initialResourceVersions ?? {})),
    nonce: raw.responseNonce ?? '',
    errorMessage: raw.errorDetail ? (raw.errorDetail.message ?? '') : undefined,
  }
}

/** What a response says besides its resources. */
export interface ResponseHead extends Update {
  readonly commit: number
  readonly nonce: string
  readonly typeUrl: string
}

// Whole responses by their frames: proxies that connect between two commits are sent the same bytes.
const wholes = new WeakMap<
  Uint8Array,
  { readonly nonce: string; readonly typeUrl: string; readonly bytes: Uint8Array }
>()

/** The bytes of a response; `frames` are those of all resources when it is a whole one. */
export function encodeResponse(
  { commit, nonce, typeUrl, resources, removed }: ResponseHead,
  frames?: Uint8Array,
): Uint8Array {
  const shared = frames === undefined ? undefined : wholes.get(frames)
  if (shared?.nonce === nonce && shared.typeUrl === typeUrl) return shared.bytes
  const head = { systemVersionInfo: String(commit), typeUrl, nonce, removedResources: removed }
  const encoded = encodeMessage(`${PACKAGE}.DeltaDiscoveryResponse`, head)
  const bytes = Buffer.concat([encoded, ...(frames === undefined ? resources.map(({ frame }) => frame) : [frames])])
  if (frames !== undefined) wholes.set(frames, { nonce, typeUrl, bytes })
  return bytes
}

// Bytes of responses: a small header, the frames that encode.ts made, and what follows them. An update that several
// subscriptions share becomes bytes once.
import protobuf from 'protobufjs'
import type { Update } from './subscription.ts'

/** A response as it goes over the wire. */
export interface Response {
  readonly bytes: Buffer
  readonly nonce: string
}

/** What is said beside the resources; the nonce has to be another one for each update of a type on a stream. */
export interface ResponseHeader {
  readonly typeUrl: string
  readonly commit: number
  readonly nonce: string
}

const responses = new WeakMap<Update, Response>()

/** The response that carries an update; shared updates keep the header they were first sent with. */
export function responseOf(update: Update, header: ResponseHeader): Response {
  let response = responses.get(update)
  if (response === undefined) {
    response = { bytes: encodeResponse(update, header), nonce: header.nonce }
    responses.set(update, response)
  }
  return response
}

/** A DeltaDiscoveryResponse, fields by number. */
function encodeResponse({ resources, removed }: Update, { typeUrl, commit, nonce }: ResponseHeader): Buffer {
  const before = protobuf.Writer.create().uint32(10).string(String(commit)).finish()
  const after = protobuf.Writer.create().uint32(34).string(typeUrl).uint32(42).string(nonce)
  for (const name of removed) after.uint32(50).string(name)
  return Buffer.concat([before, ...resources.map(({ frame }) => frame), after.finish()])
}

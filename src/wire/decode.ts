// Bytes → message, in the shape that translators build: enums and 64-bit numbers as text, the set member of a oneof by
// name, fields without presence absent when zero. For whoever reads what was encoded; proxies read the bytes themselves.
import protobuf from 'protobufjs'
import { type EncodedResource, valueBytes } from './encode.ts'
import type { Address, Resource } from './messages.ts'
import { ADDRESS_TYPE, messageType, PROTO_OPTIONS, RESOURCE_TYPE } from './proto.ts'

/** A gateway's resource, decoded. */
export function decodeResource(encoded: EncodedResource): Resource {
  // The generated type describes what these options yield.
  return decoded(RESOURCE_TYPE, encoded) as Resource
}

/** An address, decoded. */
export function decodeAddress(encoded: EncodedResource): Address {
  // As above.
  return decoded(ADDRESS_TYPE, encoded) as Address
}

function decoded(type: string, encoded: EncodedResource): object {
  const definition = messageType(type)
  const message = definition.decode(protobuf.Reader.create(valueBytes(encoded)))
  return definition.toObject(message, PROTO_OPTIONS)
}

// Message → bytes, once: the name, the version and the ready-made entry of a delta response. The bytes are those of the
// Go library's deterministic marshalling, so that a version is the same on every replica, after every restart, and when
// a proxy moves between control planes: fields by number, then members of oneofs, map entries by the bytes of their key,
// zero values without presence left out.
import protobuf from 'protobufjs'
import xxhash from 'xxhash-wasm'
import { InvariantError } from '../core/problem.ts'
import { addressName, resourceName, type WireAddress, type WireResource } from './messages.ts'
import { ADDRESS_TYPE, ADDRESS_TYPE_URL, messageType, RESOURCE_TYPE, RESOURCE_TYPE_URL } from './proto.ts'

/** A resource as it goes over the wire. */
export interface EncodedResource {
  readonly name: string
  readonly typeUrl: string
  /** Lower-case hex of the xxHash64 of the message's bytes. */
  readonly version: string
  /** One `resources` entry of a DeltaDiscoveryResponse: tag, length, Resource. */
  readonly frame: Uint8Array
  /** Where the message's own bytes lie in the frame. */
  readonly valueStart: number
  readonly valueEnd: number
}

type Fields = Readonly<Record<string, unknown>>
type Write = (writer: protobuf.Writer, message: Fields) => void

const { h64Raw } = await xxhash()

/** Encodes a gateway's resource. */
export function encodeResource(resource: WireResource): EncodedResource {
  return encodeEntry(resourceName(resource).toWellFormed(), RESOURCE_TYPE_URL, encodeMessage(RESOURCE_TYPE, resource))
}

/** Encodes an address. */
export function encodeAddress(address: WireAddress): EncodedResource {
  return encodeEntry(addressName(address).toWellFormed(), ADDRESS_TYPE_URL, encodeMessage(ADDRESS_TYPE, address))
}

/** The message's own bytes; a view, not a copy. */
export function valueBytes({ frame, valueStart, valueEnd }: EncodedResource): Uint8Array {
  return frame.subarray(valueStart, valueEnd)
}

/** Deterministic bytes of any message of the protocol. An unknown enum name is a bug of ours and throws. */
export function encodeMessage(type: string, message: object): Uint8Array {
  const writer = protobuf.Writer.create()
  // Messages are plain records of their fields.
  writerOf(messageType(type))(writer, message as Fields)
  return writer.finish()
}

function encodeEntry(name: string, typeUrl: string, value: Uint8Array): EncodedResource {
  const version = h64Raw(value).toString(16)
  // One writer for all three messages: what it allocates besides the frame would stay with the frame in Node's pool.
  const writer = protobuf.Writer.create().uint32(18).fork().uint32(10).string(version)
  writer.uint32(18).fork().uint32(10).string(typeUrl).uint32(18).bytes(value).ldelim()
  const frame = writer.uint32(26).string(name).ldelim().finish()
  // After the value comes only the name's field.
  const valueEnd = frame.length - protobuf.Writer.create().uint32(26).string(name).len
  return { name, typeUrl, version, frame, valueStart: valueEnd - value.length, valueEnd }
}

const writers = new Map<protobuf.Type, Write>()

function writerOf(type: protobuf.Type): Write {
  const known = writers.get(type)
  if (known !== undefined) return known
  let fields: readonly Write[] = []
  const write: Write = (writer, message) => {
    for (const field of fields) field(writer, message)
  }
  // Stored before its fields are looked at, because messages contain themselves.
  writers.set(type, write)
  const oneofs = type.oneofsArray.filter((oneof) => !oneof.isProto3Optional)
  // -1, which comes first, for a field of its own.
  const place = ({ partOf }: protobuf.Field): number => (partOf === null ? -1 : oneofs.indexOf(partOf))
  fields = type.fieldsArray.toSorted((a, b) => place(a) - place(b) || a.id - b.id).map(fieldWriter)
  return write
}

function fieldWriter(field: protobuf.Field): Write {
  const { name } = field
  if (field instanceof protobuf.MapField) return mapWriter(field)
  const value = valueWriter(field)
  if (field.repeated) return repeatedWriter(field, value)
  const tag = (field.id << 3) | wireType(field)
  if (field.resolvedType instanceof protobuf.Type || field.partOf !== null) {
    return (writer, message) => {
      const given = message[name]
      if (given !== undefined && given !== null) value(writer.uint32(tag), given)
    }
  }
  // 64-bit numbers may be text.
  const zero = field.type === 'int64' || field.type === 'uint64' ? '0' : enumOf(field)?.valuesById[0]
  return (writer, message) => {
    const given = message[name]
    if (!isZero(given) && given !== zero) value(writer.uint32(tag), given)
  }
}

function repeatedWriter(field: protobuf.Field, value: (writer: protobuf.Writer, given: unknown) => void): Write {
  const { name } = field
  const isPacked = wireType(field) !== 2
  const tag = (field.id << 3) | (isPacked ? 2 : wireType(field))
  return (writer, message) => {
    // A repeated field is a list.
    const given = message[name] as readonly unknown[] | null | undefined
    if (!given?.length) return
    if (!isPacked) {
      for (const item of given) value(writer.uint32(tag), item)
      return
    }
    writer.uint32(tag).fork()
    for (const item of given) value(writer, item)
    writer.ldelim()
  }
}

function mapWriter(field: protobuf.MapField): Write {
  const { name } = field
  if (field.keyType !== 'string') throw new InvariantError(`${field.fullName}: only maps with text keys are encoded`)
  const value = valueWriter(field)
  const valueTag = (2 << 3) | wireType(field)
  return (writer, message) => {
    // A map is a record.
    const given = message[name] as Fields | null | undefined
    if (given === undefined || given === null) return
    for (const key of Object.keys(given).sort(byBytes)) {
      writer.uint32((field.id << 3) | 2).fork()
      writer.uint32(10).string(key.toWellFormed())
      value(writer.uint32(valueTag), given[key])
      writer.ldelim()
    }
  }
}

/** The order of UTF-8, which is not that of UTF-16 beyond U+D7FF. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function valueWriter(field: protobuf.FieldBase): (writer: protobuf.Writer, given: unknown) => void {
  const type = field.resolvedType
  if (type instanceof protobuf.Type) {
    const write = writerOf(type)
    return (writer, given) => {
      // A message field holds a record.
      write(writer.fork(), given as Fields)
      writer.ldelim()
    }
  }
  if (type instanceof protobuf.Enum) {
    return (writer, given) => {
      const number = typeof given === 'number' ? given : type.values[String(given)]
      if (number === undefined)
        throw new InvariantError(`${field.fullName}: ${String(given)} is not a value of ${type.fullName}`)
      writer.int32(number)
    }
  }
  switch (field.type) {
    case 'string':
      // A lone surrogate has no UTF-8, and proxies refuse what is none.
      return (writer, given) => writer.string(String(given).toWellFormed())
    case 'bool':
      return (writer, given) => writer.bool(given === true)
    case 'bytes':
      // Bytes are given as such, or as base64.
      return (writer, given) => writer.bytes(given as Uint8Array | string)
    case 'double':
    case 'float':
    case 'int32':
    case 'uint32':
      return (writer, given) => writer[field.type as 'uint32'](Number(given))
    case 'int64':
    case 'uint64':
      // 64-bit numbers are text, or small enough to be numbers.
      return (writer, given) => writer[field.type as 'uint64'](given as string | number)
    default:
      throw new InvariantError(`${field.fullName}: type ${field.type} is not encoded`)
  }
}

function enumOf({ resolvedType }: protobuf.FieldBase): protobuf.Enum | undefined {
  return resolvedType instanceof protobuf.Enum ? resolvedType : undefined
}

function wireType(field: protobuf.FieldBase): number {
  if (field.resolvedType instanceof protobuf.Enum) return 0
  if (field.resolvedType !== null || field.type === 'string' || field.type === 'bytes') return 2
  return field.type === 'double' ? 1 : field.type === 'float' ? 5 : 0
}

/** Whether a field without presence is as good as absent. */
function isZero(given: unknown): boolean {
  if (given === undefined || given === null || given === 0 || given === '' || given === false) return true
  return given instanceof Uint8Array && given.length === 0
}

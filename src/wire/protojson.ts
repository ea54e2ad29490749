// Canonical proto3 JSON of any message, from its bytes: what dumps print and goldens compare. Fields without presence
// that are zero are not on the wire and so not printed; set members of a oneof are, whatever their value.
import protobuf from 'protobufjs'
import { type EncodedResource, valueBytes } from './encode.ts'
import { ADDRESS_TYPE, ADDRESS_TYPE_URL, messageType, RESOURCE_TYPE, RESOURCE_TYPE_URL } from './proto.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type Fields = Readonly<Record<string, unknown>>

/** An encoded resource's message as JSON. */
export function encodedToJson(encoded: EncodedResource): Json {
  const type =
    encoded.typeUrl === RESOURCE_TYPE_URL ? RESOURCE_TYPE : encoded.typeUrl === ADDRESS_TYPE_URL ? ADDRESS_TYPE : ''
  return bytesToJson(type, valueBytes(encoded))
}

/** A message's bytes as JSON; `type` is the message's full name. */
export function bytesToJson(type: string, bytes: Uint8Array): Json {
  const definition = messageType(type)
  // Decoded messages are records with an own property for each field on the wire.
  return messageToJson(definition, definition.decode(bytes) as unknown as Fields)
}

function messageToJson(type: protobuf.Type, message: Fields): Json {
  const wellKnown = WELL_KNOWN[type.fullName]
  if (wellKnown !== undefined) return wellKnown(message, type)
  const json: Record<string, Json> = {}
  for (const field of type.fieldsArray) {
    if (!Object.hasOwn(message, field.name)) continue
    const value = message[field.name]
    if (value === null || value === undefined) continue
    if (field instanceof protobuf.MapField) {
      // Maps decode to records.
      const entries = Object.entries(value as Fields)
      if (entries.length > 0)
        json[field.name] = Object.fromEntries(entries.sort(byKey).map(([key, item]) => [key, valueToJson(field, item)]))
    } else if (Array.isArray(value)) {
      if (value.length > 0) json[field.name] = value.map((item) => valueToJson(field, item))
    } else {
      json[field.name] = valueToJson(field, value)
    }
  }
  return json
}

function valueToJson(field: protobuf.FieldBase, value: unknown): Json {
  const type = field.resolvedType
  // A message field holds a decoded message.
  if (type instanceof protobuf.Type) return messageToJson(type, value as Fields)
  if (type instanceof protobuf.Enum) return type.valuesById[Number(value)] ?? Number(value)
  switch (field.type) {
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64')
    case 'int64':
    case 'uint64':
      return String(value)
    case 'double':
    case 'float':
      return Number.isFinite(value) ? Number(value) : String(value)
    default:
      // Text, booleans and 32-bit numbers are JSON already.
      return value as Json
  }
}

type ToJson = (message: Fields, type: protobuf.Type) => Json

const wrapper: ToJson = (message, type) => {
  const field = type.fields.value
  return field === undefined ? null : valueToJson(field, message.value ?? field.defaultValue)
}

const WELL_KNOWN: Readonly<Record<string, ToJson>> = {
  '.google.protobuf.Duration': (message) => durationText(Number(message.seconds ?? 0), Number(message.nanos ?? 0)),
  '.google.protobuf.Struct': (message, type) => structToJson(message, type),
  '.google.protobuf.Value': (message, type) => {
    for (const field of type.fieldsArray) {
      if (!Object.hasOwn(message, field.name)) continue
      return field.name === 'nullValue' ? null : valueToJson(field, message[field.name])
    }
    return null
  },
  '.google.protobuf.ListValue': (message, type) => {
    const field = type.fields.values
    const values = message.values
    return field !== undefined && Array.isArray(values) ? values.map((value) => valueToJson(field, value)) : []
  },
  ...Object.fromEntries(
    ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map((name) => [
      `.google.protobuf.${name}Value`,
      wrapper,
    ]),
  ),
}

function structToJson(message: Fields, type: protobuf.Type): Json {
  const field = type.fields.fields
  // Its map of values.
  const entries = Object.entries((message.fields ?? {}) as Fields)
  return field === undefined
    ? {}
    : Object.fromEntries(entries.sort(byKey).map(([key, value]) => [key, valueToJson(field, value)]))
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

/** `3s`, `1.500s`: the fraction in groups of three digits. */
function durationText(seconds: number, nanos: number): string {
  const sign = seconds < 0 || nanos < 0 ? '-' : ''
  const digits = String(Math.abs(nanos))
    .padStart(9, '0')
    .replace(/(000)+$/, '')
  return `${sign}${Math.abs(seconds)}${digits === '' ? '' : `.${digits}`}s`
}

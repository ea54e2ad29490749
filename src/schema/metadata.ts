// `metadata` as the API server checks it for every custom resource: its fields and their types, names, labels,
// annotations, finalizers, owners.
import { closest } from '../core/closest.ts'
import { checkDns1123Subdomain, checkLabelValue, checkQualifiedName } from '../core/name-rules.ts'
import type { FieldError } from './field-error.ts'
import { invalid, required } from './field-error.ts'
import { isObject, type JsonObject } from './structure.ts'
import { typeName } from './values.ts'

type Shape = 'string' | 'integer' | 'map[string]string' | 'list' | 'time'

const fields: Readonly<Record<string, Shape>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'integer',
  creationTimestamp: 'time',
  deletionTimestamp: 'time',
  deletionGracePeriodSeconds: 'integer',
  labels: 'map[string]string',
  annotations: 'map[string]string',
  ownerReferences: 'list',
  finalizers: 'list',
  managedFields: 'list',
}
const ownerFields = ['apiVersion', 'kind', 'name', 'uid', 'controller', 'blockOwnerDeletion']

const goTypes: Readonly<Record<Shape, string>> = {
  string: 'string',
  integer: 'int64',
  'map[string]string': 'map[string]string',
  list: '[]string',
  time: 'time',
}

function undecodable(path: string, value: unknown, type: string, quoted = false): FieldError {
  const name = typeName(value) === 'boolean' ? 'bool' : typeName(value) === 'integer' ? 'number' : typeName(value)
  const hint = quoted ? `write it in quotes: "${String(value)}"` : undefined
  const error: FieldError = {
    path,
    reason: 'FieldValueTypeInvalid',
    message: `json: cannot unmarshal ${name} into Go struct field ObjectMeta.${path.split('.')[1] ?? ''} of type ${type}`,
  }
  return hint === undefined ? error : { ...error, hint }
}

function* texts(path: string, value: JsonObject): Generator<FieldError> {
  for (const [key, each] of Object.entries(value)) {
    if (typeof each !== 'string' && each !== null) {
      yield undecodable(`${path}.${key}`, each, 'string', typeof each !== 'object')
    }
  }
}

function* decoding(metadata: JsonObject): Generator<FieldError> {
  for (const [name, value] of Object.entries(metadata)) {
    const path = `metadata.${name}`
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (shape === undefined) {
      const meant = closest(name, Object.keys(fields))
      const error: FieldError = { path, reason: 'UnknownField', message: `unknown field "${path}"` }
      yield meant === undefined ? error : { ...error, hint: `did you mean ${meant}?` }
      continue
    }
    if (value === null) continue
    if (shape === 'string') {
      if (typeof value !== 'string') yield undecodable(path, value, 'string', typeof value !== 'object')
    } else if (shape === 'integer') {
      if (typeof value !== 'number') yield undecodable(path, value, goTypes[shape])
    } else if (shape === 'time') {
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
        yield { path, reason: 'FieldValueTypeInvalid', message: `${JSON.stringify(value)} is not a time in RFC 3339` }
      }
    } else if (shape === 'list') {
      if (!Array.isArray(value)) yield undecodable(path, value, goTypes[shape])
    } else if (isObject(value)) yield* texts(path, value)
    else yield undecodable(path, value, goTypes[shape])
  }
}

/** Labels, annotations, at any place where an object's metadata stands. */
function* checkLabels(metadata: JsonObject, path: string): Generator<FieldError> {
  const { labels, annotations } = metadata
  for (const [key, value] of isObject(labels) ? Object.entries(labels) : []) {
    for (const sentence of checkQualifiedName(key)) yield invalid(`${path}.labels`, key, sentence)
    for (const sentence of checkLabelValue(String(value ?? ''))) yield invalid(`${path}.labels`, value, sentence)
  }
  let size = 0
  for (const [key, value] of isObject(annotations) ? Object.entries(annotations) : []) {
    for (const sentence of checkQualifiedName(key.toLowerCase())) {
      yield invalid(`${path}.annotations`, key, sentence)
    }
    size += key.length + String(value).length
  }
  const limit = 256 * 1024
  if (size > limit) {
    yield {
      path: `${path}.annotations`,
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${limit} bytes`,
    }
  }
}

function* owners(value: unknown): Generator<FieldError> {
  for (const [index, owner] of Array.isArray(value) ? value.entries() : []) {
    if (!isObject(owner)) continue
    for (const name of Object.keys(owner).filter((each) => !ownerFields.includes(each))) {
      const path = `metadata.ownerReferences[${index}].${name}`
      yield { path, reason: 'UnknownField', message: `unknown field "${path}"` }
    }
    const empty = (name: string) => typeof owner[name] !== 'string' || owner[name] === ''
    if (empty('apiVersion')) yield invalid('metadata.ownerReferences.apiVersion', '', 'version must not be empty')
    for (const name of ['kind', 'name', 'uid'].filter(empty)) {
      yield invalid(`metadata.ownerReferences.${name}`, '', 'must not be empty')
    }
  }
}

function* naming({ name, generateName }: JsonObject): Generator<FieldError> {
  if (typeof generateName === 'string' && generateName !== '') {
    // The API server appends characters; what it says of the prefix is what is wrong with it followed by any of them.
    for (const sentence of checkDns1123Subdomain(`${generateName}a`)) {
      yield invalid('metadata.generateName', generateName, sentence)
    }
  }
  if (typeof name === 'string' && name !== '') {
    for (const sentence of checkDns1123Subdomain(name)) yield invalid('metadata.name', name, sentence)
  } else if (typeof generateName !== 'string' || generateName === '') {
    yield required('metadata.name', 'name or generateName is required')
  }
}

/** Everything about `metadata` that the API server would refuse. */
export function checkMetadata(metadata: unknown): readonly FieldError[] {
  if (metadata === undefined || metadata === null) return [...naming({})]
  if (!isObject(metadata)) {
    const name = typeName(metadata) === 'integer' ? 'number' : typeName(metadata)
    const message = `json: cannot unmarshal ${name} into Go value of type v1.ObjectMeta`
    return [{ path: 'metadata', reason: 'FieldValueTypeInvalid', message }]
  }
  const undecoded = [...decoding(metadata)]
  const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers : []
  return [
    ...undecoded,
    ...naming(metadata),
    ...checkLabels(metadata, 'metadata'),
    ...finalizers.flatMap((each) =>
      checkQualifiedName(String(each)).map((sentence) => invalid('metadata.finalizers', each, sentence)),
    ),
    ...owners(metadata.ownerReferences),
  ]
}

/** What the API server refuses about objects embedded in a field. */
export function* checkEmbedded(metadata: unknown, path: string): Generator<FieldError> {
  if (isObject(metadata)) yield* checkLabels(metadata, path)
  else if (metadata !== undefined) yield invalid(path, metadata, 'must be an object')
}

// The API server's verdict on a new object, offline, for any kind whose CRD is given: what it would store and what it
// would refuse. Reads CRDs, not our types. What the refusals mean for translation is not decided here.

import { checkRules } from './cel/rules.ts'
import type { Crd, CrdVersion, StructuralSchema } from './crd.ts'
import { type FieldError, isBlocking, rulesNotChecked } from './field-error.ts'
import { checkEmbedded, checkMetadata } from './metadata.ts'
import { isObject, type JsonObject, structure } from './structure.ts'
import { checkUniqueness, checkValues } from './values.ts'

/** One thing that the API server would say about an object. */
export interface VerdictProblem extends FieldError {
  /** `warning` is for what is only worth knowing. */
  readonly severity: 'error' | 'warning'
}

/** What the API server would do with an object. */
export interface Verdict {
  /** The object as it would be stored: without unknown fields, with defaults. Also there when it would be refused. */
  readonly object: JsonObject
  readonly problems: readonly VerdictProblem[]
}

/** Verdicts on objects of the kinds that a set of CRDs defines. */
export interface Validator {
  /** The verdict on an object; undefined when no CRD defines its kind. */
  readonly validate: (object: unknown) => Verdict | undefined
  /** The CRD of a kind, if it is among those given. */
  readonly find: (group: string, kind: string) => Crd | undefined
}

interface ServedVersion {
  readonly crd: Crd
  readonly version: CrdVersion
  readonly schema: StructuralSchema
  readonly hasStatus: boolean
}

// A CRD comes from a user's file here, not from an API server that has checked it.
function isSchema(value: unknown): boolean {
  if (!isObject(value)) return false
  const { properties, items, additionalProperties, required, anyOf, oneOf, allOf, not } = value
  const lists = [value.enum, required, value['x-kubernetes-validations'], value['x-kubernetes-list-map-keys']]
  const isFine = (each: unknown) => each === undefined || isSchema(each)
  return (
    lists.every((each) => each === undefined || Array.isArray(each)) &&
    [anyOf, oneOf, allOf].every((each) => each === undefined || (Array.isArray(each) && each.every(isSchema))) &&
    (properties === undefined || (isObject(properties) && Object.values(properties).every(isSchema))) &&
    [items, not].every(isFine) &&
    (value.pattern === undefined || typeof value.pattern === 'string') &&
    (value.format === undefined || typeof value.format === 'string') &&
    (typeof additionalProperties === 'boolean' || isFine(additionalProperties)) &&
    isRules(value['x-kubernetes-validations'])
  )
}

function isRules(rules: unknown): boolean {
  const isText = (value: unknown) => value === undefined || typeof value === 'string'
  return (
    !Array.isArray(rules) ||
    rules.every((each) => {
      if (!isObject(each) || typeof each.rule !== 'string') return false
      return [each.message, each.messageExpression, each.reason, each.fieldPath].every(isText)
    })
  )
}

function isVersion(value: unknown): boolean {
  if (!isObject(value) || typeof value.name !== 'string') return false
  return value.schema === undefined || (isObject(value.schema) && isSchema(value.schema.openAPIV3Schema))
}

/** Whether a document is a CustomResourceDefinition that can be validated with. */
export function isCrd(document: unknown): document is Crd {
  if (!isObject(document) || document.kind !== 'CustomResourceDefinition') return false
  const { apiVersion, spec } = document
  if (apiVersion !== 'apiextensions.k8s.io/v1' || !isObject(spec) || !isObject(spec.names)) return false
  const { names, group, versions } = spec
  const isNamed = typeof group === 'string' && typeof names.kind === 'string'
  return isNamed && Array.isArray(versions) && versions.every(isVersion)
}

// `metadata` has a fixed shape whatever the CRD says of it, and rules see only its names.
const metadataSchema: StructuralSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
}

function rootSchema(version: CrdVersion): StructuralSchema {
  const root = version.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const { metadata: _, ...properties } = root.properties ?? {}
  return { ...root, properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...properties } }
}

// Embedded objects have metadata that is checked like an object's own.
function embedded(schema: StructuralSchema, value: unknown, path: string): readonly FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema
    return items === undefined ? [] : value.flatMap((each, index) => embedded(items, each, `${path}[${index}]`))
  }
  if (!isObject(value)) return []
  const own =
    schema['x-kubernetes-embedded-resource'] === true ? [...checkEmbedded(value.metadata, `${path}.metadata`)] : []
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    hasEmbedded(each) ? embedded(each, value[name], path === '' ? name : `${path}.${name}`) : [],
  )
  return [...own, ...inner]
}

const embedding = new WeakMap<StructuralSchema, boolean>()

function hasEmbedded(schema: StructuralSchema): boolean {
  const known = embedding.get(schema)
  if (known !== undefined) return known
  const inner = [...Object.values(schema.properties ?? {}), schema.items]
  const result =
    schema['x-kubernetes-embedded-resource'] === true || inner.some((each) => each !== undefined && hasEmbedded(each))
  embedding.set(schema, result)
  return result
}

function verdict({ schema, hasStatus }: ServedVersion, input: JsonObject): Verdict {
  const { value, unknown } = structure(schema, input)
  const object: JsonObject = isObject(value) ? value : input
  // On creation the API server drops the status of kinds that have it as a subresource, so it is not checked either.
  const { status, ...rest } = object
  const { status: _, ...checkedProperties } = schema.properties ?? {}
  const checked = hasStatus ? rest : object
  const checkedSchema = hasStatus ? schemaWithout(schema, checkedProperties) : schema
  const found = [
    ...checkMetadata(input.metadata),
    ...checkValues(checkedSchema, checked),
    ...embedded(checkedSchema, checked, ''),
    ...checkUniqueness(checkedSchema, checked),
  ]
  const isBlocked = found.some(isBlocking)
  const rules = isBlocked ? [rulesNotChecked] : checkRules(withMetadata(checkedSchema), checked)
  const problems = [...unknown, ...found, ...rules].map((error): VerdictProblem => ({ ...error, severity: 'error' }))
  return { object, problems }
}

const stripped = new WeakMap<StructuralSchema, StructuralSchema>()

function schemaWithout(
  schema: StructuralSchema,
  properties: NonNullable<StructuralSchema['properties']>,
): StructuralSchema {
  const known = stripped.get(schema)
  if (known !== undefined) return known
  const result: StructuralSchema = { ...schema, properties }
  stripped.set(schema, result)
  return result
}

const rooted = new WeakMap<StructuralSchema, StructuralSchema>()

function withMetadata(schema: StructuralSchema): StructuralSchema {
  const known = rooted.get(schema)
  if (known !== undefined) return known
  const result: StructuralSchema = { ...schema, properties: { ...schema.properties, metadata: metadataSchema } }
  rooted.set(schema, result)
  return result
}

/** Prepares CRDs for validation; of two CRDs of one kind the later one counts. */
export function createValidator(crds: readonly Crd[]): Validator {
  const kinds = new Map<string, Crd>()
  const versions = new Map<string, ServedVersion>()
  for (const crd of crds) {
    const { group, names } = crd.spec
    kinds.set(`${group}/${names.kind}`, crd)
    for (const version of crd.spec.versions) {
      const served = {
        crd,
        version,
        schema: rootSchema(version),
        hasStatus: version.subresources?.status !== undefined,
      }
      versions.set(`${group}/${version.name}/${names.kind}`, served)
    }
  }
  return {
    find: (group, kind) => kinds.get(`${group}/${kind}`),
    validate: (object) => {
      if (!isObject(object)) return undefined
      const served = versions.get(`${String(object.apiVersion)}/${String(object.kind)}`)
      return served === undefined ? undefined : verdict(served, object)
    },
  }
}

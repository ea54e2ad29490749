// What a CustomResourceDefinition of ours looks like: a kind's definition → apiextensions.k8s.io/v1, as an object and as
// YAML. What its fields are is decided by the definitions in api/ and features/.
import { dump } from 'js-yaml'
import type { TSchema } from 'typebox'
import type { CelRule } from './combinators.ts'

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly jsonPath: string
  readonly description?: string
  readonly priority?: number
}

/** A kind of the API: its names and the schemas of its two halves. */
export interface KindDefinition {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly scope: 'Namespaced' | 'Cluster'
  /** How it attaches, for kinds that the Gateway API calls policies. */
  readonly policy?: 'Direct'
  readonly description: string
  /** What `kubectl get` shows besides name and age. */
  readonly printerColumns: readonly PrinterColumn[]
  readonly spec: TSchema
  readonly status: TSchema
  /** Rules about the object as a whole. */
  readonly rules?: readonly CelRule[]
}

/** A schema in Kubernetes' structural subset, as it stands in a CRD. */
export interface StructuralSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly description?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, StructuralSchema>>
  readonly additionalProperties?: StructuralSchema | boolean
  readonly required?: readonly string[]
  readonly items?: StructuralSchema
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly exclusiveMaximum?: boolean
  readonly multipleOf?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly allOf?: readonly StructuralSchema[]
  readonly anyOf?: readonly StructuralSchema[]
  readonly oneOf?: readonly StructuralSchema[]
  readonly not?: StructuralSchema
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic'
  readonly 'x-kubernetes-validations'?: readonly CelRule[]
}

/** One version of a CRD. */
export interface CrdVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly additionalPrinterColumns?: readonly PrinterColumn[]
  readonly schema: { readonly openAPIV3Schema: StructuralSchema }
  readonly subresources?: { readonly status?: Readonly<Record<string, never>> }
}

/** A CustomResourceDefinition, as far as it is read or written here. */
export interface Crd {
  readonly apiVersion: 'apiextensions.k8s.io/v1'
  readonly kind: 'CustomResourceDefinition'
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: {
    readonly group: string
    readonly names: {
      readonly kind: string
      readonly listKind: string
      readonly plural: string
      readonly singular: string
      readonly shortNames?: readonly string[]
      readonly categories?: readonly string[]
    }
    readonly scope: 'Namespaced' | 'Cluster'
    readonly versions: readonly CrdVersion[]
  }
}

// Only what JSON shows of a TypeBox schema, with lists whose order carries no meaning sorted, so that equal schemas are
// equal text wherever they were written down.
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'required' && Array.isArray(value)) return value.length > 0 ? [[key, value.toSorted()]] : []
    if (key === 'properties' && typeof value === 'object' && value !== null && Object.keys(value).length === 0)
      return []
    return [[key, plain(value)]]
  })
  return Object.fromEntries(entries)
}

/** The schema as it stands in a CRD. */
export function structural(schema: TSchema): StructuralSchema {
  // A TypeBox schema made by the combinators is a structural schema with hidden marks, which `plain` leaves behind.
  return plain(schema) as StructuralSchema
}

const API_VERSION = 'Version of the API in which this object is written: group/version.'
const KIND = 'Kind of this object.'
const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

/** The CRD of a kind. */
export function crd(definition: KindDefinition): Crd {
  const { group, version, kind, plural, singular, shortNames, categories, scope, rules, policy } = definition
  const labels = {
    app: 'agentgateway',
    'app.kubernetes.io/name': 'agentgateway',
    ...(policy === undefined ? {} : { 'gateway.networking.k8s.io/policy': policy }),
  }
  const root: StructuralSchema = {
    type: 'object',
    description: definition.description,
    properties: {
      apiVersion: { type: 'string', description: API_VERSION },
      kind: { type: 'string', description: KIND },
      metadata: { type: 'object' },
      spec: structural(definition.spec),
      status: structural(definition.status),
    },
    required: ['spec'],
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }),
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames, categories },
      scope,
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: [...definition.printerColumns, AGE],
          schema: { openAPIV3Schema: root },
          subresources: { status: {} },
        },
      ],
    },
  }
}

/** The CRD of a kind as a YAML document, keys sorted. */
export function crdYaml(definition: KindDefinition): string {
  return dump(crd(definition), { sortKeys: true, lineWidth: -1, noRefs: true })
}

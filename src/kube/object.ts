// Plain-JSON Kubernetes objects: access to metadata and label selection. Knows no particular kind.
import { nameKey, type TypedRef } from '../core/keys.ts'

/** `metadata`, as far as anything reads it. */
export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly ownerReferences?: readonly {
    readonly apiVersion: string
    readonly kind: string
    readonly name: string
    readonly uid: string
    readonly controller?: boolean
  }[]
  /** Only where it was not stripped: of deployed objects and live statuses. */
  readonly managedFields?: readonly {
    readonly manager?: string
    readonly operation?: string
    readonly subresource?: string
  }[]
}

/** Any Kubernetes object as the API server's JSON. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

/** A Kubernetes label selector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

/** The group part of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** The object's key within the collection of its kind. */
export function keyOf(object: { readonly metadata: ObjectMeta }): string {
  return nameKey(object.metadata.namespace, object.metadata.name)
}

/** The object's identity among all kinds. */
export function refOf(object: KubeObject): TypedRef {
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  }
}

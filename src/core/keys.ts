// The only maker of string keys. A key names an object, a gateway or an attachment point; nobody else concatenates.

/** Names one object, of any kind. `namespace` is empty for cluster-scoped kinds. */
export interface TypedRef {
  readonly group: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** `namespace/name` of a Gateway: the scope of what its proxies receive. */
export type GatewayKey = string

/** Key of an object within the collection of its kind: `namespace/name`, or `name` when cluster-scoped. */
export function nameKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name
}

/** Splits what `nameKey` made. */
export function splitNameKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/')
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

/** Key of an object among all kinds: `group/kind/namespace/name`, core group empty. */
export function objectKey(ref: TypedRef): string {
  return `${ref.group}/${ref.kind}/${ref.namespace}/${ref.name}`
}

/** Reads an object key back. */
export function parseObjectKey(key: string): TypedRef {
  const [group = '', kind = '', namespace = '', ...name] = key.split('/')
  return { group, kind, namespace, name: name.join('/') }
}

/** `Kind namespace/name`, as messages name objects. */
export function displayRef(ref: TypedRef): string {
  return `${ref.kind} ${nameKey(ref.namespace, ref.name)}`
}

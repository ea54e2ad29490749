// What an object loses before anybody sees it: what no translation may read (our own status, versions that change with
// it) and what is large and of no use. That our own writes never cause work is decided here, for every source.
import { type KubeObject, refOf } from '../../kube/object.ts'
import type { WatchedKind } from './kinds.ts'

/** An object's status as the API server has it, with what a write of it must name; only the status writer reads it. */
export interface LiveObject extends KubeObject {
  readonly status?: object
}

/** The two halves of an object. */
export interface AdmittedObject {
  readonly object: KubeObject
  /** For kinds whose status we write. */
  readonly live: LiveObject | undefined
}

interface RawObject extends KubeObject {
  readonly status?: object
  readonly spec?: object
}

/** Labels of the Gateways whose addresses a mesh reads from their status: ways into networks, and waypoints. */
const meshLabels = ['topology.istio.io/network', 'istio.io/waypoint-for']

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** Splits a raw object into what is translated and what only the status writer sees. */
export function atTheDoor(kind: WatchedKind, raw: RawObject): AdmittedObject {
  const { status, ...rest } = raw
  const { apiVersion } = raw
  const object = { ...rest, metadata: trimMetadata(raw.metadata) }
  if (!kind.writesStatus) {
    const trim = trims[`${kind.group}/${kind.kind}`]
    const whole = status === undefined ? object : { ...object, status }
    return { object: trim === undefined ? whole : trim(whole), live: undefined }
  }
  const { name, namespace, uid, generation, resourceVersion } = raw.metadata
  const metadata = { name, namespace, uid, generation, resourceVersion, ...statusManagers(raw) }
  const live = { apiVersion, kind: raw.kind, metadata, status }
  if (!isMeshGateway(raw)) return { object, live }
  const withAddresses: RawObject = { ...object, status: pick(status, ['addresses']) }
  return { object: withAddresses, live }
}

/** An object that the door will split, without what it will drop. */
export function trimmed(kind: WatchedKind, raw: RawObject): KubeObject {
  if (!kind.writesStatus) return atTheDoor(kind, raw).object
  const { resourceVersion } = raw.metadata
  return { ...raw, metadata: { ...trimMetadata(raw.metadata), resourceVersion, ...statusManagers(raw) } }
}

/** Gateways of a mesh are not ours, so their status is not what we write. */
function isMeshGateway(raw: RawObject): boolean {
  const { kind, group } = refOf(raw)
  if (kind !== 'Gateway' || group !== 'gateway.networking.k8s.io') return false
  const { gatewayClassName } = pick(raw.spec, ['gatewayClassName'])
  return (
    String(gatewayClassName ?? '').startsWith('istio') ||
    meshLabels.some((label) => raw.metadata.labels?.[label] !== undefined)
  )
}

/** Kinds in whose status no entry says whose it is. */
const sharedStatuses = ['Gateway', 'ListenerSet']

/** Who wrote which field of a status, where the status itself does not say. */
function statusManagers({ kind, metadata }: RawObject): { readonly managedFields?: readonly object[] } {
  if (!sharedStatuses.includes(kind)) return {}
  const { managedFields } = pick(metadata, ['managedFields'])
  if (!Array.isArray(managedFields)) return {}
  return { managedFields: managedFields.filter((entry) => pick(entry, ['subresource']).subresource === 'status') }
}

function trimMetadata(metadata: KubeObject['metadata'] & { readonly managedFields?: unknown }): KubeObject['metadata'] {
  const { managedFields: _, resourceVersion: __, ...rest } = metadata
  if (rest.annotations?.[lastApplied] === undefined) return rest
  const { [lastApplied]: ___, ...annotations } = rest.annotations
  return { ...rest, annotations }
}

/** Kinds that are many and mostly unread. */
const trims: Readonly<Record<string, (object: RawObject) => KubeObject>> = {
  // Nothing of ours is kept as bytes, while others keep archives there.
  '/ConfigMap': withoutBytes,
  '/Node': ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata: withoutAnnotations(metadata) }),
  '/Pod': (pod) => ({
    ...pod,
    metadata: onlyMeshAnnotations(pod.metadata),
    spec: {
      ...pick(pod.spec, ['nodeName', 'serviceAccountName', 'hostNetwork']),
      ...pickEach(pod.spec, ['containers', 'initContainers'], ['name', 'restartPolicy', 'ports']),
    },
    status: {
      ...pick(pod.status, ['phase', 'podIP', 'podIPs']),
      ...pickEach(pod.status, ['conditions'], ['type', 'status']),
    },
  }),
}

function withoutBytes({ binaryData: _, ...rest }: RawObject & { readonly binaryData?: unknown }): KubeObject {
  return rest
}

function withoutAnnotations(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { annotations: _, ...rest } = metadata
  return rest
}

/** How a pod is reached through a mesh stands in annotations. */
function onlyMeshAnnotations(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.includes('istio.io/'))
  return kept.length === 0 ? withoutAnnotations(metadata) : { ...metadata, annotations: Object.fromEntries(kept) }
}

/** The named fields of an object, if it is one. */
function pick(from: unknown, fields: readonly string[]): Record<string, unknown> {
  if (typeof from !== 'object' || from === null) return {}
  return Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)))
}

/** The named lists, reduced to the named fields of their items. */
function pickEach(from: unknown, lists: readonly string[], fields: readonly string[]): Record<string, unknown> {
  const found = Object.entries(pick(from, lists))
  return Object.fromEntries(
    found.map(([list, items]) => [list, Array.isArray(items) ? items.map((item) => pick(item, fields)) : items]),
  )
}

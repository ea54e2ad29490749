// What becomes of an object of another project: objects of our own kinds, and what has to be said about it. Where those
// objects go, and how its status is made, is decided in translate/; what its fields mean, in each dialect's folder.
import type { TypedRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { Gateway } from '../kube/gateway-types.ts'
import type { JsonObject } from '../kube/json.ts'
import { type KubeObject, refOf } from '../kube/object.ts'

/** An object as another project wrote it. */
export interface ForeignObject extends KubeObject {
  readonly spec?: unknown
}

/** An object of one of our kinds that stands for an object of another project. */
export interface MadeObject {
  readonly object: KubeObject & { readonly spec?: unknown }
  /** Where fields come from: prefixes of paths in the made object, and what was written instead. */
  readonly paths: readonly (readonly [made: string, written: string])[]
}

/** One thing that an object takes traffic to, as its status tells. */
export interface UpstreamState {
  readonly name: string
  readonly state: 'Ready' | 'Failed'
  readonly message: string
}

/** What only objects with a phase have to tell. */
export interface ServedState {
  readonly endpoint: string
  readonly upstreams: readonly UpstreamState[]
}

/** Everything an object of another project becomes. */
export interface Carried {
  readonly origin: TypedRef
  readonly apiVersion: string
  readonly generation: number
  /** Absent where no API server gave it one. */
  readonly uid: string | undefined
  readonly made: readonly MadeObject[]
  /** Objects that run something in the cluster, without owner. */
  readonly workload: readonly WorkloadObject[]
  /** Errors and warnings, with paths in the original. A warning with the reason `UnsupportedValue` is a loss. */
  readonly problems: readonly Problem[]
  /** Per target of a policy: what it attaches to, and what keeps it from that. */
  readonly targets?: readonly CarriedTarget[]
  readonly served?: ServedState
  /** How many pods of it are wanted, where it runs any. */
  readonly replicas?: number
  /** What is missing, by the field that names it. */
  readonly unresolved?: readonly Missing[]
}

/** Something that a field names and that is not there. */
export interface Missing {
  readonly path: string
  /** Such as `Secret ns/name`. */
  readonly what: string
}

/** A target of a policy of another project. */
export interface CarriedTarget {
  /** Field of the original that names it. */
  readonly path: string
  readonly ref: { readonly group: string; readonly kind: string; readonly name: string; readonly sectionName?: string }
  /** Key of the made object that takes effect there; undefined when none does. */
  readonly policy: TypedRef | undefined
  readonly problems: readonly Problem[]
}

/** A Kubernetes object to apply. */
export interface WorkloadObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: JsonObject
  readonly automountServiceAccountToken?: boolean
}

/** Looking up objects; what is asked is tracked. */
export interface Lookup<T> {
  get(key: string): T | undefined
  where(index: string, value: string): readonly T[]
}

/** What dialects read besides the object itself. `secrets` has the index `namespace`. */
export interface DialectReads {
  readonly secrets: Lookup<Secret>
  readonly services: Lookup<Service>
  readonly configmaps: Lookup<ConfigMap>
  /** As users wrote them, of any class. */
  readonly gateways: Lookup<Gateway>
  readonly backends: Lookup<ForeignObject>
  readonly gatewayextensions: Lookup<ForeignObject>
  readonly mcpservers: Lookup<ForeignObject>
  readonly mcps: Lookup<ForeignObject>
}

/** What dialects depend on besides objects. */
export interface DialectSettings {
  readonly className: string
  readonly clusterDomain: string
  /** Reference of the image that contains a proxy. */
  readonly proxyImage: string
}

/** Where a dialect looks. */
export interface DialectContext {
  readonly read: DialectReads
  readonly settings: DialectSettings
}

/** A kind of another project, and what becomes of its objects. */
export interface DialectKind {
  readonly group: string
  readonly kind: string
  /** Name of its collection. */
  readonly plural:
    | 'backends'
    | 'trafficpolicies'
    | 'gatewayparameters'
    | 'httplistenerpolicies'
    | 'backendconfigpolicies'
    | 'mcpservers'
    | 'mcps'
    | 'llmgateways'
  readonly carry: (object: ForeignObject, context: DialectContext) => Carried
}

/** The frame of what an object becomes. */
export function carriedFrame(object: ForeignObject): Pick<Carried, 'origin' | 'apiVersion' | 'generation' | 'uid'> {
  const { generation = 0, uid } = object.metadata
  return { origin: refOf(object), apiVersion: object.apiVersion, generation, uid }
}

/** Metadata of an object that is made from another one. */
export function madeMetadata(from: ForeignObject, name: string = from.metadata.name): KubeObject['metadata'] {
  const { namespace, generation, creationTimestamp, uid } = from.metadata
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(generation === undefined ? {} : { generation }),
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(uid === undefined ? {} : { uid }),
  }
}

/** Where a problem of a made object stands in the original; the whole object when nothing is known. */
export function originalPath(paths: MadeObject['paths'], path: string): string {
  const found = paths
    .filter(([made]) => path === made || path.startsWith(`${made}.`) || path.startsWith(`${made}[`))
    .toSorted(([a], [b]) => b.length - a.length)
    .at(0)
  return found === undefined ? '' : `${found[1]}${path.slice(found[0].length)}`
}

// What a route can attach to, and the vocabulary of attaching: listeners seen from routes, parentRefs with their
// defaults filled in, hostname overlap. Whether a given route is admitted is decided where routes are translated.
import type { GatewayKey, TypedRef } from '../core/keys.ts'
import type { ParentRefStatus } from './model.ts'

/** Group of the Gateway API, the default of every parentRef. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io'

/** Stands for "every namespace" in `RouteParent.allowedNamespaces`. */
export const ALL_NAMESPACES = '*'

/** A route kind that a listener takes. */
export interface RouteKind {
  readonly group: string
  readonly kind: string
}

/** One listener as routes see it; listeners that lost their port to a different bind mode are not among them. */
export interface RouteParent {
  /** `objectKey(owner) + '/' + listener`. */
  readonly key: string
  /** The Gateway or ListenerSet that a parentRef names. */
  readonly owner: TypedRef
  /** Whose proxies serve it. */
  readonly gateway: GatewayKey
  /** Key of the Listener on the wire. */
  readonly listenerKey: string
  /** Section name. */
  readonly listener: string
  readonly port: number
  readonly protocol: string
  readonly hostname: string | undefined
  /** `'*'` among them means all; empty means that no namespace matches. */
  readonly allowedNamespaces: readonly string[]
  readonly supportedKinds: readonly RouteKind[]
  /** Position within the owner's spec. */
  readonly order: number
}

/** A route that a listener has accepted; counted once per listener, however many parentRefs lead there. */
export interface Attachment {
  /** `RouteParent.key`. */
  readonly parent: string
  readonly route: TypedRef
}

/** Number of distinct routes on one listener. */
export interface AttachedCount {
  /** `RouteParent.key`. */
  readonly parent: string
  readonly routes: number
}

/** A parentRef as written. */
export interface ParentReference {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name?: string
  readonly sectionName?: string
  readonly port?: number
}

/** A parentRef with group, kind and namespace filled in. */
export interface NormalParentRef extends TypedRef {
  readonly sectionName: string | undefined
  readonly port: number | undefined
}

/** Fills in the defaults of a parentRef; `namespace` is that of the object that holds it. */
export function normalizeParentRef(ref: ParentReference, namespace: string): NormalParentRef {
  return {
    group: ref.group ?? GATEWAY_GROUP,
    kind: ref.kind || 'Gateway',
    namespace: ref.namespace || namespace,
    name: ref.name ?? '',
    sectionName: ref.sectionName || undefined,
    port: ref.port || undefined,
  }
}

/** `{group}/{kind}/{name}/{section}/{port}.{namespace}`, by which parents and candidates are ordered. */
export function parentRefString(ref: NormalParentRef): string {
  return `${ref.group}/${ref.kind}/${ref.name}/${ref.sectionName ?? ''}/${ref.port ?? 0}.${ref.namespace}`
}

/** A normalised parentRef as it is printed in a status. */
export function parentRefStatus(ref: NormalParentRef): ParentRefStatus {
  return {
    group: ref.group,
    kind: ref.kind,
    namespace: ref.namespace,
    name: ref.name,
    ...(ref.sectionName === undefined ? {} : { sectionName: ref.sectionName }),
    ...(ref.port === undefined ? {} : { port: ref.port }),
  }
}

/** Sums up the attachments to one listener. */
export function countAttached(attachments: readonly Attachment[], parent: string): readonly AttachedCount[] {
  const routes = new Set(
    attachments.map(({ route }) => `${route.group}/${route.kind}/${route.namespace}/${route.name}`),
  )
  return [{ parent, routes: routes.size }]
}

/** Whether a listener is open to routes of a namespace. */
export function allowsNamespace(allowedNamespaces: readonly string[], namespace: string): boolean {
  return allowedNamespaces.includes(ALL_NAMESPACES) || allowedNamespaces.includes(namespace)
}

/** Whether two hostname patterns have a name in common; undefined, empty and `*` match everything. */
export function hostnamesOverlap(a: string | undefined, b: string | undefined): boolean {
  if (isAnyHost(a) || isAnyHost(b)) return true
  return a === b || covers(a, b) || covers(b, a)
}

/** The more specific of two overlapping hostname patterns; undefined when they do not overlap. `*` is any host. */
export function hostnameIntersection(a: string | undefined, b: string | undefined): string | undefined {
  if (isAnyHost(a)) return isAnyHost(b) ? '*' : b
  if (isAnyHost(b) || a === b || covers(b, a)) return a
  return covers(a, b) ? b : undefined
}

function isAnyHost(hostname: string | undefined): hostname is undefined | '' | '*' {
  return hostname === undefined || hostname === '' || hostname === '*'
}

// A wildcard stands for one or more labels, never for none: *.example.com does not cover example.com.
function covers(pattern: string, hostname: string): boolean {
  // Unchecked objects may hold anything here.
  if (typeof pattern !== 'string' || typeof hostname !== 'string' || !pattern.startsWith('*')) return false
  const suffix = pattern.slice(1)
  return hostname.length > suffix.length && hostname.endsWith(suffix)
}

// Which listeners a Gateway has, in which order, and what they are to each other: its own and those of its ListenerSets,
// their ports, who may attach, and which of them conflict. Looks at specs and namespace labels only; certificates are
// listener-tls.ts, conditions are listeners.ts. (spec: Gateway API, binds, precedence and conflicts)

import { type GatewayKey, nameKey, objectKey, type TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import type { Reader } from '../engine/collection.ts'
import type {
  FrontendValidation,
  Gateway,
  GatewayAddress,
  GatewayClass,
  Listener,
  ListenerSet,
  NamespaceScope,
  ObjectReference,
} from '../kube/gateway-types.ts'
import { matchesSelector, selectorError } from '../kube/labels.ts'
import { listOf } from '../kube/lists.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import { internalPortsOf } from './internal-ports.ts'
import { ALL_NAMESPACES, GATEWAY_GROUP } from './parents.ts'

/** Why a listener lost against one that comes before it on the same port. */
export type Conflict = 'bind-mode' | 'protocol' | 'hostname'

/** One listener, with everything that its Gateway decides for it. */
export interface PlannedListener {
  /** `objectKey(owner) + '/' + name`; also the key of the RouteParent. */
  readonly key: string
  readonly owner: TypedRef
  readonly gateway: GatewayKey
  readonly gatewayRef: TypedRef
  /** Key on the wire. */
  readonly wireKey: string
  /** Position in the owner's spec. */
  readonly order: number
  readonly listener: Listener
  /** Absent when none is given and the protocol has no default. */
  readonly port: number | undefined
  readonly allowedNamespaces: readonly string[]
  readonly conflict: Conflict | undefined
  /** Whether proxies and routes see it. */
  readonly isServed: boolean
  readonly frontend: { readonly validation: FrontendValidation; readonly path: string } | undefined
  readonly clientCertificateRef: ObjectReference | undefined
}

/** A port that the Gateway's proxies open, or only route to. */
export interface PlannedBind {
  readonly port: number
  readonly protocol: 'HTTP' | 'TLS' | 'TCP'
  readonly isHbone: boolean
  readonly isInternal: boolean
  /** Gateway and ListenerSets that contribute listeners. */
  readonly owners: readonly TypedRef[]
}

/** A ListenerSet whose parentRef names one of our Gateways. */
export interface PlannedSet {
  readonly key: string
  readonly gateway: GatewayKey
  readonly gatewayRef: TypedRef
  readonly isAllowed: boolean
  /** Whether the Gateway itself has any listeners to offer. */
  readonly gatewayServes: boolean
  readonly internalPortsError: string | undefined
}

/** A Gateway of ours: its listeners in order of precedence, and what follows from them. */
export interface GatewayPlan {
  readonly gateway: GatewayKey
  readonly ref: TypedRef
  /** Why no listener is served at all. */
  readonly failure: string | undefined
  readonly internalPortsError: string | undefined
  readonly listeners: readonly PlannedListener[]
  readonly binds: readonly PlannedBind[]
  readonly sets: readonly PlannedSet[]
}

/** What labels a Namespace has, without the rest that changes. */
export interface NamespaceLabels {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** What planning reads. `listenerSets` has the index `gateway`. */
export interface PlanReads {
  readonly classes: Reader<GatewayClass>
  readonly listenerSets: Reader<ListenerSet>
  readonly namespaces: Reader<NamespaceLabels>
}

/** A namespace's labels, with its name among them as the API server puts it there. */
export function namespaceLabels(namespace: KubeObject): NamespaceLabels {
  const { name, labels } = namespace.metadata
  return { name, labels: { ...labels, 'kubernetes.io/metadata.name': name } }
}

/** Key of the Gateway that a ListenerSet's parentRef names; undefined when it names something else. */
export function gatewayOfSet(set: ListenerSet): GatewayKey | undefined {
  const ref = set.spec?.parentRef
  if (typeof ref?.name !== 'string' || (ref.group ?? GATEWAY_GROUP) !== GATEWAY_GROUP) return undefined
  if ((ref.kind || 'Gateway') !== 'Gateway') return undefined
  return nameKey(ref.namespace || set.metadata.namespace, ref.name)
}

/** Whether a Gateway's class is ours. */
function isOwnedGateway(gateway: Gateway, classes: Reader<GatewayClass>, controllerName: string): boolean {
  const name = gateway.spec?.gatewayClassName
  return typeof name === 'string' && classes.get(name)?.spec?.controllerName === controllerName
}

/** Plans a Gateway and its ListenerSets; nothing when its class is missing or someone else's. */
export function planGateway(gateway: Gateway, read: PlanReads, controllerName: string): readonly GatewayPlan[] {
  if (!isOwnedGateway(gateway, read.classes, controllerName)) return []
  const key = keyOf(gateway)
  const ref = gatewayRef(gateway)
  const failure = addressFailure(gateway)
  const ports = internalPortsOf(gateway, listOf(gateway.spec?.listeners).map(portOf))
  const sets = [...read.listenerSets.where('gateway', key)].sort(bySeniority)
  const allowed = sets.map((set) => isSetAllowed(gateway, set, read.namespaces))

  const drafts: Draft[] = draftsOf(gateway, ref, ports.internal, failure === undefined)
  const plannedSets: PlannedSet[] = []
  for (const [i, set] of sets.entries()) {
    const setPorts = internalPortsOf(set, listOf(set.spec?.listeners).map(portOf))
    if (allowed[i]) drafts.push(...draftsOf(set, setRef(set), setPorts.internal, failure === undefined))
    plannedSets.push({
      key: keyOf(set),
      gateway: key,
      gatewayRef: ref,
      isAllowed: allowed[i] ?? false,
      gatewayServes: failure === undefined,
      internalPortsError: setPorts.error,
    })
  }
  const listeners = completeListeners(drafts, gateway, read.namespaces)
  return [
    {
      gateway: key,
      ref,
      failure,
      internalPortsError: ports.error,
      listeners,
      binds: bindsOf(listeners, drafts),
      sets: plannedSets,
    },
  ]
}

/** The identity of a Gateway, whatever a folder wrote as its apiVersion. */
export function gatewayRef(gateway: Gateway): TypedRef {
  const { namespace = '', name } = gateway.metadata
  return { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name }
}

/** The identity of a ListenerSet. */
export function setRef(set: ListenerSet): TypedRef {
  const { namespace = '', name } = set.metadata
  return { group: GATEWAY_GROUP, kind: 'ListenerSet', namespace, name }
}

/** Types of addresses that make a Gateway unusable are only those no listener could have: see the table of the spec. */
function addressFailure(gateway: Gateway): string | undefined {
  const addresses = usableAddresses(gateway)
  const isManaged =
    addresses.length === 0 || (addresses.length === 1 && (addresses[0]?.type ?? 'IPAddress') === 'IPAddress')
  // An untyped address counts as a possible hostname when there are several.
  const hasHostname = addresses.some(({ type }) => (type ?? 'Hostname') === 'Hostname')
  if (isManaged || hasHostname) return undefined
  return `only Hostname is supported, ignoring [${addresses.map(({ value }) => value ?? '').join(' ')}]`
}

/** Addresses as asked for; an IP address without value asks for any address, which is what happens without it. */
export function usableAddresses(gateway: Gateway): readonly GatewayAddress[] {
  return listOf(gateway.spec?.addresses).filter(({ type, value }) => (type ?? 'IPAddress') !== 'IPAddress' || !!value)
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { HTTP: 80, HTTPS: 443 }

function portOf(listener: Listener): number | undefined {
  const port = typeof listener.port === 'number' ? listener.port : 0
  return port || DEFAULT_PORTS[listener.protocol ?? '']
}

// Gateway API: a Gateway's own listeners come first, then ListenerSets from the oldest to the youngest.
function bySeniority(a: ListenerSet, b: ListenerSet): number {
  return (
    compareStrings(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compareStrings(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
    compareStrings(a.metadata.name, b.metadata.name)
  )
}

interface Draft {
  readonly owner: TypedRef
  readonly order: number
  readonly listener: Listener
  readonly port: number | undefined
  readonly isInternal: boolean
  readonly canServe: boolean
}

function draftsOf(
  object: Gateway | ListenerSet,
  owner: TypedRef,
  internal: ReadonlySet<number>,
  canServe: boolean,
): Draft[] {
  return listOf(object.spec?.listeners).map((listener, order) => {
    const port = portOf(listener)
    return {
      owner,
      order,
      listener,
      port,
      isInternal: port !== undefined && internal.has(port),
      canServe: canServe && port !== undefined,
    }
  })
}

interface OpenPort {
  readonly isInternal: boolean
  readonly protocol: string
  readonly tokens: Set<string>
}

function completeListeners(
  drafts: readonly Draft[],
  gateway: Gateway,
  namespaces: Reader<NamespaceLabels>,
): readonly PlannedListener[] {
  const open = new Map<number, OpenPort>()
  const keys = new Set<string>()
  const wireKeys = new Set<string>()
  const gatewayKey = keyOf(gateway)
  const ref = gatewayRef(gateway)
  return drafts.map((draft) => {
    const { owner, listener, port, order } = draft
    const allowedNamespaces = namespacesOf(listener.allowedRoutes?.namespaces, owner.namespace, namespaces)
    const conflict = draft.canServe ? claimPort(open, draft, allowedNamespaces) : undefined
    return {
      key: unused(keys, `${objectKey(owner)}/${listener.name}`),
      owner,
      gateway: gatewayKey,
      gatewayRef: ref,
      // A Gateway and a ListenerSet may have the same name, and names may hold dots.
      wireKey: unused(wireKeys, `${nameKey(owner.namespace, owner.name)}.${listener.name}`),
      order,
      listener,
      port,
      allowedNamespaces,
      conflict,
      isServed: draft.canServe && conflict !== 'bind-mode',
      frontend: frontendOf(gateway, port),
      clientCertificateRef: gateway.spec?.tls?.backend?.clientCertificateRef,
    }
  })
}

function unused(taken: Set<string>, wanted: string): string {
  let key = wanted
  for (let n = 2; taken.has(key); n++) key = `${wanted}#${n}`
  taken.add(key)
  return key
}

function claimPort(
  open: Map<number, OpenPort>,
  { port = 0, isInternal, listener, owner }: Draft,
  allowedNamespaces: readonly string[],
): Conflict | undefined {
  const protocol = listener.protocol ?? ''
  const scopes = allowedNamespaces.length === 0 ? ['~'] : allowedNamespaces
  const tokens = scopes.map((scope) => `${scope}/${listener.hostname || '*'}`)
  const first = open.get(port)
  if (first === undefined) {
    open.set(port, { isInternal, protocol, tokens: new Set(tokens) })
    return undefined
  }
  if (first.isInternal !== isInternal) return 'bind-mode'
  if (!isCompatible(first.protocol, protocol, owner.kind === 'Gateway')) return 'protocol'
  if (tokens.some((token) => first.tokens.has(token))) return 'hostname'
  for (const token of tokens) first.tokens.add(token)
  return undefined
}

// Gateway API: HTTPS and TLS may share a port. A Gateway's own listeners are told of real conflicts only; for
// ListenerSets the stricter rule stands that conformance and the other implementation follow.
function isCompatible(first: string, later: string, isOwn: boolean): boolean {
  return first === later || (isOwn && bindProtocol(first) === 'TLS' && bindProtocol(later) === 'TLS')
}

/** How the first bytes on a port are read. */
function bindProtocol(protocol: string | undefined): PlannedBind['protocol'] {
  switch (protocol) {
    case 'HTTPS':
    case 'TLS':
      return 'TLS'
    case 'TCP':
      return 'TCP'
    default:
      return 'HTTP'
  }
}

function bindsOf(listeners: readonly PlannedListener[], drafts: readonly Draft[]): readonly PlannedBind[] {
  const binds = new Map<number, PlannedBind>()
  for (const [i, { port, isServed, conflict, listener, owner }] of listeners.entries()) {
    if (!isServed || port === undefined) continue
    const bind = binds.get(port)
    if (bind === undefined) {
      binds.set(port, {
        port,
        protocol: bindProtocol(listener.protocol),
        isHbone: listener.protocol === 'HBONE',
        isInternal: drafts[i]?.isInternal ?? false,
        owners: [owner],
      })
    } else if (conflict === undefined && !bind.owners.some((other) => objectKey(other) === objectKey(owner))) {
      binds.set(port, { ...bind, owners: [...bind.owners, owner] })
    }
  }
  return [...binds.values()]
}

function namespacesOf(
  scope: NamespaceScope | undefined,
  own: string,
  namespaces: Reader<NamespaceLabels>,
): readonly string[] {
  switch (scope?.from || 'Same') {
    case 'Same':
      return [own]
    case 'Selector': {
      const selector = scope?.selector
      if (selector === undefined || selector === null) return [ALL_NAMESPACES]
      if (selectorError(selector) !== undefined) return []
      return namespaces
        .list()
        .filter(({ labels }) => matchesSelector(selector, labels))
        .map(({ name }) => name)
        .sort()
    }
    default:
      return [ALL_NAMESPACES]
  }
}

function isSetAllowed(gateway: Gateway, set: ListenerSet, namespaces: Reader<NamespaceLabels>): boolean {
  const scope = gateway.spec?.allowedListeners?.namespaces
  const namespace = set.metadata.namespace ?? ''
  switch (scope?.from) {
    case 'All':
      return true
    case 'Same':
      return namespace === (gateway.metadata.namespace ?? '')
    case 'Selector': {
      const labels = namespaces.get(namespace)?.labels
      return labels !== undefined && scope.selector !== undefined && matchesSelector(scope.selector, labels)
    }
    default:
      return false
  }
}

function frontendOf(gateway: Gateway, port: number | undefined): PlannedListener['frontend'] {
  const frontend = gateway.spec?.tls?.frontend
  const perPort = listOf(frontend?.perPort)
  const index = perPort.findIndex((entry) => entry.port === port)
  const validation = index < 0 ? frontend?.default?.validation : perPort[index]?.tls?.validation
  if (validation === undefined || validation === null) return undefined
  const at = index < 0 ? 'default' : `perPort[${index}].tls`
  return { validation, path: `spec.tls.frontend.${at}.validation` }
}

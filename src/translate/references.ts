// What a backendRef of a route (or a model) comes to on the wire: filled in, present but empty, or left out. Whether the
// share of the traffic or the whole rule suffers from a problem is decided by the rules; grants are asked of grants.ts.
import { nameKey } from '../core/keys.ts'
import { type Outcome, ok, type Reason, rejected } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { BackendObjectRef } from '../features/shared/context.ts'
import { keyOf } from '../kube/object.ts'
import type { DirectResponse, InferencePool } from '../kube/route-types.ts'
import type { BackendReference } from '../wire/messages.ts'
import { type GrantFrom, isGranted, type Permission } from './grants.ts'
import { type Node, nodeOf } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** Group of AgentgatewayBackend and the other kinds of our own. */
export const AGENTGATEWAY_GROUP = 'agentgateway.dev'

/** Group of InferencePool. */
export const INFERENCE_GROUP = 'inference.networking.k8s.io'

/** Group of kgateway's Backend, for which an AgentgatewayBackend of the same name stands. */
export const KGATEWAY_GROUP = 'gateway.kgateway.dev'

/** What resolving reads. */
export interface ReferenceReads {
  readonly permissions: Reader<Permission>
  /** Services and backends are only asked whether they exist. */
  readonly services: Reader<unknown>
  readonly agentgatewaybackends: Reader<unknown>
  readonly inferencepools: Reader<Pick<InferencePool, 'spec'>>
  /** Only filters of routes have them. */
  readonly directresponses?: Reader<DirectResponse>
}

/** The settings that references depend on. */
export type ReferenceSettings = Pick<TranslateSettings, 'clusterDomain' | 'backendRefGrantMode' | 'enableInferencePool'>

/** Who refers, and what it can see. */
export interface ReferenceScope {
  readonly from: GrantFrom
  readonly read: ReferenceReads
  readonly settings: ReferenceSettings
}

/** What references to a pool depend on. */
export function referencedPool(pool: InferencePool): Pick<InferencePool, 'spec'> & { readonly key: string } {
  return { key: keyOf(pool), spec: { targetPorts: pool.spec?.targetPorts ?? [] } }
}

/** The node of what a route refers to. */
export function backendNode(ref: BackendObjectRef, namespace: string): Node {
  const kind = ref.kind || 'Service'
  const read = isBackendKind(ref.group ?? '', kind) ? 'AgentgatewayBackend' : kind
  return nodeOf(read, ref.namespace || namespace, ref.name)
}

function isBackendKind(group: string, kind: string): boolean {
  return (
    (group === AGENTGATEWAY_GROUP && kind === 'AgentgatewayBackend') || (group === KGATEWAY_GROUP && kind === 'Backend')
  )
}

/** Host name of a Service. */
export function serviceHostname(namespace: string, name: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`
}

/** Host name under which an InferencePool is known. */
export function poolHostname(namespace: string, name: string, clusterDomain: string): string {
  return `${name}.${namespace}.inference.${clusterDomain}`
}

/**
 * Resolves a backendRef of a route. A refused reference has no value, one of an unknown kind an empty value, and one to
 * something missing the value it would have: proxies answer 500 for each, and goldens tell them apart.
 */
export function resolveRouteBackend(
  ref: BackendObjectRef,
  path: string,
  scope: ReferenceScope,
): Outcome<BackendReference> {
  const { from, read, settings } = scope
  const namespace = ref.namespace || from.namespace
  const to = { group: ref.group ?? '', kind: ref.kind || 'Service', namespace, name: ref.name }
  // The grant comes first, so that what is forbidden cannot be told from what does not exist.
  if (settings.backendRefGrantMode !== 'none' && !isGranted(read.permissions, from, to))
    return rejected(
      'RefNotPermitted',
      path,
      `backendRef ${namespace}/${ref.name} not accessible to a ${from.kind} in namespace "${from.namespace}" (missing a ReferenceGrant?)`,
    )
  return resolveBackend(ref, path, scope)
}

/** Resolves a backendRef that needs no grant: those of models, and of routes once the grant has been seen. */
export function resolveBackend(ref: BackendObjectRef, path: string, scope: ReferenceScope): Outcome<BackendReference> {
  const group = ref.group ?? ''
  const kind = ref.kind || 'Service'
  if (group === '' && kind === 'Service') return resolveService(ref, path, scope)
  if (group === INFERENCE_GROUP && kind === 'InferencePool') return resolvePool(ref, path, scope)
  if (isBackendKind(group, kind)) {
    const key = nameKey(ref.namespace || scope.from.namespace, ref.name)
    const value: BackendReference = { backend: key }
    return scope.read.agentgatewaybackends.get(key) === undefined
      ? flawed(value, 'BackendNotFound', path, `Backend not found: ${key}`)
      : ok(value)
  }
  return flawed({}, 'InvalidKind', path, `referencing unsupported backendRef: group "${group}" kind "${kind}"`)
}

function resolveService(ref: BackendObjectRef, path: string, scope: ReferenceScope): Outcome<BackendReference> {
  if (isHostname(ref.name))
    return flawed(
      {},
      'UnsupportedValue',
      path,
      'service name invalid; the name of the Service must be used, not the hostname.',
    )
  if (!ref.port) return flawed({}, 'UnsupportedValue', path, 'port is required in Service backendRef')
  const namespace = ref.namespace || scope.from.namespace
  const hostname = serviceHostname(namespace, ref.name, scope.settings.clusterDomain)
  const value: BackendReference = { service: { namespace, hostname }, port: ref.port }
  return scope.read.services.get(nameKey(namespace, ref.name)) === undefined
    ? flawed(value, 'BackendNotFound', path, `backend(${hostname}) not found`)
    : ok(value)
}

function resolvePool(ref: BackendObjectRef, path: string, scope: ReferenceScope): Outcome<BackendReference> {
  if (isHostname(ref.name))
    return flawed(
      {},
      'UnsupportedValue',
      path,
      'InferencePool name invalid; the name of the InferencePool must be used, not the hostname.',
    )
  const namespace = ref.namespace || scope.from.namespace
  const key = nameKey(namespace, ref.name)
  const pool = scope.settings.enableInferencePool ? scope.read.inferencepools.get(key) : undefined
  if (pool === undefined) return flawed({}, 'BackendNotFound', path, `backendRef ${key} not found`)
  // The pool decides the port: whatever the reference says would be a port that the endpoint picker does not know.
  const port = pool.spec?.targetPorts?.[0]?.number
  if (port === undefined)
    return flawed({}, 'UnsupportedValue', path, 'inferencePool.targetPorts must contain at least one entry')
  return ok({
    service: { namespace, hostname: poolHostname(namespace, ref.name, scope.settings.clusterDomain) },
    port,
  })
}

function isHostname(name: unknown): boolean {
  return typeof name === 'string' && name.includes('.')
}

function flawed(value: BackendReference, reason: Reason, path: string, message: string): Outcome<BackendReference> {
  return { value, problems: [{ reason, path, message }] }
}

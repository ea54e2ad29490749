// What features see of the world: objects of their owner's namespace, and backends by the rules for policies, and
// remote key sets. How those are found and fetched is decided where fact/key-sets is.
import { nameKey, objectKey, type TypedRef } from '../core/keys.ts'
import { type Outcome, ok, type Reason, rejected } from '../core/problem.ts'
import type { Indexes, Reader } from '../engine/collection.ts'
import type { BackendObjectRef, FeatureContext } from '../features/shared/context.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import { matchesSelector } from '../kube/labels.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import type { BackendReference } from '../wire/messages.ts'
import { compare } from './attachment.ts'
import { isGranted, type Permission } from './grants.ts'
import type { Demand } from './model.ts'
import { AGENTGATEWAY_GROUP, serviceHostname } from './references.ts'
import type { TranslateSettings } from './settings.ts'

/** What features may look at; `secrets` and `configmaps` have the indexes of `labelIndexes`, `permissions` `permits`. */
export interface FeatureReads {
  readonly secrets: Reader<Secret>
  readonly configmaps: Reader<ConfigMap>
  readonly services: Reader<Service>
  /** Only asked whether they exist. */
  readonly agentgatewaybackends: Reader<unknown>
  readonly permissions: Reader<Permission>
  readonly keySets: Reader<KeySet>
}

/** A remote key set of one object, as far as it is known (`fact/key-sets`). */
export interface KeySet {
  /** Made by `keySetKey`. */
  readonly key: string
  /** The document, or why there is none. */
  readonly document: Outcome<string>
  /** What has to be fetched for it. */
  readonly demand?: Demand
}

/** Whose features these are, and what they can see. */
export interface FeatureScope {
  readonly owner: TypedRef
  readonly policyName: string
  readonly read: FeatureReads
  readonly settings: Pick<TranslateSettings, 'backendRefGrantMode' | 'clusterDomain'>
}

/** What resolving a backendRef of a policy needs. */
export interface ReferenceOwner extends Pick<FeatureScope, 'owner' | 'settings'> {
  readonly read: Pick<FeatureReads, 'services' | 'agentgatewaybackends' | 'permissions'>
}

/** Indexes by which Secrets and ConfigMaps with given labels are found. */
export const labelIndexes = {
  namespace: ({ metadata }: KubeObject): readonly string[] => [metadata.namespace ?? ''],
  label: ({ metadata }: KubeObject): readonly string[] =>
    Object.entries(metadata.labels ?? {}).map((label) => labelBucket(metadata.namespace ?? '', label)),
} satisfies Indexes<KubeObject>

// Credentials of other tools: nobody means these when they name a Secret.
const UNSEEN_SECRETS = new Set(['helm.sh/release.v1', 'kubernetes.io/service-account-token'])

/** Makes the context of one object. */
export function featureContext(scope: FeatureScope): FeatureContext {
  const { owner, policyName, read } = scope
  const { namespace } = owner
  return {
    owner,
    policyName,
    secret: (name) => [read.secrets.get(nameKey(namespace, name))].filter(isSeen)[0],
    configMap: (name) => read.configmaps.get(nameKey(namespace, name)),
    secretsWith: (labels) => labelled(read.secrets, namespace, labels).filter(isSeen),
    configMapsWith: (labels) => labelled(read.configmaps, namespace, labels),
    backend: (ref, path) => resolvePolicyBackend(ref, path, scope),
    jwks: (_remote, path) =>
      read.keySets.get(keySetKey(owner, path))?.document ??
      rejected('Pending', path, 'the key set has not been looked up yet'),
  }
}

/** Key of the key set that an object asks for at a field path. */
export function keySetKey(owner: TypedRef, path: string): string {
  return `${objectKey(owner)}#${path}`
}

/** Resolves a backendRef by the rules for policies: what cannot be used has no value. */
export function resolvePolicyBackend(
  ref: BackendObjectRef,
  path: string,
  { owner, read, settings }: ReferenceOwner,
): Outcome<BackendReference> {
  const group = ref.group ?? ''
  const kind = ref.kind || 'Service'
  const namespace = ref.namespace || owner.namespace
  const { name } = ref
  const key = nameKey(namespace, name)
  const refuse = (reason: Reason, message: string) => rejected(reason, path, message)
  if (settings.backendRefGrantMode === 'route-and-policy') {
    const to = { group, kind, namespace, name }
    if (!isGranted(read.permissions, owner, to)) {
      const what = `backendRef ${key} not accessible to an ${owner.kind} in namespace "${owner.namespace}"`
      return refuse('RefNotPermitted', `${what} (missing a ReferenceGrant?)`)
    }
  }
  if (group === '' && kind === 'Service') {
    if (name?.includes('.')) return refuse('Invalid', 'service name invalid; the name of the Service, not the hostname')
    if (read.services.get(key) === undefined) return refuse('BackendNotFound', `unable to find the Service ${key}`)
    if (!ref.port) return refuse('Invalid', 'port is required for Service targets')
    const hostname = serviceHostname(namespace, name, settings.clusterDomain)
    return ok({ service: { namespace, hostname }, port: ref.port })
  }
  if (group === AGENTGATEWAY_GROUP && kind === 'AgentgatewayBackend') {
    return read.agentgatewaybackends.get(key) === undefined
      ? refuse('BackendNotFound', `unable to find the Backend ${key}`)
      : ok({ backend: key })
  }
  return refuse('InvalidKind', `unsupported backend ${kind}.${group}`)
}

function isSeen(secret: Secret | undefined): secret is Secret {
  return secret !== undefined && !UNSEEN_SECRETS.has(secret.type ?? '')
}

/** The objects of a namespace that carry all of the labels, by name. */
function labelled<T extends KubeObject>(
  objects: Reader<T>,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): readonly T[] {
  const [first] = Object.entries(labels).sort(([a], [b]) => compare(a, b))
  const candidates =
    first === undefined ? objects.where('namespace', namespace) : objects.where('label', labelBucket(namespace, first))
  return candidates
    .filter(({ metadata }) => matchesSelector({ matchLabels: labels }, metadata.labels))
    .toSorted((a, b) => compare(keyOf(a), keyOf(b)))
}

function labelBucket(namespace: string, [key, value]: readonly [string, string]): string {
  return `${namespace}/${key}=${value}`
}

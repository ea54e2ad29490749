// What features see of the world: Secrets and ConfigMaps of their object's namespace, backends by the rules for
// policies, and key sets. Which objects exist is read where it is asked, so that only what was asked is tracked.
import { nameKey, type TypedRef } from '../core/keys.ts'
import { type Outcome, ok } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { BackendObjectRef, FeatureContext } from '../features/shared/context.ts'
import { flawed } from '../features/shared/flaws.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import { labelBucket, matchesSelector } from '../kube/labels.ts'
import type { BackendReference } from '../wire/messages.ts'
import type { Permission } from './grants.ts'
import { type JwksReads, resolveJwks } from './jwks.ts'
import type { Demand } from './model.ts'
import { grantProblem } from './policy-grants.ts'
import { AGENTGATEWAY_GROUP, serviceHostname } from './references.ts'
import type { TranslateSettings } from './settings.ts'
import { isSeen, secretIn } from './visible-secrets.ts'

/** What features read. `secrets` and `configmaps` have the index `labels`, `permissions` has `permits`. */
export interface FeatureReads extends JwksReads {
  readonly permissions: Reader<Permission>
  readonly services: Reader<Service>
  readonly secrets: Reader<Secret>
  readonly configmaps: Reader<ConfigMap>
}

/** The settings that features depend on. */
export type FeatureSettings = Pick<TranslateSettings, 'clusterDomain' | 'backendRefGrantMode' | 'systemNamespace'>

/** Name under which messages speak of policies inside of a backend. */
const INLINE_POLICY = 'inline_policy'

/** Who is translated, and what it can see. */
export interface FeatureScope {
  readonly owner: TypedRef
  readonly read: FeatureReads
  readonly settings: FeatureSettings
}

/** A context, and the documents that were asked of it so far. */
export interface DemandingContext {
  readonly ctx: FeatureContext
  readonly demands: readonly Demand[]
}

/** The context of an object's features. */
export function featureContext(scope: FeatureScope): DemandingContext {
  const { owner, read } = scope
  const { namespace } = owner
  const policyName = owner.kind === 'AgentgatewayPolicy' ? owner.name : INLINE_POLICY
  const demands: Demand[] = []
  const ctx: FeatureContext = {
    owner,
    policyName,
    secret: (name) => secretIn(read.secrets, namespace, name),
    configMap: (name) => read.configmaps.get(nameKey(namespace, name)),
    secretsWith: (labels) =>
      read.secrets
        .where('labels', labelBucket(namespace, labels))
        .filter((secret) => isSeen(secret) && matchesSelector({ matchLabels: labels }, secret.metadata.labels)),
    configMapsWith: (labels) =>
      read.configmaps
        .where('labels', labelBucket(namespace, labels))
        .filter((configMap) => matchesSelector({ matchLabels: labels }, configMap.metadata.labels)),
    backend: (ref, path) => resolvePolicyBackend(ref, path, scope),
    jwks(remote, path) {
      const { demand, document } = resolveJwks(remote, path, { scope, policyName })
      if (demand !== undefined) demands.push(demand)
      return document
    },
  }
  return { ctx, demands }
}

/** Resolves a backendRef of a policy. The port of a Service must be given, but need not exist. */
export function resolvePolicyBackend(
  ref: BackendObjectRef,
  path: string,
  { owner, read, settings }: Pick<FeatureScope, 'owner' | 'read' | 'settings'>,
): Outcome<BackendReference> {
  const group = ref.group ?? ''
  const kind = ref.kind || 'Service'
  const namespace = ref.namespace || owner.namespace
  const key = nameKey(namespace, ref.name)
  // The grant comes first, so that what is forbidden cannot be told from what does not exist.
  const refused = grantProblem(ref, path, { from: owner, read, settings })
  if (refused !== undefined) return { value: undefined, problems: [refused] }
  if (group === '' && kind === 'Service') {
    if (String(ref.name).includes('.')) {
      return flawed(path, 'service name invalid; the name of the Service, not the hostname')
    }
    if (read.services.get(key) === undefined) return flawed(path, `unable to find the Service ${key}`)
    if (!ref.port) return flawed(path, 'port is required for Service targets')
    const hostname = serviceHostname(namespace, ref.name, settings.clusterDomain)
    return ok({ service: { hostname, namespace }, port: ref.port })
  }
  if (group === AGENTGATEWAY_GROUP && kind === 'AgentgatewayBackend') {
    return read.agentgatewaybackends.get(key) === undefined
      ? flawed(path, `unable to find the Backend ${key}`)
      : ok({ backend: key })
  }
  return flawed(path, `unsupported backend ${group === '' ? kind : `${kind}.${group}`}`)
}

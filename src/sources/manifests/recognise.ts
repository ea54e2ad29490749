// What kind a document is of: watched, a watched one in another version, something of Kubernetes that means nothing here,
// or a mistake. Spelling is judged here, fields are not.
import { closest } from '../../core/closest.ts'
import { groupOf } from '../../kube/object.ts'
import { apiVersionOf, type WatchedKind } from '../kubernetes/kinds.ts'

/** What a document's apiVersion and kind say. */
export type Recognition =
  | { readonly is: 'watched'; readonly kind: WatchedKind; readonly warning: string | undefined }
  /** Of a kind that others read; nothing is wrong with it. */
  | { readonly is: 'foreign' }
  | { readonly is: 'unknown'; readonly message: string }

/** Groups whose kinds often stand beside ours in manifests, rightly so, and say nothing to a gateway. */
const foreignGroups = new Set([
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'rbac.authorization.k8s.io',
  'apiextensions.k8s.io',
  'storage.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'admissionregistration.k8s.io',
  'certificates.k8s.io',
  'monitoring.coreos.com',
  'cert-manager.io',
  'kagent.dev',
  'security.istio.io',
])
/** Kinds that are another way to say what is read here, and what to write. */
const instead: Readonly<Record<string, string>> = {
  Ingress:
    'write an HTTPRoute; or keep the Ingress with its own controller, and have it lead to the Service that is named like the Gateway',
  IngressClass: 'write a GatewayClass, or none: the class agentgateway is made by itself',
}
const foreignCoreKinds = new Set([
  'ServiceAccount',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'LimitRange',
  'Event',
  'Endpoints',
  'ReplicationController',
])

/** Tells what a document of this apiVersion and kind is. */
export function recognise(apiVersion: string, kind: string, kinds: readonly WatchedKind[]): Recognition {
  const group = groupOf(apiVersion)
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  const named = kinds.filter((each) => each.kind === kind)
  const watched = named.find((each) => each.group === group)
  if (watched !== undefined) return versioned(watched, version)
  if (group === 'networking.k8s.io') {
    const better = instead[kind]
    if (better === undefined) return { is: 'foreign' }
    return { is: 'unknown', message: `${kind} of ${apiVersion} is not read; ${better}` }
  }
  if (foreignGroups.has(group) || (group === '' && foreignCoreKinds.has(kind))) return { is: 'foreign' }
  return { is: 'unknown', message: `${kind} of ${apiVersion} is not read${suggestion(kind, named, kinds)}` }
}

function versioned(kind: WatchedKind, version: string): Recognition {
  if (version === kind.version || kind.newerVersions.includes(version)) {
    return { is: 'watched', kind, warning: undefined }
  }
  const accepted = [kind.version, ...kind.newerVersions].join(' or ')
  if (kind.olderVersions.includes(version)) {
    const warning = `version ${version} of ${kind.kind} is outdated and read as ${kind.version}; write ${apiVersionOf(kind)}`
    return { is: 'watched', kind, warning }
  }
  const message = `${kind.kind} is not read in version ${version}; write ${kind.group === '' ? '' : `${kind.group}/`}${accepted}`
  return { is: 'unknown', message }
}

function suggestion(kind: string, named: readonly WatchedKind[], kinds: readonly WatchedKind[]): string {
  const [same] = named
  if (same !== undefined) return `; did you mean apiVersion ${apiVersionOf(same)}?`
  const meant = closest(
    kind,
    kinds.map((each) => each.kind),
  )
  const nearest = kinds.find((each) => each.kind === meant)
  if (nearest !== undefined) return `; did you mean kind ${nearest.kind} of ${apiVersionOf(nearest)}?`
  const ours = kinds.filter((each) => each.group !== '').map((each) => each.kind)
  return `; read are core kinds and ${ours.join(', ')}`
}

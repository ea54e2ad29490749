// Whose an object is: what makes it the Gateway's, and when an existing one may be taken over. An object of somebody else's
// with the name of ours is left alone, and said so. (spec: deployer, ownership, prune)
import { groupOf, type KubeObject } from '../kube/object.ts'
import {
  type DeploymentOwner,
  deploymentKey,
  GATEWAY_NAME_LABEL,
  ownsDeployments,
  type RenderedObject,
} from '../kube/proxy-deployment.ts'

const GATEWAY = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' } as const

/** What is sent for a rendered object: in its owner's namespace, owned by it, without status. */
export function owned(object: RenderedObject, to: DeploymentOwner): KubeObject {
  const { namespace, name, uid = '', apiVersion = GATEWAY.apiVersion, kind = GATEWAY.kind } = to
  const owner = { apiVersion, kind, name, uid, controller: true }
  return { ...object, metadata: { namespace, ...object.metadata, ownerReferences: [owner] } }
}

/** The key of the deployment that an object belongs to; undefined when it belongs to none. */
export function gatewayOf({ metadata }: KubeObject): string | undefined {
  const controller = controllerOf(metadata)
  return controller !== undefined && ownsDeployments(groupOf(controller.apiVersion), controller.kind)
    ? deploymentKey(controller.kind, metadata.namespace ?? '', controller.name)
    : undefined
}

/** Whether an object is controlled by this very owner. */
export function isControlledBy({ metadata }: KubeObject, owner: DeploymentOwner): boolean {
  const controller = controllerOf(metadata)
  return controller !== undefined && isOfKind(controller, owner) && controller.uid === owner.uid
}

/** Whether this field manager has applied an object and no other has: what only patches or scales it does not count. */
export function isOnlyAppliedBy({ metadata }: KubeObject, manager: string): boolean {
  const appliers = (metadata.managedFields ?? []).filter(({ operation }) => operation === 'Apply')
  return appliers.length > 0 && appliers.every((applier) => applier.manager === manager)
}

/** Why an object that exists may not be taken over; undefined when it may. */
export function foreignness(
  live: KubeObject,
  {
    owner,
    label,
    isSessionKey,
  }: { readonly owner: DeploymentOwner; readonly label: string; readonly isSessionKey: boolean },
): string | undefined {
  if (isControlledBy(live, owner)) return undefined
  const what = `${live.kind} ${live.metadata.namespace ?? ''}/${live.metadata.name}`
  const controller = controllerOf(live.metadata)
  if (controller !== undefined) {
    return isOfKind(controller, owner)
      ? `${what} still belongs to an earlier ${kindOf(owner)} of this name and is about to be deleted`
      : `${what} belongs to ${controller.kind} ${controller.name}, so the ${kindOf(owner)} cannot have an object of that name`
  }
  // Users may bring a session key of their own; whoever labels an object as the Gateway's hands it over.
  if (isSessionKey || live.metadata.labels?.[GATEWAY_NAME_LABEL] === label) return undefined
  return `${what} exists and is not the ${kindOf(owner)}'s; rename one of them, or hand it over with the label ${GATEWAY_NAME_LABEL}=${label}`
}

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number]

function controllerOf({ ownerReferences }: KubeObject['metadata']): Owner | undefined {
  return ownerReferences?.find(({ controller }) => controller === true)
}

function kindOf({ kind = GATEWAY.kind }: DeploymentOwner): string {
  return kind
}

// Versions of a kind come and go.
function isOfKind(controller: Owner, owner: DeploymentOwner): boolean {
  const group = groupOf(owner.apiVersion ?? GATEWAY.apiVersion)
  return groupOf(controller.apiVersion) === group && controller.kind === kindOf(owner) && controller.name === owner.name
}

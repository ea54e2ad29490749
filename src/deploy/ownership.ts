// Whose an object is: what makes it the Gateway's, and when an existing one may be taken over. An object of somebody else's
// with the name of ours is left alone, and said so. (spec: deployer, ownership, prune)
import { groupOf, type KubeObject } from '../kube/object.ts'
import { type DeploymentOwner, GATEWAY_NAME_LABEL, type RenderedObject } from '../kube/proxy-deployment.ts'

const GATEWAY_GROUP = 'gateway.networking.k8s.io'

/** What is sent for a rendered object: in the Gateway's namespace, owned by it, without status. */
export function owned(object: RenderedObject, { namespace, name, uid = '' }: DeploymentOwner): KubeObject {
  const owner = { apiVersion: `${GATEWAY_GROUP}/v1`, kind: 'Gateway', name, uid, controller: true }
  return { ...object, metadata: { namespace, ...object.metadata, ownerReferences: [owner] } }
}

/** `namespace/name` of the Gateway that controls an object; undefined when none does. */
export function gatewayOf({ metadata }: KubeObject): string | undefined {
  const controller = controllerOf(metadata)
  return controller !== undefined && isGateway(controller)
    ? `${metadata.namespace ?? ''}/${controller.name}`
    : undefined
}

/** Whether an object is controlled by this very Gateway. */
export function isControlledBy({ metadata }: KubeObject, { name, uid }: DeploymentOwner): boolean {
  const controller = controllerOf(metadata)
  return controller !== undefined && isGateway(controller) && controller.name === name && controller.uid === uid
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
    return isGateway(controller) && controller.name === owner.name
      ? `${what} still belongs to an earlier Gateway of this name and is about to be deleted`
      : `${what} belongs to ${controller.kind} ${controller.name}, so the Gateway cannot have an object of that name`
  }
  // Users may bring a session key of their own; whoever labels an object as the Gateway's hands it over.
  if (isSessionKey || live.metadata.labels?.[GATEWAY_NAME_LABEL] === label) return undefined
  return `${what} exists and is not the Gateway's; rename one of them, or hand it over with the label ${GATEWAY_NAME_LABEL}=${label}`
}

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number]

function controllerOf({ ownerReferences }: KubeObject['metadata']): Owner | undefined {
  return ownerReferences?.find(({ controller }) => controller === true)
}

function isGateway({ apiVersion, kind }: Owner): boolean {
  return groupOf(apiVersion) === GATEWAY_GROUP && kind === 'Gateway'
}

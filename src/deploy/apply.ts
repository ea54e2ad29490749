// One deployment into the cluster: its objects by server-side apply, one after the other, then the removal of what is no
// longer rendered. Throws what the API server said; when to try again is the deployer's to decide.
import { createHash, randomBytes } from 'node:crypto'
import { isApiError } from '../cluster/api-error.ts'
import type { ClusterClient } from '../cluster/client.ts'
import type { KubeObject } from '../kube/object.ts'
import {
  type DeploymentOwner,
  GATEWAY_NAME_LABEL,
  type ProxyDeployment,
  type RenderedObject,
  SESSION_KEY_FIELD,
} from '../kube/proxy-deployment.ts'
import { type DeployedKind, deployedKind, deployedKinds } from './kinds.ts'
import { foreignness, isControlledBy, isOnlyAppliedBy, owned } from './ownership.ts'

/** What deploying needs of an API server; the client's field manager is the controller's name. */
export type DeployClient = Pick<ClusterClient, 'get' | 'list' | 'apply' | 'create' | 'delete'>

/** The objects of a Gateway as they were after they had been applied, by kind and name. */
export type AppliedObjects = ReadonlyMap<string, string>

/** Why an object cannot be deployed; not to be had from the API server. */
export class DeploymentRefusal extends Error {}

/** Applies a rendered deployment and prunes. */
export async function applyDeployment(
  client: DeployClient,
  deployment: Extract<ProxyDeployment, { kind: 'rendered' }>,
): Promise<AppliedObjects> {
  const { owner, objects, name: label } = deployment
  if (owner.uid === undefined)
    throw new DeploymentRefusal('the Gateway is not in the cluster, so it can own nothing there')
  const applied = new Map<string, string>()
  for (const object of objects) {
    const resource = deployedKind(object)
    if (resource === undefined) throw new DeploymentRefusal(`${object.kind} is not a kind that is deployed`)
    const live = await client.get(resource, { namespace: owner.namespace, name: object.metadata.name })
    const isSessionKey = object.kind === 'Secret'
    const foreign = live === undefined ? undefined : foreignness(live, { owner, label, isSessionKey })
    if (foreign !== undefined) throw new DeploymentRefusal(foreign)
    const stored = await client.apply(resource, owned(object, owner))
    applied.set(appliedKey(object), fingerprint(stored))
  }
  await prune(client, deployment)
  return applied
}

/** Creates the session key a deployment waits for; whoever was first has made the one that counts. */
export async function createSessionKey(
  client: DeployClient,
  { secret, owner }: Extract<ProxyDeployment, { kind: 'needs-session-key' }>,
): Promise<void> {
  const resource = deployedKind(secret)
  if (resource === undefined) return
  const data = { [SESSION_KEY_FIELD]: Buffer.from(randomBytes(32).toString('hex')).toString('base64') }
  try {
    await client.create(resource, owned({ ...secret, data }, owner))
  } catch (error) {
    if (!isApiError(error, 409)) throw error
  }
}

/** Key of an object among those of its Gateway. */
export function appliedKey({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`
}

/** What an object says, in short: everything but its status and what changes with every write. */
export function fingerprint(object: KubeObject): string {
  // The API server's JSON has more fields than are read.
  const { status: _, metadata, ...rest } = object as KubeObject & { readonly status?: unknown }
  const {
    resourceVersion: __,
    generation: ___,
    managedFields: ____,
    ...kept
  } = metadata as typeof metadata & {
    readonly managedFields?: unknown
  }
  return createHash('sha256')
    .update(stableText({ ...rest, metadata: kept }))
    .digest('base64')
}

function stableText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/**
 * Removes what runs the proxies of a Gateway that another controller has now, as far as nobody but `manager` has applied it.
 * Answers with what was removed.
 */
export async function removeProxies(
  client: DeployClient,
  owner: DeploymentOwner,
  manager: string,
): Promise<readonly string[]> {
  const selection = { namespace: owner.namespace, labelSelector: GATEWAY_NAME_LABEL }
  return remove(client, selection, (object) => isControlledBy(object, owner) && isOnlyAppliedBy(object, manager))
}

async function prune(
  client: DeployClient,
  {
    owner,
    name,
    objects,
  }: { readonly owner: ProxyDeployment['owner']; readonly name: string; readonly objects: readonly RenderedObject[] },
): Promise<void> {
  const wanted = new Set(objects.map(appliedKey))
  const selection = { namespace: owner.namespace, labelSelector: `${GATEWAY_NAME_LABEL}=${name}` }
  await remove(client, selection, (object) => !wanted.has(appliedKey(object)) && isControlledBy(object, owner))
}

interface PrunedSelection {
  readonly namespace: string
  readonly labelSelector: string
}

async function remove(
  client: DeployClient,
  selection: PrunedSelection,
  isUnwanted: (object: KubeObject) => boolean,
): Promise<readonly string[]> {
  const { namespace } = selection
  const removed: string[] = []
  const failures: unknown[] = []
  for (const resource of deployedKinds) {
    if (!resource.isPruned) continue
    for (const item of await itemsOf(client, resource, selection)) {
      const object = { ...item, kind: resource.kind }
      if (!isUnwanted(object)) continue
      const { name, uid } = object.metadata
      try {
        await client.delete(resource, { namespace, name }, uid ? { uid } : {})
        removed.push(appliedKey(object))
      } catch (error) {
        // Somebody else has put another object in its place.
        if (!isApiError(error, 409)) failures.push(error)
      }
    }
  }
  if (failures.length > 0) throw failures[0]
  return removed
}

async function itemsOf(
  client: DeployClient,
  resource: DeployedKind,
  selection: PrunedSelection,
): Promise<readonly KubeObject[]> {
  const items: KubeObject[] = []
  try {
    for (let continueToken = ''; ; ) {
      const page = await client.list(resource, { ...selection, limit: 500, continueToken })
      items.push(...page.items)
      if (page.continueToken === '') return items
      continueToken = page.continueToken
    }
  } catch (error) {
    // The cluster does not serve the kind.
    if (isApiError(error, 404)) return []
    throw error
  }
}

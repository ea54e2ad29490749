// Which Secrets exist for policies. Clusters are full of Secrets that belong to other tools; none of ours names them.
import { nameKey } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import type { Secret } from '../kube/core-types.ts'

const UNSEEN = new Set(['helm.sh/release.v1', 'kubernetes.io/service-account-token'])

/** Whether a Secret is of a type that policies may use. */
export function isSeen(secret: Secret): boolean {
  return !UNSEEN.has(secret.type ?? '')
}

/** A Secret of a namespace; those of types that are never referred to do not exist here. */
export function secretIn(secrets: Reader<Secret>, namespace: string, name: string): Secret | undefined {
  const secret = secrets.get(nameKey(namespace, name))
  return secret !== undefined && isSeen(secret) ? secret : undefined
}

// The kinds of which the objects that run proxies are, and which of them are removed when they are no longer rendered.
import type { Resource } from '../cluster/client.ts'
import type { KubeObject } from '../kube/object.ts'

/** A kind that is deployed. */
export interface DeployedKind extends Resource {
  readonly kind: string
  /** Whether what is no longer rendered is removed; the rest goes with its Gateway. */
  readonly isPruned: boolean
}

const kind = (group: string, version: string, name: string, plural: string, isPruned = false): DeployedKind => ({
  ...{ group, version, plural, kind: name, isPruned },
  namespaced: true,
})

/** All kinds that are deployed. */
export const deployedKinds: readonly DeployedKind[] = [
  kind('', 'v1', 'ServiceAccount', 'serviceaccounts'),
  kind('', 'v1', 'ConfigMap', 'configmaps'),
  kind('', 'v1', 'Service', 'services'),
  kind('', 'v1', 'Secret', 'secrets'),
  kind('apps', 'v1', 'Deployment', 'deployments', true),
  kind('apps', 'v1', 'DaemonSet', 'daemonsets', true),
  kind('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', true),
  kind('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', true),
]

/** The kind of an object that was rendered. */
export function deployedKind(object: KubeObject): DeployedKind | undefined {
  return deployedKinds.find((each) => each.kind === object.kind)
}

// The nodes of deployment: rendered objects per Gateway, what is wrong with its parameters, and its addresses. No logic. A
// Secret or ConfigMap runs only the Gateways that read it.
import type { Collection, Graph } from '../engine/collection.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import type { ProxyDeployment } from '../kube/proxy-deployment.ts'
import type { AgentgatewayParameters } from './deployment-parameters.ts'
import { refusalOf, renderDeployment } from './deployments.ts'
import { type AssignedAddresses, assignedAddresses } from './gateway-addresses.ts'
import type { GatewayPlan } from './gateway-plan.ts'
import type { DeploymentVerdict } from './gateways.ts'
import type { DeploySettings } from './settings.ts'

/** What deployments are made of. */
export interface DeploymentInputs {
  readonly gateways: Collection<Gateway>
  readonly gatewayclasses: Collection<GatewayClass>
  readonly agentgatewayparameters: Collection<AgentgatewayParameters>
  readonly secrets: Collection<Secret>
  readonly configmaps: Collection<ConfigMap>
  readonly services: Collection<Service>
  /** `fact/gateway-plans`. */
  readonly plans: Collection<GatewayPlan>
}

/** Keyed by Gateway, each. */
export interface DeploymentCollections {
  readonly objects: Collection<ProxyDeployment>
  /** Gateways that cannot be rendered, for their status. */
  readonly refusals: Collection<DeploymentVerdict>
  readonly addresses: Collection<AssignedAddresses>
}

/** Declares deployments; without settings nothing is deployed and all of it is empty. */
export function declareDeployments(
  graph: Graph,
  inputs: DeploymentInputs,
  settings: DeploySettings | undefined,
): DeploymentCollections {
  const objects = graph.derive({
    name: 'deploy/objects',
    from: inputs.gateways,
    reads: {
      plans: inputs.plans,
      classes: inputs.gatewayclasses,
      parameters: inputs.agentgatewayparameters,
      secrets: inputs.secrets,
      configmaps: inputs.configmaps,
    },
    run: (gateway, read) => (settings === undefined ? [] : renderDeployment(gateway, read, settings)),
    key: ({ gateway }) => gateway,
  })
  return {
    objects,
    refusals: graph.derive({
      name: 'deploy/refusals',
      from: objects,
      reads: {},
      run: refusalOf,
      key: ({ gateway }) => gateway,
    }),
    addresses: graph.derive({
      name: 'deploy/addresses',
      from: inputs.gateways,
      reads: { plans: inputs.plans, services: inputs.services },
      run: (gateway, read) => (settings === undefined ? [] : assignedAddresses(gateway, read)),
      key: ({ gateway }) => gateway,
    }),
  }
}

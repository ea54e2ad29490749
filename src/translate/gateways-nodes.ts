// The nodes of GatewayClasses, Gateways and ListenerSets. No logic. A Secret runs only the listeners that read it, a
// listener only its owner; routes see fact/parents, which no certificate changes.

import { objectKey, type TypedRef } from '../core/keys.ts'
import type { Collection, Graph } from '../engine/collection.ts'
import type { ConfigMap, Namespace, Secret } from '../kube/core-types.ts'
import type { Gateway, GatewayClass, ListenerSet } from '../kube/gateway-types.ts'
import type { AssignedAddresses } from './gateway-addresses.ts'
import { classlessGateway, translateGatewayClass } from './gateway-class.ts'
import {
  type GatewayPlan,
  gatewayOfSet,
  type NamespaceLabels,
  namespaceLabels,
  type PlannedListener,
  type PlannedSet,
  planGateway,
} from './gateway-plan.ts'
import { type DeploymentVerdict, gatewayStatus, translateGateway } from './gateways.ts'
import type { Permission } from './grants.ts'
import { listenerSetStatus, translateListenerSet } from './listener-sets.ts'
import { type ListenerOutcome, routeParentOf, translateListener } from './listeners.ts'
import type { StatusDraft, Translation } from './model.ts'
import type { AttachedCount, RouteParent } from './parents.ts'
import { type Edge, nodeOf } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** Indexes that sources need for this area. */
export const gatewayIndexes = {
  listenersets: {
    gateway: (set: ListenerSet): readonly string[] => {
      const gateway = gatewayOfSet(set)
      return gateway === undefined ? [] : [gateway]
    },
  },
}

/** Sources and facts that Gateways are made of; `listenersets` has the index `gateway`, `permissions` `permits`. */
export interface GatewayInputs {
  readonly gatewayclasses: Collection<GatewayClass>
  readonly gateways: Collection<Gateway>
  readonly listenersets: Collection<ListenerSet>
  readonly namespaces: Collection<Namespace>
  readonly secrets: Collection<Secret>
  readonly configmaps: Collection<ConfigMap>
  readonly permissions: Collection<Permission>
}

/** What others may read. */
export interface GatewayCollections {
  /** By Gateway; ports and their modes are in `binds`. */
  readonly plans: Collection<GatewayPlan>
  /** Indexes `owner` (object key) and `gateway`. */
  readonly outcomes: Collection<ListenerOutcome>
  /** Index `owner` (object key). */
  readonly parents: Collection<RouteParent>
  /** Gateways and ListenerSets as nodes of reachability; part of fact/edges. */
  readonly edges: Collection<Edge>
  /** By namespace; changes only with labels. */
  readonly namespaces: Collection<NamespaceLabels>
  readonly gatewayClasses: Collection<Translation>
  readonly gateways: Collection<Translation>
  /** What is wrong with Gateways of no class. */
  readonly classlessGateways: Collection<Translation>
  readonly listenerSets: Collection<Translation>
}

/** Declares everything about Gateways except counts of what attaches. */
export function declareGateways(graph: Graph, inputs: GatewayInputs, settings: TranslateSettings): GatewayCollections {
  const namespaces = graph.derive({
    name: 'fact/namespaces',
    from: inputs.namespaces,
    reads: {},
    run: (namespace) => [namespaceLabels(namespace)],
    key: ({ name }) => name,
  })
  const plans: Collection<GatewayPlan> = graph.derive({
    name: 'fact/gateway-plans',
    from: inputs.gateways,
    reads: { classes: inputs.gatewayclasses, listenerSets: inputs.listenersets, namespaces },
    run: (gateway, read) => planGateway(gateway, read, settings.controllerName),
    key: ({ gateway }) => gateway,
  })
  const listeners: Collection<PlannedListener> = graph.derive({
    name: 'fact/listeners',
    from: plans,
    reads: {},
    run: (plan) => plan.listeners,
    key: ({ key }) => key,
  })
  const sets: Collection<PlannedSet> = graph.derive({
    name: 'fact/listenersets',
    from: plans,
    reads: {},
    run: (plan) => plan.sets,
    key: ({ key }) => key,
  })
  const outcomes: Collection<ListenerOutcome> = graph.derive({
    name: 'fact/listener-outcomes',
    from: listeners,
    reads: { secrets: inputs.secrets, configmaps: inputs.configmaps, permissions: inputs.permissions },
    run: (listener, read) => [translateListener(listener, read, settings)],
    key: ({ key }) => key,
    indexes: { owner: ({ owner }) => [objectKey(owner)], gateway: ({ gateway }) => [gateway] },
  })
  return {
    plans,
    outcomes,
    namespaces,
    parents: graph.derive({
      name: 'fact/parents',
      from: listeners,
      reads: {},
      run: (listener) => routeParentOf(listener, settings),
      key: ({ key }) => key,
      indexes: { owner: ({ owner }) => [objectKey(owner)] },
    }),
    edges: graph.union('fact/gateway-edges', [
      graph.derive({
        name: 'fact/gateway-nodes',
        from: plans,
        reads: {},
        run: ({ gateway, ref }) => [edgeOf(ref, gateway, gateway)],
        key: ({ key }) => key,
      }),
      graph.derive({
        name: 'fact/listenerset-nodes',
        from: outcomes,
        reads: {},
        run: ({ key, owner, gateway, isValid }) =>
          owner.kind === 'ListenerSet' && isValid ? [edgeOf(owner, gateway, key)] : [],
        key: ({ key }) => key,
      }),
    ]),
    gatewayClasses: graph.derive({
      name: 'translate/gatewayclasses',
      from: inputs.gatewayclasses,
      reads: {},
      run: (gatewayClass) => translateGatewayClass(gatewayClass, settings),
      key: translationKey,
    }),
    gateways: graph.derive({
      name: 'translate/gateways',
      from: inputs.gateways,
      reads: { plans, outcomes },
      run: (gateway, read) => translateGateway(gateway, read),
      key: translationKey,
    }),
    classlessGateways: graph.derive({
      name: 'translate/classless-gateways',
      from: inputs.gateways,
      reads: { classes: inputs.gatewayclasses },
      run: (gateway, read) => classlessGateway(gateway, read.classes),
      key: translationKey,
    }),
    listenerSets: graph.derive({
      name: 'translate/listenersets',
      from: inputs.listenersets,
      reads: { sets, outcomes },
      run: (set, read) => translateListenerSet(set, read),
      key: translationKey,
    }),
  }
}

/** What completes the statuses; `attached` is keyed by `RouteParent.key`, `deployments` by Gateway. */
export interface GatewayStatusInputs extends Pick<GatewayCollections, 'gateways' | 'listenerSets' | 'outcomes'> {
  readonly attached: Collection<AttachedCount>
  readonly deployments: Collection<DeploymentVerdict>
  readonly addresses: Collection<AssignedAddresses>
}

/** Declares the final statuses of Gateways and ListenerSets. */
export function declareGatewayStatuses(
  graph: Graph,
  inputs: GatewayStatusInputs,
): { readonly gateways: Collection<StatusDraft>; readonly listenerSets: Collection<StatusDraft> } {
  const { attached, outcomes, deployments, addresses } = inputs
  return {
    gateways: graph.derive({
      name: 'status/gateways',
      from: inputs.gateways,
      reads: { attached, outcomes, deployments, addresses },
      run: gatewayStatus,
      key: statusKey,
    }),
    listenerSets: graph.derive({
      name: 'status/listenersets',
      from: inputs.listenerSets,
      reads: { attached },
      run: listenerSetStatus,
      key: statusKey,
    }),
  }
}

function edgeOf(object: TypedRef, gateway: string, key: string): Edge {
  return { key: `${object.kind}>${key}`, node: nodeOf(object.kind, object.namespace, object.name), gateway }
}

function translationKey({ object }: Translation): string {
  return objectKey(object)
}

function statusKey({ object }: StatusDraft): string {
  return objectKey(object)
}

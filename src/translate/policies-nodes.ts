// The nodes of AgentgatewayPolicies: what they make their targets use, their contents, and the contents at their
// targets. No logic. A Secret runs only the contents that read it, a route only the policies whose targets it moves.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { objectKey } from '../core/keys.ts'
import type { Collection, Graph } from '../engine/collection.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy, Gateway, ListenerSet } from '../kube/gateway-types.ts'
import { byLabels } from '../kube/labels.ts'
import type { GrpcRoute, HttpRoute, InferencePool } from '../kube/route-types.ts'
import type { Bindings } from './delegation.ts'
import type { Permission } from './grants.ts'
import { jwksIndexes } from './jwks-tls.ts'
import { type McpLogin, mcpLoginsOf } from './mcp-logins.ts'
import type { Translation } from './model.ts'
import { policyLinks, translatePolicy } from './policies.ts'
import { translatePolicyContent } from './policy-content.ts'
import type { DirectReach, Link } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** Indexes that sources need for this area. */
export const policyIndexes = {
  gateways: byLabels,
  httproutes: byLabels,
  grpcroutes: byLabels,
  listenersets: byLabels,
  services: byLabels,
  agentgatewaybackends: byLabels,
  inferencepools: byLabels,
  secrets: byLabels,
  configmaps: byLabels,
  ...jwksIndexes,
}

/** What policies attach to; each collection has the index `labels`. */
export interface PolicyTargetInputs {
  readonly agentgatewaypolicies: Collection<AgentgatewayPolicy>
  readonly gateways: Collection<Gateway>
  readonly httproutes: Collection<HttpRoute>
  readonly grpcroutes: Collection<GrpcRoute>
  readonly listenersets: Collection<ListenerSet>
  readonly services: Collection<Service>
  readonly agentgatewaybackends: Collection<AgentgatewayBackend>
  readonly inferencepools: Collection<InferencePool>
  /** `fact/permissions`, with the index `permits`. */
  readonly permissions: Collection<Permission>
}

/** Declares what policies make their targets use: part of fact/links. */
export function declarePolicyLinks(
  graph: Graph,
  inputs: PolicyTargetInputs,
  settings: TranslateSettings,
): Collection<Link> {
  const { agentgatewaypolicies, gateways, httproutes, grpcroutes, listenersets } = inputs
  const { services, agentgatewaybackends, inferencepools, permissions } = inputs
  return graph.derive({
    name: 'fact/policy-links',
    from: agentgatewaypolicies,
    reads: {
      ...{ gateways, httproutes, grpcroutes, listenersets },
      ...{ services, agentgatewaybackends, inferencepools, permissions },
    },
    run: (policy, read) => policyLinks(policy, read, settings),
    key: ({ key }) => key,
    indexes: { to: ({ to }) => [to] },
  })
}

/** What policies are translated from. */
export interface PolicyInputs extends PolicyTargetInputs {
  /** With the index `target` of `policyIndexes`, as `agentgatewaypolicies`. */
  readonly backendtlspolicies: Collection<BackendTlsPolicy>
  /** With the index `labels`, as `configmaps`. */
  readonly secrets: Collection<Secret>
  readonly configmaps: Collection<ConfigMap>
  /** `fact/reached`, keyed by node. */
  readonly reached: Collection<DirectReach>
  /** `fact/links`, with the index `to`. */
  readonly links: Collection<Link>
  /** `fact/bindings`, with the index `parent`. */
  readonly bindings: Collection<Bindings>
}

/** What policies come to. */
export interface PolicyCollections {
  readonly translations: Collection<Translation>
  /** `fact/mcp-logins`, with the index `scope`. */
  readonly mcpLogins: Collection<McpLogin>
}

/** Declares the translation of policies; after reachability, and before backends. */
export function declarePolicies(graph: Graph, inputs: PolicyInputs, settings: TranslateSettings): PolicyCollections {
  const { agentgatewaypolicies, gateways, httproutes, grpcroutes, listenersets } = inputs
  const { services, agentgatewaybackends, inferencepools, backendtlspolicies, secrets, configmaps } = inputs
  const { permissions, reached, links, bindings } = inputs
  const contents = graph.derive({
    name: 'translate/policy-contents',
    from: agentgatewaypolicies,
    reads: {
      ...{ agentgatewaypolicies, agentgatewaybackends, backendtlspolicies },
      ...{ services, secrets, configmaps, permissions },
    },
    run: (policy, read) => [translatePolicyContent(policy, read, settings)],
    key: ({ key }) => key,
  })
  const targets = { gateways, httproutes, grpcroutes, listenersets, services, agentgatewaybackends, inferencepools }
  return {
    translations: graph.derive({
      name: 'translate/policies',
      from: agentgatewaypolicies,
      reads: { ...targets, contents, reached, links },
      run: (policy, read) => [translatePolicy(policy, read, settings)],
      key: ({ object }) => objectKey(object),
    }),
    mcpLogins: graph.derive({
      name: 'fact/mcp-logins',
      from: agentgatewaypolicies,
      reads: { ...targets, contents, bindings },
      run: (policy, read) => mcpLoginsOf(policy, read, settings),
      key: ({ key }) => key,
      indexes: { scope: ({ scope }) => [scope] },
    }),
  }
}

// The nodes of backends and models: where models attach, what backends use, which gateways need what models use, and
// the translations. No logic. In three steps, because routes read where models attach, and are read in turn.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayModel } from '../api/model.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { objectKey } from '../core/keys.ts'
import type { ForeignObject } from '../dialects/carried.ts'
import type { Collection, Graph } from '../engine/collection.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy } from '../kube/gateway-types.ts'
import { byLabels } from '../kube/labels.ts'
import { keyOf, refOf } from '../kube/object.ts'
import type { HttpRoute, InferencePool } from '../kube/route-types.ts'
import { type Admission, admit } from './attachment.ts'
import { backendContext, backendLinks, translateBackend } from './backends.ts'
import { featureContext } from './feature-context.ts'
import type { NamespaceLabels } from './gateway-plan.ts'
import type { Permission } from './grants.ts'
import { closedLogin, type McpLogin } from './mcp-logins.ts'
import { mcpServiceOf } from './mcp-targets.ts'
import type { Translation } from './model.ts'
import { attachableModel, findModelParents, type ModelParents } from './model-parents.ts'
import { modelContext, modelEdges } from './model-providers.ts'
import type { ModelListener } from './model-rules.ts'
import { translateModel } from './models.ts'
import type { Attachment, RouteParent } from './parents.ts'
import { type DirectReach, type Edge, gatewaysOf, type Link, nodeOf } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** Indexes that sources need for this area. */
export const backendIndexes = { secrets: byLabels, configmaps: byLabels }

/** What the attachment of models is decided from. */
export interface ModelListenerInputs {
  readonly agentgatewaymodels: Collection<AgentgatewayModel>
  /** `fact/parents`, with the index `owner`. */
  readonly parents: Collection<RouteParent>
  readonly gateways: Collection<unknown>
  readonly listenersets: Collection<unknown>
}

/** Where models attach themselves. */
export interface ModelListenerCollections {
  /** By model. */
  readonly admissions: Collection<Admission>
  /** To be counted per listener. */
  readonly attachments: Collection<Attachment>
  /** `fact/model-listeners`, keyed by `RouteParent.key`. */
  readonly modelListeners: Collection<ModelListener>
}

/** Declares where models attach themselves; before routes, which give way to them. */
export function declareModelListeners(
  graph: Graph,
  inputs: ModelListenerInputs,
  settings: TranslateSettings,
): ModelListenerCollections {
  const { agentgatewaymodels, parents, gateways, listenersets } = inputs
  const admissions = graph.derive({
    name: 'fact/model-admissions',
    from: agentgatewaymodels,
    reads: { parents, gateways, listenersets },
    run: (model, read) => (settings.enableModels ? [admit(attachableModel(model), read)] : []),
    key: ({ route: { namespace, name } }) => keyOf({ metadata: { namespace, name } }),
    indexes: { listener: ({ listeners }) => listeners.map(({ key }) => key) },
  })
  return {
    admissions,
    attachments: graph.derive({
      name: 'fact/model-attachments',
      from: admissions,
      reads: {},
      run: ({ route, listeners }) => listeners.map(({ key }): Attachment => ({ parent: key, route })),
      key: ({ parent, route }) => `${parent}>${objectKey(route)}`,
    }),
    modelListeners: graph.fold({
      name: 'fact/model-listeners',
      from: admissions,
      by: 'listener',
      reads: {},
      run: (_models, key): readonly ModelListener[] => [{ key }],
      key: ({ key }) => key,
    }),
  }
}

/** What backends use and where models are served is found from these. */
export interface BackendFactInputs {
  readonly agentgatewaybackends: Collection<AgentgatewayBackend>
  readonly agentgatewaymodels: Collection<AgentgatewayModel>
  readonly httproutes: Collection<HttpRoute>
  /** Where HTTPRoutes are attached, keyed as the routes are. */
  readonly httpAdmissions: Collection<Admission>
  readonly listeners: ModelListenerCollections
}

/** What reachability is made of, as far as backends and models have a part in it. */
export interface BackendFacts {
  /** Part of fact/links. */
  readonly links: Collection<Link>
  /** Part of fact/edges. */
  readonly edges: Collection<Edge>
  /** By model. */
  readonly modelParents: Collection<ModelParents>
}

/** Declares what backends use and where models are served; after routes, before reachability. */
export function declareBackendFacts(
  graph: Graph,
  inputs: BackendFactInputs,
  settings: TranslateSettings,
): BackendFacts {
  const { agentgatewaymodels, httproutes, httpAdmissions: routeAdmissions, listeners } = inputs
  const { admissions: modelAdmissions, modelListeners } = listeners
  const modelParents = graph.derive({
    name: 'fact/model-parents',
    from: agentgatewaymodels,
    reads: { modelAdmissions, modelListeners, httproutes, routeAdmissions },
    run: (model, read) => (settings.enableModels ? [findModelParents(model, read)] : []),
    key: ({ key }) => key,
  })
  return {
    modelParents,
    links: graph.derive({
      name: 'fact/backend-links',
      from: inputs.agentgatewaybackends,
      reads: {},
      run: backendLinks,
      key: ({ key }) => key,
      indexes: { to: ({ to }) => [to] },
    }),
    edges: graph.derive({
      name: 'fact/model-edges',
      from: agentgatewaymodels,
      reads: { modelParents, agentgatewaymodels },
      run: (model, read) =>
        modelEdges(model, read.modelParents.get(keyOf(model)), (key) => read.agentgatewaymodels.get(key)),
      key: ({ key }) => key,
    }),
  }
}

/** Backends and models are translated from these. */
export interface BackendInputs {
  readonly agentgatewaybackends: Collection<AgentgatewayBackend>
  readonly agentgatewaymodels: Collection<AgentgatewayModel>
  readonly services: Collection<Service>
  readonly inferencepools: Collection<InferencePool>
  /** With the index `labels`, as `configmaps`. */
  readonly secrets: Collection<Secret>
  readonly configmaps: Collection<ConfigMap>
  /** `fact/namespaces`, by name. */
  readonly namespaces: Collection<NamespaceLabels>
  /** `fact/permissions`, with the index `permits`. */
  readonly permissions: Collection<Permission>
  readonly modelParents: Collection<ModelParents>
  /** `fact/reached`, keyed by node. */
  readonly reached: Collection<DirectReach>
  /** `fact/links`, with the index `to`. */
  readonly links: Collection<Link>
  /** With the index `target`, as `backendtlspolicies`. */
  readonly agentgatewaypolicies: Collection<AgentgatewayPolicy>
  readonly backendtlspolicies: Collection<BackendTlsPolicy>
  readonly mcpservers: Collection<ForeignObject>
  /** `fact/mcp-logins`, with the index `scope`. */
  readonly mcpLogins: Collection<McpLogin>
}

/** What backends and models come to. */
export interface BackendCollections {
  readonly translations: readonly Collection<Translation>[]
}

/** Declares the translations of backends and models; after reachability. */
export function declareBackends(graph: Graph, inputs: BackendInputs, settings: TranslateSettings): BackendCollections {
  const { agentgatewaybackends, agentgatewaymodels, services, inferencepools, modelParents } = inputs
  const { namespaces, secrets, configmaps, permissions, reached, links } = inputs
  const mcpServices = graph.derive({
    name: 'fact/mcp-services',
    from: services,
    reads: {},
    run: mcpServiceOf,
    key: ({ key }) => key,
    indexes: { namespace: ({ namespace }) => [namespace] },
  })
  const { agentgatewaypolicies, backendtlspolicies, mcpLogins } = inputs
  const common = {
    ...{ secrets, configmaps, services, agentgatewaybackends, inferencepools, permissions },
    ...{ agentgatewaypolicies, backendtlspolicies },
  }
  const key = ({ object }: Translation) => objectKey(object)
  return {
    translations: [
      graph.derive({
        name: 'translate/backends',
        from: agentgatewaybackends,
        reads: { ...common, mcpServices, mcpLogins, mcpservers: inputs.mcpservers, namespaces, reached, links },
        run: (backend, read) => {
          const owner = refOf(backend)
          const { ctx, demands } = featureContext({ owner, read, settings })
          const context = backendContext(ctx, { from: owner, read, settings }, read)
          const node = nodeOf('AgentgatewayBackend', owner.namespace, owner.name)
          const reach = {
            gateways: gatewaysOf(read, node),
            closedLogin: (gateway: string) => closedLogin(node, gateway, read.mcpLogins),
          }
          return [{ ...translateBackend(backend, context, reach), demands }]
        },
        key,
      }),
      graph.derive({
        name: 'translate/models',
        from: agentgatewaymodels,
        reads: { ...common, agentgatewaymodels, modelParents },
        run: (model, read) => {
          const parents = read.modelParents.get(keyOf(model))
          if (parents === undefined) return []
          const contextOf = (of: AgentgatewayModel) => {
            const owner = refOf(of)
            return modelContext(featureContext({ owner, read, settings }).ctx, { from: owner, read, settings })
          }
          const modelOf = (name: string) => read.agentgatewaymodels.get(name)
          return [translateModel(model, parents, { contextOf, modelOf })]
        },
        key,
      }),
    ],
  }
}

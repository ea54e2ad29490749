// The map of the system: every collection and how they connect. No logic: what a node computes is decided in the file
// that its function comes from, and each area of translation lists its own nodes in its `*-nodes.ts`.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayModel } from '../api/model.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { objectKey } from '../core/keys.ts'
import type { Collection, Graph, Source } from '../engine/collection.ts'
import { createGraph, type GraphOptions } from '../engine/graph.ts'
import type { ConfigMap, EndpointSlice, Namespace, Node, Pod, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy, Gateway, GatewayClass, ListenerSet, ReferenceGrant } from '../kube/gateway-types.ts'
import type { ServiceEntry, WorkloadEntry } from '../kube/istio-types.ts'
import type { KubeObject } from '../kube/object.ts'
import type { ProxyDeployment } from '../kube/proxy-deployment.ts'
import type { DirectResponse, GrpcRoute, HttpRoute, InferencePool, TcpRoute, TlsRoute } from '../kube/route-types.ts'
import { entryKey, sameEntry, type XdsEntry } from '../wire/entry.ts'
import { backendIndexes, declareBackendFacts, declareBackends, declareModelListeners } from './backends-nodes.ts'
import type { AgentgatewayParameters } from './deployment-parameters.ts'
import { declareDeployments } from './deployments-nodes.ts'
import { declareDestinations } from './destinations-nodes.ts'
import { dialectSettings } from './dialects.ts'
import { creditOrigins, declareDialects, declareOrigins, declareOwnedDeployments } from './dialects-nodes.ts'
import type { DeploymentVerdict } from './gateways.ts'
import { declareGatewayStatuses, declareGateways, gatewayIndexes } from './gateways-nodes.ts'
import { permissionsOf } from './grants.ts'
import type { Demand, StatusDraft, Translation } from './model.ts'
import { type Attachment, countAttached } from './parents.ts'
import { declarePolicies, declarePolicyLinks, policyIndexes } from './policies-nodes.ts'
import { type Edge, type Link, sumReach } from './reachability.ts'
import { declareRoutes } from './routes-nodes.ts'
import type { DeploySettings, TranslateSettings } from './settings.ts'
import { declareWorkloads } from './workloads-nodes.ts'
import { addressOf, resourcesOf } from './xds-entries.ts'

/** What the program looks at from outside the graph. */
export interface Pipeline {
  readonly graph: Graph
  /** Where objects go in, by collection name (`source/httproutes`); undefined when nobody reads the kind. */
  readonly source: (collection: string) => Source<KubeObject> | undefined
  /** What is to be deployed for each Gateway; empty where nothing is deployed. */
  readonly deployments: Collection<ProxyDeployment>
  /** Where it goes in what applying that came to. */
  readonly verdicts: Source<DeploymentVerdict>
  /** The Gateways that are ours. */
  readonly gateways: Collection<Translation>
  readonly translations: Collection<Translation>
  readonly xds: Collection<XdsEntry>
  readonly statuses: Collection<StatusDraft>
  /** Remote documents that are to be fetched and kept up to date. */
  readonly demands: Collection<Demand>
  /** Fetched documents, where no cluster keeps them: ConfigMaps by `namespace/name`. */
  readonly documents: Source<ConfigMap>
}

/** How a graph is run, and whether Gateways are deployed. */
export interface PipelineOptions extends GraphOptions {
  readonly deploy?: DeploySettings
}

/** Declares everything; objects and commits come from outside. */
export function createPipeline(settings: TranslateSettings, options: PipelineOptions = {}): Pipeline {
  const graph = createGraph(options)
  const sources = new Map<string, Source<KubeObject>>()
  const source = <T extends KubeObject>(plural: string, indexes?: Parameters<typeof graph.source<T>>[1]): Source<T> => {
    const created = graph.source<T>(`source/${plural}`, indexes)
    // What goes in is whatever the sources parsed; translators read it defensively.
    sources.set(created.name, created as unknown as Source<KubeObject>)
    return created
  }

  const namespaces = source<Namespace>('namespaces')
  const nodes = source<Node>('nodes')
  const pods = source<Pod>('pods')
  const endpointslices = source<EndpointSlice>('endpointslices')
  const serviceentries = source<ServiceEntry>('serviceentries')
  const workloadentries = source<WorkloadEntry>('workloadentries')
  const services = source<Service>('services', policyIndexes.services)
  const secrets = source<Secret>('secrets', { ...backendIndexes.secrets, ...policyIndexes.secrets })
  const configmapIndexes = { ...backendIndexes.configmaps, ...policyIndexes.configmaps }
  const documents = graph.source<ConfigMap>('source/documents', configmapIndexes)
  const configmaps = graph.union(
    'fact/configmaps',
    [source<ConfigMap>('configmaps', configmapIndexes), documents],
    configmapIndexes,
  )
  const gatewayclasses = source<GatewayClass>('gatewayclasses')
  const listenersets = source<ListenerSet>('listenersets', {
    ...gatewayIndexes.listenersets,
    ...policyIndexes.listenersets,
  })
  const grpcroutes = source<GrpcRoute>('grpcroutes', policyIndexes.grpcroutes)
  const tcproutes = source<TcpRoute>('tcproutes')
  const tlsroutes = source<TlsRoute>('tlsroutes')
  const referencegrants = source<ReferenceGrant>('referencegrants')
  const backendtlspolicies = source<BackendTlsPolicy>('backendtlspolicies', policyIndexes.backendtlspolicies)
  const inferencepools = source<InferencePool>('inferencepools', policyIndexes.inferencepools)
  const directresponses = source<DirectResponse>('directresponses')
  const agentgatewaymodels = source<AgentgatewayModel>('agentgatewaymodels')
  const applied = graph.source<DeploymentVerdict>('deploy/applied')
  const own = {
    gateways: source<Gateway>('gateways'),
    httproutes: source<HttpRoute>('httproutes'),
    agentgatewaybackends: source<AgentgatewayBackend>('agentgatewaybackends'),
    agentgatewaypolicies: source<AgentgatewayPolicy>('agentgatewaypolicies'),
    agentgatewayparameters: source<AgentgatewayParameters>('agentgatewayparameters'),
  }
  const dialects = declareDialects(
    graph,
    { own, secrets, services, configmaps, source },
    dialectSettings(settings, options.deploy),
  )
  const { gateways, httproutes, agentgatewaybackends, agentgatewaypolicies, agentgatewayparameters } = dialects

  const permissions = graph.derive({
    name: 'fact/permissions',
    from: referencegrants,
    reads: {},
    run: permissionsOf,
    key: ({ key }) => key,
    indexes: { permits: ({ permits }) => [permits] },
  })
  const gateway = declareGateways(
    graph,
    { gatewayclasses, gateways, listenersets, namespaces, secrets, configmaps, permissions },
    settings,
  )
  const listeners = declareModelListeners(
    graph,
    { agentgatewaymodels, gateways, listenersets, parents: gateway.parents },
    settings,
  )
  const routes = declareRoutes(
    graph,
    {
      ...{
        httproutes,
        grpcroutes,
        tcproutes,
        tlsroutes,
        permissions,
        gateways,
        listenersets,
        services,
        directresponses,
      },
      ...{ agentgatewaybackends, inferencepools, parents: gateway.parents, modelListeners: listeners.modelListeners },
    },
    settings,
  )

  const backendFacts = declareBackendFacts(
    graph,
    { agentgatewaybackends, agentgatewaymodels, httproutes, httpAdmissions: routes.httpAdmissions, listeners },
    settings,
  )

  const edges = graph.union<Edge>('fact/edges', [gateway.edges, backendFacts.edges, ...routes.edges], {
    node: ({ node }) => [node],
  })
  const reached = graph.fold({
    name: 'fact/reached',
    from: edges,
    by: 'node',
    reads: {},
    run: sumReach,
    key: ({ node }) => node,
  })
  const attachable = {
    ...{ agentgatewaypolicies, gateways, httproutes, grpcroutes, listenersets },
    ...{ services, agentgatewaybackends, inferencepools, permissions },
  }
  const links = graph.union<Link>('fact/links', [backendFacts.links, declarePolicyLinks(graph, attachable, settings)], {
    to: ({ to }) => [to],
  })
  const destinations = declareDestinations(
    graph,
    {
      ...{ services, inferencepools, backendtlspolicies, configmaps, secrets, gateways },
      ...{ permissions, reached, links },
    },
    settings,
  )

  const policies = declarePolicies(
    graph,
    { ...attachable, backendtlspolicies, secrets, configmaps, reached, links, bindings: routes.bindings },
    settings,
  )

  const backends = declareBackends(
    graph,
    {
      ...{ agentgatewaybackends, agentgatewaymodels, services, inferencepools, secrets, configmaps, permissions },
      ...{ namespaces: gateway.namespaces, modelParents: backendFacts.modelParents, reached, links },
      ...{ agentgatewaypolicies, backendtlspolicies, mcpservers: dialects.mcpservers },
      mcpLogins: policies.mcpLogins,
    },
    settings,
  )

  const workloads = declareWorkloads(
    graph,
    {
      ...{ services, pods, endpointslices, nodes, namespaces, configmaps, serviceentries, workloadentries },
      ...{ inferencepools, gateways, gatewayclasses, liveGateways: gateways, namespaceLabels: gateway.namespaces },
    },
    settings,
  )

  const attachments = graph.union<Attachment>('fact/attachments', [...routes.attachments, listeners.attachments], {
    parent: ({ parent }) => [parent],
  })
  const attached = graph.fold({
    name: 'fact/attached',
    from: attachments,
    by: 'parent',
    reads: {},
    run: countAttached,
    key: ({ parent }) => parent,
  })
  const deployment = declareDeployments(
    graph,
    {
      ...{ gateways, gatewayclasses, agentgatewayparameters, secrets, configmaps, services },
      plans: gateway.plans,
    },
    options.deploy,
  )
  const verdicts = graph.union('deploy/verdicts', [deployment.refusals, applied])
  const translated = [
    ...routes.translations,
    ...destinations.translations,
    ...backends.translations,
    policies.translations,
  ]
  const translations = [gateway.gateways, ...translated]
  const origins = declareOrigins(graph, { ...dialects, translations, pods, gatewayclasses, verdicts, settings })
  const [served = gateway.gateways, ...credited] = creditOrigins(graph, translations, dialects)
  const completed = declareGatewayStatuses(graph, {
    ...{ ...gateway, gateways: served, attached, deployments: verdicts },
    addresses: deployment.addresses,
  })

  const whole = [gateway.gatewayClasses, gateway.classlessGateways, ...credited, origins]
  const objects = [served, gateway.listenerSets, ...whole]
  const xds = objects.map((from) =>
    graph.derive({ name: `xds/${kindOf(from)}`, from, reads: {}, run: resourcesOf, key: entryKey, equal: sameEntry }),
  )
  const addresses = [workloads.services, workloads.workloads].map((from) =>
    graph.derive({ name: `xds/${kindOf(from)}`, from, reads: {}, run: addressOf, key: entryKey, equal: sameEntry }),
  )
  const statuses = whole.map((from) =>
    graph.derive({ name: `status/${kindOf(from)}`, from, reads: {}, run: statusOf, key: statusKey }),
  )
  const demands = whole.map((from) =>
    graph.derive({ name: `demand/${kindOf(from)}`, from, reads: {}, run: demandsOf, key: demandKey }),
  )
  return {
    graph,
    source: (name) => sources.get(name),
    deployments: declareOwnedDeployments(graph, deployment.objects, { ...dialects, settings }),
    verdicts: applied,
    gateways: served,
    translations: graph.union('translations', objects),
    xds: graph.union('xds', [...xds, ...addresses]),
    statuses: graph.union('statuses', [completed.gateways, completed.listenerSets, ...statuses]),
    demands: graph.union('demands', demands),
    documents,
  }
}

function kindOf({ name }: Collection<unknown>): string {
  return name.slice(name.indexOf('/') + 1)
}

function statusOf({ status }: Translation): readonly StatusDraft[] {
  return status === undefined ? [] : [status]
}

function statusKey({ object }: StatusDraft): string {
  return objectKey(object)
}

function demandsOf({ demands }: Translation): readonly Demand[] {
  return demands ?? []
}

function demandKey({ requestedBy, path }: Demand): string {
  return `${objectKey(requestedBy)}#${path}`
}

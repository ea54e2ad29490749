// The nodes of routes: where each is attached, what delegates to what, which gateways need what the rules refer to, and
// the translations. No logic.
import { nameKey, objectKey } from '../core/keys.ts'
import type { Collection, Graph, Reader } from '../engine/collection.ts'
import type { Service } from '../kube/core-types.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import type {
  AnyRouteRule,
  DirectResponse,
  GrpcRoute,
  HttpRoute,
  InferencePool,
  RouteObject,
  TcpRoute,
  TlsRoute,
} from '../kube/route-types.ts'
import { type Admission, admit } from './attachment.ts'
import { type Bindings, bindingsOf, delegationsOf, lineageOf } from './delegation.ts'
import type { Permission } from './grants.ts'
import { translateGrpcRule } from './grpc-rules.ts'
import { translateHttpRule } from './http-rules.ts'
import type { Translation } from './model.ts'
import type { ModelListener } from './model-rules.ts'
import type { Attachment, RouteParent } from './parents.ts'
import { type Edge, nodeOf } from './reachability.ts'
import { referencedPool } from './references.ts'
import { type AttachedRoute, attachableRoute, edgesOf, type RouteStyle, routeRef, translateRoute } from './routes.ts'
import type { TranslateSettings } from './settings.ts'
import { translateStreamRule } from './stream-rules.ts'

/** What routes are translated from. */
export interface RoutesInputs {
  readonly httproutes: Collection<HttpRoute>
  readonly grpcroutes: Collection<GrpcRoute>
  readonly tcproutes: Collection<TcpRoute>
  readonly tlsroutes: Collection<TlsRoute>
  /** `fact/parents`, with the index `owner`. */
  readonly parents: Collection<RouteParent>
  /** `fact/permissions`, with the index `permits`. */
  readonly permissions: Collection<Permission>
  readonly gateways: Collection<unknown>
  readonly listenersets: Collection<unknown>
  readonly services: Collection<Service>
  readonly agentgatewaybackends: Collection<KubeObject>
  readonly inferencepools: Collection<InferencePool>
  readonly directresponses: Collection<DirectResponse>
  /** `fact/model-listeners`, keyed by `RouteParent.key`. */
  readonly modelListeners: Collection<ModelListener>
}

/** What routes yield, one entry per kind of route. */
export interface RoutesCollections {
  readonly translations: readonly Collection<Translation>[]
  /** To be counted per listener. */
  readonly attachments: readonly Collection<Attachment>[]
  /** Gateways that need what routes refer to, and the routes themselves. */
  readonly edges: readonly Collection<Edge>[]
  /** Where HTTPRoutes are attached, for the models under them; keyed as the routes are. */
  readonly httpAdmissions: Collection<Admission>
  /** Which HTTPRoutes are delegated to; with the index `parent`. */
  readonly bindings: Collection<Bindings>
}

/** Declares the nodes of all four kinds of routes. */
export function declareRoutes(graph: Graph, inputs: RoutesInputs, settings: TranslateSettings): RoutesCollections {
  const { httproutes, grpcroutes, tcproutes, tlsroutes, permissions } = inputs
  const http = declareAdmissions(graph, inputs, { kind: 'HTTPRoute', routes: httproutes })
  const delegations = graph.derive({
    name: 'fact/delegations',
    from: httproutes,
    reads: {},
    run: delegationsOf,
    key: ({ key }) => key,
    indexes: { selects: ({ selects }) => [selects] },
  })
  const lineages = graph.derive({
    name: 'fact/lineages',
    from: httproutes,
    reads: { admissions: http },
    run: (route, read) => lineageOf(route, read.admissions.get(keyOf(route))),
    key: ({ key }) => key,
  })
  const bindings = graph.derive({
    name: 'fact/bindings',
    from: lineages,
    reads: { delegations, lineages, permissions },
    run: (lineage, read) => bindingsOf(lineage, read, settings),
    key: ({ key }) => key,
    indexes: { parent: ({ bindings }) => [...new Set(bindings.map(({ parent }) => parent))] },
  })
  const known = declareKnown(graph, inputs)
  const translations: Collection<Translation>[] = []
  const attachments: Collection<Attachment>[] = []
  const edges: Collection<Edge>[] = []
  const declare = <R extends AnyRouteRule>(
    routes: Collection<RouteObject<R>>,
    admissions: Collection<Admission>,
    style: RouteStyle<R>,
  ) => {
    const { kind } = style
    attachments.push(
      graph.derive({
        name: `fact/${kind.toLowerCase()}-attachments`,
        from: admissions,
        reads: {},
        run: ({ route, listeners }) => listeners.map(({ key }): Attachment => ({ parent: key, route })),
        key: ({ parent, route }) => `${parent}>${objectKey(route)}`,
      }),
    )
    edges.push(
      graph.derive({
        name: `fact/${kind.toLowerCase()}-edges`,
        from: routes,
        reads: { admissions, bindings },
        run: (route, read) => edgesOf(attached(route, kind, read), kind),
        key: ({ key }) => key,
      }),
    )
    translations.push(
      graph.derive({
        name: `translate/${kind.toLowerCase()}s`,
        from: routes,
        reads: { admissions, bindings, permissions, ...known, modelListeners: inputs.modelListeners },
        run: (route, read) => [translateRoute(attached(route, kind, read), style, { read, settings })],
        key: ({ object }) => objectKey(object),
      }),
    )
  }
  declare(httproutes, http, { kind: 'HTTPRoute', suffix: '', isAged: false, translateRule: translateHttpRule })
  declare(grpcroutes, declareAdmissions(graph, inputs, { kind: 'GRPCRoute', routes: grpcroutes }), {
    kind: 'GRPCRoute',
    suffix: '.grpc',
    isAged: false,
    translateRule: translateGrpcRule,
  })
  declare(tcproutes, declareAdmissions(graph, inputs, { kind: 'TCPRoute', routes: tcproutes }), {
    kind: 'TCPRoute',
    suffix: '',
    isAged: true,
    translateRule: translateStreamRule,
  })
  declare(tlsroutes, declareAdmissions(graph, inputs, { kind: 'TLSRoute', routes: tlsroutes }), {
    kind: 'TLSRoute',
    suffix: '.tls',
    isAged: true,
    translateRule: translateStreamRule,
  })
  return { translations, attachments, edges, httpAdmissions: http, bindings }
}

// What rules ask about their backends, and no more: a Service that changes its ports, or a backend its model, is no
// matter of the many routes to it.
function declareKnown(graph: Graph, { services, agentgatewaybackends, inferencepools, directresponses }: RoutesInputs) {
  return {
    directresponses,
    services: graph.derive({
      name: 'fact/known-services',
      from: services,
      reads: {},
      run: (service) => [keyOf(service)],
      key: (key) => key,
    }),
    agentgatewaybackends: graph.derive({
      name: 'fact/known-backends',
      from: agentgatewaybackends,
      reads: {},
      run: (backend) => [keyOf(backend)],
      key: (key) => key,
    }),
    inferencepools: graph.derive({
      name: 'fact/known-inferencepools',
      from: inferencepools,
      reads: {},
      run: (pool) => [referencedPool(pool)],
      key: ({ key }) => key,
    }),
  }
}

function declareAdmissions(
  graph: Graph,
  { parents, gateways, listenersets }: RoutesInputs,
  { kind, routes }: { readonly kind: string; readonly routes: Collection<RouteObject> },
): Collection<Admission> {
  return graph.derive({
    name: `fact/${kind.toLowerCase()}-admissions`,
    from: routes,
    reads: { parents, gateways, listenersets },
    run: (route, read) => [admit(attachableRoute(route, kind), read)],
    key: ({ route: { namespace, name } }) => nameKey(namespace, name),
  })
}

function attached<R extends AnyRouteRule>(
  route: RouteObject<R>,
  kind: string,
  read: { readonly admissions: Reader<Admission>; readonly bindings: Reader<Bindings> },
): AttachedRoute<R> {
  const { namespace, name } = routeRef(route, kind)
  return {
    route,
    admission: read.admissions.get(nameKey(namespace, name)),
    bindings: read.bindings.get(nodeOf(kind, namespace, name)),
  }
}

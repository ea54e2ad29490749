// The nodes of other projects' kinds: what their objects become, our own kinds with that among them, and the statuses of
// the originals. No logic.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { objectKey } from '../core/keys.ts'
import type { Carried, DialectSettings, ForeignObject } from '../dialects/carried.ts'
import { dialectKinds } from '../dialects/registry.ts'
import type { Collection, Graph, Indexes } from '../engine/collection.ts'
import type { Secret, Service } from '../kube/core-types.ts'
import type { Gateway } from '../kube/gateway-types.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import type { HttpRoute } from '../kube/route-types.ts'
import type { AgentgatewayParameters } from './deployment-parameters.ts'
import { credited, type StandIn, standInsOf, translateOrigin } from './dialects.ts'
import type { Translation } from './model.ts'
import { policyIndexes } from './policies-nodes.ts'

/** Our own kinds, as written and as they are read. */
export interface OwnKinds {
  readonly gateways: Collection<Gateway>
  readonly httproutes: Collection<HttpRoute>
  readonly agentgatewaybackends: Collection<AgentgatewayBackend>
  readonly agentgatewaypolicies: Collection<AgentgatewayPolicy>
  readonly agentgatewayparameters: Collection<AgentgatewayParameters>
}

/** What objects of other projects are made into, and what that takes. */
export interface DialectInputs {
  readonly own: OwnKinds
  /** With the index `labels`. */
  readonly secrets: Collection<Secret>
  readonly services: Collection<Service>
  /** Makes the source of a kind. */
  readonly source: (plural: string) => Collection<ForeignObject>
}

/** What others read. */
export interface DialectCollections extends OwnKinds {
  readonly carried: Collection<Carried>
  /** By object key. */
  readonly standIns: Collection<StandIn>
}

/** Declares what becomes of objects of other projects. */
export function declareDialects(graph: Graph, inputs: DialectInputs, settings: DialectSettings): DialectCollections {
  const { own, secrets, services, source } = inputs
  const foreign = {
    backends: source('backends'),
    trafficpolicies: source('trafficpolicies'),
    gatewayextensions: source('gatewayextensions'),
    mcpservers: source('mcpservers'),
    mcps: source('mcps'),
    llmgateways: source('llmgateways'),
  }
  const carried = graph.union(
    'dialect/carried',
    dialectKinds.map(({ plural, carry }) =>
      graph.derive({
        name: `dialect/${plural}`,
        from: foreign[plural],
        reads: { secrets, services, ...foreign },
        run: (object, read) => [carry(object, { read, settings })],
        key: ({ origin }) => objectKey(origin),
      }),
    ),
  )
  const standIns = graph.derive({
    name: 'dialect/stand-ins',
    from: carried,
    reads: {
      Gateway: own.gateways,
      HTTPRoute: own.httproutes,
      AgentgatewayBackend: own.agentgatewaybackends,
      AgentgatewayPolicy: own.agentgatewaypolicies,
      AgentgatewayParameters: own.agentgatewayparameters,
    },
    run: (each, read) => standInsOf(each, read),
    key: ({ key }) => key,
  })
  const withStandIns = <T extends KubeObject>(
    written: Collection<T>,
    kind: string,
    indexes: Indexes<T>,
  ): Collection<T> => {
    const made = graph.derive({
      name: `dialect/${kind.toLowerCase()}-stand-ins`,
      from: standIns,
      reads: {},
      // An object of the kind, read as defensively as one that somebody wrote.
      run: ({ object }) => (object.kind === kind ? [object as unknown as T] : []),
      key: keyOf,
    })
    return graph.union(`fact/${kind.toLowerCase()}s`, [written, made], indexes)
  }
  return {
    carried,
    standIns,
    gateways: withStandIns(own.gateways, 'Gateway', policyIndexes.gateways),
    httproutes: withStandIns(own.httproutes, 'HTTPRoute', policyIndexes.httproutes),
    agentgatewaybackends: withStandIns(
      own.agentgatewaybackends,
      'AgentgatewayBackend',
      policyIndexes.agentgatewaybackends,
    ),
    agentgatewaypolicies: withStandIns(
      own.agentgatewaypolicies,
      'AgentgatewayPolicy',
      policyIndexes.agentgatewaypolicies,
    ),
    agentgatewayparameters: withStandIns(own.agentgatewayparameters, 'AgentgatewayParameters', {}),
  }
}

const MADE = new Set(['translate/gateways', 'translate/httproutes', 'translate/backends', 'translate/policies'])

/** The same translations; those of stand-ins name the originals. */
export function creditOrigins(
  graph: Graph,
  translations: readonly Collection<Translation>[],
  { standIns }: Pick<DialectCollections, 'standIns'>,
): readonly Collection<Translation>[] {
  return translations.map((from) =>
    MADE.has(from.name)
      ? graph.derive({
          name: from.name.replace('translate/', 'credited/'),
          from,
          reads: { standIns },
          run: (translation, read) => [credited(translation, read.standIns)],
          key: ({ object }) => objectKey(object),
        })
      : from,
  )
}

/** Declares the statuses of originals, after everything else has been translated. */
export function declareOrigins(
  graph: Graph,
  { carried, standIns }: Pick<DialectCollections, 'carried' | 'standIns'>,
  translations: readonly Collection<Translation>[],
): Collection<Translation> {
  return graph.derive({
    name: 'translate/origins',
    from: carried,
    reads: {
      standIns,
      translations: graph.union(
        'dialect/translations',
        translations.filter(({ name }) => MADE.has(name)),
      ),
    },
    run: (each, read) => [translateOrigin(each, read)],
    key: ({ object }) => objectKey(object),
  })
}

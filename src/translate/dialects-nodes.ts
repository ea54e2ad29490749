// The nodes of other projects' kinds: what their objects become, our own kinds with that among them, and the statuses of
// the originals. No logic.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { objectKey } from '../core/keys.ts'
import type { Carried, DialectSettings, ForeignObject } from '../dialects/carried.ts'
import { dialectKinds } from '../dialects/registry.ts'
import type { Collection, Graph, Indexes } from '../engine/collection.ts'
import type { ConfigMap, Pod, Secret, Service } from '../kube/core-types.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import type { ProxyDeployment } from '../kube/proxy-deployment.ts'
import type { HttpRoute } from '../kube/route-types.ts'
import type { AgentgatewayParameters } from './deployment-parameters.ts'
import {
  credited,
  foreignClassOf,
  ownedByOrigin,
  type StandIn,
  serverDeployment,
  standInsOf,
  translateOrigin,
} from './dialects.ts'
import type { DeploymentVerdict } from './gateways.ts'
import type { Translation } from './model.ts'
import { policyIndexes } from './policies-nodes.ts'
import { readyPodOf } from './serving-status.ts'
import type { TranslateSettings } from './settings.ts'

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
  readonly configmaps: Collection<ConfigMap>
  /** Makes the source of a kind. */
  readonly source: (plural: string) => Collection<ForeignObject>
}

/** What others read. */
export interface DialectCollections extends OwnKinds {
  readonly carried: Collection<Carried>
  /** By object key. */
  readonly standIns: Collection<StandIn>
  readonly mcpservers: Collection<ForeignObject>
}

/** Declares what becomes of objects of other projects. */
export function declareDialects(graph: Graph, inputs: DialectInputs, settings: DialectSettings): DialectCollections {
  const { own, secrets, services, configmaps, source } = inputs
  const foreign = {
    backends: source('backends'),
    trafficpolicies: source('trafficpolicies'),
    gatewayextensions: source('gatewayextensions'),
    gatewayparameters: source('gatewayparameters'),
    httplistenerpolicies: source('httplistenerpolicies'),
    backendconfigpolicies: source('backendconfigpolicies'),
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
        reads: { secrets, services, configmaps, gateways: own.gateways, ...foreign },
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
    mcpservers: foreign.mcpservers,
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

/** Deployments, with what runs MCPServers among them, each owned by what a user wrote. */
export function declareOwnedDeployments(
  graph: Graph,
  deployments: Collection<ProxyDeployment>,
  { carried, standIns, settings }: Pick<DialectCollections, 'carried' | 'standIns'> & OriginSettings,
): Collection<ProxyDeployment> {
  const key = ({ gateway }: ProxyDeployment): string => gateway
  return graph.union('deploy/owned', [
    graph.derive({
      name: 'deploy/proxies',
      from: deployments,
      reads: { carried, standIns },
      run: (deployment, read) => [ownedByOrigin(deployment, read)],
      key,
    }),
    graph.derive({
      name: 'deploy/servers',
      from: carried,
      reads: {},
      run: (each) => (settings.runMcpServers ? serverDeployment(each) : []),
      key,
    }),
  ])
}

interface OriginSettings {
  readonly settings: Pick<TranslateSettings, 'runMcpServers' | 'controllerName'>
}

/** What the statuses of originals are made from. */
export interface OriginInputs extends Pick<DialectCollections, 'carried' | 'standIns'>, OriginSettings {
  readonly translations: readonly Collection<Translation>[]
  readonly pods: Collection<Pod>
  readonly gatewayclasses: Collection<GatewayClass>
  /** Keyed as deployments are. */
  readonly verdicts: Collection<DeploymentVerdict>
}

/** Declares the statuses of originals, after everything else has been translated. */
export function declareOrigins(graph: Graph, inputs: OriginInputs): Collection<Translation> {
  const { carried, standIns, translations, pods, gatewayclasses, verdicts, settings } = inputs
  const readyPods = graph.derive({
    name: 'fact/ready-pods',
    from: pods,
    reads: {},
    run: readyPodOf,
    key: ({ key }) => key,
    indexes: { workload: ({ workload }) => [workload] },
  })
  const foreignClasses = graph.derive({
    name: 'fact/foreign-classes',
    from: gatewayclasses,
    reads: {},
    run: (each) => foreignClassOf(each, settings),
    key: (name) => name,
  })
  return graph.derive({
    name: 'translate/origins',
    from: carried,
    reads: {
      ...{ standIns, readyPods, verdicts, foreignClasses },
      translations: graph.union(
        'dialect/translations',
        translations.filter(({ name }) => MADE.has(name)),
      ),
    },
    run: (each, read) => [translateOrigin(each, read, settings)],
    key: ({ object }) => objectKey(object),
  })
}

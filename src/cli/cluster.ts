// `serve` in a cluster: what every replica does with an API server, and what only the one does that holds the Lease. Losing
// the Lease ends the writing and nothing else; what was served is served on.
import { randomUUID } from 'node:crypto'
import { distinctUntilChanged, type Subscription } from 'rxjs'
import { type ClusterClient, createClient } from '../cluster/client.ts'
import { connect } from '../cluster/connection.ts'
import { type EventObject, EventRecorder } from '../cluster/events.ts'
import { type Leadership, leadership, leaseName } from '../cluster/leader.ts'
import { nameKey, splitNameKey, type TypedRef } from '../core/keys.ts'
import { errorText } from '../core/log.ts'
import { fetchKeySet } from '../documents/fetch.ts'
import { DocumentFetcher, systemClock } from '../documents/fetcher.ts'
import { type ConfigMaps, configMapStore } from '../documents/stores.ts'
import type { Collection } from '../engine/collection.ts'
import type { ConfigMap } from '../kube/core-types.ts'
import type { GatewayClass } from '../kube/gateway-types.ts'
import type { Settings } from '../settings.ts'
import { type ClusterSource, clusterSource } from '../sources/kubernetes/cluster.ts'
import { liveCollection, type WatchedKind, watchedKinds } from '../sources/kubernetes/kinds.ts'
import { parseSelectors } from '../sources/kubernetes/namespaces.ts'
import { StatusWriter, type Verdicts } from '../status/writer.ts'
import { XDS_CERTIFICATE_SECRET } from '../translate/deployments.ts'
import { startDeploying } from './deploying.ts'
import type { Logs } from './log.ts'
import type { Running } from './serve.ts'

/** An API server, and what is read from it. */
export interface Cluster {
  readonly client: ClusterClient
  readonly source: ClusterSource
  readonly leadership: Leadership
  readonly events: EventRecorder
}

const saidEveryMs = 15_000

/** Finds the API server that the settings mean. Nothing is asked of it yet. */
export async function openCluster(
  settings: Settings,
  { version, logs }: { readonly version: string; readonly logs: Logs },
): Promise<Cluster> {
  const { controllerName, systemNamespace, disableLeaderElection, hostname } = settings
  const connection = await connect({ kubeconfig: settings.kubeconfig, service: settings.apiServer })
  const client = createClient(connection, {
    fieldManager: controllerName,
    userAgent: `agentgateway-control-plane/${version}`,
  })
  const namespaces = parseSelectors(settings.discoveryNamespaceSelectors)
  if (typeof namespaces === 'string') throw new Error(`AGW_DISCOVERY_NAMESPACE_SELECTORS: ${namespaces}`)
  logs.component('agentgateway').info({ server: connection.server.href }, 'using the cluster')
  return {
    client,
    source: clusterSource({
      client,
      enabled: {
        enableInferExt: settings.enableInferencePool,
        enableAgentgatewayModels: settings.enableModels,
      },
      namespaces,
      isAlwaysSeen: (collection, key) => isOurOwn(settings, collection, key),
      log: logs.component('agentgateway/sources'),
    }),
    leadership: leadership({
      client,
      namespace: systemNamespace,
      name: leaseName(controllerName),
      identity: `${hostname}_${randomUUID()}`,
      isAlone: disableLeaderElection,
      log: logs.component('agentgateway/leader'),
    }),
    events: new EventRecorder({ client, component: controllerName, log: logs.component('nack/publisher') }),
  }
}

/** What the program itself keeps or reads for all Gateways: its authority, its documents, and the settings of the mesh. */
function isOurOwn({ systemNamespace, istioNamespace }: Settings, collection: string, key: string): boolean {
  if (collection === 'source/secrets') return key === nameKey(systemNamespace, XDS_CERTIFICATE_SECRET)
  const { namespace } = splitNameKey(key)
  return collection === 'source/configmaps' && (namespace === systemNamespace || namespace === istioNamespace)
}

/** Says from time to time what a start still waits for; the returned function ends it. */
export function sayWhatIsMissing({ source }: Cluster, logs: Logs): () => void {
  const log = logs.component('agentgateway/sources')
  const timer = setInterval(() => {
    const missing = source
      .states()
      .filter(({ state }) => state === 'waiting')
      .map(({ collection, error }) => (error === '' ? collection : `${collection}: ${error}`))
    log.info({ missing }, 'not ready: not everything has been read yet')
  }, saidEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** What writing needs of the rest. */
export interface WritingContext {
  /** Makes what was found out visible. */
  readonly commit: () => void
  readonly verdicts: Verdicts
}

/** Writes while this replica leads. Resolves when `signal` has ended it and the Lease is given back. */
export async function writeWhileLeading(
  running: Running,
  { cluster, commit, verdicts }: WritingContext & { readonly cluster: Cluster },
  signal: AbortSignal,
): Promise<void> {
  let term: AbortController | undefined
  const subscription: Subscription = cluster.leadership.isLeader$.pipe(distinctUntilChanged()).subscribe((isLeader) => {
    term?.abort()
    term = undefined
    running.metrics.leading(isLeader)
    if (!isLeader) return
    term = new AbortController()
    startDuties(running, { cluster, commit, verdicts }, term.signal)
  })
  await cluster.leadership.run(signal)
  term?.abort()
  subscription.unsubscribe()
}

function startDuties(
  running: Running,
  { cluster, commit, verdicts }: WritingContext & { readonly cluster: Cluster },
  signal: AbortSignal,
): void {
  const { settings, logs, pipeline, metrics } = running
  const { client } = cluster
  const { controllerName, systemNamespace } = settings
  const deployLog = logs.component('deployer')
  new StatusWriter({
    statuses: pipeline.statuses,
    kinds: statusKinds(running),
    verdicts,
    client,
    names: { controllerName, fieldManager: controllerName },
    log: logs.component('agentgateway/status'),
    onWrite: metrics.statusWritten,
  }).start(signal)

  const classes = pipeline.source('source/gatewayclasses')
  if (classes !== undefined) {
    startDeploying(
      // The source of a kind holds objects of the kind.
      {
        ...{
          pipeline,
          classes: classes as unknown as Collection<GatewayClass>,
          client,
          settings,
          log: deployLog,
          commit,
        },
        measure: (controller) => (object) => metrics.reconciling({ controller, ...object }),
      },
      signal,
    )
  }

  const documentLog = logs.component('jwks_store')
  const fetcher = new DocumentFetcher({
    demands: pipeline.demands,
    store: configMapStore(configMapsOf(client, systemNamespace), systemNamespace),
    fetch: fetchKeySet,
    clock: systemClock,
    log: documentLog,
  })
  void startFetching(fetcher, documentLog, signal)
}

/** Starts fetching as soon as what is stored can be read. */
async function startFetching(
  fetcher: DocumentFetcher,
  log: ReturnType<Logs['component']>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await fetcher.start(signal)
      return
    } catch (error) {
      if (signal.aborted) return
      log.warn({ error: errorText(error) }, 'stored documents cannot be read; will try again')
      await new Promise((resolve) => setTimeout(resolve, 5_000).unref())
    }
  }
}

const configMaps = { group: '', version: 'v1', plural: 'configmaps', namespaced: true }

function configMapsOf(client: ClusterClient, namespace: string): ConfigMaps {
  return {
    async list(labelSelector) {
      const { items } = await client.list(configMaps, { namespace, labelSelector })
      // A list of ConfigMaps holds ConfigMaps.
      return items as readonly ConfigMap[]
    },
    async apply(configMap) {
      await client.apply(configMaps, configMap)
    },
    delete: (name) => client.delete(configMaps, { namespace, name }),
  }
}

function statusKinds({ live }: Running): ConstructorParameters<typeof StatusWriter>[0]['kinds'] {
  return watchedKinds.flatMap((resource) => {
    const collection = live.get(liveCollection(resource))
    return collection === undefined ? [] : [{ kind: resource.kind, resource, live: collection }]
  })
}

/** Names objects as Events do, with what the watch knows of them. */
export function identifier({ pipeline }: Pick<Running, 'pipeline'>): (object: TypedRef) => EventObject | undefined {
  const kinds = new Map<string, WatchedKind>(watchedKinds.map((row) => [`${row.group}/${row.kind}`, row]))
  return ({ group, kind, namespace, name }) => {
    const row = kinds.get(`${group}/${kind}`)
    const found = row === undefined ? undefined : pipeline.source(row.collection)?.get(nameKey(namespace, name))
    if (found === undefined) return undefined
    const { apiVersion, metadata } = found
    return { apiVersion, kind, namespace, name, uid: metadata.uid }
  }
}

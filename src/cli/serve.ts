// `agwcp serve`: the composition root. Sources feed the pipeline, commits feed the snapshot, the snapshot feeds proxies;
// the admin server shows all of it. Everything stops on one signal. What only a cluster has: cluster.ts.
import { accessSync, constants, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { createMetrics, type Metrics } from '../admin/metrics.ts'
import { type AdminRoute, indexPage, startHttp } from '../admin/server.ts'
import { nameKey } from '../core/keys.ts'
import { errorText } from '../core/log.ts'
import type { Source } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import { readSettings, type Settings } from '../settings.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { liveCollection, watchedKinds } from '../sources/kubernetes/kinds.ts'
import { type Locate, manifestSource } from '../sources/manifests/folder.ts'
import { type Intake, settle } from '../sources/settle.ts'
import type { ObjectSource, ReportedProblem } from '../sources/source.ts'
import { createPipeline, type Pipeline } from '../translate/pipeline.ts'
import { startXdsServer, type XdsServer } from '../xds/server.ts'
import type { SessionView } from '../xds/session-view.ts'
import { adminRoutes } from './admin-routes.ts'
import { Attendance } from './attendance.ts'
import { ChildProxies } from './child-proxies.ts'
import { type Cluster, identifier, openCluster, sayWhatIsMissing, writeWhileLeading } from './cluster.ts'
import { startDocuments } from './documents.ts'
import { limitYoungGeneration, tidyAfterBursts } from './heap.ts'
import { neverWithoutClass } from './implied-class.ts'
import { createLogs, type Logs } from './log.ts'
import { ServedLooks } from './looks.ts'
import { portConflicts } from './problems.ts'
import { ProxyVerdicts, recordRefusals } from './proxy-verdicts.ts'
import { observe, xdsEvents } from './telemetry.ts'
import { admitBy, offlineValidator } from './verdicts.ts'
import { welcome } from './welcome.ts'
import { xdsSecurity } from './xds-security.ts'

/** What the command line says. */
export interface ServeOptions {
  readonly manifests: readonly string[]
  /** Serve a cluster; implied in a pod. */
  readonly cluster?: boolean
  readonly proxy?: string
  /** Loopback for manifests, everything in a cluster. */
  readonly bind?: string
  readonly version: string
  readonly overrides: Readonly<Record<string, string>>
}

/** Everything that runs, as the parts of the composition see it. */
export interface Running {
  readonly settings: Settings
  readonly version: string
  readonly logs: Logs
  readonly metrics: Metrics
  readonly pipeline: Pipeline
  readonly snapshot: Snapshot
  readonly source: ObjectSource
  /** Where a field of an object stands in a file, if it does. */
  readonly locate: Locate
  /** Absent in a cluster. */
  readonly looks?: ServedLooks
  /** What is wrong with each file. */
  readonly fileProblems: Source<readonly ReportedProblem[]>
  /** Proxies are run beside, one per Gateway. */
  readonly runsProxies: boolean
  /** Live objects by collection, for statuses. */
  readonly live: ReadonlyMap<string, Source<KubeObject>>
}

/** How long proxies are let go over, so that they do not all come to another replica at once. */
const drainMs = 3_000

/** Serves until a signal ends it. 0: it was asked to end; 1: it could not start; 2: wrong usage; 3: no cluster. */
export async function serveCommand(options: ServeOptions): Promise<number> {
  limitYoungGeneration()
  const { settings: read, given, errors } = readSettings(options.overrides)
  const isCluster = options.cluster ?? (read.isInPod && options.manifests.length === 0)
  // Manifests are served to this machine; in a cluster, plaintext has to be asked for.
  const settings: Settings = isCluster && !given.has('xdsMode') ? { ...read, xdsMode: 'tls' } : read
  const usage = [
    ...errors,
    ...(options.manifests.length === 0 && !isCluster ? ['serve needs --manifests FOLDER, or --cluster'] : []),
    ...(options.manifests.length > 0 && isCluster ? ['serve takes --manifests or --cluster, not both'] : []),
    ...(settings.xdsMode !== 'plaintext' && !isCluster ? ['TLS for xDS needs a cluster, which keeps its keys'] : []),
    ...(options.proxy === undefined || isExecutable(options.proxy)
      ? []
      : [`--proxy ${options.proxy} is not a program that can be run`]),
  ]
  if (usage.length > 0) {
    for (const error of usage) console.error(error)
    return 2
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const logs = createLogs(settings.logLevel)
  const log = logs.component('agentgateway')
  let cluster: Cluster | undefined
  try {
    if (isCluster) cluster = await openCluster(settings, { version: options.version, logs })
  } catch (error) {
    log.error({ error: errorText(error) }, 'cannot tell which cluster is meant, or as whom')
    return 3
  }
  try {
    const running = compose(settings, { ...options, cluster }, logs)
    await run(running, { ...options, cluster }, stop.signal)
    return 0
  } catch (error) {
    log.error({ error: errorText(error) }, 'cannot serve')
    stop.abort()
    return 1
  }
}

/** What the command line comes to. */
type Composed = Omit<ServeOptions, 'cluster'> & { readonly cluster: Cluster | undefined }

function compose(settings: Settings, options: Composed, logs: Logs): Running {
  const log = logs.component('agentgateway/translator')
  const { cluster, version } = options
  const pipeline = createPipeline(settings, {
    ...(cluster === undefined ? {} : { deploy: { ...settings, version } }),
    onFailure: ({ node, input, error }) =>
      log.error({ node, input, error }, 'translation failed by a bug of ours; the last good result is kept'),
    onClash: ({ node, key, inputs }) =>
      log.warn({ node, key, inputs }, 'two objects claim one resource; the first by name has it'),
  })
  const snapshot = new Snapshot()
  snapshot.follow(pipeline.xds)
  snapshot.followGateways(pipeline.gateways)
  const origin =
    cluster === undefined ? fromManifests(options.manifests) : { source: cluster.source, locate: () => undefined }
  return {
    settings,
    version,
    logs,
    metrics: createMetrics(version),
    pipeline,
    snapshot,
    ...origin,
    fileProblems: pipeline.graph.source('source/problems'),
    runsProxies: options.proxy !== undefined,
    live: new Map(
      watchedKinds
        .filter(({ writesStatus }) => writesStatus)
        .map((kind) => [liveCollection(kind), pipeline.graph.source<KubeObject>(liveCollection(kind))]),
    ),
  }
}

function fromManifests(paths: readonly string[]): Pick<Running, 'source' | 'locate' | 'looks'> {
  const source = manifestSource({ paths, admit: admitBy(offlineValidator([])) })
  return { source, locate: source.locate, looks: new ServedLooks(source.looks) }
}

/** Where the source's batches go. A folder never lacks the class that a cluster's leader creates. */
function intakeOf(running: Running, isCluster: boolean): Intake {
  const { settings, pipeline, fileProblems, live } = running
  const classes = pipeline.source('source/gatewayclasses')
  const implied = classes === undefined || isCluster ? undefined : neverWithoutClass(classes, settings)
  return {
    collection: (name: string) => live.get(name) ?? (name === implied?.name ? implied : pipeline.source(name)),
    problems: fileProblems,
    commit: () => (running.looks === undefined ? commit(running) : running.looks.during(() => commit(running))),
  }
}

/** All addresses of this machine, of both families where it has both. */
function everywhere(): string {
  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'))
  return hasIpv6 ? '::' : '0.0.0.0'
}

async function run(running: Running, options: Composed, signal: AbortSignal): Promise<void> {
  const { settings, logs, metrics, pipeline, snapshot, source } = running
  const { cluster } = options
  const host = options.bind ?? (cluster === undefined ? '127.0.0.1' : everywhere())
  const log = logs.component('agentgateway')
  const state: { isReady: boolean; xds: XdsServer | undefined; children: ChildProxies | undefined } = {
    isReady: false,
    xds: undefined,
    children: undefined,
  }
  const onError = (path: string, error: unknown): void =>
    log.error({ path, error: errorText(error) }, 'a request failed')
  const http = { host, localOnly: false, signal, onError }
  const health = healthRoutes(() => state.isReady)
  const healthPort = await startHttp(health, { ...http, port: settings.healthPort })
  const metricsPort = await startHttp(metricsRoutes(metrics), { ...http, port: settings.metricsPort })
  const routes = adminRoutes(running, () => state)
  const adminPort = await startHttp(routes, { ...http, host: '127.0.0.1', localOnly: true, port: settings.adminPort })

  const intake = intakeOf(running, cluster !== undefined)
  const publish = (): void => void intake.commit()
  observe(running)
  const ended = whenAborted(signal)
  const firstCommit = Promise.withResolvers<void>()
  const subscription = settle([source], intake).subscribe({
    next: () => firstCommit.resolve(),
    error: firstCommit.reject,
  })
  signal.addEventListener('abort', () => subscription.unsubscribe())
  const stopSaying = cluster === undefined ? () => {} : sayWhatIsMissing(cluster, logs)
  await Promise.race([firstCommit.promise, ended])
  stopSaying()
  if (signal.aborted) return
  if (cluster === undefined) {
    await startDocuments(
      {
        ...{ pipeline, systemNamespace: settings.systemNamespace, folder: settings.documentsFolder },
        log: logs.component('agentgateway/documents'),
        commit: publish,
      },
      signal,
    )
  }

  const busy = tidyAfterBursts(signal)
  const sessions = () => state.xds?.sessions() ?? []
  const verdicts = new ProxyVerdicts({ sessions, snapshot, attendance: attendanceOf(running, sessions) })
  const refused = cluster && recordRefusals(cluster.events, { snapshot, identify: identifier(running) })
  const security = cluster && (await xdsSecurity(running, cluster.client, signal))
  state.xds = await startXdsServer({
    ...security,
    snapshot,
    host,
    port: settings.xdsPort,
    maxConnections: settings.xdsMaxConnections,
    signal,
    drainMs: cluster === undefined ? 0 : drainMs,
    events: xdsEvents(metrics, logs.component('krtxds'), [
      verdicts.events(),
      { rejected: refused, acknowledged: busy },
    ]),
  })
  state.isReady = true
  busy()
  snapshot.watchPublications(busy)
  const writing = cluster && writeWhileLeading(running, { cluster, commit: publish, verdicts }, signal)
  if (options.proxy !== undefined)
    state.children = startChildren(running, { binary: resolve(options.proxy), xdsPort: state.xds.port, signal })
  if (cluster === undefined)
    process.stdout.write(welcome(running, { adminPort, xdsPort: state.xds.port, paths: options.manifests }))
  else log.info({ xdsPort: state.xds.port, adminPort, metricsPort, healthPort }, 'ready')

  await ended
  state.isReady = false
  log.info({}, 'stopping: streams are drained')
  await Promise.all([state.xds.drain(), writing, state.children?.ended()])
  cluster?.client.close()
}

function attendanceOf({ pipeline, snapshot, settings }: Running, sessions: () => readonly SessionView[]): Attendance {
  return new Attendance({
    sessions,
    gateways: () => pipeline.gateways.list().map(({ object }) => nameKey(object.namespace, object.name)),
    commit: () => snapshot.commit,
    replica: settings.hostname,
    now: () => performance.now(),
  })
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    signal.addEventListener('abort', () => done())
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** One commit, timed, logged and published. */
async function commit({ pipeline, snapshot, metrics, logs }: Running): Promise<number> {
  const startedAt = performance.now()
  const number = await pipeline.graph.commit()
  // Whoever asked for the same commit finds it published.
  if (number !== snapshot.commit) snapshot.publish(number)
  const seconds = (performance.now() - startedAt) / 1000
  metrics.committed(seconds)
  logs.component('agentgateway/translator').debug({ commit: number, ms: Math.round(seconds * 1000) }, 'commit')
  return number
}

function startChildren(
  { pipeline, logs }: Running,
  { binary, xdsPort, signal }: { readonly binary: string; readonly xdsPort: number; readonly signal: AbortSignal },
): ChildProxies {
  const log = logs.component('proxies')
  const children = new ChildProxies({
    binary,
    xdsPort,
    signal,
    log,
    onLine: (gateway, line) => process.stderr.write(`[${gateway}] ${line}\n`),
  })
  const told = new Set<string>()
  const update = (): void => {
    children.serve(pipeline.gateways.list().map(({ object }) => nameKey(object.namespace, object.name)))
    for (const { message } of portConflicts(pipeline.xds.list())) {
      if (!told.has(message)) log.error({}, message)
      told.add(message)
    }
  }
  update()
  pipeline.xds.observe(update)
  pipeline.gateways.observe(update)
  return children
}

function healthRoutes(isReady: () => boolean): readonly AdminRoute[] {
  const ready = (): { readonly status: number; readonly body: string } =>
    isReady()
      ? { status: 200, body: 'ok\n' }
      : { status: 500, body: 'not ready: the first configuration is not complete\n' }
  return [
    { path: '/readyz', help: 'ready once proxies are served', handle: ready },
    { path: '/readyz/ready-ping', help: 'the same', handle: ready },
    { path: '/healthz', help: 'the process answers', handle: () => ({ body: 'ok\n' }) },
  ]
}

function metricsRoutes({ registry }: Metrics): readonly AdminRoute[] {
  const metrics: AdminRoute = {
    path: '/metrics',
    help: 'Prometheus metrics',
    handle: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }
  return [
    { path: '/', help: 'this page', handle: () => indexPage('agentgateway control plane: metrics', [metrics]) },
    metrics,
  ]
}

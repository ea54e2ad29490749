// `agwcp serve`: the composition root. Sources feed the pipeline, commits feed the snapshot, the snapshot feeds proxies;
// the admin server shows all of it. Everything stops on one signal.
import { accessSync, constants, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { createMetrics, type Metrics } from '../admin/metrics.ts'
import { type AdminRoute, indexPage, startHttp } from '../admin/server.ts'
import { nameKey } from '../core/keys.ts'
import { errorText, type Log } from '../core/log.ts'
import type { Source } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import { readSettings, type Settings } from '../settings.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { liveCollection, watchedKinds } from '../sources/kubernetes/kinds.ts'
import { type ManifestSource, manifestSource } from '../sources/manifests/folder.ts'
import { settle } from '../sources/settle.ts'
import type { ReportedProblem } from '../sources/source.ts'
import { createPipeline, type Pipeline } from '../translate/pipeline.ts'
import { startXdsServer, type XdsServer } from '../xds/server.ts'
import { adminRoutes } from './admin-routes.ts'
import { ChildProxies } from './child-proxies.ts'
import { startDocuments } from './documents.ts'
import { neverWithoutClass } from './implied-class.ts'
import { createLogs, type Logs } from './log.ts'
import { portConflicts } from './problems.ts'
import { admitBy, offlineValidator } from './verdicts.ts'
import { welcome } from './welcome.ts'

/** What the command line says. */
export interface ServeOptions {
  readonly manifests: readonly string[]
  readonly proxy?: string
  readonly bind: string
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
  readonly source: ManifestSource
  /** What is wrong with each file. */
  readonly fileProblems: Source<readonly ReportedProblem[]>
  /** Proxies are run beside, one per Gateway. */
  readonly runsProxies: boolean
  /** Live objects by collection, for statuses. */
  readonly live: ReadonlyMap<string, Source<KubeObject>>
}

/** Serves until a signal ends it. 0: it was asked to end; 1: it could not start; 2: wrong usage. */
export async function serveCommand(options: ServeOptions): Promise<number> {
  const { settings, errors } = readSettings(options.overrides)
  const usage = [
    ...errors,
    ...(options.manifests.length === 0 ? ['serve needs --manifests FOLDER'] : []),
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
  try {
    const running = compose(settings, options, logs)
    await run(running, options, stop.signal)
    return 0
  } catch (error) {
    log.error({ error: errorText(error) }, 'cannot serve')
    stop.abort()
    return 1
  }
}

function compose(settings: Settings, options: ServeOptions, logs: Logs): Running {
  const log = logs.component('agentgateway/translator')
  const pipeline = createPipeline(settings, {
    onFailure: ({ node, input, error }) =>
      log.error({ node, input, error }, 'translation failed by a bug of ours; the last good result is kept'),
    onClash: ({ node, key, inputs }) =>
      log.warn({ node, key, inputs }, 'two objects claim one resource; the first by name has it'),
  })
  const snapshot = new Snapshot()
  snapshot.follow(pipeline.xds)
  snapshot.followGateways(pipeline.gateways)
  return {
    settings,
    version: options.version,
    logs,
    metrics: createMetrics(options.version),
    pipeline,
    snapshot,
    source: manifestSource({ paths: options.manifests, admit: admitBy(offlineValidator([])) }),
    fileProblems: pipeline.graph.source('source/problems'),
    runsProxies: options.proxy !== undefined,
    live: new Map(
      watchedKinds
        .filter(({ writesStatus }) => writesStatus)
        .map((kind) => [liveCollection(kind), pipeline.graph.source<KubeObject>(liveCollection(kind))]),
    ),
  }
}

async function run(running: Running, options: ServeOptions, signal: AbortSignal): Promise<void> {
  const { settings, logs, metrics, pipeline, snapshot, source, fileProblems, live } = running
  const log = logs.component('agentgateway')
  const state: { isReady: boolean; xds: XdsServer | undefined; children: ChildProxies | undefined } = {
    isReady: false,
    xds: undefined,
    children: undefined,
  }
  const onError = (path: string, error: unknown): void =>
    log.error({ path, error: errorText(error) }, 'a request failed')
  const http = { host: options.bind, localOnly: false, signal, onError }
  await startHttp(
    healthRoutes(() => state.isReady),
    { ...http, port: settings.healthPort },
  )
  await startHttp(metricsRoutes(metrics), { ...http, port: settings.metricsPort })
  const routes = adminRoutes(running, () => state)
  const adminPort = await startHttp(routes, { ...http, host: '127.0.0.1', localOnly: true, port: settings.adminPort })

  const classes = pipeline.source('source/gatewayclasses')
  const implied = classes === undefined ? undefined : neverWithoutClass(classes, settings)
  const intake = {
    collection: (name: string) => live.get(name) ?? (name === implied?.name ? implied : pipeline.source(name)),
    problems: fileProblems,
    commit: () => commit(running),
  }
  observe(running, () => state)
  const firstCommit = Promise.withResolvers<void>()
  const subscription = settle([source], intake).subscribe({
    next: (number) => {
      snapshot.publish(number)
      firstCommit.resolve()
    },
    error: firstCommit.reject,
  })
  signal.addEventListener('abort', () => subscription.unsubscribe())
  await firstCommit.promise
  await startDocuments(
    {
      ...{ pipeline, systemNamespace: settings.systemNamespace, folder: settings.documentsFolder },
      log: logs.component('agentgateway/documents'),
      commit: () => void intake.commit().then((number) => snapshot.publish(number)),
    },
    signal,
  )

  state.xds = await startXdsServer({
    snapshot,
    host: options.bind,
    port: settings.xdsPort,
    signal,
    events: xdsEvents(metrics, logs.component('krtxds')),
  })
  state.isReady = true
  if (options.proxy !== undefined)
    state.children = startChildren(running, { binary: resolve(options.proxy), xdsPort: state.xds.port, signal })
  process.stdout.write(welcome(running, { adminPort, xdsPort: state.xds.port, paths: options.manifests }))

  await new Promise<void>((done) => {
    if (signal.aborted) done()
    signal.addEventListener('abort', () => done())
  })
  state.isReady = false
  log.info({}, 'stopping: streams are drained')
  await Promise.all([state.xds.drain(), state.children?.ended()])
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** One commit, timed and logged. */
async function commit({ pipeline, metrics, logs }: Running): Promise<number> {
  const startedAt = performance.now()
  const number = await pipeline.graph.commit()
  const seconds = (performance.now() - startedAt) / 1000
  metrics.committed(seconds)
  logs.component('agentgateway/translator').debug({ commit: number, ms: Math.round(seconds * 1000) }, 'commit')
  return number
}

function observe(
  { metrics, pipeline, snapshot, fileProblems, logs }: Running,
  state: () => { readonly xds: XdsServer | undefined },
): void {
  metrics.gauges(() => ({
    objects: Object.fromEntries(
      pipeline.graph
        .stats()
        .filter(({ name }) => name.startsWith('source/') && name !== 'source/problems')
        .map(({ name, outputs }) => [name.slice('source/'.length), outputs]),
    ),
    configBytes: Object.fromEntries(snapshot.scopes().map((scope) => [scope, snapshot.bytes(scope)])),
  }))
  metrics.failures(() => pipeline.graph.failures().length)
  const log = logs.component('agentgateway')
  fileProblems.observe((changes) => {
    for (const { before, after } of changes) {
      const known = new Set((before ?? []).map((problem) => JSON.stringify(problem)))
      for (const problem of after ?? []) {
        if (known.has(JSON.stringify(problem))) continue
        const { severity, message, ...fields } = problem
        if (severity === 'error') log.error(fields, message)
        else log.warn(fields, message)
      }
      if ((after ?? []).length === 0 && before !== undefined)
        log.info({ file: before[0]?.file }, 'all problems are mended')
    }
  })
  // The sessions are asked for only when somebody scrapes.
  void state
}

function xdsEvents(metrics: Metrics, log: Log): Parameters<typeof startXdsServer>[0]['events'] {
  return {
    connected: ({ gateway, peer, node }) => {
      metrics.streamOpened(gateway)
      log.info({ gateway, peer, node }, 'proxy connected')
    },
    disconnected: ({ gateway, peer, node }, reason) => {
      metrics.streamClosed(gateway)
      log.info({ gateway, peer, node, reason }, 'proxy disconnected')
    },
    pushed: (_, push) => metrics.pushed(push.typeUrl, push.bytes),
    acknowledged: (_, { typeUrl, seconds }) => metrics.acknowledged(typeUrl, seconds),
    rejected: ({ gateway, peer }, { rejections, message }) => {
      metrics.rejected(gateway)
      log.warn(
        { gateway, peer, rejections: rejections.length > 0 ? rejections : message },
        'a proxy rejected resources',
      )
    },
  }
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

// What is counted and logged of a running control plane. What metrics are called is decided in admin/metrics.ts.
import type { Metrics } from '../admin/metrics.ts'
import type { Log } from '../core/log.ts'
import type { XdsEvents } from '../xds/session-view.ts'
import type { Running } from './serve.ts'

/** Counts objects and what proxies are sent, and logs problems of files as they come and go. */
export function observe({ metrics, pipeline, snapshot, fileProblems, logs }: Running): void {
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
}

/** Counts and logs what happens to proxies, and tells others. */
export function xdsEvents(metrics: Metrics, log: Log, others: readonly XdsEvents[]): XdsEvents {
  return {
    connected: (session) => {
      const { gateway, peer, node } = session
      metrics.streamOpened(gateway)
      for (const other of others) other.connected?.(session)
      log.info({ gateway, peer, node }, 'proxy connected')
    },
    disconnected: (session, reason) => {
      const { gateway, peer, node } = session
      metrics.streamClosed(gateway)
      for (const other of others) other.disconnected?.(session, reason)
      log.info({ gateway, peer, node, reason }, 'proxy disconnected')
    },
    authenticated: metrics.authenticated,
    connectionClosed: (peer, reason) => {
      metrics.connectionClosed(reason)
      log.debug({ peer, reason }, 'a connection without a stream was closed')
    },
    pushed: (_, { typeUrl, bytes, seconds }) => metrics.pushed({ type: typeUrl, bytes, seconds }),
    acknowledged: (session, acknowledgement) => {
      metrics.acknowledged(acknowledgement.typeUrl, acknowledgement.seconds)
      for (const other of others) other.acknowledged?.(session, acknowledgement)
    },
    rejected: (session, refused) => {
      const { gateway, peer } = session
      const { rejections, message } = refused
      metrics.rejected(gateway)
      for (const other of others) other.rejected?.(session, refused)
      log.warn(
        { gateway, peer, rejections: rejections.length > 0 ? rejections : message },
        'a proxy rejected resources',
      )
    },
  }
}

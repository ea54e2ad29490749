// Names, labels and buckets of everything we count. Who observes what is decided at the composition root, through the
// functions of `Metrics`.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** How metrics are fed; each function is one observation. */
export interface Metrics {
  readonly registry: Registry
  streamOpened(gateway: string): void
  streamClosed(gateway: string): void
  /** `seconds` from the commit that changed something to the response that carries it. */
  pushed(push: { readonly type: string; readonly bytes: number; readonly seconds: number }): void
  /** From the commit that changed something to the acknowledgement of the response that carried it. */
  acknowledged(type: string, seconds: number): void
  rejected(gateway: string): void
  authenticated(accepted: boolean): void
  connectionClosed(reason: string): void
  committed(seconds: number): void
  statusWritten(kind: string, result: string): void
  /** An attempt at deploying begins; the returned function is told how it ended. */
  reconciling(attempt: {
    readonly controller: 'gateway' | 'gatewayclass'
    readonly namespace: string
    readonly name: string
  }): (result: 'success' | 'error') => void
  leading(isLeader: boolean): void
  /** Counts of objects by kind and bytes by gateway are read when somebody scrapes. */
  gauges(
    read: () => {
      readonly objects: Readonly<Record<string, number>>
      readonly configBytes: Readonly<Record<string, number>>
    },
  ): void
  failures(read: () => number): void
  problems(read: () => Readonly<Record<string, number>>): void
}

const FAST = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** A registry with all metrics; `version` labels the build. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'agentgateway_controller_build_info',
    help: 'Build of this process.',
    labelNames: ['version', 'node_version', 'platform'],
    registers,
  }).set({ version, node_version: process.version, platform: `${process.platform}/${process.arch}` }, 1)
  const connected = new Gauge({
    name: 'agentgateway_xds_connected_proxies',
    help: 'Proxies with an open stream, by gateway.',
    labelNames: ['gateway'],
    registers,
  })
  const pushes = new Counter({
    name: 'agentgateway_xds_pushes_total',
    help: 'Responses sent, by type.',
    labelNames: ['type'],
    registers,
  })
  const pushedBytes = new Counter({
    name: 'agentgateway_xds_pushed_bytes_total',
    help: 'Bytes of responses sent, by type.',
    labelNames: ['type'],
    registers,
  })
  const waited = new Histogram({
    name: 'agentgateway_xds_push_seconds',
    help: 'From a commit to the response that carries it, by type.',
    labelNames: ['type'],
    buckets: FAST,
    registers,
  })
  const convergence = new Histogram({
    name: 'agentgateway_xds_convergence_seconds',
    help: 'From a commit to its acknowledgement by a proxy, by type.',
    labelNames: ['type'],
    buckets: FAST,
    registers,
  })
  const rejects = new Counter({
    name: 'agentgateway_xds_rejects_total',
    help: 'Rejections received from proxies.',
    registers,
  })
  const nacks = new Counter({
    name: 'agentgateway_xds_nacks_total',
    help: 'Rejections received from proxies, by gateway.',
    labelNames: ['gateway'],
    registers,
  })
  const authRequests = new Counter({
    name: 'agentgateway_xds_auth_rq_total',
    help: 'Streams that had to authenticate.',
    registers,
  })
  const authAccepted = new Counter({
    name: 'agentgateway_xds_auth_rq_success_total',
    help: 'Streams that authenticated.',
    registers,
  })
  const authRefused = new Counter({
    name: 'agentgateway_xds_auth_rq_failure_total',
    help: 'Streams refused for their credentials.',
    registers,
  })
  const closed = new Counter({
    name: 'agentgateway_xds_connections_closed_total',
    help: 'Connections without a stream that were closed, by reason: unused, flooding or crowded.',
    labelNames: ['reason'],
    registers,
  })
  const commits = new Histogram({
    name: 'agentgateway_commit_seconds',
    help: 'Time of one commit of the engine.',
    buckets: FAST,
    registers,
  })
  const statusWrites = new Counter({
    name: 'agentgateway_status_writes_total',
    help: 'Attempts to write a status, by kind and result.',
    labelNames: ['kind', 'result'],
    registers,
  })
  const reconciliations = new Counter({
    name: 'agentgateway_controller_reconciliations_total',
    help: 'Attempts of the leader at deploying a Gateway or its GatewayClass, by result; one whose parameters cannot be used is an error.',
    labelNames: ['controller', 'namespace', 'name', 'result'],
    registers,
  })
  const reconciling = new Gauge({
    name: 'agentgateway_controller_reconciliations_running',
    help: 'Attempts at deploying that have not ended.',
    labelNames: ['controller', 'namespace', 'name'],
    registers,
  })
  const reconcileSeconds = new Histogram({
    name: 'agentgateway_controller_reconcile_duration_seconds',
    help: 'Time of one attempt at deploying.',
    labelNames: ['controller', 'namespace', 'name'],
    buckets: FAST.filter((seconds) => seconds <= 5),
    registers,
  })
  const leader = new Gauge({
    name: 'agentgateway_leader',
    help: 'Whether this replica holds the Lease, and so writes.',
    registers,
  })

  return {
    registry,
    streamOpened: (gateway) => connected.inc({ gateway }),
    streamClosed: (gateway) => connected.dec({ gateway }),
    pushed: ({ type, bytes, seconds }) => {
      pushes.inc({ type })
      pushedBytes.inc({ type }, bytes)
      waited.observe({ type }, seconds)
    },
    acknowledged: (type, seconds) => convergence.observe({ type }, seconds),
    rejected: (gateway) => {
      rejects.inc()
      nacks.inc({ gateway })
    },
    authenticated: (accepted) => {
      authRequests.inc()
      if (accepted) authAccepted.inc()
      else authRefused.inc()
    },
    connectionClosed: (reason) => closed.inc({ reason }),
    committed: (seconds) => commits.observe(seconds),
    statusWritten: (kind, result) => statusWrites.inc({ kind, result }),
    reconciling: (attempt) => {
      reconciling.inc({ ...attempt })
      const measured = reconcileSeconds.startTimer({ ...attempt })
      return (result) => {
        measured()
        reconciling.dec({ ...attempt })
        reconciliations.inc({ ...attempt, result })
      }
    },
    leading: (isLeader) => leader.set(isLeader ? 1 : 0),
    gauges: (read) => {
      new Gauge({
        name: 'agentgateway_objects',
        help: 'Objects that are watched, by kind.',
        labelNames: ['kind'],
        registers,
        collect() {
          for (const [kind, count] of Object.entries(read().objects)) this.set({ kind }, count)
        },
      })
      new Gauge({
        name: 'agentgateway_xds_config_bytes',
        help: 'Bytes of configuration, by gateway.',
        labelNames: ['gateway'],
        registers,
        collect() {
          this.reset()
          for (const [gateway, bytes] of Object.entries(read().configBytes)) this.set({ gateway }, bytes)
        },
      })
    },
    failures: (read) => {
      new Gauge({
        name: 'agentgateway_contained_failures',
        help: 'Inputs whose translation failed by a bug of ours and whose last good result is kept.',
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    problems: (read) => {
      new Gauge({
        name: 'agentgateway_problems',
        help: 'Problems of the given objects, by severity.',
        labelNames: ['severity'],
        registers,
        collect() {
          for (const [severity, count] of Object.entries(read())) this.set({ severity }, count)
        },
      })
    },
  }
}

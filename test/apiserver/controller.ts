// The program itself as a process beside a real API server, as a replica in a cluster would be.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { endedWithUs } from '../children.ts'
import { eventually } from './harness.ts'

/** A replica. */
export interface Controller {
  /** One JSON object per line of its log. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  readonly xdsPort: () => number
  /** JSON that the admin server answers. */
  admin(path: string): Promise<unknown>
  /** Value of a metric with these labels, 0 while it has none. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** Runs of the nodes whose names begin so. */
  runs(prefix: string): Promise<number>
  isReady(): Promise<boolean>
  /** As the kubelet ends it; resolves to the exit code. */
  stop(): Promise<number | null>
  /** As a lost machine ends it. */
  kill(): Promise<void>
}

/** How a replica is started. */
export interface ControllerOptions {
  readonly kubeconfig: string
  /** Where its Lease is. */
  readonly namespace: string
  readonly flags?: readonly string[]
  /** What its container is given. Without it nothing protects xDS, which has any port. */
  readonly environment?: Readonly<Record<string, string>>
  /** Do not wait until it is ready. */
  readonly isAwaited?: boolean
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const anyPorts = ['admin-port', 'metrics-port', 'health-port'].map((flag) => `--${flag}=0`)
const unprotected = ['--xds-auth=false', '--xds-mode=plaintext', '--agentgateway-xds-service-port=0']

/** Starts a replica; resolves when it is ready. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { kubeconfig, namespace, environment, flags = [], isAwaited = true } = options
  const protection = environment === undefined ? unprotected : []
  const child: ChildProcess = spawn(
    process.execPath,
    [main, 'serve', '--cluster', '--bind=127.0.0.1', ...anyPorts, ...protection, ...flags],
    {
      env: { ...process.env, POD_NAMESPACE: namespace, ...environment, KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  )
  endedWithUs(child)
  const lines: Record<string, unknown>[] = []
  let rest = ''
  child.stderr?.on('data', (chunk) => {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) lines.push(part.startsWith('{') ? JSON.parse(part) : { msg: part })
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const port = (field: string): number => {
    const value = lines.find(({ msg }) => msg === 'ready')?.[field]
    if (typeof value !== 'number') throw new Error(`not ready: ${JSON.stringify(lines.slice(-10))}`)
    return value
  }
  const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port('metricsPort')}/metrics`)).text()
  const controller: Controller = {
    lines,
    xdsPort: () => port('xdsPort'),
    admin: async (path) => (await fetch(`http://127.0.0.1:${port('adminPort')}${path}`)).json(),
    async metric(name, labels = {}) {
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
      const line = (await metrics())
        .split('\n')
        .find((each) => each.startsWith(name) && wanted.every((label) => each.includes(label)))
      return Number(line?.split(' ').at(-1) ?? 0)
    },
    async runs(prefix) {
      const graph = (await controller.admin('/graph')) as {
        readonly collections: readonly { readonly name: string; readonly runs: number }[]
      }
      return graph.collections.filter(({ name }) => name.startsWith(prefix)).reduce((sum, { runs }) => sum + runs, 0)
    },
    async isReady() {
      const answer = await fetch(`http://127.0.0.1:${port('healthPort')}/readyz`)
      return answer.ok
    },
    stop() {
      child.kill('SIGTERM')
      return ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
  if (isAwaited) await eventually(() => port('xdsPort'), 30_000)
  return controller
}

// `serve --proxy`: one agentgateway process per Gateway, so that a folder is a whole gateway on one machine. A proxy that
// ends is started again with growing delays; all end with us. Which gateways exist is decided by translation.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { GatewayKey } from '../core/keys.ts'
import { splitNameKey } from '../core/keys.ts'
import type { Log } from '../core/log.ts'
import { shortenedName } from '../core/names.ts'

/** What all child proxies share. */
export interface ChildProxyOptions {
  readonly binary: string
  readonly xdsPort: number
  readonly log: Log
  readonly signal: AbortSignal
  /** Receives each line that a proxy prints, with the gateway it serves. */
  readonly onLine: (gateway: GatewayKey, line: string) => void
}

/** Where one child proxy's own endpoints listen. */
export interface ChildProxyPorts {
  readonly admin: number
  readonly stats: number
  readonly readiness: number
}

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
const STEADY_AFTER_MS = 60_000

/** Starts and stops proxies so that exactly the given gateways have one. */
export class ChildProxies {
  readonly #options: ChildProxyOptions
  readonly #running = new Map<GatewayKey, AbortController>()
  readonly #ports = new Map<GatewayKey, ChildProxyPorts>()
  readonly #loops = new Set<Promise<void>>()

  constructor(options: ChildProxyOptions) {
    this.#options = options
  }

  /** Where each proxy answers `config_dump`, metrics and readiness. */
  ports(): ReadonlyMap<GatewayKey, ChildProxyPorts> {
    return this.#ports
  }

  /** The gateways that must have a proxy now. */
  serve(gateways: Iterable<GatewayKey>): void {
    const wanted = new Set(gateways)
    for (const [gateway, stop] of this.#running) {
      if (wanted.has(gateway)) continue
      stop.abort()
      this.#running.delete(gateway)
      this.#ports.delete(gateway)
    }
    for (const gateway of wanted) {
      if (this.#running.has(gateway)) continue
      const stop = new AbortController()
      this.#running.set(gateway, stop)
      const loop = this.#keepRunning(gateway, AbortSignal.any([stop.signal, this.#options.signal]))
      this.#loops.add(loop)
      void loop.then(() => this.#loops.delete(loop))
    }
  }

  /** Resolves when no proxy runs any more, once all have been asked to end. */
  async ended(): Promise<void> {
    await Promise.all(this.#loops)
  }

  async #keepRunning(gateway: GatewayKey, signal: AbortSignal): Promise<void> {
    let delayMs = FIRST_DELAY_MS
    while (!signal.aborted) {
      const startedAt = Date.now()
      const ending = await this.#runOnce(gateway, signal)
      if (signal.aborted) return
      if (Date.now() - startedAt > STEADY_AFTER_MS) delayMs = FIRST_DELAY_MS
      this.#options.log.warn({ gateway, delayMs }, `proxy ended (${ending}); it is started again`)
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, delayMs)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          resolve(undefined)
        })
      })
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    }
  }

  async #runOnce(gateway: GatewayKey, signal: AbortSignal): Promise<string> {
    const [admin, stats, readiness] = await freePorts(3)
    if (admin === undefined || stats === undefined || readiness === undefined) return 'no free ports'
    if (signal.aborted) return 'not wanted any more'
    this.#ports.set(gateway, { admin, stats, readiness })
    const { namespace, name } = splitNameKey(gateway)
    const child = spawn(this.#options.binary, ['--config', '{}'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        XDS_ADDRESS: `http://127.0.0.1:${this.#options.xdsPort}`,
        NAMESPACE: namespace,
        GATEWAY: shortenedName(name),
        INSTANCE_IP: '127.0.0.1',
        // No POD_NAME: a proxy that has one waits for a pod of that name among the addresses.
        ADMIN_ADDR: `127.0.0.1:${admin}`,
        STATS_ADDR: `127.0.0.1:${stats}`,
        READINESS_ADDR: `127.0.0.1:${readiness}`,
      },
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#options.onLine(gateway, line))
    }
    const stop = (): void => stopChild(child)
    signal.addEventListener('abort', stop)
    this.#options.log.info({ gateway, pid: child.pid, admin, readiness }, 'proxy started')
    const ending = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, cause) => resolve(cause ?? `exit code ${code}`))
    })
    signal.removeEventListener('abort', stop)
    return ending
  }
}

/** Asks a child to end, and insists after five seconds. */
function stopChild(child: ChildProcess): void {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), 5000).unref()
}

/** Ports that nobody listens on just now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address()
      await new Promise((resolve) => server.close(resolve))
      return typeof address === 'object' && address !== null ? address.port : 0
    }),
  )
}

// Processes for the tests that want a real proxy: the control plane as a child, agentgateway proxies, small backends.
// AGENTGATEWAY_BIN names the proxy's binary; without it these tests are skipped, loudly. Everything listens on loopback,
// except the proxies' binds, and everything ends with the test file.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { endedWithUs } from '../children.ts'
import { freePorts } from '../ports.ts'

/** The proxy's binary; undefined when there is none. */
export const PROXY_BINARY = process.env.AGENTGATEWAY_BIN === '' ? undefined : process.env.AGENTGATEWAY_BIN

/** Says that a file's tests do not run. */
export function warnIfSkipped(what: string): void {
  if (PROXY_BINARY === undefined) console.warn(`AGENTGATEWAY_BIN is unset: NOT TESTED against a real proxy: ${what}`)
}

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const cleanups: (() => Promise<void> | void)[] = []

/** Ends everything that was started; for `afterAll`. */
export async function endAll(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
}

/** Does this, too, when everything ends. */
export function atEnd(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup)
}

const POLL_MS = 5

/** Asks again and again until there is an answer; fails after a while with what was awaited. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  ms = 15_000,
): Promise<T> {
  const deadline = Date.now() + ms
  let failure: unknown
  while (Date.now() < deadline) {
    try {
      const found = await probe()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      failure = error
    }
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  throw new Error(`${what}: not within ${ms} ms${failure === undefined ? '' : `; last: ${String(failure)}`}`)
}

/** A process of the lab. */
export interface Running {
  readonly pid: number
  /** Everything it printed so far. */
  output(): string
  /** Ends it and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>
  readonly exited: Promise<number | null>
}

/** Starts a process; `cwd` is the repository unless it is named. */
export function start(
  command: string,
  args: readonly string[],
  { env, cwd = REPOSITORY }: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Running {
  const child = endedWithUs(spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], cwd }))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | null>((done) => {
    child.once('exit', (code) => done(code))
    child.once('error', (error) => {
      output += String(error)
      done(null)
    })
  })
  const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    const forced = setTimeout(() => child.kill('SIGKILL'), 5000)
    await exited
    clearTimeout(forced)
  }
  cleanups.push(() => end('SIGKILL'))
  return { pid: child.pid ?? 0, output: () => output, end, exited }
}

/** Where a control plane listens. */
export interface ControlPlanePorts {
  readonly xds: number
  readonly admin: number
  readonly metrics: number
  readonly health: number
}

/** A running `agwcp serve`. */
export interface ControlPlane extends Running {
  readonly ports: ControlPlanePorts
  /** What the admin server answers, as JSON. */
  admin<T>(path: string): Promise<T>
  /** The value of a metric with these labels; 0 when it is not there. */
  metric(name: string, labels: string): Promise<number>
}

/** A command of ours as a child process, from the sources. */
export function agwcp(...args: readonly string[]): Running {
  return start(process.execPath, [join(REPOSITORY, 'src/main.ts'), ...args], { env: { PATH: process.env.PATH } })
}

/** Four free ports. */
export async function controlPlanePorts(): Promise<ControlPlanePorts> {
  const [xds = 0, admin = 0, metrics = 0, health = 0] = await freePorts(4)
  return { xds, admin, metrics, health }
}

/** Serves a folder; resolves when it is ready. */
export async function serve(
  folder: string,
  options: { readonly ports?: ControlPlanePorts; readonly args?: readonly string[] } = {},
): Promise<ControlPlane> {
  const ports = options.ports ?? (await controlPlanePorts())
  const flags = {
    'agentgateway-xds-service-port': ports.xds,
    'admin-port': ports.admin,
    'metrics-port': ports.metrics,
    'health-port': ports.health,
  }
  const child = agwcp(
    ...['serve', '--manifests', folder],
    ...Object.entries(flags).flatMap(([flag, port]) => [`--${flag}`, String(port)]),
    ...(options.args ?? []),
  )
  const ready = until('the control plane is ready', async () => {
    const response = await fetch(`http://127.0.0.1:${ports.health}/readyz`)
    return response.ok ? true : undefined
  })
  const outcome = await Promise.race([ready.then(() => 'ready' as const), child.exited.then(() => 'exited' as const)])
  if (outcome === 'exited') throw new Error(`the control plane ended:\n${child.output()}`)
  return {
    ...child,
    ports,
    admin: async <T>(path: string) => {
      const response = await fetch(`http://localhost:${ports.admin}${path}`)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      // The caller knows what it asked for.
      return (await response.json()) as T
    },
    metric: async (name, labels) => {
      const lines = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text()
      const line = lines.split('\n').find((line) => line.startsWith(`${name}{`) && line.includes(labels))
      return Number(line?.split(' ').at(-1) ?? 0)
    },
  }
}

/** A running proxy. */
export interface RunningProxy extends Running {
  readonly adminPort: number
  readonly statsPort: number
  dump(): Promise<Record<string, unknown>>
}

/** Starts a proxy of a gateway, with more in its environment; resolves when it says that it is ready. */
export async function startProxy(
  gateway: string,
  xdsPort: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningProxy> {
  const [namespace = '', name = ''] = gateway.split('/')
  const [adminPort = 0, stats = 0, readiness = 0] = await freePorts(3)
  const child = start(resolve(PROXY_BINARY ?? ''), ['-c', '{}'], {
    env: {
      HOME: '/tmp',
      XDS_ADDRESS: `http://127.0.0.1:${xdsPort}`,
      NAMESPACE: namespace,
      GATEWAY: name,
      ADMIN_ADDR: `127.0.0.1:${adminPort}`,
      STATS_ADDR: `127.0.0.1:${stats}`,
      READINESS_ADDR: `127.0.0.1:${readiness}`,
      WORKER_THREADS: '1',
      ...environment,
    },
  })
  await until('the proxy is ready', async () => {
    const response = await fetch(`http://127.0.0.1:${readiness}/healthz/ready`)
    return response.ok ? true : undefined
  })
  return {
    ...child,
    adminPort,
    statsPort: stats,
    dump: async () => {
      const response = await fetch(`http://127.0.0.1:${adminPort}/config_dump`)
      // The proxy's dump is an object.
      return (await response.json()) as Record<string, unknown>
    },
  }
}

/** An answer, read to its end. */
export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request to a port of this machine; unlike `fetch` it may say any Host and follows nothing. */
export function ask(
  port: number,
  path: string,
  options: { readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string } = {},
): Promise<Answered> {
  return new Promise((done, fail) => {
    const { method = 'GET', headers = {}, body } = options
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      text(response).then((body) => done({ status: response.statusCode ?? 0, headers: response.headers, body }), fail)
    })
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}

/** A backend: answers each request by a function of it. */
export async function backend(
  answer: (request: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }) => {
    readonly status?: number
    readonly headers?: OutgoingHttpHeaders
    readonly body: string
  },
): Promise<number> {
  const server = createServer(async (incoming, response) => {
    const { url = '', headers } = incoming
    const { status = 200, headers: own = {}, body } = answer({ path: url, headers, body: await text(incoming) })
    response.writeHead(status, own).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  cleanups.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A folder that goes away with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-proxy-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A copy of an example whose ports are replaced, so that it runs beside whatever else runs. */
export function exampleCopy(example: string, ports: Readonly<Record<number, number>>): string {
  const folder = temporaryFolder()
  cpSync(join(REPOSITORY, 'examples', example), folder, { recursive: true })
  for (const file of readdirSync(folder)) {
    const path = join(folder, file)
    const replaced = readFileSync(path, 'utf8').replace(
      /port: (\d+)/g,
      (_, port: string) => `port: ${ports[Number(port)] ?? port}`,
    )
    writeFileSync(path, replaced)
  }
  return folder
}

/** What `/proxies` says. */
export interface Proxies {
  readonly proxies: readonly {
    readonly gateway: string
    readonly node: string
    readonly connectedAt: string
    readonly types: Readonly<
      Record<string, { readonly state: string; readonly resources: number; readonly rejections: readonly unknown[] }>
    >
  }[]
}

/** Waits until a gateway's one proxy has acknowledged everything, and says how it stands. */
export function synced(controlPlane: ControlPlane, gateway: string): Promise<Proxies['proxies'][number]> {
  return until(`the proxy of ${gateway} is synced`, async () => {
    const { proxies } = await controlPlane.admin<Proxies>('/proxies')
    const proxy = proxies.find((each) => each.gateway === gateway)
    const states = Object.values(proxy?.types ?? {})
    return states.length === 2 && states.every(({ state }) => state === 'synced') ? proxy : undefined
  })
}

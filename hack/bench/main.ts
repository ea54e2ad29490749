// `npm run bench`: starts the real server on a large folder of manifests, connects fake proxies, and measures what an
// operator would feel. `--small` is a quick look, `--bundle` measures dist/agwcp.js, `--keep` leaves the folder.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EngineCommand, EngineReport } from './engine.ts'
import type { FleetCommand, FleetReport } from './fleet.ts'
import { printRows, quantileRows, type Row } from './report.ts'
import { editRoute, FULL_SIZE, SMALL_SIZE, writeWorld } from './world.ts'

const ROOT = join(import.meta.dirname, '../..')
const flags = new Set(process.argv.slice(2))
const size = flags.has('--small') ? SMALL_SIZE : FULL_SIZE
const PROXIES = 50
const CROWD = 500
const FILE_EDITS = 100
const ENGINE_EDITS = 500
const CHURN = { perSecond: 100, seconds: 5 }
const CLOCK_TICKS_PER_SECOND = 100

const rows: Row[] = []
const children: ChildProcess[] = []

function now(): number {
  return performance.timeOrigin + performance.now()
}

/** A child that takes commands and answers with reports. */
class Worker<C extends object, R extends { readonly is: string }> {
  readonly #child: ChildProcess
  readonly #reports: R[] = []
  #wake: () => void = () => {}

  constructor(file: string) {
    this.#child = fork(join(import.meta.dirname, file))
    children.push(this.#child)
    this.#child.on('message', (report) => {
      // Our own child's reports.
      this.#reports.push(report as unknown as R)
      this.#wake()
    })
    this.#child.on('exit', (code) => {
      if (code !== null && code !== 0) throw new Error(`${file} ended with ${code}`)
    })
  }

  send(command: C): void {
    this.#child.send(command)
  }

  async next<K extends R['is']>(is: K): Promise<Extract<R, { readonly is: K }>> {
    for (;;) {
      const report = this.#reports.shift()
      // Compared in the same line.
      if (report?.is === is) return report as Extract<R, { readonly is: K }>
      if (report === undefined)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  stop(): void {
    this.#child.disconnect()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts `agwcp serve` on the folder. */
function serve(folder: string, ports: readonly number[]): ChildProcess {
  const [xds = 0, admin = 0, metrics = 0, health = 0] = ports
  const program = flags.has('--bundle') ? join(ROOT, 'dist/agwcp.js') : join(ROOT, 'src/main.ts')
  const child = spawn(
    process.execPath,
    [
      ...[program, 'serve', '--manifests', folder, '--log-level', 'error'],
      ...['--agentgateway-xds-service-port', `${xds}`, '--admin-port', `${admin}`],
      ...['--metrics-port', `${metrics}`, '--health-port', `${health}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  children.push(child)
  return child
}

function megabytes(pid: number | undefined, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
}

function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

type Fleet = Worker<FleetCommand, FleetReport>

/** The server as it is run: cold start, memory, edits of files, a crowd, a restart. */
async function benchServer(folder: string, fleet: Fleet): Promise<void> {
  const ports = await Promise.all([1, 2, 3, 4].map(freePort))
  const [port = 0] = ports
  const startedAt = now()
  let server = serve(folder, ports)
  fleet.send({ do: 'connect', port, proxies: PROXIES, gateways: size.gateways, isCounting: false })
  const complete = await fleet.next('complete')
  rows.push(
    {
      name: `start → ${PROXIES} proxies complete`,
      value: (complete.at - startedAt) / 1000,
      unit: 's',
      target: 3,
      note: `${complete.resources / PROXIES} resources each`,
    },
    { name: 'CPU until then', value: cpuSeconds(server.pid), unit: 's' },
    { name: 'foreign names at the start', value: complete.foreign, unit: 'names', target: 0 },
  )
  await pause(3000)
  rows.push(
    { name: 'resident memory', value: megabytes(server.pid, 'VmRSS'), unit: 'MB', target: 170 },
    { name: 'resident memory, peak', value: megabytes(server.pid, 'VmHWM'), unit: 'MB' },
  )

  const [first, last, elsewhere]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < FILE_EDITS; i += 1) {
    const gateway = i % size.gateways
    const token = `edit-${i}-`
    fleet.send({ do: 'expect', token, gateway })
    const editedAt = now()
    editRoute(folder, gateway, { size, token })
    const arrived = await fleet.next('arrived')
    first.push(arrived.firstAt - editedAt)
    last.push(arrived.lastAt - editedAt)
    elsewhere.push(arrived.elsewhere)
    await pause(60)
  }
  rows.push(
    ...quantileRows('edited file → first acknowledgement', first),
    ...quantileRows('edited file → last acknowledgement', last),
  )
  rows.push({ name: 'messages to other gateways per change', value: Math.max(...elsewhere), unit: '', target: 0 })

  fleet.send({ do: 'age', isOn: true })
  const everyMs = 1000 / CHURN.perSecond
  const churnFrom = performance.now()
  for (let i = 0; i < CHURN.perSecond * CHURN.seconds; i += 1) {
    await pause(Math.max(0, churnFrom + i * everyMs - performance.now()))
    editRoute(folder, i % size.gateways, { size, token: `at-${Math.round(now() * 1000)}-` })
  }
  await pause(1000)
  fleet.send({ do: 'age', isOn: false })
  rows.push(...quantileRows(`${CHURN.perSecond} edited files/s: age at the proxy`, (await fleet.next('ages')).ages))
  rows.push({ name: 'resident memory after edits', value: megabytes(server.pid, 'VmRSS'), unit: 'MB' })

  fleet.send({ do: 'survive' })
  await kill(server, 'SIGKILL')
  const restartedAt = now()
  server = serve(folder, ports)
  const back = await fleet.next('complete')
  rows.push(
    { name: 'killed and restarted → all proxies back', value: (back.at - restartedAt) / 1000, unit: 's' },
    {
      name: 'resources resent to proxies that have them',
      value: back.resent,
      unit: '',
      target: 0,
      note: `${back.resources} sent in all`,
    },
    { name: 'CPU of the restart', value: cpuSeconds(server.pid), unit: 's' },
  )

  fleet.send({ do: 'disconnect' })
  await fleet.next('disconnected')
  await pause(1000)
  const cpuBefore = cpuSeconds(server.pid)
  const crowdAt = now()
  fleet.send({ do: 'connect', port, proxies: CROWD, gateways: size.gateways, isCounting: true })
  const crowd = await fleet.next('complete')
  rows.push(
    { name: `${CROWD} proxies connect → complete`, value: (crowd.at - crowdAt) / 1000, unit: 's', target: 4 },
    { name: 'CPU of that', value: cpuSeconds(server.pid) - cpuBefore, unit: 's' },
    { name: `resident memory with ${CROWD} proxies, peak`, value: megabytes(server.pid, 'VmHWM'), unit: 'MB' },
  )
  await pause(3000)
  rows.push({ name: `resident memory with ${CROWD} proxies`, value: megabytes(server.pid, 'VmRSS'), unit: 'MB' })
  fleet.send({ do: 'disconnect' })
  await fleet.next('disconnected')
  const stoppedAt = now()
  await kill(server, 'SIGTERM')
  rows.push({ name: 'SIGTERM → gone', value: now() - stoppedAt, unit: 'ms' })
}

/** From the engine's input on: what a cluster's events would meet. */
async function benchEngine(fleet: Fleet): Promise<void> {
  const engine = new Worker<EngineCommand, EngineReport>('engine.ts')
  engine.send({ do: 'load', size })
  const { port, commitMs } = await engine.next('serving')
  rows.push({ name: 'first commit', value: commitMs, unit: 'ms' })
  fleet.send({ do: 'connect', port, proxies: PROXIES, gateways: size.gateways, isCounting: false })
  await fleet.next('complete')
  engine.send({ do: 'edit', times: ENGINE_EDITS, size })
  const edited = await engine.next('edited')
  rows.push(...quantileRows('object → last acknowledgement', edited.ms, { p50: 4, p99: 12 }))
  rows.push(...quantileRows('of it, the commit', edited.commitMs))
  fleet.send({ do: 'age', isOn: true })
  engine.send({ do: 'churn', ...CHURN, size })
  await engine.next('churned')
  fleet.send({ do: 'age', isOn: false })
  const { ages } = await fleet.next('ages')
  rows.push(...quantileRows(`${CHURN.perSecond} objects/s: age at the proxy`, ages, { p99: 50 }))
  fleet.send({ do: 'disconnect' })
  await fleet.next('disconnected')
  engine.stop()
}

if (!existsSync('/proc/self/status')) throw new Error('the bench reads /proc and runs on Linux only')
const folder = mkdtempSync(join(tmpdir(), 'agwcp-bench-'))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
process.once('exit', cleanUp)
try {
  console.log(
    `${size.routes} routes, ${size.services} Services, ${size.gateways} Gateways; load ${loadavg()[0]?.toFixed(1)}`,
  )
  writeWorld(folder, size)
  const fleet: Fleet = new Worker('fleet.ts')
  await benchServer(folder, fleet)
  await benchEngine(fleet)
  fleet.stop()
  process.exitCode = printRows(rows) ? 0 : 1
} finally {
  cleanUp()
}

/** Leaves no process and no folder behind, also when the bench is interrupted. */
function cleanUp(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  if (flags.has('--keep')) console.log(`the manifests are in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}

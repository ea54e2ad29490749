// Many fake proxies in a process of their own, so that measuring does not take time from what is measured. They answer
// everything at once, reconnect with the versions they hold, and say over IPC what was asked of them.
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { ADDRESS_TYPE_URL, RESOURCE_TYPE_URL } from '../../src/wire/proto.ts'
import { DELTA_PATH } from '../../src/xds/discovery.ts'
import { field, grpcMessage, MessageCutter, nameAndVersion, outline } from './frames.ts'
import { gatewayName } from './world.ts'

/** What the fleet is told. */
export type FleetCommand =
  | {
      readonly do: 'connect'
      readonly port: number
      readonly proxies: number
      readonly gateways: number
      readonly isCounting: boolean
    }
  | { readonly do: 'disconnect' }
  /** Report when every proxy of the gateway has answered a response with these bytes in it. */
  | { readonly do: 'expect'; readonly token: string; readonly gateway: number }
  /** Note the age of every time stamp that comes, and report how many and how old when asked to stop. */
  | { readonly do: 'age'; readonly isOn: boolean }
  /** From now on streams that end are opened again, and what they bring again is counted. */
  | { readonly do: 'survive' }

/** What the fleet says. */
export type FleetReport =
  /** Every proxy has both types. */
  | {
      readonly is: 'complete'
      readonly at: number
      readonly resources: number
      readonly foreign: number
      readonly resent: number
    }
  | { readonly is: 'arrived'; readonly firstAt: number; readonly lastAt: number; readonly elsewhere: number }
  | { readonly is: 'ages'; readonly ages: readonly number[] }
  | { readonly is: 'disconnected' }

const RETRY_MS = 20
/** As the proxy's HTTP stack has them. */
const STREAM_WINDOW = 2 * 1024 * 1024
const CONNECTION_WINDOW = 5 * 1024 * 1024
const TYPES = [ADDRESS_TYPE_URL, RESOURCE_TYPE_URL]

const state = {
  proxies: [] as BenchProxy[],
  expected: undefined as
    | { token: string; gateway: number; left: number; firstAt: number; elsewhere: number }
    | undefined,
  ages: undefined as number[] | undefined,
  isSurviving: false,
  /** Small fleets keep names and versions; large ones only count. */
  isCounting: false,
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function say(report: FleetReport): void {
  process.send?.(report)
}

class BenchProxy {
  readonly gateway: number
  readonly #id: number
  readonly #port: number
  readonly #held = new Map<string, Map<string, string>>(TYPES.map((typeUrl) => [typeUrl, new Map()]))
  #complete = new Set<string>()
  #session: ClientHttp2Session | undefined
  #stream: ClientHttp2Stream | undefined
  #isGone = false
  resources = 0
  foreign = 0
  resent = 0

  constructor(id: number, gateway: number, port: number) {
    this.#id = id
    this.gateway = gateway
    this.#port = port
  }

  get isComplete(): boolean {
    return this.#complete.size === TYPES.length
  }

  open(): void {
    if (this.#isGone) return
    this.#complete = new Set()
    const session = connect(`http://127.0.0.1:${this.#port}`, { settings: { initialWindowSize: STREAM_WINDOW } })
    this.#session = session
    let isRetrying = false
    const retry = (): void => {
      if (isRetrying || this.#isGone) return
      isRetrying = true
      session.destroy()
      setTimeout(() => this.open(), RETRY_MS)
    }
    session.on('error', retry)
    session.on('close', retry)
    session.on('connect', () => {
      session.setLocalWindowSize(CONNECTION_WINDOW)
      const headers = { ':method': 'POST', ':path': DELTA_PATH, 'content-type': 'application/grpc', te: 'trailers' }
      const stream = session.request(headers)
      this.#stream = stream
      const cutter = new MessageCutter()
      stream.on('data', (chunk: Buffer) => {
        for (const message of cutter.take(chunk)) this.#take(message)
      })
      stream.on('error', retry)
      stream.on('close', retry)
      for (const typeUrl of TYPES) stream.write(this.#firstRequest(typeUrl))
    })
  }

  close(): void {
    this.#isGone = true
    this.#session?.destroy()
  }

  #firstRequest(typeUrl: string): Buffer {
    const [namespace = '', name = ''] = gatewayName(this.gateway).split('/')
    const text = (key: string, value: string): Buffer =>
      field(1, Buffer.concat([field(1, key), field(2, field(3, value))]))
    const metadata = Buffer.concat([text('role', `${namespace}~${name}`), text('NAMESPACE', namespace)])
    const id = `agentgateway~10.0.0.1~${name}-${this.#id}.${namespace}~${namespace}.svc.cluster.local`
    const node = Buffer.concat([field(1, id), field(3, metadata)])
    const versions = [...(this.#held.get(typeUrl) ?? [])].map(([key, version]) =>
      field(5, Buffer.concat([field(1, key), field(2, version)])),
    )
    return grpcMessage(field(1, node), field(2, typeUrl), ...versions)
  }

  #take(message: Buffer): void {
    const { typeUrl, nonce, resources, removed } = outline(message)
    this.#stream?.write(grpcMessage(field(2, typeUrl), field(6, nonce)))
    const at = now()
    this.resources += resources.length
    if (!state.isCounting) this.#keep(typeUrl, resources, removed)
    if (!this.#complete.has(typeUrl)) {
      this.#complete.add(typeUrl)
      if (this.isComplete) reportComplete(at)
      return
    }
    noteArrival(this, message, at)
  }

  #keep(typeUrl: string, resources: readonly Buffer[], removed: readonly string[]): void {
    const held = this.#held.get(typeUrl) ?? new Map<string, string>()
    const own = `bench-${this.gateway}/`
    for (const resource of resources) {
      const [name, version] = nameAndVersion(resource)
      if (held.get(name) === version) this.resent += 1
      if (typeUrl === RESOURCE_TYPE_URL && !name.includes(own)) this.foreign += 1
      held.set(name, version)
    }
    for (const name of removed) if (!held.delete(name)) this.foreign += 1
  }
}

function reportComplete(at: number): void {
  const { proxies } = state
  if (!proxies.every(({ isComplete }) => isComplete)) return
  const sum = (count: (proxy: BenchProxy) => number): number =>
    proxies.reduce((total, proxy) => total + count(proxy), 0)
  say({
    is: 'complete',
    at,
    resources: sum(({ resources }) => resources),
    foreign: sum(({ foreign }) => foreign),
    resent: sum(({ resent }) => resent),
  })
}

function noteArrival(proxy: BenchProxy, message: Buffer, at: number): void {
  const { ages, expected } = state
  if (ages !== undefined) {
    for (const [, stamp] of message.toString('latin1').matchAll(/at-(\d+)-/g)) ages.push(at - Number(stamp) / 1000)
  }
  if (expected === undefined) return
  if (proxy.gateway !== expected.gateway) {
    expected.elsewhere += 1
    return
  }
  if (!message.includes(expected.token)) return
  expected.firstAt ||= at
  expected.left -= 1
  if (expected.left > 0) return
  // A moment for what should not come.
  setTimeout(() => {
    state.expected = undefined
    say({ is: 'arrived', firstAt: expected.firstAt, lastAt: at, elsewhere: expected.elsewhere })
  }, 2)
}

function obey(command: FleetCommand): void {
  switch (command.do) {
    case 'connect':
      state.isCounting = command.isCounting
      state.proxies = Array.from(
        { length: command.proxies },
        (_, id) => new BenchProxy(id, id % command.gateways, command.port),
      )
      for (const proxy of state.proxies) proxy.open()
      return
    case 'disconnect':
      for (const proxy of state.proxies) proxy.close()
      state.proxies = []
      say({ is: 'disconnected' })
      return
    case 'expect': {
      const left = state.proxies.filter(({ gateway }) => gateway === command.gateway).length
      state.expected = { token: command.token, gateway: command.gateway, left, firstAt: 0, elsewhere: 0 }
      return
    }
    case 'age':
      if (!command.isOn) say({ is: 'ages', ages: state.ages ?? [] })
      state.ages = command.isOn ? [] : undefined
      return
    case 'survive':
      for (const proxy of state.proxies) {
        proxy.resources = 0
        proxy.resent = 0
      }
  }
}

// Only the bench sends messages, and they are commands.
process.on('message', (command) => obey(command as FleetCommand))
process.on('disconnect', () => process.exit(0))

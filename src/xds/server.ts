// The discovery service: streams become sessions, commits and time reach them, and all of them end gracefully. What a
// stream says is decided in session.ts.
import { Server, type ServerDuplexStream, status } from '@grpc/grpc-js'
import type { GatewayKey } from '../core/keys.ts'
import { errorText } from '../core/log.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type Authenticator, anonymous } from './auth.ts'
import { isBounded } from './bounds.ts'
import { DELTA_PATH, type DeltaRequest, decodeRequest, SOTW_PATH } from './discovery.ts'
import { type Listener, listen, type TransportSecurity } from './listener.ts'
import { Session, type Stream } from './session.ts'
import type { SessionView, XdsEvents } from './session-view.ts'

/** Time, as the server sees it. */
export interface Clock {
  /** Milliseconds since the epoch, never going back. */
  now(): number
  /** Calls back periodically. Returns the cancellation. */
  every(ms: number, tick: () => void): () => void
}

/** What the server needs. */
export interface XdsServerOptions {
  readonly snapshot: Snapshot
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Plaintext when absent. */
  readonly security?: TransportSecurity
  /** Everybody is let in when absent. */
  readonly authenticator?: Authenticator
  readonly clock?: Clock
  readonly events?: XdsEvents
  /** How many connections are open at most; when there are more, the oldest without a stream make room. */
  readonly maxConnections?: number
  /** Drains when it aborts. */
  readonly signal: AbortSignal
  /** Over how long streams are ended when draining, so that proxies do not all come to another replica at once. */
  readonly drainMs?: number
}

/** What all proxies of a Gateway have in common. */
export interface GatewayProxies {
  readonly proxies: number
  /** The newest commit that all of them have taken whole; 0 when there is none, or one has yet to answer. */
  readonly acknowledgedCommit: number
  readonly hasRejections: boolean
}

/** A running server. */
export interface XdsServer {
  readonly port: number
  /** The connected proxies. */
  sessions(): readonly SessionView[]
  /** How far the proxies of a Gateway are. */
  gateway(gateway: GatewayKey): GatewayProxies
  /** Ends all streams so that proxies reconnect elsewhere, then stops. */
  drain(): Promise<void>
}

/** Room for half a million resources that a proxy brings along; larger ones are refused at their first bytes. */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024
/** A proxy opens one. */
const MAX_STREAMS = 100
const MAX_CONNECTIONS = 4000
const CHECK_MS = 1000
const GOODBYE_MS = 2000
/** Proxies reconnect at once when a stream ends with this. */
const GOODBYE = 'transport is closing'
const MALFORMED = 'malformed'
const EXCESSIVE = 'excessive'

/** A request, or what is wrong with it. */
type Incoming = DeltaRequest | typeof MALFORMED | typeof EXCESSIVE
type Call = ServerDuplexStream<Incoming, Buffer>

const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms).unref()
    return () => clearInterval(timer)
  },
}

/** Listens; resolves when proxies can connect. */
export async function startXdsServer(options: XdsServerOptions): Promise<XdsServer> {
  const { snapshot, host, port, security, signal, clock = systemClock, maxConnections = MAX_CONNECTIONS } = options
  const sessions = new Set<Session>()
  const state: { draining: Promise<void> | undefined; onClosed: () => void } = {
    draining: undefined,
    onClosed: () => {},
  }
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': MAX_STREAMS,
    'grpc.enable_channelz': 0,
  })
  const reach: { listener: Listener | undefined } = { listener: undefined }
  const accept = acceptor({
    ...options,
    clock,
    sessions,
    listener: () => reach.listener,
    isDraining: () => state.draining !== undefined,
    onClosed: () => state.onClosed(),
  })
  server.addService(service, { DeltaAggregatedResources: accept, StreamAggregatedResources: refuseWholeState })
  const limits = { max: maxConnections, now: clock.now, closed: options.events?.connectionClosed }
  const listener = await listen(server, { host, port, limits, security })
  reach.listener = listener
  const stops = [
    snapshot.watchPublications(() => {
      for (const session of sessions) session.published()
    }),
    clock.every(CHECK_MS, () => {
      for (const session of sessions) session.check()
      listener.sweep()
    }),
  ]

  async function goodbye(): Promise<void> {
    listener.close()
    await endAll([...sessions], { clock, overMs: options.drainMs ?? 0, state, isGone: () => sessions.size === 0 })
    for (const stop of stops) stop()
    server.forceShutdown()
  }
  function drain(): Promise<void> {
    state.draining ??= goodbye()
    return state.draining
  }
  if (signal.aborted) await drain()
  signal.addEventListener('abort', () => void drain(), { once: true })

  return {
    port: listener.port,
    sessions: () => identified(sessions),
    gateway: (gateway) => gatewayProxies(identified(sessions).filter((session) => session.gateway === gateway)),
    drain,
  }
}

interface Accepting extends XdsServerOptions {
  readonly clock: Clock
  readonly sessions: Set<Session>
  readonly listener: () => Listener | undefined
  readonly isDraining: () => boolean
  readonly onClosed: () => void
}

/** Makes sessions of streams whose clients may open one. */
function acceptor(accepting: Accepting): (call: Call) => void {
  const { snapshot, events = {}, authenticator = anonymous, clock, sessions } = accepting
  let ids = 0
  async function accept(call: Call): Promise<void> {
    const stream = streamOf(call, accepting.listener)
    const [authorization] = call.metadata.get('authorization')
    const caller = await authenticator.authenticate({ peer: stream.peer, authorization: authorization?.toString() })
    if (caller.kind === 'refused') {
      events.authenticated?.(false)
      return stream.end(status[caller.refusal.code], caller.refusal.message)
    }
    if (accepting.isDraining()) return stream.end(status.UNAVAILABLE, GOODBYE)
    if (call.destroyed) return
    ids += 1
    const session = new Session(ids, { stream, caller }, { snapshot, events, now: clock.now })
    sessions.add(session)
    const release = accepting.listener()?.keep(call.getPeer())
    call.on('data', (message: Incoming) => {
      if (message === MALFORMED) session.end(status.INVALID_ARGUMENT, 'what was sent is no DeltaDiscoveryRequest')
      else if (message === EXCESSIVE) session.end(status.RESOURCE_EXHAUSTED, 'a request has too many entries')
      else session.receive(message)
    })
    call.on('end', () => session.end(status.OK, 'the proxy closed the stream'))
    call.on('close', () => {
      sessions.delete(session)
      release?.()
      session.closed()
      accepting.onClosed()
    })
  }
  return (call) => {
    accept(call).catch((error: unknown) => {
      // Not knowing who it is lets nobody in; the proxy comes again.
      call.emit('error', {
        code: status.UNAVAILABLE,
        details: `the proxy cannot be authenticated now: ${errorText(error)}`,
      })
    })
  }
}

function streamOf(call: Call, listener: () => Listener | undefined): Stream {
  const peer = call.getPeer()
  return {
    peer: peer.replace(/^::ffff:/, ''),
    bytesRead: () => listener()?.bytesTakenBy(peer) ?? 0,
    write: (bytes, onFlushed) => {
      call.write(bytes, onFlushed)
    },
    end: (code, details) => {
      if (code === status.OK) call.end()
      else call.emit('error', { code, details })
    },
    destroy: () => listener()?.disconnect(peer),
  }
}

/** Ends sessions one after the other, evenly over the time given, and waits until the last is gone. */
function endAll(
  sessions: readonly Session[],
  by: {
    readonly clock: Clock
    readonly overMs: number
    readonly state: { onClosed: () => void }
    readonly isGone: () => boolean
  },
): Promise<void> {
  const { clock, overMs, state, isGone } = by
  const startedAt = clock.now()
  let ended = 0
  return new Promise((resolve) => {
    const advance = (): void => {
      const elapsed = clock.now() - startedAt
      const due = elapsed >= overMs ? sessions.length : Math.ceil((sessions.length * elapsed) / overMs)
      for (; ended < due; ended += 1) sessions[ended]?.end(status.UNAVAILABLE, GOODBYE)
      if (!isGone() && elapsed < overMs + GOODBYE_MS) return
      cancel()
      resolve()
    }
    const cancel = clock.every(GOODBYE_MS / 100, advance)
    state.onClosed = advance
    advance()
  })
}

function identified(sessions: Iterable<Session>): readonly SessionView[] {
  return [...sessions].filter(({ isIdentified }) => isIdentified)
}

function gatewayProxies(sessions: readonly SessionView[]): GatewayProxies {
  return {
    proxies: sessions.length,
    acknowledgedCommit: sessions.length === 0 ? 0 : Math.min(...sessions.map((session) => session.acknowledgedCommit)),
    hasRejections: sessions.some((session) => session.hasRejections),
  }
}

function refuseWholeState(call: Call): void {
  call.emit('error', {
    code: status.UNIMPLEMENTED,
    details: 'only incremental discovery is served: call DeltaAggregatedResources',
  })
}

const rpc = {
  requestStream: true,
  responseStream: true,
  requestSerialize: (): Buffer => Buffer.alloc(0),
  // Thrown errors would end the stream without a sentence.
  requestDeserialize: (bytes: Buffer): Incoming => (isBounded(bytes) ? (decodeRequest(bytes) ?? MALFORMED) : EXCESSIVE),
  responseSerialize: (bytes: Buffer): Buffer => bytes,
  responseDeserialize: (bytes: Buffer): Buffer => bytes,
} as const

const service = {
  DeltaAggregatedResources: { ...rpc, path: DELTA_PATH },
  StreamAggregatedResources: { ...rpc, path: SOTW_PATH },
} as const

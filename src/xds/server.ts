// The gRPC server that proxies connect to: transport, limits, and the set of open sessions. What a stream says is
// session.ts. (spec: xDS, transport and server checklist)
import {
  status as GrpcStatus,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type Authenticator, anonymous } from './auth.ts'
import { DELTA_PATH, type DiscoveryRequest, decodeRequest, SOTW_PATH } from './discovery.ts'
import { type Clock, Session, type SessionView, type XdsEvents } from './session.ts'

/** What a server needs. */
export interface XdsServerOptions {
  readonly snapshot: Snapshot
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Plaintext unless given. */
  readonly credentials?: ServerCredentials
  /** Everybody is let in unless given. */
  readonly authenticator?: Authenticator
  readonly clock?: Clock
  readonly events?: Partial<XdsEvents>
  readonly signal: AbortSignal
}

/** A server that listens. */
export interface XdsServer {
  readonly port: number
  /** Streams that have introduced themselves. */
  sessions(): readonly SessionView[]
  /** Ends all streams so that proxies go elsewhere, and stops listening. */
  drain(): Promise<void>
}

const MAX_REQUEST_BYTES = 200 * 1024 * 1024

const LIMITS = {
  // A reconnecting proxy lists every resource it holds in one request.
  'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
  'grpc.max_send_message_length': -1,
  // Megabytes that one connection may hold in HTTP/2's own buffers.
  'grpc-node.max_session_memory': 256,
}

const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

const silent: XdsEvents = {
  connected: () => undefined,
  disconnected: () => undefined,
  pushed: () => undefined,
  acknowledged: () => undefined,
  rejected: () => undefined,
  authenticated: () => undefined,
}

/** Starts to listen. */
export async function startXdsServer(options: XdsServerOptions): Promise<XdsServer> {
  const { snapshot, clock = realClock, authenticator = anonymous } = options
  const sessions = new Set<Session>()
  let opened = 0
  const scope = {
    snapshot,
    clock,
    authenticator,
    events: { ...silent, ...options.events },
    onClosed: (session: Session) => {
      sessions.delete(session)
    },
  }
  const server = new Server(LIMITS)
  const implementation: UntypedServiceImplementation = {
    delta: (stream: ConstructorParameters<typeof Session>[1]) => {
      opened += 1
      sessions.add(new Session(opened, stream, scope))
    },
    sotw: (stream: { emit(event: 'error', error: object): void }) => {
      const details = 'this server speaks delta xDS only: call DeltaAggregatedResources'
      stream.emit('error', { code: GrpcStatus.UNIMPLEMENTED, details })
    },
  }
  server.addService(SERVICE, implementation)
  const port = await listen(server, options)
  const drain = async (): Promise<void> => {
    for (const session of [...sessions]) session.drain()
    await new Promise<void>((resolve) => {
      const forced = setTimeout(() => {
        server.forceShutdown()
        resolve()
      }, 1000)
      server.tryShutdown(() => {
        clearTimeout(forced)
        resolve()
      })
    })
  }
  options.signal.addEventListener('abort', () => void drain())
  return { port, drain, sessions: () => [...sessions].filter(({ node }) => node !== '') }
}

function listen(server: Server, { host, port, credentials }: XdsServerOptions): Promise<number> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials ?? ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(new Error(`cannot listen on ${address}: ${error.message}`))
    })
  })
}

const asIs = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

const SERVICE: ServiceDefinition = {
  delta: {
    path: DELTA_PATH,
    requestStream: true,
    responseStream: true,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer): DiscoveryRequest => decodeRequest(bytes),
    responseSerialize: asIs,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
  sotw: {
    path: SOTW_PATH,
    requestStream: true,
    responseStream: true,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: asIs,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
}

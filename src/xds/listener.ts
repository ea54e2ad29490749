// The port: accepts connections, in plaintext or TLS, hands them to gRPC, and knows each by its peer, which gRPC does not
// tell. What is said on them is decided in server.ts; where certificates come from is for others to know.
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls'
import { type Server, ServerCredentials } from '@grpc/grpc-js'
import { type ConnectionLimits, Connections, peerOf } from './connections.ts'

/** An open port. */
export interface Listener {
  readonly port: number
  /** Bytes that the peer's connection has taken so far. */
  bytesTakenBy(peer: string): number
  /** Ends the peer's connection at once. */
  disconnect(peer: string): void
  /** Somebody was let in on the peer's connection, which is kept until what is returned is called. */
  keep(peer: string): () => void
  /** Closes connections on which nobody has been let in for too long. */
  sweep(): void
  /** Takes no more connections. */
  close(): void
}

/** Where to listen. */
export interface ListenAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** TLS on the port. */
export interface TransportSecurity {
  /** The certificates to show, own one first, and the key, as PEM; called back at once and whenever they change. */
  watch(use: (pair: { readonly certificate: string; readonly privateKey: string }) => void): () => void
  /** Clients that begin in plaintext are served as well. */
  readonly takesPlaintext: boolean
  /** A client and the server did not come to terms. */
  readonly failed?: (peer: string, error: Error) => void
}

const HANDSHAKE_MS = 10_000
/** After which silence the system asks whether a peer is still there. */
const KEEP_ALIVE_MS = 60_000
/** How many may wait to be taken: a thousand proxies that come back together do. */
const BACKLOG = 4096
/** What every TLS connection begins with: a record of type handshake. */
const HANDSHAKE = 0x16

/** What the port is opened with. */
export interface ListenOptions extends ListenAddress {
  readonly limits: ConnectionLimits
  /** Plaintext when absent. */
  readonly security?: TransportSecurity | undefined
}

/** Opens the port and serves `server` on it. */
export async function listen(server: Server, options: ListenOptions): Promise<Listener> {
  const connections = new Connections(options.limits)
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  const greet = greeter((socket) => injector.injectConnection(socket), options.security)
  const accept = (socket: Socket): void => {
    // A connection that breaks ends its streams; that is told there.
    socket.on('error', () => {})
    if (connections.add(socket)) greet.take(socket)
  }
  const net = await open(options, accept)
  const bound = net.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : options.port,
    bytesTakenBy: (peer) => connections.socketOf(peer)?.bytesWritten ?? 0,
    disconnect: (peer) => {
      connections.socketOf(peer)?.destroy()
    },
    keep: (peer) => connections.keep(peer),
    sweep: () => connections.sweep(),
    close: () => {
      net.close()
      greet.close()
    },
  }
}

/** Brings connections to where HTTP/2 begins. */
function greeter(
  serve: (socket: Socket) => void,
  security: TransportSecurity | undefined,
): { take(socket: Socket): void; close(): void } {
  if (security === undefined) return { take: serve, close: () => {} }
  const tls = createTlsServer({ ALPNProtocols: ['h2'], minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS })
  tls.on('secureConnection', (socket) => {
    // As with plain ones; what broke is told by its streams.
    socket.on('error', () => {})
    serve(socket)
  })
  tls.on('tlsClientError', (error, socket) => {
    security.failed?.(peerOf(socket), error)
    socket.destroy()
  })
  const unwatch = security.watch(({ certificate, privateKey }) => {
    // For new handshakes: connections keep the keys that they have agreed on.
    tls.setSecureContext({ cert: certificate, key: privateKey, minVersion: 'TLSv1.2' })
  })
  return {
    take: security.takesPlaintext ? (socket) => sniff(socket, tls, serve) : (socket) => tls.emit('connection', socket),
    close: unwatch,
  }
}

/** Tells by the first byte what the client speaks, and puts it back. */
function sniff(socket: Socket, tls: TlsServer, serve: (socket: Socket) => void): void {
  const giveUp = (): void => {
    socket.destroy()
  }
  socket.setTimeout(HANDSHAKE_MS, giveUp)
  socket.once('readable', () => {
    // Nothing to read: the client has gone.
    const bytes: unknown = socket.read()
    socket.setTimeout(0, giveUp)
    if (!Buffer.isBuffer(bytes)) return giveUp()
    socket.off('timeout', giveUp)
    socket.unshift(bytes)
    if (bytes[0] === HANDSHAKE) tls.emit('connection', socket)
    else serve(socket)
  })
}

function open({ host, port }: ListenAddress, accept: (socket: Socket) => void): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    const net = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, accept)
    net.once('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 still has all its other addresses.
      if (host === '::' && error.code === 'EAFNOSUPPORT') open({ host: '0.0.0.0', port }, accept).then(resolve, reject)
      else reject(error)
    })
    net.listen({ host, port, backlog: BACKLOG }, () => resolve(net))
  })
}

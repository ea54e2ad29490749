// The port: accepts connections, hands them to gRPC, and knows each by its peer, which gRPC does not tell. What is said
// on them is decided in server.ts.
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import { type Server, ServerCredentials } from '@grpc/grpc-js'

/** An open port. */
export interface Listener {
  readonly port: number
  /** Bytes that the peer's connection has taken so far. */
  bytesTakenBy(peer: string): number
  /** Ends the peer's connection at once. */
  disconnect(peer: string): void
  /** Takes no more connections. */
  close(): void
}

/** Where to listen. */
export interface ListenAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** Opens the port and serves `server` on it, in plaintext when no credentials are given. */
export async function listen(
  server: Server,
  address: ListenAddress,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<Listener> {
  const sockets = new Map<string, Socket>()
  const injector = server.createConnectionInjector(credentials)
  const accept = (socket: Socket): void => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`
    sockets.set(peer, socket)
    socket.on('close', () => {
      if (sockets.get(peer) === socket) sockets.delete(peer)
    })
    // A connection that breaks ends its streams; that is told there.
    socket.on('error', () => {})
    injector.injectConnection(socket)
  }
  const net = await open(address, accept)
  const bound = net.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    bytesTakenBy: (peer) => sockets.get(peer)?.bytesWritten ?? 0,
    disconnect: (peer) => {
      sockets.get(peer)?.destroy()
    },
    close: () => {
      net.close()
    },
  }
}

function open({ host, port }: ListenAddress, accept: (socket: Socket) => void): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    const net = createServer({ noDelay: true, keepAlive: true }, accept)
    net.once('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 still has all its other addresses.
      if (host === '::' && error.code === 'EAFNOSUPPORT') open({ host: '0.0.0.0', port }, accept).then(resolve, reject)
      else reject(error)
    })
    net.listen({ host, port }, () => resolve(net))
  })
}

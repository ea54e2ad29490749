// Which open connections may stay. A client that opens connections and says nothing, says it slowly, or says what nobody
// asked for, costs a bounded amount of memory for a bounded time. What streams are worth is decided in server.ts.
import type { Socket } from 'node:net'

/** Why a connection was closed by us. */
export type ClosedBecause =
  /** Nobody was let in on it for a while. */
  | 'unused'
  /** It sent much although nobody was let in on it. */
  | 'flooding'
  /** There were too many, and of those without a stream it was the oldest; or all of them had one. */
  | 'crowded'

/** How much is put up with. */
export interface ConnectionLimits {
  /** How many connections are open at most. */
  readonly max: number
  readonly closed?: ((peer: string, why: ClosedBecause) => void) | undefined
  /** Milliseconds, never going back. */
  readonly now: () => number
}

/** How long a connection may be without a stream that was let in: time enough for a handshake, a preface and a token. */
export const UNUSED_MS = 30_000
/** What may come in meanwhile: handshakes and headers, not messages. */
const UNUSED_BYTES = 1024 * 1024

interface Connection {
  readonly peer: string
  readonly socket: Socket
  streams: number
  unusedSince: number
  bytesBefore: number
}

/** All connections of a port, by their peer. */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #open = new Map<string, Connection>()
  /** Those without a stream, the longest unused first. */
  readonly #unused = new Set<Connection>()

  constructor(limits: ConnectionLimits) {
    this.#limits = limits
  }

  /** How many there are. */
  get size(): number {
    return this.#open.size
  }

  /** Takes a new connection; false when there is no room, and it was closed. */
  add(socket: Socket): boolean {
    const peer = peerOf(socket)
    if (this.#open.size >= this.#limits.max) {
      const [oldest] = this.#unused
      if (oldest === undefined) {
        socket.destroy()
        this.#limits.closed?.(peer, 'crowded')
        return false
      }
      this.#close(oldest, 'crowded')
    }
    const connection = { peer, socket, streams: 0, unusedSince: this.#limits.now(), bytesBefore: 0 }
    this.#open.set(peer, connection)
    this.#unused.add(connection)
    socket.once('close', () => this.#forget(connection))
    return true
  }

  /** The socket of a peer. */
  socketOf(peer: string): Socket | undefined {
    return this.#open.get(peer)?.socket
  }

  /** Keeps the peer's connection open while a stream of it is; what is returned ends that. */
  keep(peer: string): () => void {
    const connection = this.#open.get(peer)
    if (connection === undefined) return () => {}
    connection.streams += 1
    this.#unused.delete(connection)
    let isKept = true
    return () => {
      if (!isKept) return
      isKept = false
      connection.streams -= 1
      if (connection.streams > 0 || this.#open.get(peer) !== connection) return
      connection.unusedSince = this.#limits.now()
      connection.bytesBefore = connection.socket.bytesRead
      this.#unused.add(connection)
    }
  }

  /** Closes what has been unused for too long, or is flooded. */
  sweep(): void {
    const patientSince = this.#limits.now() - UNUSED_MS
    for (const connection of this.#unused) {
      if (connection.unusedSince <= patientSince) this.#close(connection, 'unused')
      else if (connection.socket.bytesRead - connection.bytesBefore > UNUSED_BYTES) this.#close(connection, 'flooding')
    }
  }

  #close(connection: Connection, why: ClosedBecause): void {
    this.#forget(connection)
    connection.socket.destroy()
    this.#limits.closed?.(connection.peer, why)
  }

  #forget(connection: Connection): void {
    this.#unused.delete(connection)
    if (this.#open.get(connection.peer) === connection) this.#open.delete(connection.peer)
  }
}

/** `address:port` of the other end. */
export function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`
}

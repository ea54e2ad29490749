// Which listener a connection enters, and why not the others. What becomes of a request behind it is decided in routing.ts.
import type { Bind, Listener } from '../../wire/messages.ts'
import { hostRank } from './matching.ts'
import type { ProxyView } from './view.ts'

/** Where a client connects to, and the server name it asks for; without one the connection is not encrypted. */
export interface Connection {
  readonly port: number
  readonly sni?: string
  /** The host that a plain HTTP request names. */
  readonly host: string
}

/** A listener that a connection does not enter. */
export interface PassedListener {
  readonly listener: Listener
  readonly reason: string
}

/** How a connection is received. */
export interface Arrival {
  readonly bind?: Bind
  readonly listener?: Listener
  /** Why there is no connection; a plain request for a host of no listener is answered, with 404. */
  readonly refusal?: string
  readonly passed: readonly PassedListener[]
}

/** Receives a connection. */
export function receive(view: ProxyView, connection: Connection): Arrival {
  const { port, sni, host } = connection
  const bind = view.binds.find((each) => each.port === port)
  const ports = new Map(view.binds.map(({ key = '', port: at }) => [key, at]))
  const elsewhere = view.listeners
    .filter(({ bindKey = '' }) => bind === undefined || bindKey !== bind.key)
    .map((listener) => ({ listener, reason: `listens on port ${ports.get(listener.bindKey ?? '') ?? '?'}` }))
  if (bind === undefined) {
    return { refusal: `nothing listens on port ${port}; ${openPorts(view)}`, passed: elsewhere }
  }
  const here = view.listeners.filter(({ bindKey }) => bindKey === bind.key)
  const mismatch = protocolMismatch(bind, sni)
  if (mismatch !== undefined)
    return {
      bind,
      refusal: mismatch,
      passed: [...here.map((listener) => ({ listener, reason: mismatch })), ...elsewhere],
    }
  const { entered, passed } = choose(here, { bind, name: sni ?? host })
  if (entered === undefined) {
    const refusal = sni === undefined ? {} : { refusal: `no listener of port ${port} has the server name ${sni}` }
    return { bind, ...refusal, passed: [...passed, ...elsewhere] }
  }
  const shown = { bind, listener: entered, passed: [...passed, ...elsewhere] }
  return sni === undefined || canShakeHands(entered)
    ? shown
    : { ...shown, refusal: `listener ${entered.name?.listenerName} has no certificate to show` }
}

/** The listener of a port that names a host best; over TLS, only those that take part in it count. */
export function bestListener(view: ProxyView, bind: Bind, name: string): Listener | undefined {
  const here = view.listeners.filter(({ bindKey }) => bindKey === bind.key)
  return choose(here, { bind, name }).entered
}

function openPorts({ binds }: ProxyView): string {
  const ports = [...new Set(binds.map(({ port = 0 }) => port))].sort((a, b) => a - b)
  return ports.length === 0 ? 'no port is open' : `open ${ports.length === 1 ? 'is' : 'are'} ${ports.join(', ')}`
}

function protocolMismatch({ protocol = 'HTTP', port }: Bind, sni: string | undefined): string | undefined {
  if (protocol === 'TLS' && sni === undefined) return `port ${port} takes only encrypted connections`
  if (protocol === 'HTTP' && sni !== undefined) return `port ${port} takes no encrypted connections`
  return undefined
}

function choose(
  listeners: readonly Listener[],
  { bind, name }: { readonly bind: Bind; readonly name: string },
): { readonly entered: Listener | undefined; readonly passed: readonly PassedListener[] } {
  if (bind.protocol === 'TCP') {
    const [entered, ...others] = listeners
    return { entered, passed: others.map((listener) => ({ listener, reason: 'another has the port' })) }
  }
  const ranked = listeners.map((listener) => ({ listener, rank: listenerRank(listener, name) }))
  const [best] = ranked
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank === b.rank ? 0 : (b.rank ?? 0) - (a.rank ?? 0)))
  return {
    entered: best?.listener,
    passed: ranked
      .filter(({ listener }) => listener !== best?.listener)
      .map(({ listener, rank }) => ({
        listener,
        reason:
          rank === undefined
            ? `its hostname is ${listener.hostname}`
            : `${best?.listener.name?.listenerName} names ${name} more exactly`,
      })),
  }
}

function listenerRank({ hostname = '' }: Listener, host: string): number | undefined {
  // Unlike that of a route, a listener's hostname may be a bare star.
  return hostname === '*' ? 1 : hostRank(hostname === '' ? [] : [hostname], host)
}

function canShakeHands({ tls, protocol }: Listener): boolean {
  if (!tls) return protocol === 'TLS'
  const { certificateSource = 'INLINE', cert } = tls
  return certificateSource !== 'INLINE' || Buffer.from(cert ?? '').includes('BEGIN CERTIFICATE')
}

// Clients that mean no good, over real sockets: what they cost is bounded, they go, and proxies are served meanwhile.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { issueServing, newAuthority } from '../../src/cluster/certificate-authority.ts'
import type { ClosedBecause } from '../../src/xds/connections.ts'
import { DELTA_PATH } from '../../src/xds/discovery.ts'
import type { TransportSecurity } from '../../src/xds/listener.ts'
import type { XdsServerOptions } from '../../src/xds/server.ts'
import { bind, createWorld, GATEWAY, type Replica, type World } from './world.ts'

const MIB = 1024 * 1024
const HOUR = 3_600_000

let world: World
let clients: { destroy(): void }[] = []
let closed: ClosedBecause[] = []
beforeEach(() => {
  world = createWorld()
  world.addGateway(GATEWAY)
  world.set(bind(GATEWAY, 'a'))
})
afterEach(async () => {
  for (const client of clients) client.destroy()
  clients = []
  await world.close()
  closed = []
})

async function serve(options: Partial<XdsServerOptions> = {}): Promise<Replica> {
  const events = {
    connectionClosed: (_: string, why: ClosedBecause) => {
      closed.push(why)
      world.happened()
    },
    acknowledged: () => world.happened(),
  }
  const replica = await world.serve({ events, ...options })
  await world.commit()
  return replica
}

async function served(replica: Replica, options = {}): Promise<void> {
  const proxy = world.proxy(replica, GATEWAY, options).connect()
  const isAcknowledged = () => replica.server.sessions().every(({ acknowledgedCommit }) => acknowledgedCommit > 0)
  await world.until(() => proxy.responses.length === 2 && isAcknowledged())
}

function plain({ port }: Replica): Socket {
  const socket = connect(port, '127.0.0.1')
    .on('error', () => {})
    .resume()
  clients.push(socket)
  return socket
}

function session({ port }: Replica): ClientHttp2Session {
  const client = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {})
  clients.push(client)
  return client
}

function call(client: ClientHttp2Session, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
  const stream = client.request({
    ...{ ':method': 'POST', ':path': DELTA_PATH, 'content-type': 'application/grpc', te: 'trailers' },
    ...headers,
  })
  stream.on('error', () => {})
  return stream
}

/** The status with which the server ends a stream. */
async function ended(stream: ClientHttp2Stream): Promise<number> {
  stream.resume()
  const [headers] = await Promise.race([once(stream, 'trailers'), once(stream, 'response')])
  return Number(headers['grpc-status'] ?? (await once(stream, 'trailers'))[0]['grpc-status'])
}

/** The five bytes before a message. */
function prefix(length: number, isCompressed = false): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt8(isCompressed ? 1 : 0)
  bytes.writeUInt32BE(length, 1)
  return bytes
}

function allGone(sockets: readonly { readonly destroyed: boolean; once(event: 'close', then: () => void): unknown }[]) {
  return Promise.all(
    sockets.map((socket) => socket.destroyed || new Promise<void>((done) => socket.once('close', () => done()))),
  )
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

test('connections that say nothing, or not enough, are closed; one with a proxy stays', async () => {
  const replica = await serve()
  await served(replica)
  const [silent, dribbling, idle] = [plain(replica), plain(replica), session(replica)]
  // Connections are taken in the order in which they come.
  await served(replica)
  for (const byte of PREFACE.subarray(0, 20)) {
    dribbling.write(Uint8Array.of(byte))
    await new Promise((done) => setImmediate(done))
    world.clock.advance(1000)
  }
  expect(closed).toEqual([])
  world.clock.advance(11_000)
  await allGone([silent, dribbling, idle])
  expect(closed).toEqual(['unused', 'unused', 'unused'])
  expect(replica.server.sessions()).toHaveLength(2)
})

test('so are those that never finish a handshake, or finish it and fall silent', async () => {
  const period = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + HOUR) }
  const { certificate, privateKey } = newAuthority({ commonName: 'ca' }, period)
  const signer = { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
  const pair = issueServing(signer, { commonName: 'server', hosts: ['localhost'] }, period)
  const security: TransportSecurity = {
    takesPlaintext: true,
    watch: (use) => {
      use(pair)
      return () => {}
    },
  }
  const replica = await serve({ security })
  await served(replica, { rootCertificate: certificate })
  const begun = plain(replica)
  // A record of 512 bytes, of which four come.
  begun.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]))
  const options = { port: replica.port, host: '127.0.0.1', ca: certificate, servername: 'localhost' }
  const greeted = connectTls({ ...options, ALPNProtocols: ['h2'] }).on('error', () => {})
  clients.push(greeted)
  await once(greeted, 'secureConnect')
  world.clock.advance(31_000)
  await allGone([begun, greeted])
  expect(closed).toEqual(['unused', 'unused'])
  expect(replica.server.sessions()).toHaveLength(1)
})

test('a thousand idle connections keep no proxy out, cost little, and go', async () => {
  const replica = await serve({ maxConnections: 600 })
  await served(replica)
  const before = process.memoryUsage().rss
  const crowd = Array.from({ length: 1000 }, () => plain(replica))
  await served(replica)
  await Promise.all(crowd.map((socket) => socket.connecting && new Promise((done) => socket.once('connect', done))))
  await served(replica)
  // Both ends of them are in this process.
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB)
  world.clock.advance(31_000)
  await allGone(crowd)
  expect(closed.filter((why) => why === 'crowded').length).toBeGreaterThan(300)
  expect(replica.server.sessions()).toHaveLength(3)
})

test('when all connections have a proxy, one more is refused, and none is lost', async () => {
  const replica = await serve({ maxConnections: 2 })
  await served(replica)
  await served(replica)
  const late = world.proxy(replica, GATEWAY).connect()
  await world.until(() => late.ending !== undefined)
  expect(late.ending?.code).toBe(status.UNAVAILABLE)
  expect(closed).toContain('crowded')
  expect(replica.server.sessions()).toHaveLength(2)
})

test('a request of a gigabyte is refused at its first bytes, and who sends on is cut off', async () => {
  const replica = await serve()
  const before = process.memoryUsage().rss
  const client = session(replica)
  const stream = call(client)
  stream.write(prefix(1024 * MIB))
  expect(await ended(stream)).toBe(status.RESOURCE_EXHAUSTED)
  let sent = 0
  // The stream is over for a client that keeps to the rules; this one goes on below them.
  const raw = plain(replica)
  raw.write(PREFACE)
  raw.write(frame(4, 0, 0))
  raw.write(frame(1, 4, 1, headerBlock()))
  raw.write(frame(0, 0, 1, prefix(1024 * MIB)))
  const gone = allGone([raw])
  const data = Buffer.concat(Array.from({ length: 64 }, () => frame(0, 0, 1, Buffer.alloc(16_384))))
  while (!raw.destroyed && sent < 1024) {
    sent += 1
    if (!raw.write(data)) await Promise.race([gone, new Promise((done) => raw.once('drain', done))])
    world.clock.advance(1000)
  }
  await gone
  expect(closed).toEqual(['flooding'])
  expect(sent).toBeLessThan(64)
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB)
  await served(replica)
})

test('what is small and becomes large is refused while it grows', async () => {
  const replica = await serve()
  const bomb = gzipSync(Buffer.alloc(80 * MIB), { level: 1 })
  const before = process.memoryUsage().rss
  const stream = call(session(replica), { 'grpc-encoding': 'gzip' })
  stream.end(Buffer.concat([prefix(bomb.length, true), bomb]))
  expect(await ended(stream)).toBe(status.RESOURCE_EXHAUSTED)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB)
})

test('millions of small things in a request are not unpacked', async () => {
  const replica = await serve()
  const proxy = world.proxy(replica, GATEWAY).open()
  proxy.sendBytes(Buffer.alloc(4 * MIB, Uint8Array.of(0x1a, 0)))
  await world.until(() => proxy.ending !== undefined)
  expect(proxy.ending).toEqual({ code: status.RESOURCE_EXHAUSTED, details: 'a request has too many entries' })
})

test('a stream that never finishes its first request ends', async () => {
  const replica = await serve()
  const stream = call(session(replica))
  stream.write(prefix(1000))
  const code = ended(stream)
  for (let i = 0; i < 40; i++) {
    stream.write(Uint8Array.of(0))
    await new Promise((done) => setImmediate(done))
    world.clock.advance(1000)
  }
  expect(await code).toBe(status.UNAVAILABLE)
})

test('a connection has a bounded number of streams', async () => {
  const replica = await serve()
  const client = session(replica)
  const [settings] = await once(client, 'remoteSettings')
  expect(settings.maxConcurrentStreams).toBe(100)
})

test('whoever is not let in is not listened to, and cut off when he goes on', async () => {
  const replica = await serve({
    authenticator: {
      authenticate: async () => ({ kind: 'refused', refusal: { code: 'UNAUTHENTICATED', message: 'no' } }),
    },
  })
  const client = session(replica)
  const stream = call(client)
  const gone = once(client, 'close')
  stream.write(prefix(60 * MIB))
  expect(await ended(stream)).toBe(status.UNAUTHENTICATED)
  world.clock.advance(31_000)
  await gone
  expect(closed).toEqual(['unused'])
})

/** An HTTP/2 frame, for what no client of the library would send. */
function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** The headers of a call, as literals without indexing. */
function headerBlock(): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)])
  const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_SCHEME, HTTP2_HEADER_AUTHORITY } = constants
  const headers = [
    [HTTP2_HEADER_METHOD, 'POST'],
    [HTTP2_HEADER_PATH, DELTA_PATH],
    [HTTP2_HEADER_SCHEME, 'http'],
    [HTTP2_HEADER_AUTHORITY, 'localhost'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ] as const
  return Buffer.concat(headers.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]))
}

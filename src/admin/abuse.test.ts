// Clients that mean no good at the ports for people, probes and scrapers, over real sockets.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AdminRoute, type HttpLimits, startHttp } from './server.ts'

const MIB = 1024 * 1024
const routes: readonly AdminRoute[] = [
  { path: '/ok', help: '', handle: () => ({ body: 'yes' }) },
  { path: '/set', help: '', methods: ['POST'], handle: () => ({ body: 'done' }) },
]

let stop: AbortController
let sockets: Socket[]
beforeEach(() => {
  stop = new AbortController()
  sockets = []
})
afterEach(() => {
  stop.abort()
  for (const socket of sockets) socket.destroy()
})

function serve(limits: Partial<HttpLimits>): Promise<number> {
  const options = { host: '127.0.0.1', port: 0, localOnly: true, limits }
  return startHttp(routes, { ...options, signal: stop.signal, onError: () => {} })
}

function client(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  sockets.push(socket)
  return socket
}

function closed(socket: Socket): Promise<void> {
  return new Promise((done) => socket.once('close', () => done()))
}

async function isAnswered(port: number): Promise<boolean> {
  return (await fetch(`http://localhost:${port}/ok`)).ok
}

test.each([
  ['says nothing', ''],
  ['never ends its headers', 'GET /ok HTTP/1.1\r\nhost: localhost\r\nx-more: '],
  ['never sends the body that it announced', 'POST /set HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nx'],
])('a client that %s is cut off', async (_, begun) => {
  const port = await serve({ patienceMs: 100 })
  const slow = client(port).resume()
  slow.write(begun)
  await closed(slow)
  expect(await isAnswered(port)).toBe(true)
})

test('a request of a gigabyte is answered and not read', async () => {
  const port = await serve({})
  const before = process.memoryUsage().rss
  const large = client(port)
  let answer = ''
  large.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  large.write(`POST /set HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${1024 * MIB}\r\n\r\n`)
  const gone = closed(large)
  const block = Buffer.alloc(MIB)
  let sent = 0
  while (!large.destroyed && sent < 1024) {
    sent += 1
    if (!large.write(block)) await Promise.race([gone, new Promise((done) => large.once('drain', done))])
  }
  await gone
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(sent).toBeLessThan(64)
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB)
})

test('whoever holds on to connections keeps neither probes nor people out', async () => {
  const port = await serve({ connections: 100 })
  const crowd = Array.from({ length: 300 }, () => client(port).resume())
  const gone = crowd.map(closed)
  await Promise.all(crowd.map((socket) => once(socket, 'connect')))
  expect(await isAnswered(port)).toBe(true)
  await Promise.all(gone.slice(0, 200))
  expect(crowd.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(100)
})

// Ports for servers of tests, which run beside other tests and whatever else the machine does.
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Ports that nobody listens on just now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address()
      await new Promise((done) => server.close(done))
      return typeof address === 'object' && address !== null ? address.port : 0
    }),
  )
}

/**
 * Ports that nobody listens on, below those that the system gives to outgoing connections: between now and when a proxy
 * listens on one, none of those can take it.
 */
export async function quietPorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((done) => {
      server.once('error', () => done(false))
      server.listen(port, () => done(true))
    })
    if (!isFree) continue
    await new Promise((done) => server.close(done))
    ports.add(port)
  }
  return [...ports]
}

// TLS on the port, over real sockets: who is understood, what rotation does to streams, and that what is refused can tell.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Server } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { issueServing, newAuthority, type ServingPair } from '../../src/cluster/certificate-authority.ts'
import { RESOURCE_TYPE_URL as RESOURCE } from '../../src/wire/proto.ts'
import { listen, type TransportSecurity } from '../../src/xds/listener.ts'
import { bind, createWorld, GATEWAY, listener, type World } from './world.ts'

let world: World
beforeEach(() => {
  world = createWorld()
  world.addGateway(GATEWAY)
  world.set(bind(GATEWAY, 'a'))
})
afterEach(() => world.close())

const HOUR = 3_600_000
const period = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) }

function authority(): { readonly root: string; issue(): ServingPair } {
  const { certificate, privateKey } = newAuthority({ commonName: 'test-ca' }, period)
  const signer = { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
  const subject = { commonName: 'test-server', hosts: ['localhost', '127.0.0.1'] }
  return { root: certificate, issue: () => issueServing(signer, subject, period) }
}

/** A certificate that tests change, and what went wrong with it. */
class Held implements TransportSecurity {
  readonly takesPlaintext: boolean
  readonly failures: string[] = []
  #pair: ServingPair
  #use: ((pair: ServingPair) => void) | undefined

  constructor(pair: ServingPair, takesPlaintext = false) {
    this.#pair = pair
    this.takesPlaintext = takesPlaintext
  }

  watch(use: (pair: ServingPair) => void): () => void {
    this.#use = use
    use(this.#pair)
    return () => {
      this.#use = undefined
    }
  }

  failed = (_: string, error: Error): void => {
    this.failures.push(error.message)
    world.happened()
  }

  replace(pair: ServingPair): void {
    this.#pair = pair
    this.#use?.(pair)
  }

  get isWatched(): boolean {
    return this.#use !== undefined
  }
}

test('with TLS alone, plaintext is not understood, and a proxy that trusts the authority is served', async () => {
  const ca = authority()
  const secured = await world.serve({ security: new Held(ca.issue()) })
  await world.commit()
  const proxy = world.proxy(secured, GATEWAY, { rootCertificate: ca.root }).connect()
  await world.until(() => proxy.responses.length === 2)
  expect(secured.server.sessions()).toHaveLength(1)
  const plain = world.proxy(secured, GATEWAY).connect()
  await world.until(() => plain.ending !== undefined)
  expect(plain.ending?.code).toBe(14)
})

test('a proxy that does not trust the authority gets nothing, and the server is told', async () => {
  const security = new Held(authority().issue())
  const secured = await world.serve({ security })
  await world.commit()
  const proxy = world.proxy(secured, GATEWAY, { rootCertificate: authority().root }).connect()
  await world.until(() => proxy.ending !== undefined && security.failures.length > 0)
  expect([proxy.ending?.code, proxy.responses]).toEqual([14, []])
})

test('one port serves both when told to, and a client that says nothing or nonsense hurts nobody', async () => {
  const ca = authority()
  const both = await world.serve({ security: new Held(ca.issue(), true) })
  await world.commit()
  const silent = connectPlain(both.port, '127.0.0.1')
  const mad = connectPlain(both.port, '127.0.0.1')
  mad.on('error', () => {})
  mad.write(Buffer.from([0x16, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  await once(mad, 'close')
  const proxies = [
    world.proxy(both, GATEWAY, { rootCertificate: ca.root }).connect(),
    world.proxy(both, GATEWAY).connect(),
  ]
  await world.until(() => proxies.every(({ responses }) => responses.length === 2))
  expect(both.server.sessions()).toHaveLength(2)
  silent.destroy()
})

test('a new certificate is shown to new connections, and streams live on', async () => {
  const [before, after] = [authority(), authority()]
  const security = new Held(before.issue())
  const secured = await world.serve({ security })
  await world.commit()
  const proxy = world.proxy(secured, GATEWAY, { rootCertificate: before.root }).connect()
  await world.until(() => proxy.responses.length === 2)
  security.replace(after.issue())
  const newer = world.proxy(secured, GATEWAY, { rootCertificate: after.root }).connect()
  await world.until(() => newer.responses.length === 2)
  world.set(bind(GATEWAY, 'b'))
  await world.commit()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 2 && newer.held.get(RESOURCE)?.size === 2)
  expect(proxy.ending).toBeUndefined()
  await secured.server.drain()
  expect(security.isWatched).toBe(false)
})

test('large configurations go through TLS whole', async () => {
  const ca = authority()
  const secured = await world.serve({ security: new Held(ca.issue()) })
  const many = Array.from({ length: 200 }, (_, i) => listener(GATEWAY, `l${i}`, `${'h'.repeat(20_000)}${i}`))
  world.set(...many)
  await world.commit()
  const proxy = world.proxy(secured, GATEWAY, { rootCertificate: ca.root }).connect()
  await world.until(() => proxy.held.get(RESOURCE)?.size === 201)
})

test('HTTP/2 is agreed on, TLS before 1.2 is not, and other protocols end', async () => {
  const ca = authority()
  const secured = await world.serve({ security: new Held(ca.issue()) })
  const options = { port: secured.port, host: '127.0.0.1', ca: ca.root, servername: 'localhost' }
  const greeted = async (socket: TLSSocket): Promise<string> => {
    try {
      await once(socket, 'secureConnect')
      return `${socket.getProtocol()} ${socket.alpnProtocol}`
    } catch (error) {
      return String(Object(error).code)
    } finally {
      socket.destroy()
    }
  }
  expect(await greeted(connectTls({ ...options, ALPNProtocols: ['h2'] }))).toBe('TLSv1.3 h2')
  expect(await greeted(connectTls({ ...options, ALPNProtocols: ['h2'], maxVersion: 'TLSv1.2' }))).toBe('TLSv1.2 h2')
  expect(await greeted(connectTls({ ...options, ALPNProtocols: ['http/1.1'] }))).toBe(
    'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  )
  const old = { ...options, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const
  expect(await greeted(connectTls(old))).toMatch(/PROTOCOL_VERSION|NO_PROTOCOLS|UNSUPPORTED_PROTOCOL/)
})

test('what a peer has taken is counted on its connection, under TLS as well', async () => {
  const ca = authority()
  const limits = { max: 10, now: Date.now }
  const port = await listen(new Server(), { host: '127.0.0.1', port: 0, limits, security: new Held(ca.issue(), true) })
  const options = { port: port.port, host: '127.0.0.1', ca: ca.root, servername: 'localhost', ALPNProtocols: ['h2'] }
  const socket = connectTls(options)
  await once(socket, 'secureConnect')
  expect(port.bytesTakenBy(`127.0.0.1:${socket.localPort}`)).toBeGreaterThan(500)
  port.disconnect(`127.0.0.1:${socket.localPort}`)
  await once(socket, 'close')
  port.close()
})

// A real proxy over TLS, with a token as a pod has it: that it takes our certificates, and comes back after its token ended.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { issueServing, newAuthority } from '../../src/cluster/certificate-authority.ts'
import { tokenReviewer } from '../../src/xds/token-review.ts'
import { bind, createWorld, GATEWAY, type World } from '../xds/world.ts'
import { endAll, PROXY_BINARY, startProxy, temporaryFolder, warnIfSkipped } from './lab.ts'

warnIfSkipped('xDS over TLS with tokens')

const HOUR = 3_600_000
const period = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + 24 * HOUR) }
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

describe.runIf(PROXY_BINARY !== undefined)('a real proxy', () => {
  let world: World
  beforeEach(() => {
    world = createWorld()
    world.addGateway(GATEWAY)
    world.set(bind(GATEWAY, '80/ns/gw', 0))
  })
  afterAll(endAll)

  test.each([
    ['the name of the server', 'localhost'],
    ['its address', '127.0.0.1'],
  ])(
    'trusts the authority that is mounted, by %s, and opens a new stream when its token has ended',
    async (_, host) => {
      const folder = temporaryFolder()
      const { certificate, privateKey } = newAuthority({ commonName: 'agw-xds-ca' }, period)
      const signer = { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
      const pair = issueServing(signer, { commonName: 'agw-xds-server', hosts: ['localhost', '127.0.0.1'] }, period)
      const claims = { exp: world.clock.now() / 1000 + 60 }
      const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
      writeFileSync(join(folder, 'ca.crt'), certificate)
      writeFileSync(join(folder, 'token'), token)
      const asked: string[] = []
      const authenticator = tokenReviewer({
        review: async (shown, audiences) => {
          asked.push(shown)
          const account = { username: 'system:serviceaccount:ns:gw', groups: ['system:serviceaccounts'] }
          return { ...account, isAuthenticated: asked.length === 1, audiences, error: '' }
        },
        ...{ log: silent, now: world.clock.now },
      })
      const security = {
        takesPlaintext: false,
        watch: (use: (served: typeof pair) => void) => {
          use(pair)
          return () => {}
        },
      }
      const replica = await world.serve({ security, authenticator })
      await world.commit()
      const proxy = await startProxy(GATEWAY, replica.port, {
        XDS_ADDRESS: `https://${host}:${replica.port}`,
        XDS_ROOT_CA: join(folder, 'ca.crt'),
        XDS_AUTH_TOKEN: join(folder, 'token'),
      })
      await world.until(() => replica.events.acknowledged.length === 2)
      expect([replica.events.authenticated, asked]).toEqual([[true], [token]])
      world.clock.advance(61_000)
      await world.until(() => replica.events.authenticated.length > 1)
      expect(replica.events.disconnected).toEqual(['the token has expired; connect again with a new one'])
      expect(replica.events.authenticated).toContain(false)
      await proxy.end()
      await world.close()
    },
  )
})

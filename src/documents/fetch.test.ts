import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../test/certificates.ts'
import type { DocumentTls } from '../core/documents.ts'
import { addressProblem, fetchKeySet } from './fetch.ts'
import { canonicalKeySet } from './key-set.ts'

const keys = { keys: [{ kty: 'oct', kid: 'a', k: 'AAEC' }] }
const { certificate, privateKey } = issueCertificate('idp.example')
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

async function listen(server: Server): Promise<number> {
  servers.push(server.unref())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A TCP server has such an address.
  return (server.address() as AddressInfo).port
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const redirects: Readonly<Record<string, string>> = {
    '/moved': '/keys',
    '/loop': '/loop',
    '/metadata': 'http://169.254.169.254/keys',
    '/file': 'file:///etc/passwd',
  }
  const location = redirects[request.url ?? '']
  if (location !== undefined) response.writeHead(302, { location }).end()
  else if (request.url === '/keys') response.end(JSON.stringify(keys))
  else if (request.url === '/large') response.end('x'.repeat(2 ** 20 + 1))
  else if (request.url === '/text') response.end('{"keys":[{"kty":"new"}]}')
  else response.writeHead(404).end()
}

const http = await listen(createServer(answer))
const https = await listen(createHttpsServer({ cert: certificate, key: privateKey }, answer))
const tunnelled: string[] = []
const proxy = createServer()
proxy.on('connect', (request: IncomingMessage, client) => {
  tunnelled.push(request.url ?? '')
  const upstream = connect(http, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n')
    upstream.pipe(client)
    client.pipe(upstream)
  })
  upstream.on('error', () => client.destroy())
  client.on('error', () => upstream.destroy())
})
const proxyPort = await listen(proxy)

const never = new AbortController().signal
const local = async () => [{ address: '127.0.0.1', family: 4 }]
const fetch = (url: string, more: object = {}) => fetchKeySet({ url, ...more }, never, local)
const tls = (more: Partial<DocumentTls>): { tls: DocumentTls } => ({
  tls: { verification: 'strict', serverName: '', authoritiesHash: '', protocols: [], ...more },
})
const text = JSON.stringify(keys)

describe('a key set', () => {
  test.each([
    ['over http', () => fetch(`http://idp.example:${http}/keys`)],
    ['from an address', () => fetch(`http://127.0.0.1:${http}/keys`)],
    ['after a redirect', () => fetch(`http://idp.example:${http}/moved`)],
    ['through a proxy', () => fetch('http://far.example:81/keys', { proxy: { url: `http://proxy:${proxyPort}` } })],
    [
      'over https, with CAs of its own',
      () => fetch(`https://idp.example:${https}/keys`, tls({ authorities: certificate })),
    ],
    [
      'over https, under another name',
      () => fetch(`https://other:${https}/keys`, tls({ authorities: certificate, serverName: 'idp.example' })),
    ],
    [
      'over https, whatever the name',
      () => fetch(`https://other:${https}/keys`, tls({ authorities: certificate, verification: 'hostname' })),
    ],
    [
      'over https, whatever the certificate',
      () => fetch(`https://other:${https}/keys`, tls({ verification: 'insecure' })),
    ],
  ])('is fetched %s', async (_, run) => {
    expect(await run()).toBe(text)
  })

  test('is asked for by name at the proxy', () => {
    expect(tunnelled).toEqual(['far.example:81'])
  })

  test.each([
    ['answers with an error', () => fetch(`http://h:${http}/gone`), 'the server answered with status 404'],
    ['answers at length', () => fetch(`http://h:${http}/large`), 'the answer is longer than 1048576 bytes'],
    [
      'answers with keys that cannot be used',
      () => fetch(`http://h:${http}/text`),
      'the answer is not a usable key set: keys[0]: unknown key type "new"',
    ],
    ['redirects for ever', () => fetch(`http://h:${http}/loop`), 'more than 10 redirects'],
    ['redirects to the metadata of its machine', () => fetch(`http://h:${http}/metadata`), 'is link-local'],
    ['redirects elsewhere', () => fetch(`http://h:${http}/file`), 'redirected to file://, which is not followed'],
    ['has an unknown certificate', () => fetch(`https://idp.example:${https}/keys`), 'self-signed certificate'],
    [
      'has a certificate for another name',
      () => fetch(`https://other:${https}/keys`, tls({ authorities: certificate })),
      'does not match certificate',
    ],
  ])('is not taken from a server that %s', async (_, run, message) => {
    await expect(run()).rejects.toThrow(message)
  })

  test('is not waited for once nobody asks', async () => {
    const stop = AbortSignal.abort()
    await expect(fetchKeySet({ url: `http://h:${http}/keys` }, stop, local)).rejects.toThrow('abort')
  })
})

test.each([
  ['169.254.169.254', 'link-local'],
  ['::ffff:169.254.1.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['224.0.0.1', 'link-local'],
  ['100.100.100.200', 'cloud metadata'],
  ['fd00:ec2::254', 'cloud metadata'],
])('refuses to connect to %s', (address, why) => {
  expect(addressProblem(address)).toContain(why)
})

test.each(['10.0.0.1', '127.0.0.1', '::1', 'fd12::1', '8.8.8.8'])('connects to %s', (address) => {
  expect(addressProblem(address)).toBeUndefined()
})

test('brings a key set to one form', () => {
  expect(canonicalKeySet('{"x":1,"keys":[{"k":"AAEC","kid":"","extra":true,"kty":"oct","use":"sig"}]}')).toEqual({
    text: '{"keys":[{"use":"sig","kty":"oct","k":"AAEC"}]}',
  })
  expect(canonicalKeySet('{}')).toEqual({ text: '{"keys":[]}' })
})

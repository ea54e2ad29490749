import { expect, test } from 'vitest'
import { type DocumentTls, documentKey, formatStored, parseStored, storeName } from './documents.ts'

const tls = (some: Partial<DocumentTls>): DocumentTls => ({
  verification: 'strict',
  serverName: '',
  authoritiesHash: '',
  protocols: [],
  ...some,
})
const issuer = 'https://issuer.example/jwks'

test.each([
  [
    'an http URL',
    { url: 'http://keycloak.default.svc.cluster.local:7080/realms/mcp/protocol/openid-connect/certs' },
    '8934a9b40d194d588c6a049a782dd1c45bd4821a7e8288210f373f4b89ce765a',
  ],
  [
    'an https URL',
    { url: 'https://login.test.com:443/test-path/discovery/v2.0/keys' },
    '35539d6309e1dbb398a8475f0933c6254df476122d0d69348085e9bf5c33e370',
  ],
  [
    'CAs of its own',
    { url: issuer, tls: tls({ authoritiesHash: 'ca-a' }) },
    'e3d906b06f588b422b6b382d625e070f9642c2afdb5797d1ce0f12c2b8fe8ad1',
  ],
  [
    'an unchecked name',
    { url: issuer, tls: tls({ authoritiesHash: 'ca-a', verification: 'hostname' }) },
    'e87ac6c445ca5765c464dace139a702f32324ff57f3a4dd1e212c087a10c5639',
  ],
  [
    'an unchecked certificate',
    { url: issuer, tls: tls({ authoritiesHash: 'ca-a', verification: 'insecure' }) },
    '3698988ca86642973e494bc25a7517e57294088173ba7b1e1bd2af0f91de216a',
  ],
])('keys a request for %s as other controllers do', (_what, request, key) => {
  expect(documentKey(request)).toBe(key)
})

test('tells requests through different proxies apart, and ignores TLS to a proxy about which nothing is said', () => {
  const direct = documentKey({ url: issuer })
  const proxied = documentKey({ url: issuer, proxy: { url: 'http://proxy:3128' } })
  expect(proxied).not.toBe(direct)
  expect(documentKey({ url: issuer, proxy: { url: 'http://proxy:3128', tls: tls({}) } })).toBe(proxied)
  expect(documentKey({ url: issuer, proxy: { url: 'http://proxy:3128', tls: tls({ serverName: 'p' }) } })).not.toBe(
    proxied,
  )
})

test('names the store after the key as text', () => {
  expect(storeName('8934a9b40d194d588c6a049a782dd1c45bd4821a7e8288210f373f4b89ce765a')).toBe(
    'jwks-store-9d75eb3c963265757684ea715a5415fe19ca2dedaf7bb167342a0c7e4b6ca7c7',
  )
})

test('reads what it has written, and the older form with the URL as the only key', () => {
  const stored = { requestKey: 'k', url: issuer, fetchedAt: '2026-01-02T03:04:05Z', jwks: '{"keys":[]}' }
  expect(parseStored(formatStored(stored))).toEqual(stored)
  expect(parseStored(JSON.stringify({ [issuer]: '{"keys":[]}' }))).toEqual({
    requestKey: documentKey({ url: issuer }),
    url: issuer,
    fetchedAt: '',
    jwks: '{"keys":[]}',
  })
})

test.each([undefined, '', 'null', '[]', '1', '{}', '{"a":1}', '{"a":"b","c":"d"}', '{'])(
  'finds no document in %s',
  (text) => {
    expect(parseStored(text)).toBeUndefined()
  },
)

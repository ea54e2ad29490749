import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { keySetError } from './key-set.ts'

const set = (...keys: unknown[]) => JSON.stringify({ keys })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
const rsa = { kty: 'RSA', n: 'test', e: 'AQAB' }

test.each([
  ['an RSA key', set(rsa)],
  ['an EC key', set(ec)],
  ['an Ed25519 key', set(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }))],
  ['a symmetric key', set({ kty: 'oct', k: 'c2VjcmV0' })],
  ['no keys', '{}'],
])('takes a set with %s', (_, text) => {
  expect(keySetError(text)).toBeUndefined()
})

test.each([
  ['what is not JSON', '{', 'not JSON'],
  ['what is not an object', '[]', 'not a JSON object'],
  ['keys that are no list', '{"keys":{}}', 'keys is not a list'],
  ['a key that is no object', set('x'), 'keys[0]: not an object'],
  ['an unknown type', set(rsa, { kty: 'AKP' }), 'keys[1]: unknown key type "AKP"'],
  ['missing key material', set({ kty: 'RSA', e: 'AQAB' }), 'keys[0]: RSA key without n and e'],
  ['a point off its curve', set({ ...ec, x: ec.y }), 'keys[0]: the point is not on its curve'],
  ['a curve nobody checks', set({ ...ec, crv: 'secp256k1' }), 'keys[0]: unsupported curve "secp256k1"'],
  ['a chain that is none', set({ ...rsa, x5c: ['AAAA'] }), 'keys[0]: x5c is not a chain of certificates'],
  ['a thumbprint that is none', set({ ...rsa, x5t: 'AAAA' }), 'keys[0]: x5t is not a thumbprint'],
])('refuses %s', (_, text, error) => {
  expect(keySetError(text)).toBe(error)
})

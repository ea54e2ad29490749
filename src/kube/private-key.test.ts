import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { signingKeyProblem } from './private-key.ts'

const encoding = { format: 'pem', type: 'pkcs8' } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(encoding).toString()
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(encoding).toString()

test.each([
  ['RS256', rsa, undefined],
  ['PS256', rsa, undefined],
  ['ES256', p256, undefined],
  ['ES384', p256, 'ES384 needs a key of the curve P-384'],
  ['ES256', rsa, 'ES256 needs a key of the curve P-256'],
  ['RS256', p256, 'RS256 needs an RSA key'],
  ['RS256', 'pem-value', 'it is not a private key in PEM'],
])('a key for %s', (algorithm, pem, problem) => {
  expect(signingKeyProblem(pem, algorithm)).toBe(problem)
})

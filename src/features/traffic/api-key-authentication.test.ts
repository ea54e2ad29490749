import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const hash = `sha256:${'00'.repeat(32)}`
const world = {
  secrets: {
    'keys-1': { b: 'beta', bad: '{' },
    'keys-2': { a: '{"key":"alpha","metadata":{"team":"x"}}', h: `{"keyHash":"${hash}"}` },
  },
  configMaps: { hashes: { one: `{"keyHash":"${hash}"}` } },
}
const keys = (spec: object) => traffic({ apiKeyAuthentication: spec }, world)

test('sends the keys of all selected Secrets in the order of the keys, hashes first, and skips bad ones', () => {
  expect(keys({ secretSelector: { matchLabels: { app: 'keys' } } })).toEqual({
    sent: {
      apikeyauth: {
        apiKeyAuth: {
          apiKeys: [
            { keyHash: hash, metadata: {} },
            { key: 'alpha', metadata: { team: 'x' } },
            { key: 'beta', metadata: {} },
          ],
        },
      },
    },
    said: ['spec.traffic.apiKeyAuthentication: secret keys-1 contains invalid key bad: not valid JSON'],
  })
})

test('lets nobody pass when the Secret is missing, and asks for keys before routing when told', () => {
  const spec = { mode: 'Permissive', secretRef: { name: 'gone' }, location: { cookie: { name: 'k' } } }
  expect(traffic({ phase: 'PreRouting', apiKeyAuthentication: spec })).toEqual({
    sent: {
      apikeyauth: {
        phase: 'GATEWAY',
        apiKeyAuth: { mode: 'PERMISSIVE', authorizationLocation: { cookie: { name: 'k' } } },
      },
    },
    said: ['spec.traffic.apiKeyAuthentication.secretRef: secret ns/gone not found'],
  })
})

test('an empty selection is no error, and the last source that is named counts', () => {
  expect(keys({ secretSelector: { matchLabels: { app: 'none' } } })).toEqual({
    sent: { apikeyauth: { apiKeyAuth: {} } },
    said: [],
  })
  expect(keys({ secretRef: { name: 'keys-1' }, configMapSelector: { matchLabels: { app: 'hashes' } } }).sent).toEqual({
    apikeyauth: { apiKeyAuth: { apiKeys: [{ keyHash: hash, metadata: {} }] } },
  })
})

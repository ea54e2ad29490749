import { expect, test } from 'vitest'
import { frontend } from '../../../test/policy-features.ts'

test.each([
  [
    'http',
    {
      http1HeaderCase: 'Preserve',
      maxBufferSize: '1Ki',
      http1MaxHeaders: 7,
      http2FrameSize: 16384,
      maxConnectionDuration: '1h',
    },
    {
      http1HeaderCase: 'PRESERVE',
      maxBufferSize: 1024,
      http1MaxHeaders: 7,
      http2FrameSize: 16384,
      maxConnectionDuration: '3600s',
    },
    'frontend-http',
  ],
  ['proxyProtocol', {}, {}, 'frontend-proxy'],
  ['proxyProtocol', { version: 'All', mode: 'Optional' }, { version: 'ALL', mode: 'OPTIONAL' }, 'frontend-proxy'],
  ['connect', { mode: 'Tunnel' }, { mode: 'TUNNEL' }, 'frontend-connect'],
  [
    'tls',
    {
      handshakeTimeout: '100ms',
      alpnProtocols: ['h2'],
      minProtocolVersion: '1.2',
      maxProtocolVersion: '1.3',
      cipherSuites: ['TLS13_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'RC4'],
      keyExchangeGroups: ['P-256', 'X25519_MLKEM768'],
    },
    {
      handshakeTimeout: '0.100s',
      alpn: { protocols: ['h2'] },
      minVersion: 'TLS_V1_2',
      maxVersion: 'TLS_V1_3',
      cipherSuites: ['TLS_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      keyExchangeGroups: ['P256', 'X25519_MLKEM768'],
    },
    'frontend-tls',
  ],
  ['tcp', { keepalive: { time: '1s', retries: 2 } }, { keepalives: { time: '1s', retries: 2 } }, 'frontend-tcp'],
  [
    'metrics',
    { attributes: { add: [{ name: 'n', expression: 'e' }] } },
    { fields: { add: [{ name: 'n', expression: 'e' }] } },
    'frontend-metrics',
  ],
])('translates %s %j', (field, spec, sent, suffix) => {
  expect(frontend({ [field]: spec })).toEqual({ sent: { [suffix]: { [field]: sent } }, said: [] })
})

test('a bad network rule that denies closes the port, and one that allows opens it to nobody', () => {
  const rules = (action: string) => ({ networkAuthorization: { action, policy: { matchExpressions: ['a ='] } } })
  const denied = frontend(rules('Deny'))
  expect(denied.sent).toEqual({
    'frontend-network-authz': { networkAuthorization: { deny: ['a ='], require: ['false'] } },
  })
  expect(denied.said[0]).toMatch(/^Invalid: spec\.frontend\.networkAuthorization\.policy\.matchExpressions\[0\]: /)
  const allowed = frontend(rules('Allow'))
  expect(allowed.sent).toEqual({ 'frontend-network-authz': { networkAuthorization: { allow: ['a ='] } } })
  expect(allowed.said).toHaveLength(1)
})

test.each([
  ['http', { maxBufferSize: 'big' }, 'maxBufferSize: frontend http maxBufferSize is not a size: big'],
  [
    'metrics',
    { attributes: { add: [{ name: 'n', expression: '{{e}}' }] } },
    'attributes.add[0].expression: frontend metrics field "n" is not a valid CEL expression: {{e}}',
  ],
])('reports what is wrong with %s %j', (field, spec, message) => {
  expect(frontend({ [field]: spec }).said).toEqual([`spec.frontend.${field}.${message}`])
})

test('says that no client can connect when the lowest version is above the highest', () => {
  expect(frontend({ tls: { minProtocolVersion: '1.3', maxProtocolVersion: '1.2' } }).said).toEqual([
    'spec.frontend.tls: frontend tls minProtocolVersion is above maxProtocolVersion: no client can connect',
  ])
})

test.each([['text'], [7], [[1, null]], [null], [{ attributes: 'x', policy: 1, keepalive: 'x', otlp: [] }]])(
  'does not fall over %j in place of a feature',
  (value) => {
    const fields = 'http proxyProtocol connect tls tcp networkAuthorization accessLog tracing metrics'
    for (const field of fields.split(' ')) expect(() => frontend({ [field]: value })).not.toThrow()
  },
)

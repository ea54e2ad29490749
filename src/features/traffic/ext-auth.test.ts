import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const backendRef = { name: 'a', port: 1 }
const target = { service: { namespace: 'ns', hostname: 'a' }, port: 1 }
const auth = (spec: object) => traffic({ extAuth: { backendRef, ...spec } }, { services: ['a'] })
const sent = (extAuthz: object) => ({ extauth: { extAuthz: { target, ...extAuthz } } })

test.each([
  ['by gRPC', { grpc: {} }, { grpc: {} }],
  [
    'by gRPC with context, and passing when the service is down',
    { failureMode: 'FailOpen', grpc: { contextExtensions: { a: 'b' }, requestMetadata: { c: 'd' } } },
    { failureMode: 'ALLOW', grpc: { context: { a: 'b' }, metadata: { c: 'd' } } },
  ],
  [
    'by HTTP with headers both ways',
    { http: { allowedRequestHeaders: ['x'], allowedResponseHeaders: ['y'], addRequestHeaders: { z: '"1"' } } },
    { http: { includeResponseHeaders: ['y'], addRequestHeaders: { z: '"1"' } }, includeRequestHeaders: ['x'] },
  ],
  [
    'with a part of the body, and keeping answers',
    { grpc: {}, forwardBody: { maxSize: '1Ki' }, cache: { key: ['jwt.sub'], ttl: '5m' } },
    {
      grpc: {},
      includeRequestBody: { maxRequestBytes: 1024, allowPartialMessage: true },
      cache: { key: ['jwt.sub'], ttl: 'duration("5m")' },
    },
  ],
])('asks %s', (_, spec, extAuthz) => {
  expect(auth(spec)).toEqual({ sent: sent(extAuthz), said: [] })
})

test.each([
  [
    'headers that are none',
    {
      http: { allowedRequestHeaders: ['a b'], allowedResponseHeaders: ['c:', 'd'], addRequestHeaders: { 'e f': '1' } },
    },
    { http: { includeResponseHeaders: ['d'] } },
    [
      'http.addRequestHeaders[e f]: "e f" is not the name of a header and is left out',
      'http.allowedResponseHeaders[0]: "c:" is not the name of a header and is left out',
      'http.allowedRequestHeaders[0]: "a b" is not the name of a header and is left out',
    ],
  ],
  ['no protocol', {}, { grpc: {} }, [': extAuth needs grpc or http; grpc is used']],
  [
    'a cache without key',
    { grpc: {}, cache: { ttl: '1s' } },
    { grpc: {} },
    ['cache: extAuth cache needs key and ttl; nothing is kept'],
  ],
])('sends what proxies take, not what would make them refuse the policy: %s', (_, spec, extAuthz, messages) => {
  expect(auth(spec)).toEqual({
    sent: sent(extAuthz),
    said: messages.map((each) => `spec.traffic.extAuth${each.startsWith(':') ? '' : '.'}${each}`),
  })
})

test('the path of a URL is where the service is asked', () => {
  const url = 'https://127.0.0.1/'
  expect(traffic({ extAuth: { url, http: {} } }).sent).toEqual({
    extauth: {
      extAuthz: {
        target: { inline: { hostname: '127.0.0.1', port: 443 } },
        inlinePolicies: [{ backendTls: {} }],
        http: { path: '"/"' },
      },
    },
  })
})

test('a condition that cannot be read closes what the policy guards, and makes it invalid', () => {
  const policy = { backendRef, grpc: {} }
  const conditional = [{ condition: "request.path = '/'", policy }]
  const result = traffic({ phase: 'PreRouting', extAuth: { conditional } }, { services: ['a'] })
  expect(result.sent).toEqual({
    extauth: {
      policies: [{ condition: "request.path = '/'", traffic: { phase: 'GATEWAY', extAuthz: { target, grpc: {} } } }],
    },
    'extauth-closed': { phase: 'GATEWAY', authorization: { require: ['false'] } },
  })
  expect(result.said[0]).toMatch(
    /^Invalid: spec\.traffic\.extAuth\.conditional\[0\]\.condition: condition CEL expression is invalid: .*; everything is denied/,
  )
})

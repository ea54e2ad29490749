import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

test.each([
  ['csrf', { additionalOrigins: ['https://a'] }, { csrf: { csrf: { additionalOrigins: ['https://a'] } } }],
  ['hostRewrite', { mode: 'Auto' }, { 'hostname-rewrite': { hostRewrite: { mode: 'AUTO' } } }],
  ['hostRewrite', { mode: 'None' }, { 'hostname-rewrite': { hostRewrite: {} } }],
  ['timeouts', { request: '150ms' }, { timeout: { timeout: { request: '0.150s' } } }],
  ['timeouts', {}, {}],
  ['buffer', { request: {} }, { buffer: { buffer: { request: {} } } }],
  [
    'buffer',
    { response: { maxBytes: '1Ki', failureMode: 'FailOpen' } },
    { buffer: { buffer: { response: { maxBytes: 1024, failureMode: 'FAIL_OPEN' } } } },
  ],
  ['delay', { duration: '-1.5h' }, { delay: { delay: { duration: 'duration("-1.5h")' } } }],
  ['delay', { duration: 'a ? 1 : 0' }, { delay: { delay: { duration: 'a ? 1 : 0' } } }],
  [
    'headerModifiers',
    { request: { set: [{ name: 'a', value: '1' }], remove: ['b'] } },
    { 'header-modifier': { requestHeaderModifier: { set: [{ name: 'a', value: '1' }], remove: ['b'] } } },
  ],
  [
    'headerModifiers',
    { response: { add: [{ name: 'a', value: '1' }] } },
    { 'resp-header-modifier': { responseHeaderModifier: { add: [{ name: 'a', value: '1' }] } } },
  ],
  ['cors', { allowOrigins: ['*'] }, { cors: { cors: { allowOrigins: ['*'], maxAge: '0s' } } }],
  ['transformation', { request: {} }, {}],
  ['authorization', { policy: { matchExpressions: ['a'] } }, { rbac: { authorization: { allow: ['a'] } } }],
  [
    'authorization',
    { action: 'Deny', policy: { matchExpressions: ['a'] } },
    { rbac: { authorization: { deny: ['a'] } } },
  ],
])('translates %s %j', (field, spec, sent) => {
  expect(traffic({ [field]: spec })).toEqual({ sent, said: [] })
})

test.each([
  ['delay', { duration: '{{x}}' }, {}, 'duration: delay duration is not a valid duration or CEL expression: {{x}}'],
  ['delay', {}, {}, 'duration: failed to build delay: duration is required'],
  ['timeouts', { request: 'x' }, {}, 'request: timeouts request is not a duration: x'],
  [
    'buffer',
    { request: { maxBytes: 'x' } },
    { buffer: { buffer: { request: {} } } },
    'request.maxBytes: buffer maxBytes is not a size: x',
  ],
  [
    'cors',
    { allowHeaders: ['a', 'b c'], maxAge: -1 },
    { cors: { cors: { allowHeaders: ['a'], maxAge: '0s' } } },
    'allowHeaders[1]: "b c" is not the name of a header and is left out',
  ],
])('reports what is wrong with %s %j', (field, spec, sent, message) => {
  expect(traffic({ [field]: spec })).toEqual({ sent, said: [`spec.traffic.${field}.${message}`] })
})

test('only features that act before routing carry the phase', () => {
  const { sent } = traffic({ phase: 'PreRouting', cors: {}, csrf: {} })
  expect(sent).toMatchObject({ cors: { phase: 'GATEWAY' } })
  expect(sent.csrf).toEqual({ csrf: {} })
})

test('a rule that would deny nobody denies everybody and makes the policy invalid, with place and hint', () => {
  const { sent, said } = traffic({
    authorization: { action: 'Deny', policy: { matchExpressions: ['ok', "request.path = '/admin'"] } },
  })
  expect(sent).toEqual({
    rbac: { authorization: { deny: ['ok', "request.path = '/admin'"], require: ['false'] } },
  })
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(
    /^Invalid: spec\.traffic\.authorization\.policy\.matchExpressions\[1\]: .* at 1:14 \(write ==.*; everything is denied/,
  )
})

test.each([
  ['text', 'text'],
  ['a number', 7],
  ['a list', [1, null]],
  ['nothing', null],
  ['wrong fields', { providers: 'x', policy: 3, request: 'x', local: {}, conditional: 'x', headers: 5, codes: 'x' }],
])('does not fall over %s in place of a feature', (_, value) => {
  const fields =
    'extAuth extProc authorization rateLimit transformation csrf cors headerModifiers hostRewrite timeouts retry delay directResponse buffer jwtAuthentication apiKeyAuthentication basicAuthentication'
  for (const field of fields.split(' ')) expect(() => traffic({ [field]: value })).not.toThrow()
})

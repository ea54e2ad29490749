import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const direct = (spec: object) => traffic({ directResponse: spec })

test('answers with a status, a body and headers by CEL', () => {
  expect(direct({ status: 403, body: 'no', headers: [{ name: 'x', value: '"y"' }] })).toEqual({
    sent: {
      'direct-response': {
        directResponse: { status: 403, body: 'bm8=', headers: [{ name: 'x', expression: '"y"' }] },
      },
    },
    said: [],
  })
})

test.each([
  [{ body: 'x' }, 'spec.traffic.directResponse.status: failed to build directResponse: status is required'],
  [{ status: 0 }, 'spec.traffic.directResponse.status: failed to build directResponse: 0 is not an HTTP status'],
])('is not sent without a status that proxies take: %j', (spec, message) => {
  expect(direct(spec)).toEqual({ sent: {}, said: [message] })
})

test('is sent without headers that are none, and with two bodies as they are', () => {
  const { sent, said } = direct({
    status: 200,
    body: 'a',
    bodyExpression: '"b"',
    headers: [{ name: 'a b', value: '{{x}}' }],
  })
  expect(sent).toEqual({ 'direct-response': { directResponse: { status: 200, body: 'YQ==', bodyExpression: '"b"' } } })
  expect(said).toEqual([
    'spec.traffic.directResponse.headers[0].value: directResponse header "a b" is not a valid CEL expression: {{x}}',
    'spec.traffic.directResponse.headers[0].name: "a b" is not the name of a header and is left out',
    'spec.traffic.directResponse: directResponse body and bodyExpression may not both be set',
  ])
})

test('leaves out a choice that cannot be sent, and the whole list when none is left', () => {
  const conditional = [{ condition: 'a', policy: {} }, { policy: { status: 404 } }]
  expect(direct({ conditional }).sent).toEqual({
    'direct-response': { policies: [{ traffic: { directResponse: { status: 404 } } }] },
  })
  expect(direct({ conditional: conditional.slice(0, 1) })).toEqual({
    sent: {},
    said: [
      'spec.traffic.directResponse.conditional[0].policy.status: failed to build directResponse: status is required',
      'spec.traffic.directResponse.conditional: directResponse conditional has no usable entry',
    ],
  })
})

import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const world = { secrets: { users: { '.htaccess': 'a:1\n', other: 'b:2', broken: '\xff' } } }
const basic = (spec: object) => traffic({ basicAuthentication: spec }, world)

test.each([
  ['its own users, one a line', { users: ['a:1', 'b:2'], secretRef: { name: 'gone' } }, 'a:1\nb:2'],
  ['a Secret, byte for byte', { secretRef: { name: 'users' } }, 'a:1\n'],
  ['another entry of a Secret', { secretRef: { name: 'users', key: 'other' } }, 'b:2'],
])('takes users from %s', (_, spec, htpasswdContent) => {
  expect(basic({ ...spec, realm: 'r', mode: 'Optional' })).toEqual({
    sent: { basicauth: { basicAuth: { htpasswdContent, realm: 'r', mode: 'OPTIONAL' } } },
    said: [],
  })
})

test.each([
  ['a missing Secret', { name: 'gone' }, 'secret ns/gone not found'],
  [
    'a missing entry',
    { name: 'users', key: 'x' },
    `basic authentication secret users found, but doesn't contain "x" key`,
  ],
  [
    'an entry that is not text',
    { name: 'users', key: 'broken' },
    `basic authentication secret users found, but doesn't contain "broken" key`,
  ],
])('lets nobody pass with %s', (_, secretRef, message) => {
  expect(basic({ secretRef })).toEqual({
    sent: { basicauth: { basicAuth: {} } },
    said: [`spec.traffic.basicAuthentication.secretRef: ${message}`],
  })
})

test('says where the expression of a location breaks', () => {
  expect(basic({ users: ['a'], location: { expression: 'a =' } }).said[0]).toMatch(
    /^spec.traffic.basicAuthentication.location.expression: basicAuthentication location expression is not a valid CEL expression: a =: .*==/,
  )
})

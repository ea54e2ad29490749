import { expect, test } from 'vitest'
import { goRegExp } from './regexp.ts'

test.each([
  ['^a.c$', 'abc', true],
  ['^a.c$', 'a\nc', false],
  ['^(?i)\\.?[a-z_]+$', 'ABC', true],
  ['(?i)^https?://(localhost|[^/]+\\.localhost)(:[0-9]+)?(/|$)', 'HTTP://LocalHost/x', true],
  ['a(?i)b|(?i:c)d', 'aB', true],
  ['(x(?i)y)z', 'xYz', true],
  ['(x(?i)y)z', 'xYZ', false],
  ['^[[:alpha:]_]+$', 'a_b', true],
  ['^[]a]+$', ']a', true],
  ['^(?P<name>a)$', 'a', true],
  ['\\Aa\\z', 'a', true],
  ['^\\Qa.b\\E$', 'a.b', true],
  ['^\\Qa.b\\E$', 'axb', false],
  ["^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$", 'x-`a', true],
  ['^.$', '😀', true],
  ['^[\\w+=,.@-]{2,64}$', 'a@b', true],
  ["^[a-z]+\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$", 'a/b:c', true],
] as const)('%s on %j is %s', (pattern, text, expected) => {
  expect(goRegExp(pattern)?.test(text)).toBe(expected)
})

test('what is no regular expression has no equivalent', () => {
  expect(goRegExp('[')).toBeUndefined()
})

import { expect, test } from 'vitest'
import { camel, durationText, ipText, isRegex, statusText, targetText } from './values.ts'

test.each([
  [{}, '0s'],
  [{ nanos: 1 }, '1ns'],
  [{ nanos: 1100 }, '1.1µs'],
  [{ nanos: 2_200_000 }, '2.2ms'],
  [{ nanos: 100_567_123 }, '100.567ms'],
  [{ seconds: '1', nanos: 500_000_000 }, '1.5s'],
  [{ seconds: '1', nanos: 123_456_789 }, '1.123457s'],
  [{ seconds: '2', nanos: 123_456_789 }, '2.123s'],
  [{ seconds: '245' }, '4m5s'],
  [{ seconds: '1800' }, '30m0s'],
  [{ seconds: '18367' }, '5h6m7s'],
  [{ seconds: '-5' }, '0s'],
])('a duration of %j is written %s', (duration, expected) => {
  expect(durationText(duration)).toBe(expected)
})

test('a duration that is not there is not written', () => {
  expect(durationText(undefined)).toBeUndefined()
  expect(durationText(null)).toBeUndefined()
})

test('enum names become camelCase', () => {
  expect(camel('FULL_DUPLEX_STREAMED')).toBe('fullDuplexStreamed')
  expect(camel('V2')).toBe('v2')
})

test('status codes carry the names that proxies know', () => {
  expect(statusText(503)).toBe('503 Service Unavailable')
  expect(statusText(418)).toBe("418 I'm a teapot")
  expect(statusText(599)).toBe('599 <unknown status code>')
})

test.each([
  ['example.com', 'example.com:80'],
  ['10.0.0.1', '10.0.0.1:80'],
  ['2001:DB8:0:0:0:0:0:1', '[2001:db8::1]:80'],
  ['::ffff:10.1.2.3', '[::ffff:10.1.2.3]:80'],
])('host %s becomes %s', (host, expected) => {
  expect(targetText(host, 80)).toBe(expected)
})

test('addresses are read from 4 and 16 bytes', () => {
  expect(ipText(Uint8Array.of(10, 96, 4, 20))).toBe('10.96.4.20')
  expect(ipText(Buffer.from('fd000000000000000000000000000001', 'hex'))).toBe('fd00::1')
})

test.each([
  ['^/a/(?P<id>[0-9]+)$', true],
  ['(?i)abc', true],
  ['a(?=b)', false],
  ['(a)\\1', false],
  ['a\\\\1', true],
  ['(', false],
])('whether the proxy takes the pattern %s: %s', (pattern, expected) => {
  expect(isRegex(pattern)).toBe(expected)
})

import { expect, test } from 'vitest'
import { isAddress, parseServiceUrl } from './urls.ts'

test.each([
  ['https://h', { scheme: 'https', host: 'h', port: 443, path: '' }],
  ['https://h/', { scheme: 'https', host: 'h', port: 443, path: '/' }],
  ['HTTP://h:8080/a%20b/c', { scheme: 'http', host: 'h', port: 8080, path: '/a%20b/c' }],
  ['http://[::1]:81', { scheme: 'http', host: '::1', port: 81, path: '' }],
])('reads %s', (text, url) => {
  expect(parseServiceUrl(text)).toEqual(url)
})

test.each([
  ['ftp://h', 'unsupported URL scheme "ftp"'],
  ['h:80', 'unsupported URL scheme "h"'],
  ['', 'unsupported URL scheme ""'],
  ['http:///p', 'url must include a host'],
  ['http://u:p@h', 'url must not include userinfo'],
  ['http://h/?', 'url must not include a query'],
  ['http://h/#f', 'url must not include a fragment'],
  ['http://h:0', 'invalid URL port "0"'],
  ['http://h:x', 'invalid URL port "x"'],
  ['http://h:65536', 'invalid URL port "65536"'],
])('refuses %s', (text, error) => {
  expect(parseServiceUrl(text)).toEqual({ error })
})

test('tells addresses from names', () => {
  expect(['10.0.0.1', '::1', 'h', '1.2.3'].map(isAddress)).toEqual([true, true, false, false])
})

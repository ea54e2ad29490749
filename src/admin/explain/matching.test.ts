import { expect, test } from 'vitest'
import type { RouteMatch } from '../../wire/messages.ts'
import { advantage, byPrecedence, type Candidate, type HttpRequest, hostRank, missOf } from './matching.ts'
import { covers } from './pattern.ts'
import { type AskedRequest, readRequest, type TypedRequest } from './request.ts'

function asked(typed: TypedRequest): AskedRequest {
  const read = readRequest(typed)
  if (typeof read === 'string') throw new Error(read)
  return read
}

const request = (url: string, more: Omit<TypedRequest, 'url'> = {}): HttpRequest => asked({ url, ...more }).request
const missed = (match: RouteMatch, ...typed: Parameters<typeof request>): string | undefined =>
  missOf(match, request(...typed))?.reason

test('a prefix matches whole segments, and a slash at its end says nothing', () => {
  for (const pathPrefix of ['/v2', '/v2/']) {
    expect(missed({ path: { pathPrefix } }, 'http://h/v2')).toBeUndefined()
    expect(missed({ path: { pathPrefix } }, 'http://h/v2/x')).toBeUndefined()
    expect(missed({ path: { pathPrefix } }, 'http://h/v2x')).toBe('the path is not below /v2')
  }
})

test('the first thing that does not agree is the reason', () => {
  const match: RouteMatch = {
    path: { exact: '/a' },
    method: { exact: 'POST' },
    headers: [{ name: 'Version', exact: 'two' }],
    queryParams: [{ name: 'q', regex: '[0-9]+' }],
  }
  const headers = ['version: one', 'version: two']
  expect(missed(match, 'http://h/b')).toBe('the path is not exactly /a')
  expect(missed(match, 'http://h/a')).toBe('the method is not POST')
  expect(missed(match, 'http://h/a', { method: 'post' })).toBe('there is no header Version')
  expect(missed(match, 'http://h/a', { method: 'POST', headers })).toBe('there is no query parameter q')
  expect(missed(match, 'http://h/a?q=x', { method: 'POST', headers })).toBe('query parameter q does not match [0-9]+')
  expect(missed(match, 'http://h/a?q=12', { method: 'POST', headers })).toBeUndefined()
})

test('pseudo headers can be matched', () => {
  expect(missed({ headers: [{ name: ':scheme', exact: 'https' }] }, 'https://h/')).toBeUndefined()
  expect(missed({ headers: [{ name: ':authority', exact: 'h:8080' }] }, 'http://h:8080/')).toBeUndefined()
  expect(missed({ headers: [{ name: ':path', exact: '/a?b' }] }, 'http://h/a?b')).toBeUndefined()
})

test('a regular expression has to cover the text, and is read as proxies read it', () => {
  expect(covers('/v[12]', '/v1')).toBe('yes')
  expect(covers('/v[12]', '/v1/x')).toBe('no')
  expect(covers('a|ab', 'ab')).toBe('no')
  expect(covers('b', 'ab')).toBe('no')
  expect(covers('(a|b)+/[^/]*', 'abab/x')).toBe('yes')
  expect(covers('(?i)abc', 'ABC')).toBe('yes')
  expect(covers('(?P<n>x)\\-', 'x-')).toBe('yes')
  expect(covers('(?=x)x', 'x')).toBe('invalid')
  expect(covers('(x)\\1', 'xx')).toBe('invalid')
  expect(covers('(?x) a b', 'ab')).toBe('unknown')
  expect(covers('(', '(')).toBe('unknown')
})

test('a regular expression that would take for ever is given up', () => {
  expect(covers('(a+)+b', `${'a'.repeat(64)}!`)).toBe('unknown')
})

test('hostnames are ranked from exact to none, and a wildcard needs a label to stand for', () => {
  expect(hostRank(['*.example.com', 'a.example.com'], 'a.example.com')).toBe(Number.POSITIVE_INFINITY)
  expect(hostRank(['*.example.com', '*.com'], 'a.example.com')).toBe('*.example.com'.length)
  expect(hostRank(['*.example.com'], 'a.b.example.com')).toBeDefined()
  expect(hostRank(['*.example.com'], 'example.com')).toBeUndefined()
  expect(hostRank(['*'], 'example.com')).toBeUndefined()
  expect(hostRank([], 'example.com')).toBe(0)
})

test('of two matches the one that the Gateway API puts first wins, and it is said why', () => {
  const candidate = (key: string, match: RouteMatch, rank = 0, index = 0): Candidate => ({
    ...{ route: { key }, match, rank, index },
  })
  const h = { name: 'h', exact: '1' }
  const ordered: readonly (readonly [Candidate, string])[] = [
    [candidate('z', {}, Number.POSITIVE_INFINITY), 'names the host more exactly'],
    [candidate('z', { path: { exact: '/a' } }), 'names the path exactly'],
    [candidate('z', { path: { pathPrefix: '/abcdef' } }), 'has the longer path'],
    // A pattern is no less than a prefix, only shorter here.
    [candidate('z', { path: { regex: '/a..' }, method: { exact: 'GET' } }), 'names the method'],
    [candidate('z', { path: { pathPrefix: '/abc' }, headers: [h, h] }), 'asks for more headers'],
    [
      candidate('z', { path: { pathPrefix: '/abc' }, headers: [h], queryParams: [h] }),
      'asks for more query parameters',
    ],
    [candidate('a', { path: { pathPrefix: '/abc' }, headers: [h] }), 'comes first by name'],
    [candidate('b', { path: { pathPrefix: '/abc' }, headers: [h] }, 0, 0), 'comes first by name'],
    [candidate('b', { path: { pathPrefix: '/abc' }, headers: [h] }, 0, 1), ''],
  ]
  const candidates = ordered.map(([each]) => each)
  expect(candidates.toReversed().toSorted(byPrecedence)).toEqual(candidates)
  for (const [i, [first, why]] of ordered.slice(0, -1).entries()) {
    const next = candidates[i + 1]
    expect(next && advantage(first, next)).toBe(why)
  }
})

test('a request is read from a URL, and a Host header names another host', () => {
  expect(asked({ url: 'Example.com/x' })).toMatchObject({
    url: 'http://example.com/x',
    isPortImplied: true,
    request: { port: 80, host: 'example.com', path: '/x', method: 'GET' },
  })
  expect(asked({ url: 'https://a:8443', headers: ['Host: B:1'] }).request).toMatchObject({
    port: 8443,
    sni: 'a',
    host: 'b',
  })
  expect(asked({ url: 'https://10.0.0.1/' }).request.sni).toBe('')
  expect(asked({ url: 'http://a:80/' }).isPortImplied).toBe(false)
  expect(asked({ url: 'tcp://a:9000' })).toMatchObject({ isStream: true, request: { port: 9000 } })
})

test('what cannot be read as a request is said', () => {
  expect(readRequest({ url: 'ftp://a' })).toContain('the scheme is none of http,')
  expect(readRequest({ url: 'http://' })).toBe('url http:// is no URL')
  expect(readRequest({ url: 'http://a', method: 'G T' })).toBe('method G T is no method of HTTP')
  expect(readRequest({ url: 'http://a', headers: ['x'] })).toBe('header x is not of the form Name: value')
})

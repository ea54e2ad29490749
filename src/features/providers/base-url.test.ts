import { describe, expect, it } from 'vitest'
import { baseUrlError } from './base-url.ts'

describe('base URLs of models', () => {
  it.each(['https://llm.example.com/v1', 'http://10.0.0.1:8080', 'HTTPS://[2001:db8::1]:443/v1/', 'http://svc.ns:80'])(
    'may be %s',
    (url) => expect(baseUrlError(url)).toBeUndefined(),
  )

  it.each([
    ['llm.example.com', 'must be an absolute URL'],
    ['/v1', 'must be an absolute URL'],
    ['http://a b', 'must be an absolute URL'],
    ['ftp://llm.example.com', 'must use http or https'],
    ['https://user@llm.example.com', 'cannot include user info, query parameters, or a fragment'],
    ['https://llm.example.com/?a', 'cannot include user info, query parameters, or a fragment'],
    ['https://llm.example.com/#a', 'cannot include user info, query parameters, or a fragment'],
    ['https:///v1', 'must include a host'],
    ['https://:443', 'must include a host'],
    ['https://llm.example.com:65536/v1', 'cannot have a port above 65535'],
    ['https://127.1', 'cannot use an ambiguous IP address'],
    ['https://2130706433/', 'cannot use an ambiguous IP address'],
    ['https://0x7f000001', 'cannot use an ambiguous IP address'],
  ])('may not be %s', (url, message) => expect(baseUrlError(url)).toBe(`baseURL ${message}`))

  it.each([
    'http://localhost:11434',
    'http://api.LOCALHOST',
    'http://localhost.',
    'http://127.0.0.53',
    'http://169.254.169.254/latest',
    'http://0.0.0.0',
    'http://[::1]:80',
    'http://[::]',
    'http://[fe80::1]',
    'http://[::ffff:127.0.0.1]',
  ])('may not lead back to the proxy itself: %s', (url) =>
    expect(baseUrlError(url)).toBe('baseURL cannot target localhost, loopback, link-local, or unspecified addresses'),
  )
})

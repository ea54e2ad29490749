import { expect, test } from 'vitest'
import { parseApiKey } from './api-keys.ts'

const hash = `sha256:${'ab'.repeat(32)}`
const parse = (text: string, source: 'secret' | 'configMap' = 'secret') => parseApiKey(Buffer.from(text), source)

test.each([
  ['a raw key with the line break that it ends with', 'k-1\n', { key: 'k-1\n', keyHash: '', metadata: {} }],
  ['a quoted text as a raw key', '"k"', { key: '"k"', keyHash: '', metadata: {} }],
  ['a key in JSON', ' {"key":"k","metadata":{"a":[1]},"x":1}', { key: 'k', keyHash: '', metadata: { a: [1] } }],
  ['names in any case', `{"KeyHash":"${hash}"}`, { key: '', keyHash: hash, metadata: {} }],
  ['metadata that is null', '{"key":"k","metadata":null}', { key: 'k', keyHash: '', metadata: {} }],
])('reads %s', (_, text, key) => {
  expect(parse(text)).toEqual(key)
})

test.each([
  ['nothing', ' \n', 'empty value'],
  ['broken JSON, without quoting it', '{"key":"secret"', 'not valid JSON'],
  ['neither key nor hash', '{}', 'exactly one of key or keyHash must be set'],
  ['both key and hash', `{"key":"k","keyHash":"${hash}"}`, 'exactly one of key or keyHash must be set'],
  ['a key that is a number', '{"key":1}', 'key and keyHash must be strings'],
  ['another hash', '{"keyHash":"md5:00"}', 'keyHash must use the sha256:<hex> format'],
  [
    'a hash that is not hexadecimal',
    '{"keyHash":"sha256:xx"}',
    'keyHash must contain a valid sha256 hex digest: not hexadecimal',
  ],
  [
    'half a digit pair',
    '{"keyHash":"sha256:abc"}',
    'keyHash must contain a valid sha256 hex digest: odd number of digits',
  ],
  ['a short hash', '{"keyHash":"sha256:abcd"}', 'keyHash sha256 digest must decode to 32 bytes'],
  ['metadata that is no object', '{"key":"k","metadata":["a"]}', 'metadata must be an object'],
])('refuses %s', (_, text, error) => {
  expect(parse(text)).toEqual({ error })
})

test('takes only hashes from a ConfigMap, which is no place for secrets', () => {
  expect(parse(`{"keyHash":"${hash}"}`, 'configMap')).toHaveProperty('keyHash', hash)
  expect(parse('k', 'configMap')).toHaveProperty('error', expect.stringContaining('must use keyHash'))
  expect(parseApiKey(Buffer.from([0xff]), 'secret')).toEqual({ error: 'not text' })
})

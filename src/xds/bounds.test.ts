import { expect, test } from 'vitest'
import { encodeMessage } from '../wire/encode.ts'
import { jsonStruct } from '../wire/messages.ts'
import { isBounded, MAX_ENTRIES } from './bounds.ts'

const encode = (request: object): Uint8Array =>
  encodeMessage('envoy.service.discovery.v3.DeltaDiscoveryRequest', request)

/** So many empty entries of a field. */
const entries = (tag: number, count: number): Uint8Array => {
  const bytes = new Uint8Array(2 * count)
  for (let i = 0; i < bytes.length; i += 2) bytes[i] = tag
  return bytes
}

test('what proxies say is worth decoding, also when it is much', () => {
  const versions = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`policy/${i}`, '0123456789abcdef']))
  const node = { id: 'agentgateway~x', metadata: jsonStruct({ role: 'ns~gw', labels: { a: 'b' } }) }
  const errorDetail = { code: 3, message: 'x'.repeat(5_000_000), details: [{ typeUrl: 'a', value: Buffer.from('b') }] }
  expect(
    isBounded(encode({ node, typeUrl: 't', initialResourceVersions: versions, responseNonce: '1', errorDetail })),
  ).toBe(true)
  expect(isBounded(new Uint8Array())).toBe(true)
})

test('millions of empty names or versions are not', () => {
  for (const field of [3, 4, 5]) {
    expect(isBounded(entries(field * 8 + 2, MAX_ENTRIES))).toBe(true)
    expect(isBounded(entries(field * 8 + 2, MAX_ENTRIES + 1))).toBe(false)
  }
})

test('neither is a node or a rejection that is full of small things', () => {
  const details = Array.from({ length: 2000 }, () => ({}))
  expect(isBounded(encode({ errorDetail: { details } }))).toBe(false)
  expect(isBounded(encode({ node: { id: 'x'.repeat(300_000) } }))).toBe(false)
})

test.each([
  ['bytes that break off', [0x0a, 0x50]],
  ['a length beyond the end', [0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ['a group', [0x0b, 0x0b]],
  ['an overlong number', [0x08, ...Array.from({ length: 12 }, () => 0xff)]],
  ['numbers of fixed size', [0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x0d, 1, 2, 3, 4]],
])('%s are left to the decoder', (_, bytes) => {
  expect(isBounded(Uint8Array.from(bytes))).toBe(true)
})

import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipBytes, ipPrefix, isSingle } from './ip-address.ts'

const hex = (text: string): string | undefined => {
  const bytes = ipBytes(text)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')
}

test('addresses become their bytes', () => {
  expect(hex('10.0.0.100')).toBe('0a000064')
  expect(hex('::')).toBe('0'.repeat(32))
  expect(hex('2001:db8::1')).toBe('20010db8000000000000000000000001')
  expect(hex('fe80:0:0:0:1:2:3:4')).toBe('fe800000000000000001000200030004')
  expect(hex('::ffff:1.2.3.4')).toBe('00000000000000000000ffff01020304')
})

test('text that is no address has no bytes', () => {
  for (const text of ['', '1.2.3', '1.2.3.256', 'host', '::1%eth0', '1.2.3.4/8', ':::', 'None']) {
    expect(ipBytes(text)).toBeUndefined()
  }
  expect(ipBytes(undefined)).toBeUndefined()
})

test('every IPv6 address has sixteen bytes', () => {
  fc.assert(fc.property(fc.ipV6().filter(isIPv6), (text) => ipBytes(text)?.length === 16))
})

test('a prefix is masked, and a single address has all bits', () => {
  expect(ipPrefix('10.1.2.3/12')).toEqual({ address: Uint8Array.from([10, 0, 0, 0]), length: 12 })
  expect(ipPrefix('10.1.2.3/0')).toEqual({ address: Uint8Array.from([0, 0, 0, 0]), length: 0 })
  const single = ipPrefix('10.1.2.3')
  expect(single !== undefined && isSingle(single)).toBe(true)
  for (const text of ['10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/', 'x/8', '10.0.0.0/-1']) {
    expect(ipPrefix(text)).toBeUndefined()
  }
})

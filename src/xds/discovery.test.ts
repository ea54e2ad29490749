import { expect, test } from 'vitest'
import { encodeMessage } from '../wire/encode.ts'
import { jsonStruct } from '../wire/messages.ts'
import { type DeltaRequest, decodeRequest, nameProxy } from './discovery.ts'

const encode = (request: object): Uint8Array =>
  encodeMessage('envoy.service.discovery.v3.DeltaDiscoveryRequest', request)
const node = (metadata: Readonly<Record<string, string>>): DeltaRequest['node'] => ({ id: 'agentgateway~x', metadata })

test('reads a request', () => {
  const bytes = encode({
    typeUrl: 't',
    responseNonce: 'n',
    errorDetail: { message: 'm' },
    initialResourceVersions: { a: '1', b: '' },
    node: { id: 'id', metadata: jsonStruct({ role: 'ns~gw', number: 5, list: ['x'] }) },
  })
  expect(decodeRequest(bytes)).toEqual({
    typeUrl: 't',
    nonce: 'n',
    rejection: 'm',
    versions: { a: '1', b: '' },
    node: { id: 'id', metadata: { role: 'ns~gw' } },
  })
})

test('an empty request is one, and says nothing', () => {
  expect(decodeRequest(new Uint8Array())).toEqual({
    typeUrl: '',
    nonce: '',
    rejection: undefined,
    versions: {},
    node: undefined,
  })
})

test('a rejection without a text is still a rejection', () => {
  expect(decodeRequest(encode({ errorDetail: {} }))?.rejection).toBe('')
})

test.each([
  ['bytes that break off', [0x0a, 0x50]],
  ['a group', [0x0b, 0x0b]],
  ['an overlong number', [0x08, ...Array.from({ length: 12 }, () => 0xff)]],
])('%s are no request', (_, bytes) => {
  expect(decodeRequest(Uint8Array.from(bytes))).toBe(undefined)
})

test('the gateway is what stands after the first ~ of the role', () => {
  expect(nameProxy(node({ role: 'ns~gw~x' }))).toMatchObject({ namespace: 'ns', gateway: 'gw~x' })
})

test('what the role lacks comes from the other metadata', () => {
  const other = { NAMESPACE: 'ns', GATEWAY_NAME: 'gw' }
  for (const role of ['~gw', 'ns~', '~', 'nonsense', '']) {
    expect(nameProxy(node({ ...other, role }))).toMatchObject({ namespace: 'ns', gateway: 'gw' })
  }
  expect(nameProxy(node(other))).toMatchObject({ namespace: 'ns', gateway: 'gw' })
})

test('a proxy that names no Gateway is let in all the same', () => {
  expect(nameProxy(node({}))).toEqual({ node: 'agentgateway~x', namespace: '', gateway: '' })
})

test.each([
  ['no node', undefined],
  ['no id', { id: '', metadata: {} }],
  ['an id with a line break', { id: 'a\nb', metadata: {} }],
  ['an endless id', { id: 'x'.repeat(2000), metadata: {} }],
])('%s is refused with a sentence', (_, given) => {
  expect(nameProxy(given)).toMatch(/node/)
})

import { expect, test } from 'vitest'
import { encodeAddress, encodeMessage, encodeResource, valueBytes } from './encode.ts'
import { duration, jsonStruct, type WireResource } from './messages.ts'
import { messageType, RESOURCE_TYPE } from './proto.ts'
import { bytesToJson, encodedToJson } from './protojson.ts'

const PACKAGE = 'agentgateway.dev.resource'
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const encoded = (type: string, message: object): string => hex(encodeMessage(`${PACKAGE}.${type}`, message))
const roundTrip = (type: string, message: object): unknown =>
  bytesToJson(`${PACKAGE}.${type}`, encodeMessage(`${PACKAGE}.${type}`, message))

test('every message of the protocol is there', () => {
  const count = (name: string): number => messageType(`${PACKAGE}.${name}`).fieldsArray.length
  expect({ resource: count('Resource'), route: count('Route'), policy: count('Policy') }).toMatchObject({
    resource: 10,
  })
})

test('leaves out zero values without presence, by number and by name', () => {
  expect(encoded('Bind', { key: '', port: 0, protocol: 'HTTP', mode: 'STANDARD' })).toBe('')
  expect(encoded('Bind', { port: 80, key: 'a', protocol: 'TLS' })).toBe('0a016110501802')
})

test('takes the text 0 for a zero only where a number is meant', () => {
  expect(encoded('RouteName', { name: '0' })).toBe('120130')
  const span = (seconds: string): string => hex(encodeMessage('google.protobuf.Duration', { seconds, nanos: 1 }))
  expect([span('0'), span('1')]).toEqual(['1001', '08011001'])
})

test('keeps a zero value that has presence, and a member of a oneof', () => {
  expect(roundTrip('RouteName', { ruleName: '' })).toEqual({ ruleName: '' })
  expect(roundTrip('UrlRewrite', { prefix: '' })).toEqual({ prefix: '' })
})

test('writes map entries by key, so that equal maps have equal bytes', () => {
  const policy = (extra: object): object => ({ ai: { defaults: extra } })
  expect(encoded('BackendPolicySpec', policy({ b: '2', a: '1' }))).toBe(
    encoded('BackendPolicySpec', policy({ a: '1', b: '2' })),
  )
})

test('orders keys of maps as UTF-8 does', () => {
  const policy = { ai: { defaults: { '\u{1f600}': '2', '\ufb01': '1' } } }
  const text = Buffer.from(encodeMessage(`${PACKAGE}.BackendPolicySpec`, policy)).toString()
  expect(text.indexOf('\ufb01')).toBeLessThan(text.indexOf('\u{1f600}'))
})

test('writes members of oneofs after all other fields, whatever their numbers', () => {
  // kind is a oneof of 1, 2 and 4; port is 3.
  expect(encoded('BackendReference', { backend: 'a', port: 80 })).toBe('1850120161')
})

test('a field whose presence is tracked is no member of a oneof', () => {
  expect(encoded('Route', { routeGroupKey: 'a', servicePort: 80 })).toBe('5201615850')
})

test('the version is the unpadded hex of the hash of the message alone', () => {
  const resource: WireResource = { kind: 'bind', bind: { key: '80/ns/gw', port: 80 } }
  const entry = encodeResource(resource)
  expect(entry.name).toBe('bind/80/ns/gw')
  expect(entry.version).toMatch(/^[0-9a-f]{1,16}$/)
  expect(hex(valueBytes(entry))).toBe(hex(encodeMessage(RESOURCE_TYPE, resource)))
  expect(encodeResource({ kind: 'bind', bind: { port: 80, key: '80/ns/gw' } }).version).toBe(entry.version)
})

test('the frame is a resources entry of a delta response', () => {
  const entry = encodeAddress({ type: 'service', service: { name: 'a', namespace: 'b', hostname: 'a.b' } })
  const response = bytesToJson('envoy.service.discovery.v3.DeltaDiscoveryResponse', entry.frame)
  expect(response).toMatchObject({
    resources: [
      { name: 'b/a.b', version: entry.version, resource: { type_url: 'type.googleapis.com/istio.workload.Address' } },
    ],
  })
  expect(encodedToJson(entry)).toEqual({ service: { name: 'a', namespace: 'b', hostname: 'a.b' } })
})

test('a lone surrogate becomes the replacement character, in texts, keys of maps and names', () => {
  const broken = 'a\ud800b'
  const { name, frame } = encodeResource({ kind: 'bind', bind: { key: broken, port: 80 } })
  expect(name).toBe('bind/a\ufffdb')
  expect(Buffer.from(frame).includes('bind/a\ufffdb')).toBe(true)
  expect(roundTrip('Bind', { key: broken })).toEqual({ key: 'a\ufffdb' })
  expect(roundTrip('BackendPolicySpec', { ai: { defaults: { [broken]: '1' } } })).toEqual({
    ai: { defaults: { 'a\ufffdb': '1' } },
  })
})

test('an unknown enum name is an error, not a silent zero', () => {
  expect(() => encoded('Bind', { protocol: 'GOPHER' })).toThrow('GOPHER')
})

test('prints durations, structs, wrappers, bytes and 64-bit numbers canonically', () => {
  expect(roundTrip('Timeout', { request: duration(1500), backendRequest: duration(30_000) })).toEqual({
    request: '1.500s',
    backendRequest: '30s',
  })
  const metadata = jsonStruct({ a: [1, true, null, { b: 'c' }] })
  const struct = { metadata: { ns: metadata } }
  expect(
    bytesToJson('google.protobuf.Struct', encodeMessage('google.protobuf.Struct', jsonStruct(struct.metadata))),
  ).toBeTypeOf('object')
  expect(bytesToJson('google.protobuf.Struct', encodeMessage('google.protobuf.Struct', metadata))).toEqual({
    a: [1, true, null, { b: 'c' }],
  })
  const workload = { capacity: { value: 3 }, addresses: [Buffer.from([10, 0, 0, 1])] }
  expect(bytesToJson('istio.workload.Workload', encodeMessage('istio.workload.Workload', workload))).toEqual({
    capacity: 3,
    addresses: ['CgAAAQ=='],
  })
})

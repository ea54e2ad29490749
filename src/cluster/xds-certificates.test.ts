import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../test/certificates.ts'
import { FakeApi } from '../../test/fake-api.ts'
import { VirtualTime } from '../../test/virtual-time.ts'
import type { Secret } from '../kube/core-types.ts'
import { type Authority, issueServing, type Keys, newAuthority, type ServingPair } from './certificate-authority.ts'
import { type ClusterClient, createClient } from './client.ts'
import { openConnection } from './connection.ts'
import { openXdsCertificates, xdsHosts } from './xds-certificates.ts'

const SECRETS = '/v1/secrets'
const KEY = 'system/kgateway-xds-cert'
const HOUR = 3_600_000
const HOSTS = ['agentgateway.system', '10.0.0.1', 'fd00::1']

let api: FakeApi
let client: ClusterClient
let time: VirtualTime
let stop: AbortController
let said: string[]
let pairs: ServingPair[]
beforeEach(async () => {
  api = await new FakeApi().start()
  api.serve('v1', 'Secret', 'secrets')
  client = createClient(openConnection(api.url), { fieldManager: 'x', userAgent: 'x' })
  time = new VirtualTime()
  stop = new AbortController()
  said = []
  pairs = []
})
afterEach(async () => {
  stop.abort(new Error('over'))
  client.close()
  await api.stop()
})

async function open(): Promise<void> {
  const note = (_: object, message: string): void => {
    said.push(message)
  }
  const log = { debug: note, info: note, warn: note, error: note }
  const certificates = await openXdsCertificates({ client, namespace: 'system', hosts: HOSTS, log, time }, stop.signal)
  certificates.watch((pair) => pairs.push(pair))
}

/** Lets everything happen that can, with so much time passing at every turn. */
async function until(condition: () => boolean, stepMs = 0): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve))
    time.advance(stepMs)
  }
}

function store(data: Readonly<Record<string, string>>): void {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  )
  const metadata = { namespace: 'system', name: 'kgateway-xds-cert', uid: 'one' }
  api.set(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata, data: encoded })
}

async function stored(): Promise<Secret & { readonly text: (key: string) => string }> {
  const place = { namespace: 'system', name: 'kgateway-xds-cert' }
  const secret = await client.get({ group: '', version: 'v1', plural: 'secrets', namespaced: true }, place)
  if (secret === undefined) throw new Error('there is no Secret')
  // What is stored under Secrets is one.
  const { data = {} } = secret as Secret
  return { ...secret, data, text: (key) => Buffer.from(data[key] ?? '', 'base64').toString() }
}

const period = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2035-01-01T00:00:00Z') }

function authority(commonName = 'theirs', more: { readonly keys?: Keys; readonly issuer?: Authority } = {}) {
  const pair = newAuthority({ commonName, ...more }, period)
  const signer = {
    certificate: new X509Certificate(pair.certificate),
    privateKey: createPrivateKey(pair.privateKey),
  }
  return { ...pair, signer }
}

function served(): X509Certificate {
  return new X509Certificate(pairs.at(-1)?.certificate ?? '')
}

describe('the authority', () => {
  test('is made when there is none, and signs a certificate for all names', async () => {
    await open()
    const secret = await stored()
    expect(secret).toMatchObject({ type: 'Opaque', metadata: { name: 'kgateway-xds-cert', namespace: 'system' } })
    expect(Object.keys(secret.data ?? {})).toEqual(['ca.crt', 'ca.key'])
    expect([secret.metadata.labels, secret.metadata.ownerReferences]).toEqual([undefined, undefined])
    const ca = new X509Certificate(secret.text('ca.crt'))
    expect(ca).toMatchObject({
      ...{ ca: true, subject: 'CN=agw-xds-ca', validFrom: 'Dec 31 23:00:00 2025 GMT' },
      validTo: 'Dec 30 00:00:00 2035 GMT',
    })
    expect(secret.text('ca.key')).toContain('BEGIN PRIVATE KEY')
    expect(served()).toMatchObject({
      ...{ ca: false, subject: 'CN=agw-xds-server', issuer: 'CN=agw-xds-ca' },
      ...{ validFrom: 'Dec 31 23:00:00 2025 GMT', validTo: 'Jan  2 00:00:00 2026 GMT' },
      subjectAltName: 'DNS:agentgateway.system, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1',
      keyUsage: ['1.3.6.1.5.5.7.3.1'],
    })
    expect(served().verify(ca.publicKey)).toBe(true)
  })

  test('is that of the replica that was faster', async () => {
    const theirs = authority()
    store({ 'ca.crt': theirs.certificate, 'ca.key': theirs.privateKey })
    api.faults.push({ matches: /^GET .*kgateway-xds-cert/, code: 404, times: 1 })
    await open()
    expect(api.requests.some((request) => request.startsWith('POST'))).toBe(true)
    expect(served().verify(theirs.signer.certificate.publicKey)).toBe(true)
  })

  test('is waited for while the API server does not answer', async () => {
    api.faults.push({ matches: /kgateway-xds-cert/, code: 503, times: 3 })
    void open()
    await until(() => pairs.length > 0, 100)
    expect(said.filter((message) => message.includes('cannot be read or made'))).toHaveLength(3)
  })

  test.each<[string, Keys]>([
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])('may have a key of the kind %s', async (_, keys) => {
    const theirs = authority('theirs', { keys })
    const type = keys.privateKey.asymmetricKeyType
    const older = type === 'rsa' ? 'pkcs1' : type === 'ec' ? 'sec1' : 'pkcs8'
    // These are the old formats of these keys.
    const key = keys.privateKey.export({ type: older as 'pkcs8', format: 'pem' })
    store({ 'ca.crt': theirs.certificate, 'ca.key': String(key) })
    await open()
    expect(served().checkIssued(theirs.signer.certificate)).toBe(true)
    expect(served().verify(keys.publicKey)).toBe(true)
  })

  test('may be in tls.crt, and what links it to its root is shown to clients', async () => {
    const root = authority('root')
    const between = authority('between', { issuer: root.signer })
    store({ 'ca.crt': root.certificate, 'tls.crt': between.certificate, 'tls.key': between.privateKey })
    await open()
    const chain = pairs.at(-1)?.certificate.match(/BEGIN CERTIFICATE/g)
    expect([served().issuer, chain?.length]).toEqual(['CN=between', 2])
    expect(pairs.at(-1)?.certificate).toContain(between.certificate)
  })

  test('is found beside an older one while authorities change', async () => {
    const [older, newer] = [authority('older'), authority('newer')]
    store({ 'ca.crt': older.certificate + newer.certificate, 'ca.key': newer.privateKey })
    await open()
    expect(served().issuer).toBe('CN=newer')
  })
})

test('a certificate that somebody else issued is served as it is', async () => {
  const theirs = authority()
  const serving = issueServing(theirs.signer, { commonName: 'own', hosts: ['somewhere'] }, period)
  store({ 'ca.crt': theirs.certificate, 'tls.crt': serving.certificate, 'tls.key': serving.privateKey })
  await open()
  expect(pairs).toEqual([serving])
})

const theirs = authority()
const other = authority()
const plain = issueCertificate('not an authority')
test.each<[string, Readonly<Record<string, string>>]>([
  ['it has neither ca.crt and ca.key nor tls.crt and tls.key', {}],
  ['it has neither ca.crt and ca.key nor tls.crt and tls.key', { 'ca.crt': theirs.certificate }],
  ['tls.crt is there, but tls.key is not', { 'tls.crt': plain.certificate }],
  ['tls.key is there, but tls.crt is not', { 'tls.key': plain.privateKey }],
  ['tls.crt is not an authority', { 'tls.crt': plain.certificate, 'tls.key': plain.privateKey }],
  ['ca.crt holds no certificate', { 'ca.crt': 'nonsense', 'ca.key': theirs.privateKey }],
  ['ca.key holds no private key', { 'ca.crt': theirs.certificate, 'ca.key': 'nonsense' }],
  ['ca.key is not the key of ca.crt', { 'ca.crt': theirs.certificate, 'ca.key': other.privateKey }],
  ['ca.crt is no authority', { 'ca.crt': plain.certificate, 'ca.key': plain.privateKey }],
  ['tls.key is not the key of tls.crt', { 'ca.crt': 'x', 'tls.crt': plain.certificate, 'tls.key': theirs.privateKey }],
])('a Secret of which is to be said that %s ends the start', async (flaw, data) => {
  store(data)
  await expect(open()).rejects.toThrow(`Secret ${KEY} cannot secure xDS: ${flaw}`)
})

describe('while serving', () => {
  test('a certificate is renewed when twelve hours of it remain', async () => {
    await open()
    time.advance(12 * HOUR - 60_000)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(pairs).toHaveLength(1)
    await until(() => pairs.length === 2, 1_000)
    expect(Date.parse(served().validTo) - time.date().getTime()).toBeGreaterThan(23 * HOUR)
    const ca = new X509Certificate((await stored()).text('ca.crt'))
    expect(served().verify(ca.publicKey)).toBe(true)
  })

  test('a new authority is taken up, one that is no good is not', async () => {
    store({ 'ca.crt': theirs.certificate, 'ca.key': theirs.privateKey })
    await open()
    await until(() => api.requests.some((request) => request.includes('watch=1')))
    store({ 'ca.crt': theirs.certificate, 'ca.key': other.privateKey })
    await until(() => said.some((message) => message.includes('the last good certificate is served')))
    expect(pairs).toHaveLength(1)
    const newer = authority('newer')
    store({ 'ca.crt': newer.certificate, 'ca.key': newer.privateKey })
    await until(() => pairs.length === 2)
    expect(served().issuer).toBe('CN=newer')
  })

  test('a deleted authority is replaced by a new one', async () => {
    store({ 'ca.crt': theirs.certificate, 'ca.key': theirs.privateKey })
    await open()
    await until(() => api.requests.some((request) => request.includes('watch=1')))
    api.delete(SECRETS, KEY)
    await until(() => pairs.length === 2, 100)
    expect(served().issuer).toBe('CN=agw-xds-ca')
    expect((await stored()).text('ca.crt')).not.toBe(theirs.certificate)
  })
})

test('the certificate is good for every name of the Service, or for the host that is set, and for what is added', () => {
  const address = { serviceName: 'agw', namespace: 'ns', clusterDomain: 'cluster.local' }
  expect(xdsHosts({ ...address, serviceHost: '', additionalHosts: ['x.example', '1.2.3.4'] })).toEqual([
    ...['agw.ns', 'agw.ns.svc', 'agw.ns.svc.cluster.local', 'x.example', '1.2.3.4'],
  ])
  expect(xdsHosts({ ...address, serviceHost: 'host', additionalHosts: [] })).toEqual(['host'])
})

import { expect, test } from 'vitest'
import { issueCertificate } from '../../test/certificates.ts'
import { keyPairProblem, readCertificates } from './pem.ts'

const one = issueCertificate('one.example')
const other = issueCertificate('other.example')
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const problem = (certificate: string, privateKey: string) => keyPairProblem(bytes(certificate), bytes(privateKey))

test('a certificate and its key are a pair, whatever stands around and after them', () => {
  expect(problem(one.certificate, one.privateKey)).toBeUndefined()
  expect(problem(`# chain\n${one.certificate}${other.certificate}`, `text\n${one.privateKey}`)).toBeUndefined()
})

test('a pair that is none is told apart', () => {
  expect(problem(one.certificate, other.privateKey)).toBe('the private key does not match the certificate')
  expect(problem('none', one.privateKey)).toBe('tls.crt holds no PEM certificate')
  expect(problem(one.certificate, one.certificate)).toBe('tls.key holds no PEM private key')
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  expect(problem(broken, one.privateKey)).toBe('the certificate in tls.crt cannot be parsed')
  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'
  expect(problem(one.certificate, key)).toBe('the private key in tls.key cannot be parsed')
})

test('keys that proxies cannot use are refused', () => {
  const old = issueCertificate('a.example', 'secp224r1')
  expect(problem(old.certificate, old.privateKey)).toBe('keys of type secp224r1 are not supported')
  const foreign = issueCertificate('a.example', 'secp256k1')
  expect(problem(foreign.certificate, foreign.privateKey)).toBe('the certificate in tls.crt cannot be parsed')
  expect(readCertificates(`${old.certificate}${foreign.certificate}`)).toEqual({
    certificates: [old.certificate],
    malformed: 1,
  })
})

test('a block with headers is no certificate of a bundle', () => {
  const encrypted = one.certificate.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')
  expect(readCertificates(`${encrypted}${other.certificate}`)).toEqual({
    certificates: [other.certificate],
    malformed: 0,
  })
})

test('the same question has the same answer the second time', () => {
  expect(problem(one.certificate, other.privateKey)).toBe(problem(one.certificate, other.privateKey))
})

test('a bundle yields its certificates without the text between them', () => {
  const bundle = `first\n${one.certificate}\nsecond\n${other.certificate}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`
  expect(readCertificates(bundle)).toEqual({ certificates: [one.certificate, other.certificate], malformed: 1 })
  expect(readCertificates('nothing')).toEqual({ certificates: [], malformed: 0 })
})

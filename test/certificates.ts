// Issues self-signed certificates for tests, so that no key lies in the repository and none expires there.
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto'

/** A key pair as PEM texts. */
export interface IssuedPair {
  readonly certificate: string
  readonly privateKey: string
}

/** A self-signed EC certificate for a common name, valid from 2020 to 2049. */
export function issueCertificate(commonName: string, namedCurve = 'P-256'): IssuedPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName)))))
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')))
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const body = sequence(der(0x02, Buffer.from([1])), ecdsaWithSha256, name, validity, name, key)
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  const certificate = new X509Certificate(sequence(body, ecdsaWithSha256, signature))
  return {
    certificate: certificate.toString(),
    // A PEM export is a text.
    privateKey: privateKey.export({ type: 'sec1', format: 'pem' }) as string,
  }
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...header]), content])
}

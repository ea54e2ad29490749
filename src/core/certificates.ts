// PEM material as users store it: CA bundles brought to one form, and whether a certificate and a key belong together.
// What an unusable one means for traffic and status is decided where it is used.
import { createPrivateKey, X509Certificate } from 'node:crypto'

const BLOCK = /-----BEGIN ([^-]+)-----\r?\n([\s\S]*?)-----END \1-----/g

interface PemBlock {
  readonly type: string
  readonly text: string
  readonly body: string
}

function blocksOf(pem: string): readonly PemBlock[] {
  return [...pem.matchAll(BLOCK)].map((match) => ({ text: match[0], type: match[1] ?? '', body: match[2] ?? '' }))
}

/** What a CA bundle came to: its certificates and nothing else, or why there is none. */
export type Bundle = { readonly pem: string } | { readonly error: string }

/** The certificates of a PEM text in the one form that is sent and hashed; everything else in it is dropped. */
export function normaliseBundle(pem: string): Bundle {
  const certificates: string[] = []
  // A block with headers (`Proc-Type: …`) is not a plain certificate.
  for (const { type, text, body } of blocksOf(pem)) {
    if (type !== 'CERTIFICATE' || body.includes(':')) continue
    try {
      const base64 = new X509Certificate(text).raw.toString('base64')
      const lines = base64.match(/.{1,64}/g) ?? []
      certificates.push(`-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`)
    } catch {
      return { error: 'x509: malformed certificate' }
    }
  }
  return certificates.length > 0
    ? { pem: certificates.join('') }
    : { error: 'data does not contain any valid RSA or ECDSA certificates' }
}

/** Why a certificate chain and a private key cannot be used together; undefined when they can. */
export function keyPairError(certificate: string, key: string): string | undefined {
  const blocks = blocksOf(certificate)
  const leaf = blocks.find(({ type }) => type === 'CERTIFICATE')
  if (leaf === undefined) {
    return blocks.length === 0
      ? 'tls: failed to find any PEM data in certificate input'
      : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${blocks.map(({ type }) => type).join(' ')}]`
  }
  const keys = blocksOf(key)
  if (keys.length === 0) return 'tls: failed to find any PEM data in key input'
  const first = keys.find(({ type }) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'))
  if (first === undefined) {
    return keys.length === 1 && keys[0]?.type === 'CERTIFICATE'
      ? 'tls: found a certificate rather than a key in the PEM for the private key'
      : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keys.map(({ type }) => type).join(' ')}]`
  }
  try {
    const parsed = new X509Certificate(leaf.text)
    const privateKey = privateKeyOf(first.text)
    if (privateKey === undefined) return 'tls: failed to parse private key'
    return parsed.checkPrivateKey(privateKey) ? undefined : 'tls: private key does not match public key'
  } catch {
    return 'x509: malformed certificate'
  }
}

function privateKeyOf(pem: string) {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

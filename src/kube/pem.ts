// PEM and X.509, as far as translation must know them: whether a certificate and key are a pair, and which certificates
// a bundle holds. Expiry and trust are the proxy's to judge. Parsing is slow and Secrets recur, so results are kept by
// content, a bounded number of them.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'

/** The certificates of a PEM bundle. */
export interface CertificateBundle {
  /** Certificates that parse, each re-encoded as PEM without surrounding text, in order. */
  readonly certificates: readonly string[]
  /** How many CERTIFICATE blocks do not parse. */
  readonly malformed: number
}

const KEPT = 4096

/** Why a PEM certificate chain and a PEM private key are not a usable pair; undefined when they are. */
export function keyPairProblem(certificate: Uint8Array, privateKey: Uint8Array): string | undefined {
  return pairs(digest(certificate, privateKey), () => checkPair(text(certificate), text(privateKey)))
}

/** Reads every certificate of a PEM text; other blocks, those with headers, and text between blocks are skipped. */
export function readCertificates(pem: string): CertificateBundle {
  return bundles(digest(Buffer.from(pem)), () => {
    const certificates: string[] = []
    let malformed = 0
    for (const block of blocks(pem, (label) => label === 'CERTIFICATE')) {
      if (block.includes(':')) continue
      const parsed = parseCertificate(block)
      if (parsed === undefined) malformed++
      else certificates.push(encodeCertificate(parsed))
    }
    return { certificates, malformed }
  })
}

const pairs = memo<string | undefined>()
const bundles = memo<CertificateBundle>()

function checkPair(certificate: string, privateKey: string): string | undefined {
  const [leaf] = blocks(certificate, (label) => label === 'CERTIFICATE')
  if (leaf === undefined) return 'tls.crt holds no PEM certificate'
  const [key] = blocks(privateKey, (label) => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY'))
  if (key === undefined) return 'tls.key holds no PEM private key'
  const parsed = parseCertificate(leaf)
  if (parsed === undefined) return 'the certificate in tls.crt cannot be parsed'
  const kind = keyKind(parsed)
  if (!SUPPORTED_KEYS.has(kind)) return `keys of type ${kind} are not supported`
  try {
    return parsed.checkPrivateKey(createPrivateKey(key)) ? undefined : 'the private key does not match the certificate'
  } catch {
    return 'the private key in tls.key cannot be parsed'
  }
}

// What proxies can use for a handshake.
const SUPPORTED_KEYS = new Set(['rsa', 'ed25519', 'prime256v1', 'secp384r1', 'secp521r1'])

function keyKind({ publicKey }: X509Certificate): string {
  return publicKey.asymmetricKeyDetails?.namedCurve ?? publicKey.asymmetricKeyType ?? 'unknown'
}

// Curves that are not TLS's make a certificate as unreadable as bad bytes do.
const CURVES = new Set([undefined, 'secp224r1', 'prime256v1', 'secp384r1', 'secp521r1'])

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    const parsed = new X509Certificate(pem)
    return CURVES.has(parsed.publicKey.asymmetricKeyDetails?.namedCurve) ? parsed : undefined
  } catch {
    return undefined
  }
}

function encodeCertificate(certificate: X509Certificate): string {
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function blocks(pem: string, isWanted: (label: string) => boolean): readonly string[] {
  const found: string[] = []
  for (const match of pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)) {
    if (isWanted(match[1] ?? '')) found.push(match[0])
  }
  return found
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function digest(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.byteLength}:`).update(part)
  return hash.digest('base64')
}

function memo<T>(): (key: string, compute: () => T) => T {
  const kept = new Map<string, T>()
  return (key, compute) => {
    if (kept.has(key)) {
      // `has` has just said that the value, undefined included, is there.
      return kept.get(key) as T
    }
    const value = compute()
    const [oldest] = kept.keys()
    if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(key, value)
    return value
  }
}

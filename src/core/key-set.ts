// Whether a text is a JSON web key set with which tokens can be checked. Strict: one key that cannot be used makes the
// whole set unusable, so that a slip is seen before a key is rotated in. What follows from that is the caller's.
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'

interface Key {
  readonly [member: string]: unknown
}

const COORDINATE_BYTES: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

/** Why a text is not a usable key set; undefined when it is one. */
export function keySetError(text: string): string | undefined {
  let set: unknown
  try {
    set = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (!isKey(set)) return 'not a JSON object'
  const { keys } = set
  if (keys === undefined || keys === null) return undefined
  if (!Array.isArray(keys)) return 'keys is not a list'
  for (const [i, key] of keys.entries()) {
    const error = isKey(key) ? keyError(key) : 'not an object'
    if (error !== undefined) return `keys[${i}]: ${error}`
  }
  return undefined
}

function isKey(value: unknown): value is Key {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bytes(key: Key, member: string): Buffer | undefined {
  const value = key[member]
  if (typeof value !== 'string' || value === '' || !/^[A-Za-z0-9_-]+$/.test(value)) return undefined
  return Buffer.from(value, 'base64url')
}

function keyError(key: Key): string | undefined {
  return materialError(key) ?? certificateError(key)
}

function materialError(key: Key): string | undefined {
  switch (key.kty) {
    case 'RSA':
      return bytes(key, 'n') === undefined || bytes(key, 'e') === undefined ? 'RSA key without n and e' : undefined
    case 'EC': {
      const size = COORDINATE_BYTES[String(key.crv)]
      if (size === undefined) return `unsupported curve "${String(key.crv)}"`
      const isSized = ['x', 'y'].every((member) => bytes(key, member)?.length === size)
      return isSized ? publicKeyError({ kty: 'EC', crv: key.crv, x: key.x, y: key.y }) : 'EC key without x and y'
    }
    case 'OKP':
      if (key.crv !== 'Ed25519') return `unsupported curve "${String(key.crv)}"`
      return bytes(key, 'x')?.length === 32 ? undefined : 'OKP key without x'
    case 'oct':
      return bytes(key, 'k') === undefined ? 'symmetric key without k' : undefined
    default:
      return `unknown key type "${String(key.kty ?? '')}"`
  }
}

function publicKeyError(key: Readonly<Record<string, unknown>>): string | undefined {
  try {
    createPublicKey({ key, format: 'jwk' })
    return undefined
  } catch {
    return 'the point is not on its curve'
  }
}

function certificateError(key: Key): string | undefined {
  const { x5c } = key
  let leaf: X509Certificate | undefined
  if (x5c !== undefined && x5c !== null) {
    if (!Array.isArray(x5c)) return 'x5c is not a list'
    try {
      const chain = x5c.map((each) => new X509Certificate(Buffer.from(String(each), 'base64')))
      leaf = chain[0]
    } catch {
      return 'x5c is not a chain of certificates'
    }
  }
  if (leaf !== undefined && !isOf(leaf, key)) return 'x5c is the certificate of another key'
  for (const [member, algorithm, size] of [
    ['x5t', 'sha1', 20],
    ['x5t#S256', 'sha256', 32],
  ] as const) {
    if (key[member] === undefined || key[member] === '') continue
    const thumbprint = bytes(key, member)
    if (thumbprint?.length !== size) return `${member} is not a thumbprint`
    if (leaf !== undefined && !createHash(algorithm).update(leaf.raw).digest().equals(thumbprint)) {
      return `${member} is the thumbprint of another certificate`
    }
  }
  return undefined
}

function isOf(certificate: X509Certificate, key: Key): boolean {
  const own = certificate.publicKey.export({ format: 'jwk' })
  return own.kty === key.kty && (['n', 'e', 'crv', 'x', 'y'] as const).every((member) => own[member] === key[member])
}

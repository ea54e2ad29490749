// Issues JSON Web Tokens for tests, with a key that nobody else has.
import { createSign, generateKeyPairSync } from 'node:crypto'

/** Somebody whose tokens can be checked. */
export interface TokenIssuer {
  /** The public key as a JWKS. */
  readonly keySet: { readonly keys: readonly object[] }
  /** A token with these claims, signed. */
  token(claims: object): string
}

/** An issuer with a new RSA key. */
export function tokenIssuer(): TokenIssuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return {
    keySet: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] },
    token: (claims) => {
      const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: 'k1' })}.${part(claims)}`
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`
    },
  }
}

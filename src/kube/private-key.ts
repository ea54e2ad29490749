// Private keys in PEM, as far as translation must know them: whether one can be read, and of what kind it is.
import { createPrivateKey, type KeyObject } from 'node:crypto'

/** Why a key cannot sign by an algorithm of JSON web tokens; undefined when it can. */
export function signingKeyProblem(pem: string, algorithm: string): string | undefined {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    return 'it is not a private key in PEM'
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  switch (algorithm) {
    case 'ES256':
      return details?.namedCurve === 'prime256v1' ? undefined : 'ES256 needs a key of the curve P-256'
    case 'ES384':
      return details?.namedCurve === 'secp384r1' ? undefined : 'ES384 needs a key of the curve P-384'
    default:
      return type === 'rsa' ? undefined : `${algorithm} needs an RSA key`
  }
}

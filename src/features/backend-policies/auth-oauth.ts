// What OAuth exchanges have in common: how the proxy proves to a server who it is, names of token types, the cache.
import type { Static } from 'typebox'
import { type Outcome, ok, type Problem } from '../../core/problem.ts'
import { signingKeyProblem } from '../../kube/private-key.ts'
import { bothOrNeither, Doc, Enum, Int32, Obj, Opt, rule, Str } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecretText } from '../shared/credentials.ts'
import { wireDuration } from '../shared/durations.ts'
import { flaw, flawed, outcome, take } from '../shared/flaws.ts'
import { duration, isSignatureAlgorithm, secretKeyRef, signatureAlgorithm } from '../shared/refs.ts'

type TokenExchange = NonNullable<BackendAuthPolicy['oauthTokenExchange']>
/** How the proxy authenticates at a token endpoint. */
export type WireClientAuth = NonNullable<TokenExchange['clientAuth']>
type WirePrivateKeyJwt = NonNullable<WireClientAuth['privateKeyJwt']>
/** How long tokens are kept. */
export type WireTokenCache = NonNullable<TokenExchange['cache']>

const privateKeyJwt = Obj(
  {
    alg: Opt(Doc('Algorithm of the signature; RS256 by default.', signatureAlgorithm)),
    assertionAudience: Doc('Audience of the assertion.', Str({ minLength: 1 })),
    certificateHeader: Opt(Doc('Header of the assertion that carries the certificate.', Enum(['x5c', 'x5t#S256']))),
    certificateRef: Opt(Doc('Secret with the certificate chain, under `certificate` by default.', secretKeyRef)),
    kid: Opt(Doc('Name of the key in the header of the assertion.', Str())),
    signingKeyRef: Doc('Secret with the private key in PEM, under `signingKey` by default.', secretKeyRef),
  },
  bothOrNeither('certificateRef', 'certificateHeader', 'certificateRef and certificateHeader must be set together'),
)

/** `clientAuth`: how the proxy proves who it is. */
export const clientAuth = Obj(
  {
    clientId: Doc('Id of the client.', Str({ minLength: 1 })),
    method: Opt(
      Doc(
        'How the proxy authenticates; ClientSecretBasic by default.',
        Enum(['ClientSecretBasic', 'ClientSecretPost', 'PrivateKeyJwt']),
      ),
    ),
    privateKeyJwt: Opt(Doc('Settings of the method PrivateKeyJwt.', privateKeyJwt)),
    secretRef: Opt(Doc('Secret with the secret of the client, under `clientSecret` by default.', secretKeyRef)),
  },
  rule(
    "has(self.privateKeyJwt) == (has(self.method) && self.method == 'PrivateKeyJwt')",
    'privateKeyJwt settings require method PrivateKeyJwt',
  ),
  rule(
    "!has(self.secretRef) || !has(self.method) || self.method != 'PrivateKeyJwt'",
    'secretRef is not valid with method PrivateKeyJwt',
  ),
  rule(
    "has(self.secretRef) || has(self.privateKeyJwt) || (has(self.method) && self.method == 'ClientSecretPost')",
    'clientAuth without secretRef requires method ClientSecretPost or PrivateKeyJwt',
  ),
)

/** `cache`: keeping tokens. */
export const tokenCache = Obj({
  inMemory: Opt(
    Doc(
      'Keep tokens in the memory of the proxy.',
      Obj({
        defaultTtl: Opt(
          Doc(
            'How long a token without stated lifetime is kept; 5 minutes by default.',
            duration('1s', 'defaultTtl must be at least 1 second'),
          ),
        ),
        maxEntries: Opt(Doc('How many tokens are kept; 8192 by default, and 0 keeps none.', Int32())),
      }),
    ),
  ),
})

/** What a list of strings in an OAuth request looks like in the API. */
export const TOKEN_TYPES = {
  AccessToken: 'urn:ietf:params:oauth:token-type:access_token',
  Jwt: 'urn:ietf:params:oauth:token-type:jwt',
  IdToken: 'urn:ietf:params:oauth:token-type:id_token',
  IdJag: 'urn:ietf:params:oauth:token-type:id-jag',
} as const

/** The URI of a token type that is given by a short name or by itself; `what` begins the message. */
export function tokenType(text: string | undefined, path: string, what: string): Outcome<string> {
  if (text === undefined || text === '') return ok('')
  for (const [name, uri] of Object.entries(TOKEN_TYPES)) if (text === name) return ok(uri)
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^#\s]+$/.test(text)
    ? ok(text)
    : flawed(path, `${what} "${text}" must be a built-in token type or an absolute URI without a fragment`)
}

/** The cache on the wire. */
export function wireTokenCache(cache: Static<typeof tokenCache> | undefined): WireTokenCache | undefined {
  if (cache === undefined) return undefined
  const { inMemory } = cache
  return inMemory === undefined
    ? {}
    : { inMemory: { maxEntries: inMemory.maxEntries, defaultTtl: wireDuration(inMemory.defaultTtl) } }
}

const METHODS = {
  ClientSecretBasic: 'CLIENT_SECRET_BASIC',
  ClientSecretPost: 'CLIENT_SECRET_POST',
  PrivateKeyJwt: 'PRIVATE_KEY_JWT',
} as const

/** Client authentication on the wire, as complete as it can be made. */
export function translateClientAuth(
  spec: Static<typeof clientAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<WireClientAuth> {
  const { clientId, method, secretRef } = spec
  const complain = (text: string) => flaw(path, `oauth clientAuth ${text}`)
  const problems: Problem[] = []
  const value: WireClientAuth = { clientId, method: method && METHODS[method] }
  if (!clientId) problems.push(complain('clientId must not be empty'))
  if (spec.privateKeyJwt !== undefined) {
    if (secretRef !== undefined) problems.push(complain('secretRef is not valid with privateKeyJwt'))
    if (method !== 'PrivateKeyJwt') problems.push(complain('privateKeyJwt requires method PrivateKeyJwt'))
    value.privateKeyJwt = take(translatePrivateKeyJwt(spec.privateKeyJwt, ctx, `${path}.privateKeyJwt`), problems)
  } else if (method === 'PrivateKeyJwt') {
    problems.push(complain('method PrivateKeyJwt requires privateKeyJwt settings'))
  } else if (secretRef === undefined && method !== 'ClientSecretPost') {
    problems.push(complain('without secretRef requires method ClientSecretPost or PrivateKeyJwt'))
  }
  if (secretRef !== undefined) {
    const source = { ref: secretRef, fallbackKey: 'clientSecret' }
    value.clientSecret = take(resolveSecretText(source, ctx, `${path}.secretRef`), problems) ?? ''
  }
  return outcome(value, problems)
}

function translatePrivateKeyJwt(
  spec: Static<typeof privateKeyJwt>,
  ctx: FeatureContext,
  path: string,
): Outcome<WirePrivateKeyJwt> {
  const { alg, kid, assertionAudience, certificateRef, certificateHeader } = spec
  const problems: Problem[] = []
  if (alg !== undefined && !isSignatureAlgorithm(alg))
    problems.push(flaw(`${path}.alg`, `oauth clientAuth privateKeyJwt alg "${alg}" is not known`))
  if (!assertionAudience) {
    problems.push(flaw(path, 'oauth clientAuth privateKeyJwt assertionAudience must not be empty'))
  }
  if ((certificateRef === undefined) !== (certificateHeader === undefined)) {
    const text = 'oauth clientAuth privateKeyJwt certificateRef and certificateHeader must be set together'
    problems.push(flaw(path, text))
  }
  const key = { ref: spec.signingKeyRef, fallbackKey: 'signingKey' }
  const value: WirePrivateKeyJwt = {
    signingKey: take(resolveSecretText(key, ctx, `${path}.signingKeyRef`), problems),
    alg: alg === undefined || isSignatureAlgorithm(alg) ? alg : undefined,
    kid,
    assertionAudience,
  }
  const unusable = value.signingKey && signingKeyProblem(value.signingKey, alg ?? 'RS256')
  if (unusable) {
    const text = `oauth clientAuth privateKeyJwt cannot sign with its key, and proxies refuse it: ${unusable}`
    problems.push({ ...flaw(`${path}.signingKeyRef`, text), severity: 'warning' })
  }
  if (certificateRef !== undefined) {
    const certificate = { ref: certificateRef, fallbackKey: 'certificate' }
    value.certificate = take(resolveSecretText(certificate, ctx, `${path}.certificateRef`), problems)
  }
  if (certificateHeader === 'x5c') value.certificateHeader = 'X5C'
  if (certificateHeader === 'x5t#S256') value.certificateHeader = 'X5T_S256'
  return outcome(value, problems)
}

// Token exchange with an authorization server. Client secrets are redacted; certificates are public and printed.
import { createHash, X509Certificate } from 'node:crypto'
import type {
  CrossAppAccessAuth,
  CrossAppAccessAuthEndpoint,
  OAuthClientAuth,
  OAuthClientAuthPrivateKeyJwt,
  OAuthTokenExchange,
} from '../../wire/messages.ts'
import { signingAlgorithm } from './backend-auth.ts'
import { BEARER, location, referenceWithPolicies } from './references.ts'
import { REDACTED, type Rendered, some, text } from './values.ts'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'

/** The client's token is exchanged for another one. */
export function tokenExchange(exchange: OAuthTokenExchange): Rendered {
  const { subjectToken, actorToken } = exchange
  return {
    ...referenceWithPolicies(exchange.tokenEndpoint, exchange.inlinePolicies),
    path: text(exchange.tokenEndpointPath),
    grantType: exchange.grantType === 'JWT_BEARER' ? 'jwtBearer' : 'tokenExchange',
    subjectToken: {
      source: location(subjectToken?.source) ?? BEARER,
      tokenType: text(subjectToken?.tokenType) ?? ACCESS_TOKEN,
    },
    actorToken: actorToken
      ? {
          source: location(actorToken.source) ?? BEARER,
          tokenType: text(actorToken.tokenType) ?? ACCESS_TOKEN,
          enforceMayAct: actorToken.enforceMayAct ?? false,
        }
      : undefined,
    audiences: some(exchange.audiences),
    scopes: some(exchange.scopes),
    resources: some(exchange.resources),
    requestedTokenType: text(exchange.requestedTokenType),
    clientAuth: exchange.clientAuth ? clientAuth(exchange.clientAuth) : undefined,
    additionalParams: sortedMap(exchange.additionalParams),
    authorizationLocation: location(exchange.authorizationLocation) ?? BEARER,
  }
}

/** The same in two steps, across two authorization servers. */
export function crossAppAccess(access: CrossAppAccessAuth): Rendered {
  const scopes = access.scopes ?? []
  const later = access.accessTokenScopes?.values ?? (access.accessTokenScopes ? [] : undefined)
  const tokenType = text(access.subjectToken?.tokenType)
  return {
    identityProvider: endpoint(access.identityProvider ?? {}),
    resourceAuthorizationServer: endpoint(access.resourceAuthorizationServer ?? {}),
    audience: access.audience ?? '',
    resources: some(access.resources),
    scopes: some(scopes),
    accessTokenScopes: later === undefined || JSON.stringify(later) === JSON.stringify(scopes) ? undefined : later,
    subjectToken: {
      source: location(access.subjectToken?.source) ?? BEARER,
      tokenType: tokenType === ID_TOKEN ? undefined : tokenType,
    },
  }
}

function endpoint(given: CrossAppAccessAuthEndpoint): Rendered {
  return {
    ...referenceWithPolicies(given.tokenEndpoint, given.inlinePolicies),
    path: text(given.tokenEndpointPath),
    clientAuth: clientAuth(given.clientAuth ?? {}),
  }
}

function clientAuth({ clientId = '', clientSecret, method, privateKeyJwt }: OAuthClientAuth): Rendered {
  if (method === 'PRIVATE_KEY_JWT') return { clientId, method: 'privateKeyJwt', ...assertion(privateKeyJwt ?? {}) }
  const secret = clientSecret === undefined ? undefined : REDACTED
  if (method === 'CLIENT_SECRET_POST') return { clientId, method: 'clientSecretPost', clientSecret: secret }
  return { clientId, method: 'clientSecretBasic', clientSecret: REDACTED }
}

function assertion(jwt: OAuthClientAuthPrivateKeyJwt): Readonly<Record<string, Rendered>> {
  const chain = certificates(jwt.certificate ?? '')
  const [leaf] = chain
  const thumbprint = leaf === undefined ? undefined : createHash('sha256').update(leaf).digest('base64url')
  return {
    alg: signingAlgorithm(jwt.alg),
    kid: jwt.kid,
    x5c: jwt.certificateHeader === 'X5C' ? some(chain.map((der) => der.toString('base64'))) : undefined,
    'x5t#S256': jwt.certificateHeader === 'X5T_S256' ? thumbprint : undefined,
    assertionAudience: jwt.assertionAudience ?? '',
  }
}

function certificates(pem: string): readonly Buffer[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)].flatMap(([block]) => {
    try {
      return [new X509Certificate(block).raw]
    } catch {
      return []
    }
  })
}

function sortedMap(map: Readonly<Record<string, string>> | undefined): Rendered {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

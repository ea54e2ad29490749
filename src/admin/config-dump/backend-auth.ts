// How the proxy proves itself to a backend. Keys, tokens and cloud credentials are redacted; what they are for is not.
import { createPrivateKey } from 'node:crypto'
import type { Aws, AwsAssumeRole, Azure, BackendAuthPolicy, Gcp, JwtSign } from '../../wire/messages.ts'
import { crossAppAccess, tokenExchange } from './oauth.ts'
import { location } from './references.ts'
import { durationText, jsonOf, REDACTED, type Rendered, some, text } from './values.ts'

/** One kind of credentials, and possibly further ones beside it. */
export function backendAuth(auth: BackendAuthPolicy): Rendered {
  const credentials = (auth.credentials ?? []).map((credential) => ({
    location: location(credential.location),
    key: REDACTED,
  }))
  return { ...kind(auth), credentials: some(credentials) }
}

function kind(auth: BackendAuthPolicy): Readonly<Record<string, Rendered>> {
  if (auth.passthrough) return { passthrough: { location: location(auth.passthrough.authorizationLocation) } }
  if (auth.key) return { key: { value: REDACTED, location: location(auth.key.authorizationLocation) } }
  if (auth.gcp) return { gcp: gcp(auth.gcp) }
  if (auth.aws) return { aws: aws(auth.aws) }
  if (auth.azure) return { azure: azure(auth.azure) }
  if (auth.oauthTokenExchange) return { oauthTokenExchange: tokenExchange(auth.oauthTokenExchange) }
  if (auth.crossAppAccess) return { crossAppAccess: crossAppAccess(auth.crossAppAccess) }
  if (auth.jwtSign) return { jwtSign: jwtSign(auth.jwtSign) }
  return {}
}

function gcp({ idToken, credential }: Gcp): Rendered {
  const secret = credential === undefined ? undefined : REDACTED
  return idToken
    ? { type: 'idToken', audience: idToken.audience ?? null, credential: secret }
    : { type: 'accessToken', credential: secret }
}

function aws({ explicitConfig: explicit, serviceName, region, assumeRole }: Aws): Rendered {
  if (!explicit) {
    return { serviceName: text(serviceName), region: text(region), assumeRole: assumeRole && role(assumeRole) }
  }
  return {
    accessKeyId: REDACTED,
    secretAccessKey: REDACTED,
    region: text(explicit.region) ?? text(region) ?? null,
    sessionToken: explicit.sessionToken === undefined ? undefined : REDACTED,
    serviceName: text(serviceName),
  }
}

function role({ roleArn = '', sessionName, sessionNameExpression, tags = [] }: AwsAssumeRole): Rendered {
  const sorted = tags.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
  const isDynamic = (tag: (typeof tags)[number]): boolean => text(tag.expression) !== undefined
  return {
    roleArn,
    sessionName:
      text(sessionName) ??
      (text(sessionNameExpression) === undefined ? undefined : { expression: sessionNameExpression }),
    tags: some([
      ...sorted.filter((tag) => !isDynamic(tag)).map(({ key = '', value = '' }) => ({ key, value })),
      ...sorted.filter(isDynamic).map(({ key = '', expression }) => ({ key, expression })),
    ]),
  }
}

// Field names inside these variants are printed as the proxy's language spells them.
function azure({ explicitConfig: explicit, developerImplicit }: Azure): Rendered {
  if (!explicit) return developerImplicit ? { developerImplicit: {} } : { implicit: {} }
  if (explicit.clientSecret) {
    const { tenantId = '', clientId = '' } = explicit.clientSecret
    return { explicitConfig: { clientSecret: { tenant_id: tenantId, client_id: clientId, client_secret: REDACTED } } }
  }
  if (explicit.managedIdentityCredential) {
    const { id, clientId, objectId, resourceId } = explicit.managedIdentityCredential.userAssignedIdentity ?? {}
    const identity = id === undefined ? null : { [id]: { clientId, objectId, resourceId }[id] ?? '' }
    return { explicitConfig: { managedIdentity: { userAssignedIdentity: identity } } }
  }
  return { explicitConfig: { workloadIdentity: {} } }
}

function jwtSign(sign: JwtSign): Rendered {
  if (sign.translationError !== undefined) {
    return { translationError: sign.translationError.trim() === '' ? UNEXPLAINED : sign.translationError }
  }
  const algorithm = signingAlgorithm(sign.alg)
  const family = algorithm.startsWith('ES') ? 'EC' : 'RSA'
  if (!isPrivateKey(sign.signingKey ?? '', family)) {
    return { translationError: `failed to parse jwtSign signingKey: failed to load ${family} signing key` }
  }
  const claims = Object.entries(sign.claims ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    alg: algorithm,
    kid: sign.kid,
    claims: Object.fromEntries(claims.map(([name, value]) => [name, jsonOf(value)])),
    ttl: durationText(sign.ttl),
    location: location(sign.authorizationLocation),
  }
}

const UNEXPLAINED = 'jwtSign configuration is invalid'

/** The algorithm, or the one that is used when none is said. */
export function signingAlgorithm(algorithm: JwtSign['alg']): string {
  return algorithm === undefined || algorithm === 'JWT_SIGNING_ALG_UNSPECIFIED' ? 'RS256' : String(algorithm)
}

function isPrivateKey(pem: string, family: 'EC' | 'RSA'): boolean {
  try {
    return createPrivateKey(pem.trim()).asymmetricKeyType === family.toLowerCase()
  } catch {
    return false
  }
}

// How the proxy authenticates at a backend: one primary way, and fixed credentials beside it. An unchecked object may
// name several primary ways; the order here says which one counts.
import type { Static } from 'typebox'
import { nameKey } from '../../core/keys.ts'
import { type Outcome, ok, type Problem } from '../../core/problem.ts'
import { atMostOneOf, atomicList, Doc, Empty, items, List, Obj, Opt, rule, Str } from '../../schema/combinators.ts'
import type { BackendAuthPolicy, BackendPolicySpec } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { AUTHORIZATION, bearerToken, resolveSecret, resolveSecretText, secretText } from '../shared/credentials.ts'
import { endpointReferences } from '../shared/endpoints.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { flaw, outcome, prefixed, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { locationName, wireLocation } from '../shared/locations.ts'
import { location, secretKeyRef } from '../shared/refs.ts'
import { awsAuth, translateAws } from './auth-aws.ts'
import { azureAuth, translateAzure } from './auth-azure.ts'
import { crossAppAuth, translateCrossApp } from './auth-cross-app.ts'
import { gcpAuth, translateGcp } from './auth-gcp.ts'
import { jwtSignAuth, translateJwtSign } from './auth-jwt-sign.ts'
import { tokenExchangeAuth, translateTokenExchange } from './auth-token-exchange.ts'

/** The fields of authentication that the upstreams of prompt guards take, too. */
export const authFields = {
  aws: Opt(Doc('Sign requests with AWS credentials.', awsAuth)),
  gcp: Opt(Doc('Send a token of Google.', gcpAuth)),
  key: Opt(Doc('A key as it is sent; better kept in a Secret.', Str({ maxLength: 2048 }))),
  location: Opt(Doc('Where the credential is written; the Authorization header by default.', location)),
  secretRef: Opt(
    Doc('Secret with the key, under `Authorization` by default, with or without `Bearer `.', secretKeyRef),
  ),
}

const schema = Obj(
  {
    ...authFields,
    azure: Opt(Doc('Send a token of Microsoft Entra.', azureAuth)),
    credentials: Opt(
      Doc(
        'Fixed credentials besides the primary one.',
        List(
          Obj({
            location: Doc('Where the credential is written.', location),
            secretRef: Doc('Secret with the credential, under `Authorization` by default.', secretKeyRef),
          }),
          items(1, 8),
          atomicList,
        ),
      ),
    ),
    crossAppAccess: Opt(Doc("Get a token by way of the user's identity provider.", crossAppAuth)),
    jwtSign: Opt(Doc('Sign a token for each request.', jwtSignAuth)),
    oauthTokenExchange: Opt(Doc("Exchange the client's token for another one.", tokenExchangeAuth)),
    passthrough: Opt(Doc('Pass on the credential of the client once it has been checked.', Empty())),
  },
  rule(
    'has(self.credentials) || has(self.key) || has(self.secretRef) || has(self.passthrough) || has(self.aws) || has(self.azure) || has(self.gcp) || has(self.oauthTokenExchange) || has(self.crossAppAccess) || has(self.jwtSign)',
    'must specify credentials, or at most one of key/secretRef/passthrough/aws/azure/gcp/oauthTokenExchange/crossAppAccess/jwtSign (credentials may be combined with a primary auth kind)',
  ),
  rule(
    'has(self.location) ? has(self.key) || has(self.secretRef) || has(self.passthrough) : true',
    'location may only be set for key, secretRef, or passthrough auth',
  ),
  atMostOneOf(
    'key',
    'secretRef',
    'passthrough',
    'aws',
    'azure',
    'gcp',
    'oauthTokenExchange',
    'crossAppAccess',
    'jwtSign',
  ),
)

/** Authentication at a backend. */
export type BackendAuth = Static<typeof schema>

/** `auth`: how the proxy authenticates at the backend. */
export const auth = backendPolicyFeature({
  field: 'auth',
  base: 'backend/',
  suffix: 'backend-auth',
  schema,
  references: ({ oauthTokenExchange, crossAppAccess }, path) => [
    ...endpointReferences(oauthTokenExchange, `${path}.oauthTokenExchange`),
    ...endpointReferences(crossAppAccess?.identityProvider, `${path}.crossAppAccess.identityProvider`),
    ...endpointReferences(
      crossAppAccess?.resourceAuthorizationServer,
      `${path}.crossAppAccess.resourceAuthorizationServer`,
    ),
  ],
  translate: (spec, ctx, path): Outcome<BackendPolicySpec> => {
    const problems: Problem[] = []
    const primary = take(translatePrimary(spec, ctx, path), problems)
    const credentials = take(translateCredentials(spec, ctx, `${path}.credentials`), problems) ?? []
    if (primary === undefined && credentials.length === 0) return { value: undefined, problems }
    return outcome({ auth: { ...primary, credentials: [...credentials] } }, problems)
  },
})

function translatePrimary(spec: BackendAuth, ctx: FeatureContext, path: string): Outcome<BackendAuthPolicy> {
  const authorizationLocation = wireLocation(spec.location)
  if (spec.key) return ok({ key: { secret: spec.key, authorizationLocation } })
  if (spec.secretRef) {
    const source = { ref: spec.secretRef, fallbackKey: AUTHORIZATION }
    const { value: text, problems } = resolveSecretText(source, ctx, `${path}.secretRef`)
    const isToken = (spec.secretRef.key || AUTHORIZATION) === AUTHORIZATION
    const secret = text === undefined ? undefined : isToken ? bearerToken(text) : text
    return outcome({ key: { secret, authorizationLocation } }, problems)
  }
  if (spec.aws) return translateAws(spec.aws, ctx, `${path}.aws`)
  if (spec.azure) return translateAzure(spec.azure, ctx, `${path}.azure`)
  if (spec.gcp) return translateGcp(spec.gcp, ctx, `${path}.gcp`)
  if (spec.oauthTokenExchange) return translateTokenExchange(spec.oauthTokenExchange, ctx, `${path}.oauthTokenExchange`)
  if (spec.crossAppAccess) return translateCrossApp(spec.crossAppAccess, ctx, `${path}.crossAppAccess`)
  if (spec.jwtSign) return translateJwtSign(spec.jwtSign, ctx, `${path}.jwtSign`)
  if (spec.passthrough) return ok({ passthrough: { authorizationLocation } })
  return { value: undefined, problems: [] }
}

type Credential = NonNullable<BackendAuthPolicy['credentials']>[number]

function translateCredentials(spec: BackendAuth, ctx: FeatureContext, path: string): Outcome<readonly Credential[]> {
  const problems: Problem[] = []
  const value = itemsOf(spec.credentials).map(({ location: where, secretRef: ref }, i): Credential => {
    const at = `${path}[${i}].secretRef`
    const prefix = `backendAuth credential "${locationName(where)}": `
    const secret = take(prefixed(prefix, resolveSecret(ref ?? { name: '' }, ctx, at)), problems)
    const key = ref?.key || AUTHORIZATION
    const text = secret && secretText(secret, key)
    if (secret !== undefined && !text) {
      const name = nameKey(ctx.owner.namespace, ref.name)
      problems.push(flaw(at, `${prefix}secret ${name} missing key "${key}"`))
    }
    return { location: wireLocation(where), value: text }
  })
  return outcome(value, problems)
}

// Cross-app access: an identity provider turns the user's token into an assertion, and the authorization server of the
// resource turns the assertion into a token that the backend takes.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, items, List, Obj, Opt, rule, Str, without } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveEndpoint } from '../shared/endpoints.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { endpointChoice, endpointFields, extractLocation, shortString } from '../shared/refs.ts'
import { clientAuth, tokenCache, translateClientAuth, wireTokenCache } from './auth-oauth.ts'
import { endpointPath, translateToken } from './auth-token-exchange.ts'

const server = Obj(
  {
    ...endpointFields,
    clientAuth: Doc('How the proxy authenticates.', clientAuth),
    path: Opt(Doc('Path of the token endpoint; `/` by default.', Str({ pattern: '^/' }))),
  },
  without('url', 'path', 'path may not be set when url is set'),
  endpointChoice,
)
const strings = List(Str(), items(1, 64))

/** `crossAppAccess`: get a token by way of the user's identity provider. */
export const crossAppAuth = Obj({
  accessTokenScopes: Opt(
    Doc('Scopes of the final token; unset, `scopes`; an empty list asks for none.', List(Str(), { maxItems: 64 })),
  ),
  audience: Doc('Audience of the assertion.', shortString),
  cache: Opt(Doc('Keeping of tokens.', tokenCache)),
  identityProvider: Doc('Where the user has logged in.', server),
  resourceAuthorizationServer: Doc('Where tokens for the backend are issued.', server),
  resources: Opt(Doc('Resources to ask for.', strings)),
  scopes: Opt(Doc('Scopes to ask for.', strings)),
  subjectToken: Opt(
    Doc(
      "The user's token; the bearer token of the request by default.",
      Obj(
        {
          source: Opt(Doc('Where the token is read.', extractLocation)),
          tokenType: Opt(Doc('AccessToken, Jwt, IdToken, or a URI; IdToken by default.', Str())),
        },
        rule(
          "!has(self.tokenType) || (self.tokenType != 'IdJag' && self.tokenType != 'urn:ietf:params:oauth:token-type:id-jag')",
          'tokenType IdJag is not supported by crossAppAccess',
        ),
      ),
    ),
  ),
})

type CrossAppAccess = NonNullable<BackendAuthPolicy['crossAppAccess']>
type ServerField = 'identityProvider' | 'resourceAuthorizationServer'

/** Cross-app access on the wire, as complete as it can be made. */
export function translateCrossApp(
  spec: Static<typeof crossAppAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<BackendAuthPolicy> {
  const problems: Problem[] = []
  const translateServer = (field: ServerField) => take(wireServer(spec, field, { ctx, path }), problems)
  if (!spec.audience) problems.push(flaw(`${path}.audience`, 'crossAppAccess audience must not be empty'))
  const value: CrossAppAccess = {
    identityProvider: translateServer('identityProvider'),
    resourceAuthorizationServer: translateServer('resourceAuthorizationServer'),
    audience: spec.audience,
    resources: [...itemsOf(spec.resources)],
    scopes: [...itemsOf(spec.scopes)],
    cache: wireTokenCache(spec.cache),
  }
  if (spec.accessTokenScopes !== undefined) value.accessTokenScopes = { values: [...itemsOf(spec.accessTokenScopes)] }
  if (spec.subjectToken !== undefined) {
    value.subjectToken = take(
      translateToken(spec.subjectToken, `${path}.subjectToken`, 'crossAppAccess subjectToken'),
      problems,
    )
  }
  return outcome({ crossAppAccess: value }, problems)
}

function wireServer(
  spec: Static<typeof crossAppAuth>,
  field: ServerField,
  { ctx, path }: { readonly ctx: FeatureContext; readonly path: string },
): Outcome<NonNullable<CrossAppAccess[ServerField]>> {
  const at = `${path}.${field}`
  const problems: Problem[] = []
  const endpoint = take(resolveEndpoint(spec[field], ctx, at), problems)
  const value: NonNullable<CrossAppAccess[ServerField]> = {
    tokenEndpoint: endpoint?.reference,
    inlinePolicies: [...(endpoint?.inlinePolicies ?? [])],
    tokenEndpointPath: take(
      endpointPath(spec[field]?.path, endpoint?.path, `${at}.path`, `crossAppAccess.${field}`),
      problems,
    ),
  }
  const client = spec[field]?.clientAuth
  if (client !== undefined) value.clientAuth = take(translateClientAuth(client, ctx, `${at}.clientAuth`), problems)
  return outcome(value, problems)
}

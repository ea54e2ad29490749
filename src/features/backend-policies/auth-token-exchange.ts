// Exchanging the client's token for one that the backend takes (RFC 8693, or RFC 7523).
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, Enum, items, List, Obj, Opt, rule, Str, without } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveEndpoint } from '../shared/endpoints.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { entriesOf, itemsOf } from '../shared/lists.ts'
import { locationFlaws, wireLocation } from '../shared/locations.ts'
import {
  celMap,
  type ExtractLocation,
  endpointChoice,
  endpointFields,
  extractLocation,
  location,
  shortString,
} from '../shared/refs.ts'
import { clientAuth, TOKEN_TYPES, tokenCache, tokenType, translateClientAuth, wireTokenCache } from './auth-oauth.ts'

const strings = List(Str(), items(1, 64))

/** `oauthTokenExchange`: exchange the client's token. */
export const tokenExchangeAuth = Obj(
  {
    ...endpointFields,
    actorToken: Opt(
      Doc(
        'A token of who acts for the subject.',
        Obj(
          {
            mayAct: Opt(Doc('Whether the subject token must name the actor in `may_act`.', Enum(['Required']))),
            source: Doc('Where the token is read.', extractLocation),
            tokenType: Opt(Doc('AccessToken, Jwt, IdToken, IdJag, or a URI.', Str())),
          },
          rule(
            "!has(self.mayAct) || self.mayAct != 'Required' || (has(self.tokenType) && self.tokenType == 'Jwt')",
            'mayAct Required requires tokenType Jwt',
          ),
        ),
      ),
    ),
    additionalParams: Opt(Doc('Further parameters of the request, as CEL.', celMap)),
    audiences: Opt(Doc('Audiences to ask for.', List(shortString, items(1, 64)))),
    cache: Opt(Doc('Keeping of tokens.', tokenCache)),
    clientAuth: Opt(Doc('How the proxy authenticates; unset, it is a public client.', clientAuth)),
    grantType: Opt(Doc('How tokens are exchanged; TokenExchange by default.', Enum(['TokenExchange', 'JwtBearer']))),
    location: Opt(Doc('Where the new token is written; the Authorization header by default.', location)),
    path: Opt(Doc('Path of the token endpoint; `/` by default.', Str({ pattern: '^/' }))),
    requestedTokenType: Opt(Doc('Type of token to ask for.', Enum(['AccessToken', 'Jwt', 'IdToken', 'IdJag']))),
    resources: Opt(Doc('Resources to ask for.', strings)),
    scopes: Opt(Doc('Scopes to ask for.', strings)),
    subjectToken: Opt(
      Doc(
        'The token to exchange; the bearer token of the request by default.',
        Obj({
          source: Opt(Doc('Where the token is read.', extractLocation)),
          tokenType: Opt(Doc('AccessToken, Jwt, IdToken, IdJag, or a URI.', Str())),
        }),
      ),
    ),
  },
  rule(
    "!(has(self.actorToken) && has(self.grantType) && self.grantType == 'JwtBearer')",
    'actorToken is only valid with TokenExchange grantType',
  ),
  rule(
    "!(has(self.requestedTokenType) && has(self.grantType) && self.grantType == 'JwtBearer')",
    'requestedTokenType is only valid with TokenExchange grantType',
  ),
  rule(
    "!has(self.requestedTokenType) || self.requestedTokenType != 'IdJag'",
    'requestedTokenType IdJag is only supported by crossAppAccess',
  ),
  without('url', 'path', 'path may not be set when url is set'),
  endpointChoice,
)

type Spec = Static<typeof tokenExchangeAuth>
type TokenExchange = NonNullable<BackendAuthPolicy['oauthTokenExchange']>

const RESERVED = new Set(
  'grant_type subject_token subject_token_type actor_token actor_token_type assertion audience resource scope requested_token_type client_id client_secret client_assertion client_assertion_type'.split(
    ' ',
  ),
)

/** The token exchange on the wire, as complete as it can be made. */
export function translateTokenExchange(spec: Spec, ctx: FeatureContext, path: string): Outcome<BackendAuthPolicy> {
  const problems: Problem[] = []
  const endpoint = take(resolveEndpoint(spec, ctx, path), problems)
  const value: TokenExchange = {
    tokenEndpoint: endpoint?.reference,
    inlinePolicies: [...(endpoint?.inlinePolicies ?? [])],
    tokenEndpointPath: take(endpointPath(spec.path, endpoint?.path, `${path}.path`, 'oauthTokenExchange'), problems),
    audiences: [...itemsOf(spec.audiences)],
    scopes: [...itemsOf(spec.scopes)],
    resources: [...itemsOf(spec.resources)],
    additionalParams: Object.fromEntries(entriesOf(spec.additionalParams)),
    authorizationLocation: wireLocation(spec.location),
    cache: wireTokenCache(spec.cache),
  }
  if (spec.grantType === 'TokenExchange') value.grantType = 'TOKEN_EXCHANGE'
  if (spec.grantType === 'JwtBearer') value.grantType = 'JWT_BEARER'
  if (spec.subjectToken !== undefined) {
    value.subjectToken = take(translateToken(spec.subjectToken, `${path}.subjectToken`, 'oauth subjectToken'), problems)
  }
  take(translateActor(spec, value, path), problems)
  if (spec.requestedTokenType !== undefined) {
    value.requestedTokenType = TOKEN_TYPES[spec.requestedTokenType] ?? spec.requestedTokenType
    const complain = (text: string) => problems.push(flaw(`${path}.requestedTokenType`, text))
    if (spec.grantType === 'JwtBearer') complain('oauth requestedTokenType is only valid with TokenExchange grantType')
    if (spec.requestedTokenType === 'IdJag')
      complain('oauth requestedTokenType IdJag is only supported by crossAppAccess')
  }
  for (const [key, expression] of entriesOf(spec.additionalParams)) {
    const at = `${path}.additionalParams[${key}]`
    problems.push(...celFlaws(expression, at, `oauth additionalParams "${key}"`))
    if (RESERVED.has(key.toLowerCase())) {
      problems.push(flaw(at, `oauth additionalParams "${key}" overrides a reserved OAuth parameter`))
    }
  }
  if (spec.clientAuth !== undefined) {
    value.clientAuth = take(translateClientAuth(spec.clientAuth, ctx, `${path}.clientAuth`), problems)
  }
  return outcome({ oauthTokenExchange: value }, problems)
}

function translateActor(spec: Spec, value: TokenExchange, path: string): Outcome<undefined> {
  const actor = spec.actorToken
  if (actor === undefined) return outcome(undefined, [])
  const problems: Problem[] = []
  const complain = (text: string) => problems.push(flaw(`${path}.actorToken`, `oauth actorToken ${text}`))
  if (spec.grantType === 'JwtBearer') complain('is only valid with TokenExchange grantType')
  const token = take(translateToken(actor, `${path}.actorToken`, 'oauth actorToken'), problems)
  if (actor.mayAct === 'Required' && actor.tokenType !== 'Jwt') complain('mayAct Required requires tokenType Jwt')
  value.actorToken = { ...token, enforceMayAct: actor.mayAct === 'Required' }
  return outcome(undefined, problems)
}

/** A token to read from the request, on the wire; `what` begins the messages. */
export function translateToken(
  token: { readonly source?: ExtractLocation | undefined; readonly tokenType?: string | undefined },
  path: string,
  what: string,
): Outcome<NonNullable<TokenExchange['subjectToken']>> {
  const type = tokenType(token.tokenType, `${path}.tokenType`, `${what} tokenType`)
  return outcome({ source: wireLocation(token.source), tokenType: type.value }, [
    ...locationFlaws(token.source, `${path}.source`, `${what} source`),
    ...type.problems,
  ])
}

/** The path of a token endpoint: the one that is set, else that of its URL. */
export function endpointPath(
  written: string | undefined,
  urlPath: string | undefined,
  path: string,
  what: string,
): Outcome<string> {
  const chosen = written ?? (urlPath || undefined)
  return outcome(
    chosen,
    chosen === undefined || chosen.startsWith('/') ? [] : [flaw(path, `${what}.path "${chosen}" must start with /`)],
  )
}

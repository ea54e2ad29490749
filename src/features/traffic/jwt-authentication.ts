// Who may pass by showing a signed token, and how MCP clients learn where to get one. A provider whose keys are not
// known is left out, so that its tokens are refused.
import type { Static } from 'typebox'
import { keySetError } from '../../core/key-set.ts'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, exactlyOneOf, items, List, length, Obj, Opt, rule, Str } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { endpointReferences } from '../shared/endpoints.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flaw, flawed, outcome, take } from '../shared/flaws.ts'
import {
  identityProvider,
  jwtMode,
  remoteJwks,
  resourceMetadata,
  wireIdentityProvider,
  wireJwtMode,
  wireResourceMetadata,
} from '../shared/jwt.ts'
import { itemsOf } from '../shared/lists.ts'
import { locationFlaws, wireLocation } from '../shared/locations.ts'
import { extractLocation, shortString } from '../shared/refs.ts'

const provider = Obj({
  audiences: Opt(Doc('Audiences of which a token must name one; any by default.', List(Str(), items(1, 64)))),
  issuer: Doc('The `iss` of its tokens.', shortString),
  jwks: Doc(
    'The keys with which tokens are checked.',
    Obj(
      {
        inline: Opt(Doc('The key set itself, in JSON.', Str(length(2, 65536)))),
        remote: Opt(Doc('A key set that the controller fetches and keeps up to date.', remoteJwks)),
      },
      exactlyOneOf('remote', 'inline'),
    ),
  ),
})

type Jwt = NonNullable<TrafficPolicySpec['jwt']>
type Provider = NonNullable<Jwt['providers']>[number]

/** `jwtAuthentication`: check tokens. */
export const jwtAuthentication = trafficFeature({
  field: 'jwtAuthentication',
  suffix: 'jwt',
  isPhased: true,
  schema: Obj(
    {
      location: Opt(Doc('Where the token is read; the bearer token by default.', extractLocation)),
      mcp: Opt(
        Doc(
          'Tell MCP clients where tokens are issued, and help them register.',
          Obj({
            clientId: Opt(Doc('Client id to give to clients, where the provider registers none itself.', Str())),
            provider: Opt(Doc('The identity provider, where it deviates from the specifications.', identityProvider)),
            resourceMetadata: Opt(Doc('What the resource says about itself.', resourceMetadata)),
          }),
        ),
      ),
      mode: Opt(
        Doc(
          'Strict: a valid token is needed. Optional: a token must be valid if there is one. Permissive: tokens are only read.',
          jwtMode,
        ),
      ),
      providers: Doc('Who issues tokens.', List(provider, items(1, 64))),
    },
    rule('!has(self.mcp) || size(self.providers) == 1', 'jwtAuthentication.mcp requires exactly one provider'),
    rule("!has(self.mcp) || !has(self.mode) || self.mode == 'Strict'", 'jwtAuthentication.mcp requires mode Strict'),
  ),
  references: (spec, path) =>
    itemsOf(spec.providers).flatMap(({ jwks }, i) =>
      endpointReferences(jwks?.remote, `${path}.providers[${i}].jwks.remote`),
    ),
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const configured = itemsOf(spec.providers)
    const providers = configured.flatMap((each, i) => {
      const translated = take(translateProvider(each, ctx, { index: i, path: `${path}.providers[${i}]` }), problems)
      return translated ?? []
    })
    const jwt: Jwt = {
      mode: wireJwtMode(spec.mode),
      providers,
      authorizationLocation: wireLocation(spec.location),
    }
    if (spec.mcp !== undefined) {
      if (configured.length !== 1) {
        const message = `jwtAuthentication.mcp requires exactly one provider, found ${configured.length}`
        problems.push(flaw(`${path}.mcp`, message))
      } else if (providers.length === 1) {
        jwt.mcp = translateMcp(spec.mcp)
      }
      // Without keys there is no provider, and proxies refuse the MCP part without one, and all checks with it.
    }
    problems.push(...locationFlaws(spec.location, `${path}.location`, 'jwtAuthentication location'))
    return outcome({ jwt }, problems)
  },
})

function translateProvider(
  spec: Static<typeof provider>,
  ctx: FeatureContext,
  { index, path }: { readonly index: number; readonly path: string },
): Outcome<Provider> {
  const wire = (inline: string): Provider => ({
    issuer: spec.issuer,
    audiences: [...itemsOf(spec.audiences)],
    inline,
  })
  const { remote, inline } = spec.jwks ?? {}
  if (remote !== undefined) {
    const { value, problems } = ctx.jwks(remote, `${path}.jwks.remote`)
    return outcome(value === undefined ? undefined : wire(value), problems)
  }
  const name = `provider ${index} (issuer "${spec.issuer}")`
  if (typeof inline !== 'string') return flawed(`${path}.jwks`, `${name}: no JWKS`)
  const error = keySetError(inline)
  return outcome(wire(inline), error === undefined ? [] : [flaw(`${path}.jwks.inline`, `${name}: invalid inline JWKS`)])
}

function translateMcp(spec: NonNullable<Static<(typeof jwtAuthentication)['schema']>['mcp']>): NonNullable<Jwt['mcp']> {
  return {
    provider: wireIdentityProvider(spec.provider),
    resourceMetadata: wireResourceMetadata(spec.resourceMetadata),
    clientId: spec.clientId,
  }
}

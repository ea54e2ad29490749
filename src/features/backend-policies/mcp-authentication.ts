// An MCP backend as a protected resource: the gateway checks tokens and tells clients where to get them.
import type { Problem } from '../../core/problem.ts'
import { Doc, items, List, Obj, Opt, Str } from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import { resolveSecretText } from '../shared/credentials.ts'
import { endpointReferences } from '../shared/endpoints.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome, take } from '../shared/flaws.ts'
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
import { secretKeyRef, shortString } from '../shared/refs.ts'

type McpAuthentication = NonNullable<BackendPolicySpec['mcpAuthentication']>

/** `mcp.authentication`: check tokens of MCP clients. */
export const mcpAuthentication = backendPolicyFeature({
  field: 'mcp.authentication',
  suffix: 'mcp-authentication',
  schema: Obj({
    audiences: Opt(Doc('Audiences of which the token must name one.', List(Str(), items(1, 64)))),
    clientId: Opt(Doc('Id of the client for providers without registration.', Str())),
    clientSecretRef: Opt(Doc('Secret with the secret of the client, under `clientSecret` by default.', secretKeyRef)),
    issuer: Opt(Doc('Who must have issued the token.', shortString)),
    jwks: Doc('Keys with which tokens are signed.', remoteJwks),
    mode: Opt(
      Doc(
        'Strict: a valid token is needed. Optional: if there is one it must be valid. Permissive: never refuse.',
        jwtMode,
      ),
    ),
    provider: Opt(Doc('Kind of identity provider, for those that deviate from the specifications.', identityProvider)),
    resourceMetadata: Opt(Doc('What the resource says about itself (RFC 9728).', resourceMetadata)),
  }),
  references: ({ jwks }, path) => endpointReferences(jwks, `${path}.jwks`),
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const value: McpAuthentication = {
      issuer: spec.issuer,
      audiences: [...itemsOf(spec.audiences)],
      provider: wireIdentityProvider(spec.provider),
      resourceMetadata: wireResourceMetadata(spec.resourceMetadata),
      jwksInline: take(ctx.jwks(spec.jwks ?? {}, `${path}.jwks`), problems),
      mode: wireJwtMode(spec.mode) ?? 'STRICT',
      clientId: spec.clientId,
    }
    if (spec.clientSecretRef !== undefined) {
      const source = { ref: spec.clientSecretRef, fallbackKey: 'clientSecret' }
      value.clientSecret = take(resolveSecretText(source, ctx, `${path}.clientSecretRef`), problems)
    }
    return outcome({ mcpAuthentication: value }, problems)
  },
})

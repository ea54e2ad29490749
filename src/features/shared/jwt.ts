// What traffic's and MCP's token checks have in common: where key sets are, how strict to be, which identity provider
// it is, and what the resource says about itself.
import type { Static } from 'typebox'
import { AnyJson, Dict, Doc, Enum, fallback, Obj, Opt, onlyWith, without } from '../../schema/combinators.ts'
import { type BackendPolicySpec, jsonValue } from '../../wire/messages.ts'
import { entriesOf } from './lists.ts'
import { duration, endpointChoice, endpointFields, longString } from './refs.ts'

/** `jwks.remote`: a key set that the controller fetches. */
export const remoteJwks = Obj(
  {
    ...endpointFields,
    cacheDuration: Opt(
      Doc('How often the key set is fetched.', duration('5m', 'cacheDuration must be at least 5m.', fallback('5m'))),
    ),
    jwksPath: Opt(Doc('Path of the key set at the backend.', longString)),
  },
  onlyWith('backendRef', 'jwksPath', 'jwksPath is required when backendRef is set'),
  without('url', 'jwksPath', 'jwksPath may not be set when url is set'),
  endpointChoice,
)

/** `mode`: what happens to requests without a token. */
export const jwtMode = Enum(['Optional', 'Permissive', 'Strict'], fallback('Strict'))
const MODES = { Strict: 'STRICT', Optional: 'OPTIONAL', Permissive: 'PERMISSIVE' } as const
/** The mode on the wire; what an absent one means is the caller's to say. */
export function wireJwtMode(mode: Static<typeof jwtMode> | undefined) {
  return mode === undefined ? undefined : MODES[mode]
}

/** `provider`: identity providers that deviate from the specifications. */
export const identityProvider = Enum(['Auth0', 'Authentik', 'Descope', 'Entra', 'Keycloak', 'Okta'])
const PROVIDERS = {
  Auth0: 'AUTH0',
  Authentik: 'AUTHENTIK',
  Descope: 'DESCOPE',
  Entra: 'ENTRA',
  Keycloak: 'KEYCLOAK',
  Okta: 'OKTA',
} as const
/** The identity provider on the wire. */
export function wireIdentityProvider(provider: Static<typeof identityProvider> | undefined) {
  return provider === undefined ? undefined : PROVIDERS[provider]
}

/** `resourceMetadata`: what an MCP resource says about itself. */
export const resourceMetadata = Dict(AnyJson())
type ResourceMetadata = NonNullable<NonNullable<BackendPolicySpec['mcpAuthentication']>['resourceMetadata']>
/** The metadata on the wire, which is always present. */
export function wireResourceMetadata(metadata: Readonly<Record<string, unknown>> | undefined): ResourceMetadata {
  const entries = entriesOf(metadata)
  return entries.length === 0
    ? {}
    : { extra: Object.fromEntries(entries.map(([key, value]) => [key, jsonValue(value)])) }
}

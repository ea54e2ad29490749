// Who a client is and what it may do: JWT, basic authentication, API keys, rules. Keys and passwords are never printed.
import type {
  BackendPolicySpecMcpAuthentication,
  BackendPolicySpecMcpAuthenticationMcpIDP,
  BackendPolicySpecMcpAuthenticationResourceMetadata,
  TrafficPolicySpecAPIKey,
  TrafficPolicySpecBasicAuthentication,
  TrafficPolicySpecJWT,
  TrafficPolicySpecRBAC,
} from '../../wire/messages.ts'
import { BASIC, BEARER, location } from './references.ts'
import { camel, jsonOf, REDACTED, type Rendered, some } from './values.ts'

/** Rules in CEL; lists without a rule are left out. */
export function authorization({ allow, deny, require }: TrafficPolicySpecRBAC): Rendered {
  return { rules: { allow: some(allow), deny: some(deny), require: some(require) } }
}

/** JSON Web Tokens: issuers and the names of their keys. */
export function jwtAuth(jwt: TrafficPolicySpecJWT): Rendered {
  const validator = {
    mode: camel(jwt.mode ?? 'OPTIONAL'),
    providers: (jwt.providers ?? []).flatMap(({ issuer = '', inline = '' }) => tokenProvider(issuer, inline)),
    location: location(jwt.authorizationLocation) ?? BEARER,
  }
  if (!jwt.mcp) return validator
  const { provider, resourceMetadata, clientId, clientSecret } = jwt.mcp
  const [first] = jwt.providers ?? []
  return {
    ...validator,
    mcp: {
      issuer: first?.issuer ?? '',
      audiences: first?.audiences ?? [],
      provider: identityProvider(provider),
      resourceMetadata: metadata(resourceMetadata),
      jwtValidator: validator,
      mode: validator.mode,
      clientId: clientId ?? null,
      clientSecret: clientSecret === undefined ? undefined : REDACTED,
    },
  }
}

/** Authentication of MCP clients, as a policy of a backend. */
export function mcpAuthentication(mcp: BackendPolicySpecMcpAuthentication): Rendered {
  const mode = camel(mcp.mode ?? 'OPTIONAL')
  return {
    issuer: mcp.issuer ?? '',
    audiences: mcp.audiences ?? [],
    provider: identityProvider(mcp.provider),
    resourceMetadata: metadata(mcp.resourceMetadata),
    // The proxy reads the token from its usual place here, whatever the policy says.
    jwtValidator: { mode, providers: tokenProvider(mcp.issuer ?? '', mcp.jwksInline ?? ''), location: BEARER },
    mode,
    clientId: mcp.clientId ?? null,
    clientSecret: mcp.clientSecret === undefined ? undefined : REDACTED,
  }
}

/** User names and passwords. */
export function basicAuth({ realm, mode, authorizationLocation }: TrafficPolicySpecBasicAuthentication): Rendered {
  return {
    htpasswd: REDACTED,
    realm: realm ?? null,
    mode: camel(mode ?? 'STRICT'),
    authorizationLocation: location(authorizationLocation) ?? BASIC,
  }
}

/** API keys. */
export function apiKeys({ mode, authorizationLocation }: TrafficPolicySpecAPIKey): Rendered {
  return { users: REDACTED, mode: camel(mode ?? 'STRICT'), location: location(authorizationLocation) ?? BEARER }
}

function identityProvider(provider: BackendPolicySpecMcpAuthenticationMcpIDP | undefined): Rendered {
  return provider === undefined || provider === 'UNSPECIFIED' ? null : { [camel(provider)]: {} }
}

function metadata(given: BackendPolicySpecMcpAuthenticationResourceMetadata | null | undefined): Rendered {
  const entries = Object.entries(given?.extra ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, value]) => [key, jsonOf(value)]))
}

/** None when the key set cannot be used: the proxy then knows no such issuer. */
function tokenProvider(issuer: string, jwks: string): readonly { readonly issuer: string; readonly keys: string[] }[] {
  const keys = keyIds(jwks)
  return keys === undefined ? [] : [{ issuer, keys }]
}

const KEY_TYPES: readonly unknown[] = ['RSA', 'EC', 'OKP']

function keyIds(jwks: string): string[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(jwks)
  } catch {
    return undefined
  }
  // Checked member by member below.
  const { keys } = Object(parsed) as { readonly keys?: unknown }
  if (!Array.isArray(keys)) return undefined
  const ids = new Set<string>()
  for (const key of keys) {
    // Checked as well.
    const { kid, kty } = Object(key) as { readonly kid?: unknown; readonly kty?: unknown }
    if (typeof kid !== 'string' || !KEY_TYPES.includes(kty)) return undefined
    ids.add(kid)
  }
  return [...ids]
}

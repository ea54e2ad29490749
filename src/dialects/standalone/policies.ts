// Policies of a route in a proxy's own file as AgentgatewayPolicies: what concerns tools goes to the MCP backend, the rest
// to the route. Tokens whose keys stand in a file elsewhere are refused until the keys are filled in.
import type { Json, JsonObject } from '../../kube/json.ts'
import { type Fields, NOT_CARRIED } from '../fields.ts'
import { carryTokenBucket } from '../kgateway/rate-limits.ts'
import { GATEWAY_API, OURS, present, unlessEmpty } from '../made.ts'
import type { ConvertedBackend } from './backends.ts'
import type { Conversion } from './convert.ts'

/** Where policies stand. */
export interface PolicyScope {
  readonly route: string
  readonly backends: readonly ConvertedBackend[]
  readonly conversion: Conversion
}

/** Policies to make, and filters of the route's one rule. */
export interface ConvertedPolicies {
  readonly policies: readonly { readonly name: string; readonly spec: JsonObject }[]
  readonly filters: readonly JsonObject[] | undefined
}

/** Converts the policies of a route. */
export function carryPolicies(from: Fields, { route, backends }: PolicyScope): ConvertedPolicies {
  const routeRef = [{ group: GATEWAY_API, kind: 'HTTPRoute', name: route }]
  const traffic = unlessEmpty(
    present({
      cors: optional(from.fields('cors'), carryCors),
      jwtAuthentication: carryTokens(from),
      timeouts: optional(from.fields('timeout'), (timeout) =>
        unlessEmpty(present({ request: timeout.text('requestTimeout') })),
      ),
      retry: optional(from.fields('retry'), carryRetry),
      rateLimit: carryLimits(from),
      headerModifiers: unlessEmpty(
        present({
          request: optional(from.fields('requestHeaderModifier'), carryHeaders),
          response: optional(from.fields('responseHeaderModifier'), carryHeaders),
        }),
      ),
      directResponse: optional(from.fields('directResponse'), (response) =>
        present({ status: response.whole('status'), body: response.text('body') || undefined }),
      ),
      csrf: optional(from.fields('csrf'), (csrf) => present({ additionalOrigins: csrf.json('additionalOrigins') })),
    }),
  )
  const attempt = from.fields('timeout')?.text('backendRequestTimeout')
  const auth = optional(from.fields('backendAuth'), carryBackendAuth)
  const backend = unlessEmpty(present({ auth, http: attempt === undefined ? undefined : { requestTimeout: attempt } }))
  const general =
    traffic === undefined && backend === undefined
      ? []
      : [{ name: route, spec: present({ targetRefs: routeRef, traffic, backend }) }]
  const requests = rulesOf(from.fields('authorization')).map(({ action, policy }) => ({
    name: `${route}-${action.toLowerCase()}`,
    spec: { targetRefs: routeRef, traffic: { authorization: { action, policy } } },
  }))
  const tools = rulesOf(from.fields('mcpAuthorization')).flatMap(({ action, policy }) =>
    backends.flatMap(({ kind, name }) =>
      kind !== 'mcp' || name === undefined
        ? []
        : [
            {
              name: `${name}-${action.toLowerCase()}`,
              spec: {
                targetRefs: [{ group: OURS, kind: 'AgentgatewayBackend', name }],
                backend: { mcp: { authorization: { action, policy } } },
              },
            },
          ],
    ),
  )
  return { policies: [...general, ...requests, ...tools], filters: undefined }
}

function optional<T, U>(value: T | undefined, change: (value: T) => U): U | undefined {
  return value === undefined ? undefined : change(value)
}

interface Rules {
  readonly action: 'Allow' | 'Deny' | 'Require'
  readonly policy: JsonObject
}

const ACTIONS = { allow: 'Allow', deny: 'Deny', require: 'Require' } as const

function rulesOf(from: Fields | undefined): readonly Rules[] {
  const rules = from?.json('rules')
  if (!Array.isArray(rules)) return []
  return (['allow', 'deny', 'require'] as const).flatMap((kind) => {
    const matchExpressions = rules.flatMap((rule: Json) => {
      const found = typeof rule === 'string' ? (kind === 'allow' ? rule : undefined) : Object(rule)[kind]
      return typeof found === 'string' ? [found] : []
    })
    return matchExpressions.length === 0 ? [] : [{ action: ACTIONS[kind], policy: { matchExpressions } }]
  })
}

// Tokens

const PROVIDERS: Readonly<Record<string, string>> = {
  auth0: 'Auth0',
  keycloak: 'Keycloak',
  okta: 'Okta',
  descope: 'Descope',
  authentik: 'Authentik',
  entra: 'Entra',
}
const MODES: Readonly<Record<string, string>> = { strict: 'Strict', optional: 'Optional', permissive: 'Permissive' }

function carryTokens(from: Fields): JsonObject | undefined {
  const mcp = from.fields('mcpAuthentication')
  const jwt = from.fields('jwtAuth')
  const source = mcp ?? jwt
  if (source === undefined) return undefined
  if (mcp !== undefined && jwt !== undefined) from.drop('jwtAuth', 'mcpAuthentication checks tokens already')
  const mode = source.text('mode')
  const provider = mcp?.fields('provider')
  const named = Object.keys(PROVIDERS).find((each) => provider?.has(each))
  if (provider !== undefined && named !== undefined) provider.json(named)
  return present({
    mode: mode === undefined ? 'Strict' : (MODES[mode.toLowerCase()] ?? 'Strict'),
    providers: [
      present({ issuer: source.text('issuer'), audiences: source.json('audiences'), jwks: carryKeys(source) }),
    ],
    mcp:
      mcp &&
      present({
        provider: named === undefined ? undefined : PROVIDERS[named],
        resourceMetadata: mcp.json('resourceMetadata'),
        clientId: mcp.text('clientId'),
      }),
  })
}

/** Opens nothing, and says what has to stand there. */
const NO_KEYS = { inline: '{"keys":[]}' }

function carryKeys(from: Fields): JsonObject {
  const jwks = from.fields('jwks')
  const url = jwks?.text('url')
  if (url !== undefined) return { remote: { url } }
  const inline = jwks?.text('inline')
  if (inline !== undefined) return { inline }
  const issuer = from.text('issuer')
  const file = jwks?.text('file')
  const where = file === undefined ? `those of ${issuer}` : `the content of ${file}`
  from.tell(`${where} belongs into jwks.inline, or its URL into jwks.remote.url; until then every token is refused`, {
    field: 'jwks',
    reason: NOT_CARRIED,
    severity: 'warning',
  })
  return NO_KEYS
}

// Everything else

function carryCors(from: Fields): JsonObject {
  const age = /^(\d+)(s|m|h)$/.exec(from.text('maxAge') ?? '')
  const seconds =
    age === null
      ? undefined
      : Number(age[1]) * { s: 1, m: 60, h: 3600 }[age[2] === 'h' || age[2] === 'm' ? age[2] : 's']
  return present({
    allowCredentials: from.flag('allowCredentials'),
    allowHeaders: from.json('allowHeaders'),
    allowMethods: from.json('allowMethods'),
    allowOrigins: from.json('allowOrigins'),
    exposeHeaders: from.json('exposeHeaders'),
    maxAge: seconds,
  })
}

function carryRetry(from: Fields): JsonObject {
  return present({ attempts: from.whole('attempts'), backoff: from.text('backoff'), codes: from.json('codes') })
}

function carryHeaders(from: Fields): JsonObject | undefined {
  const values = (field: string): readonly JsonObject[] | undefined => {
    const map = from.json(field)
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return undefined
    return Object.entries(map).map(([name, value]) => ({ name, value: String(value) }))
  }
  return unlessEmpty(present({ add: values('add'), set: values('set'), remove: from.json('remove') }))
}

function carryLimits(from: Fields): JsonObject | undefined {
  const local = from.list('localRateLimit').flatMap((limit) => {
    // A limit of tokens is written in the same words.
    const type = limit.text('type')
    const bucket = carryTokenBucket({ ...limit, fields: () => limit })
    if (bucket === undefined) return []
    const { requests, ...rest } = bucket
    return [type === 'tokens' ? { ...rest, tokens: requests } : bucket]
  })
  return local.length === 0 ? undefined : { local }
}

function carryBackendAuth(from: Fields): JsonObject | undefined {
  if (from.has('passthrough')) {
    from.json('passthrough')
    return { passthrough: {} }
  }
  const key = from.text('key')
  if (key !== undefined) return { key }
  for (const cloud of ['gcp', 'aws', 'azure']) {
    if (!from.has(cloud)) continue
    from.json(cloud)
    return { [cloud]: {} }
  }
  return undefined
}

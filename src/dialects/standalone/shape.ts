// The fields that a current proxy knows in its own configuration file, where seeds and guides write something: whatever
// else stands there makes it refuse the whole file. Policies that are not listed are not looked into.
import { closest } from '../../core/closest.ts'
import type { Problem } from '../../core/problem.ts'
import { isJsonList, isJsonObject, type Json } from '../../kube/json.ts'

/** A mapping with these fields, a list of things, a map from names to things, or anything. */
type Shape = { readonly fields: Readonly<Record<string, Shape>> } | { readonly each: Shape } | { readonly open: true }

const open: Shape = { open: true }
const list = (each: Shape): Shape => ({ each })
const fields = (known: Readonly<Record<string, Shape>>): Shape => ({ fields: known })
const named = (...names: readonly string[]): Shape => fields(Object.fromEntries(names.map((name) => [name, open])))

const rules = fields({ rules: open })
const target = fields({
  ...{ name: open, policies: open, openapi: open },
  mcp: named('host', 'port', 'path', 'backend'),
  sse: named('host', 'port', 'path', 'backend'),
  stdio: named('cmd', 'args', 'env', 'clear_env'),
})
const backend = fields({
  ...{ weight: open, host: open, service: open, backend: open, ai: open, dynamic: open, aws: open, routeGroup: open },
  ...{ policies: open, invalid: open },
  mcp: fields({
    ...{ statefulMode: open, prefixMode: open, failureMode: open, dnsRebindingProtection: open },
    targets: list(target),
  }),
})
const listenerPolicies = {
  ...{ oidc: open, extAuthz: open, extProc: open, transformations: open, basicAuth: open, apiKey: open },
  authorization: rules,
  cors: named('allowCredentials', 'allowHeaders', 'allowMethods', 'allowOrigins', 'exposeHeaders', 'maxAge'),
  jwtAuth: named('mode', 'location', 'issuer', 'audiences', 'jwks', 'jwtValidationOptions', 'providers'),
}
const routePolicies = fields({
  ...listenerPolicies,
  ...{ requestHeaderModifier: open, responseHeaderModifier: open, requestRedirect: open, urlRewrite: open },
  ...{ requestMirror: open, directResponse: open, mcpGuardrails: open, a2a: open, ai: open, backendTLS: open },
  ...{ backendTunnel: open, backendAuth: open, localRateLimit: open, remoteRateLimit: open, csrf: open },
  ...{ buffer: open, timeout: open, retry: open, delay: open },
  mcpAuthorization: rules,
  mcpAuthentication: fields({
    ...{ issuer: open, audiences: open, provider: open, resourceMetadata: open, mode: open },
    ...{ authorizationLocation: open, jwtValidationOptions: open, clientId: open, clientSecret: open },
    jwks: open,
  }),
})
const route = fields({
  ...{ name: open, namespace: open, ruleName: open, hostnames: open, gateways: open },
  matches: list(named('path', 'headers', 'method', 'query')),
  policies: routePolicies,
  backends: list(backend),
})
const listener = fields({
  ...{ name: open, namespace: open, hostname: open, protocol: open, tls: open, tcpRoutes: open },
  policies: fields(listenerPolicies),
  routes: list(route),
})

const whole = fields({
  ...{ config: open, frontendPolicies: open, policies: open, workloads: open, services: open, backends: open },
  ...{ routeGroups: open, gateways: open, tcpRoutes: open, llm: open, mcp: open, ui: open },
  binds: list(fields({ port: open, tunnelProtocol: open, mode: open, listeners: list(listener) })),
  routes: list(route),
})

/** Names of the fields at the top of such a file. */
export const topFields: readonly string[] = 'fields' in whole ? Object.keys(whole.fields) : []

/** Fields that a current proxy does not know, each an error. */
export function unknownFields(config: Json): readonly Problem[] {
  return [...unknownIn(whole, config, '')]
}

function* unknownIn(shape: Shape, value: Json | undefined, path: string): Generator<Problem> {
  if ('each' in shape) {
    if (isJsonList(value)) for (const [i, each] of value.entries()) yield* unknownIn(shape.each, each, `${path}[${i}]`)
    return
  }
  if (!('fields' in shape) || !isJsonObject(value)) return
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    const known = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
    if (known !== undefined) {
      yield* unknownIn(known, inner, at)
      continue
    }
    const meant = closest(name, Object.keys(shape.fields))
    const hint =
      meant === undefined ? `; known are ${Object.keys(shape.fields).join(', ')}` : `; did you mean ${meant}?`
    yield {
      reason: 'Invalid',
      path: at,
      message: `a current proxy does not know ${name} and refuses the whole file${hint}`,
    }
  }
}

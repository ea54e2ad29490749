// The list of backend policies, of AgentgatewayPolicy and inline in backends. A new one is a file beside this one and a
// line in the list, whose order is that of inline policies and of messages.
import { atLeastOneOf, Doc, Obj, Opt } from '../../schema/combinators.ts'
import type { FeatureContext, LocatedRef } from '../shared/context.ts'
import type { BackendPolicyFeature } from '../shared/feature.ts'
import { fieldReferences } from '../shared/frame.ts'
import { ai } from './ai.ts'
import { auth } from './auth.ts'
import { connectionFields, type TranslatedBackendPolicies, translateBackendFeatures } from './connection.ts'
import { extAuth } from './ext-auth.ts'
import { health } from './health.ts'
import { http } from './http.ts'
import { mcpAuthentication } from './mcp-authentication.ts'
import { mcpAuthorization } from './mcp-authorization.ts'
import { mcpGuardrails } from './mcp-guardrails.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { transformation } from './transformation.ts'
import { tunnel } from './tunnel.ts'

const features: readonly BackendPolicyFeature[] = [
  http,
  tunnel,
  tls,
  tcp,
  health,
  transformation,
  mcpAuthorization,
  mcpAuthentication,
  mcpGuardrails,
  ai,
  auth,
  extAuth,
]

/** Policies that every kind of backend and each of its parts takes. */
export const simpleBackendPolicyFields = {
  ...connectionFields,
  auth: Opt(Doc('How the proxy authenticates.', auth.schema)),
}

/** The same, and those of language models. */
export const modelBackendPolicyFields = {
  ...simpleBackendPolicyFields,
  ai: Opt(Doc('What happens to requests to language models.', ai.schema)),
  health: Opt(Doc('When an endpoint counts as unhealthy.', health.schema)),
  transformation: Opt(Doc('Rewriting of requests and answers.', transformation.schema)),
}

const mcp = Obj(
  {
    authentication: Opt(
      Doc('Check tokens of MCP clients. Deprecated: use `jwtAuthentication` of traffic.', mcpAuthentication.schema),
    ),
    authorization: Opt(Doc('Which tools, prompts and resources a client may use.', mcpAuthorization.schema)),
    guardrails: Opt(Doc('Services that look at MCP messages.', mcpGuardrails.schema)),
  },
  atLeastOneOf('authentication', 'authorization', 'guardrails'),
)

/** All policies. */
export const backendPolicyFields = {
  ...modelBackendPolicyFields,
  extAuth: Opt(Doc('Ask a service whether a request may go to this backend.', extAuth.schema)),
  mcp: Opt(Doc('What MCP clients may do.', mcp)),
}

/** The references of policies, each with the field it was found in. */
export function backendPolicyReferences(policies: object | undefined, path: string): readonly LocatedRef[] {
  return fieldReferences(features, policies, path)
}

/**
 * Policies on the wire, in a fixed order. A policy with problems is there all the same, as complete as it can be made;
 * problems with severity `warning` are for commands and logs only.
 */
export function translateBackendPolicies(
  policies: object | undefined,
  ctx: FeatureContext,
  path: string,
): TranslatedBackendPolicies {
  return translateBackendFeatures(features, policies, { ctx, path })
}

// Which policies may stand where in a backend: at a fixed MCP target, at one of several providers, at the backend as a
// whole. What each policy means is decided in features/backend-policies.
import { atLeastOneOf, Obj } from '../../schema/combinators.ts'
import {
  backendPolicyFields,
  modelBackendPolicyFields,
  simpleBackendPolicyFields,
} from '../backend-policies/registry.ts'

/** Policies of one MCP target. */
export const targetPolicies = Obj(simpleBackendPolicyFields)

/** Policies of one provider among several. */
export const providerPolicies = Obj(
  modelBackendPolicyFields,
  atLeastOneOf('ai', 'auth', 'health', 'http', 'tcp', 'tls', 'transformation', 'tunnel'),
)

/** Policies of a whole backend. */
export const backendPolicies = Obj(
  backendPolicyFields,
  atLeastOneOf('ai', 'auth', 'extAuth', 'health', 'http', 'mcp', 'tcp', 'tls', 'transformation', 'tunnel'),
)

// What a feature may ask for while it translates its field: objects it refers to, and the checks that all features
// share. Everything read here is tracked, so the object is translated again when an answer changes.
import type { TypedRef } from '../../core/keys.ts'
import type { Outcome, Problem } from '../../core/problem.ts'
import type { ConfigMap, Secret, Service } from '../../kube/core-types.ts'
import type { BackendPolicySpec, BackendReference } from '../../wire/messages.ts'

/** The shape of a reference to a backend inside a policy or backend. */
export interface BackendObjectRef {
  readonly group?: string | undefined
  readonly kind?: string | undefined
  readonly namespace?: string | undefined
  readonly name: string
  readonly port?: number | undefined
}

/** Either a reference to a backend or a URL, as endpoints of services that policies call are written. */
export interface EndpointRef {
  readonly backendRef?: BackendObjectRef | undefined
  readonly url?: string | undefined
}

/** A resolved endpoint, with the policies that reaching it needs (TLS for an https URL). */
export interface Endpoint {
  readonly reference: BackendReference
  readonly inlinePolicies: readonly BackendPolicySpec[]
}

/** A remote JWKS as a policy asks for it; see the spec of AgentgatewayPolicy, `jwks.remote`. */
export interface RemoteJwks extends EndpointRef {
  readonly jwksPath?: string | undefined
  readonly cacheDuration?: string | undefined
}

/** Given to every feature. `path` arguments are field paths from the object's root, for problems. */
export interface FeatureContext {
  /** The object that is translated. For inline policies of a backend this is the backend. */
  readonly owner: TypedRef
  /** How messages name the policy: `AgentgatewayPolicy` owner, or `inline_policy` inside a backend. */
  readonly policyName: string
  secret(name: string): Secret | undefined
  configMap(name: string): ConfigMap | undefined
  service(namespace: string, name: string): Service | undefined
  /** Resolves a backendRef by the rules for policies: grants, existence, port. */
  backend(ref: BackendObjectRef, path: string): Outcome<BackendReference>
  /** Resolves a backendRef or URL. */
  endpoint(ref: EndpointRef, path: string): Outcome<Endpoint>
  /** The document of a remote JWKS, once it has been fetched; demands it either way. */
  jwks(remote: RemoteJwks, path: string): Outcome<string>
  /** Syntax check of a user's CEL expression; `what` begins the message. */
  checkCel(expression: string, path: string, what: string): readonly Problem[]
}

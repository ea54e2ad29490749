// What a feature may ask for while it translates its field: objects it refers to. Everything read here is tracked, so
// the object is translated again when an answer changes. Checks that need no object are functions beside this file.
import type { TypedRef } from '../../core/keys.ts'
import type { Outcome } from '../../core/problem.ts'
import type { ConfigMap, Secret } from '../../kube/core-types.ts'
import type { BackendPolicySpec, BackendReference } from '../../wire/messages.ts'

/** The shape of a reference to a backend inside a policy or backend. */
export interface BackendObjectRef {
  readonly group?: string | undefined
  readonly kind?: string | undefined
  readonly namespace?: string | undefined
  readonly name: string
  readonly port?: number | undefined
}

/** A reference found in a spec, and the field it was found in. */
export interface LocatedRef {
  readonly ref: BackendObjectRef
  readonly path: string
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
  /** The path of the URL as written; empty for a backendRef. */
  readonly path: string
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
  /** How messages name the policy: the name of an AgentgatewayPolicy, or `inline_policy` inside a backend. */
  readonly policyName: string
  /** A Secret in the owner's namespace; some types are never seen. */
  secret(name: string): Secret | undefined
  /** A ConfigMap in the owner's namespace. */
  configMap(name: string): ConfigMap | undefined
  /** The Secrets in the owner's namespace that carry these labels, by name. */
  secretsWith(labels: Readonly<Record<string, string>>): readonly Secret[]
  /** The ConfigMaps in the owner's namespace that carry these labels, by name. */
  configMapsWith(labels: Readonly<Record<string, string>>): readonly ConfigMap[]
  /** Resolves a backendRef by the rules for policies: grants, existence, port. */
  backend(ref: BackendObjectRef, path: string): Outcome<BackendReference>
  /** The document of a remote JWKS, once it has been fetched; demands it either way. */
  jwks(remote: RemoteJwks, path: string): Outcome<string>
}

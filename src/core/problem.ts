// User errors as data. A function that can meet one returns an Outcome; value and problems may both be present, which
// is partial validity. What a reason means for a condition is decided where the status of that kind is built.

/** Why something was refused: a condition reason of the Gateway API or of agentgateway.dev. */
export type Reason =
  | 'AddressNotUsable'
  | 'BackendError'
  | 'BackendNotFound'
  | 'BindModeConflict'
  | 'Conflicted'
  | 'ConfigurationChanged'
  | 'HostnameConflict'
  | 'IncompatibleFilters'
  | 'Invalid'
  | 'InvalidCACertificateKind'
  | 'InvalidCACertificateRef'
  | 'InvalidCertificateRef'
  | 'InvalidClientCertificateRef'
  | 'InvalidExtensionRef'
  | 'InvalidKind'
  | 'InvalidMatch'
  | 'InvalidParameters'
  | 'InvalidRouteKinds'
  | 'ListenersNotValid'
  | 'ModelRoutingConflict'
  | 'NoMatchingListenerHostname'
  | 'NoMatchingParent'
  | 'NotAllowed'
  | 'NotAllowedByListeners'
  | 'NoValidCACertificate'
  | 'PartiallyValid'
  | 'Pending'
  | 'ProtocolConflict'
  | 'RefNotPermitted'
  | 'TranslationError'
  | 'UnsupportedAddress'
  | 'UnsupportedProtocol'
  | 'UnsupportedValue'

/** One thing wrong with one object. `path` is a field path such as `spec.rules[0].backendRefs[1]`. */
export interface Problem {
  readonly reason: Reason
  readonly path: string
  readonly message: string
  /** `error` (default) is reflected in a condition; `warning` is only reported by the commands and logs. */
  readonly severity?: 'error' | 'warning'
}

/** A result that may be partial: the value that could be made, and what was wrong on the way. */
export interface Outcome<T> {
  readonly value: T | undefined
  readonly problems: readonly Problem[]
}

const none: readonly Problem[] = Object.freeze([])

/** An outcome without problems. */
export function ok<T>(value: T): Outcome<T> {
  return { value, problems: none }
}

/** An outcome without a value. */
export function rejected(reason: Reason, path: string, message: string): Outcome<never> {
  return { value: undefined, problems: [{ reason, path, message }] }
}

/** A bug of ours: caught at the rim and in the engine, never caused by input. */
export class InvariantError extends Error {}

/** Ends a switch over a union, so that a new member does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`)
}

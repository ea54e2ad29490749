// What a model provider consists of: the schema of its field, what it refers to, and its arm of the wire's provider
// message. Endpoint overrides, policies and names are common to all providers and are decided where a list of them is.
import type { Outcome } from '../../core/problem.ts'
import type { AIProvider, BackendReference } from '../../wire/messages.ts'
import type { BackendObjectRef } from '../shared/context.ts'
import { type Variant, variants } from '../shared/variant.ts'

/** What a provider may ask for while it is translated. */
export interface ProviderContext {
  /** Resolves a backendRef within the object's namespace by the rules for routes: a Service with port, or an InferencePool. */
  providerBackend(ref: BackendObjectRef, path: string): Outcome<BackendReference>
}

/** The part of the provider message that a provider decides. */
export type ProviderArm = Omit<AIProvider, 'name' | 'hostOverride' | 'pathOverride' | 'pathPrefix' | 'inlinePolicies'>

/** A provider. */
export type Provider = Variant<ProviderContext, ProviderArm>

/** Makes a provider of its parts. */
export const provider = variants<ProviderContext, ProviderArm>()

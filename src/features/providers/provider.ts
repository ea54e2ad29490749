// What a model provider consists of: the schema of its field, what it refers to, and its arm of the wire's provider
// message. Endpoint overrides, policies and names are common to all providers and are decided where a list of them is.
import type { Static, TSchema } from 'typebox'
import type { Outcome } from '../../core/problem.ts'
import type { AIProvider, BackendReference } from '../../wire/messages.ts'
import { asDescribed } from '../shared/as-described.ts'
import type { BackendObjectRef, LocatedRef } from '../shared/context.ts'

/** What a provider may ask for while it is translated. */
export interface ProviderContext {
  /** Resolves a backendRef within the object's namespace by the rules for routes: a Service with port, or an InferencePool. */
  providerBackend(ref: BackendObjectRef, path: string): Outcome<BackendReference>
}

/** The part of the provider message that a provider decides. */
export type ProviderArm = Omit<AIProvider, 'name' | 'hostOverride' | 'pathOverride' | 'pathPrefix' | 'inlinePolicies'>

interface ProviderFeature<F extends string, S extends TSchema> {
  readonly field: F
  readonly schema: S
  readonly references?: (spec: Static<S>, path: string) => readonly LocatedRef[]
  readonly translate: (spec: Static<S>, ctx: ProviderContext, path: string) => Outcome<ProviderArm>
}

/** A provider, and its functions as seen by code that does not know which provider it has. */
export interface Provider<F extends string = string, S extends TSchema = TSchema> {
  readonly field: F
  readonly schema: S
  readonly translate: ProviderFeature<F, S>['translate']
  /** What this provider's field refers to; nothing while the field is unset. */
  referencesIn(owner: object, path: string): readonly LocatedRef[]
  /** Translates this provider's field of `owner`; undefined while it is unset. */
  translateIn(owner: object, ctx: ProviderContext, path: string): Outcome<ProviderArm> | undefined
}

/** Makes a provider of its parts. */
export function provider<const F extends string, S extends TSchema>(feature: ProviderFeature<F, S>): Provider<F, S> {
  // Any object can be asked for any property.
  const specOf = (owner: object, path: string): Outcome<Static<S>> =>
    asDescribed(feature.schema, (owner as Readonly<Record<string, unknown>>)[feature.field], path)
  return {
    field: feature.field,
    schema: feature.schema,
    translate: feature.translate,
    referencesIn(owner, path) {
      const at = `${path}.${feature.field}`
      const { value: spec } = specOf(owner, at)
      return spec === undefined ? [] : (feature.references?.(spec, at) ?? [])
    },
    translateIn(owner, ctx, path) {
      const at = `${path}.${feature.field}`
      const { value: spec, problems } = specOf(owner, at)
      if (spec === undefined) return problems.length === 0 ? undefined : { value: undefined, problems }
      const translated = feature.translate(spec, ctx, at)
      return { value: translated.value, problems: [...problems, ...translated.problems] }
    },
  }
}

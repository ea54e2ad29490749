// A field of which an object has one of several: the type of a backend, the provider of a model. What each of them asks for
// and becomes is said where they are declared.
import type { Static, TSchema } from 'typebox'
import type { Outcome } from '../../core/problem.ts'
import { asDescribed } from './as-described.ts'
import type { LocatedRef } from './context.ts'

interface VariantFeature<C, W, F extends string, S extends TSchema> {
  readonly field: F
  readonly schema: S
  readonly references?: (spec: Static<S>, path: string) => readonly LocatedRef[]
  readonly translate: (spec: Static<S>, ctx: C, path: string) => Outcome<W>
}

/** A variant with its context `C` and what it becomes, `W`, and its functions as seen by code that does not know which it has. */
export interface Variant<C, W, F extends string = string, S extends TSchema = TSchema> {
  readonly field: F
  readonly schema: S
  readonly translate: VariantFeature<C, W, F, S>['translate']
  /** What the field refers to; nothing while it is unset. */
  referencesIn(owner: object, path: string): readonly LocatedRef[]
  /** Translates the field of `owner`; undefined while it is unset. */
  translateIn(owner: object, ctx: C, path: string): Outcome<W> | undefined
}

/** What makes variants of one context and result of their parts. */
export function variants<C, W>() {
  return <const F extends string, S extends TSchema>(feature: VariantFeature<C, W, F, S>): Variant<C, W, F, S> => {
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
}

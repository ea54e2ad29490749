// What all features of a section have in common: which of them are set, in which order they are translated, and that
// none resolves a backend that it did not declare, because such a backend would not be sent to the proxies.
import type { TSchema } from 'typebox'
import { InvariantError, type Outcome } from '../../core/problem.ts'
import { asDescribed } from './as-described.ts'
import type { BackendObjectRef, FeatureContext, LocatedRef } from './context.ts'
import type { Feature } from './feature.ts'
import { outcome } from './flaws.ts'

/** Where a section is translated: the context, and the section's path in its object. */
export interface Frame {
  readonly ctx: FeatureContext
  readonly path: string
}

/** One feature that is set, and what it was translated into. */
export interface Translated<F, W> {
  readonly feature: F
  readonly outcome: Outcome<W>
}

/** Translates each field of `section` that is set, in the order of `features`. */
export function translateFields<W, F extends Feature<TSchema, W>>(
  features: readonly F[],
  section: object | undefined,
  { ctx, path }: Frame,
): readonly Translated<F, W>[] {
  return features.flatMap((feature) => {
    const at = `${path}.${feature.field}`
    const { value: spec, problems } = asDescribed(feature.schema, valueAt(section, feature.field), at)
    if (spec === undefined) return problems.length === 0 ? [] : [{ feature, outcome: outcome<W>(undefined, problems) }]
    const declared = declaredOnly(ctx, feature.references(spec, at))
    const translated = feature.translate(spec, declared, at)
    return [{ feature, outcome: outcome(translated.value, [...problems, ...translated.problems]) }]
  })
}

/** The references of each field of `section` that is set. */
export function fieldReferences<W>(
  features: readonly Feature<TSchema, W>[],
  section: object | undefined,
  path: string,
): readonly LocatedRef[] {
  return features.flatMap((feature) => {
    const at = `${path}.${feature.field}`
    const { value: spec } = asDescribed(feature.schema, valueAt(section, feature.field), at)
    return spec === undefined ? [] : feature.references(spec, at)
  })
}

function valueAt(section: unknown, field: string): unknown {
  let value = section
  for (const step of field.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    // Any object can be asked for any property.
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return value ?? undefined
}

function declaredOnly(ctx: FeatureContext, declared: readonly LocatedRef[]): FeatureContext {
  const known = new Set<BackendObjectRef>(declared.map(({ ref }) => ref))
  return {
    ...ctx,
    backend(ref, path) {
      if (!known.has(ref)) throw new InvariantError(`${path} is resolved but not declared as a reference`)
      return ctx.backend(ref, path)
    },
  }
}

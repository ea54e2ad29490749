// What all features of a section have in common: which of them are set, in which order they are translated, and that
// none resolves a backend that it did not declare, because such a backend would not be sent to the proxies.
import type { TSchema } from 'typebox'
import { InvariantError, type Outcome } from '../../core/problem.ts'
import type { BackendObjectRef, FeatureContext, LocatedRef } from './context.ts'
import type { Feature } from './feature.ts'

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
    const spec = valueAt(section, feature.field)
    if (spec === undefined) return []
    const at = `${path}.${feature.field}`
    const declared = declaredOnly(ctx, feature.references(spec, at))
    return [{ feature, outcome: feature.translate(spec, declared, at) }]
  })
}

/** The references of each field of `section` that is set. */
export function fieldReferences<W>(
  features: readonly Feature<TSchema, W>[],
  section: object | undefined,
  path: string,
): readonly LocatedRef[] {
  return features.flatMap((feature) => {
    const spec = valueAt(section, feature.field)
    return spec === undefined ? [] : feature.references(spec, `${path}.${feature.field}`)
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

// What a feature is: one field of a policy with its schema, the references it holds, and its translation. Targets,
// keys, phases, conditions and status are the frame's; no feature knows any of them.
import type { Static, TSchema } from 'typebox'
import type { Outcome } from '../../core/problem.ts'
import type { BackendPolicySpec, FrontendPolicySpec, TrafficPolicySpec } from '../../wire/messages.ts'
import type { FeatureContext, LocatedRef } from './context.ts'

/** One field of a policy's section, translated to `W`. `field` may be a path: `mcp.authorization`. */
export interface Feature<S extends TSchema, W> {
  readonly field: string
  readonly schema: S
  /** The backends that the field refers to: looks only at the spec. `translate` may resolve no other. */
  references(spec: Static<S>, path: string): readonly LocatedRef[]
  /** `path` is where the field stands in its object. */
  translate(spec: Static<S>, ctx: FeatureContext, path: string): Outcome<W>
}

/** A field of `spec.backend`, and of the inline policies of backends. */
export interface BackendPolicyFeature<S extends TSchema = TSchema> extends Feature<S, BackendPolicySpec> {
  /** What follows the policy's name in the resource key. */
  readonly suffix: string
  /** What precedes it: some keys begin with `backend/`, others with the namespace. */
  readonly base: '' | 'backend/'
}

/** A field of `spec.frontend`. */
export interface FrontendFeature<S extends TSchema = TSchema> extends Feature<S, FrontendPolicySpec> {
  readonly suffix: string
}

/** One resource's worth of a traffic feature. */
export interface TrafficPart {
  readonly suffix: string
  readonly spec: TrafficPolicySpec
}

/** A field of `spec.traffic`; most make one part, `rateLimit` and `headerModifiers` up to two. */
export interface TrafficFeature<S extends TSchema = TSchema> extends Feature<S, readonly TrafficPart[]> {
  /** The suffixes that its parts may have. */
  readonly suffixes: readonly string[]
  /** `spec.traffic.phase` is stamped on its parts. */
  readonly isPhased: boolean
  /** The field may hold a `conditional` list of policies; the frame then calls it once per entry. */
  readonly isConditional: boolean
  /** It keeps requests out, so a condition that cannot be read must not let them in. */
  readonly isGuard: boolean
}

const noReferences = (): readonly LocatedRef[] => []

type Given<F, Defaulted extends keyof F> = Omit<F, Defaulted> & Partial<Pick<F, Defaulted>>

/** Declares a field of `spec.backend`. */
export function backendPolicyFeature<S extends TSchema>(
  feature: Given<BackendPolicyFeature<S>, 'references' | 'base'>,
): BackendPolicyFeature<S> {
  return { base: '', references: noReferences, ...feature }
}

/** Declares a field of `spec.frontend`. */
export function frontendFeature<S extends TSchema>(
  feature: Given<FrontendFeature<S>, 'references'>,
): FrontendFeature<S> {
  return { references: noReferences, ...feature }
}

/** Declares a field of `spec.traffic` that makes one part. */
export function trafficFeature<S extends TSchema>(
  feature: Given<
    Omit<TrafficFeature<S>, 'suffixes' | 'translate'>,
    'references' | 'isPhased' | 'isConditional' | 'isGuard'
  > & {
    readonly suffix: string
    translate(spec: Static<S>, ctx: FeatureContext, path: string): Outcome<TrafficPolicySpec>
  },
): TrafficFeature<S> {
  const { suffix, translate, ...rest } = feature
  return splitTrafficFeature({
    ...rest,
    suffixes: [suffix],
    translate: (spec, ctx, path) => {
      const { value, problems } = translate(spec, ctx, path)
      return { value: value === undefined ? [] : [{ suffix, spec: value }], problems }
    },
  })
}

/** Declares a field of `spec.traffic` that makes several parts. */
export function splitTrafficFeature<S extends TSchema>(
  feature: Given<TrafficFeature<S>, 'references' | 'isPhased' | 'isConditional' | 'isGuard'>,
): TrafficFeature<S> {
  return { references: noReferences, isPhased: false, isConditional: false, isGuard: false, ...feature }
}

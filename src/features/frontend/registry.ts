// The list of frontend policies, in the order in which they are translated and their problems reported. A new one is a
// file beside this one, a line in the list, and a line among the fields.
import type { Problem } from '../../core/problem.ts'
import type { FrontendPolicySpec } from '../../wire/messages.ts'
import type { LocatedRef } from '../shared/context.ts'
import type { FrontendFeature } from '../shared/feature.ts'
import { type Frame, fieldReferences, translateFields } from '../shared/frame.ts'

const features: readonly FrontendFeature[] = []

/** Fields of `spec.frontend`. */
export const frontendFields = {}

/** A frontend policy and what its resource key ends with. */
export interface TranslatedFrontendPolicy {
  readonly suffix: string
  readonly frontend: FrontendPolicySpec
}

/** The references of a frontend section. */
export function frontendReferences(section: object | undefined, path: string): readonly LocatedRef[] {
  return fieldReferences(features, section, path)
}

/** A frontend section on the wire. */
export function translateFrontendPolicies(
  section: object | undefined,
  frame: Frame,
): { readonly policies: readonly TranslatedFrontendPolicy[]; readonly problems: readonly Problem[] } {
  const translated = translateFields<FrontendPolicySpec, FrontendFeature>(features, section, frame)
  return {
    policies: translated.flatMap(({ feature: { suffix }, outcome }) =>
      outcome.value === undefined ? [] : [{ suffix, frontend: outcome.value }],
    ),
    problems: translated.flatMap(({ outcome }) => outcome.problems),
  }
}

// The list of traffic policies, in the order in which they are translated and their problems reported. A new one is a
// file beside this one, a line in the list, and a line among the fields.
import type { Problem } from '../../core/problem.ts'
import { Doc, Enum, Opt } from '../../schema/combinators.ts'
import type { LocatedRef } from '../shared/context.ts'
import type { Feature, TrafficFeature } from '../shared/feature.ts'
import { type Frame, fieldReferences, translateFields } from '../shared/frame.ts'
import { framed, type TranslatedTrafficPolicy } from '../shared/traffic-frame.ts'

const features: readonly TrafficFeature[] = []

/** Fields of `spec.traffic`. */
export const trafficFields = {
  phase: Opt(
    Doc(
      'When the policies act: before a route is chosen, or after it (the default).',
      Enum(['PreRouting', 'PostRouting']),
    ),
  ),
}

/** The section as far as the frame reads it. */
export interface TrafficSection {
  readonly phase?: string
}

/** The references of a traffic section. */
export function trafficReferences(section: TrafficSection | undefined, path: string): readonly LocatedRef[] {
  return fieldReferences(framedFeatures(section), section, path)
}

/** A traffic section on the wire. */
export function translateTrafficPolicies(
  section: TrafficSection | undefined,
  frame: Frame,
): { readonly policies: readonly TranslatedTrafficPolicy[]; readonly problems: readonly Problem[] } {
  const translated = translateFields<readonly TranslatedTrafficPolicy[], FramedFeature>(
    framedFeatures(section),
    section,
    frame,
  )
  return {
    policies: translated.flatMap(({ outcome }) => outcome.value ?? []),
    problems: translated.flatMap(({ outcome }) => outcome.problems),
  }
}

type FramedFeature = Feature<TrafficFeature['schema'], readonly TranslatedTrafficPolicy[]>

function framedFeatures(section: TrafficSection | undefined): readonly FramedFeature[] {
  return features.map((feature) => framed(feature, section?.phase))
}

// The list of traffic policies, in the order in which they are translated and their problems reported. A new one is a
// file beside this one, a line in the list, and a line among the fields.
import type { Problem } from '../../core/problem.ts'
import { Doc, Enum, Opt } from '../../schema/combinators.ts'
import type { LocatedRef } from '../shared/context.ts'
import type { Feature, TrafficFeature } from '../shared/feature.ts'
import { type Frame, fieldReferences, translateFields } from '../shared/frame.ts'
import { framed, type TranslatedTrafficPolicy } from '../shared/traffic-frame.ts'
import { apiKeyAuthentication } from './api-key-authentication.ts'
import { authorization } from './authorization.ts'
import { basicAuthentication } from './basic-authentication.ts'
import { buffer } from './buffer.ts'
import { cors } from './cors.ts'
import { csrf } from './csrf.ts'
import { delay } from './delay.ts'
import { directResponse } from './direct-response.ts'
import { extAuth } from './ext-auth.ts'
import { extProc } from './ext-proc.ts'
import { headerModifiers } from './header-modifiers.ts'
import { hostRewrite } from './host-rewrite.ts'
import { jwtAuthentication } from './jwt-authentication.ts'
import { rateLimit } from './rate-limit.ts'
import { retry } from './retry.ts'
import { timeouts } from './timeouts.ts'
import { transformation } from './transformation.ts'

const features: readonly TrafficFeature[] = [
  extAuth,
  extProc,
  authorization,
  rateLimit,
  transformation,
  csrf,
  cors,
  headerModifiers,
  hostRewrite,
  timeouts,
  retry,
  delay,
  directResponse,
  buffer,
  jwtAuthentication,
  apiKeyAuthentication,
  basicAuthentication,
]

/** Fields of `spec.traffic`. */
export const trafficFields = {
  apiKeyAuthentication: Opt(Doc('Let requests pass that show a known key.', apiKeyAuthentication.schema)),
  authorization: Opt(Doc('Let requests pass by CEL rules.', authorization.schema)),
  basicAuthentication: Opt(Doc('Let requests pass that show a name and password.', basicAuthentication.schema)),
  buffer: Opt(Doc('Hold bodies until they are complete.', buffer.schema)),
  cors: Opt(Doc('Let pages of other origins send requests.', cors.schema)),
  csrf: Opt(Doc('Refuse requests that pages of other origins make a browser send.', csrf.schema)),
  delay: Opt(Doc('Hold requests back for a while, as a test.', delay.schema)),
  directResponse: Opt(Doc('Answer without asking a backend.', directResponse.schema)),
  extAuth: Opt(Doc('Ask an external service whether a request may pass.', extAuth.schema)),
  extProc: Opt(Doc('Let an external service change requests and responses.', extProc.schema)),
  headerModifiers: Opt(Doc('Set, add and remove fixed headers.', headerModifiers.schema)),
  hostRewrite: Opt(Doc('Which host name backends are asked for.', hostRewrite.schema)),
  jwtAuthentication: Opt(Doc('Let requests pass that show a signed token.', jwtAuthentication.schema)),
  phase: Opt(
    Doc(
      'When the policies act: before a route is chosen, or after it (the default).',
      Enum(['PreRouting', 'PostRouting']),
    ),
  ),
  rateLimit: Opt(Doc('Limit how many requests or tokens pass.', rateLimit.schema)),
  retry: Opt(Doc('Send failed requests again.', retry.schema)),
  timeouts: Opt(Doc('Limit how long requests take.', timeouts.schema)),
  transformation: Opt(Doc('Rewrite requests and responses by CEL.', transformation.schema)),
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

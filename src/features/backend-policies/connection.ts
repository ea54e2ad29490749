// The policies about a connection alone, which the upstreams of other policies take as well.
import type { Problem } from '../../core/problem.ts'
import { Doc, Opt } from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import type { FeatureContext, LocatedRef } from '../shared/context.ts'
import type { BackendPolicyFeature } from '../shared/feature.ts'
import { fieldReferences, translateFields } from '../shared/frame.ts'
import { auth } from './auth.ts'
import { http } from './http.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { tunnel } from './tunnel.ts'

/** One policy, and what its resource key is made of. */
export interface TranslatedBackendPolicy {
  readonly base: '' | 'backend/'
  readonly suffix: string
  readonly spec: BackendPolicySpec
}

/** What a list of policies was translated into: one entry per policy, in a fixed order. */
export interface TranslatedBackendPolicies {
  readonly policies: readonly TranslatedBackendPolicy[]
  readonly problems: readonly Problem[]
}

/** Fields of a policy about connections; `auth` comes in several variants. */
export const connectionFields = {
  http: Opt(Doc('How HTTP is spoken.', http.schema)),
  tcp: Opt(Doc('Options of TCP connections.', tcp.schema)),
  tls: Opt(Doc('Encrypt connections; `{}` trusts the CAs of the system.', tls.schema)),
  tunnel: Opt(Doc('Connect through an HTTP proxy.', tunnel.schema)),
}

const features: readonly BackendPolicyFeature[] = [http, tunnel, tls, tcp, auth]

/** The references of policies about connections. */
export function connectionReferences(policies: object | undefined, path: string): readonly LocatedRef[] {
  return fieldReferences(features, policies, path)
}

/** Policies about connections on the wire. */
export function translateConnection(
  policies: object | undefined,
  ctx: FeatureContext,
  path: string,
): TranslatedBackendPolicies {
  return translateBackendFeatures(features, policies, { ctx, path })
}

/** Translates each field that is set, in the order of `list`. */
export function translateBackendFeatures(
  list: readonly BackendPolicyFeature[],
  policies: object | undefined,
  frame: { readonly ctx: FeatureContext; readonly path: string },
): TranslatedBackendPolicies {
  const translated = translateFields<BackendPolicySpec, BackendPolicyFeature>(list, policies, frame)
  return {
    policies: translated.flatMap(({ feature: { base, suffix }, outcome }) =>
      outcome.value === undefined ? [] : [{ base, suffix, spec: outcome.value }],
    ),
    problems: translated.flatMap(({ outcome }) => outcome.problems),
  }
}

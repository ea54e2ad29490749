// What all traffic features share: the phase in which they act, and `conditional`, a list of policies of which the
// first whose condition holds is used.
import type { TSchema } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import type { ConditionalPolicies, ConditionalPolicy, TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlawsSaying } from './cel.ts'
import type { FeatureContext, LocatedRef } from './context.ts'
import type { Feature, TrafficFeature } from './feature.ts'
import { flaw, outcome, refusal, take } from './flaws.ts'
import { itemsOf } from './lists.ts'

/** A traffic policy and what its resource key ends with. */
export type TranslatedTrafficPolicy =
  | { readonly suffix: string; readonly traffic: TrafficPolicySpec }
  | { readonly suffix: string; readonly conditional: ConditionalPolicies }

/** The shape of a field that may hold `conditional`; its other fields are the feature's to know. */
interface ConditionalSpec {
  readonly conditional?: readonly { readonly condition?: string; readonly policy?: unknown }[]
}

/** A traffic feature seen as a field of the section: with its phase, and its conditions resolved. */
export function framed(
  feature: TrafficFeature,
  phase: string | undefined,
): Feature<TSchema, readonly TranslatedTrafficPolicy[]> {
  const stamp = (spec: TrafficPolicySpec): TrafficPolicySpec =>
    feature.isPhased ? { ...spec, phase: phase === 'PreRouting' ? 'GATEWAY' : 'ROUTE' } : spec
  return {
    field: feature.field,
    schema: feature.schema,
    references: (spec, path) => referencesOf(feature, spec, path),
    translate: (spec, ctx, path) => {
      if (choicesOf(feature, spec) !== undefined) return translateChoices(feature, spec, { ctx, path, stamp })
      const { value, problems } = feature.translate(spec, ctx, path)
      return outcome(
        (value ?? []).map(({ suffix, spec: traffic }) => ({ suffix, traffic: stamp(traffic) })),
        problems,
      )
    },
  }
}

function choicesOf(feature: TrafficFeature, spec: unknown): ConditionalSpec['conditional'] {
  if (!feature.isConditional) return undefined
  // Any object can be asked for the field; what it holds is checked by itemsOf.
  return (spec as ConditionalSpec).conditional ?? undefined
}

function referencesOf(feature: TrafficFeature, spec: unknown, path: string): readonly LocatedRef[] {
  const choices = choicesOf(feature, spec)
  if (choices === undefined) return feature.references(spec, path)
  return itemsOf(choices).flatMap(({ policy }, i) =>
    policy === undefined ? [] : feature.references(policy, `${path}.conditional[${i}].policy`),
  )
}

function translateChoices(
  feature: TrafficFeature,
  spec: unknown,
  {
    ctx,
    path,
    stamp,
  }: {
    readonly ctx: FeatureContext
    readonly path: string
    readonly stamp: (spec: TrafficPolicySpec) => TrafficPolicySpec
  },
): Outcome<readonly TranslatedTrafficPolicy[]> {
  const problems: Problem[] = []
  const bySuffix = new Map<string, ConditionalPolicy[]>()
  let isClosed = false
  for (const [i, { condition, policy }] of itemsOf(choicesOf(feature, spec)).entries()) {
    const at = `${path}.conditional[${i}]`
    const flaws = celFlawsSaying('condition CEL expression is invalid', condition, `${at}.condition`)
    problems.push(...(feature.isGuard ? flaws.map(closing) : flaws))
    isClosed ||= feature.isGuard && flaws.length > 0
    const parts = take(feature.translate(policy ?? {}, ctx, `${at}.policy`), problems) ?? []
    for (const part of parts) {
      const list = bySuffix.get(part.suffix) ?? []
      list.push({ ...(condition === undefined ? {} : { condition }), traffic: stamp(part.spec) })
      bySuffix.set(part.suffix, list)
    }
  }
  // Proxies refuse an empty list, so it is said here instead.
  if (bySuffix.size === 0)
    problems.push(flaw(`${path}.conditional`, `${feature.field} conditional has no usable entry`))
  const value = feature.suffixes.flatMap((suffix): TranslatedTrafficPolicy[] => {
    const policies = bySuffix.get(suffix)
    if (policies === undefined) return []
    const chosen = { suffix, conditional: { policies } }
    return isClosed
      ? [chosen, { suffix: `${suffix}-closed`, traffic: stamp({ authorization: { require: ['false'] } }) }]
      : [chosen]
  })
  return outcome(value, problems)
}

function closing({ path, message }: Problem): Problem {
  return refusal(path, `${message}; everything is denied until this condition is mended`)
}

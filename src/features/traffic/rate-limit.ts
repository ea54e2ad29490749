// How many requests or tokens may pass in a time: counted by each proxy itself, or by a rate limit service for all.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { atLeastOneOf, Doc, Enum, exactlyOneOf, Int32, items, List, Obj, Opt, range } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import type { FeatureContext } from '../shared/context.ts'
import { endpointReferences, resolveEndpoint } from '../shared/endpoints.ts'
import { splitTrafficFeature, type TrafficPart } from '../shared/feature.ts'
import { flaw, outcome, prefixed, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import {
  celExpression,
  conditional,
  endpointChoice,
  endpointFields,
  endpointUrlWithoutPath,
  failureMode,
  shortString,
  tinyString,
} from '../shared/refs.ts'

const localLimit = Obj(
  {
    burst: Opt(Doc('How many more may pass at once after a quiet time.', Int32(range(0)))),
    requests: Opt(Doc('Requests that may pass per unit.', Int32(range(1)))),
    tokens: Opt(Doc('Tokens of language models that may pass per unit.', Int32(range(1)))),
    unit: Doc('Unit of time.', Enum(['Hours', 'Minutes', 'Seconds'])),
  },
  exactlyOneOf('requests', 'tokens'),
)

const globalLimit = Obj(
  {
    ...endpointFields,
    descriptors: Doc(
      'What the service is asked about; every descriptor is a question of its own.',
      List(
        Obj({
          cost: Opt(Doc('CEL expression of how much a request counts.', celExpression)),
          entries: Doc(
            'Names and values by which the service finds the limit.',
            List(
              Obj({
                expression: Doc('CEL expression of the value.', celExpression),
                name: Doc('Name of the entry.', tinyString),
              }),
              items(1, 16),
            ),
          ),
          limitOverride: Opt(Doc('CEL expression of a limit to use instead of the one of the service.', celExpression)),
          unit: Opt(Doc('What is counted; requests by default.', Enum(['Requests', 'Tokens']))),
        }),
        items(1, 16),
      ),
    ),
    domain: Doc('Domain of the limits at the service.', shortString),
    failureMode: Opt(Doc('What happens while the service cannot be asked; closed by default.', failureMode)),
  },
  endpointUrlWithoutPath,
  endpointChoice,
)

type LocalRateLimit = NonNullable<TrafficPolicySpec['localRateLimit']>
type RemoteRateLimit = NonNullable<TrafficPolicySpec['remoteRateLimit']>
type Rule = NonNullable<LocalRateLimit['rules']>[number]

const SECONDS = { Seconds: '1', Minutes: '60', Hours: '3600' } as const

/** `rateLimit`: limits per proxy (`local`) and over all proxies (`global`). */
export const rateLimit = splitTrafficFeature({
  field: 'rateLimit',
  suffixes: ['rl-local', 'rl-global'],
  isPhased: true,
  isConditional: true,
  schema: conditional(
    {
      global: Opt(Doc('Limits that a service keeps for all proxies.', globalLimit)),
      local: Opt(Doc('Limits that each proxy keeps for itself; all of them apply.', List(localLimit, items(1, 16)))),
    },
    [atLeastOneOf('conditional', 'global', 'local')],
    [atLeastOneOf('global', 'local')],
  ),
  references: (spec, path) => endpointReferences(spec.global, `${path}.global`),
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const parts: TrafficPart[] = []
    const localRateLimit = take(translateLocal(spec.local, `${path}.local`), problems)
    if (localRateLimit !== undefined) parts.push({ suffix: 'rl-local', spec: { localRateLimit } })
    if (spec.global !== undefined) {
      const remoteRateLimit = take(translateGlobal(spec.global, ctx, `${path}.global`), problems)
      if (remoteRateLimit !== undefined) parts.push({ suffix: 'rl-global', spec: { remoteRateLimit } })
    }
    return outcome(parts, problems)
  },
})

function translateLocal(
  limits: readonly Static<typeof localLimit>[] | undefined,
  path: string,
): Outcome<LocalRateLimit> {
  const problems: Problem[] = []
  const rules: Rule[] = []
  for (const [i, { burst, requests, tokens, unit }] of itemsOf(limits).entries()) {
    const base = requests ?? tokens
    const seconds = SECONDS[unit]
    // Proxies refuse a limit without interval or amount, and with it all others.
    if (!isAmount(base) || base === 0 || seconds === undefined) {
      problems.push(flaw(`${path}[${i}]`, 'a local rate limit needs a unit and a number of requests or tokens'))
      continue
    }
    rules.push({
      maxTokens: String(base + (isAmount(burst) ? burst : 0)),
      tokensPerFill: String(base),
      fillInterval: { seconds, nanos: 0 },
      type: requests === undefined ? 'TOKEN' : 'REQUEST',
    })
  }
  // Proxies that do not know of lists read the first rule beside the list.
  const [first] = rules
  return outcome(first && { ...first, rules }, problems)
}

function isAmount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0
}

function translateGlobal(
  spec: Static<typeof globalLimit>,
  ctx: FeatureContext,
  path: string,
): Outcome<RemoteRateLimit> {
  const problems: Problem[] = []
  const endpoint = take(prefixed('failed to build global rate limit: ', resolveEndpoint(spec, ctx, path)), problems)
  const value: RemoteRateLimit = {
    domain: spec.domain,
    failureMode: spec.failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED',
    descriptors: itemsOf(spec.descriptors).map(({ entries, unit, cost, limitOverride }, i) => {
      const at = `${path}.descriptors[${i}]`
      for (const [j, { name, expression }] of itemsOf(entries).entries()) {
        problems.push(
          ...celFlaws(expression, `${at}.entries[${j}].expression`, `rate limit descriptor entry "${name}"`),
        )
      }
      problems.push(
        ...celFlaws(cost, `${at}.cost`, 'rate limit descriptor cost'),
        ...celFlaws(limitOverride, `${at}.limitOverride`, 'rate limit descriptor limit override'),
      )
      return {
        entries: itemsOf(entries).map(({ name, expression }) => ({ key: name, value: expression })),
        type: unit === 'Tokens' ? 'TOKENS' : 'REQUESTS',
        cost,
        limitOverride,
      }
    }),
  }
  if (endpoint !== undefined) {
    value.target = endpoint.reference
    value.inlinePolicies = [...endpoint.inlinePolicies]
  }
  return outcome(value, problems)
}

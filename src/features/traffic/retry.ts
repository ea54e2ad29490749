// When and how often a failed request is sent again.
import type { Problem } from '../../core/problem.ts'
import { Doc, Int, List, Obj, Opt, range, Str, setList } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import { wireDuration } from '../shared/durations.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flaw, outcome } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { celExpression } from '../shared/refs.ts'

/** The wire has a number of 32 bits of which the proxy reads eight. */
const MOST_ATTEMPTS = 255

/** `retry`: send failed requests again. */
export const retry = trafficFeature({
  field: 'retry',
  suffix: 'retry',
  schema: Obj({
    attempts: Opt(Doc('How often a request is sent again; once by default.', Int(range(1)))),
    backoff: Opt(Doc('How long to wait before sending again.', Str({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }))),
    codes: Opt(
      Doc('Statuses of responses after which the request is sent again.', List(Int(range(400, 599)), setList)),
    ),
    condition: Opt(Doc('CEL over the response; the request is sent again when true, besides `codes`.', celExpression)),
    precondition: Opt(
      Doc('CEL over the request; when false it is never sent again, and its body is not kept.', celExpression),
    ),
  }),
  translate: (spec, _ctx, path) => {
    const problems: Problem[] = []
    const attempts = Number(spec.attempts ?? 0)
    const isCount = Number.isInteger(attempts) && attempts >= 0
    if (!isCount) {
      problems.push(
        flaw(`${path}.attempts`, `failed to parse retry attempts should be positive int32 (${spec.attempts})`),
      )
    }
    const backoff = wireDuration(spec.backoff)
    if (spec.backoff !== undefined && (backoff === undefined || backoff.nanos < 0 || Number(backoff.seconds) < 0)) {
      problems.push(flaw(`${path}.backoff`, `failed to parse retries backoff: not a duration: ${spec.backoff}`))
    }
    const codes = itemsOf(spec.codes)
    const statuses = codes.filter((code) => Number.isInteger(code) && code >= 100 && code <= 999)
    if (statuses.length < codes.length) {
      problems.push(flaw(`${path}.codes`, 'retry codes that are not HTTP statuses are left out'))
    }
    problems.push(
      ...celFlaws(spec.precondition, `${path}.precondition`, 'retry precondition'),
      ...celFlaws(spec.condition, `${path}.condition`, 'retry condition'),
    )
    const value: NonNullable<TrafficPolicySpec['retry']> = {
      attempts: isCount ? Math.min(attempts, MOST_ATTEMPTS) : 0,
      retryStatusCodes: statuses,
      precondition: spec.precondition,
      condition: spec.condition,
    }
    if (backoff !== undefined && backoff.nanos >= 0 && Number(backoff.seconds) >= 0) value.backoff = backoff
    return outcome({ retry: value }, problems)
  },
})

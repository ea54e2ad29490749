// Answering requests without asking any backend.
import type { Problem } from '../../core/problem.ts'
import {
  Doc,
  Int32,
  items,
  List,
  length,
  mapList,
  notBoth,
  Obj,
  Opt,
  range,
  rule,
  Str,
} from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flaw, flawed, outcome } from '../shared/flaws.ts'
import { headerNameFlaw, isHeaderName } from '../shared/header-names.ts'
import { itemsOf } from '../shared/lists.ts'
import { celExpression, conditional, headerName } from '../shared/refs.ts'

const oneBody = notBoth('body', 'bodyExpression', 'body and bodyExpression may not both be set')

/** `directResponse`: answer at once. */
export const directResponse = trafficFeature({
  field: 'directResponse',
  suffix: 'direct-response',
  isPhased: true,
  isConditional: true,
  schema: conditional(
    {
      body: Opt(Doc('Body of the answer.', Str(length(1, 4096)))),
      bodyExpression: Opt(Doc('CEL expression of the body of the answer.', celExpression)),
      headers: Opt(
        Doc(
          'Headers of the answer.',
          List(
            Obj({
              name: Doc('Name of the header.', headerName),
              value: Doc('CEL expression of its value.', celExpression),
            }),
            items(1, 16),
            mapList('name'),
          ),
        ),
      ),
      status: Opt(Doc('Status of the answer.', Int32(range(200, 599)))),
    },
    [oneBody, rule('has(self.conditional) ? true : has(self.status)', 'status: Required value')],
    [rule('has(self.status)', 'status is required'), oneBody],
  ),
  translate: (spec, _ctx, path) => {
    const { status, body, bodyExpression } = spec
    if (status === undefined) return flawed(`${path}.status`, 'failed to build directResponse: status is required')
    if (!Number.isInteger(status) || status < 100 || status > 999) {
      return flawed(`${path}.status`, `failed to build directResponse: ${status} is not an HTTP status`)
    }
    const problems: Problem[] = [...celFlaws(bodyExpression, `${path}.bodyExpression`, 'directResponse bodyExpression')]
    const headers = itemsOf(spec.headers).flatMap(({ name, value }, i) => {
      const at = `${path}.headers[${i}]`
      problems.push(...celFlaws(value, `${at}.value`, `directResponse header "${name}"`))
      if (isHeaderName(name)) return [{ name, expression: value }]
      problems.push(headerNameFlaw(name, `${at}.name`))
      return []
    })
    if (body !== undefined && bodyExpression !== undefined) {
      problems.push(flaw(path, 'directResponse body and bodyExpression may not both be set'))
    }
    const value: NonNullable<TrafficPolicySpec['directResponse']> = { status, bodyExpression, headers }
    if (body !== undefined) value.body = Buffer.from(body)
    return outcome({ directResponse: value }, problems)
  },
})

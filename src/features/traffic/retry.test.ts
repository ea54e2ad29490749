import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const retry = (spec: object) => traffic({ retry: spec })

test.each([
  [{}, {}],
  [
    { attempts: 3, backoff: '1m30s' },
    { attempts: 3, backoff: '90s' },
  ],
  [{ attempts: 2147483648 }, { attempts: 255 }],
  [
    { codes: [500], precondition: 'a', condition: 'b' },
    { retryStatusCodes: [500], precondition: 'a', condition: 'b' },
  ],
])('translates %j', (spec, sent) => {
  expect(retry(spec)).toEqual({ sent: { retry: { retry: sent } }, said: [] })
})

test.each([
  [{ attempts: -1 }, {}, 'attempts: failed to parse retry attempts should be positive int32 (-1)'],
  [{ backoff: 'soon' }, {}, 'backoff: failed to parse retries backoff: not a duration: soon'],
  [{ backoff: '-1s' }, {}, 'backoff: failed to parse retries backoff: not a duration: -1s'],
  [{ codes: [7, 502] }, { retryStatusCodes: [502] }, 'codes: retry codes that are not HTTP statuses are left out'],
  [{ condition: '{{x}}' }, { condition: '{{x}}' }, 'condition: retry condition is not a valid CEL expression: {{x}}'],
])('sends what can be sent of %j', (spec, sent, message) => {
  expect(retry(spec)).toEqual({ sent: { retry: { retry: sent } }, said: [`spec.traffic.retry.${message}`] })
})

// External authorization of requests; all of it is shared with backends, except which of its fields must be set.
import { exactlyOneOf, rule, saying } from '../../schema/combinators.ts'
import { endpointReferences } from '../shared/endpoints.ts'
import { extAuthFields, extAuthRules, translateExtAuth } from '../shared/ext-auth.ts'
import { trafficFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { conditional } from '../shared/refs.ts'
import { endpointUnlessConditional } from './endpoint-rule.ts'

/** `extAuth`: ask a service whether a request may pass. */
export const extAuth = trafficFeature({
  field: 'extAuth',
  suffix: 'extauth',
  isPhased: true,
  isConditional: true,
  isGuard: true,
  schema: conditional(
    extAuthFields,
    [
      endpointUnlessConditional,
      rule(
        'has(self.conditional) || [has(self.grpc),has(self.http)].filter(x,x==true).size() == 1',
        'exactly one of the fields in [grpc http] must be set',
      ),
      ...extAuthRules,
    ],
    [
      saying('exactly one of backendRef or url is required', exactlyOneOf('backendRef', 'url')),
      exactlyOneOf('grpc', 'http'),
      ...extAuthRules,
    ],
  ),
  references: endpointReferences,
  translate: (spec, ctx, path) => {
    const { value, problems } = translateExtAuth(spec, ctx, path)
    return outcome({ extAuthz: value ?? {} }, problems)
  },
})

// Whether a request may pass, by CEL rules. What a bad rule does is decided where rules are shared.
import { trafficFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { authorizationRules, translateRules } from '../shared/rules.ts'

/** `authorization`: allow, deny or require by CEL. */
export const authorization = trafficFeature({
  field: 'authorization',
  suffix: 'rbac',
  isPhased: true,
  schema: authorizationRules,
  translate: (spec, _ctx, path) => {
    const { value, problems } = translateRules(spec, path, 'authorization matchExpression')
    return outcome({ authorization: value }, problems)
  },
})

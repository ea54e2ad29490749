// Who may connect at all, by CEL rules over the connection. Other controllers do not check these expressions; we do,
// because a bad rule that denies would deny nobody.
import { frontendFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { authorizationRules, translateRules } from '../shared/rules.ts'

/** `networkAuthorization`: allow, deny or require by CEL, before anything is read. */
export const networkAuthorization = frontendFeature({
  field: 'networkAuthorization',
  suffix: 'frontend-network-authz',
  schema: authorizationRules,
  translate: (spec, _ctx, path) => {
    const { value, problems } = translateRules(spec, path, 'frontend networkAuthorization matchExpression')
    return outcome({ networkAuthorization: value }, problems)
  },
})

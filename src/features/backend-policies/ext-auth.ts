// External authorization once a backend has been chosen; all of it is shared with traffic.
import { exactlyOneOf, Obj, saying } from '../../schema/combinators.ts'
import { endpointReferences } from '../shared/endpoints.ts'
import { extAuthFields, extAuthRules, translateExtAuth } from '../shared/ext-auth.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'

/** `extAuth`: ask a service whether a request may go to this backend. */
export const extAuth = backendPolicyFeature({
  field: 'extAuth',
  base: 'backend/',
  suffix: 'extauth',
  schema: Obj(
    extAuthFields,
    saying('exactly one of backendRef or url must be set', exactlyOneOf('backendRef', 'url')),
    ...extAuthRules,
  ),
  references: endpointReferences,
  translate: (spec, ctx, path) => {
    const { value, problems } = translateExtAuth(spec, ctx, path)
    return outcome({ extAuthz: value ?? {} }, problems)
  },
})

// Rewriting of what is sent to a backend and of what it answers; all of it is shared with traffic.
import { atLeastOneOf, Obj } from '../../schema/combinators.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { transformationFields, translateTransformation } from '../shared/transformation.ts'

/** `transformation`: rewriting of what is sent to the backend and of what it answers. */
export const transformation = backendPolicyFeature({
  field: 'transformation',
  suffix: 'backend-transformation',
  schema: Obj(transformationFields, atLeastOneOf('request', 'response')),
  translate: (spec, _ctx, path) => {
    const { value, problems } = translateTransformation(spec, path)
    return outcome({ transformation: value ?? {} }, problems)
  },
})

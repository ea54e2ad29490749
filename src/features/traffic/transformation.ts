// Rewriting of requests before a backend is chosen and of responses; all of it is shared with backends.
import { atLeastOneOf } from '../../schema/combinators.ts'
import { trafficFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { conditional } from '../shared/refs.ts'
import { transformationFields, translateTransformation } from '../shared/transformation.ts'

/** `transformation`: rewrite headers, body and metadata by CEL. */
export const transformation = trafficFeature({
  field: 'transformation',
  suffix: 'transformation',
  isPhased: true,
  isConditional: true,
  schema: conditional(
    transformationFields,
    [atLeastOneOf('conditional', 'request', 'response')],
    [atLeastOneOf('request', 'response')],
  ),
  translate: (spec, _ctx, path) => {
    const { value, problems } = translateTransformation(spec, path)
    const isEmpty = value?.request === undefined && value?.response === undefined
    return outcome(isEmpty ? undefined : { transformation: value }, problems)
  },
})

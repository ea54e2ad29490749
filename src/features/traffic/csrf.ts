// Refusing requests that a browser sends on behalf of a page from another origin.
import { ok } from '../../core/problem.ts'
import { Doc, items, List, Obj, Opt } from '../../schema/combinators.ts'
import { trafficFeature } from '../shared/feature.ts'
import { itemsOf } from '../shared/lists.ts'
import { shortString } from '../shared/refs.ts'

/** `csrf`: only requests from the same origin, or from these. */
export const csrf = trafficFeature({
  field: 'csrf',
  suffix: 'csrf',
  schema: Obj({
    additionalOrigins: Opt(
      Doc(
        'Other origins whose pages may send requests, such as `https://example.com`.',
        List(shortString, items(1, 16)),
      ),
    ),
  }),
  translate: (spec) => ok({ csrf: { additionalOrigins: [...itemsOf(spec.additionalOrigins)] } }),
})

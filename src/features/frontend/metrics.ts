// Labels that metrics of requests carry besides their own.
import { atLeastOneOf, Doc, items, List, mapList, Obj, Opt } from '../../schema/combinators.ts'
import { frontendFeature } from '../shared/feature.ts'
import { outcome } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { attribute, attributeFlaws } from './attributes.ts'

/** `metrics`: add labels. */
export const metrics = frontendFeature({
  field: 'metrics',
  suffix: 'frontend-metrics',
  schema: Obj({
    attributes: Doc(
      'The labels.',
      Obj(
        {
          add: Opt(
            Doc('Labels to add; each value makes a series of its own.', List(attribute, items(1, 16), mapList('name'))),
          ),
        },
        atLeastOneOf('add'),
      ),
    ),
  }),
  translate: ({ attributes }, _ctx, path) => {
    const add = itemsOf(attributes?.add).map(({ name, expression }) => ({ name, expression }))
    return outcome(
      { metrics: { fields: { add } } },
      attributeFlaws(attributes?.add, `${path}.attributes.add`, 'frontend metrics field'),
    )
  },
})

// Attributes that are added to and removed from what is logged and traced.
import type { Static } from 'typebox'
import type { Problem } from '../../core/problem.ts'
import { atLeastOneOf, Doc, items, List, Obj, Opt } from '../../schema/combinators.ts'
import { celFlaws } from '../shared/cel.ts'
import { itemsOf } from '../shared/lists.ts'
import { celExpression, shortString, tinyString } from '../shared/refs.ts'

/** A name and the CEL expression of its value. */
export const attribute = Obj({
  expression: Doc('CEL expression of the value.', celExpression),
  name: Doc('Name of the attribute.', shortString),
})
/** A named CEL expression. */
export type Attribute = Static<typeof attribute>

/** `attributes`: what to add and what to remove. */
export const attributes = Obj(
  {
    add: Opt(Doc('Attributes to add.', List(attribute, { minItems: 1 }))),
    remove: Opt(Doc('Names of attributes to drop.', List(tinyString, items(1, 32)))),
  },
  atLeastOneOf('add', 'remove'),
)
/** Changes to a set of attributes. */
export type Attributes = Static<typeof attributes>

/** What is wrong with expressions of attributes; `what` begins each message. */
export function attributeFlaws(list: readonly Attribute[] | undefined, path: string, what: string): readonly Problem[] {
  return itemsOf(list).flatMap(({ name, expression }, i) =>
    celFlaws(expression, `${path}[${i}].expression`, `${what} "${name}"`),
  )
}

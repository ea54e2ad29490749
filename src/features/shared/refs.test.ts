import type { Static } from 'typebox'
import { expect, expectTypeOf, test } from 'vitest'
import { Doc, exactlyOneOf, Int32, notBoth, Opt, rule, Str } from '../../schema/combinators.ts'
import { structural } from '../../schema/crd.ts'
import { conditional } from './refs.ts'

test('a conditional policy has the same fields directly and per condition', () => {
  const schema = conditional(
    { body: Opt(Doc('Text.', Str())), status: Opt(Doc('Status.', Int32())) },
    [notBoth('body', 'status', 'not both')],
    [rule('has(self.status)', 'status is required'), exactlyOneOf('body', 'status')],
  )
  type Choice = Static<typeof schema>
  expectTypeOf<NonNullable<Choice['conditional']>[number]['policy']>().toEqualTypeOf<{
    body?: string
    status?: number
  }>()
  expectTypeOf<Choice['status']>().toEqualTypeOf<number | undefined>()
  const plain = structural(schema)
  expect(plain['x-kubernetes-validations']).toEqual([
    { rule: '!(has(self.body) && has(self.status))', message: 'not both' },
    {
      rule: 'has(self.conditional) ? [has(self.body),has(self.status)].filter(x,x==true).size() == 0 : true',
      message: 'conditional cannot be set with any other field',
    },
  ])
  const branch = plain.properties?.conditional?.items?.properties?.policy
  expect(branch?.['x-kubernetes-validations']?.[0]?.message).toBe('status is required')
})

import { expect, test } from 'vitest'
import { AnyJson, Bool, Dict, Enum, Int32, IntOrString, List, Obj, Opt, Str } from '../../schema/combinators.ts'
import { asDescribed } from './as-described.ts'

const schema = Obj({
  name: Str(),
  count: Opt(Int32()),
  size: Opt(IntOrString()),
  isOn: Opt(Bool()),
  mode: Opt(Enum(['A', 'B'])),
  list: Opt(List(Obj({ name: Str() }))),
  map: Opt(Dict(Str())),
  free: Opt(AnyJson()),
})

test('a value of the described types is the very same value', () => {
  const value = { name: 'a', count: 1, size: '1Ki', list: [{ name: 'b' }], map: { c: 'd' }, free: [null, { e: null }] }
  expect(asDescribed(schema, value, 'spec').value).toBe(value)
  expect(asDescribed(schema, value, 'spec').problems).toEqual([])
})

test('nulls go without a word, as an API server drops them; fields that are not described stay', () => {
  const value = { name: null, list: [null, { name: 'b' }], map: { c: null }, other: null }
  expect(asDescribed(schema, value, 'spec')).toEqual({
    value: { list: [{ name: 'b' }], map: {}, other: null },
    problems: [],
  })
})

test('what has another type is left out, and its place is told', () => {
  const value = { name: 1, count: '1', size: [], isOn: 'yes', mode: 'constructor', list: [[]], map: { c: 1 }, free: 1 }
  const { value: read, problems } = asDescribed(schema, value, 'spec')
  expect(read).toEqual({ list: [], map: {}, free: 1 })
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual(
    [
      'name: a text',
      'count: a number',
      'size: a number or a text',
      'isOn: true or false',
      'mode: one of A, B',
      'list[0]: an object',
      'map[c]: a text',
    ].map((each) => `spec.${each} is expected, and what stands here is not used`),
  )
  expect(asDescribed(schema, [], 'spec').problems.map(({ path }) => path)).toEqual(['spec'])
})

test('unknown words are left to the feature', () => {
  expect(asDescribed(schema, { mode: 'C' }, 'spec')).toEqual({ value: { mode: 'C' }, problems: [] })
})

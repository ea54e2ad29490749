import { expect, test } from 'vitest'
import type { Problem } from '../core/problem.ts'
import { dropUnread, isLoss, readFields } from './fields.ts'

test('names whatever nobody asked for, in objects inside of lists as well', () => {
  const problems: Problem[] = []
  const fields = readFields({ a: 1, b: { c: 'x', d: 2 }, list: [{ e: true, f: 1 }], gone: null }, 'spec', problems)
  fields.whole('a')
  fields.fields('b')?.text('c')
  fields.list('list')[0]?.flag('e')
  dropUnread(fields, problems, 'nothing like it')
  expect(problems.map(({ path }) => path)).toEqual(['spec.b.d', 'spec.list[0].f'])
  expect(problems.every(isLoss)).toBe(true)
})

test('says what has the wrong type, and goes on', () => {
  const problems: Problem[] = []
  const fields = readFields({ text: 1, list: {}, texts: ['a', 2], object: [] }, '', problems)
  expect(fields.text('text')).toBeUndefined()
  expect(fields.list('list')).toEqual([])
  expect(fields.texts('texts')).toEqual(['a'])
  expect(fields.fields('object')).toBeUndefined()
  expect(problems.map(({ message }) => message)).toEqual([
    'text must be a string',
    'list must be a list',
    'texts[1] must be a string',
    'object must be a mapping',
  ])
})

test('reads anything that is no object as an empty one', () => {
  for (const value of [undefined, null, 'x', 3, []]) {
    expect(readFields(value, 'spec', []).text('a')).toBeUndefined()
  }
})

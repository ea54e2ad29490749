import { expect, test } from 'vitest'
import { matchesSelector, selectorError } from './labels.ts'

test('selectors that cannot be evaluated are told in the words of Kubernetes', () => {
  expect(selectorError({})).toBeUndefined()
  expect(selectorError({ matchLabels: { 'example.com/app': '', b: 'x_1' } })).toBeUndefined()
  expect(selectorError({ matchLabels: { app: '*' } })).toMatch(
    /^values\[0\]\[app\]: Invalid value: "\*": a valid label must be an empty string or consist of/,
  )
  expect(selectorError({ matchLabels: { 'a/b/c': 'x' } })).toMatch(
    /^key: Invalid value: "a\/b\/c": a valid label key must/,
  )
  expect(selectorError({ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] })).toBe(
    "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
  )
  expect(selectorError({ matchExpressions: [{ key: 'a', operator: 'Near' }] })).toBe(
    '"Near" is not a valid label selector operator',
  )
  expect(selectorError({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b', '-', '+'] }] })).toMatch(
    /^\[values\[1\]\[a\]: Invalid value: "-": .*, values\[2\]\[a\]: Invalid value: "\+": .*\]$/,
  )
})

test('a selector with a mistake matches nothing, not even what its expression would let pass', () => {
  const wrong = [{ key: 'a', operator: 'NotIn', values: ['-'] }]
  expect(matchesSelector({ matchExpressions: wrong }, {})).toBe(false)
  expect(matchesSelector({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }, {})).toBe(true)
  expect(matchesSelector({ matchLabels: { a: '*' } }, { a: 'x' })).toBe(false)
})

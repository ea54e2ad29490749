import { expect, test } from 'vitest'
import { regexProblem } from './rust-regex.ts'

test.each([
  ['a(?=b)', 'looking ahead or back is not supported'],
  ['(?<!a)b', 'looking ahead or back is not supported'],
  ['(?>a)', 'atomic groups are not supported'],
  [String.raw`(a)\1`, 'references to groups are not supported'],
  ['(a', 'its parentheses do not match'],
  ['a)', 'its parentheses do not match'],
])('proxies refuse %s', (pattern, problem) => {
  expect(regexProblem(pattern)).toBe(problem)
})

test.each([
  '',
  '.*',
  'a**',
  '(?i)a',
  '(?P<n>a)',
  '(?<n>a)',
  '[(?=]',
  '[]a)]',
  '[[:alpha:])]',
  String.raw`\(?=`,
  String.raw`\(`,
  String.raw`\\(a)`,
  String.raw`\pN`,
  String.raw`\b[A-Z0-9]{3}\b`,
])('proxies may take %s', (pattern) => {
  expect(regexProblem(pattern)).toBeUndefined()
})

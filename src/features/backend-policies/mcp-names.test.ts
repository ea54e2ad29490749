import { expect, test } from 'vitest'
import { prefixedNames } from './mcp-names.ts'

const warnings = (...matchExpressions: string[]) =>
  prefixedNames({ policy: { matchExpressions } }, ['everything', 'every', 'time'], 'spec.a')
const advice = (expression: string) => warnings(expression).map(({ message }) => message.replace(/^.*write /, ''))

test('a name with its target in front is told, with its place and what to write', () => {
  expect(warnings('true', 'mcp.tool.name == "everything_echo"')).toEqual([
    {
      reason: 'PartiallyValid',
      severity: 'warning',
      path: 'spec.a.policy.matchExpressions[1]',
      message:
        '"everything_echo" never matches: mcp.tool.name is the name without that of its target; write mcp.tool.target == "everything" && mcp.tool.name == "echo"',
    },
  ])
})

test.each([
  ["'time_get_time' == mcp.tool.name", ['mcp.tool.target == "time" && mcp.tool.name == "get_time"']],
  [
    'jwt.sub == "a" && mcp.tool.name in ["time_a", "b", \'every_c\']',
    ['mcp.tool.target == "time" && mcp.tool.name == "a"', 'mcp.tool.target == "every" && mcp.tool.name == "c"'],
  ],
  ['mcp.tool.name.startsWith("time_")', ['mcp.tool.target == "time"']],
  ['mcp.tool.name.startsWith("time_get")', ['mcp.tool.target == "time" && mcp.tool.name.startsWith("get")']],
  ['mcp.prompt.name == "time_a"', ['mcp.prompt.target == "time" && mcp.prompt.name == "a"']],
])('knows the ways to compare: %s', (expression, expected) => {
  expect(advice(expression)).toEqual(expected)
})

test.each([
  'mcp.tool.name == "echo"',
  'mcp.tool.name == "time"',
  'mcp.tool.name == "other_echo"',
  'mcp.tool.target == "time_a"',
  'mcp.tool.name != "time_a"',
  'jwt.name == "time_a"',
])('leaves alone what may match: %s', (expression) => {
  expect(warnings(expression)).toEqual([])
})

test('says nothing where no target is known', () => {
  expect(prefixedNames({ policy: { matchExpressions: ['mcp.tool.name == "time_a"'] } }, [], 'spec.a')).toEqual([])
})

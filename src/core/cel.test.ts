import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { checkCel, describeCelProblem } from './cel.ts'

const accepted = [
  'true',
  '.5',
  'random() > .5',
  '1.5e3 + 2e-1 + .5e+2',
  '0x1F + 12u + 0xFFu',
  '-9223372036854775808',
  '!-1',
  '--1 - -2.5',
  '!!has(request.headers)',
  'agent-gateway',
  '"a" + \'b\' + """c\n"d" """ + \'\'\'e\'\'\'',
  String.raw`r"\d+\" + R'\.'`,
  String.raw`b"\x00\377" + br'\x' + bR"""x"""`,
  String.raw`"\u00e9\U0001F600\n\t\"\'\?\\\101"`,
  'request.headers["x-a"].matches("^a$")',
  'a.?b.?c.orValue("d")',
  'a[?0].optMap(x, x + 1).orValue(2)',
  '[1, ?a, 2,]',
  '{"a": 1, ?"b": optional.of(2),}',
  '[]',
  '{}',
  '[,]',
  'a.`b-c/d.e f`',
  'google.protobuf.Duration{seconds: 1, nanos: 2}',
  '.root.name',
  '.call(1)',
  'x in [1, 2] || "k" in {"k": 1}',
  'a ? b : c ? d : e',
  'a ? (b ? 1 : 2) : 3',
  'list.all(x, x > 1) && list.exists(y, y) && list.exists_one(z, z)',
  'list.map(x, x * 2).filter(x, x > 2).map(x, x > 1, x)',
  'has(a.b.c)',
  '1.foo',
  'cidr("10.0.0.0/8").containsIP(source.address)',
  'request.path // a comment',
  '\f\ttrue\r\n',
  'a.package.for',
  '{"path": request.path, "method": request.method}\n',
  'json(request.body).with(b, b.model)',
  'size(x) == 0 ? default(y, "z") : x[0]',
]

test.each(accepted)('accepts %s', (expression) => {
  expect(checkCel(expression)).toBeUndefined()
})

const refused: [expression: string, column: number, message: string, hint?: string][] = [
  ['', 1, 'ends too early'],
  ['a = b', 3, 'unexpected =', 'write =='],
  ['a === b', 5, 'unexpected =', 'write =='],
  ['a & b', 3, 'unexpected &', 'write &&'],
  ['a | b', 3, 'unexpected |', 'write ||'],
  ['a and b', 3, 'unexpected and', 'write &&'],
  ['a or b', 3, 'unexpected or', 'write ||'],
  ['not a', 5, 'unexpected a', 'write !'],
  ["'abc", 1, 'not closed', "close it with '"],
  ['"abc\n"', 1, 'not closed'],
  ["'it's'", 5, 'unexpected s', 'backslash'],
  ['“a”', 1, 'unexpected “', 'plain quotes'],
  ['"\\d+"', 2, '\\d is not an escape sequence', 'put r before the quote'],
  [String.raw`"\ud800"`, 2, 'not an escape sequence'],
  [String.raw`b"\u00e9"`, 3, 'not an escape sequence of bytes'],
  ['foolen_{{request.path}}', 9, 'unexpected {', 'without braces'],
  ['{{not valid CEL}}', 7, 'unexpected valid'],
  [`$${'{'}request.path}`, 1, 'unexpected $', 'without braces'],
  ['(a', 3, 'ends too early', '"(" at 1 is not closed'],
  ['[1, 2', 6, 'ends too early', '"[" at 1'],
  ['a)', 2, 'unexpected )'],
  ['a.', 3, 'expected the name of a field'],
  ['a.1', 2, 'unexpected .1'],
  ['1.', 3, 'expected the name of a field'],
  ['a b', 3, 'unexpected b'],
  ['f(1,)', 5, 'unexpected )'],
  ['a ? b', 6, 'expected ":"'],
  ['a ? b ? 1 : 2 : 3', 7, 'unexpected ?'],
  ['a ?? b', 4, 'unexpected ?', 'orValue'],
  ['!-a', 3, 'expected a number'],
  ['if', 1, 'reserved word', '? a : b'],
  ['has(a)', 1, 'has() takes the path'],
  ['has(a["b"])', 1, 'has() takes the path'],
  ['list.all(x.y, true)', 20, 'name of a variable'],
  ['a;', 2, 'unexpected ;', 'semicolon'],
  ['a =~ "b"', 3, 'unexpected ='],
  ['9223372036854775809', 1, '64 bits'],
  ['a.in', 3, 'expected the name of a field'],
  ['a == ', 6, 'ends too early'],
  [`${'('.repeat(300)}1${')'.repeat(300)}`, 251, 'nested too deeply'],
]

test.each(refused)('refuses %s', (expression, column, message, hint) => {
  const problem = checkCel(expression)
  expect(problem?.message).toContain(message)
  expect(problem?.column).toBe(column)
  if (hint !== undefined) expect(problem?.hint).toContain(hint)
})

test('says the line of a problem', () => {
  const problem = checkCel('a &&\n  b = c')
  expect(problem).toMatchObject({ line: 2, column: 5, offset: 9 })
  expect(problem && describeCelProblem(problem)).toBe('unexpected = at 2:5 (write == to compare)')
})

const knownAs = (parser: (text: string) => unknown, text: string) => {
  try {
    parser(text)
    return true
  } catch {
    return false
  }
}

test('agrees with another parser on random combinations of tokens', () => {
  const token = fc.constantFrom(
    'a',
    'b.c',
    '1',
    '2.5',
    '"s"',
    'r"x"',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '+',
    '-',
    '*',
    '==',
    '<',
    '&&',
    '||',
    '!',
    'in',
    '.d',
    'f(a)',
    'a.all(x, x)',
    'has(a.b)',
    'true',
    'null',
  )
  fc.assert(
    fc.property(fc.array(token, { maxLength: 9 }), (tokens) => {
      const text = tokens.join(' ')
      // The other parser lets trailing commas stand in calls, mixes ! and -, and does not know messages, root names and [,].
      fc.pre(!/, \)|! (! )*-|- (- )*!|[a-z] \{|^ ?\.|[^\w)\]"] \.|[[{] ,|in \./.test(text))
      expect([text, checkCel(text) === undefined]).toEqual([text, knownAs(parse, text)])
    }),
    { numRuns: 3000, seed: 1 },
  )
})

test('never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => void checkCel(text)),
    { numRuns: 2000, seed: 1 },
  )
  expect(checkCel('-'.repeat(16000))?.message).toContain('ends too early')
  expect(checkCel('['.repeat(16000))?.message).toContain('nested too deeply')
})

// Every expression of the golden cases, found by the names of the fields that hold expressions.
const golden = process.env.GOLDEN_DIR
const celFields =
  /(?:\.matchExpressions|expression|\.filter|\.condition|\.(?:pre)?condition|unhealthyCondition|bodyExpression|\.cost|limitOverride|(?:random|client)Sampling|\.(?:request|response)?Metadata|(?:request|response)Attributes|metadata(?:Context)?|additionalParams|\.when)(?:\.[\w.]+)?$|transformation\..*\.value$|extAuth\.http\.(?:body|redirect)$|directResponse\..*headers\.value$/i

function* strings(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value]
  else if (Array.isArray(value)) for (const each of value) yield* strings(each, path)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* strings(each, `${path}.${key}`)
  }
}

function goldenFiles(): readonly string[] {
  if (golden === undefined || !existsSync(golden)) return []
  return readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
}

describe('golden expressions', () => {
  const files = goldenFiles()

  test.skipIf(files.length > 0)('SKIPPED: set GOLDEN_DIR to check the expressions of the golden cases', (context) => {
    context.skip('GOLDEN_DIR is not set')
  })

  test.skipIf(files.length === 0)('are accepted unless the case expects them to be refused', () => {
    const seen = { accepted: 0, refused: 0 }
    for (const file of files) {
      const text = readFileSync(join(golden ?? '', file), 'utf8')
      const expected = text.slice(Math.max(0, text.indexOf('# Output')))
      for (const document of loadAll(text.slice(0, Math.max(0, text.indexOf('# Output'))))) {
        if (!/^kind: Agentgateway/m.test(text)) continue
        for (const [path, expression] of strings((document as { spec?: unknown } | null)?.spec, 'spec')) {
          if (!celFields.test(path) || /selector|resourceMetadata/i.test(path)) continue
          const isExpectedInvalid = /\{\{|^invalid_/.test(expression) && /not a valid CEL/.test(expected)
          expect([file, path, expression, checkCel(expression) === undefined]).toEqual([
            file,
            path,
            expression,
            !isExpectedInvalid,
          ])
          seen[isExpectedInvalid ? 'refused' : 'accepted'] += 1
        }
      }
    }
    expect(seen.accepted).toBeGreaterThan(40)
    expect(seen.refused).toBeGreaterThan(8)
  })
})

import { expect, test } from 'vitest'
import { bytesOf, durationExpression, millisecondsOf, wireDuration } from './durations.ts'

test.each([
  ['1m', '60', 0],
  ['150ms', '0', 150_000_000],
  ['1h30m10s', '5410', 0],
  ['1.5s', '1', 500_000_000],
  ['-1.5s', '-1', -500_000_000],
  ['.5m', '30', 0],
  ['1µs2ns', '0', 1002],
  ['0', '0', 0],
])('reads %s as a duration', (text, seconds, nanos) => {
  expect(wireDuration(text)).toEqual({ seconds, nanos })
})

test.each(['', '1', 's', '1 s', '1d', '1s2', 'request.x'])('does not take %j for a duration', (text) => {
  expect(wireDuration(text)).toBeUndefined()
  expect(durationExpression(text)).toBeUndefined()
})

test('turns a duration into CEL, quoted', () => {
  expect(durationExpression('1.5h')).toBe('duration("1.5h")')
  expect(millisecondsOf('5m')).toBe(300_000)
})

test.each([
  [1024, 1024],
  ['1Ki', 1024],
  ['1.5k', 1500],
  ['2e3', 2000],
  ['100m', 1],
  ['-5', 0],
  ['1Ti', 4_294_967_295],
  ['much', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads %j as %j bytes', (quantity, bytes) => {
  expect(bytesOf(quantity)).toBe(bytes)
})

import { expect, test } from 'vitest'
import { parseDiagnostics } from './diagnostics.ts'

test('reads one diagnostic per resource, errors and warnings apart', () => {
  const text = JSON.stringify([
    { key: 'route/r', warn: 'invalid CEL' },
    { key: 'listener/l', error: 'no name' },
  ])
  expect(parseDiagnostics(text)).toEqual([
    { name: 'route/r', severity: 'warning', message: 'invalid CEL' },
    { name: 'listener/l', severity: 'error', message: 'no name' },
  ])
})

test('an error outweighs a warning about the same resource, and of equal weight both are told', () => {
  const text = JSON.stringify([
    { key: 'a', warn: 'w1' },
    { key: 'a', error: 'e' },
    { key: 'a', warn: 'w2' },
    { key: 'b', warn: 'w1' },
    { key: 'b', warn: 'w2' },
    { key: 'b', warn: 'w1; w2' },
  ])
  expect(parseDiagnostics(text)).toEqual([
    { name: 'a', severity: 'error', message: 'e' },
    { name: 'b', severity: 'warning', message: 'w1; w2' },
  ])
})

test.each([
  ['free text', 'cannot apply'],
  ['nothing', ''],
  ['an empty list', '[]'],
  ['no list', '{"key":"a","error":"b"}'],
  ['an item without a key', '[{"error":"b"}]'],
  ['an item with an empty key', '[{"key":"","error":"b"}]'],
  ['an item that says nothing', '[{"key":"a"}]'],
  ['an item whose text is none', '[{"key":"a","error":5}]'],
  ['an item that is null', '[null]'],
  ['a list that breaks off', '[{"key":"a","error":"b"}'],
])('%s is no list of diagnostics', (_, text) => {
  expect(parseDiagnostics(text)).toBe(undefined)
})

test('keeps the beginning of a long message', () => {
  const [diagnostic] = parseDiagnostics(JSON.stringify([{ key: 'a', error: 'x'.repeat(100_000) }])) ?? []
  expect(diagnostic?.message.length).toBe(4097)
})

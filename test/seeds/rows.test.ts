// The table of rows is whole and true: every row of the founding documents is there once, and the tests that it claims exist.
import { describe, expect, test } from 'vitest'
import { documents, rows } from './rows.ts'
import { showingTests, testsIn } from './shown.ts'

const counts = { K: 15, D: 11, B: 27, L: 16, E: 21, X: 6 }
const ids = Object.entries(counts).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, i) => `${letter}-${String(i + 1).padStart(2, '0')}`),
)
const showing = showingTests()

test('there are 96 rows, each once', () => {
  expect(rows.map(({ id }) => id)).toEqual(ids)
  expect(ids).toHaveLength(96)
  expect(Object.keys(documents)).toEqual(Object.keys(counts))
})

describe.each(rows.map((row) => [row.id, row] as const))('%s', (id, row) => {
  test('is shown by tests that run', () => {
    const found = showing.filter((each) => each.ids.includes(id))
    expect(row.shown.length).toBeGreaterThan(0)
    expect(row.shown.filter((place) => !found.some((each) => each.place === place))).toEqual([])
    expect(found.filter(({ isOff }) => isOff)).toEqual([])
    if (row.notOurs !== undefined) expect(row.notOurs.told).not.toBe('')
  })
})

test('no test shows a row that there is not', () => {
  expect(showing.flatMap((each) => each.ids).filter((id) => !ids.includes(id))).toEqual([])
})

test('titles are found however a test is written, and tests that are off are known', () => {
  const text = `
    test('K-01: plain', () => {})
    it("E-09, E-10: it's two", () => {})
    test.each([
      ['a', '(b)'],
    ])(
      'L-08: a table of %s', () => {})
    describe('X-01: no test', () => {})
    // K-02: a comment
  `
  expect(testsIn('test/proxy/a.test.ts', text).map((each) => [each.ids, each.title, each.place, each.isOff])).toEqual([
    [['K-01'], 'plain', 'proxy', false],
    [['E-09', 'E-10'], "it's two", 'proxy', false],
    [['L-08'], 'a table of %s', 'proxy', false],
  ])
  const off = ['test', 'skip'].join('.')
  expect(testsIn('a.test.ts', `${off}('K-01: off', () => {})`)).toMatchObject([{ isOff: true, place: 'files' }])
})

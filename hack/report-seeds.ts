// Prints what becomes of the founding documents: a table of their rows by document, with the tests that show each.
import { documents, type Row, rows } from '../test/seeds/rows.ts'
import { showingTests } from '../test/seeds/shown.ts'

const NEEDS = { files: '', cluster: ' (API server)', proxy: ' (real proxy)' } as const
const tests = showingTests()

/** The row's verdict, and whether it is as it claims. */
function verdictOf(row: Row): { readonly text: string; readonly shownBy: string; readonly isProven: boolean } {
  const found = tests.filter(({ ids }) => ids.includes(row.id))
  const isProven = row.shown.every((place) => found.some((each) => each.place === place && !each.isOff))
  const { notOurs, remark } = row
  const done = remark === undefined ? 'done' : `done; ${remark}`
  const text = notOurs === undefined ? done : `not ours: ${notOurs.reason}; told: ${notOurs.told}`
  const files = [...new Set(found.map(({ file, place }) => `${file}${NEEDS[place]}`))]
  return { text: isProven ? text : 'NOT SHOWN', shownBy: files.join(', '), isProven }
}

const verdicts = rows.map((row) => ({ ...row, ...verdictOf(row) }))
for (const [letter, document] of Object.entries(documents)) {
  const own = verdicts.filter(({ id }) => id.startsWith(letter))
  const missing = own.filter(({ isProven }) => !isProven).length
  const others = own.filter(({ isProven, notOurs }) => isProven && notOurs !== undefined).length
  const open = missing === 0 ? '' : `, ${missing} NOT SHOWN`
  console.log(`\n## ${document}: ${own.length - missing - others} done, ${others} not ours${open}\n`)
  console.log('| Row | What is wanted | Verdict | Shown by |\n| --- | --- | --- | --- |')
  for (const { id, wish, text, shownBy } of own) console.log(`| ${id} | ${wish} | ${text} | ${shownBy} |`)
}
const done = verdicts.filter(({ isProven, notOurs }) => isProven && notOurs === undefined).length
const others = verdicts.filter(({ isProven, notOurs }) => isProven && notOurs !== undefined).length
console.log(`\n${rows.length} rows: ${done} done, ${others} not ours, ${rows.length - done - others} not shown`)
if (done + others < rows.length) process.exitCode = 1

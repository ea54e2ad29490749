// Prints what the conformance suite says of us without a cluster: a table of its tests by profile.
import { declaredTests, SUITE, suiteFolder } from '../test/conformance/module.ts'
import { extendedFeatures, inapplicable, profileOf, REMAINS, runTest } from '../test/conformance/verdicts.ts'
import { prepare } from '../test/conformance/world.ts'

const suite = suiteFolder()
if (suite === undefined) throw new Error(`CONFORMANCE_DIR is unset and Go has not downloaded ${SUITE}`)
const ground = prepare(suite)
const rows: { readonly profile: string; readonly level: string; readonly name: string; readonly verdict: string }[] = []
for (const test of declaredTests(suite)) {
  const reason = inapplicable(test)
  const extended = extendedFeatures(test)
  const remains = REMAINS[test.name] === undefined ? '' : ` (left to a cluster: ${REMAINS[test.name]})`
  const verdict =
    reason === undefined
      ? await runTest(ground, test).then(
          () => `passed${remains}`,
          (error: unknown) => `FAILED: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
        )
      : `not applicable: ${reason}`
  const level = extended.length === 0 ? 'core' : extended.join(' ')
  rows.push({ profile: profileOf(test), level, name: test.name, verdict })
}
for (const profile of [...new Set(rows.map((row) => row.profile))].toSorted()) {
  const own = rows.filter((row) => row.profile === profile)
  const passed = own.filter(({ verdict }) => verdict.startsWith('passed')).length
  const skipped = own.filter(({ verdict }) => verdict.startsWith('not applicable')).length
  console.log(`\n## ${profile}: ${passed} passed, ${own.length - passed - skipped} failed, ${skipped} not applicable\n`)
  console.log('| Test | Features beyond core | Verdict |\n| --- | --- | --- |')
  for (const { name, level, verdict } of own.toSorted((a, b) => (a.level < b.level ? -1 : 1)))
    console.log(`| ${name} | ${level} | ${verdict} |`)
}
if (rows.some(({ verdict }) => verdict.startsWith('FAILED'))) process.exitCode = 1

// The public conformance suite of the Gateway API without a cluster: its own manifests through our admission and
// pipeline, and the statuses and routing that its tests assert.
import { describe, expect, test } from 'vitest'
import { declaredTests, SUITE, suiteFolder } from './module.ts'
import { checkOf, expectedTests, inapplicable, runTest } from './verdicts.ts'
import { prepare } from './world.ts'

const suite = suiteFolder()
if (suite === undefined)
  console.warn(`CONFORMANCE_DIR is unset and Go has not downloaded ${SUITE}: no conformance test is run`)

describe.runIf(suite !== undefined)('conformance', () => {
  const tests = suite === undefined ? [] : declaredTests(suite)

  test('every test of the suite is either expected something of or not applicable', () => {
    const names = tests.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(100)
    expect(expectedTests.filter((name) => !names.includes(name))).toEqual([])
    const unknown = tests.filter((each) => inapplicable(each) === undefined && checkOf(each) === undefined)
    expect(unknown.map(({ name }) => name)).toEqual([])
  })

  if (suite !== undefined) {
    const ground = prepare(suite)
    for (const each of tests) if (inapplicable(each) === undefined) test(each.name, () => runTest(ground, each))
  }
})

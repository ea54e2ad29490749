// What the suite is told, and what is read from its output. The suite itself needs a cluster: `npm run test:conformance`.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SUPPORTED_FEATURES } from '../../../src/translate/gateway-class.ts'
import { SUITE } from '../module.ts'
import { PROFILES, type SuiteRun, suiteFlags, Tally, untriable } from './flags.ts'

const run: SuiteRun = {
  gatewayClass: 'agentgateway',
  profiles: PROFILES,
  claimed: SUPPORTED_FEATURES,
  exempt: [],
  skippedTests: [],
  onlyTest: undefined,
  addresses: { usable: '192.0.2.1', unusable: '192.0.2.2' },
  report: '/tmp/report.yaml',
  implementation: { organization: 'o', project: 'p', url: 'u', version: 'v', contact: 'c' },
  isKept: false,
}

test('the module names the release that the tables of this folder were written for', () => {
  const [path = '', version = ''] = SUITE.split('@')
  const text = readFileSync(new URL('go.mod', import.meta.url), 'utf8')
  expect(text).toContain(`require ${path} ${version}\n`)
  expect(text).toContain(`${path.replace('/conformance', '')} ${version}\n`)
})

test('the suite asks the class for its features, unless some of them are not to be tried', () => {
  const features = (of: SuiteRun) => suiteFlags(of).filter((flag) => flag.startsWith('-supported-features='))
  expect(features(run)).toEqual([])
  const all = SUPPORTED_FEATURES.join()
  expect(features({ ...run, exempt: ['TCPRoute'] })).toEqual([`-supported-features=${all.replace(',TCPRoute', '')}`])
  const withoutAddresses = { ...run, addresses: { usable: undefined, unusable: undefined } }
  expect(untriable(withoutAddresses)).toEqual(['GatewayStaticAddresses'])
  expect(features(withoutAddresses)).toEqual([`-supported-features=${all.replace(',GatewayStaticAddresses', '')}`])
})

test('only of all tests together there is a report', () => {
  const flags = suiteFlags({ ...run, skippedTests: ['A', 'B'] })
  expect(flags).toContain('-skip-tests=A,B')
  expect(flags).toEqual(expect.arrayContaining(['-report-output=/tmp/report.yaml', '-version=v', '-contact=c']))
  expect(suiteFlags({ ...run, onlyTest: 'A' }).join(' ')).not.toMatch(/report|version/)
})

test('tests are counted, their parts are not', () => {
  const tally = new Tally()
  const output = `--- FAIL: TestConformance (9.00s)
    --- PASS: TestConformance/GRPCRouteWeight (1.00s)
        --- PASS: TestConformance/GRPCRouteWeight/part (1.00s)
    --- SKIP: TestConformance/UDPRoute (0.00s)
    --- FAIL: TestConformance/HTTPRouteCORS (1.00s)`
  for (const line of output.split('\n')) tally.read(line)
  expect({ ...tally }).toEqual({ passed: ['GRPCRouteWeight'], failed: ['HTTPRouteCORS'], skipped: ['UDPRoute'] })
})

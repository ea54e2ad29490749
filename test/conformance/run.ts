// `npm run test:conformance`: the Gateway API's own conformance suite against the cluster that a kubeconfig names, in which
// the control plane runs already. Builds the suite with Go, demands what our GatewayClass claims, keeps the report; the
// exit code is the suite's.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { createClient } from '../../src/cluster/client.ts'
import { connect } from '../../src/cluster/connection.ts'
import { errorText } from '../../src/core/log.ts'
import { objectIn, textIn } from '../../src/kube/json.ts'
import { type Implementation, PROFILES, type SuiteRun, suiteFlags, Tally, untriable } from './suite/flags.ts'

interface Options extends Omit<Implementation, 'version'> {
  readonly kubeconfig?: string
  readonly gatewayClass: string
  readonly profiles: readonly string[]
  readonly exemptFeatures: readonly string[]
  readonly skipTests: readonly string[]
  readonly runTest?: string
  readonly usableAddress?: string
  readonly unusableAddress?: string
  readonly report: string
  readonly implementationVersion: string
  readonly keep: boolean
}

const listed = (text: string): readonly string[] => text.split(',').filter((part) => part !== '')
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const site = 'https://agentgateway.dev'

const command = new Command('test:conformance')
  .description("Runs the Gateway API's conformance suite against a cluster in which the control plane runs.")
  .option('--kubeconfig <path>', 'the cluster; else KUBECONFIG, else ~/.kube/config')
  .option('--gateway-class <name>', 'the class that is tried', 'agentgateway')
  .option('--profiles <names>', 'conformance profiles', listed, PROFILES)
  .option('--exempt-features <names>', 'claimed features that are not tried', listed, [])
  .option('--skip-tests <names>', 'tests that are not run; the report says so', listed, [])
  .option('--run-test <name>', 'one test only, without a report')
  .option(
    '--usable-address <address>',
    'an address that a Gateway here can have; with the next one tries static addresses',
  )
  .option('--unusable-address <address>', 'an address that no Gateway here can have')
  .option('--report <path>', 'where the report is kept', 'conformance-report.yaml')
  .option('--organization <name>', 'in the report', 'agentgateway')
  .option('--project <name>', 'in the report', 'agentgateway-control-plane')
  .option('--url <url>', 'in the report', site)
  .option('--contact <texts>', 'in the report', site)
  .option('--implementation-version <version>', 'in the report', `v${version}`)
  .option('--keep', 'leave namespaces and backends of the suite in the cluster', false)

const options = command.parse().opts<Options>()
const { KUBECONFIG } = process.env
const kubeconfig = (options.kubeconfig ?? KUBECONFIG ?? '')
  .split(delimiter)
  .filter((path) => path !== '')
  // Go runs a test in the folder of its package.
  .map((path) => resolve(path))
  .join(delimiter)

/** The features in the status of the class. */
async function claimedFeatures(name: string): Promise<readonly string[]> {
  const connection = await connect({ kubeconfig: kubeconfig === '' ? undefined : kubeconfig, service: undefined })
  const client = createClient(connection, { fieldManager: 'conformance', userAgent: 'agwcp-conformance' })
  const resource = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'gatewayclasses', namespaced: false }
  const found = await client.get(resource, { name })
  client.close()
  if (found === undefined) throw new Error(`there is no GatewayClass ${name}: is the control plane running?`)
  const { supportedFeatures } = objectIn((found as { readonly status?: unknown }).status)
  const features = Array.isArray(supportedFeatures) ? supportedFeatures.map((each) => textIn(objectIn(each).name)) : []
  const names = features.filter((feature) => feature !== undefined)
  if (names.length === 0) throw new Error(`GatewayClass ${name} claims no features in its status`)
  return names
}

const run: SuiteRun = {
  gatewayClass: options.gatewayClass,
  profiles: options.profiles,
  claimed: await claimedFeatures(options.gatewayClass).catch((error: unknown) => command.error(errorText(error))),
  exempt: options.exemptFeatures,
  skippedTests: options.skipTests,
  onlyTest: options.runTest,
  addresses: { usable: options.usableAddress, unusable: options.unusableAddress },
  report: resolve(options.report),
  implementation: {
    organization: options.organization,
    project: options.project,
    url: options.url,
    version: options.implementationVersion,
    contact: options.contact,
  },
  isKept: options.keep,
}
for (const feature of untriable(run))
  console.error(`${feature} is claimed and NOT TRIED: that takes --usable-address and --unusable-address`)

const startedAt = Date.now()
const go = spawn('go', ['test', '-count=1', '-vet=off', '-timeout=3h', '-v', '.', '-args', ...suiteFlags(run)], {
  cwd: new URL('suite', import.meta.url),
  env: kubeconfig === '' ? process.env : { ...process.env, KUBECONFIG: kubeconfig },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const tally = new Tally()
const lines = createInterface({ input: go.stdout })
lines.on('line', (line) => {
  tally.read(line)
  console.log(line)
})
const [code] = await once(go, 'close')
const { passed, failed, skipped } = tally
console.error(`${passed.length} of ${passed.length + failed.length} tests passed, ${skipped.length} do not apply`)
for (const name of failed) console.error(`failed: ${name}`)
// A suite that ends early writes none; one with failed tests does.
const report = statSync(run.report, { throwIfNoEntry: false })
if (report !== undefined && report.mtimeMs >= startedAt) console.error(`the report is ${run.report}`)
process.exitCode = typeof code === 'number' ? code : 1

// Everything that the public fixtures become is sent to a real proxy: nothing may be refused but what is listed here with
// its reason, and the proxy's own dump must say what ours says. Also for the examples, and for the seeds when given.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configDump } from '../../src/admin/config-dump/dump.ts'
import { withImpliedClass } from '../../src/cli/implied-class.ts'
import { createRun, type Run } from '../../src/cli/run.ts'
import { admitBy, offlineValidator } from '../../src/cli/verdicts.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { readManifests } from '../../src/sources/manifests/folder.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type TranslateSettings } from '../../src/translate/settings.ts'
import { SHARED } from '../../src/wire/entry.ts'
import { goldenCases } from '../golden/corpus.ts'
import { PROXY_BINARY, warnIfSkipped } from './lab.ts'
import { expectSameDump } from './same-dump.ts'
import { openStage, type Refusal, type Stage } from './stage.ts'

const GOLDEN = process.env.GOLDEN_DIR
const SEEDS = process.env.SEEDS_DIR

warnIfSkipped('what fixtures and examples become')
if (PROXY_BINARY !== undefined && GOLDEN === undefined)
  console.warn('GOLDEN_DIR is unset: no fixture is sent to a proxy')
if (PROXY_BINARY !== undefined && SEEDS === undefined) console.warn('SEEDS_DIR is unset: no seed is sent to a proxy')

/** What a fixture makes a proxy refuse. A warning was applied all the same; an error was not. */
interface Expected {
  readonly severity: 'error' | 'warning'
  readonly message: RegExp
}

const CEL: Expected = { severity: 'warning', message: /^invalid CEL expression/ }
const NO_CERTIFICATE: Expected = { severity: 'warning', message: /^TLS certificate is invalid: no certificate/ }
const NO_SIGNING_KEY: Expected = { severity: 'warning', message: /^jwtSign configuration is invalid/ }
const NO_ASSERTION_KEY: Expected = { severity: 'error', message: /failed to load EC signing key/ }

const REFUSED: Readonly<Record<string, Expected>> = {
  // The certificate may not be read, or is no certificate: the listener must be there and refuse TLS.
  'translator/gateways/listenerset-refgrant': NO_CERTIFICATE,
  'translator/gateways/tls-listeners-cross-ns': NO_CERTIFICATE,
  'translator/gateways/tls-listeners-dynamic-ca-cert-frontend-mtls': NO_CERTIFICATE,
  // Fixtures about expressions that do not parse: sent as written, so that the proxy fails closed.
  'policies/trafficpolicy/authorization-require-invalid-cel': CEL,
  'policies/trafficpolicy/cel-invalid': CEL,
  'policies/trafficpolicy/extproc-invalid-cel': CEL,
  'policies/trafficpolicy/global-rl-invalid-cel': CEL,
  'policies/backendpolicy/eviction-invalid-cel': CEL,
  'policies/backendpolicy/guardrails-invalid-cel': CEL,
  'policies/backendpolicy/mcp-authz-invalid-cel': CEL,
  'policies/backendpolicy/mcp-authz-require-invalid-cel': CEL,
  'policies/frontendpolicy/accesslog-invalid-filter': CEL,
  'policies/frontendpolicy/metrics-invalid-expression': CEL,
  'policies/frontendpolicy/tracing-invalid-attribute': CEL,
  // The fixtures' keys and credentials are placeholders.
  'translator/backends/jwt-sign': NO_SIGNING_KEY,
  'policies/backendpolicy/jwtsignauth': NO_SIGNING_KEY,
  'translator/backends/oauth-private-key-jwt': NO_ASSERTION_KEY,
  'translator/backends/oauth-private-key-jwt-custom-key': NO_ASSERTION_KEY,
  'translator/backends/gcp-auth-custom-key': { severity: 'error', message: /GCP credential JSON missing `type` field/ },
  // Proxies take no wildcard as a subject alternative name.
  'policies/backendpolicy/simple': { severity: 'error', message: /invalid dns name/ },
}

const SUITES: Readonly<Record<string, Partial<TranslateSettings>>> = {
  'translator/gateways': {},
  'translator/routes': {},
  'translator/delegation': {},
  'translator/references': {},
  'translator/references-policy-refgrants': { backendRefGrantMode: 'route-and-policy' },
  'translator/models': { enableModels: true },
  'translator/backends': {},
  'policies/trafficpolicy': {},
  'policies/backendpolicy': {},
  'policies/frontendpolicy': {},
}

const SETTINGS: TranslateSettings = {
  ...DEFAULT_TRANSLATE_SETTINGS,
  clusterId: 'Kubernetes',
  enableInferencePool: true,
}

/** What a test needs of a world that was played. */
interface Played {
  readonly gateways: number
  readonly refusals: readonly Refusal[]
}

describe.runIf(PROXY_BINARY !== undefined)('a real proxy', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.end())

  /** Plays each gateway of a world; the dumps must agree wherever nothing was refused for good. */
  async function play({ pipeline }: Run): Promise<Played> {
    await pipeline.graph.commit()
    const entries = pipeline.xds.list().filter(({ isWithheld }) => isWithheld !== true)
    const addresses = entries.filter(({ scope }) => scope === SHARED)
    const gateways = [...new Set(entries.map(({ scope }) => scope))].filter((scope) => scope !== SHARED)
    const refusals: Refusal[] = []
    for (const gateway of gateways) {
      const own = entries.filter(({ scope }) => scope === gateway)
      const played = await stage.play(own, addresses)
      refusals.push(...played.refusals)
      const missing = new Set(played.refusals.filter(({ severity }) => severity === 'error').map(({ name }) => name))
      const held = played.resources.filter(({ encoded }) => !missing.has(encoded.name))
      const ours = configDump({ gateway, resources: held, addresses, version: '' })
      // A dump is an object.
      expectSameDump(played.dump, ours as Readonly<Record<string, unknown>>)
    }
    return { gateways: gateways.length, refusals }
  }

  describe.runIf(GOLDEN !== undefined)('takes what the public fixtures become', () => {
    for (const [suite, settings] of Object.entries(SUITES)) {
      test(suite, async () => {
        const cases = goldenCases(join(GOLDEN ?? '', suite))
        expect(cases.length).toBeGreaterThan(0)
        const unexpected: unknown[] = []
        for (const { name, objects } of cases) {
          const routed = suite === 'translator/backends' ? [...objects, ...routesTo(objects)] : objects
          const run = createRun({ ...SETTINGS, ...settings })
          run.set(routed)
          const { refusals } = await play(run)
          const expected = REFUSED[`${suite}/${name}`]
          const others = refusals.filter(
            ({ severity, message }) => severity !== expected?.severity || !expected.message.test(message),
          )
          if (others.length > 0) unexpected.push({ name, others })
          if (expected !== undefined && refusals.length === 0) unexpected.push({ name, missing: expected })
        }
        expect(unexpected).toEqual([])
      })
    }
  })

  const examples = fileURLToPath(new URL('../../examples', import.meta.url))
  for (const example of readdirSync(examples)) {
    test(`takes what the example ${example} becomes`, async () => {
      const { gateways, refusals } = await play(await filled(join(examples, example)))
      expect(gateways).toBeGreaterThan(0)
      expect(refusals).toEqual([])
    })
  }

  describe.runIf(SEEDS !== undefined)('takes what the seeds become', () => {
    test('K-kubelb.yaml', async () => {
      const { gateways, refusals } = await play(await filled(join(SEEDS ?? '', 'K-kubelb.yaml')))
      expect(gateways).toBeGreaterThan(0)
      expect(refusals).toEqual([])
    })
  })
})

/** A run with what a file or folder holds, as `serve` reads it. */
async function filled(path: string): Promise<Run> {
  const { collections } = await readManifests({ paths: [path], admit: admitBy(offlineValidator([])) })
  const run = createRun(SETTINGS)
  run.setCollections(withImpliedClass(collections, SETTINGS))
  return run
}

/** A route to each object that can be a backend; the fixtures of backends have none. */
function routesTo(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects
    .filter(({ kind }) => ['AgentgatewayBackend', 'Service', 'ServiceEntry', 'InferencePool'].includes(kind))
    .map(({ apiVersion, kind, metadata: { name, namespace } }, index) => {
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
      const backendRefs = [{ group, kind, name, namespace }]
      const route = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: `to-${index}`, namespace: 'default' },
        spec: { parentRefs: [{ name: 'basic' }], rules: [{ matches: [{ path: { value: '/' } }], backendRefs }] },
      }
      return route
    })
}

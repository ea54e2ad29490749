// Replays the public cases of remote key sets: which URL each asks for, and how it is reached. The cases hold inputs
// only; what each must give follows from its name and the fixtures' own conventions.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRun } from '../../src/cli/run.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { goldenCases } from './corpus.ts'

const backend = 'https://dummy-idp.default:8443/org-one/keys'
const service = 'https://dummy-idp.default.svc.cluster.local:8443/org-one/keys'
const plain = { verification: 'strict', serverName: '', authoritiesHash: '', protocols: [] }
const insecure = { ...plain, verification: 'insecure' }
const full = {
  verification: 'strict',
  serverName: 'test.testns',
  authorities: expect.stringContaining('BEGIN CERTIFICATE'),
  authoritiesHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  protocols: ['test1', 'test2'],
}

const expected: Readonly<Record<string, object | undefined>> = {
  'gw-with-backend-all-configurable-fields': { url: backend, tls: full },
  'gw-with-backend-clear-text': { url: backend.replace('https', 'http') },
  'gw-with-backend-insecure-skip-verify': { url: backend, tls: insecure },
  'gw-with-backend-tunnel-proxy': {
    url: 'https://idp.example.com:443/realms/my-org/protocol/openid-connect/certs',
    tls: plain,
    proxy: { url: 'http://proxy.internal.example.com:8080' },
  },
  'gw-with-backend-with-policy-ref-with-all-configurable-fields': { url: backend, tls: full },
  'gw-with-backend-with-policy-ref-with-insecure-skip-verify': { url: backend, tls: insecure },
  'gw-with-missing-backend': undefined,
  'jwkspath-starts-with-slash': { url: service.replace('https', 'http') },
  'svc-insecure-skip-verify': { url: service, tls: insecure },
  'svc-with-all-configurable-fields': { url: service, tls: full },
  'svc-with-default-tls': { url: service, tls: plain },
}

const root = process.env.GOLDEN_DIR
if (root === undefined) console.warn('GOLDEN_DIR is unset: no case of remote key sets is replayed')

describe.runIf(root !== undefined)('remote key sets', () => {
  const cases = goldenCases(join(root ?? '', 'jwks-url'))

  test('are all known', () => expect(cases.map(({ name }) => name)).toEqual(Object.keys(expected)))

  test.each(cases.map((each) => [each.name, each.objects] as const))('%s', async (name, objects) => {
    const run = createRun(DEFAULT_TRANSLATE_SETTINGS)
    run.set(objects)
    await run.pipeline.graph.commit()
    const demands = run.pipeline.demands.list().map(({ url, tls, proxy }) => ({ url, tls, proxy }))
    expect(demands).toEqual(expected[name] === undefined ? [] : [expected[name]])
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { DEFAULT_TRANSLATE_SETTINGS } from '../translate/settings.ts'
import { startDocuments } from './documents.ts'
import { createRun } from './run.ts'

test('a policy has its keys once they have been fetched, and loses them when it asks elsewhere', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/keys') response.end('{"keys":[{"k":"AAEC","kty":"oct"}]}')
    else response.writeHead(404).end()
  }).unref()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A TCP server has such an address.
  const { port } = server.address() as AddressInfo
  const policy = (path: string) => ({
    apiVersion: 'agentgateway.dev/v1alpha1',
    kind: 'AgentgatewayPolicy',
    metadata: { namespace: 'ns', name: 'p' },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' }],
      backend: { mcp: { authentication: { jwks: { url: `http://127.0.0.1:${port}${path}` } } } },
    },
  })
  const { pipeline, set } = createRun(DEFAULT_TRANSLATE_SETTINGS)
  const stop = new AbortController()
  const keysAre = (expected: string | undefined) =>
    new Promise<void>((done) => {
      const unobserve = pipeline.translations.observe(() => {
        const [resource] = pipeline.translations.list().flatMap(({ resources }) => resources)
        const policy = resource?.resource.kind === 'policy' ? resource.resource.policy : undefined
        if (policy?.backend?.mcpAuthentication?.jwksInline !== expected) return
        unobserve()
        done()
      })
    })
  const commit = () => void pipeline.graph.commit()

  set([policy('/keys')])
  await pipeline.graph.commit()
  const fetched = keysAre('{"keys":[{"kty":"oct","k":"AAEC"}]}')
  const { systemNamespace } = DEFAULT_TRANSLATE_SETTINGS
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  await startDocuments({ pipeline, systemNamespace, folder: '', log, commit }, stop.signal)
  await fetched
  expect(pipeline.documents.list()).toHaveLength(1)

  const lost = keysAre(undefined)
  set([policy('/gone')])
  await Promise.all([pipeline.graph.commit(), lost])
  await pipeline.graph.commit()
  expect(pipeline.documents.list()).toEqual([])
  stop.abort()
  server.close()
})

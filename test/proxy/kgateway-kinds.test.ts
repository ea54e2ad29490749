// What kgateway's kinds around its Backends come to on a real proxy.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { ask, endAll, PROXY_BINARY, serve, startProxy, synced, temporaryFolder, warnIfSkipped } from './lab.ts'

warnIfSkipped("kgateway's other kinds")

describe.runIf(PROXY_BINARY !== undefined)('on a real proxy', () => {
  afterAll(endAll)

  test('a DirectResponse answers where a filter names it, and a rule whose one is missing fails', async () => {
    const [port = 0] = await freePorts(1)
    const filter = (name: string) =>
      `[{type: ExtensionRef, extensionRef: {group: gateway.kgateway.dev, kind: DirectResponse, name: ${name}}}]`
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'all.yaml'),
      `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, protocol: HTTP, port: ${port}}]}
---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: DirectResponse
metadata: {name: teapot}
spec: {status: 418, body: short and stout}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gw}]
  rules:
    - matches: [{path: {type: PathPrefix, value: /tea}}]
      filters: ${filter('teapot')}
    - matches: [{path: {type: PathPrefix, value: /gone}}]
      filters: ${filter('gone')}
`,
    )
    const controlPlane = await serve(folder)
    await startProxy('default/gw', controlPlane.ports.xds)
    await synced(controlPlane, 'default/gw')
    expect(await ask(port, '/tea')).toMatchObject({ status: 418, body: 'short and stout' })
    expect((await ask(port, '/gone')).status).toBe(500)
  })
})

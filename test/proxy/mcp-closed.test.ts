// An MCP backend whose clients have to log in, on a real proxy, while nobody knows the keys yet: that nobody gets in, neither
// without a token nor with one, and that whoever should gets in as soon as the keys are there.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { tokenIssuer } from '../token-issuer.ts'
import { backend, endAll, PROXY_BINARY, serve, startProxy, temporaryFolder, until, warnIfSkipped } from './lab.ts'
import { call, INITIALIZE, mcpServer, post } from './mcp-lab.ts'

warnIfSkipped('MCP logins whose keys are not known')

const { keySet, token } = tokenIssuer()

const manifests = (
  ports: { readonly gateway: number; readonly server: number; readonly keys: number },
  target: string,
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: ${ports.gateway}, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: mcp}
spec:
  parentRefs: [{name: gw}]
  rules: [{name: only, backendRefs: [{name: tools, group: agentgateway.dev, kind: AgentgatewayBackend}]}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: tools}
spec: {mcp: {targets: [{name: t, static: {host: 127.0.0.1, port: ${ports.server}}}]}}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: login}
spec:
  targetRefs: [${target}]
  backend:
    mcp:
      authentication:
        issuer: http://127.0.0.1:${ports.keys}
        audiences: [mcp]
        jwks: {url: "http://127.0.0.1:${ports.keys}/certs"}
        resourceMetadata: {resource: "http://gw/mcp"}
`

describe.runIf(PROXY_BINARY !== undefined)('on a real proxy', () => {
  afterEach(endAll)

  test.each([
    ['the backend', '{group: agentgateway.dev, kind: AgentgatewayBackend, name: tools}'],
    ['a rule of the route', '{group: gateway.networking.k8s.io, kind: HTTPRoute, name: mcp, sectionName: only}'],
    ['the Gateway', '{group: gateway.networking.k8s.io, kind: Gateway, name: gw}'],
  ])('a login for %s keeps everybody out of a new proxy until its keys are known', async (_, target) => {
    let areKeysKnown = false
    const server = await mcpServer(['echo'])
    const keys = await backend(() => (areKeysKnown ? { body: JSON.stringify(keySet) } : { status: 503, body: '' }))
    const [gateway = 0] = await freePorts(1)
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'world.yaml'), manifests({ gateway, server: server.port, keys }, target))
    const controlPlane = await serve(folder)
    await startProxy('default/gw', controlPlane.ports.xds)
    const claims = {
      iss: `http://127.0.0.1:${keys}`,
      aud: 'mcp',
      sub: 'user',
      exp: Math.floor(Date.now() / 1000) + 600,
    }
    const options = { path: '/mcp', token: token(claims) }
    const refused = await until('the gateway answers', async () => {
      const found = await post(gateway, INITIALIZE)
      return found.status === 404 ? undefined : found
    })
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toContain('resource_metadata=')
    expect((await post(gateway, INITIALIZE, options)).status).toBe(401)
    areKeysKnown = true
    await until('who has a token gets in', async () => {
      await call(gateway, 'echo', options)
      return true
    })
    expect((await post(gateway, INITIALIZE)).status).toBe(401)
    expect(server.calls.map(({ tool }) => tool)).toEqual(['echo'])
  })

  test('a login that is added closes what was open at once, and its end opens it', async () => {
    const server = await mcpServer(['echo'])
    const keys = await backend(() => ({ status: 503, body: '' }))
    const [gateway = 0] = await freePorts(1)
    const folder = temporaryFolder()
    const world = manifests(
      { gateway, server: server.port, keys },
      '{group: agentgateway.dev, kind: AgentgatewayBackend, name: tools}',
    )
    const [policy = '', ...rest] = world.split('---\n').toReversed()
    writeFileSync(join(folder, 'world.yaml'), rest.toReversed().join('---\n'))
    const controlPlane = await serve(folder)
    await startProxy('default/gw', controlPlane.ports.xds)
    await until('it is open', () => call(gateway, 'echo'))
    writeFileSync(join(folder, 'policy.yaml'), policy)
    await until('it is closed', async () => ((await post(gateway, INITIALIZE)).status === 401 ? true : undefined))
    writeFileSync(join(folder, 'policy.yaml'), '')
    await until('it is open again', () => call(gateway, 'echo'))
    expect(controlPlane.output()).not.toContain('rejected')
  })
})

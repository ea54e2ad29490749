// Liquid Reply's blog: rows L of the acceptance list.
import { describe, expect, test } from 'vitest'
import { convertManifests } from '../../src/cli/convert.ts'
import { short, translated } from '../dialects/world.ts'
import { seed, seedPath } from './seeds.ts'
import { at, deployed, refused, resource, validated, validatedText } from './world.ts'

const manifests = seed('L-blog')
const GATEWAY = 'default/agentgateway'

describe('the blog', () => {
  test('L-01: the Backend as printed is accepted, and what of it has no effect is said', async () => {
    const { objects, problems } = await validated('L-blog')
    expect(objects.find(({ object }) => object.startsWith('Backend'))?.verdict).toBe('accepted')
    expect(problems.filter(({ path }) => path === 'spec.mcp.name').map(({ message }) => message)).toEqual([
      expect.stringContaining('the shape with mcp.name is of kgateway before 2.1'),
    ])
    const backend = resource(await translated(manifests), GATEWAY, 'backend/default/mcp-backend')
    expect(at(backend, 'backend', 'mcp', 'targets')).toEqual([
      {
        name: 'the-mcp-server',
        backend: { backend: 'default/mcp-backend/the-mcp-server' },
        protocol: 'STREAMABLE_HTTP',
      },
    ])
  })

  test('L-02: the route leads there from port 8080', async () => {
    const seen = await translated(manifests)
    expect(short(seen.statusOf('HTTPRoute default/mcp').parents?.[0]?.conditions)).toEqual([
      'Accepted=True/Accepted',
      'ResolvedRefs=True/ResolvedRefs',
    ])
    expect(Object.keys(seen.resourcesOf(GATEWAY))).toContain('bind/8080/default/agentgateway')
  })

  test('L-03: the MCPServer is a Deployment and a Service on 12001', async () => {
    const objects = await deployed(manifests)
    expect(at(objects['Service default/github-stdio-mcp'], 'spec', 'ports', 0, 'port')).toBe(12001)
    expect(Object.keys(objects)).toContain('Deployment default/github-stdio-mcp')
  })

  test('L-04: a target by host needs no protocol on the port of its Service', async () => {
    const host = manifests.replace('mcp-service.default.svc', 'github-stdio-mcp.default.svc')
    const backend = resource(await translated(host), GATEWAY, 'backend/default/mcp-backend/the-mcp-server')
    expect(at(backend, 'backend', 'static')).toEqual({
      host: 'github-stdio-mcp.default.svc.cluster.local',
      port: 12001,
    })
  })

  test('L-05: a process behind the gateway is one apply: an MCPServer, and a backend that names it', async () => {
    const { documents } = await convertManifests([seedPath('B-standalone')])
    const kinds = documents.map(({ object }) => object.kind)
    expect(kinds).toContain('MCPServer')
    const backend = documents.find(({ object }) => object.kind === 'AgentgatewayBackend')
    expect(JSON.stringify(backend?.object)).toContain('"backendRef":{"kind":"MCPServer","name":"everything"}')
  })

  test("L-06: the post's login is a policy", async () => {
    const { documents } = await convertManifests([seedPath('L-blog-standalone')])
    const policy = documents.find(({ object }) => JSON.stringify(object).includes('jwtAuthentication'))
    expect(at(policy?.object, 'spec', 'traffic', 'jwtAuthentication')).toMatchObject({
      providers: [
        {
          issuer: 'http://keycloak.192.168.49.2.nip.io/realms/mcp',
          audiences: ['mcp_proxy'],
          jwks: { remote: { url: expect.stringContaining('/protocol/openid-connect/certs') } },
        },
      ],
      mcp: { provider: 'Keycloak', resourceMetadata: { resource: 'http://localhost:8080/github/mcp' } },
    })
  })

  test('L-07: raw configuration is merged from parameters', async () => {
    const parameters = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayParameters
metadata: {name: raw}
spec: {rawConfig: {config: {adminAddr: "127.0.0.1:15999"}}}
`
    const withRaw = manifests.replace(
      'gatewayClassName: agentgateway\n',
      'gatewayClassName: agentgateway\n  infrastructure: {parametersRef: {group: agentgateway.dev, kind: AgentgatewayParameters, name: raw}}\n',
    )
    expect(withRaw).not.toBe(manifests)
    const objects = await deployed(withRaw, parameters)
    expect(JSON.stringify(objects['ConfigMap default/agentgateway'])).toContain('127.0.0.1:15999')
    const clash = parameters.replace('config: {adminAddr: "127.0.0.1:15999"}', 'binds: [{port: 8080, listeners: []}]')
    expect(await refused(withRaw, clash)).toEqual([expect.stringContaining('rawConfig.binds: port 8080 is bound')])
  })

  test('L-08: an Ingress is answered with what to write, or where to put it', async () => {
    const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: in-front, namespace: default}
spec: {defaultBackend: {service: {name: agentgateway, port: {number: 8080}}}}
`
    const { problems } = await validatedText(`${manifests}\n---\n${ingress}`)
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Ingress of networking.k8s.io\/v1 is not read; write an HTTPRoute; or .* to the Service/),
    )
    // What an Ingress in front leads to: a Service of the Gateway's name, with the port of its listener.
    expect(at((await deployed(manifests))['Service default/agentgateway'], 'spec', 'ports', 0, 'port')).toBe(8080)
  })

  test('L-09: the file as printed is refused by a current proxy, and printed as it should be', async () => {
    const { objects, problems, corrected } = await validated('L-blog-standalone')
    expect(objects).toMatchObject([{ verdict: 'refused' }])
    expect(problems.map(({ path }) => path.slice(path.lastIndexOf('.') + 1))).toEqual([
      'jwksUrl',
      'audience',
      'rules[1]',
    ])
    const text = JSON.stringify(corrected?.[0]?.config)
    expect(text).toContain('"jwks":{"url":"http://keycloak')
    expect(text).toContain('"audiences":["mcp_proxy"]')
    expect(text).not.toContain('jwksUrl')
  })

  test('L-13: the rule with a single = is refused at its position, with the rule that is meant', async () => {
    const { problems } = await validated('L-blog-standalone')
    const { message = '' } = problems.find(({ path }) => path.endsWith('rules[1]')) ?? {}
    expect(message).toContain('at 1:9')
    expect(message).toContain('write jwt.sub == "admin" && mcp.tool.name == "delete_repository"')
  })
})

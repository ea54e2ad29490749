// All founding documents together: rows X of the acceptance list.
import { describe, expect, test } from 'vitest'
import { convertedYaml, convertManifests } from '../../src/cli/convert.ts'
import { translated } from '../dialects/world.ts'
import { objectSeeds, seed, seedPath, standaloneSeeds } from './seeds.ts'
import { validated } from './world.ts'

// Two documents use one name for two Gateways of namespace default.
const together = objectSeeds.filter((name) => name !== 'L-blog').map(seed)

describe('all documents', () => {
  test('X-01: live beside each other under one class, and each object has one status', async () => {
    const seen = await translated(...together)
    const keys = seen.statuses.map(
      ({ apiVersion, kind, metadata }) => `${apiVersion}/${kind}/${metadata.namespace}/${metadata.name}`,
    )
    expect(new Set(keys).size).toBe(keys.length)
    const owners = new Set(seen.resources.flatMap(({ owners }) => owners.map(({ kind }) => kind)))
    expect([...owners].toSorted()).toEqual(
      ['AgentgatewayBackend', 'Backend', 'Gateway', 'HTTPRoute', 'LLMGateway', 'MCP', 'TrafficPolicy'].toSorted(),
    )
    const gateways = new Set(seen.resources.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`))
    expect([...gateways].toSorted()).toEqual([
      'default/agentgateway',
      'kgateway-system/agentgateway',
      'kubelb/agentgateway-proxy',
      'mcp/agentgateway',
      'platform/shared-gateway',
      'team-a/github-tools',
    ])
  })

  test.each([...objectSeeds, ...standaloneSeeds])(
    'X-02: %s works as printed, or says what to write instead',
    async (name) => {
      const { problems } = await validated(name)
      // What is wrong says what is missing, or what to write.
      const helpless = problems.filter(
        ({ message }) =>
          !/not found|write |has no effect|applied all the same|common attempts|belongs into/i.test(message),
      )
      expect(helpless).toEqual([])
    },
  )

  test.each(objectSeeds)('X-04: %s has a verdict and a configuration without any cluster', async (name) => {
    const { objects } = await validated(name)
    expect(objects.filter(({ verdict }) => verdict === 'refused')).toEqual([])
    expect((await translated(seed(name))).resources.length).toBeGreaterThan(2)
  })

  test('X-05: objects of kgateway are printed as ours, with what is lost', async () => {
    const { documents } = await convertManifests([seedPath('L-blog')])
    const text = convertedYaml(documents)
    expect(text).toContain('# spec.mcp.name has no effect')
    expect(text).toContain('kind: AgentgatewayBackend')
    expect(text).not.toContain('gateway.kgateway.dev')
  })

  test('X-01, X-06: where kgateway itself runs, it says what becomes of its Backends; routes to them work all the same', async () => {
    const kgateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: kgateway}
spec: {controllerName: kgateway.dev/kgateway}
`
    const [alone, beside] = [await translated(seed('B-chapter5')), await translated(seed('B-chapter5'), kgateway)]
    const kinds = (seen: typeof alone) => seen.statuses.map(({ kind }) => kind).toSorted()
    expect(kinds(alone)).toEqual(['Backend', 'Gateway', 'GatewayClass', 'HTTPRoute', 'TrafficPolicy'])
    expect(kinds(beside)).toEqual(['Gateway', 'GatewayClass', 'HTTPRoute', 'TrafficPolicy'])
    expect(beside.resources).toEqual(alone.resources)
  })

  test('X-06: where another controller runs MCPServers, they are only read', async () => {
    const seen = await translated(seed('B-chapter5'))
    expect(seen.statuses.some(({ kind }) => kind === 'MCPServer')).toBe(false)
    expect(seen.problems.some(({ object }) => object.kind === 'MCPServer')).toBe(false)
  })
})

// MCPServer, MCP and LLMGateway through the whole program: what is deployed for them, to whom it belongs, and what their
// statuses say while it comes up.
import { describe, expect, it } from 'vitest'
import { withImpliedClass } from '../../src/cli/implied-class.ts'
import { createRun } from '../../src/cli/run.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { readSettings } from '../../src/settings.ts'
import { manifestsOf, type Status, short, translated } from './world.ts'

const { settings } = readSettings({ 'run-mcp-servers': 'true' })

const server = `
apiVersion: kagent.dev/v1alpha1
kind: MCPServer
metadata: {name: github, namespace: mcp, uid: u-server}
spec: {transportType: stdio, deployment: {image: i, cmd: /srv, args: [stdio], secretRefs: [{name: token}]}}
`
const token = `
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: mcp}
`
const tools = `
apiVersion: agentkube.io/v1alpha1
kind: MCP
metadata: {name: tools, namespace: team, uid: u-tools}
spec:
  replicas: 2
  upstreams:
    - {name: far, kind: http, endpoint: "https://mcp.test", tools: {mode: allow, allow: [a]}}
    - {name: near, kind: stdio, image: i, cmd: /srv}
`
const gateway = `
apiVersion: agentkube.io/v1alpha1
kind: LLMGateway
metadata: {name: models, namespace: platform, uid: u-models}
spec:
  upstreams: [{name: a, provider: vllm, endpoint: "http://vllm:8000", models: [m]}]
  auth: {mode: none}
  caching: {ttl: 5m}
`

const pod = (namespace: string, of: string, index: number): KubeObject => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: `${of}-${index}`,
      labels: { 'app.kubernetes.io/name': of, 'app.kubernetes.io/instance': of },
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }
  return object
}

/** A cluster that deploys: what is rendered, and statuses after more has happened. */
async function cluster(text: string, more: Partial<typeof settings> = {}) {
  const used = { ...settings, ...more }
  const run = createRun(used, { deploy: { ...used, version: '0.1.0' } })
  const { pipeline } = run
  const manifests = await manifestsOf(text)
  run.setCollections(withImpliedClass(manifests.collections, used))
  await pipeline.graph.commit()
  for (const each of pipeline.deployments.list()) {
    if (each.kind !== 'needs-session-key') continue
    const data = { key: Buffer.from('a'.repeat(64)).toString('base64') }
    run.set([{ ...each.secret, ...{ data } }])
  }
  const statusOf = async (kind: string) => {
    await pipeline.graph.commit()
    const found = run.result('2026-01-01T00:00:00Z').statuses.find((each) => each.kind === kind)
    // A status is what the merge prints.
    return found?.status as Status | undefined
  }
  await pipeline.graph.commit()
  return { run, pipeline, statusOf }
}

describe('an MCPServer', () => {
  it('owns what runs it', async () => {
    const { pipeline } = await cluster(`${server}---${token}`)
    expect(pipeline.deployments.list()).toMatchObject([
      {
        kind: 'rendered',
        owner: {
          apiVersion: 'kagent.dev/v1alpha1',
          kind: 'MCPServer',
          namespace: 'mcp',
          name: 'github',
          uid: 'u-server',
        },
        objects: [{ kind: 'ServiceAccount' }, { kind: 'ConfigMap' }, { kind: 'Service' }, { kind: 'Deployment' }],
      },
    ])
  })

  it('says how it is coming up, and names a Secret that is missing', async () => {
    const { statusOf, run, pipeline } = await cluster(server)
    const missing = await statusOf('MCPServer')
    expect(short(missing?.conditions)).toEqual([
      'Accepted=True/Accepted',
      'ResolvedRefs=False/RefNotFound',
      'Ready=False/PodsNotReady',
    ])
    expect(missing?.conditions?.[1]?.message).toBe('Secret mcp/token not found')
    run.set([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: 'mcp' } },
      pod('mcp', 'github', 0),
    ])
    pipeline.verdicts.set('MCPServer/mcp/github', { gateway: 'MCPServer/mcp/github', problem: undefined })
    expect(short((await statusOf('MCPServer'))?.conditions)).toEqual([
      'Accepted=True/Accepted',
      'ResolvedRefs=True/ResolvedRefs',
      'Programmed=True/Programmed',
      'Ready=True/Available',
    ])
  })

  it('is left alone where somebody else runs it, and is a target of backends all the same', async () => {
    const backend = `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: direct, namespace: mcp}
spec: {mcp: {targets: [{name: t, static: {backendRef: {kind: MCPServer, name: github}, port: 3000}}]}}
`
    const { pipeline, statusOf } = await cluster(`${server}---${backend}`, { runMcpServers: false })
    expect(pipeline.deployments.list()).toEqual([])
    expect(await statusOf('MCPServer')).toBeUndefined()
    expect(short((await statusOf('AgentgatewayBackend'))?.conditions)).toEqual(['Accepted=True/Accepted'])
  })
})

describe('an MCP object', () => {
  it('owns its proxies and its processes', async () => {
    const { pipeline } = await cluster(tools)
    const [deployment] = pipeline.deployments.list()
    expect(deployment).toMatchObject({
      kind: 'rendered',
      owner: { apiVersion: 'agentkube.io/v1alpha1', kind: 'MCP', namespace: 'team', name: 'tools', uid: 'u-tools' },
    })
    const objects = deployment?.kind === 'rendered' ? deployment.objects : []
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      expect.arrayContaining(['Deployment tools', 'Service tools', 'Deployment tools-near', 'Service tools-near']),
    )
    const proxies = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'tools')
    expect(proxies?.spec).toMatchObject({ replicas: 2 })
  })

  it('has a phase, an address, and a state for each upstream', async () => {
    const { statusOf, run } = await cluster(tools)
    expect(await statusOf('MCP')).toMatchObject({
      phase: 'Pending',
      endpoint: 'http://tools.team.svc:8080/mcp',
      upstreams: [
        { name: 'far', state: 'Ready', message: 'https://mcp.test:443/mcp, with the default path /mcp' },
        { name: 'near', state: 'Ready', message: '/srv in Deployment tools-near' },
      ],
      unenforced: [],
    })
    run.set([pod('team', 'tools', 0)])
    expect(await statusOf('MCP')).toMatchObject({ phase: 'Pending' })
    run.set([pod('team', 'tools', 1)])
    expect(await statusOf('MCP')).toMatchObject({ phase: 'Ready' })
  })

  it('is served under its own name, and no Gateway that nobody wrote has a status', async () => {
    const seen = await translated(tools)
    const names = Object.keys(seen.resourcesOf('team/tools'))
    expect(names).toEqual(
      expect.arrayContaining(['backend/team/tools', 'backend/team/tools/far', 'listener/team/tools.http']),
    )
    expect(seen.statuses.map(({ kind }) => kind)).toEqual(['GatewayClass', 'MCP'])
    expect(seen.resources.every(({ owners }) => owners.every(({ kind }) => kind === 'MCP'))).toBe(true)
    expect(seen.problems).toEqual([])
  })
})

describe('an LLMGateway', () => {
  it('names what it does not enforce', async () => {
    const { statusOf } = await cluster(gateway)
    expect(await statusOf('LLMGateway')).toMatchObject({
      phase: 'Pending',
      endpoint: 'http://models.platform.svc:8080/v1',
      unenforced: ['spec.caching'],
    })
  })

  it('keeps out of the way of a Gateway of its name', async () => {
    const own = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: models, namespace: platform}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: 80, protocol: HTTP}]}
`
    const seen = await translated(own, gateway)
    expect(seen.statusOf('LLMGateway platform/models')).toMatchObject({ phase: 'Failed' })
    expect(short(seen.statusOf('Gateway platform/models').conditions)).toContain('Accepted=True/Accepted')
    expect(Object.keys(seen.resourcesOf('platform/models'))).toEqual([
      'bind/80/platform/models',
      'listener/platform/models.http',
    ])
  })
})

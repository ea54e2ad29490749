// The kinds of kgateway around its Backends and policies, through the whole program: answers, parameters, what only Envoy has.
import { describe, expect, it } from 'vitest'
import { convertedYaml, convertManifests } from '../../src/cli/convert.ts'
import { at, deployed, resource } from '../seeds/world.ts'
import { short, translated } from './world.ts'

const gateway = (more = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: team}
spec:
  gatewayClassName: agentgateway
  ${more}
  listeners: [{name: http, protocol: HTTP, port: 8080}]
`
const route = (filters: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: team}
spec:
  parentRefs: [{name: gw}]
  rules: [{filters: [${filters}]}]
`
const extension = (kind: string) =>
  `{type: ExtensionRef, extensionRef: {group: gateway.kgateway.dev, kind: ${kind}, name: teapot}}`
const answer = (spec: string) => `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: DirectResponse
metadata: {name: teapot, namespace: team}
spec: ${spec}
`
const verdict = (seen: Awaited<ReturnType<typeof translated>>) =>
  (seen.statusOf('HTTPRoute team/web').parents?.[0]?.conditions ?? []).find(({ type }) => type === 'ResolvedRefs')

describe('a DirectResponse', () => {
  it('answers where a filter names it', async () => {
    const seen = await translated(gateway(), route(extension('DirectResponse')), answer('{status: 418, body: short}'))
    expect(verdict(seen)).toMatchObject({ status: 'True' })
    const found = resource(seen, 'team/gw', 'route/team/web.00.http')
    expect(at(found, 'route', 'trafficPolicies', 0, 'directResponse')).toMatchObject({
      status: 418,
      body: Buffer.from('short').toString('base64'),
    })
  })

  it('that is missing, or has no status, makes the rule answer 500 and is named', async () => {
    const missing = await translated(gateway(), route(extension('DirectResponse')))
    expect(verdict(missing)).toMatchObject({
      status: 'False',
      message: 'spec.rules[0].filters[0].extensionRef: DirectResponse team/teapot not found',
    })
    const without = await translated(gateway(), route(extension('DirectResponse')), answer('{body: x}'))
    expect(JSON.stringify(without.manifests.problems) + verdict(without)?.message).toContain('status')
  })

  it('does not go with a redirect', async () => {
    const redirect = '{type: RequestRedirect, requestRedirect: {statusCode: 302, hostname: a.test}}'
    const both = route(`${redirect}, ${extension('DirectResponse')}`)
    const seen = await translated(gateway(), both, answer('{status: 418}'))
    expect(verdict(seen)?.message).toContain('RequestRedirect and DirectResponse are mutually exclusive')
  })
})

it.each(['TrafficPolicy', 'Unheard'])('an extension that is no filter here is refused: %s', async (kind) => {
  const told = verdict(await translated(gateway(), route(extension(kind))))
  expect(told).toMatchObject({ status: 'False', reason: 'IncompatibleFilters' })
  expect(told?.message).toContain(`unsupported ExtensionRef: gateway.kgateway.dev/${kind}`)
  if (kind === 'TrafficPolicy') expect(told?.message).toContain('write targetRefs in the TrafficPolicy')
})

describe('GatewayParameters', () => {
  const infrastructure =
    'infrastructure: {parametersRef: {group: gateway.kgateway.dev, kind: GatewayParameters, name: params}}'
  const parameters = `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: GatewayParameters
metadata: {name: params, namespace: team}
spec: {kube: {deployment: {replicas: 3}, service: {type: ClusterIP}, agentgateway: {customConfigMapName: raw, logLevel: debug}}}
`
  const raw = (config: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: raw, namespace: team}
data: {config.yaml: '${config}'}
`

  it('deploy the proxies that they describe', async () => {
    const config = raw('config: {adminAddr: "127.0.0.1:15999"}')
    const objects = await deployed(gateway(infrastructure), parameters, config)
    expect(at(objects['Deployment team/gw'], 'spec', 'replicas')).toBe(3)
    expect(at(objects['Service team/gw'], 'spec', 'type')).toBe('ClusterIP')
    expect(JSON.stringify(objects['ConfigMap team/gw'])).toContain('127.0.0.1:15999')
    const seen = await translated(gateway(infrastructure), parameters, config)
    expect(short(seen.statusOf('GatewayParameters team/params').conditions)).toEqual(['Accepted=True/Accepted'])
    expect(short(seen.statusOf('Gateway team/gw').conditions)).toContain('Accepted=True/Accepted')
  })

  it('with a configuration that is not there say so, and are deployed all the same', async () => {
    const seen = await translated(gateway(infrastructure), parameters)
    expect(seen.statusOf('GatewayParameters team/params').conditions?.[0]).toMatchObject({
      status: 'False',
      message: expect.stringContaining('ConfigMap team/raw not found'),
    })
    expect(Object.keys(await deployed(gateway(infrastructure), parameters))).toContain('Deployment team/gw')
  })

  it('are converted together with what refers to them', async () => {
    const { documents } = await convertManifests(['-'], async () => `${gateway(infrastructure)}\n---\n${parameters}`)
    const text = convertedYaml(documents)
    expect(text).toContain('kind: AgentgatewayParameters')
    expect(text).not.toContain('gateway.kgateway.dev')
  })
})

it('a policy that sets up Envoy is not accepted, and says what to write', async () => {
  const policy = `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: HTTPListenerPolicy
metadata: {name: log, namespace: team}
spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gw}], accessLog: [{}]}
`
  const seen = await translated(gateway(), policy)
  const [ancestor] = seen.statusOf('HTTPListenerPolicy team/log').ancestors ?? []
  expect(short(ancestor?.conditions)).toEqual(['Accepted=False/Unsupported', 'Attached=False/Pending'])
  expect(ancestor?.conditions[0]?.message).toContain('write frontend.accessLog in an AgentgatewayPolicy instead')
})

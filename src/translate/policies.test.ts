import { describe, expect, test } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import type { AgentgatewayPolicy, PolicySpec } from '../api/policy.ts'
import { byLabels } from '../kube/labels.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import { permissionsOf } from './grants.ts'
import { policyLinks, translatePolicy } from './policies.ts'
import type { PolicyPart } from './policy-content.ts'
import type { Link } from './reachability.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

const GATEWAY = 'gateway.networking.k8s.io'
const settings = { ...DEFAULT_TRANSLATE_SETTINGS, enableInferencePool: true }

const object = <S extends object>(kind: string, name: string, spec: S, labels: Record<string, string> = {}) => ({
  apiVersion: kind === 'Service' ? 'v1' : 'x/v1',
  kind,
  metadata: { namespace: 'ns', name, labels },
  spec,
})
const objects = {
  gateways: [
    object('Gateway', 'gw', { listeners: [{ name: 'http', port: 80 }] }, { team: 'a' }),
    object('Gateway', 'other', {}, { team: 'a' }),
  ],
  httproutes: [object('HTTPRoute', 'route', { rules: [{ name: 'rule' }, {}] })],
  grpcroutes: [object('GRPCRoute', 'route', {})],
  listenersets: [object('ListenerSet', 'set', { listeners: [{ name: 'l' }] })],
  services: [object('Service', 'svc', { ports: [{ port: 80 }] }), object('Service', 'unused', {})],
  agentgatewaybackends: [
    object('AgentgatewayBackend', 'mcp', { mcp: { targets: [{ name: 't' }] } }),
    object('AgentgatewayBackend', 'ai', { ai: { provider: {}, groups: [{ providers: [{ name: 'p' }] }] } }),
    object('AgentgatewayBackend', 'proxy', {}),
  ],
  inferencepools: [object('InferencePool', 'pool', {})],
}
const read = <T extends KubeObject>(list: readonly T[]) =>
  readerOf(
    list.map((each) => [keyOf(each), each] as const),
    byLabels,
  )
const targets = {
  gateways: read(objects.gateways),
  httproutes: read(objects.httproutes),
  grpcroutes: read(objects.grpcroutes),
  listenersets: read(objects.listenersets),
  services: read(objects.services),
  agentgatewaybackends: read(objects.agentgatewaybackends),
  inferencepools: read(objects.inferencepools),
}
const reach = {
  reached: readerOf(
    ['HTTPRoute/ns/route', 'ListenerSet/ns/set', 'Service/ns/svc', 'AgentgatewayBackend/ns/mcp'].map(
      (node) => [node, { node, gateways: ['ns/gw'] }] as const,
    ),
  ),
  links: readerOf<Link>([['l', { key: 'l', from: 'Service/ns/svc', to: 'AgentgatewayBackend/ns/ai' }]], {
    to: ({ to }) => [to],
  }),
}

const policy = (spec: Partial<PolicySpec>): AgentgatewayPolicy => ({
  apiVersion: 'agentgateway.dev/v1alpha1',
  kind: 'AgentgatewayPolicy',
  metadata: { namespace: 'ns', name: 'p', generation: 3 },
  spec,
})
const parts: readonly PolicyPart[] = [{ head: 'ns/p:tls', body: { backend: { backendTls: {} } } }]

function attach(spec: Partial<PolicySpec>, content: readonly PolicyPart[] = parts, messages: readonly string[] = []) {
  const problems = messages.map((message) => ({ reason: 'PartiallyValid', path: 'spec', message }) as const)
  const contents = readerOf([['ns/p', { key: 'ns/p', parts: content, problems, demands: [] }]])
  const { resources, status } = translatePolicy(policy(spec), { ...targets, ...reach, contents }, settings)
  const ancestors = status?.body.shape === 'policy' ? status.body.ancestors : []
  return {
    sent: resources.map(({ gateway, resource }) =>
      resource.kind === 'policy' ? `${gateway} ${resource.policy.key}` : undefined,
    ),
    targets: resources.map(({ resource }) => (resource.kind === 'policy' ? resource.policy.target : undefined)),
    ancestors: ancestors.map(({ ref, conditions }) => [
      ref.name,
      ...conditions.map((each) => `${each.type}=${each.status} ${each.reason}: ${each.message}`),
    ]),
  }
}
const at = (kind: string, name: string, more: object = {}) => {
  const groups: Readonly<Record<string, string>> = {
    Service: '',
    AgentgatewayBackend: 'agentgateway.dev',
    InferencePool: 'inference.networking.k8s.io',
  }
  return { targetRefs: [{ group: groups[kind] ?? GATEWAY, kind, name, ...more }] }
}

const good = ['gw', 'Accepted=True Valid: Policy accepted', 'Attached=True Attached: Attached to all targets']
const bad = (failure: string) => [
  'StatusSummary',
  'Accepted=True Valid: Policy accepted',
  `Attached=False Pending: Policy is not attached: ${failure}`,
]

describe('targets that exist', () => {
  test.each([
    [at('Gateway', 'gw'), ':ns/gw', { gateway: { name: 'gw', namespace: 'ns' } }],
    [
      at('Gateway', 'gw', { sectionName: 'http' }),
      ':ns/gw/http',
      { gateway: { name: 'gw', namespace: 'ns', listener: 'http' } },
    ],
    [at('Gateway', 'gw', { port: 80 }), ':ns/gw/port=80', { gateway: { name: 'gw', namespace: 'ns', port: 80 } }],
    [
      at('HTTPRoute', 'route', { sectionName: 'rule' }),
      ':ns/route/rule',
      { route: { kind: 'HTTPRoute', name: 'route', namespace: 'ns', routeRule: 'rule' } },
    ],
    [
      at('ListenerSet', 'set', { sectionName: 'l' }),
      ':ns/set/l',
      { listenerSet: { name: 'set', namespace: 'ns', section: 'l' } },
    ],
    [
      at('Service', 'svc', { sectionName: '80' }),
      ':ns/svc.ns.svc.cluster.local/80',
      { service: { namespace: 'ns', hostname: 'svc.ns.svc.cluster.local', port: 80 } },
    ],
    [
      at('AgentgatewayBackend', 'mcp', { sectionName: 't' }),
      ':ns/mcp/t',
      { backend: { name: 'mcp', namespace: 'ns', section: 't' } },
    ],
    [
      at('AgentgatewayBackend', 'ai', { sectionName: 'backend' }),
      ':ns/ai/backend',
      { backend: { name: 'ai', namespace: 'ns', section: 'backend' } },
    ],
    [
      at('AgentgatewayBackend', 'ai', { sectionName: 'p' }),
      ':ns/ai/p',
      { backend: { name: 'ai', namespace: 'ns', section: 'p' } },
    ],
  ])('%j are keyed by %s', (spec, suffix, target) => {
    expect(attach(spec)).toEqual({ sent: [`ns/gw ns/p:tls${suffix}`], targets: [target], ancestors: [good] })
  })
})

describe('targets that are not there', () => {
  test.each([
    [at('Gateway', 'gone'), ['ns/gone ns/p:tls:ns/gone'], 'Gateway ns/gone not found'],
    [
      at('Gateway', 'gw', { sectionName: 'x' }),
      ['ns/gw ns/p:tls:ns/gw/x'],
      'sectionName "x" not found in Gateway ns/gw',
    ],
    [at('Gateway', 'gw', { port: 81 }), ['ns/gw ns/p:tls:ns/gw/port=81'], 'port 81 not found in Gateway ns/gw'],
    [
      at('HTTPRoute', 'route', { sectionName: 'x' }),
      ['ns/gw ns/p:tls:ns/route/x'],
      'sectionName "x" not found in HTTPRoute ns/route',
    ],
    [at('HTTPRoute', 'gone'), [], 'HTTPRoute ns/gone not found'],
    [at('GRPCRoute', 'route'), [], 'GRPCRoute ns/route is not attached to any Gateway'],
    [at('Service', 'gone'), [], 'Service ns/gone not found'],
    [at('Service', 'unused'), [], 'Service ns/unused is not attached to any Gateway'],
    [at('Service', 'svc', { sectionName: '81' }), [], 'port 81 not found in Service ns/svc'],
    [
      at('Service', 'svc', { sectionName: 'http' }),
      [],
      'sectionName "http" is not a valid port number for Service ns/svc',
    ],
    [
      at('AgentgatewayBackend', 'mcp', { sectionName: 'x' }),
      [],
      'sectionName "x" not found in AgentgatewayBackend ns/mcp',
    ],
    [at('InferencePool', 'gone'), [], 'InferencePool ns/gone not found'],
    [
      { targetSelectors: [{ group: GATEWAY, kind: 'Gateway', matchLabels: { team: 'b' } }] },
      [],
      'no Gateway matching selector found in namespace ns',
    ],
  ])('%j are sent to %j and reported', (spec, sent, failure) => {
    const result = attach(spec)
    expect([result.sent, result.ancestors]).toEqual([sent, [bad(failure)]])
  })
})

test('kinds that cannot be targeted are passed over, and equal targets count once', () => {
  const { targetRefs } = at('Gateway', 'gw')
  const foreign = { group: 'x', kind: 'Gateway', name: 'gw' }
  expect(attach({ targetRefs: [...targetRefs, foreign, ...targetRefs] }).sent).toEqual(['ns/gw ns/p:tls:ns/gw'])
})

test('an InferencePool is not found while the kind is switched off', () => {
  const contents = readerOf([['ns/p', { key: 'ns/p', parts, problems: [], demands: [] }]])
  const { problems } = translatePolicy(
    policy(at('InferencePool', 'pool')),
    { ...targets, ...reach, contents },
    { ...settings, enableInferencePool: false },
  )
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'spec.targetRefs[0]: Policy is not attached: InferencePool ns/pool not found',
  ])
})

test('a selector attaches to all objects that it matches, each with its own check', () => {
  const spec = {
    targetSelectors: [{ group: GATEWAY, kind: 'Gateway', matchLabels: { team: 'a' }, sectionName: 'http' }],
  }
  expect(attach(spec)).toMatchObject({
    sent: ['ns/gw ns/p:tls:ns/gw/http', 'ns/other ns/p:tls:ns/other/http'],
    ancestors: [bad('sectionName "http" not found in Gateway ns/other'), good],
  })
})

test('a policy with problems is attached, and leaves open whether it is; without content it is refused', () => {
  const spec = at('Gateway', 'gw')
  expect(attach(spec, parts, ['a', 'b']).ancestors).toEqual([['gw', 'Accepted=True PartiallyValid: a\nb']])
  expect(attach(spec, [], ['a']).ancestors).toEqual([
    ['gw', 'Accepted=False Invalid: a', 'Attached=False Pending: Policy is not attached due to invalid status'],
  ])
  expect(attach(at('Gateway', 'gone'), parts, ['a']).ancestors).toEqual([
    [
      'StatusSummary',
      'Accepted=True PartiallyValid: a',
      'Attached=False Pending: Policy is not attached: Gateway ns/gone not found',
    ],
  ])
})

describe('links', () => {
  const tunnel = (namespace: string) => ({
    backend: {
      tunnel: { backendRef: { name: 'proxy', namespace, kind: 'AgentgatewayBackend', group: 'agentgateway.dev' } },
    },
  })
  const links = (spec: Partial<PolicySpec>, backendRefGrantMode: 'route' | 'route-and-policy' = 'route') => {
    const permissions = readerOf(
      permissionsOf(object('ReferenceGrant', 'none', {})).map((each) => [each.key, each] as const),
      { permits: ({ permits }) => [permits] },
    )
    return policyLinks(policy(spec), { ...targets, permissions }, { ...settings, backendRefGrantMode }).map(
      ({ from, to }) => `${from} > ${to}`,
    )
  }

  test('lead from each target that exists to each backend, whatever their sections', () => {
    const targetRefs = [
      ...at('Service', 'svc', { sectionName: '80' }).targetRefs,
      ...at('Service', 'svc').targetRefs,
      ...at('Service', 'gone').targetRefs,
      ...at('Service', 'svc', { sectionName: '81' }).targetRefs,
    ]
    expect(links({ targetRefs, ...tunnel('ns') })).toEqual(['Service/ns/svc > AgentgatewayBackend/ns/proxy'])
  })

  test('are absent for references that nobody granted', () => {
    const spec = { ...at('Gateway', 'gw'), ...tunnel('far') }
    expect(links(spec)).toEqual(['Gateway/ns/gw > AgentgatewayBackend/far/proxy'])
    expect(links(spec, 'route-and-policy')).toEqual([])
  })
})

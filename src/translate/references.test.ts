import { expect, test } from 'vitest'
import { grantOf, poolOf, type Surroundings, scopeOf } from '../../test/rule-scope.ts'
import type { BackendRef } from '../kube/route-types.ts'
import { resolveBackend, resolveRouteBackend } from './references.ts'

const POOL = { group: 'inference.networking.k8s.io', kind: 'InferencePool' }
const BACKEND = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend' }

function resolve(ref: BackendRef, surroundings: Surroundings = {}) {
  const { value, problems } = resolveRouteBackend(ref, 'p', scopeOf(surroundings))
  return { value, problems: problems.map(({ reason, message }) => `${reason}: ${message}`) }
}

test('a Service resolves to its host name and the port of the reference, whatever ports it has', () => {
  expect(resolve({ name: 'web', port: 8080 }, { services: ['default/web'] })).toEqual({
    value: { service: { namespace: 'default', hostname: 'web.default.svc.cluster.local' }, port: 8080 },
    problems: [],
  })
})

test('a missing Service is filled in all the same', () => {
  expect(resolve({ name: 'web', port: 8080 })).toEqual({
    value: { service: { namespace: 'default', hostname: 'web.default.svc.cluster.local' }, port: 8080 },
    problems: ['BackendNotFound: backend(web.default.svc.cluster.local) not found'],
  })
})

test('a host name in place of a Service name and a missing port are refused', () => {
  expect(resolve({ name: 'web.default', port: 1 }).problems).toEqual([
    'UnsupportedValue: service name invalid; the name of the Service must be used, not the hostname.',
  ])
  expect(resolve({ name: 'web' }, { services: ['default/web'] }).problems).toEqual([
    'UnsupportedValue: port is required in Service backendRef',
  ])
})

test('an AgentgatewayBackend is named by its key and filled in when missing', () => {
  expect(resolve({ ...BACKEND, name: 'ai' }, { backends: ['default/ai'] })).toEqual({
    value: { backend: 'default/ai' },
    problems: [],
  })
  expect(resolve({ ...BACKEND, name: 'ai' })).toEqual({
    value: { backend: 'default/ai' },
    problems: ['BackendNotFound: Backend not found: default/ai'],
  })
})

test('an InferencePool decides the port itself', () => {
  expect(resolve({ ...POOL, name: 'llm', port: 1 }, { pools: [poolOf('default', 'llm', [8000, 8001])] })).toEqual({
    value: { service: { namespace: 'default', hostname: 'llm.default.inference.cluster.local' }, port: 8000 },
    problems: [],
  })
})

test('an InferencePool that is missing, portless or named by host is told apart', () => {
  expect(resolve({ ...POOL, name: 'llm' })).toEqual({
    value: {},
    problems: ['BackendNotFound: backendRef default/llm not found'],
  })
  expect(resolve({ ...POOL, name: 'llm' }, { pools: [poolOf('default', 'llm', [])] }).problems).toEqual([
    'UnsupportedValue: inferencePool.targetPorts must contain at least one entry',
  ])
  expect(resolve({ ...POOL, name: 'llm.x' }).problems).toEqual([
    'UnsupportedValue: InferencePool name invalid; the name of the InferencePool must be used, not the hostname.',
  ])
})

test.each([
  [{ group: 'example.com', kind: 'Other', name: 'x' }, 'group "example.com" kind "Other"'],
  [{ kind: 'ConfigMap', name: 'x' }, 'group "" kind "ConfigMap"'],
  [
    { group: 'networking.istio.io', kind: 'ServiceEntry', name: 'x' },
    'group "networking.istio.io" kind "ServiceEntry"',
  ],
  [{ kind: 'AgentgatewayBackend', name: 'x' }, 'group "" kind "AgentgatewayBackend"'],
])('an unknown kind is an empty reference: %o', (ref, told) => {
  expect(resolve(ref)).toEqual({
    value: {},
    problems: [`InvalidKind: referencing unsupported backendRef: ${told}`],
  })
})

test('a reference across namespaces without a grant is left out, whether or not its object exists', () => {
  const denied = {
    value: undefined,
    problems: [
      'RefNotPermitted: backendRef other/web not accessible to a HTTPRoute in namespace "default" (missing a ReferenceGrant?)',
    ],
  }
  expect(resolve({ name: 'web', namespace: 'other', port: 80 })).toEqual(denied)
  expect(resolve({ name: 'web', namespace: 'other', port: 80 }, { services: ['other/web'] })).toEqual(denied)
})

test('the own namespace written out needs no grant', () => {
  expect(resolve({ name: 'web', namespace: 'default', port: 80 }, { services: ['default/web'] }).problems).toEqual([])
})

test.each([
  ['all Services', { kind: 'Service' }, []],
  ['this Service', { kind: 'Service', name: 'web' }, []],
  ['another Service', { kind: 'Service', name: 'api' }, ['RefNotPermitted']],
  ['another kind', { kind: 'Secret' }, ['RefNotPermitted']],
])('a grant to %s counts as written', (_, to, reasons) => {
  const grants = [grantOf('other', { kind: 'HTTPRoute', namespace: 'default' }, to)]
  const { problems } = resolve({ name: 'web', namespace: 'other', port: 80 }, { services: ['other/web'], grants })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(reasons)
})

test('a grant to another kind of route does not count', () => {
  const grants = [grantOf('other', { kind: 'GRPCRoute', namespace: 'default' }, { kind: 'Service' })]
  expect(resolve({ name: 'web', namespace: 'other', port: 80 }, { grants }).value).toBeUndefined()
})

test('an InferencePool in another namespace can be granted', () => {
  const surroundings = { pools: [poolOf('other', 'llm', [8000])] }
  const grants = [grantOf('other', { kind: 'HTTPRoute', namespace: 'default' }, { ...POOL })]
  expect(resolve({ ...POOL, name: 'llm', namespace: 'other' }, surroundings).value).toBeUndefined()
  expect(resolve({ ...POOL, name: 'llm', namespace: 'other' }, { ...surroundings, grants }).problems).toEqual([])
})

test.each([
  ['route', false],
  ['route-and-policy', false],
  ['none', true],
] as const)('grant mode %s', (grantMode, isAllowed) => {
  const { value } = resolve({ name: 'web', namespace: 'other', port: 80 }, { services: ['other/web'], grantMode })
  expect(value !== undefined).toBe(isAllowed)
})

test('references of models are never asked for a grant', () => {
  const scope = scopeOf({ services: ['other/web'] })
  expect(resolveBackend({ name: 'web', namespace: 'other', port: 80 }, 'p', scope).problems).toEqual([])
})

import { expect, test } from 'vitest'
import { scopeOf } from '../../test/rule-scope.ts'
import type { GrpcRouteRule } from '../kube/route-types.ts'
import { translateGrpcRule } from './grpc-rules.ts'

const WEB = { name: 'web', port: 80 }

function translate(rule: GrpcRouteRule) {
  const outcome = translateGrpcRule(rule, scopeOf({ kind: 'GRPCRoute', services: ['default/web'] }))
  const [resource] = outcome.render?.({ key: 'k', listenerKey: 'l' }) ?? []
  return {
    route: resource?.kind === 'route' ? resource.route : undefined,
    problems: outcome.problems.map(({ extent, reason, path, message }) => `${extent} ${reason} ${path}: ${message}`),
  }
}

test.each([
  [{ service: 'a.B', method: 'C' }, { exact: '/a.B/C' }],
  [{ service: 'a.B' }, { pathPrefix: '/a.B' }],
  [{ method: 'C' }, { regex: '/[^/]+/C' }],
  [{ method: 'C.D' }, { regex: '/[^/]+/C\\.D' }],
  [{ type: 'RegularExpression', service: 'a\\..*', method: 'Get|List' }, { regex: '/a\\..*/(?:Get|List)' }],
  [{ type: 'RegularExpression', method: 'Get.*' }, { regex: '/[^/]+/Get.*' }],
  [{ type: 'RegularExpression', service: 'a' }, { regex: '/a/[^/]+' }],
  [{}, undefined],
])('method match %j', (method, path) => {
  expect(translate({ matches: [{ method }] }).route?.matches?.[0]?.path).toEqual(path)
})

test('a rule without matches takes every call', () => {
  expect(translate({ backendRefs: [WEB] }).route).toMatchObject({
    name: { kind: 'GRPCRoute', namespace: 'default', name: 'route' },
    matches: [{ path: { pathPrefix: '/' } }],
    backends: [{ weight: 1 }],
  })
})

test('headers match as in HTTPRoutes', () => {
  const headers = [{ name: 'v', value: '2' }]
  expect(translate({ matches: [{ headers }] }).route?.matches).toEqual([{ headers: [{ name: 'v', exact: '2' }] }])
})

test('a badly written backend is told in its own words', () => {
  expect(translate({ backendRefs: [{ name: 'web' }] }).problems).toEqual([
    'part UnsupportedValue spec.rules[0].backendRefs[0]: port is required in Service backendRef',
  ])
})

test('header modifiers and mirrors are all that a rule or backend may have', () => {
  const filters = [
    { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a'] } },
    { type: 'RequestMirror', requestMirror: { backendRef: WEB } },
  ]
  const served = translate({ filters, backendRefs: [{ ...WEB, filters }] })
  expect(served.problems).toEqual([])
  expect(served.route?.trafficPolicies).toHaveLength(2)
  expect(served.route?.backends?.[0]?.backendPolicies).toHaveLength(2)
  const refused = translate({ filters: [{ type: 'URLRewrite', urlRewrite: {} }], backendRefs: [WEB] })
  expect(refused.problems).toEqual([
    'rule IncompatibleFilters spec.rules[0].filters[0]: unsupported filter type "URLRewrite"',
  ])
  expect(refused.route?.backends).toEqual([])
})

test('a pattern that proxies refuse leaves its match out', () => {
  const method = { type: 'RegularExpression', service: 'a', method: '(?!b).*' }
  const { problems, render } = translateGrpcRule({ matches: [{ method }] }, scopeOf({}))
  expect(render).toBeUndefined()
  expect(problems.map(({ path }) => path)).toEqual(['spec.rules[0].matches[0].method.method'])
})

import { expect, test } from 'vitest'
import { type Surroundings, scopeOf } from '../../test/rule-scope.ts'
import type { HttpRouteMatch, HttpRouteRule } from '../kube/route-types.ts'
import type { Backend, Route } from '../wire/messages.ts'
import { translateHttpRule } from './http-rules.ts'

const WEB = { name: 'web', port: 80 }
const WEB_BACKEND = { service: { namespace: 'default', hostname: 'web.default.svc.cluster.local' }, port: 80 }

function translate(rule: HttpRouteRule, surroundings: Surroundings = {}) {
  const scope = scopeOf({ services: ['default/web'], ...surroundings })
  const outcome = translateHttpRule(rule, scope)
  let route: Route | undefined
  let backend: Backend | undefined
  for (const resource of outcome.render?.({ key: 'k', listenerKey: 'l' }) ?? []) {
    if (resource.kind === 'route') route = resource.route
    if (resource.kind === 'backend') backend = resource.backend
  }
  const problems = outcome.problems.map(({ extent, reason, path }) => `${extent} ${reason} ${path}`)
  return { route, backend, problems, messages: outcome.problems.map(({ message }) => message) }
}

function matched(match: HttpRouteMatch) {
  return translate({ matches: [match] }).route?.matches?.[0]
}

test('a route carries its place, its names and its hostnames', () => {
  expect(translate({ name: 'rule', backendRefs: [WEB] }, { hostnames: ['a.com'] }).route).toMatchObject({
    key: 'k',
    listenerKey: 'l',
    name: { kind: 'HTTPRoute', namespace: 'default', name: 'route', ruleName: 'rule' },
    hostnames: ['a.com'],
    matches: [],
    backends: [{ weight: 1, backend: WEB_BACKEND }],
  })
})

test.each([
  [{ value: '/a' }, { pathPrefix: '/a' }],
  [{ type: 'PathPrefix', value: '' }, { pathPrefix: '/' }],
  [{ type: 'PathPrefix', value: 'a' }, { pathPrefix: '/a' }],
  [{ type: 'PathPrefix', value: '/a/b///' }, { pathPrefix: '/a/b' }],
  [{ type: 'PathPrefix', value: '///' }, { pathPrefix: '/' }],
  [{ type: 'Exact', value: '/a/' }, { exact: '/a/' }],
  [{ type: 'Exact', value: 'a' }, { exact: '/a' }],
  [{ type: 'Exact' }, { exact: '/' }],
  [{ type: 'RegularExpression', value: 'a.*' }, { regex: 'a.*' }],
  [{ type: 'RegularExpression', value: '' }, { regex: '/' }],
])('path %j', (path, wanted) => {
  expect(matched({ path })?.path).toEqual(wanted)
})

test('headers, query parameters and method keep their order and default to exact', () => {
  expect(
    matched({
      headers: [
        { name: 'b', value: '1' },
        { name: 'a', type: 'RegularExpression', value: '.*' },
      ],
      queryParams: [{ name: 'q', type: 'Exact', value: '2' }],
      method: 'GET',
    }),
  ).toEqual({
    headers: [
      { name: 'b', exact: '1' },
      { name: 'a', regex: '.*' },
    ],
    queryParams: [{ name: 'q', exact: '2' }],
    method: { exact: 'GET' },
  })
})

test('a match that cannot be understood is left out, and what the others match answers 500', () => {
  const { route, problems, messages } = translate({
    matches: [{ path: { value: '/a' } }, { path: { type: 'Glob', value: '/b' } }],
    backendRefs: [WEB],
  })
  expect(route?.matches).toMatchObject([{ path: { pathPrefix: '/a' } }])
  expect(route?.backends).toEqual([])
  expect(problems).toEqual(['rule InvalidMatch spec.rules[0].matches[1].path.type'])
  expect(messages).toEqual(['failed to process route matches: path match Error: unsupported Path match type "Glob"'])
})

test.each<[string, HttpRouteMatch, string, string]>([
  [
    'a path pattern',
    { path: { type: 'RegularExpression', value: '/(?!a)' } },
    'path.value',
    'invalid regular expression "/(?!a)": looking ahead or back is not supported',
  ],
  [
    'a pattern of a query parameter',
    { queryParams: [{ name: 'q', type: 'RegularExpression', value: '(' }] },
    'queryParams[0].value',
    'invalid regular expression "(": its parentheses do not match',
  ],
  [
    'the value of a header',
    { headers: [{ name: 'a', value: 'b\n' }] },
    'headers[0].value',
    'no header has a value with control characters',
  ],
])('a match is left out for %s that proxies refuse', (_, match, field, message) => {
  const { route, problems, messages } = translate({ matches: [match, { method: 'GET' }], backendRefs: [WEB] })
  expect(route?.matches).toMatchObject([{ method: { exact: 'GET' } }])
  expect(route?.backends).toEqual([])
  expect(problems).toEqual([`rule InvalidMatch spec.rules[0].matches[0].${field}`])
  expect(messages).toEqual([message])
})

test('a negative weight is none', () => {
  expect(translate({ backendRefs: [{ ...WEB, weight: -1 }] }).route?.backends).toEqual([
    { weight: 0, backend: WEB_BACKEND },
  ])
})

test('a rule none of whose matches can be understood is not sent: no request is its own', () => {
  const { route, problems } = translate({ matches: [{ headers: [{ name: 'a', type: 'Glob' }] }], backendRefs: [WEB] })
  expect(route).toBeUndefined()
  expect(problems).toEqual(['rule InvalidMatch spec.rules[0].matches[0].headers[0].type'])
})

test.each([
  [
    { request: '10s', backendRequest: '1h30m' },
    { request: { seconds: '10', nanos: 0 }, backendRequest: { seconds: '5400', nanos: 0 } },
  ],
  [{ request: '0s', backendRequest: '500ms' }, { backendRequest: { seconds: '0', nanos: 500_000_000 } }],
  [{ request: '0s' }, undefined],
  [{}, undefined],
])('timeouts %j', (timeouts, wanted) => {
  expect(translate({ timeouts, backendRefs: [WEB] }).route?.trafficPolicies?.[0]?.timeout).toEqual(wanted)
})

test.each([['soon'], ['-1s'], ['10']])('timeout %s refuses the rule', (request) => {
  const { route, problems } = translate({ timeouts: { request }, backendRefs: [WEB] })
  expect(route?.backends).toEqual([])
  expect(problems).toEqual(['rule TranslationError spec.rules[0].timeouts.request'])
})

test.each([
  [
    { codes: [500, 503], attempts: 3, backoff: '100ms' },
    { retryStatusCodes: [500, 503], attempts: 3, backoff: { seconds: '0', nanos: 100_000_000 } },
  ],
  [{ codes: [500] }, { retryStatusCodes: [500] }],
  [{ attempts: 1000 }, { retryStatusCodes: [], attempts: 255 }],
  [{ attempts: 0, codes: [500] }, undefined],
])('retry %j', (retry, wanted) => {
  expect(translate({ retry, backendRefs: [WEB] }).route?.trafficPolicies?.[0]?.retry).toEqual(wanted)
})

test('a retry that proxies would refuse refuses only its rule', () => {
  expect(translate({ retry: { backoff: 'x' } }).problems).toEqual(['rule TranslationError spec.rules[0].retry.backoff'])
  expect(translate({ retry: { codes: [42] } }).problems).toEqual(['rule TranslationError spec.rules[0].retry.codes'])
})

test('filters come before timeouts and retries', () => {
  const { route } = translate({
    retry: { codes: [500] },
    timeouts: { request: '1s' },
    filters: [
      { type: 'RequestMirror', requestMirror: { backendRef: WEB } },
      { type: 'URLRewrite', urlRewrite: { hostname: 'x' } },
    ],
    backendRefs: [WEB],
  })
  expect(route?.trafficPolicies?.map((policy) => Object.keys(policy)[0])).toEqual([
    'urlRewrite',
    'requestMirror',
    'timeout',
    'retry',
  ])
})

test('each broken reference keeps its weight, and the last one is what is told', () => {
  const { route, problems } = translate({
    backendRefs: [
      { ...WEB, weight: 0 },
      { name: 'missing', port: 1, weight: 2 },
      { name: 'web', namespace: 'other', port: 1, weight: 4 },
      { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'ai', weight: 6 },
      { kind: 'Other', name: 'x', weight: 8 },
    ],
  })
  expect(route?.backends).toEqual([
    { weight: 0, backend: WEB_BACKEND },
    {
      weight: 2,
      backend: { service: { namespace: 'default', hostname: 'missing.default.svc.cluster.local' }, port: 1 },
    },
    { weight: 4 },
    { weight: 6, backend: { backend: 'default/ai' } },
    { weight: 8, backend: {} },
  ])
  expect(problems).toEqual([
    'share BackendNotFound spec.rules[0].backendRefs[1]',
    'share RefNotPermitted spec.rules[0].backendRefs[2]',
    'share BackendNotFound spec.rules[0].backendRefs[3]',
    'share InvalidKind spec.rules[0].backendRefs[4]',
  ])
})

test('a badly written backend takes down its share, not the rule', () => {
  const { route, problems, messages } = translate({ backendRefs: [WEB, { name: 'web', weight: 3 }] })
  expect(route?.backends).toEqual([
    { weight: 1, backend: WEB_BACKEND },
    { weight: 3, backend: {} },
  ])
  expect(problems).toEqual(['part BackendError spec.rules[0].backendRefs[1]'])
  expect(messages).toEqual(['failed to build backend destination: port is required in Service backendRef'])
})

test('filters of a backend go with it, in wire order', () => {
  const { route } = translate({
    backendRefs: [
      {
        ...WEB,
        filters: [
          { type: 'RequestMirror', requestMirror: { backendRef: WEB } },
          { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a'] } },
          { type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['b'] } },
          { type: 'RequestRedirect', requestRedirect: { statusCode: 301 } },
        ],
      },
    ],
  })
  expect(route?.backends?.[0]?.backendPolicies?.map((policy) => Object.keys(policy)[0])).toEqual([
    'requestRedirect',
    'requestHeaderModifier',
    'responseHeaderModifier',
    'requestMirror',
  ])
})

test.each(['URLRewrite', 'CORS', 'ExternalAuth'])('a backend with a filter %s is not reached without it', (type) => {
  const { route, problems, messages } = translate({ backendRefs: [{ ...WEB, filters: [{ type }] }] })
  expect(route?.backends).toEqual([{ weight: 1, backend: {} }])
  expect(problems).toEqual(['part BackendError spec.rules[0].backendRefs[0].filters[0]'])
  expect(messages).toEqual([`failed to build backend destination: unsupported filter type "${type}"`])
})

test('a filter that cannot be honoured makes the rule answer 500', () => {
  const { route, problems } = translate({
    matches: [{ path: { value: '/a' } }],
    filters: [{ type: 'ExtensionRef', extensionRef: { group: 'g', kind: 'K', name: 'n' } }],
    timeouts: { request: '1s' },
    backendRefs: [WEB],
  })
  expect(route).toMatchObject({ matches: [{ path: { pathPrefix: '/a' } }], backends: [], trafficPolicies: [] })
  expect(problems).toEqual(['rule IncompatibleFilters spec.rules[0].filters[0]'])
})

test('session persistence is reported and has no effect', () => {
  const { route, problems } = translate({ sessionPersistence: { type: 'Cookie' }, backendRefs: [WEB] })
  expect(route?.backends).toHaveLength(1)
  expect(problems).toEqual(['part UnsupportedValue spec.rules[0].sessionPersistence'])
})

test('a delegating backendRef names the group, which is private to this parent', () => {
  const { route, problems } = translate({
    backendRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: '*', namespace: 'team', weight: 2 }],
  })
  expect(route?.backends).toEqual([{ weight: 2, routeGroupKey: 'default/route/team/*' }])
  expect(problems).toEqual([])
})

const MODELS = { group: 'agentgateway.dev', kind: 'AgentgatewayModel', name: '*' }

test('a rule that serves models sends requests to a router of its own', () => {
  const { route, backend } = translate({ name: 'llm', timeouts: { request: '1s' }, backendRefs: [MODELS] })
  expect(route?.backends).toEqual([{ weight: 1, backend: { backend: '/llm:router:httproute:default:route:llm' } }])
  expect(route?.trafficPolicies?.at(-1)).toEqual({ urlRewrite: { prefix: '' } })
  expect(backend).toEqual({
    key: 'k',
    name: { namespace: 'default', name: 'route' },
    modelRouter: { routerKey: '/llm:router:httproute:default:route:llm' },
  })
})

test.each<[string, HttpRouteRule]>([
  [
    'model-serving HTTPRoute rule must have exactly one AgentgatewayModel backendRef and no other backends',
    { backendRefs: [MODELS, WEB] },
  ],
  [
    'model-serving HTTPRoute rule path matches must use PathPrefix',
    { matches: [{ path: { type: 'Exact', value: '/x' } }], backendRefs: [MODELS] },
  ],
  [
    'model-serving HTTPRoute rule does not support URLRewrite or RequestRedirect filters',
    { filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'x' } }], backendRefs: [MODELS] },
  ],
  ['model-serving HTTPRoute backendRef name must be "*"', { backendRefs: [{ ...MODELS, name: 'm' }] }],
  [
    'model-serving HTTPRoute backendRef must use the route namespace',
    { backendRefs: [{ ...MODELS, namespace: 'other' }] },
  ],
  ['model-serving HTTPRoute backendRef must not specify port', { backendRefs: [{ ...MODELS, port: 80 }] }],
  ['model-serving HTTPRoute backendRef weight must be 1', { backendRefs: [{ ...MODELS, weight: 2 }] }],
  [
    'model-serving HTTPRoute backendRef must not have filters',
    { backendRefs: [{ ...MODELS, filters: [{ type: 'CORS' }] }] },
  ],
])('%s', (message, rule) => {
  const { route, backend, messages } = translate(rule)
  expect(messages).toEqual([message])
  expect(route?.backends).toEqual([])
  expect(backend).toBeUndefined()
})

test('a rule that serves models at the root gives way to models on the same listener', () => {
  const modelListeners = ['default/gw.b', 'default/gw.a']
  const root = translate({ matches: [{ path: { value: '/' } }], backendRefs: [MODELS] }, { modelListeners })
  expect(root.route).toBeUndefined()
  expect(root.problems).toEqual(['route ModelRoutingConflict spec.rules[0].backendRefs'])
  expect(root.messages).toEqual([
    'root model-serving HTTPRoute conflicts with directly attached models on listeners: default/gw.a, default/gw.b',
  ])
  const below = translate({ matches: [{ path: { value: '/llm' } }], backendRefs: [MODELS] }, { modelListeners })
  expect(below.problems).toEqual([])
})

test('a delegated child cannot serve models', () => {
  const { route, problems } = translate({ backendRefs: [MODELS] }, { isDelegated: true })
  expect(route?.backends).toEqual([{ weight: 1, backend: {} }])
  expect(problems).toEqual(['share InvalidKind spec.rules[0].backendRefs[0]'])
})

test.each<[string, unknown]>([
  ['text where lists should be', { matches: 'x', filters: 'x', backendRefs: 'x' }],
  ['nulls', { matches: null, filters: [null], backendRefs: [null], timeouts: null, retry: null }],
  ['empty objects', { matches: [{}], filters: [{}], backendRefs: [{}], timeouts: {}, retry: {} }],
  ['numbers where text should be', { matches: [{ path: { value: 5 } }], backendRefs: [{ name: 5, port: 'x' }] }],
  [
    'filters without their bodies',
    { filters: [{ type: 'CORS' }, { type: 'RequestMirror' }, { type: 'ExternalAuth' }] },
  ],
])('never throws on %s', (_, rule) => {
  // Folders of manifests have not been validated by an API server.
  expect(() => translate(rule as HttpRouteRule)).not.toThrow()
})

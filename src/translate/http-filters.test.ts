import { expect, test } from 'vitest'
import { grantOf, type Surroundings, scopeOf } from '../../test/rule-scope.ts'
import type { MirrorFilter, RouteFilter } from '../kube/route-types.ts'
import { HTTP_RULE_FILTERS, translateRuleFilters } from './http-filters.ts'

const WEB = { name: 'web', port: 80 }
const TARGET = { service: { namespace: 'default', hostname: 'web.default.svc.cluster.local' }, port: 80 }

function translate(filters: readonly RouteFilter[], surroundings: Surroundings = {}) {
  const scope = scopeOf({ services: ['default/web'], ...surroundings })
  const { parts, problems } = translateRuleFilters({ filters, path: 'f', supported: HTTP_RULE_FILTERS }, scope)
  return {
    parts,
    problems: problems.map(({ extent, reason, path, message }) => `${extent} ${reason} ${path}: ${message}`),
  }
}

test('header modifiers of one kind are merged in order and follow all other filters', () => {
  const { parts } = translate([
    { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'r', value: '1' }] } },
    { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: '1' }], remove: ['x'] } },
    { type: 'URLRewrite', urlRewrite: { hostname: 'h' } },
    { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'b', value: '2' }], remove: ['y'] } },
  ])
  expect(parts).toEqual([
    { urlRewrite: { host: 'h' } },
    {
      requestHeaderModifier: {
        add: [],
        set: [
          { name: 'a', value: '1' },
          { name: 'b', value: '2' },
        ],
        remove: ['x', 'y'],
      },
    },
    { responseHeaderModifier: { add: [{ name: 'r', value: '1' }], set: [], remove: [] } },
  ])
})

test.each([
  [
    { scheme: 'https', statusCode: 301 },
    { scheme: 'https', status: 301 },
  ],
  [
    { hostname: 'h', port: 8443 },
    { host: 'h', port: 8443 },
  ],
  [{ path: { type: 'ReplaceFullPath', replaceFullPath: '/a/' } }, { full: '/a' }],
  [{ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/a//' } }, { prefix: '/a/' }],
  [{ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } }, { prefix: '' }],
])('redirect %j', (requestRedirect, wanted) => {
  expect(translate([{ type: 'RequestRedirect', requestRedirect }]).parts).toEqual([{ requestRedirect: wanted }])
})

test('a second redirect, a port out of range and an unknown path type are refused', () => {
  const redirect = { type: 'RequestRedirect', requestRedirect: {} }
  expect(translate([redirect, redirect]).problems).toEqual([
    'rule IncompatibleFilters f[1]: Cannot combine multiple terminal filters: RequestRedirect and RequestRedirect are mutually exclusive. Only one terminal filter is allowed per route rule.',
  ])
  expect(translate([{ type: 'RequestRedirect', requestRedirect: { port: 65536 } }]).problems).toEqual([
    'rule UnsupportedValue f[0].requestRedirect.port: port 65536 is not between 1 and 65535',
  ])
  expect(translate([{ type: 'URLRewrite', urlRewrite: { path: { type: 'X' } } }]).problems).toEqual([
    'rule UnsupportedValue f[0].urlRewrite.path.type: unsupported path type "X"',
  ])
})

test('a rewrite to the root sets the arm although its text is empty', () => {
  const urlRewrite = { path: { type: 'ReplaceFullPath', replaceFullPath: '/' } }
  expect(translate([{ type: 'URLRewrite', urlRewrite }]).parts).toEqual([{ urlRewrite: { full: '' } }])
})

test('CORS is sent as written, with a maximum age even when there is none', () => {
  const cors = { allowOrigins: ['https://*.a.com'], allowMethods: ['GET'], allowHeaders: ['*'], exposeHeaders: ['x'] }
  expect(translate([{ type: 'CORS', cors }]).parts).toEqual([
    { cors: { ...cors, allowCredentials: false, maxAge: { seconds: '0', nanos: 0 } } },
  ])
})

test.each<[Partial<MirrorFilter>, number | undefined]>([
  [{}, 100],
  [{ percent: 42 }, 42],
  [{ fraction: { numerator: 1, denominator: 8 } }, 12.5],
  [{ fraction: { numerator: 7 } }, 7],
  [{ percent: 5, fraction: { numerator: 1, denominator: 2 } }, 50],
  [{ percent: 0 }, undefined],
  [{ fraction: { numerator: 0, denominator: 10 } }, undefined],
])('mirror share %j', (share, percentage) => {
  const { parts } = translate([{ type: 'RequestMirror', requestMirror: { backendRef: WEB, ...share } }])
  expect(parts).toEqual(
    percentage === undefined ? [] : [{ requestMirror: { mirrors: [{ backend: TARGET, percentage }] } }],
  )
})

test('several mirrors are one policy, without those that cannot be reached', () => {
  const { parts, problems } = translate([
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'missing', port: 1 } } },
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'web', namespace: 'other', port: 1 } } },
    { type: 'RequestMirror', requestMirror: { backendRef: WEB } },
    { type: 'RequestMirror', requestMirror: { backendRef: WEB, percent: 10 } },
  ])
  expect(parts).toEqual([
    {
      requestMirror: {
        mirrors: [
          { backend: TARGET, percentage: 100 },
          { backend: TARGET, percentage: 10 },
        ],
      },
    },
  ])
  expect(problems).toEqual([
    'part BackendNotFound f[0].requestMirror.backendRef: backend(missing.default.svc.cluster.local) not found',
    'part RefNotPermitted f[1].requestMirror.backendRef: backendRef other/web not accessible to a HTTPRoute in namespace "default" (missing a ReferenceGrant?)',
  ])
})

test('external auth over HTTP asks under a path prefix and always forwards who asks for what', () => {
  const externalAuth = {
    protocol: 'HTTP',
    backendRef: WEB,
    http: { path: 'auth', allowedHeaders: ['x-a'], allowedResponseHeaders: ['x-b'] },
    forwardBody: { maxSize: 1024 },
  }
  expect(translate([{ type: 'ExternalAuth', externalAuth }]).parts).toEqual([
    {
      extAuthz: {
        target: TARGET,
        http: { path: '"/auth" + request.path', includeResponseHeaders: ['x-b'] },
        includeRequestHeaders: ['Authorization', ':authority', 'x-a'],
        includeRequestBody: { maxRequestBytes: 1024 },
      },
    },
  ])
})

test('external auth over gRPC forwards only what is allowed', () => {
  const externalAuth = {
    protocol: 'GRPC',
    backendRef: WEB,
    grpc: { allowedHeaders: ['x-a'] },
    forwardBody: { maxSize: 0 },
  }
  expect(translate([{ type: 'ExternalAuth', externalAuth }]).parts).toEqual([
    { extAuthz: { target: TARGET, grpc: {}, includeRequestHeaders: ['x-a'] } },
  ])
})

test('external auth goes without names of headers that are none', () => {
  const http = { allowedHeaders: [':path', 'a b'], allowedResponseHeaders: ['x-b', ':path'] }
  const { parts, problems } = translate([
    { type: 'ExternalAuth', externalAuth: { protocol: 'HTTP', backendRef: WEB, http } },
  ])
  expect(parts).toEqual([
    {
      extAuthz: {
        target: TARGET,
        http: { includeResponseHeaders: ['x-b'] },
        includeRequestHeaders: ['Authorization', ':authority', ':path'],
      },
    },
  ])
  expect(problems).toEqual([
    'part UnsupportedValue f[0].externalAuth.http.allowedHeaders[1]: "a b" is not the name of a header and is left out',
    'part UnsupportedValue f[0].externalAuth.http.allowedResponseHeaders[1]: ":path" is not the name of a header and is left out',
  ])
})

test('external auth without an auth service refuses the rule, and a grant opens it', () => {
  const externalAuth = { protocol: 'GRPC', backendRef: { name: 'auth', namespace: 'sec', port: 1 } }
  const filters = [{ type: 'ExternalAuth', externalAuth }]
  expect(translate(filters).problems[0]).toMatch(/^rule RefNotPermitted f\[0\]\.externalAuth\.backendRef/)
  const grants = [grantOf('sec', { kind: 'HTTPRoute', namespace: 'default' }, { kind: 'Service', name: 'auth' })]
  expect(translate(filters, { grants }).problems[0]).toMatch(/^rule BackendNotFound/)
  expect(translate(filters, { grants, services: ['sec/auth'] }).problems).toEqual([])
})

test('an unknown external auth protocol refuses the rule', () => {
  expect(translate([{ type: 'ExternalAuth', externalAuth: { protocol: 'SOAP', backendRef: WEB } }]).problems).toEqual([
    'rule UnsupportedValue f[0].externalAuth.protocol: unsupported external auth protocol "SOAP"',
  ])
})

test('extensions and unknown filters are refused by name', () => {
  expect(translate([{ type: 'ExtensionRef', extensionRef: { group: 'g', kind: 'K', name: 'n' } }]).problems).toEqual([
    'rule IncompatibleFilters f[0]: unsupported ExtensionRef: g/K',
  ])
  expect(translate([{ type: 'Teleport' }]).problems).toEqual([
    'rule IncompatibleFilters f[0]: unsupported filter type "Teleport"',
  ])
})

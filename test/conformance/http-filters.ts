// What the suite asserts about filters, timeouts, retries and weights of HTTPRoutes.
import assert from 'node:assert/strict'
import { type Asked, areAccepted, areServed, type Check, type Checks, type Expected, requests } from './checks.ts'
import { allowsOrigin, answer } from './matcher.ts'
import type { World } from './world.ts'

const V1 = 'infra-backend-v1'
const V2 = 'infra-backend-v2'
const V3 = 'infra-backend-v3'
const SAME = 'same-namespace'

type Rows = readonly (readonly [Asked, Expected])[]

function serving(route: string, rows: Rows): Check {
  return (world) => {
    areServed(world, SAME, [route])
    requests(world, SAME, rows)
  }
}

function to(location: string, status = 302): Expected {
  return { redirect: { to: location, status } }
}

const SOME = { 'Some-Other-Header': 'val' }
const SENT = { 'X-Header-Remove': 'remove-val', 'X-Header-Add-Append': 'append-val-1' }
const CHANGED = {
  headers: {
    'X-Header-Add': 'header-val-1',
    'X-Header-Add-Append': 'append-val-1,header-val-2',
    'X-Header-Set': 'set-overwrites-values',
  },
  absent: ['X-Header-Remove'],
}
const MANY = { 'X-Header-Set-2': 'set-val-2', 'X-Header-Add-2': 'add-val-2', 'X-Header-Remove-2': 'remove-val-2' }
const MANY_CHANGED = {
  'X-Header-Set-1': 'header-set-1',
  'X-Header-Set-2': 'header-set-2',
  'X-Header-Add-1': 'header-add-1',
  'X-Header-Add-2': 'add-val-2,header-add-2',
}
const LOWER = {
  'x-header-set': 'original-val-set',
  'x-header-add': 'original-val-add',
  'x-header-remove': 'original-val-remove',
  'Another-Header': 'another-header-val',
}
const OTHER = { 'Another-Header': 'another-header-val' }
const REMOVED = ['X-Header-Remove-1', 'X-Header-Remove-2']

const REQUEST_HEADERS: Rows = [
  [
    { to: '/set', headers: SOME },
    { to: V1, headers: { ...SOME, 'X-Header-Set': 'set-overwrites-values' } },
  ],
  [
    { to: '/set', headers: { ...SOME, 'X-Header-Set': 'some-other-value' } },
    { to: V1, headers: { ...SOME, 'X-Header-Set': 'set-overwrites-values' } },
  ],
  [
    { to: '/add', headers: SOME },
    { to: V1, headers: { ...SOME, 'X-Header-Add': 'add-appends-values' } },
  ],
  [
    { to: '/add', headers: { ...SOME, 'X-Header-Add': 'some-other-value' } },
    { to: V1, headers: { ...SOME, 'X-Header-Add': 'some-other-value,add-appends-values' } },
  ],
  [
    { to: '/remove', headers: { 'X-Header-Remove': 'val' } },
    { to: V1, absent: ['X-Header-Remove'] },
  ],
  [
    { to: '/multiple', headers: { ...MANY, ...OTHER } },
    { to: V1, headers: { ...MANY_CHANGED, 'X-Header-Add-3': 'header-add-3', ...OTHER }, absent: REMOVED },
  ],
  [
    { to: '/case-insensitivity', headers: LOWER },
    {
      to: V1,
      headers: { 'X-Header-Set': 'header-set', 'X-Header-Add': 'original-val-add,header-add', ...OTHER },
      absent: ['X-Header-Remove'],
    },
  ],
]

/** Ports at which routes redirect, beginning with the Gateway's own scheme. */
function portsAndSchemes(world: World, gateway: string, rows: Rows, port: number): void {
  areServed(world, gateway, [`http-route-for-listener-on-port-${port}`])
  requests(world, gateway, rows)
}

/** Expectations of the tests of HTTPRoutes' filters. */
export const httpFilters: Checks = {
  HTTPRoute303Redirect: serving('303-redirect', [['POST /see-other', to('/see-other', 303)]]),
  HTTPRoute307Redirect: serving('307-redirect', [['/temporary', to('/temporary', 307)]]),
  HTTPRoute308Redirect: serving('308-redirect', [['/permanent', to('/permanent', 308)]]),
  HTTPRouteRedirectHostAndStatus: serving('redirect-host-and-status', [
    ['/hostname-redirect', to('//example.org/hostname-redirect')],
    ['/host-and-status', to('//example.org/host-and-status', 301)],
  ]),
  HTTPRouteRedirectPath: serving('redirect-path', [
    ['/original-prefix/lemon', to('/replacement-prefix/lemon')],
    ['/full/path/original', to('/full-path-replacement')],
    ['/path-and-host', to('//example.org/replacement-prefix')],
    ['/path-and-status', to('/replacement-prefix', 301)],
    ['/full-path-and-host', to('//example.org/replacement-full')],
    ['/full-path-and-status', to('/replacement-full', 301)],
  ]),
  HTTPRouteRedirectPort: serving('redirect-port', [
    ['example.com/port', to('//example.com:8083/port')],
    ['/port-and-host', to('//example.org:8083/port-and-host')],
    ['example.com/port-and-status', to('//example.com:8083/port-and-status', 301)],
    ['/port-and-host-and-status', to('//example.org:8083/port-and-host-and-status')],
  ]),
  HTTPRouteRedirectScheme: serving('redirect-scheme', [
    ['example.com/scheme', to('https://example.com/scheme')],
    ['/scheme-and-host', to('https://example.org/scheme-and-host')],
    ['example.com/scheme-and-status', to('https://example.com/scheme-and-status', 301)],
    ['/scheme-and-host-and-status', to('https://example.org/scheme-and-host-and-status')],
  ]),
  HTTPRouteRedirectPortAndScheme: (world) => {
    const row = (path: string, location: string) => [path, to(`${location}${path}`)] as const
    portsAndSchemes(
      world,
      SAME,
      [
        row('/scheme-nil-and-port-nil', 'http://example.org'),
        row('/scheme-nil-and-port-80', 'http://example.org'),
        row('/scheme-nil-and-port-8080', 'http://example.org:8080'),
        row('/scheme-https-and-port-nil', 'https://example.org'),
        row('/scheme-https-and-port-443', 'https://example.org'),
        row('/scheme-https-and-port-8443', 'https://example.org:8443'),
      ],
      80,
    )
    portsAndSchemes(
      world,
      'same-namespace-with-http-listener-on-8080',
      [
        row('/scheme-nil-and-port-nil', 'http://example.org:8080'),
        row('/scheme-nil-and-port-80', 'http://example.org'),
        row('/scheme-https-and-port-nil', 'https://example.org'),
      ],
      8080,
    )
    portsAndSchemes(
      world,
      'same-namespace-with-https-listener',
      (
        [
          ['/scheme-nil-and-port-nil', 'https://example.org'],
          ['/scheme-nil-and-port-443', 'https://example.org'],
          ['/scheme-nil-and-port-8443', 'https://example.org:8443'],
          ['/scheme-http-and-port-nil', 'http://example.org'],
          ['/scheme-http-and-port-80', 'http://example.org'],
          ['/scheme-http-and-port-8080', 'http://example.org:8080'],
        ] as const
      ).map(
        ([path, location]) => [{ to: `example.org${path}`, sni: 'example.org' }, to(`${location}${path}`)] as const,
      ),
      443,
    )
  },
  HTTPRouteRewriteHost: serving('rewrite-host', [
    ['rewrite.example/one', { to: V1, host: 'one.example.org', path: '/one' }],
    ['rewrite.example/two', { to: V2, host: 'example.org', path: '/two' }],
    [
      { to: 'rewrite.example/rewrite-host-and-modify-headers', headers: SENT },
      { to: V2, host: 'test.example.org', path: '/rewrite-host-and-modify-headers', ...CHANGED },
    ],
  ]),
  HTTPRouteRewritePath: serving('rewrite-path', [
    ['/prefix/one/two', { to: V1, path: '/one/two' }],
    ['/strip-prefix/three', { to: V1, path: '/three' }],
    ['/strip-prefix', { to: V1, path: '/' }],
    ['/full/one/two', { to: V1, path: '/one' }],
    [
      { to: '/full/rewrite-path-and-modify-headers/test', headers: { ...SENT, 'X-Header-Set': 'set-val' } },
      { to: V1, path: '/test', ...CHANGED },
    ],
    [
      { to: '/prefix/rewrite-path-and-modify-headers/one', headers: { ...SENT, 'X-Header-Set': 'set-val' } },
      { to: V1, path: '/prefix/one', ...CHANGED },
    ],
  ]),
  HTTPRouteRequestHeaderModifier: serving('request-header-modifier', REQUEST_HEADERS),
  HTTPRouteBackendRequestHeaderModifier: serving('request-header-modifier', REQUEST_HEADERS),
  HTTPRouteRequestHeaderModifierBackendWeights: (world) => {
    areServed(world, SAME, ['request-header-modifier-backend-weights'])
    const found = answer(world.proxy(SAME), {
      port: 80,
      method: 'GET',
      host: 'example.com',
      path: '/',
      query: new Map(),
      headers: new Map(),
    })
    if (found.kind !== 'forward') assert.fail(JSON.stringify(found))
    assert.ok(found.shares.length > 1)
    for (const { to: backend, request } of found.shares)
      assert.equal(request.headers.get('backend'), backend?.slice(backend.indexOf('/') + 1))
  },
  HTTPRouteResponseHeaderModifier: serving('response-header-modifier', [
    ['/set', answering(SOME, { ...SOME, 'X-Header-Set': 'set-overwrites-values' })],
    [
      '/set',
      answering({ ...SOME, 'X-Header-Set': 'some-other-value' }, { ...SOME, 'X-Header-Set': 'set-overwrites-values' }),
    ],
    ['/add', answering(SOME, { ...SOME, 'X-Header-Add': 'add-appends-values' })],
    [
      '/add',
      answering(
        { ...SOME, 'X-Header-Add': 'some-other-value' },
        { ...SOME, 'X-Header-Add': 'some-other-value,add-appends-values' },
      ),
    ],
    ['/remove', answering({ 'X-Header-Remove': 'val' }, {}, ['X-Header-Remove'])],
    [
      '/multiple',
      answering(
        { ...MANY, ...OTHER, 'X-Header-Remove-1': 'val' },
        { ...MANY_CHANGED, 'X-Header-Add-3': 'header-add-3', ...OTHER },
        REMOVED,
      ),
    ],
    [
      '/case-insensitivity',
      answering(
        LOWER,
        {
          'X-Header-Set': 'header-set',
          'X-Header-Add': 'original-val-add,header-add',
          'X-Lowercase-Add': 'lowercase-add',
          'X-Mixedcase-Add-1': 'mixedcase-add-1',
          'X-Mixedcase-Add-2': 'mixedcase-add-2',
          'X-Uppercase-Add': 'uppercase-add',
          ...OTHER,
        },
        ['X-Header-Remove'],
      ),
    ],
    [
      { to: '/response-and-request-header-modifiers', headers: { ...SENT, 'X-Header-Echo': 'echo' } },
      {
        to: V1,
        headers: { ...CHANGED.headers, 'X-Header-Echo': 'echo' },
        absent: CHANGED.absent,
        response: {
          from: { ...MANY, ...OTHER, 'X-Header-Remove-1': 'remove-val-1', 'X-Header-Echo': 'echo' },
          headers: { ...MANY_CHANGED, ...OTHER, 'X-Header-Echo': 'echo' },
          absent: REMOVED,
        },
      },
    ],
  ]),
  HTTPRouteRequestMirror: (world) => {
    areAccepted(world, SAME, ['request-mirror'])
    const mirrors = { [V2]: 100 }
    requests(world, SAME, [
      ['/mirror', { to: V1, path: '/mirror', mirrors }],
      [
        { to: '/mirror-and-modify-headers', headers: SENT },
        { to: V1, mirrors, ...CHANGED },
      ],
    ])
  },
  HTTPRouteRequestMultipleMirrors: (world) => {
    areAccepted(world, SAME, ['request-multiple-mirrors'])
    const mirrors = { [V2]: 100, [V3]: 100 }
    requests(world, SAME, [
      ['/multi-mirror', { to: V1, path: '/multi-mirror', mirrors }],
      [
        { to: '/multi-mirror-and-modify-request-headers', headers: SENT },
        { to: V1, mirrors, ...CHANGED },
      ],
    ])
  },
  HTTPRouteRequestPercentageMirror: serving('request-percentage-mirror', [
    ['/percent-mirror', { to: V1, mirrors: { [V2]: 20 } }],
    ['/percent-mirror-fraction', { to: V1, mirrors: { [V2]: 50 } }],
    [
      { to: '/percent-mirror-and-modify-headers', headers: SENT },
      { to: V1, mirrors: { [V2]: 35 }, ...CHANGED },
    ],
  ]),
  HTTPRouteRetry: serving('retries', [
    ['/retry/code-500-attempts-3', { to: V3, retry: { codes: [500], attempts: 3 } }],
    ['/retry/code-all-attempts-2', { to: V3, retry: { codes: [500, 502, 503, 504], attempts: 2 } }],
  ]),
  HTTPRouteTimeoutBackendRequest: serving('backend-request-timeout', [
    ['/backend-timeout', { to: V1, timeout: { backendRequest: 500 } }],
    ['/disable-backend-timeout', { to: V1, timeout: null }],
  ]),
  HTTPRouteTimeoutRequest: serving('request-timeout', [
    ['/request-timeout', { to: V1, timeout: { request: 500 } }],
    ['/disable-request-timeout', { to: V1, timeout: null }],
  ]),
  HTTPRouteWeight: serving('weighted-backends', [['/', { shares: { [V1]: 0.7, [V2]: 0.3 } }]]),
  HTTPRouteCORS: (world) => {
    areServed(world, SAME, [
      'cors-multiple-origins-methods-headers',
      'cors-wildcard-methods',
      'cors-wildcard-origin',
      'cors-wildcard-methods-headers',
    ])
    const exposed = ['x-header-3', 'x-header-4']
    const named = ['x-header-1', 'x-header-2']
    scripts(
      world,
      '/cors-1',
      { methods: ['GET', 'OPTIONS'], headers: named, exposed, seconds: 3600, credentials: true },
      [
        ['https://www.foo.com', true],
        ['https://www.bar.com', true],
        ['https://xpto.www.bar.com', true],
        ['https://foobar.com', false],
      ],
    )
    // What a route leaves out has the default of its CRD: five seconds, nothing exposed.
    const plain = { exposed: [], seconds: 5, credentials: false }
    scripts(world, '/cors-2', { methods: ['*'], headers: [], ...plain }, [['https://www.foo.com', true]])
    scripts(world, '/cors-wildcard-origin', { methods: ['PUT'], headers: [], ...plain }, [
      ['https://foobar.com', true],
      ['https://foobar.com:12345', true],
    ])
    const any = { methods: ['*'], headers: ['*'] }
    scripts(world, '/cors-wildcard-methods-headers', { ...any, ...plain, credentials: true }, [
      ['https://other.foo.com', true],
    ])
    scripts(world, '/cors-wildcard-methods-headers-unauth', { ...any, ...plain }, [['https://other.foo.com', true]])
  },
}

function answering(
  from: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  absent: readonly string[] = [],
): Expected {
  return { to: V1, response: { from, headers, absent } }
}

interface Allowed {
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly seconds: number
  readonly credentials: boolean
}

/** What scripts of some origins may do at a path; the answers to them are the proxy's own work. */
function scripts(world: World, path: string, allowed: Allowed, origins: readonly (readonly [string, boolean])[]): void {
  const request = {
    port: 80,
    host: 'example.com',
    path,
    query: new Map<string, string>(),
    headers: new Map<string, string>(),
  }
  const found = answer(world.proxy(SAME), { ...request, method: 'OPTIONS' })
  if (found.kind !== 'forward' || !found.cors) assert.fail(`${path} has no CORS policy`)
  const { allowMethods, allowHeaders, exposeHeaders, maxAge, allowCredentials } = found.cors
  assert.deepEqual(
    {
      methods: allowMethods,
      headers: allowHeaders,
      exposed: exposeHeaders,
      seconds: Number(maxAge?.seconds),
      credentials: allowCredentials,
    },
    allowed,
    path,
  )
  for (const [origin, isAllowed] of origins)
    assert.equal(allowsOrigin(found.cors, origin), isAllowed, `${path}: ${origin}`)
}

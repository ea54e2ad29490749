// Routes of which a part is wrong: what is written well is served, what is not answers 500 instead of being skipped,
// and the status says where. Requests are routed by what proxies are sent.
import { beforeAll, describe, expect, test } from 'vitest'
import { createRun } from '../../src/cli/run.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import type { WireResource } from '../../src/wire/messages.ts'
import { answer, connect } from '../conformance/matcher.ts'
import type { ProxyView } from '../conformance/proxy-view.ts'

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const GOOD = { name: 'good', port: 80 }

/** A mistake, alone in the first of two rules. */
interface Mistake {
  readonly what: string
  readonly kind?: 'GRPCRoute'
  readonly rule: object
  /** Status of requests that the rule matches, or shares by Service; `lost` when no request can be told to be its. */
  readonly answers: number | 'lost' | Readonly<Record<string, number>>
  readonly reason: string
  /** Field that is told, behind `spec.rules[0].`. */
  readonly path: string
  /** Whether the rule as a whole is refused, so that the route counts as partially invalid. */
  readonly isRefused: boolean
}

const filters = (...list: readonly object[]) => ({ filters: list, backendRefs: [GOOD] })
const redirect = { type: 'RequestRedirect', requestRedirect: { hostname: 'x.y' } }

const MISTAKES: readonly Mistake[] = [
  refused('a filter of somebody else', filters({ type: 'ExtensionRef', extensionRef: { group: 'x.y', kind: 'Z' } }), [
    'IncompatibleFilters',
    'filters[0]',
  ]),
  refused('a type of filter that is unknown', filters({ type: 'Odd' }), ['IncompatibleFilters', 'filters[0]']),
  refused('two redirects', filters(redirect, redirect), ['IncompatibleFilters', 'filters[1]']),
  refused('a redirect to a port that is none', filters({ type: 'RequestRedirect', requestRedirect: { port: 70000 } }), [
    'UnsupportedValue',
    'filters[0].requestRedirect.port',
  ]),
  refused(
    'an authorization server that is missing',
    filters({ type: 'ExternalAuth', externalAuth: { protocol: 'GRPC', backendRef: { name: 'missing', port: 80 } } }),
    ['BackendNotFound', 'filters[0].externalAuth.backendRef'],
  ),
  refused(
    'an authorization server that is forbidden',
    filters({
      type: 'ExternalAuth',
      externalAuth: { protocol: 'GRPC', backendRef: { name: 'good', namespace: 'other', port: 80 } },
    }),
    ['RefNotPermitted', 'filters[0].externalAuth.backendRef'],
  ),
  refused('a timeout that is no duration', { timeouts: { request: 'soon' }, backendRefs: [GOOD] }, [
    'TranslationError',
    'timeouts.request',
  ]),
  refused('a retry of a code that is none', { retry: { attempts: 1, codes: [5] }, backendRefs: [GOOD] }, [
    'TranslationError',
    'retry.codes',
  ]),
  refused(
    'one match of two that cannot be understood',
    { matches: [at('/bad'), { path: { type: 'Odd', value: '/' } }], backendRefs: [GOOD] },
    ['InvalidMatch', 'matches[1].path.type'],
  ),
  {
    ...refused(
      'matches of which none can be understood',
      { matches: [{ path: { type: 'Odd', value: '/bad' } }], backendRefs: [GOOD] },
      ['InvalidMatch', 'matches[0].path.type'],
    ),
    answers: 'lost',
  },
  {
    ...refused('a filter of a GRPCRoute that it cannot have', filters(redirect), ['IncompatibleFilters', 'filters[0]']),
    kind: 'GRPCRoute',
  },
  // Of these only a part suffers, and what it suffers is in proportion.
  partly('a mirror that is missing', filters(mirror({ name: 'missing', port: 80 })), {
    answers: { 'ns/good': 1 },
    reason: 'BackendNotFound',
    path: 'filters[0].requestMirror.backendRef',
  }),
  partly(
    'a backend without a port',
    { backendRefs: [{ name: 'good' }, GOOD] },
    {
      answers: { '500': 0.5, 'ns/good': 0.5 },
      reason: 'BackendError',
      path: 'backendRefs[0]',
    },
  ),
  partly(
    'a backend called by its hostname',
    { backendRefs: [GOOD, { name: 'good.ns', port: 80, weight: 3 }] },
    {
      answers: { 'ns/good': 0.25, '500': 0.75 },
      reason: 'BackendError',
      path: 'backendRefs[1]',
    },
  ),
  partly(
    'a backend with a filter that it cannot have',
    { backendRefs: [{ ...GOOD, filters: [{ type: 'URLRewrite', urlRewrite: {} }] }, GOOD] },
    { answers: { '500': 0.5, 'ns/good': 0.5 }, reason: 'BackendError', path: 'backendRefs[0].filters[0]' },
  ),
  // Such references have a wording of their own in statuses; the place is told with the problem.
  partly(
    'a backend that is missing',
    { backendRefs: [{ name: 'missing', port: 80 }, GOOD] },
    {
      answers: { '500': 0.5, 'ns/good': 0.5 },
      reason: 'BackendNotFound',
      path: 'backendRefs[0]',
    },
  ),
  partly(
    'a backend that is forbidden',
    { backendRefs: [GOOD, { name: 'good', namespace: 'other', port: 80 }] },
    {
      answers: { 'ns/good': 0.5, '500': 0.5 },
      reason: 'RefNotPermitted',
      path: 'backendRefs[1]',
    },
  ),
  partly(
    'a backend of a kind that is unknown',
    { backendRefs: [{ group: 'x.y', kind: 'Z', name: 'z' }] },
    {
      answers: 500,
      reason: 'InvalidKind',
      path: 'backendRefs[0]',
    },
  ),
]

describe('a route of which one rule is wrong', () => {
  for (const { what, kind = 'HTTPRoute', rule, answers, reason, path, isRefused } of MISTAKES) {
    test(`${what}: ${typeof answers === 'number' ? answers : JSON.stringify(answers)}, and the other rule is served`, async () => {
      const good = { matches: [matchOf(kind, 'good')], backendRefs: [GOOD] }
      const { view, conditions, problems } = await worldWith({
        kind,
        rules: [{ matches: [matchOf(kind, 'bad')], ...rule }, good],
      })
      expect(shares(view, '/good')).toEqual({ 'ns/good': 1 })
      expect(shares(view, '/bad')).toEqual(answers === 'lost' ? 404 : answers)

      const field = `spec.rules[0].${path}`
      expect(problems).toContainEqual(expect.objectContaining({ path: field, reason }))
      expect(conditions.Accepted).toMatchObject({ status: 'True' })
      expect(conditions.ResolvedRefs).toMatchObject({ status: 'False', reason })
      const partial = { status: 'True', reason: 'UnsupportedValue', message: expect.stringContaining(field) }
      if (isRefused) {
        expect(conditions.PartiallyInvalid).toMatchObject(partial)
        expect(conditions.ResolvedRefs?.message).toContain(field)
      } else expect(conditions.PartiallyInvalid).toBeUndefined()
    })
  }

  test('counts as resolved again once it is mended', async () => {
    const rules = [{ matches: [at('/bad')], backendRefs: [GOOD] }]
    const { view, conditions, problems } = await worldWith({ kind: 'HTTPRoute', rules })
    expect(shares(view, '/bad')).toEqual({ 'ns/good': 1 })
    expect({ problems, conditions: Object.keys(conditions) }).toEqual({
      problems: [],
      conditions: ['Accepted', 'ResolvedRefs'],
    })
  })

  test('is not partially but wholly invalid when it has no other rule, and answers 500 all the same', async () => {
    const rules = [{ matches: [at('/bad')], ...filters({ type: 'Odd' }) }]
    const { view, conditions } = await worldWith({ kind: 'HTTPRoute', rules })
    expect(shares(view, '/bad')).toBe(500)
    expect(conditions.PartiallyInvalid).toBeUndefined()
    expect(conditions.ResolvedRefs).toMatchObject({ status: 'False', reason: 'IncompatibleFilters' })
  })

  test('does not take away what other routes serve at the same path', async () => {
    const rules = [{ matches: [at('/bad')], ...filters({ type: 'Odd' }) }]
    const { view } = await worldWith(
      { kind: 'HTTPRoute', rules },
      route('HTTPRoute', 'other', [{ matches: [{ path: { value: '/' } }], backendRefs: [GOOD] }]),
    )
    expect(shares(view, '/bad')).toBe(500)
    expect(shares(view, '/elsewhere')).toEqual({ 'ns/good': 1 })
  })
})

describe('a TCPRoute of which one backend is wrong', () => {
  test('closes that share of the connections', async () => {
    const rules = [{ backendRefs: [{ name: 'missing', port: 80 }, GOOD] }]
    const { view, conditions } = await worldWith({ kind: 'TCPRoute', rules })
    expect(connect(view, 9000)?.shares.map(({ to, share }) => [to, share])).toEqual([
      [undefined, 0.5],
      ['ns/good', 0.5],
    ])
    expect(conditions.ResolvedRefs).toMatchObject({ status: 'False', reason: 'BackendNotFound' })
  })
})

function refused(what: string, rule: object, [reason, path]: readonly [reason: string, path: string]): Mistake {
  return { what, rule, answers: 500, reason, path, isRefused: true }
}

function partly(what: string, rule: object, rest: Pick<Mistake, 'answers' | 'reason' | 'path'>): Mistake {
  return { what, rule, ...rest, isRefused: false }
}

function mirror(backendRef: object): object {
  return { type: 'RequestMirror', requestMirror: { backendRef } }
}

function at(value: string): object {
  return { path: { type: 'Exact', value } }
}

/** A call to method `x` is a request for `/x` where nothing else is asked of it. */
function matchOf(kind: string, name: string): object {
  return kind === 'GRPCRoute' ? { method: { service: name } } : at(`/${name}`)
}

function route(kind: string, name: string, rules: readonly object[]): KubeObject {
  const object = {
    apiVersion: GATEWAY_API,
    kind,
    metadata: { namespace: 'ns', name },
    spec: { parentRefs: [{ name: 'gw' }], rules },
  }
  return object
}

interface Found {
  readonly view: ProxyView
  readonly conditions: Readonly<
    Record<string, { readonly status: string; readonly reason: string; readonly message: string }>
  >
  readonly problems: readonly unknown[]
}

const open = { allowedRoutes: { namespaces: { from: 'All' } } }
let ground: readonly KubeObject[]

beforeAll(() => {
  const service = { spec: { ports: [{ port: 80 }] } }
  const made = [
    {
      apiVersion: GATEWAY_API,
      kind: 'GatewayClass',
      metadata: { name: 'agentgateway' },
      spec: { controllerName: DEFAULT_TRANSLATE_SETTINGS.controllerName },
    },
    {
      apiVersion: GATEWAY_API,
      kind: 'Gateway',
      metadata: { namespace: 'ns', name: 'gw' },
      spec: {
        gatewayClassName: 'agentgateway',
        listeners: [
          { name: 'http', port: 80, protocol: 'HTTP', ...open },
          { name: 'tcp', port: 9000, protocol: 'TCP', ...open },
        ],
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'ns', name: 'good' }, ...service },
    { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'other', name: 'good' }, ...service },
  ]
  ground = made
})

async function worldWith(
  { kind, rules }: { readonly kind: string; readonly rules: readonly object[] },
  ...more: readonly KubeObject[]
): Promise<Found> {
  const run = createRun(DEFAULT_TRANSLATE_SETTINGS)
  expect(run.set([...ground, route(kind, 'half', rules), ...more])).toEqual([])
  await run.pipeline.graph.commit()
  const resources: readonly WireResource[] = run.pipeline.translations
    .list()
    .flatMap((translation) => translation.resources.map(({ resource }) => resource))
  const status = run.pipeline.statuses.list().find(({ object }) => object.name === 'half')
  if (status?.body.shape !== 'route') throw new Error('the route has no status')
  return {
    view: { resources, addresses: run.result('').addresses.map(({ address }) => address) },
    conditions: Object.fromEntries((status.body.parents[0]?.conditions ?? []).map((each) => [each.type, each])),
    problems: run.result('').problems.filter(({ object }) => object.name === 'half'),
  }
}

function shares(view: ProxyView, path: string): unknown {
  const nothing = new Map<string, string>()
  const found = answer(view, { port: 80, method: 'POST', host: 'x', path, query: nothing, headers: nothing })
  if (found.kind === 'status') return found.status
  if (found.kind !== 'forward') return found
  return Object.fromEntries(found.shares.map(({ to, share }) => [to ?? '500', share]))
}

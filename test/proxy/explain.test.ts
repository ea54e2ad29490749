// What `explain` says a request meets, held against what a real proxy does with it: rules and requests made by a seeded
// generator, each rule a redirect to a host of its own, so that the answer names the rule.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RequestExplanation } from '../../src/admin/explain/explanation.ts'
import { freePorts } from '../ports.ts'
import {
  ask,
  backend,
  type ControlPlane,
  endAll,
  PROXY_BINARY,
  serve,
  startProxy,
  synced,
  temporaryFolder,
  warnIfSkipped,
} from './lab.ts'

warnIfSkipped('explanations of requests')

const GATEWAY = 'ns/gw'
const GROUP = 'gateway.networking.k8s.io/v1'
const ROUTES = 14
const REQUESTS = 250

const PATHS = ['/', '/a', '/a/', '/a/b', '/ab', '/b', '/a/b/c', '/A', '/a%20b', '/a//b'] as const
const PATTERNS = ['/a.*', '/[ab]', '/a|/ab', '(?i)/A/B', '/a/?b?', '/\\w+/b'] as const
const HOSTS = ['a.test', 'b.test', 'x.a.test', 'y.x.a.test', 'test', 'other.example'] as const
const HOSTNAMES = [[], [], ['a.test'], ['*.test'], ['*.a.test', 'b.test'], ['test']] as const
const METHODS = ['GET', 'POST', 'PUT'] as const

/** Numbers that are the same on every run. */
function dice(seed: number): <T>(from: readonly T[]) => T {
  let state = seed
  return (from) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const chosen = from[Math.floor((state / 2 ** 32) * from.length)]
    if (chosen === undefined) throw new Error('there is nothing to choose from')
    return chosen
  }
}

const pick = dice(20_260_101)
const maybe = (): boolean => pick([true, false, false])

function valueMatch(name: string): object {
  return pick([
    { name, value: pick(['1', '2']) },
    { name, type: 'RegularExpression', value: pick(['[12]', '1+', '1|12']) },
  ])
}

function match(): object {
  const type = pick(['Exact', 'PathPrefix', 'PathPrefix', 'RegularExpression'])
  const value = type === 'RegularExpression' ? pick(PATTERNS) : pick(['/', '/a', '/a/b', '/ab', '/a/b/c'])
  return {
    path: { type, value },
    ...(maybe() ? { method: pick(METHODS) } : {}),
    ...(maybe() ? { headers: [valueMatch('X-One'), ...(maybe() ? [valueMatch('x-two')] : [])] } : {}),
    ...(maybe() ? { queryParams: [valueMatch('q')] } : {}),
  }
}

function rule(own: string): object {
  const redirect = {
    hostname: `${own}.met`,
    ...(maybe() ? { path: { type: 'ReplaceFullPath', replaceFullPath: '/full' } } : {}),
  }
  return {
    matches: maybe() ? [match(), match()] : [match()],
    filters: [{ type: 'RequestRedirect', requestRedirect: redirect }],
  }
}

function route(name: string, spec: object): object {
  return { apiVersion: GROUP, kind: 'HTTPRoute', metadata: { namespace: 'ns', name }, spec }
}

function manifests(port: number, provider: number): readonly object[] {
  const listeners = ['', '*.test', 'a.test'].map((hostname, i) => ({
    ...{ name: `l${i}`, port, protocol: 'HTTP' },
    ...(hostname === '' ? {} : { hostname }),
  }))
  const routes = Array.from({ length: ROUTES }, (_, i) =>
    route(`r${i}`, {
      parentRefs: [{ name: 'gw', ...(maybe() ? { sectionName: pick(['l0', 'l1', 'l2']) } : {}) }],
      hostnames: pick(HOSTNAMES),
      rules: Array.from({ length: pick([1, 2, 3]) }, (_rule, j) => rule(`r${i}-${j}`)),
    }),
  )
  const delegating = route('parent', {
    parentRefs: [{ name: 'gw' }],
    rules: [
      {
        matches: [{ path: { value: '/a/b' }, headers: [{ name: 'delegate', value: '1' }] }],
        backendRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: '*' }],
      },
    ],
  })
  const children = ['c0', 'c1'].map((name) =>
    route(name, {
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'parent' }],
      rules: [rule(`${name}-0`), rule(`${name}-1`)],
    }),
  )
  return [
    {
      ...{ apiVersion: GROUP, kind: 'Gateway', metadata: { namespace: 'ns', name: 'gw' } },
      spec: { gatewayClassName: 'agentgateway', listeners },
    },
    ...[...routes, delegating, ...children],
    ...failing,
    ...keyed(provider),
  ]
}

/** A provider for which three say which key to use. */
function keyed(port: number): readonly object[] {
  const apiVersion = 'agentgateway.dev/v1alpha1'
  const key = (name: string, target: object): object => ({
    ...{ apiVersion, kind: 'AgentgatewayPolicy', metadata: { namespace: 'ns', name } },
    spec: { targetRefs: [target], backend: { auth: { key: name } } },
  })
  const ref = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'llm' }
  return [
    {
      ...{ apiVersion, kind: 'AgentgatewayBackend', metadata: { namespace: 'ns', name: 'llm' } },
      spec: { ai: { provider: { openai: { model: 'm' }, host: '127.0.0.1', port } } },
    },
    route('llm', { parentRefs: [{ name: 'gw' }], hostnames: ['llm.example'], rules: [{ backendRefs: [ref] }] }),
    key('key-of-route', { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'llm' }),
    key('key-of-backend', ref),
    key('key-of-section', { ...ref, sectionName: 'backend' }),
  ]
}

const to = (path: string, more: object = {}): object => ({
  ...{ name: path, matches: [{ path: { value: `/${path}` } }], ...more },
})
const policy = (name: string, status: number, sectionName?: string): object => ({
  ...{ apiVersion: 'agentgateway.dev/v1alpha1', kind: 'AgentgatewayPolicy', metadata: { namespace: 'ns', name } },
  spec: {
    targetRefs: [
      { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'fails', ...(sectionName && { sectionName }) },
    ],
    traffic: { directResponse: { status } },
  },
})
const DIRECT = { route: 418, rule: 419 }

/** Everything that proxies answer by themselves. */
const failing: readonly object[] = [
  route('broken', {
    parentRefs: [{ name: 'gw' }],
    hostnames: ['broken.example'],
    rules: [
      to('empty', { backendRefs: [{ name: 'svc', port: 80 }] }),
      to('port', { backendRefs: [{ name: 'svc', port: 81 }] }),
      to('missing', { backendRefs: [{ name: 'none', port: 80 }] }),
      to('zero', { backendRefs: [{ name: 'svc', port: 80, weight: 0 }] }),
      to('none'),
      to('kind', { backendRefs: [{ kind: 'Odd', group: 'example.com', name: 'svc', port: 80 }] }),
    ],
  }),
  route('fails', {
    parentRefs: [{ name: 'gw' }],
    hostnames: ['fails.example'],
    rules: [to('own'), to('other')],
  }),
  policy('of-route', DIRECT.route),
  policy('of-rule', DIRECT.rule, 'own'),
  {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'ns', name: 'svc' } },
    spec: { ports: [{ port: 80 }] },
  },
]

describe.runIf(PROXY_BINARY !== undefined)('explanations of requests', () => {
  let controlPlane: ControlPlane
  let port = 0
  const keys: (string | undefined)[] = []

  beforeAll(async () => {
    ;[port = 0] = await freePorts(1)
    const provider = await backend(({ headers }) => {
      keys.push(headers.authorization)
      return { status: 503, body: '{}' }
    })
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'all.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests(port, provider) }),
    )
    controlPlane = await serve(folder)
    await startProxy(GATEWAY, controlPlane.ports.xds)
    await synced(controlPlane, GATEWAY)
  }, 60_000)
  afterAll(endAll)

  test('a proxy does with each request what is said of it', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < REQUESTS; i++) {
      const method = pick(METHODS)
      const host = pick(HOSTS)
      const path = `${pick(PATHS)}${pick(['', '', '?q=1', '?q=2', '?q=12&q=1', '?Q=1'])}`
      const headers = Object.fromEntries(
        ['x-one', 'X-Two', 'delegate'].flatMap((name) => (maybe() ? [[name, pick(['1', '2', '12'])]] : [])),
      )
      const query = new URLSearchParams({ url: `http://${host}:${port}${path}`, gateway: GATEWAY, method })
      for (const [name, value] of Object.entries(headers)) query.append('header', `${name}: ${value}`)
      const [real, said] = await Promise.all([
        ask(port, path, { method, headers: { ...headers, host: `${host}:${port}` } }),
        controlPlane.admin<{ readonly status?: number; readonly location?: string }>(`/explain?${query}`),
      ])
      const label = `${method} ${host}${path} ${JSON.stringify(headers)}`
      expect([label, said.status, said.location]).toEqual([label, real.status, real.headers.location])
      seen.add(said.location ?? String(said.status))
    }
    // Enough of the rules were met for this to say something.
    expect(seen.size).toBeGreaterThan(20)
  }, 60_000)

  test('of policies for a route, a backend and its section the last counts, and it is said so', async () => {
    const headers = { host: `llm.example:${port}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] })
    await ask(port, '/v1/chat/completions', { method: 'POST', headers, body })
    expect(keys).toEqual(['Bearer key-of-section'])
    const { rule } = await controlPlane.admin<RequestExplanation>(
      `/explain?${new URLSearchParams({ url: `http://llm.example:${port}/v1/chat/completions`, method: 'POST' })}`,
    )
    const counting = rule?.backends[0]?.policies.filter(({ kind, yieldsTo }) => kind === 'backend.auth' && !yieldsTo)
    expect(counting?.map(({ from }) => from)).toEqual(['AgentgatewayPolicy ns/key-of-section'])
  })

  test.each([
    ...([
      ['broken.example/empty', 503],
      ['broken.example/port', 503],
      ['broken.example/missing', 500],
    ] as const),
    ...([
      ['broken.example/zero', 500],
      ['broken.example/none', 500],
      ['broken.example/kind', 500],
    ] as const),
    ...([
      ['fails.example/own', DIRECT.rule],
      ['fails.example/other', DIRECT.route],
    ] as const),
  ])('%s is answered %d by the proxy itself, and it is said so', async (url, expected) => {
    const [host, path = ''] = url.split('/')
    const [real, said] = await Promise.all([
      ask(port, `/${path}`, { headers: { host: `${host}:${port}` } }),
      controlPlane.admin<{ readonly status?: number }>(
        `/explain?${new URLSearchParams({ url: `http://${host}:${port}/${path}` })}`,
      ),
    ])
    expect([real.status, said.status]).toEqual([expected, expected])
  })
})

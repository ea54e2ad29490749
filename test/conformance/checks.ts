// The vocabulary of the tables: each function asserts one kind of thing that the suite's tests assert, of a world, and
// throws when it is otherwise. Conditions are written `Type=Status/Reason`; the reason may be left out.
import assert from 'node:assert/strict'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import {
  type Answer,
  admitsClient,
  answer,
  connect,
  type HttpRequest,
  modified,
  type Share,
  text,
  trusts,
} from './matcher.ts'
import { openPorts } from './proxy-view.ts'
import { type Condition, INFRA, type ParentRef, qualified, type World } from './world.ts'

/** What one test of the suite asserts. */
export type Check = (world: World) => void | Promise<void>

/** The expectations of tests, by the tests' names. */
export type Checks = Readonly<Record<string, Check>>

const GROUP = 'gateway.networking.k8s.io'

/** The conditions of an object, which must all be of its current generation. */
export function hasConditions(world: World, [kind, name]: Named, ...expected: readonly string[]): void {
  expectConditions(world.status(kind, name).conditions ?? [], expected, { world, named: [kind, name] })
}

/** An object by kind and name; INFRA is the namespace of a name without one. */
export type Named = readonly [kind: string, name: string]

/** What is expected of a listener or an entry. */
export interface ExpectedListener {
  /** Kinds of routes that must be among the supported ones; an empty list means that none may be. */
  readonly kinds?: readonly string[]
  readonly routes?: number
  readonly has?: readonly string[]
}

/** Listeners of a Gateway or ListenerSet; with `all`, there may be no others. */
export function hasListeners(
  world: World,
  named: Named,
  expected: Readonly<Record<string, ExpectedListener>>,
  { all = true } = {},
): void {
  const { listeners = [] } = world.status(...named)
  if (all) assert.deepEqual(listeners.map(({ name }) => name).toSorted(), Object.keys(expected).toSorted())
  for (const [name, { kinds, routes, has = [] }] of Object.entries(expected)) {
    const listener = listeners.find((each) => each.name === name)
    assert.ok(listener !== undefined, `${named.join(' ')} has no status of its listener ${name}`)
    const supported = (listener.supportedKinds ?? []).map(({ group, kind }) =>
      group === GROUP || group === undefined ? kind : '',
    )
    if (kinds?.length === 0) assert.deepEqual(supported, [])
    for (const kind of kinds ?? []) assert.ok(supported.includes(kind), `${name} does not support ${kind}`)
    if (routes !== undefined) assert.equal(listener.attachedRoutes, routes, `attachedRoutes of ${name}`)
    expectConditions(listener.conditions, has, { world, named })
  }
}

/** Everything about a listener is as its owner wants it. */
export const FINE = ['Accepted=True', 'ResolvedRefs=True', 'Programmed=True'] as const

/** Routes are accepted by a Gateway, all of whose listeners are fine. */
export function areAccepted(world: World, gateway: string, routes: readonly string[], kind = 'HTTPRoute'): void {
  areAcceptedBy(world, ['Gateway', gateway], routes, kind)
}

/** Routes are accepted by a Gateway or ListenerSet, all of whose listeners are fine. */
export function areAcceptedBy(world: World, parent: Named, routes: readonly string[], kind = 'HTTPRoute'): void {
  for (const route of routes) routeHas(world, [kind, route], parent, 'Accepted=True/Accepted')
  for (const { name, conditions } of world.status(...parent).listeners ?? [])
    expectConditions(conditions, FINE, { world, named: [parent[0], `${parent[1]}`], of: name })
}

/** Routes are accepted, and what they refer to is found. */
export function areServed(world: World, gateway: string, routes: readonly string[], kind = 'HTTPRoute'): void {
  areAccepted(world, gateway, routes, kind)
  for (const route of routes) routeHas(world, [kind, route], ['Gateway', gateway], 'ResolvedRefs=True/ResolvedRefs')
}

/** What the entry of a route's status about a parent says. */
export function routeHas(world: World, route: Named, parent: Named, ...expected: readonly string[]): void {
  const { parents = [] } = world.status(...route)
  const found = parents.filter(({ parentRef }) => isRefTo(parentRef, parent))
  assert.ok(found.length > 0, `${route.join(' ')} has no status about ${parent.join(' ')}`)
  for (const { controllerName, conditions } of found) {
    assert.equal(controllerName, DEFAULT_TRANSLATE_SETTINGS.controllerName)
    expectConditions(conditions, expected, { world, named: route })
  }
}

/** A route is accepted nowhere, and says so about no more than one parent. */
export function isAcceptedNowhere(world: World, route: Named): void {
  const { parents = [] } = world.status(...route)
  assert.ok(parents.length <= 1)
  for (const { conditions } of parents) expectConditions(conditions, ['Accepted=False'], { world, named: route })
}

/** A Gateway has one listener, and no route on it. */
export function hasNoRoutes(world: World, gateway: string): void {
  const { listeners = [] } = world.status('Gateway', gateway)
  assert.ok(listeners.length <= 1)
  for (const { attachedRoutes } of listeners) assert.equal(attachedRoutes, 0)
}

/** What a BackendTLSPolicy says about a Gateway. */
export function policyHas(world: World, policy: string, gateway: string, ...expected: readonly string[]): void {
  const named: Named = ['BackendTLSPolicy', policy]
  const { ancestors = [] } = world.status(...named)
  const found = ancestors.filter(({ ancestorRef }) => ancestorRef.name === qualified(gateway).split('/')[1])
  assert.ok(found.length > 0, `${policy} has no status about ${gateway}`)
  for (const { conditions } of found) expectConditions(conditions, expected, { world, named })
}

function isRefTo(ref: ParentRef, [kind, name]: Named): boolean {
  return ref.group === GROUP && ref.kind === kind && `${ref.namespace ?? INFRA}/${ref.name}` === qualified(name)
}

function expectConditions(
  conditions: readonly Condition[],
  expected: readonly string[],
  { world, named, of = '' }: { world: World; named: Named; of?: string },
): void {
  const where = `${named.join(' ')} ${of}`
  const generation = world.object(...named)?.metadata.generation
  for (const { type, observedGeneration } of conditions)
    assert.equal(observedGeneration, generation, `observedGeneration of ${type} of ${where}`)
  const said = conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`)
  for (const condition of expected) {
    const found = said.some((each) => each === condition || each.startsWith(`${condition}/`))
    assert.ok(found, `${where} should have ${condition}; it has ${said.join(', ')}`)
  }
}

/** A request: `[METHOD ]host[:port]/path[?query]`, where all but the path may be left out. */
export type Asked =
  | string
  | {
      readonly to: string
      readonly headers?: Readonly<Record<string, string>>
      readonly sni?: string
      readonly port?: number
    }

/** What is expected of a request: a status, the Service that alone gets it, or more. */
export type Expected =
  | number
  | string
  | 'refused'
  | {
      /** Shares by Service. */
      readonly shares?: Readonly<Record<string, number>>
      readonly to?: string
      readonly redirect?: { readonly status?: number; readonly to: string }
      /** Of the request that the backend sees. */
      readonly host?: string
      readonly path?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly absent?: readonly string[]
      readonly response?: {
        readonly from: Readonly<Record<string, string>>
        readonly headers?: Readonly<Record<string, string>>
        readonly absent?: readonly string[]
      }
      readonly mirrors?: Readonly<Record<string, number>>
      /** Milliseconds; null means that there must be none. */
      readonly timeout?: { readonly request?: number; readonly backendRequest?: number } | null
      readonly retry?: { readonly codes: readonly number[]; readonly attempts: number }
      readonly rule?: string
      /** Whether the connection to a server with the suite's certificate comes about. */
      readonly encrypted?: 'trusted' | 'distrusted'
      readonly clientCertificate?: boolean
    }

/** Requests to a Gateway and what becomes of them. */
export function requests(
  world: World,
  gateway: string,
  rows: readonly (readonly [Asked, Expected])[],
  defaults: { readonly port?: number } = {},
): void {
  const view = world.proxy(gateway)
  const ports = openPorts(view)
  for (const [asked, expected] of rows) {
    const port =
      (typeof asked === 'string' ? undefined : asked.port) ?? defaults.port ?? (ports.includes(80) ? 80 : ports[0])
    const request = requestOf(asked, port ?? 0)
    const label = `${gateway}: ${typeof asked === 'string' ? asked : JSON.stringify(asked)}`
    compare(answer(view, request), expected, { world, label, request })
  }
}

function requestOf(asked: Asked, port: number): HttpRequest {
  const { to, headers = {}, sni } = typeof asked === 'string' ? { to: asked } : asked
  const [, method, host, path = '/', query = ''] = /^(?:([A-Z]+) )?([^/]*)(\/[^?]*)(?:\?(.*))?$/.exec(to) ?? []
  return {
    port,
    ...(sni !== undefined && { sni }),
    method: method ?? 'GET',
    // The suite asks for the Gateway's address where a test names no host.
    host: host || '172.18.0.240',
    path,
    query: new Map(new URLSearchParams(query)),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
}

const SERVER_NAMES = ['abc.example.com', 'spiffe://abc.example.com/test-identity', 'other.example.com']

function compare(
  found: Answer,
  expected: Expected,
  { world, label, request }: { world: World; label: string; request: HttpRequest },
): void {
  if (typeof expected === 'number') {
    assert.deepEqual(found.kind === 'status' ? found.status : summary(found), expected, label)
    return
  }
  if (expected === 'refused') {
    assert.equal(found.kind, 'refused', label)
    return
  }
  if (typeof expected === 'string') {
    assert.deepEqual(summary(found), { [qualified(expected)]: 1 }, label)
    return
  }
  if (expected.redirect !== undefined) {
    if (found.kind !== 'redirect') assert.fail(`${label}: ${JSON.stringify(summary(found))}`)
    const { scheme, host, port, path } = found.location
    // What the expectation leaves out is as in the request.
    const wanted = new URL(
      expected.redirect.to,
      `${request.sni === undefined ? 'http' : 'https'}://${request.host}${request.path}`,
    )
    assert.equal(found.status, expected.redirect.status ?? 302, label)
    assert.equal(`${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}`, wanted.toString(), label)
    return
  }
  if (found.kind !== 'forward') assert.fail(`${label}: ${JSON.stringify(summary(found))}`)
  if (expected.to !== undefined) assert.deepEqual(summary(found), { [qualified(expected.to)]: 1 }, label)
  if (expected.shares !== undefined) assert.deepEqual(summary(found), named(expected.shares), label)
  if (expected.mirrors !== undefined) assert.deepEqual(found.mirrors, named(expected.mirrors), label)
  if (expected.rule !== undefined) assert.equal(found.ruleName, expected.rule, label)
  if (expected.timeout !== undefined) {
    const timeout = found.timeout && {
      ...(found.timeout.request && { request: milliseconds(found.timeout.request) }),
      ...(found.timeout.backendRequest && { backendRequest: milliseconds(found.timeout.backendRequest) }),
    }
    assert.deepEqual(timeout ?? null, expected.timeout, label)
  }
  if (expected.retry !== undefined) {
    const { codes, attempts } = expected.retry
    assert.deepEqual(
      { codes: found.retry?.retryStatusCodes, attempts: found.retry?.attempts },
      { codes, attempts },
      label,
    )
  }
  for (const share of found.shares) compareShare(share, expected, { world, label })
}

function compareShare(
  share: Share,
  expected: Exclude<Expected, number | string>,
  { world, label }: { world: World; label: string },
): void {
  const { request, response, tls } = share
  if (expected.host !== undefined) assert.equal(request.host, expected.host, label)
  if (expected.path !== undefined) assert.equal(request.path, expected.path, label)
  compareHeaders(request.headers, expected, label)
  if (expected.response !== undefined) {
    const from = new Map(Object.entries(expected.response.from).map(([name, value]) => [name.toLowerCase(), value]))
    compareHeaders(modified(from, response), expected.response, label)
  }
  if (expected.encrypted !== undefined) {
    assert.ok(tls !== undefined, `${label}: not encrypted`)
    const authority = world.authorities['tls-checks-ca-certificate']?.certificate ?? ''
    assert.equal(trusts(tls, { authority, names: SERVER_NAMES }) ? 'trusted' : 'distrusted', expected.encrypted, label)
  }
  if (expected.clientCertificate !== undefined)
    assert.equal(text(tls?.cert).includes('BEGIN CERTIFICATE'), expected.clientCertificate, label)
}

function compareHeaders(
  headers: ReadonlyMap<string, string>,
  expected: { readonly headers?: Readonly<Record<string, string>>; readonly absent?: readonly string[] },
  label: string,
): void {
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    assert.equal(headers.get(name.toLowerCase()), value, `${label}: ${name}`)
  for (const name of expected.absent ?? [])
    assert.equal(headers.get(name.toLowerCase()), undefined, `${label}: ${name}`)
}

function summary(found: Answer): unknown {
  if (found.kind !== 'forward') return found
  return Object.fromEntries(found.shares.map(({ to, share }) => [to ?? '500', share]))
}

function named(shares: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name === '500' ? name : qualified(name), share]),
  )
}

function milliseconds({ seconds = 0, nanos = 0 }: { readonly seconds?: unknown; readonly nanos?: number }): number {
  return Number(seconds) * 1000 + nanos / 1_000_000
}

/** Connections to a Gateway: where they lead, or that they are closed. */
export function connections(
  world: World,
  gateway: string,
  rows: readonly (readonly [to: { readonly port: number; readonly sni?: string }, ExpectedConnection])[],
): void {
  const view = world.proxy(gateway)
  for (const [{ port, sni }, expected] of rows) {
    const found = connect(view, port, sni)
    const label = `${gateway}:${port} ${sni ?? ''}`
    if (expected === 'closed') {
      assert.equal(found, undefined, label)
      continue
    }
    assert.ok(found !== undefined, `${label} is closed`)
    const { to, terminated, port: at } = typeof expected === 'string' ? { to: expected } : expected
    const shares = typeof to === 'string' ? { [to]: 1 } : to
    assert.deepEqual(
      Object.fromEntries(found.shares.map((each) => [each.to ?? '500', each.share])),
      named(shares),
      label,
    )
    if (terminated !== undefined) assert.equal(found.isTerminated, terminated, label)
    if (at !== undefined) assert.equal(found.shares[0]?.port, at, label)
  }
}

/** The Service that a connection leads to, or shares by Service; whether the proxy decrypts; the Service's port. */
export type ExpectedConnection =
  | string
  | 'closed'
  | { readonly to: string | Readonly<Record<string, number>>; readonly terminated?: boolean; readonly port?: number }

/** Clients by the authority of their certificate (null: none), and whether they get in. */
export function clients(
  world: World,
  gateway: string,
  rows: readonly (readonly [to: { readonly port: number; readonly sni: string }, authority: string | null, boolean])[],
): void {
  const view = world.proxy(gateway)
  for (const [{ port, sni }, authority, admitted] of rows) {
    const certificate = authority === null ? undefined : world.authorities[authority]?.certificate
    const found = admitsClient(view, port, { sni, ...(certificate !== undefined && { authority: certificate }) })
    assert.equal(found, admitted, `${gateway}:${port}, client of ${authority ?? 'nobody'}`)
  }
}

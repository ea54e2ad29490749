// What becomes of a request at a Gateway, as `explain` tells it: listener, rule, policies and backend, and of everything
// else the first reason why not. Made only from what proxies hold, so it is what they do and not what somebody meant.
import type { BackendReference, Listener, Route, RouteBackend, TCPRoute } from '../../wire/messages.ts'
import { type Arrival, bestListener, receive } from './arrival.ts'
import { type HttpRequest, matchText } from './matching.ts'
import {
  type AttachedPolicy,
  backendPolicies,
  frontendPolicies,
  routeText,
  trafficPolicies,
  type Way,
} from './policies.ts'
import type { AskedRequest } from './request.ts'
import { locationText, redirected, rewritten } from './rewriting.ts'
import { type Chain, type ChosenBackend, followRequest, type PassedRule, sharesOf, streamRoute } from './routing.ts'
import type { ProxyView } from './view.ts'

/** What a request meets, and what becomes of it. */
export interface RequestExplanation {
  /** `namespace/name` */
  readonly gateway: string
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
  }
  /** `answered`: by the proxy itself; `refused`: there is no connection. */
  readonly outcome: 'forwarded' | 'redirected' | 'answered' | 'refused'
  /** What the proxy answers by itself. */
  readonly status?: number
  readonly location?: string
  /** The outcome in a sentence. */
  readonly summary: string
  readonly listener?: ExplainedListener
  readonly otherListeners: readonly (ExplainedListener & { readonly reason: string })[]
  readonly rule?: MetRule
  readonly otherRules: readonly OtherRule[]
  /** Of connections to the listener. */
  readonly policies: readonly AttachedPolicy[]
}

/** A listener as it is shown. */
export interface ExplainedListener {
  readonly name: string
  /** `Gateway namespace/name`, or the ListenerSet it comes from. */
  readonly of: string
  readonly protocol: string
  readonly hostname?: string
  readonly resource: string
}

/** A rule that is not met. */
export interface OtherRule {
  readonly rule: string
  readonly resource: string
  readonly reason: string
}

/** A rule that is met. */
export interface MetRule {
  /** `Kind namespace/name rule N`, counted from 0. */
  readonly rule: string
  readonly route: { readonly kind: string; readonly namespace: string; readonly name: string }
  /** Of the rule within its route. */
  readonly index?: number
  readonly resource: string
  readonly hostnames: readonly string[]
  readonly match: string
  readonly policies: readonly AttachedPolicy[]
  /** The request as backends see it, where it is rewritten. */
  readonly rewritten?: { readonly host: string; readonly path: string }
  readonly backends: readonly MetBackend[]
}

/** A backend that gets a share of the traffic. */
export interface MetBackend {
  readonly to: string
  /** From 0 to 1. */
  readonly share: number
  /** Why requests for it fail. */
  readonly problem?: string
  readonly policies: readonly AttachedPolicy[]
  /** What the proxy answers by itself. */
  readonly status?: number
  readonly location?: string
  /** What is met in the group. */
  readonly rule?: MetRule
  readonly otherRules?: readonly OtherRule[]
}

type Outcome = Pick<RequestExplanation, 'outcome' | 'status' | 'location' | 'summary'>

/** Explains a request to a Gateway. */
export function explainRequest(gateway: string, view: ProxyView, asked: AskedRequest): RequestExplanation {
  const request = withPort(view, asked)
  const arrival = receive(view, request)
  const { listener } = arrival
  const way: Way | undefined = listener && { listener, port: request.port, routes: [] }
  const common = {
    gateway,
    request: {
      method: request.method,
      url: asked.url,
      headers: Object.fromEntries([...request.headers].map(([name, values]) => [name, values.join(', ')])),
    },
    ...(listener === undefined ? {} : { listener: shownListener(listener) }),
    otherListeners: arrival.passed.map((passed) => ({ ...shownListener(passed.listener), reason: passed.reason })),
    policies: way === undefined ? [] : frontendPolicies(view, way),
  }
  if (arrival.refusal !== undefined || way === undefined)
    return { ...common, ...noWay(arrival, request), otherRules: [] }
  if (way.listener.protocol === 'TCP' || way.listener.protocol === 'TLS')
    return { ...common, ...stream(view, way, asked) }
  if (asked.isStream)
    return { ...common, ...answered(400, `listener ${way.listener.name?.listenerName} expects HTTP`), otherRules: [] }
  const misdirected = misdirection(view, arrival, request)
  if (misdirected !== undefined) return { ...common, ...misdirected, otherRules: [] }
  const chain = followRequest(view, way.listener.key ?? '', request)
  return { ...common, ...followed(view, { way, request }, chain) }
}

// Who names no port means the one there is.
function withPort({ binds }: ProxyView, asked: AskedRequest): HttpRequest {
  const [only, ...others] = [...new Set(binds.map(({ port = 0 }) => port))]
  if (!asked.isPortImplied || only === undefined || others.length > 0) return asked.request
  return { ...asked.request, port: only }
}

function noWay({ refusal }: Arrival, { port, host }: HttpRequest): Outcome {
  return refusal === undefined
    ? answered(404, `no listener of port ${port} has the host ${host}`)
    : { outcome: 'refused', summary: `there is no connection: ${refusal}` }
}

function answered(status: number, why: string): Outcome {
  return { outcome: 'answered', status, summary: `the proxy answers ${status}: ${why}` }
}

/** Over an encrypted connection, a request for a host of another listener went the wrong way. */
function misdirection(view: ProxyView, { bind, listener }: Arrival, { sni, host }: HttpRequest): Outcome | undefined {
  if (sni === undefined || sni === host || bind === undefined) return undefined
  const best = bestListener(view, bind, host)
  if (best === listener) return undefined
  return best === undefined
    ? answered(404, `the listener for ${sni} has no host ${host}`)
    : answered(421, `host ${host} is listener ${best.name?.listenerName}'s, but the connection is for ${sni}`)
}

function followed(
  view: ProxyView,
  { way, request }: { readonly way: Way; readonly request: HttpRequest },
  chain: Chain,
): Outcome & Pick<RequestExplanation, 'rule' | 'otherRules'> {
  const otherRules = chain.passed.map(shownPassed)
  const { met } = chain
  if (met === undefined) {
    const why = otherRules.length === 0 ? 'the listener has no rules' : 'no rule of the listener matches'
    return { ...answered(404, why), otherRules }
  }
  const inner: Way = { ...way, routes: [...way.routes, met.route] }
  const { attached, specs } = trafficPolicies(view, inner)
  const redirect = specs.flatMap(({ requestRedirect }) => requestRedirect ?? [])[0]
  const direct = specs.flatMap(({ directResponse }) => directResponse ?? [])[0]
  const seen = rewritten(request, specs.flatMap(({ urlRewrite }) => urlRewrite ?? [])[0], met.match)
  const isRewritten = seen.host !== request.host || seen.path !== request.path
  const backends = chain.backends.map((chosen) => metBackend(view, { way: inner, request }, chosen))
  const rule: MetRule = {
    ...identified(met.route),
    resource: `route/${met.route.key}`,
    hostnames: met.route.hostnames ?? [],
    match: matchText(met.match),
    policies: attached,
    ...(isRewritten ? { rewritten: { host: seen.host, path: seen.path } } : {}),
    backends: backends.map(({ inner: _, ...backend }) => backend),
  }
  return { ...outcomeOf(), rule, otherRules }

  function outcomeOf(): Outcome {
    if (chain.isCycle) return answered(500, 'the delegation leads back to a rule that has been met already')
    if (direct) return answered(direct.status ?? 200, 'a policy has it answer so')
    if (redirect && met !== undefined) {
      const location = locationText(redirected(redirect, met.match, request), request.query)
      const status = redirect.status || 302
      return {
        outcome: 'redirected',
        status,
        location,
        summary: `the proxy answers ${status} and sends it to ${location}`,
      }
    }
    const [only, ...others] = backends
    if (only?.inner !== undefined && others.length === 0) return only.inner
    return destination(rule.backends, rule.rule)
  }
}

function destination(backends: readonly MetBackend[], rule: string): Outcome {
  const leaves = leavesOf(backends)
  if (backends.length === 0) return answered(500, `${rule} has no backend that gets any traffic`)
  const good = leaves.filter(({ problem }) => problem === undefined)
  const [first, ...others] = leaves
  if (good.length === 0) {
    const isAlike = others.every(({ status }) => status === first?.status)
    return answered(isAlike ? (first?.status ?? 500) : 500, first?.problem ?? 'no backend can be reached')
  }
  const lost = leaves.length - good.length
  const targets = good.map(({ to, location = to, share }) =>
    others.length === 0 ? to : `${location} (${percent(share)})`,
  )
  return {
    outcome: 'forwarded',
    summary: `the request goes to ${targets.join(', ')}${lost === 0 ? '' : '; the other share of the traffic fails'}`,
  }
}

/** The backends at the end of all delegation, with their shares of the whole. */
function leavesOf(backends: readonly MetBackend[], of = 1): readonly MetBackend[] {
  return backends.flatMap((each) =>
    each.rule === undefined || each.rule.backends.length === 0
      ? [{ ...each, share: each.share * of }]
      : leavesOf(each.rule.backends, each.share * of),
  )
}

/** Whether a request comes to what a rule means it to: a backend, or another URL. */
export function isServed({ outcome }: Pick<RequestExplanation, 'outcome'>): boolean {
  return outcome === 'forwarded' || outcome === 'redirected'
}

/** The rules that are not met, those of groups included. */
export function otherRulesOf({ otherRules = [], rule }: Pick<MetBackend, 'otherRules' | 'rule'>): readonly OtherRule[] {
  return [...otherRules, ...(rule?.backends ?? []).flatMap(otherRulesOf)]
}

/** A share as people read it. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

function metBackend(
  view: ProxyView,
  context: { readonly way: Way; readonly request: HttpRequest },
  { backend, share, group }: ChosenBackend,
): MetBackend & { readonly inner?: Outcome } {
  if (group === undefined)
    return { ...place(view, backend), share, policies: backendPolicies(view, context.way, backend) }
  const { rule, otherRules, ...inner } = followed(view, context, group)
  const { status, location, summary } = inner
  const isFailure = location === undefined && (status ?? 0) >= 400
  return {
    to: `group ${backend.routeGroupKey}`,
    share,
    ...(isFailure ? { problem: summary } : {}),
    policies: [],
    ...(status === undefined ? {} : { status }),
    ...(location === undefined ? {} : { location }),
    ...(rule === undefined ? {} : { rule }),
    otherRules,
    inner,
  }
}

/** What a reference leads to, and why it leads nowhere. */
function place(view: ProxyView, { backend: reference }: RouteBackend): Pick<MetBackend, 'to' | 'problem' | 'status'> {
  const { service, backend, inline, port = 0 }: BackendReference = reference ?? {}
  if (service) {
    const known = view.service(service)
    const { namespace = service.namespace, name = service.hostname } = known ?? {}
    const kind = service.hostname?.includes('.inference.') ? 'InferencePool' : 'Service'
    const to = `${kind} ${namespace}/${name}:${port}`
    if (known === undefined) return { to, problem: `there is no ${kind} ${service.hostname}` }
    if (kind === 'Service' && !known.ports?.some(({ servicePort }) => servicePort === port))
      return { to, problem: `${kind} ${namespace}/${name} has no port ${port}`, status: 503 }
    if (view.endpoints?.(service) === 0)
      return { to, problem: `${kind} ${namespace}/${name} has no endpoint that is ready`, status: 503 }
    return { to }
  }
  if (inline) return { to: `${inline.hostname}:${inline.port}` }
  if (!backend) return { to: 'nothing', problem: 'the reference to the backend is wrong or not allowed' }
  if (backend.startsWith('/llm:router:')) return { to: 'the model that the body names' }
  const found = view.backend(backend)
  if (found === undefined) return { to: `backend ${backend}`, problem: `there is no backend ${backend}` }
  if (found.modelRouter) return { to: 'the model that the body names' }
  return { to: `backend ${found.name?.namespace}/${found.name?.name} (${found.kind ?? 'empty'})` }
}

function stream(
  view: ProxyView,
  way: Way,
  asked: AskedRequest,
): Outcome & Pick<RequestExplanation, 'rule' | 'otherRules'> {
  const { listener } = way
  const isTls = listener.protocol === 'TLS'
  const route = streamRoute(view, listener.key ?? '', isTls ? asked.request.sni : undefined)
  const otherRules = view.tcpRoutes
    .filter((each) => each !== route && each.listenerKey === listener.key)
    .map((each) => ({
      rule: ruleText(each),
      resource: `tcp_route/${each.key}`,
      reason:
        route === undefined || (each.hostnames ?? []).length > 0
          ? `its hostnames are ${(each.hostnames ?? []).join(', ')}`
          : 'another comes first',
    }))
  if (route === undefined)
    return { outcome: 'refused', summary: 'the connection is closed: no rule of the listener takes it', otherRules }
  const backends = sharesOf(route.backends ?? []).map(
    ({ backend, share }): MetBackend => ({ ...place(view, backend), share, policies: [] }),
  )
  const rule: MetRule = {
    ...identified(route),
    resource: `tcp_route/${route.key}`,
    hostnames: route.hostnames ?? [],
    match: isTls ? 'connections by server name' : 'all connections',
    policies: [],
    backends,
  }
  const found = destination(backends, rule.rule)
  const outcome: Outcome =
    found.outcome === 'forwarded'
      ? { ...found, summary: found.summary.replace('the request', 'the connection') }
      : { outcome: 'refused', summary: found.summary.replace(/the proxy answers \d+/, 'the connection is closed') }
  return { ...outcome, rule, otherRules }
}

function shownListener({ key, name, protocol = 'UNKNOWN', hostname = '' }: Listener): ExplainedListener {
  const { listenerName = '', listenerSet, gatewayName, gatewayNamespace } = name ?? {}
  return {
    name: listenerName,
    of: listenerSet
      ? `ListenerSet ${listenerSet.namespace}/${listenerSet.name}`
      : `Gateway ${gatewayNamespace}/${gatewayName}`,
    protocol: String(protocol),
    ...(hostname === '' ? {} : { hostname }),
    resource: `listener/${key}`,
  }
}

function shownPassed({ route, reason }: PassedRule): OtherRule {
  return { rule: ruleText(route), resource: `route/${route.key}`, reason }
}

function identified(rule: Route | TCPRoute): Pick<MetRule, 'rule' | 'route' | 'index'> {
  const { kind = '', namespace = '', name = '' } = rule.name ?? {}
  const index = indexOf(rule)
  return { rule: ruleText(rule), route: { kind, namespace, name }, ...(index === undefined ? {} : { index }) }
}

function ruleText(rule: Route | TCPRoute): string {
  const { name } = rule
  const index = indexOf(rule)
  const own = name?.ruleName ? ` (${name.ruleName})` : ''
  return `${routeText({ name: name ? { ...name, ruleName: '' } : undefined })}${index === undefined ? '' : ` rule ${index}`}${own}`
}

/** A rule's number stands in its key, behind the name of its route. */
function indexOf({ key = '', name }: Route | TCPRoute): number | undefined {
  const prefix = `${name?.namespace}/${name?.name}.`
  const start = key.indexOf(prefix)
  const digits = start < 0 ? undefined : /^\d+/.exec(key.slice(start + prefix.length))?.[0]
  return digits === undefined ? undefined : Number(digits)
}

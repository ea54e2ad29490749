// Rules of HTTPRoutes: matches, filters, timeouts, retries, backends; delegating rules and rules that serve models.

import { type Outcome, ok, rejected } from '../core/problem.ts'
import { nanosecondsOf, wireDuration } from '../features/shared/durations.ts'
import { isHeaderValue } from '../features/shared/header-names.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { regexProblem } from '../features/shared/rust-regex.ts'
import type { HttpRouteMatch, HttpRouteRule, ValueMatch } from '../kube/route-types.ts'
import type {
  HeaderMatch,
  PathMatch,
  QueryMatch,
  RouteBackend,
  RouteMatch,
  TrafficPolicySpec,
  WireResource,
} from '../wire/messages.ts'
import { groupKeyOf, isDelegatingRef } from './delegation.ts'
import { HTTP_BACKEND_FILTERS, HTTP_RULE_FILTERS, translateRuleFilters } from './http-filters.ts'
import { isModelServing, matchesEverything, modelRouterKey, modelServingFlaw, rootConflict } from './model-rules.ts'
import { type BackendStyle, translateBackends, weightOf } from './rule-backends.ts'
import {
  type Parts,
  problemOf,
  type RuleOutcome,
  type RulePlace,
  type RuleProblem,
  type RuleScope,
  reaching,
} from './rule-outcome.ts'

const STYLE: BackendStyle = {
  filters: HTTP_BACKEND_FILTERS,
  tell: (problem) =>
    problem.severity === 'warning'
      ? problem
      : { ...problem, reason: 'BackendError', message: `failed to build backend destination: ${problem.message}` },
}

/** Translates one rule of an HTTPRoute. */
export function translateHttpRule(rule: HttpRouteRule, scope: RuleScope): RuleOutcome {
  const { path } = scope
  const matches = translateMatches(itemsOf(rule.matches), `${path}.matches`)
  const limits = [translateTimeouts(rule.timeouts, path), translateRetry(rule.retry, path)]
  const serving = isModelServing(rule) && !scope.isDelegated
  const backends = serving ? modelBackends(rule, scope) : plainBackends(rule, scope)
  const filters = translateRuleFilters(
    { filters: itemsOf(rule.filters), path: `${path}.filters`, supported: HTTP_RULE_FILTERS },
    scope,
  )
  const problems = [
    ...matches.problems,
    ...limits.flatMap((limit) => reaching('rule', limit)),
    ...backends.problems,
    ...filters.problems,
    ...sessionProblems(rule, path),
  ]
  const isLost = matches.parts.length === 0 && matches.problems.length > 0
  if (isLost || problems.some(({ extent }) => extent === 'route')) return { path, problems }
  if (problems.some(({ extent }) => extent === 'rule'))
    return { path, problems, render: renderer(rule, scope, { matches: matches.parts, backends: [], policies: [] }) }
  const routerKey =
    serving && backends.problems.length === 0 ? modelRouterKey(scope.route, rule, scope.index) : undefined
  const policies = [
    ...filters.parts,
    ...limits.flatMap(({ value }) => (value === undefined ? [] : [value])),
    ...(routerKey === undefined ? [] : [{ urlRewrite: { prefix: '' } }]),
  ]
  const content = { matches: matches.parts, backends: backends.parts, policies, routerKey }
  return { path, problems, render: renderer(rule, scope, content) }
}

/** Session persistence is not the proxy's: say so instead of dropping it in silence. */
export function sessionProblems(rule: { readonly sessionPersistence?: object }, path: string): readonly RuleProblem[] {
  if (!rule.sessionPersistence) return []
  return [
    {
      ...problemOf('part', 'UnsupportedValue', {
        path: `${path}.sessionPersistence`,
        message: 'session persistence is not supported by the proxy and has no effect',
      }),
      severity: 'warning',
    },
  ]
}

/** Headers to match, of an HTTPRoute or GRPCRoute. */
export function translateHeaderMatches(headers: readonly ValueMatch[], path: string): Parts<HeaderMatch> {
  return translateValueMatches(headers, { path, stage: 'headers', kind: 'HeaderMatch' })
}

interface RuleContent {
  readonly matches: readonly RouteMatch[]
  readonly backends: readonly RouteBackend[]
  readonly policies: readonly TrafficPolicySpec[]
  /** Set when the rule serves models. */
  readonly routerKey?: string | undefined
}

function renderer(rule: HttpRouteRule, scope: RuleScope, content: RuleContent): NonNullable<RuleOutcome['render']> {
  const { route, hostnames } = scope
  const { routerKey } = content
  return (place: RulePlace) => {
    const sent: WireResource = {
      kind: 'route',
      route: {
        ...place,
        name: {
          kind: route.kind,
          namespace: route.namespace,
          name: route.name,
          ...(rule.name && { ruleName: rule.name }),
        },
        hostnames: [...hostnames],
        matches: [...content.matches],
        backends: [...content.backends],
        trafficPolicies: [...content.policies],
      },
    }
    if (routerKey === undefined) return [sent]
    // The router is declared once per route resource, under that resource's key.
    const name = { namespace: route.namespace, name: route.name }
    return [sent, { kind: 'backend', backend: { key: place.key, name, modelRouter: { routerKey } } }]
  }
}

// A match that cannot be understood is left out and condemns its rule; the others still tell what answers 500.
function translateMatches(matches: readonly HttpRouteMatch[], path: string): Parts<RouteMatch> {
  const parts: RouteMatch[] = []
  const problems: RuleProblem[] = []
  for (const [i, match] of matches.entries()) {
    const at = `${path}[${i}]`
    const where = translatePath(match.path, `${at}.path`)
    const headers = translateHeaderMatches(itemsOf(match.headers), `${at}.headers`)
    const query = translateValueMatches(itemsOf(match.queryParams), {
      path: `${at}.queryParams`,
      stage: 'query',
      kind: 'QueryMatch',
    })
    const found = [...reaching('rule', where), ...headers.problems, ...query.problems]
    problems.push(...found)
    if (found.length > 0) continue
    parts.push({
      ...(match.path && where.value && { path: where.value }),
      headers: [...headers.parts],
      queryParams: [...query.parts],
      ...(match.method && { method: { exact: match.method } }),
    })
  }
  return { parts, problems }
}

function translatePath(path: HttpRouteMatch['path'], at: string): Outcome<PathMatch> {
  const value = String(path?.value || '/')
  switch (path?.type || 'PathPrefix') {
    case 'PathPrefix':
      return ok({ pathPrefix: rooted(value).replace(/\/+$/, '') || '/' })
    case 'Exact':
      return ok({ exact: rooted(value) })
    case 'RegularExpression':
      return patternOf(value, `${at}.value`)
    default:
      return rejected(
        'InvalidMatch',
        `${at}.type`,
        `failed to process route matches: path match Error: unsupported Path match type "${path?.type}"`,
      )
  }
}

// A pattern that proxies refuse would match nothing without a word.
function patternOf(pattern: string, path: string): Outcome<{ readonly regex: string }> {
  const problem = regexProblem(pattern)
  return problem === undefined
    ? ok({ regex: pattern })
    : rejected('InvalidMatch', path, `invalid regular expression "${pattern}": ${problem}`)
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

function translateValueMatches(
  matches: readonly ValueMatch[],
  { path, stage, kind }: { path: string; stage: string; kind: string },
): Parts<HeaderMatch & QueryMatch> {
  const parts: (HeaderMatch & QueryMatch)[] = []
  const problems: RuleProblem[] = []
  for (const [i, { type, name, value }] of matches.entries()) {
    const at = `${path}[${i}].value`
    if ((type || 'Exact') === 'Exact') {
      if (kind === 'HeaderMatch' && !isHeaderValue(value ?? '')) {
        const message = 'no header has a value with control characters'
        problems.push(problemOf('rule', 'InvalidMatch', { path: at, message }))
      } else parts.push({ name, exact: value ?? '' })
    } else if (type === 'RegularExpression') {
      const pattern = patternOf(value ?? '', at)
      problems.push(...reaching('rule', pattern))
      if (pattern.value !== undefined) parts.push({ name, ...pattern.value })
    } else
      problems.push(
        problemOf('rule', 'InvalidMatch', {
          path: `${path}[${i}].type`,
          message: `failed to process route matches: ${stage} match Error: unknown type: "${type}" is not supported ${kind} type`,
        }),
      )
  }
  return { parts, problems }
}

function translateTimeouts(timeouts: HttpRouteRule['timeouts'], path: string): Outcome<TrafficPolicySpec> {
  const request = limitOf(timeouts?.request, `${path}.timeouts.request`, 'timeout')
  const backendRequest = limitOf(timeouts?.backendRequest, `${path}.timeouts.backendRequest`, 'timeout')
  const problems = [...request.problems, ...backendRequest.problems]
  if (problems.length > 0 || (request.value === undefined && backendRequest.value === undefined))
    return { value: undefined, problems }
  return {
    value: {
      timeout: {
        ...(request.value && { request: request.value }),
        ...(backendRequest.value && { backendRequest: backendRequest.value }),
      },
    },
    problems,
  }
}

function translateRetry(retry: HttpRouteRule['retry'], path: string): Outcome<TrafficPolicySpec> {
  if (!retry || (retry.attempts !== undefined && retry.attempts <= 0)) return { value: undefined, problems: [] }
  const backoff = limitOf(retry.backoff, `${path}.retry.backoff`, 'retries')
  const codes = itemsOf(retry.codes)
  // One code that is no HTTP status makes proxies refuse the whole route.
  const [bad] = codes.filter((code) => !Number.isInteger(code) || code < 100 || code > 599)
  if (bad !== undefined)
    return rejected(
      'TranslationError',
      `${path}.retry.codes`,
      `failed to apply builtin route retries: invalid status code ${bad}`,
    )
  if (backoff.problems.length > 0) return { value: undefined, problems: backoff.problems }
  return ok({
    retry: {
      retryStatusCodes: [...codes],
      ...(retry.attempts !== undefined && { attempts: Math.min(retry.attempts, 255) }),
      ...(backoff.value && { backoff: backoff.value }),
    },
  })
}

// Zero means no limit, which is what the wire says by leaving it out.
function limitOf(text: string | undefined, path: string, stage: string): Outcome<ReturnType<typeof wireDuration>> {
  if (text === undefined || text === '') return { value: undefined, problems: [] }
  const nanoseconds = nanosecondsOf(text)
  if (nanoseconds !== undefined && nanoseconds >= 0n)
    return { value: nanoseconds === 0n ? undefined : wireDuration(text), problems: [] }
  return rejected('TranslationError', path, `failed to apply builtin route ${stage}: invalid duration "${text}"`)
}

function plainBackends(rule: HttpRouteRule, scope: RuleScope): Parts<RouteBackend> {
  const parts: RouteBackend[] = []
  const problems: RuleProblem[] = []
  for (const [i, ref] of itemsOf(rule.backendRefs).entries()) {
    if (isDelegatingRef(ref)) {
      parts.push({ weight: weightOf(ref), routeGroupKey: groupKeyOf(scope.route, ref) })
      continue
    }
    const one = translateBackends([{ ref, path: `${scope.path}.backendRefs[${i}]` }], scope, STYLE)
    parts.push(...one.parts)
    problems.push(...one.problems)
  }
  return { parts, problems }
}

function modelBackends(rule: HttpRouteRule, scope: RuleScope): Parts<RouteBackend> {
  const path = `${scope.path}.backendRefs`
  const flaw = modelServingFlaw(rule, scope.route.namespace)
  if (flaw !== undefined) return { parts: [], problems: [problemOf('share', 'InvalidKind', { path, message: flaw })] }
  if (scope.modelListeners.length > 0 && matchesEverything(rule))
    return {
      parts: [],
      problems: [problemOf('route', 'ModelRoutingConflict', { path, message: rootConflict(scope.modelListeners) })],
    }
  return {
    parts: [{ backend: { backend: modelRouterKey(scope.route, rule, scope.index) }, weight: 1 }],
    problems: [],
  }
}

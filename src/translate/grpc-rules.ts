// Rules of GRPCRoutes: methods as paths, and what they share with HTTPRoutes.
import { itemsOf } from '../features/shared/lists.ts'
import { regexProblem } from '../features/shared/rust-regex.ts'
import type { GrpcRouteMatch, GrpcRouteRule } from '../kube/route-types.ts'
import type { PathMatch, RouteMatch } from '../wire/messages.ts'
import { GRPC_FILTERS, translateRuleFilters } from './http-filters.ts'
import { sessionProblems, translateHeaderMatches } from './http-rules.ts'
import { type BackendStyle, translateBackends } from './rule-backends.ts'
import {
  type Parts,
  problemOf,
  type RuleOutcome,
  type RulePlace,
  type RuleProblem,
  type RuleScope,
} from './rule-outcome.ts'

const STYLE: BackendStyle = { filters: GRPC_FILTERS, tell: (problem) => problem }

/** Translates one rule of a GRPCRoute. */
export function translateGrpcRule(rule: GrpcRouteRule, scope: RuleScope): RuleOutcome {
  const { path, route, hostnames } = scope
  const matches = translateMatches(itemsOf(rule.matches), `${path}.matches`)
  const refs = itemsOf(rule.backendRefs).map((ref, i) => ({ ref, path: `${path}.backendRefs[${i}]` }))
  const backends = translateBackends(refs, scope, STYLE)
  const filters = translateRuleFilters(
    { filters: itemsOf(rule.filters), path: `${path}.filters`, supported: GRPC_FILTERS },
    scope,
  )
  const problems = [...matches.problems, ...backends.problems, ...filters.problems, ...sessionProblems(rule, path)]
  if (matches.parts.length === 0) return { path, problems }
  const isRefused = problems.some(({ extent }) => extent === 'rule')
  return {
    path,
    problems,
    render: (place: RulePlace) => [
      {
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
          matches: [...matches.parts],
          backends: isRefused ? [] : [...backends.parts],
          trafficPolicies: isRefused ? [] : [...filters.parts],
        },
      },
    ],
  }
}

function translateMatches(matches: readonly GrpcRouteMatch[], path: string): Parts<RouteMatch> {
  if (matches.length === 0) return { parts: [{ path: { pathPrefix: '/' } }], problems: [] }
  const parts: RouteMatch[] = []
  const problems: RuleProblem[] = []
  for (const [i, match] of matches.entries()) {
    const headers = translateHeaderMatches(itemsOf(match.headers), `${path}[${i}].headers`)
    problems.push(...headers.problems)
    const patterns = patternProblems(match.method, `${path}[${i}].method`)
    problems.push(...patterns)
    if (headers.problems.length > 0 || patterns.length > 0) continue
    const where = pathOf(match.method)
    parts.push({ ...(where && { path: where }), headers: [...headers.parts] })
  }
  return { parts, problems }
}

function patternProblems(call: GrpcRouteMatch['method'], path: string): readonly RuleProblem[] {
  if (call?.type !== 'RegularExpression') return []
  return (['service', 'method'] as const).flatMap((field) => {
    const pattern = call[field]
    const problem = pattern ? regexProblem(pattern) : undefined
    if (problem === undefined) return []
    const message = `invalid regular expression "${pattern}": ${problem}`
    return [problemOf('rule', 'InvalidMatch', { path: `${path}.${field}`, message })]
  })
}

// gRPC calls are POSTs to /{service}/{method}. A service alone is a prefix, so that it covers all its methods.
function pathOf(call: GrpcRouteMatch['method']): PathMatch | undefined {
  const { service, method } = call ?? {}
  if (!service && !method) return undefined
  if (call?.type === 'RegularExpression')
    return { regex: `/${service ? group(service) : '[^/]+'}/${method ? group(method) : '[^/]+'}` }
  if (service) return method ? { exact: `/${service}/${method}` } : { pathPrefix: `/${service}` }
  return { regex: `/[^/]+/${escaped(method ?? '')}` }
}

// An alternation in the pattern must not swallow the rest of the path.
function group(pattern: string): string {
  return pattern.includes('|') ? `(?:${pattern})` : pattern
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

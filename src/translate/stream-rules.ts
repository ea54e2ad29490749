// Rules of TCPRoutes and TLSRoutes: backends and their weights, and for TLS the server names.
import { itemsOf } from '../features/shared/lists.ts'
import type { AnyRouteRule } from '../kube/route-types.ts'
import { type BackendStyle, translateBackends } from './rule-backends.ts'
import type { RuleOutcome, RulePlace, RuleScope } from './rule-outcome.ts'

const STYLE: BackendStyle = { tell: (problem) => problem }

/** Translates one rule of a TCPRoute or TLSRoute. */
export function translateStreamRule(rule: AnyRouteRule, scope: RuleScope): RuleOutcome {
  const { path, route, hostnames } = scope
  const refs = itemsOf(rule.backendRefs).map((ref, i) => ({ ref, path: `${path}.backendRefs[${i}]` }))
  const { parts, problems } = translateBackends(refs, scope, STYLE)
  return {
    path,
    problems,
    render: ({ key, listenerKey }: RulePlace) => [
      {
        kind: 'tcpRoute',
        tcpRoute: {
          key,
          ...(listenerKey && { listenerKey }),
          name: {
            kind: route.kind,
            namespace: route.namespace,
            name: route.name,
            ...(rule.name && { ruleName: rule.name }),
          },
          ...(route.kind === 'TLSRoute' && { hostnames: [...hostnames] }),
          backends: [...parts],
        },
      },
    ],
  }
}

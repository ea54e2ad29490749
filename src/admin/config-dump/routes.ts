// Routes: what they match, and where requests go. Where a route hangs is decided in binds.ts.
import type {
  HeaderMatch,
  NamespacedHostname,
  PathMatch,
  QueryMatch,
  Route,
  RouteBackend,
  RouteMatch,
  RouteName,
  TCPRoute,
} from '../../wire/messages.ts'
import { backendPolicy } from './backend-policies.ts'
import { flatReference, reference, serviceKey } from './references.ts'
import { trafficPolicy } from './traffic.ts'
import { isRegex, type Rendered, some, text } from './values.ts'

/** A route for HTTP. */
export function httpRoute(route: Route): Rendered {
  return {
    ...head(route),
    hostnames: some(route.hostnames),
    matches: some((route.matches ?? []).map(match)),
    backends: some((route.backends ?? []).map(backend)),
    inlinePolicies: some((route.trafficPolicies ?? []).map(trafficPolicy)),
  }
}

/** A route for connections. */
export function tcpRoute(route: TCPRoute): Rendered {
  return {
    ...head(route),
    hostnames: some(route.hostnames),
    backends: some((route.backends ?? []).map(({ backend, weight = 0 }) => ({ weight, backend: reference(backend) }))),
  }
}

/** The service a route belongs to, when its parent is one. */
export function serviceOf(given: NamespacedHostname | null | undefined): string | undefined {
  return given && (text(given.namespace) ?? text(given.hostname)) !== undefined ? serviceKey(given) : undefined
}

function head({
  key = '',
  serviceKey: service,
  servicePort,
  name,
}: {
  readonly key?: string
  readonly serviceKey?: NamespacedHostname | null
  readonly servicePort?: number
  readonly name?: RouteName | null
}): Readonly<Record<string, Rendered>> {
  return {
    key,
    serviceKey: serviceOf(service),
    servicePort: servicePort === 0 ? undefined : servicePort,
    name: name?.name ?? '',
    namespace: name?.namespace ?? '',
    ruleName: name?.ruleName,
    kind: text(name?.kind),
  }
}

function match({ path, headers, method, queryParams }: RouteMatch): Rendered {
  return {
    headers: some(headerMatches(headers)),
    path: pathMatch(path),
    method: method ? (method.exact ?? '') : undefined,
    query: some((queryParams ?? []).map((query) => ({ name: query.name ?? '', value: valueMatch(query) }))),
  }
}

function pathMatch(path: PathMatch | null | undefined): Rendered {
  if (path?.exact !== undefined) return { exact: path.exact }
  if (path?.regex !== undefined) return isRegex(path.regex) ? { regex: path.regex } : 'invalid'
  return { pathPrefix: path?.pathPrefix ?? '/' }
}

/** Conditions on headers, by lower-case names. */
export function headerMatches(headers: readonly HeaderMatch[] | undefined): readonly Rendered[] {
  return (headers ?? []).map((header) => ({ name: (header.name ?? '').toLowerCase(), value: valueMatch(header) }))
}

function valueMatch({ exact, regex }: HeaderMatch | QueryMatch): Rendered {
  if (regex === undefined) return { exact: exact ?? '' }
  return isRegex(regex) ? { regex } : 'invalid'
}

function backend({ weight = 0, backend, routeGroupKey, backendPolicies }: RouteBackend): Rendered {
  return {
    weight,
    ...(routeGroupKey === undefined ? flatReference(backend) : { routeGroup: routeGroupKey }),
    inlinePolicies: some((backendPolicies ?? []).map(backendPolicy)),
  }
}

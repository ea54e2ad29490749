// Filters of HTTPRoute and GRPCRoute rules, and of their backendRefs, as policies on the wire. A filter that cannot be
// honoured refuses its rule, since serving without it would skip what the user asked for; only a mirror, whose loss
// changes nothing for the request, is left out.

import { nameKey } from '../core/keys.ts'
import { type Outcome, ok, rejected } from '../core/problem.ts'
import { headerNameFlaw, isHeaderName } from '../features/shared/header-names.ts'
import { itemsOf } from '../features/shared/lists.ts'
import type {
  ExternalAuthFilter,
  HeaderFilter,
  MirrorFilter,
  PathModifier,
  RedirectFilter,
  RewriteFilter,
  RouteFilter,
} from '../kube/route-types.ts'
import type {
  BackendPolicySpec,
  BackendReference,
  HeaderModifier,
  RequestMirrors,
  RequestRedirect,
  TrafficPolicySpec,
  UrlRewrite,
} from '../wire/messages.ts'
import { KGATEWAY_GROUP, type ReferenceScope, resolveRouteBackend } from './references.ts'
import { type Extent, type Parts, problemOf, type RuleProblem, reaching } from './rule-outcome.ts'

/** The filter types that an HTTPRoute rule may use. */
export const HTTP_RULE_FILTERS: readonly string[] = [
  'RequestHeaderModifier',
  'ResponseHeaderModifier',
  'RequestRedirect',
  'URLRewrite',
  'RequestMirror',
  'CORS',
  'ExternalAuth',
  'ExtensionRef',
]

/** The filter types that a GRPCRoute rule and its backendRefs may use. */
export const GRPC_FILTERS: readonly string[] = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror']

/** The filter types that a backendRef of an HTTPRoute may use. */
export const HTTP_BACKEND_FILTERS: readonly string[] = [...GRPC_FILTERS, 'RequestRedirect']

/** Filters as written, where they stand, and which types are honoured there. */
export interface FilterList {
  readonly filters: readonly RouteFilter[]
  readonly path: string
  readonly supported: readonly string[]
}

/** What filters of a rule and of a backendRef have in common, ready for either kind of policy. */
type FilterSpec = Pick<
  TrafficPolicySpec,
  | 'requestRedirect'
  | 'directResponse'
  | 'urlRewrite'
  | 'cors'
  | 'extAuthz'
  | 'requestHeaderModifier'
  | 'responseHeaderModifier'
  | 'requestMirror'
>

/** Policies of a rule, in the order that the wire has them whatever the order in the spec. */
export function translateRuleFilters(list: FilterList, scope: ReferenceScope): Parts<TrafficPolicySpec> {
  return translateFilters(list, scope)
}

/** Policies of one backendRef. */
export function translateBackendFilters(list: FilterList, scope: ReferenceScope): Parts<BackendPolicySpec> {
  const { parts, problems } = translateFilters(list, scope)
  return {
    parts: parts.map(({ requestRedirect, requestHeaderModifier, responseHeaderModifier, requestMirror }) => ({
      ...(requestRedirect && { requestRedirect }),
      ...(requestHeaderModifier && { requestHeaderModifier }),
      ...(responseHeaderModifier && { responseHeaderModifier }),
      ...(requestMirror && { requestMirror }),
    })),
    problems,
  }
}

// Header changes and mirrors of one rule are one policy each and come last; the others keep their order.
function translateFilters(list: FilterList, scope: ReferenceScope): Parts<FilterSpec> {
  const parts: FilterSpec[] = []
  const problems: RuleProblem[] = []
  const request: HeaderFilter[] = []
  const response: HeaderFilter[] = []
  const mirrors: RequestMirror[] = []
  let terminal: string | undefined
  const refuse = (path: string, message: string) =>
    problems.push(problemOf('rule', 'IncompatibleFilters', { path, message }))
  for (const [i, filter] of list.filters.entries()) {
    const path = `${list.path}[${i}]`
    const type = filter?.type ?? ''
    if (type === 'ExtensionRef' && !(list.supported.includes(type) && isDirectResponse(filter.extensionRef))) {
      refuse(path, unsupportedExtension(filter.extensionRef))
      continue
    }
    if (!list.supported.includes(type)) {
      refuse(path, `unsupported filter type "${type}"`)
      continue
    }
    const add = (extent: Extent, outcome: Outcome<FilterSpec>) => {
      problems.push(...reaching(extent, outcome))
      if (outcome.value !== undefined) parts.push(outcome.value)
    }
    switch (type) {
      case 'RequestHeaderModifier':
        if (filter.requestHeaderModifier) request.push(filter.requestHeaderModifier)
        else refuse(path, 'requestHeaderModifier is required')
        break
      case 'ResponseHeaderModifier':
        if (filter.responseHeaderModifier) response.push(filter.responseHeaderModifier)
        else refuse(path, 'responseHeaderModifier is required')
        break
      case 'RequestRedirect':
        if (terminal !== undefined) refuse(path, twoTerminals(terminal, type))
        else if (filter.requestRedirect) add('rule', translateRedirect(filter.requestRedirect, path))
        else refuse(path, 'requestRedirect is required')
        terminal = type
        break
      case 'ExtensionRef':
        if (terminal !== undefined) refuse(path, twoTerminals(terminal, 'DirectResponse'))
        else add('rule', translateDirectResponse(filter.extensionRef?.name ?? '', `${path}.extensionRef`, scope))
        terminal = 'DirectResponse'
        break
      case 'URLRewrite':
        if (filter.urlRewrite) add('rule', translateRewrite(filter.urlRewrite, path))
        else refuse(path, 'urlRewrite is required')
        break
      case 'CORS':
        if (filter.cors) parts.push(translateCors(filter.cors))
        else refuse(path, 'cors is required')
        break
      case 'ExternalAuth':
        if (filter.externalAuth) {
          add('rule', translateExternalAuth(filter.externalAuth, path, scope))
          problems.push(...badHeaderNames(filter.externalAuth, `${path}.externalAuth`))
        } else refuse(path, 'externalAuth is required')
        break
      default: {
        if (!filter.requestMirror) {
          refuse(path, 'requestMirror is required')
          break
        }
        const mirror = translateMirror(filter.requestMirror, path, scope)
        problems.push(...reaching('part', mirror))
        if (mirror.value !== undefined) mirrors.push(mirror.value)
      }
    }
  }
  if (request.length > 0) parts.push({ requestHeaderModifier: mergeHeaders(request) })
  if (response.length > 0) parts.push({ responseHeaderModifier: mergeHeaders(response) })
  if (mirrors.length > 0) parts.push({ requestMirror: { mirrors } })
  return { parts, problems }
}

type RequestMirror = NonNullable<RequestMirrors['mirrors']>[number]

type ExtensionRef = RouteFilter['extensionRef']

function isDirectResponse(ref: ExtensionRef): boolean {
  return ref?.group === KGATEWAY_GROUP && ref.kind === 'DirectResponse'
}

/** What to write in place of extensions that are no filters here. */
const INSTEAD: Readonly<Record<string, string>> = {
  DirectResponse: 'it is a filter of HTTPRoute rules; write an AgentgatewayPolicy with traffic.directResponse',
  TrafficPolicy:
    'write targetRefs in the TrafficPolicy, with the name of a rule as sectionName where it is for that one',
  AgentgatewayPolicy:
    'write targetRefs in the AgentgatewayPolicy, with the name of a rule as sectionName where it is for that one',
}

function unsupportedExtension(ref: ExtensionRef): string {
  const kind = ref?.kind ?? ''
  const instead = Object.hasOwn(INSTEAD, kind) ? `; ${INSTEAD[kind]}` : ''
  return `unsupported ExtensionRef: ${ref?.group ?? ''}/${kind}${instead}`
}

function twoTerminals(first: string, second: string): string {
  return `Cannot combine multiple terminal filters: ${first} and ${second} are mutually exclusive. Only one terminal filter is allowed per route rule.`
}

function translateDirectResponse(name: string, path: string, { from, read }: ReferenceScope): Outcome<FilterSpec> {
  const key = nameKey(from.namespace, name)
  const found = read.directresponses?.get(key)
  if (found === undefined) return rejected('InvalidExtensionRef', path, `DirectResponse ${key} not found`)
  const { status, body } = found.spec ?? {}
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599)
    return rejected('InvalidExtensionRef', path, `DirectResponse ${key}: spec.status must be between 200 and 599`)
  const directResponse = { status, ...(typeof body === 'string' && { body: Buffer.from(body) }) }
  return ok({ directResponse })
}

function mergeHeaders(filters: readonly HeaderFilter[]): HeaderModifier {
  return {
    add: filters.flatMap(({ add }) => itemsOf(add)).map(({ name, value }) => ({ name, value })),
    set: filters.flatMap(({ set }) => itemsOf(set)).map(({ name, value }) => ({ name, value })),
    remove: filters.flatMap(({ remove }) => itemsOf(remove)),
  }
}

function translateRedirect(filter: RedirectFilter, path: string): Outcome<FilterSpec> {
  // A port beyond the range, cut down to 16 bits, stops the proxy's configuration stream altogether.
  if (filter.port && !(filter.port > 0 && filter.port <= 65535))
    return rejected(
      'UnsupportedValue',
      `${path}.requestRedirect.port`,
      `port ${filter.port} is not between 1 and 65535`,
    )
  const { value, problems } = replacePath(filter.path, `${path}.requestRedirect.path`)
  if (value === undefined) return { value: undefined, problems }
  const requestRedirect: RequestRedirect = {
    ...(filter.scheme && { scheme: filter.scheme }),
    ...(filter.hostname && { host: filter.hostname }),
    ...(filter.port && { port: filter.port }),
    ...(filter.statusCode && { status: filter.statusCode }),
    ...value,
  }
  return { value: { requestRedirect }, problems }
}

function translateRewrite(filter: RewriteFilter, path: string): Outcome<FilterSpec> {
  const { value, problems } = replacePath(filter.path, `${path}.urlRewrite.path`)
  if (value === undefined) return { value: undefined, problems }
  const urlRewrite: UrlRewrite = { ...(filter.hostname && { host: filter.hostname }), ...value }
  return { value: { urlRewrite }, problems }
}

// One trailing slash goes, so `/` becomes empty, which still replaces: the proxy needs the arm, not its text.
function replacePath(
  modifier: PathModifier | undefined,
  path: string,
): Outcome<{ readonly full?: string; readonly prefix?: string }> {
  if (!modifier) return { value: {}, problems: [] }
  switch (modifier.type) {
    case 'ReplaceFullPath':
      return { value: { full: String(modifier.replaceFullPath ?? '').replace(/\/$/, '') }, problems: [] }
    case 'ReplacePrefixMatch':
      return { value: { prefix: String(modifier.replacePrefixMatch ?? '').replace(/\/$/, '') }, problems: [] }
    default:
      return rejected('UnsupportedValue', `${path}.type`, `unsupported path type "${modifier.type ?? ''}"`)
  }
}

function translateCors(filter: NonNullable<RouteFilter['cors']>): FilterSpec {
  return {
    cors: {
      allowCredentials: filter.allowCredentials ?? false,
      allowHeaders: [...itemsOf(filter.allowHeaders)],
      allowMethods: [...itemsOf(filter.allowMethods)],
      allowOrigins: [...itemsOf(filter.allowOrigins)],
      exposeHeaders: [...itemsOf(filter.exposeHeaders)],
      maxAge: { seconds: String(filter.maxAge ?? 0), nanos: 0 },
    },
  }
}

function translateMirror(filter: MirrorFilter, path: string, scope: ReferenceScope): Outcome<RequestMirror> {
  const percentage = mirrored(filter)
  const at = `${path}.requestMirror.backendRef`
  const { value, problems } = resolveRouteBackend(filter.backendRef ?? { name: '' }, at, scope)
  if (problems.length > 0 || percentage === 0) return { value: undefined, problems }
  return { value: { backend: value, percentage }, problems }
}

function mirrored({ fraction, percent }: MirrorFilter): number {
  if (!fraction) return percent ?? 100
  const denominator = fraction.denominator || 100
  return Math.max(0, Math.min(100, (100 * (fraction.numerator ?? 0)) / denominator))
}

function translateExternalAuth(filter: ExternalAuthFilter, path: string, scope: ReferenceScope): Outcome<FilterSpec> {
  const at = `${path}.externalAuth`
  const { value: target, problems } = resolveRouteBackend(filter.backendRef ?? { name: '' }, `${at}.backendRef`, scope)
  if (target === undefined || problems.length > 0) return { value: undefined, problems }
  const maxSize = filter.forwardBody?.maxSize ?? 0
  const body = maxSize > 0 ? { includeRequestBody: { maxRequestBytes: maxSize } } : {}
  switch (filter.protocol) {
    case 'HTTP':
      return { value: { extAuthz: { ...httpAuth(filter, target), ...body } }, problems }
    case 'GRPC':
      return {
        value: {
          extAuthz: {
            target,
            grpc: {},
            includeRequestHeaders: itemsOf(filter.grpc?.allowedHeaders).filter(isRequestHeader),
            ...body,
          },
        },
        problems,
      }
    default:
      return rejected(
        'UnsupportedValue',
        `${at}.protocol`,
        `unsupported external auth protocol "${filter.protocol ?? ''}"`,
      )
  }
}

const isRequestHeader = (name: string): boolean => isHeaderName(name.replace(/^:/, ''))

// Names that are none are left out: with one among those of the answer, proxies refuse the whole route.
function badHeaderNames({ http, grpc }: ExternalAuthFilter, path: string): readonly RuleProblem[] {
  const lists = [
    ['http.allowedHeaders', http?.allowedHeaders, isRequestHeader],
    ['http.allowedResponseHeaders', http?.allowedResponseHeaders, isHeaderName],
    ['grpc.allowedHeaders', grpc?.allowedHeaders, isRequestHeader],
  ] as const
  return lists.flatMap(([field, names, isName]) =>
    itemsOf(names).flatMap((name, i) => {
      const at = `${path}.${field}[${i}]`
      if (isName(name)) return []
      return [problemOf('part', 'UnsupportedValue', { path: at, message: headerNameFlaw(name, at).message })]
    }),
  )
}

function httpAuth({ http }: ExternalAuthFilter, target: BackendReference): NonNullable<FilterSpec['extAuthz']> {
  const prefix = http?.path && (http.path.startsWith('/') ? http.path : `/${http.path}`)
  return {
    target,
    http: {
      // CEL: the prefix is a string literal in front of the request's own path.
      ...(prefix && { path: `${JSON.stringify(prefix)} + request.path` }),
      includeResponseHeaders: itemsOf(http?.allowedResponseHeaders).filter(isHeaderName),
    },
    includeRequestHeaders: ['Authorization', ':authority', ...itemsOf(http?.allowedHeaders).filter(isRequestHeader)],
  }
}

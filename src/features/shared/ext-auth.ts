// Asking an external service whether a request may pass, in traffic and once a backend has been chosen.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Dict, Doc, type Facet, Int32, items, List, Obj, Opt, range, rule, Str } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from './cel.ts'
import type { FeatureContext } from './context.ts'
import { bytesOf, durationExpression } from './durations.ts'
import { resolveEndpoint } from './endpoints.ts'
import { flaw, flawed, outcome, prefixed, take } from './flaws.ts'
import { headerEntriesOf, headerNamesOf } from './header-names.ts'
import { entriesOf, itemsOf } from './lists.ts'
import { byteSize, celExpression, celMap, endpointFields, failureMode, shortString } from './refs.ts'

const headerNames = List(shortString, { maxItems: 64 })

/** The fields of an external authorization; whoever uses them adds the rules about which must be set. */
export const extAuthFields = {
  ...endpointFields,
  cache: Opt(
    Doc(
      'Reuse of decisions.',
      Obj({
        key: Doc('CEL expressions whose values tell requests apart.', List(celExpression, items(1, 16))),
        maxEntries: Opt(Doc('How many decisions are kept; 10000 by default.', Int32(range(1)))),
        ttl: Doc('How long a decision is kept: a duration, or a CEL expression that yields one.', celExpression),
      }),
    ),
  ),
  failureMode: Opt(Doc('What happens while the service cannot be asked; closed by default.', failureMode)),
  forwardBody: Opt(
    Doc('Send the body of the request along.', Obj({ maxSize: Doc('How much of the body to send.', byteSize()) })),
  ),
  grpc: Opt(
    Doc(
      'Ask by the Envoy ext_authz protocol.',
      Obj({
        contextExtensions: Opt(Doc('Fixed values for the service.', Dict(Str(), { maxProperties: 64 }))),
        requestMetadata: Opt(Doc('CEL values for the service.', celMap)),
      }),
    ),
  ),
  http: Opt(
    Doc(
      'Ask by a plain HTTP request; a 2xx answer lets the request pass.',
      Obj({
        addRequestHeaders: Opt(Doc('Headers of the question, as CEL.', celMap)),
        allowedRequestHeaders: Opt(Doc('Headers of the request that the question carries.', headerNames)),
        allowedResponseHeaders: Opt(Doc('Headers of the answer that the request then carries.', headerNames)),
        body: Opt(Doc('CEL expression of the body of the question.', celExpression)),
        path: Opt(Doc('CEL expression of the path of the question.', celExpression)),
        redirect: Opt(Doc('CEL expression of where to send users who are refused.', celExpression)),
        responseMetadata: Opt(Doc('CEL values that are read from the answer.', celMap)),
      }),
    ),
  ),
}

/** What the API server checks about an external authorization, beyond which of its fields are set. */
export const extAuthRules: readonly Facet<'forwardBody' | 'http' | 'url'>[] = [
  rule(
    '!(has(self.forwardBody) && has(self.http) && has(self.http.body))',
    'forwardBody cannot be used with http.body',
  ),
  rule(
    "!has(self.url) || !self.url.matches('^https?://[^/?#]+/') || has(self.http)",
    'url path is only valid with http',
  ),
  rule(
    "!has(self.url) || !self.url.matches('^https?://[^/?#]+/') || !has(self.http) || !has(self.http.path)",
    'http.path may not be set when url includes a path',
  ),
]

const extAuth = Obj(extAuthFields)
/** An external authorization. */
export type ExtAuth = Static<typeof extAuth>

type ExternalAuth = NonNullable<TrafficPolicySpec['extAuthz']>
type HttpProtocol = NonNullable<ExternalAuth['http']>

const DEFAULT_BODY_BYTES = 8192

/** An external authorization on the wire; sent without a target when that cannot be resolved. */
export function translateExtAuth(spec: ExtAuth, ctx: FeatureContext, path: string): Outcome<ExternalAuth> {
  const problems: Problem[] = []
  const endpoint = take(prefixed('failed to build extAuth: ', resolveEndpoint(spec, ctx, path)), problems)
  const value: ExternalAuth = { failureMode: spec.failureMode === 'FailOpen' ? 'ALLOW' : 'DENY' }
  if (endpoint !== undefined) {
    value.target = endpoint.reference
    value.inlinePolicies = [...endpoint.inlinePolicies]
  }
  const urlPath = endpoint?.path ?? ''
  if (spec.grpc !== undefined) {
    const metadata = entriesOf(spec.grpc.requestMetadata)
    problems.push(
      ...metadata.flatMap(([key, each]) =>
        celFlaws(each, `${path}.grpc.requestMetadata[${key}]`, `extAuth grpc requestMetadata "${key}"`),
      ),
    )
    value.grpc = {
      context: Object.fromEntries(entriesOf(spec.grpc.contextExtensions)),
      metadata: Object.fromEntries(metadata),
    }
  } else if (spec.http !== undefined) {
    value.http = take(translateHttp(spec.http, urlPath, `${path}.http`), problems)
    const forwarded = headerNamesOf(spec.http.allowedRequestHeaders, `${path}.http.allowedRequestHeaders`)
    value.includeRequestHeaders = take(forwarded, problems)
  } else {
    // Without a protocol proxies refuse the policy, and then nobody is asked.
    value.grpc = {}
    problems.push(flaw(path, 'extAuth needs grpc or http; grpc is used'))
  }
  if (urlPath !== '' && spec.http === undefined) {
    problems.push(flaw(`${path}.url`, 'extAuth url path is only valid with http'))
  }
  if (spec.forwardBody !== undefined) {
    value.includeRequestBody = {
      maxRequestBytes: bytesOf(spec.forwardBody.maxSize) ?? DEFAULT_BODY_BYTES,
      allowPartialMessage: true,
      packAsBytes: false,
    }
  }
  if (spec.cache !== undefined) value.cache = take(translateCache(spec.cache, `${path}.cache`), problems)
  return outcome(value, problems)
}

function translateHttp(spec: NonNullable<ExtAuth['http']>, urlPath: string, path: string): Outcome<HttpProtocol> {
  const added = headerEntriesOf(spec.addRequestHeaders, `${path}.addRequestHeaders`)
  const problems: Problem[] = [
    ...celFlaws(spec.path, `${path}.path`, 'extAuth http path'),
    ...celFlaws(spec.redirect, `${path}.redirect`, 'extAuth http redirect'),
    ...celFlaws(spec.body, `${path}.body`, 'extAuth http body'),
    ...added.problems,
    ...(added.value ?? []).flatMap(([key, each]) =>
      celFlaws(each, `${path}.addRequestHeaders[${key}]`, `extAuth http addRequestHeaders "${key}"`),
    ),
    ...entriesOf(spec.responseMetadata).flatMap(([key, each]) =>
      celFlaws(each, `${path}.responseMetadata[${key}]`, `extAuth http responseMetadata "${key}"`),
    ),
  ]
  const value: HttpProtocol = {
    includeResponseHeaders: take(
      headerNamesOf(spec.allowedResponseHeaders, `${path}.allowedResponseHeaders`),
      problems,
    ),
    addRequestHeaders: Object.fromEntries(added.value ?? []),
    metadata: Object.fromEntries(entriesOf(spec.responseMetadata)),
  }
  if (spec.redirect !== undefined) value.redirect = spec.redirect
  if (spec.body !== undefined) value.body = spec.body
  if (spec.path !== undefined) value.path = spec.path
  if (urlPath !== '') {
    if (spec.path === undefined) value.path = JSON.stringify(urlPath)
    else problems.push(flaw(`${path}.path`, 'extAuth http.path may not be set when url includes a path'))
  }
  return outcome(value, problems)
}

function translateCache(
  spec: NonNullable<ExtAuth['cache']>,
  path: string,
): Outcome<NonNullable<ExternalAuth['cache']>> {
  const keys = itemsOf(spec.key)
  // Proxies refuse the policy, and then nobody is asked; without a cache the service is asked each time.
  if (keys.length === 0 || !spec.ttl) return flawed(path, 'extAuth cache needs key and ttl; nothing is kept')
  const duration = durationExpression(spec.ttl)
  const problems = keys.flatMap((each, i) => celFlaws(each, `${path}.key[${i}]`, 'extAuth cache key'))
  if (duration === undefined) problems.push(...celFlaws(spec.ttl, `${path}.ttl`, 'extAuth cache ttl'))
  return outcome({ key: [...keys], ttl: duration ?? spec.ttl, maxEntries: spec.maxEntries ?? 0 }, problems)
}

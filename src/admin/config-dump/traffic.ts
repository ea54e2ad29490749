// Traffic policies: one member, named by the kind. Security and calls to external services are rendered elsewhere.
import type {
  Retry,
  Timeout,
  TrafficPolicySpec,
  TrafficPolicySpecBuffer,
  TrafficPolicySpecBufferBufferBody,
  TrafficPolicySpecLocalRateLimitRule,
  TrafficPolicySpecTransformationPolicy,
  TrafficPolicySpecTransformationPolicyTransform,
} from '../../wire/messages.ts'
import { extAuthz, extProc, remoteRateLimit } from './external.ts'
import { cors, directResponse, headerModifier, mirrors, redirect, rewrite } from './filters.ts'
import { apiKeys, authorization, basicAuth, jwtAuth } from './security.ts'
import { camel, durationText, type Rendered, some, statusText, text } from './values.ts'

type Named = Readonly<Record<string, Rendered>>

/** The policy as `{kind: content}`; without its phase. */
export function trafficPolicy(spec: TrafficPolicySpec): Named {
  if (spec.timeout) return { timeout: timeout(spec.timeout) }
  if (spec.retry) return { retry: retry(spec.retry) }
  if (spec.delay) return { delay: { duration: spec.delay.duration ?? '' } }
  if (spec.localRateLimit) return { localRateLimit: localRateLimit(spec.localRateLimit) }
  if (spec.remoteRateLimit) return { remoteRateLimit: remoteRateLimit(spec.remoteRateLimit) }
  if (spec.extAuthz) return { extAuthz: extAuthz(spec.extAuthz) }
  if (spec.extProc) return { extProc: extProc(spec.extProc) }
  if (spec.authorization) return { authorization: authorization(spec.authorization) }
  if (spec.jwt) return { jwtAuth: jwtAuth(spec.jwt) }
  if (spec.basicAuth) return { basicAuth: basicAuth(spec.basicAuth) }
  if (spec.apiKeyAuth) return { aPIKey: apiKeys(spec.apiKeyAuth) }
  if (spec.transformation) return { transformation: transformation(spec.transformation) }
  if (spec.csrf) return { csrf: { additionalOrigins: [...new Set(spec.csrf.additionalOrigins ?? [])] } }
  if (spec.requestHeaderModifier) return { requestHeaderModifier: headerModifier(spec.requestHeaderModifier) }
  if (spec.responseHeaderModifier) return { responseHeaderModifier: headerModifier(spec.responseHeaderModifier) }
  if (spec.requestRedirect) return { requestRedirect: redirect(spec.requestRedirect) }
  if (spec.urlRewrite) return { urlRewrite: rewrite(spec.urlRewrite) }
  if (spec.hostRewrite) return { hostRewrite: camel(spec.hostRewrite.mode ?? 'NONE') }
  if (spec.requestMirror) return { requestMirror: mirrors(spec.requestMirror) }
  if (spec.directResponse) return { directResponse: directResponse(spec.directResponse) }
  if (spec.buffer) return { buffer: buffer(spec.buffer) }
  if (spec.cors) return { cors: cors(spec.cors) }
  return {}
}

/** Changes of requests and responses by expressions. */
export function transformation({ request, response }: TrafficPolicySpecTransformationPolicy): Rendered {
  return { request: transform(request ?? {}), response: transform(response ?? {}) }
}

function transform({ add, set, remove, body, metadata }: TrafficPolicySpecTransformationPolicyTransform): Rendered {
  const pairs = (list: typeof add): Rendered =>
    some((list ?? []).map(({ name = '', expression = '' }) => [name.toLowerCase(), expression]))
  return {
    add: pairs(add),
    set: pairs(set),
    remove: some((remove ?? []).map((name) => name.toLowerCase())),
    body: body ? (body.expression ?? '') : undefined,
    metadata: some(Object.entries(metadata ?? {})),
  }
}

function timeout({ request, backendRequest }: Timeout): Rendered {
  return { requestTimeout: durationText(request), backendRequestTimeout: durationText(backendRequest) }
}

function retry({ attempts = 0, backoff, retryStatusCodes = [], precondition, condition }: Retry): Rendered {
  return {
    attempts: (attempts & 0xff) === 0 ? 1 : attempts & 0xff,
    backoff: durationText(backoff),
    codes: retryStatusCodes.map(statusText),
    precondition: text(precondition),
    condition: text(condition),
  }
}

function localRateLimit(limit: NonNullable<TrafficPolicySpec['localRateLimit']>): Rendered {
  const rules = limit.rules ?? []
  // One limit alone is not wrapped in a list on the wire.
  return (rules.length === 0 ? [limit] : rules).map(rateLimitRule)
}

function rateLimitRule({
  maxTokens,
  tokensPerFill,
  fillInterval,
  type,
}: TrafficPolicySpecLocalRateLimitRule): Rendered {
  return {
    maxTokens: Number(maxTokens ?? 0),
    tokensPerFill: Number(tokensPerFill ?? 0),
    fillInterval: durationText(fillInterval ?? {}),
    type: type === 'TOKEN' ? 'tokens' : 'requests',
  }
}

function buffer({ request, response }: TrafficPolicySpecBuffer): Rendered {
  return { request: bufferBody(request), response: bufferBody(response) }
}

function bufferBody(body: TrafficPolicySpecBufferBufferBody | null | undefined): Rendered {
  return body ? { maxBytes: body.maxBytes, failureMode: camel(body.failureMode ?? 'FAIL_CLOSED') } : undefined
}

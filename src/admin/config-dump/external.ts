// Policies that ask another service: external authorization, external processing, shared rate limits.
import type {
  TrafficPolicySpecExternalAuth,
  TrafficPolicySpecExtProc,
  TrafficPolicySpecExtProcProcessingOptions,
  TrafficPolicySpecRemoteRateLimit,
} from '../../wire/messages.ts'
import { referenceWithPolicies } from './references.ts'
import { camel, type Rendered, some, someMap, someTexts } from './values.ts'

const DEFAULT_CACHE_ENTRIES = 10_000
const DEFAULT_DENIED_STATUS = 403

/** A service that says whether a request may pass. */
export function extAuthz(auth: TrafficPolicySpecExternalAuth): Rendered {
  const { includeRequestBody: body, cache } = auth
  return {
    ...referenceWithPolicies(auth.target, auth.inlinePolicies),
    protocol: auth.http
      ? {
          http: {
            path: auth.http.path ?? null,
            redirect: auth.http.redirect ?? null,
            body: auth.http.body ?? null,
            includeResponseHeaders: some((auth.http.includeResponseHeaders ?? []).map((name) => name.toLowerCase())),
            addRequestHeaders: lowerCased(auth.http.addRequestHeaders),
            metadata: someTexts(auth.http.metadata),
          },
        }
      : { grpc: { context: auth.grpc?.context ?? {}, metadata: someTexts(auth.grpc?.metadata) } },
    failureMode:
      auth.failureMode === 'DENY_WITH_STATUS'
        ? { denyWithStatus: auth.statusOnError ?? DEFAULT_DENIED_STATUS }
        : camel(auth.failureMode ?? 'DENY'),
    includeRequestHeaders: some((auth.includeRequestHeaders ?? []).map((name) => name.toLowerCase())),
    includeRequestBody: body
      ? {
          maxRequestBytes: body.maxRequestBytes ?? 0,
          allowPartialMessage: body.allowPartialMessage ?? false,
          packAsBytes: body.packAsBytes ?? false,
        }
      : undefined,
    cache: cache
      ? { key: cache.key ?? [], ttl: cache.ttl ?? '', maxEntries: cache.maxEntries || DEFAULT_CACHE_ENTRIES }
      : undefined,
  }
}

/** A service that may change requests and responses. */
export function extProc(proc: TrafficPolicySpecExtProc): Rendered {
  return {
    ...referenceWithPolicies(proc.target, proc.inlinePolicies),
    failureMode: camel(proc.failureMode ?? 'FAIL_CLOSED'),
    metadataContext: someMap(proc.metadataContext, ({ context }) => context ?? {}),
    requestAttributes: someTexts(proc.requestAttributes),
    responseAttributes: someTexts(proc.responseAttributes),
    // Without options everything is streamed; an option that is not said is off.
    processingOptions: processingOptions(
      proc.processingOptions ?? { requestBodyMode: 'FULL_DUPLEX_STREAMED', responseBodyMode: 'FULL_DUPLEX_STREAMED' },
    ),
  }
}

function processingOptions(options: TrafficPolicySpecExtProcProcessingOptions): Rendered {
  const sending = (mode: typeof options.requestHeaderMode): string => (mode === 'SKIP' ? 'skip' : 'send')
  return {
    requestBodyMode: camel(options.requestBodyMode ?? 'NONE'),
    responseBodyMode: camel(options.responseBodyMode ?? 'NONE'),
    requestHeaderMode: sending(options.requestHeaderMode),
    responseHeaderMode: sending(options.responseHeaderMode),
    requestTrailerMode: sending(options.requestTrailerMode),
    responseTrailerMode: sending(options.responseTrailerMode),
    allowModeOverride: options.allowModeOverride ?? false,
  }
}

/** Limits that a service counts for all proxies. */
export function remoteRateLimit(limit: TrafficPolicySpecRemoteRateLimit): Rendered {
  return {
    domain: limit.domain ?? '',
    ...referenceWithPolicies(limit.target, limit.inlinePolicies),
    descriptors: (limit.descriptors ?? []).map(({ entries = [], type, cost, limitOverride }) => ({
      entries: entries.map(({ key = '', value = '' }) => [key, value]),
      type: camel(type ?? 'REQUESTS'),
      cost: cost ?? null,
      limitOverride: limitOverride ?? null,
    })),
    failureMode: camel(limit.failureMode ?? 'FAIL_CLOSED'),
  }
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Rendered {
  const entries = Object.entries(headers ?? {})
  return entries.length === 0
    ? undefined
    : Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
}

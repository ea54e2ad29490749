// Policies of listeners: connections, access logs, tracing, metrics.
import type {
  FrontendPolicySpec,
  FrontendPolicySpecHTTP,
  FrontendPolicySpecLogging,
  FrontendPolicySpecLoggingOtlpAccessLog,
  FrontendPolicySpecTLS,
  FrontendPolicySpecTracing,
  TLSConfigTLSVersion,
} from '../../wire/messages.ts'
import { keepalives, keyExchangeGroups } from './backend-policies.ts'
import { referenceWithPolicies } from './references.ts'
import { authorization } from './security.ts'
import { camel, durationText, type Rendered, some } from './values.ts'

const DEFAULT_MAX_BUFFER = 2_097_152
const DEFAULT_IDLE_TIMEOUT = '10m0s'
const DEFAULT_HANDSHAKE_TIMEOUT = '15s'
const DEFAULT_LOGS_PATH = '/v1/logs'
const DEFAULT_TRACES_PATH = '/v1/traces'

/** The policy as `{kind: content}`. */
export function frontendPolicy(spec: FrontendPolicySpec): Rendered {
  if (spec.http) return { http: http(spec.http) }
  if (spec.tls) return { tls: tls(spec.tls) }
  if (spec.tcp) return { tcp: { keepalives: keepalives(spec.tcp.keepalives ?? {}) } }
  if (spec.networkAuthorization) return { networkAuthorization: authorization(spec.networkAuthorization) }
  if (spec.proxyProtocol) {
    const { version, mode } = spec.proxyProtocol
    return { proxy: { version: camel(version ?? 'V2'), mode: camel(mode ?? 'STRICT') } }
  }
  if (spec.connect) return { connect: { mode: camel(spec.connect.mode ?? 'DENY') } }
  if (spec.logging) return { accessLog: accessLog(spec.logging) }
  if (spec.tracing) return { tracing: tracing(spec.tracing) }
  if (spec.metrics) return { metrics: { add: someExpressions(spec.metrics.fields?.add) } }
  return {}
}

// Here everything is printed, set or not.
function http(http: FrontendPolicySpecHTTP): Rendered {
  return {
    maxBufferSize: http.maxBufferSize ?? DEFAULT_MAX_BUFFER,
    http1MaxHeaders: http.http1MaxHeaders ?? null,
    http1IdleTimeout: durationText(http.http1IdleTimeout) ?? DEFAULT_IDLE_TIMEOUT,
    http1HeaderCase: camel(http.http1HeaderCase ?? 'LOWERCASE'),
    http2WindowSize: http.http2WindowSize ?? null,
    http2ConnectionWindowSize: http.http2ConnectionWindowSize ?? null,
    http2FrameSize: http.http2FrameSize ?? null,
    http2MaxHeaderSize: http.http2MaxHeaderSize ?? null,
    http2KeepaliveInterval: durationText(http.http2KeepaliveInterval) ?? null,
    http2KeepaliveTimeout: durationText(http.http2KeepaliveTimeout) ?? null,
    maxConnectionDuration: durationText(http.maxConnectionDuration) ?? null,
  }
}

function tls(tls: FrontendPolicySpecTLS): Rendered {
  const version = (given: TLSConfigTLSVersion | undefined): Rendered =>
    given === undefined || given === 'TLS_VERSION_UNSPECIFIED' ? undefined : String(given)
  return {
    handshakeTimeout: durationText(tls.handshakeTimeout) ?? DEFAULT_HANDSHAKE_TIMEOUT,
    // Names of protocols are printed byte by byte here.
    alpn: tls.alpn ? (tls.alpn.protocols ?? []).map((name) => [...Buffer.from(name)]) : null,
    minVersion: version(tls.minVersion),
    maxVersion: version(tls.maxVersion),
    cipherSuites: some((tls.cipherSuites ?? []).filter((suite) => suite !== 'CIPHER_SUITE_UNSPECIFIED').map(String)),
    keyExchangeGroups: keyExchangeGroups(tls.keyExchangeGroups),
  }
}

function accessLog({ filter, fields, otlpAccessLog }: FrontendPolicySpecLogging): Rendered {
  return {
    filter,
    add: someExpressions(fields?.add),
    remove: some([...new Set(fields?.remove ?? [])]),
    otlp: otlpAccessLog ? otlp(otlpAccessLog) : undefined,
  }
}

function otlp(log: FrontendPolicySpecLoggingOtlpAccessLog): Rendered {
  const { fields, path = DEFAULT_LOGS_PATH } = log
  return {
    ...referenceWithPolicies(log.providerBackend, log.inlinePolicies),
    filter: log.filter,
    fields: fields ? { remove: some([...new Set(fields.remove ?? [])]), add: someExpressions(fields.add) } : undefined,
    protocol: camel(log.protocol ?? 'HTTP'),
    path: path === DEFAULT_LOGS_PATH ? undefined : path,
  }
}

function tracing(trace: FrontendPolicySpecTracing): Rendered {
  const named = (list: typeof trace.attributes): Rendered =>
    Object.fromEntries((list ?? []).map(({ name = '', value = '' }) => [name, value]))
  return {
    ...referenceWithPolicies(trace.providerBackend, trace.inlinePolicies),
    attributes: named(trace.attributes),
    resources: named(trace.resources),
    remove: trace.remove ?? [],
    randomSampling: trace.randomSampling ?? null,
    clientSampling: trace.clientSampling ?? null,
    filter: trace.filter,
    path: trace.path ?? DEFAULT_TRACES_PATH,
    protocol: camel(trace.protocol ?? 'HTTP'),
  }
}

function someExpressions(
  list: readonly { readonly name?: string; readonly expression?: string }[] | undefined,
): Rendered {
  return list === undefined || list.length === 0
    ? undefined
    : Object.fromEntries(list.map(({ name = '', expression = '' }) => [name, expression]))
}

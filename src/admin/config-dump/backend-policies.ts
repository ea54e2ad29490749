// Policies on the way to a backend: one member, named by the kind.
import type {
  Alpn,
  BackendPolicySpec,
  BackendPolicySpecBackendTLS,
  BackendPolicySpecHealth,
  BackendPolicySpecInferenceRouting,
  BackendPolicySpecMcpGuardrails,
  BackendPolicySpecMcpGuardrailsRemote,
  KeepaliveConfig,
  TLSConfigKeyExchangeGroup,
} from '../../wire/messages.ts'
import { backendAuth } from './backend-auth.ts'
import { extAuthz } from './external.ts'
import { headerModifier, mirrors, redirect } from './filters.ts'
import { llmPolicy } from './llm-policy.ts'
import { reference, referenceWithPolicies } from './references.ts'
import { authorization, mcpAuthentication } from './security.ts'
import { transformation } from './traffic.ts'
import { camel, durationText, type Rendered, some, someMap, someTexts, text, textOf } from './values.ts'

const DEFAULT_CONNECT_TIMEOUT = '11s'
const DEFAULT_KEEPALIVE_TIME = '3m0s'
const DEFAULT_KEEPALIVE_RETRIES = 9

/** The policy as `{kind: content}`. */
export function backendPolicy(spec: BackendPolicySpec): Readonly<Record<string, Rendered>> {
  if (spec.a2a) return { a2a: {} }
  if (spec.inferenceRouting) return { inferenceRouting: inferenceRouting(spec.inferenceRouting) }
  if (spec.backendTls) return { backendTLS: backendTls(spec.backendTls) }
  if (spec.auth) return { backendAuth: backendAuth(spec.auth) }
  if (spec.authorization) return { authorization: authorization(spec.authorization) }
  if (spec.mcpAuthorization) return { mcpAuthorization: authorization(spec.mcpAuthorization) }
  if (spec.mcpAuthentication) return { mcpAuthentication: mcpAuthentication(spec.mcpAuthentication) }
  if (spec.mcpGuardrails) return { mcpGuardrails: mcpGuardrails(spec.mcpGuardrails) }
  if (spec.ai) return { ai: llmPolicy(spec.ai) }
  if (spec.extAuthz) return { extAuthz: extAuthz(spec.extAuthz) }
  if (spec.transformation) return { transformation: transformation(spec.transformation) }
  if (spec.requestHeaderModifier) return { requestHeaderModifier: headerModifier(spec.requestHeaderModifier) }
  if (spec.responseHeaderModifier) return { responseHeaderModifier: headerModifier(spec.responseHeaderModifier) }
  if (spec.requestRedirect) return { requestRedirect: redirect(spec.requestRedirect) }
  if (spec.requestMirror) return { requestMirror: mirrors(spec.requestMirror) }
  if (spec.health) return { health: health(spec.health) }
  if (spec.backendHttp) {
    const { version, requestTimeout } = spec.backendHttp
    return {
      http: {
        version: version === 'HTTP1' ? 'HTTP/1.1' : version === 'HTTP2' ? 'HTTP/2.0' : null,
        requestTimeout: durationText(requestTimeout),
      },
    }
  }
  if (spec.backendTcp) {
    const { keepalive, connectTimeout } = spec.backendTcp
    return {
      tcp: {
        keepalives: keepalives(keepalive ?? {}),
        connectTimeout: durationText(connectTimeout) ?? DEFAULT_CONNECT_TIMEOUT,
      },
    }
  }
  if (spec.backendTunnel) {
    const { proxy, inlinePolicies } = spec.backendTunnel
    return { tunnel: { proxy: reference(proxy), policies: some((inlinePolicies ?? []).map(backendPolicy)) } }
  }
  return {}
}

/** TCP keepalive, with the proxy's own values for what is not said. */
export function keepalives({ time, interval, retries }: KeepaliveConfig): Rendered {
  return {
    enabled: true,
    time: durationText(time) ?? DEFAULT_KEEPALIVE_TIME,
    interval: durationText(interval) ?? DEFAULT_KEEPALIVE_TIME,
    retries: retries ?? DEFAULT_KEEPALIVE_RETRIES,
  }
}

const GROUP_NAMES: Readonly<Record<string, string>> = { P256: 'P-256', P384: 'P-384' }

/** Key exchange groups by the dump's names. */
export function keyExchangeGroups(groups: readonly TLSConfigKeyExchangeGroup[] | undefined): Rendered {
  return some(
    (groups ?? [])
      .filter((group) => group !== 'KEY_EXCHANGE_GROUP_UNSPECIFIED')
      .map((group) => GROUP_NAMES[group] ?? String(group)),
  )
}

/** TLS towards a backend. */
export function backendTls(tls: BackendPolicySpecBackendTLS): Rendered {
  const isSpiffe = tls.certificateSource === 'SPIFFE'
  const onlyTrue = (value: boolean): true | undefined => (value ? true : undefined)
  return {
    cert: tls.cert === undefined ? undefined : textOf(tls.cert),
    root: tls.root === undefined ? undefined : textOf(tls.root),
    hostname: tls.hostname,
    insecure: onlyTrue(tls.verification === 'INSECURE_ALL'),
    insecureHost: onlyTrue(tls.verification === 'INSECURE_HOST'),
    systemRoots: onlyTrue(tls.root === undefined && !isSpiffe),
    spiffe: onlyTrue(isSpiffe),
    alpn: protocols(tls.alpn),
    subjectAltNames: some(tls.verifySubjectAltNames),
    keyExchangeGroups: keyExchangeGroups(tls.keyExchangeGroups),
  }
}

function protocols(alpn: Alpn | null | undefined): Rendered {
  return alpn ? (alpn.protocols ?? []) : undefined
}

function inferenceRouting({ endpointPicker, failureMode }: BackendPolicySpecInferenceRouting): Rendered {
  return {
    endpointPicker: reference(endpointPicker),
    failureMode: failureMode === 'FAIL_OPEN' ? 'failOpen' : undefined,
  }
}

function health({ unhealthyCondition, eviction }: BackendPolicySpecHealth): Rendered {
  return {
    unhealthyExpression: text(unhealthyCondition),
    eviction: eviction
      ? {
          duration: durationText(eviction.duration),
          restoreHealth: eviction.restoreHealth,
          consecutiveFailures: eviction.consecutiveFailures,
          healthThreshold: eviction.healthThreshold,
        }
      : undefined,
  }
}

function mcpGuardrails({ processors = [] }: BackendPolicySpecMcpGuardrails): Rendered {
  return {
    processors: processors.flatMap(({ methods, remote }) =>
      remote ? [{ methods: someMap(methods, camel), kind: 'remote', ...guardrailService(remote) }] : [],
    ),
  }
}

function guardrailService(remote: BackendPolicySpecMcpGuardrailsRemote): Readonly<Record<string, Rendered>> {
  const names = (list: readonly string[] | undefined): Rendered => some((list ?? []).map((name) => name.toLowerCase()))
  const [allowed, disallowed] = [names(remote.allowedRequestHeaders), names(remote.disallowedRequestHeaders)]
  return {
    ...referenceWithPolicies(remote.target, remote.inlinePolicies),
    failureMode: remote.failureMode === 'ALLOW' ? 'failOpen' : 'failClosed',
    metadata: someTexts(remote.metadata),
    requestHeaders: allowed === undefined && disallowed === undefined ? undefined : { allowed, disallowed },
  }
}

// One listener on its own: its protocol, the route kinds it takes, its form on the wire, and its conditions. Its place
// among other listeners is decided in gateway-plan.ts. (spec: Gateway API, protocol mapping and listener conditions)

import type { GatewayKey, TypedRef } from '../core/keys.ts'
import type { Problem, Reason } from '../core/problem.ts'
import { listOf } from '../kube/lists.ts'
import type { TLSConfig, Listener as WireListener } from '../wire/messages.ts'
import type { Conflict, PlannedListener } from './gateway-plan.ts'
import {
  clientCertificateProblem,
  type ListenerTlsOutcome,
  resolveListenerTls,
  type TlsProblem,
  type TlsReads,
} from './listener-tls.ts'
import type { ConditionDraft } from './model.ts'
import { GATEWAY_GROUP, type RouteKind, type RouteParent } from './parents.ts'
import type { TranslateSettings } from './settings.ts'

/** What became of one listener; its object's status and its resource on the wire are made of it. */
export interface ListenerOutcome {
  readonly key: string
  readonly owner: TypedRef
  readonly gateway: GatewayKey
  readonly gatewayRef: TypedRef
  readonly name: string
  readonly order: number
  /** It could serve, were it alone on its port. */
  readonly isValid: boolean
  readonly conflict: Conflict | undefined
  readonly isServed: boolean
  readonly supportedKinds: readonly RouteKind[]
  readonly conditions: readonly ConditionDraft[]
  /** What is wrong with the client certificate for backends, which the Gateway reports as a whole. */
  readonly clientCertificate: { readonly reason: Reason; readonly message: string } | undefined
  readonly resource: WireListener | undefined
  readonly problems: readonly Problem[]
}

const NO_ERRORS = 'No errors found'

const CONFLICTS: Readonly<Record<Conflict, { readonly reason: Reason; readonly message: string }>> = {
  hostname: {
    reason: 'HostnameConflict',
    message: 'Found conflicting hostnames on listeners, all listeners on a single port must have unique hostnames',
  },
  protocol: {
    reason: 'ProtocolConflict',
    message:
      'Found conflicting protocols on listeners, a single port can only contain listeners with compatible protocols',
  },
  'bind-mode': {
    reason: 'BindModeConflict',
    message:
      'Found conflicting bind modes on listeners; the higher-precedence listener determines whether the shared port is internal',
  },
}

const HTTP_KINDS = ['HTTPRoute', 'GRPCRoute']

/** Judges a listener, and puts it on the wire. */
export function translateListener(
  planned: PlannedListener,
  read: TlsReads,
  settings: TranslateSettings,
): ListenerOutcome {
  const { listener, owner, conflict, order } = planned
  const tls = resolveListenerTls(planned, read)
  const client =
    tls.fatal === undefined && tls.partial === undefined ? clientCertificateProblem(planned, read) : undefined
  const kinds = kindsOf(planned, settings)
  const protocol = protocolProblem(planned)
  const isValid = tls.fatal === undefined && protocol === undefined
  const findings: Findings = { tls, client, protocol, areKindsValid: kinds.areValid }
  return {
    key: planned.key,
    owner,
    gateway: planned.gateway,
    gatewayRef: planned.gatewayRef,
    name: listener.name,
    order,
    isValid,
    conflict,
    isServed: planned.isServed,
    supportedKinds: kinds.supported,
    conditions: conditionsOf(planned, findings, isValid ? conflict : undefined),
    clientCertificate: client === undefined ? undefined : { reason: client.reason, message: client.message },
    resource: planned.isServed ? wireListener(planned, tls.config) : undefined,
    problems: problemsOf(planned, findings),
  }
}

/** A served listener as routes see it. */
export function routeParentOf(planned: PlannedListener, settings: TranslateSettings): readonly RouteParent[] {
  const { key, owner, gateway, wireKey, order, listener, port, allowedNamespaces, isServed } = planned
  if (!isServed || port === undefined) return []
  return [
    {
      key,
      owner,
      gateway,
      listenerKey: wireKey,
      listener: listener.name,
      port,
      protocol: listener.protocol ?? '',
      hostname: listener.hostname || undefined,
      allowedNamespaces,
      supportedKinds: kindsOf(planned, settings).supported,
      order,
    },
  ]
}

function kindsOf(
  { listener }: PlannedListener,
  settings: TranslateSettings,
): { readonly supported: readonly RouteKind[]; readonly areValid: boolean } {
  const wanted = listOf(listener.allowedRoutes?.kinds).map(({ group, kind }) => ({
    group: group ?? GATEWAY_GROUP,
    kind: kind ?? '',
  }))
  const possible = possibleKinds(listener.protocol, listener.tls?.mode).map((kind) => ({ group: GATEWAY_GROUP, kind }))
  if (wanted.length === 0) return { supported: possible, areValid: true }
  // Models are served by HTTP listeners, but only by those that ask for them.
  const models =
    settings.enableModels && possible.some(({ kind }) => kind === 'HTTPRoute')
      ? [{ group: 'agentgateway.dev', kind: 'AgentgatewayModel' }]
      : []
  const supported = [...possible, ...models].filter((kind) =>
    wanted.some((other) => other.group === kind.group && other.kind === kind.kind),
  )
  return { supported, areValid: supported.length === wanted.length }
}

function possibleKinds(protocol: string | undefined, mode: string | undefined): readonly string[] {
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      return HTTP_KINDS
    case 'TCP':
      return ['TCPRoute']
    case 'TLS':
      return mode === 'Terminate' ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute']
    default:
      return []
  }
}

const PROTOCOLS = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP', 'HBONE'])

function protocolProblem({ listener, port }: PlannedListener): string | undefined {
  const protocol = String(listener.protocol ?? '')
  if (!PROTOCOLS.has(protocol)) {
    const upper = protocol.toUpperCase()
    const hint = PROTOCOLS.has(upper) ? `. hint: "${upper}" may be supported` : ''
    return `protocol "${protocol}" is unsupported${hint}`
  }
  return port === undefined ? `protocol ${protocol} requires a port to be set` : undefined
}

interface Findings {
  readonly tls: ListenerTlsOutcome
  readonly client: TlsProblem | undefined
  readonly protocol: string | undefined
  readonly areKindsValid: boolean
}

function conditionsOf(
  planned: PlannedListener,
  findings: Findings,
  conflict: Conflict | undefined,
): readonly ConditionDraft[] {
  const { fatal } = findings.tls
  const resolved: ConditionDraft = resolvedRefs(findings)
  if (conflict !== undefined) {
    const { reason, message } = CONFLICTS[conflict]
    return [
      { type: 'Accepted', status: 'False', reason, message },
      { type: 'Conflicted', status: 'True', reason, message },
      { type: 'Programmed', status: 'False', reason, message },
      resolved,
    ]
  }
  const programmed: ConditionDraft =
    fatal === undefined
      ? { type: 'Programmed', status: 'True', reason: 'Programmed', message: NO_ERRORS }
      : { type: 'Programmed', status: 'False', reason: 'Invalid', message: 'Bad TLS configuration' }
  return [
    accepted(planned, findings),
    { type: 'Conflicted', status: 'False', reason: 'NoConflicts', message: NO_ERRORS },
    programmed,
    resolved,
  ]
}

function accepted({ owner }: PlannedListener, { tls: { fatal }, protocol }: Findings): ConditionDraft {
  const refused = (reason: Reason, message: string): ConditionDraft => ({
    type: 'Accepted',
    status: 'False',
    reason,
    message,
  })
  if (protocol !== undefined) return refused('UnsupportedProtocol', protocol)
  // A ListenerSet's entry is refused with any TLS error, a Gateway's own listener only with a bad client authority.
  if (fatal !== undefined && owner.kind === 'ListenerSet') return refused('ListenersNotValid', fatal.message)
  if (fatal?.isAuthority) return refused('NoValidCACertificate', fatal.message)
  return { type: 'Accepted', status: 'True', reason: 'Accepted', message: NO_ERRORS }
}

function resolvedRefs({ tls, client, areKindsValid }: Findings): ConditionDraft {
  if (!areKindsValid) {
    return { type: 'ResolvedRefs', status: 'False', reason: 'InvalidRouteKinds', message: 'Invalid route kinds' }
  }
  const problem = tls.fatal ?? tls.partial ?? client
  return problem === undefined
    ? { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: NO_ERRORS }
    : { type: 'ResolvedRefs', status: 'False', reason: problem.reason, message: problem.message }
}

function problemsOf(planned: PlannedListener, { tls, protocol, areKindsValid }: Findings): readonly Problem[] {
  const at = `spec.listeners[${planned.order}]`
  const problems: Problem[] = []
  for (const found of [tls.fatal, tls.partial]) {
    if (found !== undefined) problems.push({ reason: found.reason, path: found.path, message: found.message })
  }
  if (protocol !== undefined) {
    problems.push({ reason: 'UnsupportedProtocol', path: `${at}.protocol`, message: protocol })
  }
  if (!areKindsValid) {
    problems.push({ reason: 'InvalidRouteKinds', path: `${at}.allowedRoutes.kinds`, message: 'Invalid route kinds' })
  }
  if (planned.conflict !== undefined) problems.push({ ...CONFLICTS[planned.conflict], path: at })
  return problems
}

function wireListener(planned: PlannedListener, tls: TLSConfig | undefined): WireListener | undefined {
  const { listener, owner, gatewayRef, wireKey, port } = planned
  const wire = (protocol: WireListener['protocol'], config?: TLSConfig): WireListener => ({
    key: wireKey,
    bindKey: bindKey(planned.gateway, port ?? 0),
    name: {
      gatewayName: gatewayRef.name,
      gatewayNamespace: gatewayRef.namespace,
      listenerName: listener.name,
      ...(owner.kind === 'ListenerSet' ? { listenerSet: { name: owner.name, namespace: owner.namespace } } : {}),
    },
    hostname: listener.hostname ?? '',
    protocol,
    ...(config === undefined ? {} : { tls: config }),
  })
  switch (listener.protocol) {
    case 'HTTP':
      return wire('HTTP')
    case 'TCP':
      return wire('TCP')
    case 'HBONE':
      return wire('HBONE')
    case 'HTTPS':
      return tls === undefined ? undefined : wire('HTTPS', tls)
    case 'TLS':
      if (listener.tls?.mode === 'Passthrough') return wire('TLS')
      return tls === undefined ? undefined : wire('TLS', tls)
    default:
      return undefined
  }
}

/** Key of a bind on the wire: `port/namespace/gateway`. */
export function bindKey(gateway: GatewayKey, port: number): string {
  return `${port}/${gateway}`
}

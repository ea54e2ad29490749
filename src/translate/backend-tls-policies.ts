// BackendTLSPolicy: TLS towards Services, AgentgatewayBackends and InferencePools, one policy per target and gateway,
// since the client certificate is the gateway's. Which gateways have use for a target is reachability's to say.
// Trust that cannot be built is sent as a root that verifies nothing: connections fail instead of going unchecked.

import { displayRef, type GatewayKey, nameKey, splitNameKey, type TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import { type Outcome, ok, type Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import { clientPairProblem, normaliseBundle } from '../features/shared/ca-bundle.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { type AlternativeNames, alternativeNames, isHostName } from '../features/shared/server-names.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy, Gateway } from '../kube/gateway-types.ts'
import { textAt } from '../kube/lists.ts'
import { keyOf } from '../kube/object.ts'
import type { PolicyTarget } from '../wire/messages.ts'
import { isGranted, type Permission } from './grants.ts'
import type { ConditionDraft, ParentStatusDraft, ScopedResource, Translation } from './model.ts'
import { GATEWAY_GROUP } from './parents.ts'
import { gatewaysOf, nodeOf, type ReachReads } from './reachability.ts'
import { AGENTGATEWAY_GROUP, INFERENCE_GROUP, poolHostname, serviceHostname } from './references.ts'
import type { TranslateSettings } from './settings.ts'

type TargetRef = NonNullable<NonNullable<BackendTlsPolicy['spec']>['targetRefs']>[number]

/** One targetRef of one policy, for finding policies that want the same target (`fact/tls-targets`, index `target`). */
export interface TlsTarget {
  readonly key: string
  /** What is targeted; a whole object and a section of it are different targets. */
  readonly target: string
  /** `namespace/name` of the policy. */
  readonly policy: string
  readonly name: string
  readonly created: string
}

/** What translating reads. */
export interface BackendTlsReads extends ReachReads {
  readonly targets: Reader<TlsTarget>
  readonly permissions: Reader<Permission>
  readonly services: Reader<Service>
  readonly configmaps: Reader<ConfigMap>
  readonly secrets: Reader<Secret>
  readonly gateways: Reader<Gateway>
}

// What the proxy cannot read as a certificate, so that it fails every handshake.
const INVALID = Buffer.from('invalid')
const VALID = 'Configuration is valid'
const CLIENT_CERTIFICATE = 'Gateway.spec.tls.backend.clientCertificateRef'

/** The targets of a policy. */
export function tlsTargetsOf(policy: BackendTlsPolicy): readonly TlsTarget[] {
  return itemsOf(policy.spec?.targetRefs).map((ref, i) => ({
    key: `${keyOf(policy)}/${i}`,
    target: targetKey(ref, policy.metadata.namespace ?? ''),
    policy: keyOf(policy),
    name: policy.metadata.name,
    created: policy.metadata.creationTimestamp ?? '',
  }))
}

/** Translates one policy. */
export function translateBackendTlsPolicy(
  policy: BackendTlsPolicy,
  read: BackendTlsReads,
  settings: Pick<TranslateSettings, 'clusterDomain'>,
): Translation {
  const namespace = policy.metadata.namespace ?? ''
  const object: TypedRef = { group: GATEWAY_GROUP, kind: 'BackendTLSPolicy', namespace, name: policy.metadata.name }
  const trust = readTrust(policy, read)
  const names = readNames(policy)
  const problems: Problem[] = [...trust.problems, ...names.problems]
  const [nameless] = names.problems
  let accepted =
    trust.problems.length === 0 && nameless !== undefined ? refused('Invalid', nameless.message) : trust.accepted
  const reached = new Set<GatewayKey>()
  const certificates = new Map<GatewayKey, Outcome<ClientCertificate>>()
  const resources: ScopedResource[] = []
  for (const [i, ref] of itemsOf(policy.spec?.targetRefs).entries()) {
    const path = `spec.targetRefs[${i}]`
    const gateways = gatewaysOf(read, nodeOf(ref.kind ?? '', namespace, ref.name ?? ''))
    for (const gateway of gateways) reached.add(gateway)
    const rival = strongerPolicy(policy, ref, read)
    if (rival !== undefined) {
      const message = `policy ${rival} matches the same target but with higher priority`
      problems.push({ reason: 'Conflicted', path, message })
      accepted = refused('Conflicted', message)
      continue
    }
    const { value: target, problems: found } = resolveTarget(ref, { namespace, path }, { read, settings })
    problems.push(...found)
    if (target === undefined) continue
    for (const gateway of gateways) {
      if (!certificates.has(gateway)) certificates.set(gateway, readClientCertificate(gateway, read))
      const backendTls = {
        ...(trust.root && { root: trust.root }),
        ...(names.isLost && { root: INVALID }),
        ...(names.hostname !== undefined && { hostname: names.hostname }),
        verifySubjectAltNames: [...names.kept],
        ...certificates.get(gateway)?.value,
      }
      resources.push({
        gateway,
        resource: {
          kind: 'policy',
          policy: {
            key: `${keyOf(policy)}:backend-tls:${target.attachment}`,
            name: { kind: 'BackendTLSPolicy', namespace, name: policy.metadata.name },
            target: target.target,
            backend: { backendTls },
          },
        },
        owners: [object],
      })
    }
  }
  const gateways = [...reached].sort()
  problems.push(...gateways.flatMap((gateway) => certificates.get(gateway)?.problems ?? []))
  const ancestors = gateways.map((gateway): ParentStatusDraft => {
    const [problem] = certificates.get(gateway)?.problems ?? []
    return {
      ref: ancestorRef(gateway, gateways, namespace),
      conditions: [problem === undefined ? accepted : refused('Invalid', problem.message), trust.resolved],
    }
  })
  return {
    object,
    resources,
    status: {
      object,
      apiVersion: policy.apiVersion,
      generation: policy.metadata.generation ?? 0,
      body: { shape: 'policy', ancestors },
    },
    problems,
  }
}

// Ancestors are named without their namespace, except where two would then look the same.
function ancestorRef(
  gateway: GatewayKey,
  all: readonly GatewayKey[],
  policyNamespace: string,
): ParentStatusDraft['ref'] {
  const { namespace, name } = splitNameKey(gateway)
  const isAmbiguous =
    namespace !== policyNamespace && all.filter((other) => splitNameKey(other).name === name).length > 1
  return { group: GATEWAY_GROUP, kind: 'Gateway', ...(isAmbiguous && { namespace }), name }
}

function targetKey(ref: TargetRef, namespace: string): string {
  const section = ref.sectionName === undefined ? '' : `/${ref.sectionName}`
  return `${ref.group ?? ''}/${ref.kind ?? ''}/${namespace}/${ref.name ?? ''}${section}`
}

// The older policy wins, then the one first by name: whoever comes second must not be able to change what is served.
function strongerPolicy(policy: BackendTlsPolicy, ref: TargetRef, read: BackendTlsReads): string | undefined {
  const self = { created: policy.metadata.creationTimestamp ?? '', policy: keyOf(policy) }
  return read.targets
    .where('target', targetKey(ref, policy.metadata.namespace ?? ''))
    .filter((other) => other.policy !== self.policy)
    .sort((a, b) => compareStrings(a.created, b.created) || compareStrings(a.policy, b.policy))
    .find((other) => (compareStrings(other.created, self.created) || compareStrings(other.policy, self.policy)) < 0)
    ?.name
}

interface ResolvedTarget {
  readonly target: PolicyTarget
  readonly attachment: string
}

function resolveTarget(
  ref: TargetRef,
  place: { readonly namespace: string; readonly path: string },
  context: { readonly read: BackendTlsReads; readonly settings: Pick<TranslateSettings, 'clusterDomain'> },
): Outcome<ResolvedTarget> {
  const { namespace, path } = place
  const group = ref.group ?? ''
  const name = ref.name ?? ''
  if (group === AGENTGATEWAY_GROUP && ref.kind === 'AgentgatewayBackend') {
    const section = ref.sectionName
    return ok({
      target: { backend: { namespace, name, ...(section !== undefined && { section }) } },
      attachment: section === undefined ? `${namespace}/${name}` : `${namespace}/${name}/${section}`,
    })
  }
  const isPool = group === INFERENCE_GROUP && ref.kind === 'InferencePool'
  if (!isPool && (group !== '' || ref.kind !== 'Service')) {
    const message = `unsupported target: group "${group}" kind "${ref.kind ?? ''}"`
    return { value: undefined, problems: [{ reason: 'InvalidKind', path, message, severity: 'warning' }] }
  }
  const { clusterDomain } = context.settings
  const hostname = isPool
    ? poolHostname(namespace, name, clusterDomain)
    : serviceHostname(namespace, name, clusterDomain)
  if (ref.sectionName === undefined)
    return ok({ target: { service: { namespace, hostname } }, attachment: `${namespace}/${hostname}` })
  const { value: port = 0, problems } = portOf(ref.sectionName, { kind: ref.kind, ...place, name }, context.read)
  return {
    value: { target: { service: { namespace, hostname, port } }, attachment: `${namespace}/${hostname}/${port}` },
    problems,
  }
}

// An unknown port is sent as port 0, which no connection has. Ports of pools have no names.
function portOf(
  section: string,
  target: { readonly kind: string; readonly namespace: string; readonly name: string; readonly path: string },
  read: BackendTlsReads,
): Outcome<number> {
  if (/^\d+$/.test(section)) return ok(Number(section))
  const { kind, namespace, name, path } = target
  const service = kind === 'Service' ? read.services.get(nameKey(namespace, name)) : undefined
  const port = itemsOf(service?.spec?.ports).find((candidate) => candidate.name === section)?.port
  if (port !== undefined) return ok(port)
  const message = `port "${section}" not found in ${displayRef({ group: '', kind, namespace, name })}`
  return {
    value: undefined,
    problems: [{ reason: 'UnsupportedValue', path: `${path}.sectionName`, message, severity: 'warning' }],
  }
}

interface Trust {
  /** Undefined for the proxy's own roots. */
  readonly root?: Buffer
  readonly accepted: ConditionDraft
  readonly resolved: ConditionDraft
  readonly problems: readonly Problem[]
}

const ACCEPTED: ConditionDraft = { type: 'Accepted', status: 'True', reason: 'Accepted', message: VALID }
const RESOLVED: ConditionDraft = { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: VALID }

function refused(reason: string, message: string): ConditionDraft {
  return { type: 'Accepted', status: 'False', reason, message }
}

// Part of the trust a user asked for is not what they asked for: one bad reference spoils all.
function readTrust(policy: BackendTlsPolicy, read: BackendTlsReads): Trust {
  const validation = policy.spec?.validation
  const at = 'spec.validation'
  const distrust = (path: string, message: string, resolved: ConditionDraft = RESOLVED): Trust => ({
    root: INVALID,
    accepted: refused('NoValidCACertificate', message),
    resolved,
    problems: [{ reason: 'NoValidCACertificate', path, message }],
  })
  const wellKnown = validation?.wellKnownCACertificates
  if (wellKnown)
    return wellKnown === 'System'
      ? { accepted: ACCEPTED, resolved: RESOLVED, problems: [] }
      : distrust(`${at}.wellKnownCACertificates`, `unknown wellKnownCACertificates: ${wellKnown}`)
  const bundles: string[] = []
  for (const [i, ref] of itemsOf(validation?.caCertificateRefs).entries()) {
    const path = `${at}.caCertificateRefs[${i}]`
    const printed = `{${ref.group ?? ''} ${ref.kind ?? ''} ${ref.name ?? ''}}`
    const unresolved = (reason: string, message: string): ConditionDraft => ({
      type: 'ResolvedRefs',
      status: 'False',
      reason,
      message,
    })
    if ((ref.group ?? '') !== '' || ref.kind !== 'ConfigMap')
      return distrust(
        path,
        `invalid certificate reference: ${printed}`,
        unresolved('InvalidKind', `Certificate reference invalid: ${ref.kind ?? ''}`),
      )
    const key = nameKey(policy.metadata.namespace, ref.name ?? '')
    const configMap = read.configmaps.get(key)
    if (configMap === undefined)
      return distrust(
        path,
        `certificate reference not found: ${printed}`,
        unresolved('InvalidCACertificateRef', 'Certificate reference not found'),
      )
    const found = readAuthority(configMap, key)
    if ('flaw' in found)
      return distrust(
        path,
        `certificate invalid: ${found.flaw}`,
        unresolved('InvalidCACertificateRef', `Certificate invalid: ${found.flaw}`),
      )
    bundles.push(found.pem)
  }
  return {
    ...(bundles.length > 0 && { root: Buffer.from(bundles.join('\n')) }),
    accepted: ACCEPTED,
    resolved: RESOLVED,
    problems: [],
  }
}

function readAuthority(configMap: ConfigMap, key: string): { readonly pem: string } | { readonly flaw: string } {
  const text = textAt(configMap.data, 'ca.crt')
  if (!text) return { flaw: 'ca.crt key missing' }
  const bundle = normaliseBundle(text)
  return 'pem' in bundle ? bundle : { flaw: `invalid ca.crt in ConfigMap ${key}: ${bundle.error}` }
}

interface ServerNames extends AlternativeNames {
  readonly hostname: string | undefined
}

// Names that proxies refuse would leave connections without any TLS, so they are left out; without any name left, or
// with a host name that cannot be, nothing is trusted.
function readNames(policy: BackendTlsPolicy): ServerNames {
  const validation = policy.spec?.validation
  const at = 'spec.validation'
  const written = itemsOf(validation?.subjectAltNames).map(({ type, hostname, uri }) =>
    type === 'URI' ? uri : hostname,
  )
  const names = alternativeNames(
    written.map((name) => name ?? ''),
    `${at}.subjectAltNames`,
  )
  const hostname = validation?.hostname
  if (hostname === undefined || isHostName(hostname)) return { ...names, hostname }
  const message = `"${hostname}" is not the name of a host; no certificate is trusted`
  const problems: Problem[] = [{ reason: 'Invalid', path: `${at}.hostname`, message }, ...names.problems]
  return { kept: names.kept, problems, isLost: true, hostname: undefined }
}

/** What a gateway shows to backends, or a root that trusts none of them. */
type ClientCertificate = { readonly cert: Buffer; readonly key: Buffer } | { readonly root: Buffer }

// The certificate that a gateway shows to backends; a reference that cannot be used must not turn into showing none.
function readClientCertificate(gateway: GatewayKey, read: BackendTlsReads): Outcome<ClientCertificate> {
  const ref = read.gateways.get(gateway)?.spec?.tls?.backend?.clientCertificateRef
  if (!ref) return { value: undefined, problems: [] }
  const flawed = (flaw: string): Outcome<ClientCertificate> => ({
    // Not as a certificate: proxies would refuse the policy, and connections would go unencrypted.
    value: { root: INVALID },
    problems: [{ reason: 'Invalid', path: 'spec.targetRefs', message: `${CLIENT_CERTIFICATE} ${flaw}` }],
  })
  const from = { group: GATEWAY_GROUP, kind: 'Gateway', namespace: splitNameKey(gateway).namespace }
  const to = { group: '', kind: 'Secret', namespace: ref.namespace || from.namespace, name: ref.name ?? '' }
  if ((ref.group ?? '') !== '') return flawed('must use the core API group')
  if ((ref.kind || 'Secret') !== 'Secret') return flawed('must refer to a Secret')
  // Asked as for the Gateway's own status, so that the two never disagree.
  if (!isGranted(read.permissions, from, to)) return flawed('cross namespace reference is not permitted')
  const key = nameKey(to.namespace, to.name)
  const secret = read.secrets.get(key)
  if (secret === undefined) return flawed('Secret not found')
  const [crt, privateKey] = [textAt(secret.data, 'tls.crt'), textAt(secret.data, 'tls.key')]
  if (!crt || !privateKey) return flawed(`Secret invalid: invalid TLS secret ${key}: tls.crt or tls.key missing`)
  const certificate = { cert: Buffer.from(crt, 'base64'), key: Buffer.from(privateKey, 'base64') }
  const error = clientPairProblem(certificate.cert, certificate.key)
  return error === undefined ? ok(certificate) : flawed(`Secret invalid: invalid TLS secret ${key}: ${error}`)
}

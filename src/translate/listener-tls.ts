// What a listener's TLS settings come to: the configuration on the wire, and what is wrong with the references. A
// listener whose settings cannot be used is still sent, with a certificate that no handshake survives: falling back to
// plaintext or to another listener would be worse. (spec: Gateway API, TLS resolution)

import { nameKey } from '../core/keys.ts'
import type { Reason } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { ConfigMap, Secret } from '../kube/core-types.ts'
import type { ObjectReference } from '../kube/gateway-types.ts'
import { listOf } from '../kube/lists.ts'
import { keyPairProblem, readCertificates } from '../kube/pem.ts'
import type { TLSConfig } from '../wire/messages.ts'
import type { PlannedListener } from './gateway-plan.ts'
import { type GrantFrom, isGranted, type Permission } from './grants.ts'

/** What TLS resolution reads. */
export interface TlsReads {
  readonly secrets: Reader<Secret>
  readonly configmaps: Reader<ConfigMap>
  readonly permissions: Reader<Permission>
}

/** Something wrong with TLS settings; `isAuthority` when it is about certificates of client authorities. */
export interface TlsProblem {
  readonly reason: Reason
  readonly path: string
  readonly message: string
  readonly isAuthority: boolean
}

/** The outcome for one listener. */
export interface ListenerTlsOutcome {
  /** Absent when the listener terminates no TLS. */
  readonly config: TLSConfig | undefined
  /** The listener cannot serve. */
  readonly fatal: TlsProblem | undefined
  /** Part of what was asked for is missing; the listener serves without it. */
  readonly partial: TlsProblem | undefined
}

/** The certificate and key of a kubernetes.io/tls Secret. */
export interface KeyPair {
  readonly certificate: Uint8Array
  readonly privateKey: Uint8Array
}

const SOURCE_OPTION = 'agentgateway.dev/tls-certificate-source'
const MODE_OPTION = 'gateway.istio.io/tls-terminate-mode'
const ONLY = 'GatewayTLSConfig validation caCertificateRefs cannot be configured with'
const INVALID = new TextEncoder().encode('invalid')

/** Told to the proxy in place of a certificate that cannot be had: handshakes fail. */
const INVALID_TLS: TLSConfig = Object.freeze({ cert: INVALID, privateKey: INVALID })

/** Whether a listener has a `tls` block that makes it terminate TLS. */
function terminatesTls({ listener }: PlannedListener): boolean {
  return isBlock(listener.tls) && (listener.tls.mode || 'Terminate') === 'Terminate'
}

/** Resolves the `tls` block of a listener together with the Gateway's frontend validation. */
export function resolveListenerTls(planned: PlannedListener, read: TlsReads): ListenerTlsOutcome {
  if (!terminatesTls(planned)) return { config: undefined, fatal: undefined, partial: undefined }
  const options = planned.listener.tls?.options
  const mode = options?.[MODE_OPTION]
  if (options?.[SOURCE_OPTION] === 'SPIFFE') return resolveSpiffe(planned, mode)
  if (mode === 'ISTIO_SIMPLE') return served({ certificateSource: 'ISTIO_WORKLOAD', mtlsMode: 'DISABLE' })
  if (mode === 'ISTIO_MUTUAL') return served({ certificateSource: 'ISTIO_WORKLOAD' })
  return resolveInline(planned, read, options?.[SOURCE_OPTION] === 'DYNAMIC_CA')
}

/** Checks the client certificate that a Gateway presents to backends; it stays usable without. */
export function clientCertificateProblem(planned: PlannedListener, read: TlsReads): TlsProblem | undefined {
  const ref = planned.clientCertificateRef
  if (!isBlock(ref)) return undefined
  const holder: Holder = {
    from: planned.gatewayRef,
    path: 'spec.tls.backend.clientCertificateRef',
    field: 'clientCertificateRef',
    reason: 'InvalidClientCertificateRef',
  }
  const found = readKeyPair(ref, holder, read)
  return 'problem' in found ? found.problem : undefined
}

function isBlock<T extends object>(value: T | undefined | null): value is T {
  return typeof value === 'object' && value !== null
}

function served(config: TLSConfig, partial?: TlsProblem): ListenerTlsOutcome {
  return { config, fatal: undefined, partial }
}

function failed(problem: TlsProblem): ListenerTlsOutcome {
  return { config: INVALID_TLS, fatal: problem, partial: undefined }
}

function certificateProblem(planned: PlannedListener, message: string): TlsProblem {
  return { reason: 'InvalidCertificateRef', path: `${tlsPath(planned)}.certificateRefs`, message, isAuthority: false }
}

function authorityProblem(planned: PlannedListener, message: string): TlsProblem {
  const path = `${planned.frontend?.path ?? 'spec.tls.frontend'}.caCertificateRefs`
  return { reason: 'InvalidCACertificateRef', path, message, isAuthority: true }
}

function tlsPath({ order }: PlannedListener): string {
  return `spec.listeners[${order}].tls`
}

function authoritiesOf(planned: PlannedListener): readonly ObjectReference[] {
  return listOf(planned.frontend?.validation.caCertificateRefs)
}

function resolveSpiffe(planned: PlannedListener, mode: string | undefined): ListenerTlsOutcome {
  if (mode) {
    const message = `TLS certificate source SPIFFE cannot be combined with the ${mode} termination mode`
    return failed({ ...certificateProblem(planned, message), path: `${tlsPath(planned)}.options` })
  }
  if (authoritiesOf(planned).length > 0)
    return failed(authorityProblem(planned, `${ONLY} SPIFFE TLS certificate source`))
  if (listOf(planned.listener.tls?.certificateRefs).length > 0) {
    return failed(
      certificateProblem(planned, 'certificateRefs cannot be configured with SPIFFE TLS certificate source'),
    )
  }
  return served({ certificateSource: 'SPIFFE' })
}

function resolveInline(planned: PlannedListener, read: TlsReads, isDynamicCa: boolean): ListenerTlsOutcome {
  const [ref, ...others] = listOf(planned.listener.tls?.certificateRefs)
  if (ref === undefined || others.length > 0) {
    return failed(certificateProblem(planned, 'exactly 1 certificateRefs should be present for TLS termination'))
  }
  const holder: Holder = {
    from: planned.owner,
    path: `${tlsPath(planned)}.certificateRefs[0]`,
    field: 'certificateRef',
    reason: 'InvalidCertificateRef',
  }
  const pair = readKeyPair(ref, holder, read)
  if ('problem' in pair) return failed(pair.problem)
  const hasAuthorities = authoritiesOf(planned).length > 0
  if (isDynamicCa && hasAuthorities) {
    return failed(authorityProblem(planned, `${ONLY} DYNAMIC_CA TLS certificate source`))
  }
  const authorities = readAuthorities(planned, read)
  if (hasAuthorities && authorities.bundle === '') return failed(authorities.problem ?? authorityProblem(planned, ''))
  const malformed = keyPairProblem(pair.certificate, pair.privateKey)
  if (malformed !== undefined) {
    const message = `invalid certificate reference, the certificate is malformed: ${malformed}`
    return failed({ ...certificateProblem(planned, message), path: holder.path })
  }
  const config: TLSConfig = { cert: pair.certificate, privateKey: pair.privateKey }
  if (isDynamicCa) return served({ ...config, certificateSource: 'DYNAMIC_CA' })
  if (!hasAuthorities) return served(config)
  const root = new TextEncoder().encode(authorities.bundle)
  const isLax = planned.frontend?.validation.mode === 'AllowInsecureFallback'
  return served({ ...config, root, ...(isLax ? { mtlsMode: 'ALLOW_INSECURE_FALLBACK' } : {}) }, authorities.problem)
}

/** Where a reference to a Secret stands, for grants and messages. */
interface Holder {
  readonly from: GrantFrom
  readonly path: string
  readonly field: string
  readonly reason: Reason
}

function readKeyPair(ref: ObjectReference, holder: Holder, read: TlsReads): KeyPair | { readonly problem: TlsProblem } {
  const refused = (message: string, reason = holder.reason) => ({
    problem: { reason, path: holder.path, message, isAuthority: false },
  })
  const shown = `invalid certificate reference ${renderRef(ref)}`
  if ((ref.group ?? '') !== '' || (ref.kind || 'Secret') !== 'Secret')
    return refused(`${shown}, only secret is allowed`)
  const namespace = ref.namespace || holder.from.namespace
  const name = ref.name ?? ''
  const secret = read.secrets.get(nameKey(namespace, name))
  if (secret === undefined) return refused(`${shown}, secret not found`)
  const { 'tls.crt': crt, 'tls.key': key } = secret.data ?? {}
  if (typeof crt !== 'string' || typeof key !== 'string') {
    return refused(
      `${shown}, found secret, but didn't have expected keys (tls.crt and tls.key); found: ${listKeys(secret.data)}`,
    )
  }
  if (crt === '' || key === '') return refused(`${shown}, found keys "tls.crt" and "tls.key", but they were empty`)
  if (!isGranted(read.permissions, holder.from, { group: '', kind: 'Secret', namespace, name })) {
    return refused(notPermitted(`${holder.field} ${name}/${namespace}`, holder.from.namespace), 'RefNotPermitted')
  }
  return { certificate: Buffer.from(crt, 'base64'), privateKey: Buffer.from(key, 'base64') }
}

function readAuthorities(
  planned: PlannedListener,
  read: TlsReads,
): { bundle: string; problem: TlsProblem | undefined } {
  const usable: string[] = []
  let problem: TlsProblem | undefined
  for (const [i, ref] of authoritiesOf(planned).entries()) {
    const found = readAuthority(ref, planned.gatewayRef, read)
    if (typeof found === 'string') usable.push(found)
    else problem ??= { ...found, path: `${planned.frontend?.path}.caCertificateRefs[${i}]`, isAuthority: true }
  }
  return { bundle: usable.join('\n'), problem }
}

function readAuthority(
  ref: ObjectReference,
  from: GrantFrom,
  read: TlsReads,
): string | { readonly reason: Reason; readonly message: string } {
  const refused = (message: string, reason: Reason = 'InvalidCACertificateRef') => ({ reason, message })
  const shown = `invalid CA certificate reference`
  const kind = ref.kind ?? ''
  if ((ref.group ?? '') !== '' || (kind !== 'ConfigMap' && kind !== 'Secret')) {
    return refused(`${shown} ${renderRef(ref)}, only secret and configmap are allowed`, 'InvalidCACertificateKind')
  }
  const namespace = ref.namespace || from.namespace
  const name = ref.name ?? ''
  const object = (kind === 'Secret' ? read.secrets : read.configmaps).get(nameKey(namespace, name))
  if (object === undefined) return refused(`${shown}, ${kind.toLowerCase()} ${namespace}/${name} not found`)
  const value = object.data?.['ca.crt']
  if (typeof value !== 'string') {
    const keys = listKeys(object.data)
    return refused(
      `${shown} ${renderRef(ref)}, found ${kind.toLowerCase()}, but didn't have expected keys ca.crt; found: ${keys}`,
    )
  }
  if (value === '') return refused(`${shown} ${renderRef(ref)}, found key "ca.crt", but it was empty`)
  const bundle = kind === 'Secret' ? Buffer.from(value, 'base64').toString('utf8') : value
  if (readCertificates(bundle).certificates.length === 0) {
    return refused(`${shown} ${namespace}/${name}, the bundle is malformed`)
  }
  // Gateway API asks for a grant to the kind itself; a grant to Secret has been enough for ConfigMaps as well.
  const isPermitted = ['Secret', kind].some((to) =>
    isGranted(read.permissions, from, { group: '', kind: to, namespace, name }),
  )
  if (!isPermitted) {
    return refused(notPermitted(`caCertificateRef ${namespace}/${name}`, from.namespace), 'RefNotPermitted')
  }
  return bundle
}

function notPermitted(what: string, namespace: string): string {
  return `${what} not accessible to a Gateway in namespace "${namespace}" (missing a ReferenceGrant?)`
}

function renderRef({ group = '', kind = '', name = '', namespace = '' }: ObjectReference): string {
  return `${group}/${kind}/${name}.${namespace}`
}

function listKeys(data: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(data ?? {}).sort()
  const more = keys.length > 3 ? `, and ${keys.length - 3} more...` : ''
  return `${keys.slice(0, 3).join(', ')}${more}`
}

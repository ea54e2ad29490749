// TLS towards a server from which a key set is fetched: the settings that proxies would use towards the same backend,
// found in its own policies, in the AgentgatewayPolicy or else the BackendTLSPolicy that fits it best.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { type DocumentTls, hashOf } from '../core/documents.ts'
import { nameKey, type TypedRef } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import { type BackendTlsSpec, tls } from '../features/backend-policies/tls.ts'
import { tunnel } from '../features/backend-policies/tunnel.ts'
import { asDescribed } from '../features/shared/as-described.ts'
import { resolveCaCertificate } from '../features/shared/ca-bundle.ts'
import type { EndpointRef } from '../features/shared/context.ts'
import { itemsOf } from '../features/shared/lists.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy } from '../kube/gateway-types.ts'
import { textAt } from '../kube/lists.ts'
import type { KubeObject } from '../kube/object.ts'
import { nodeOf } from './reachability.ts'
import { secretIn } from './visible-secrets.ts'

/** What finding TLS settings reads. Both kinds of policies have the index `target`, see `jwksIndexes`. */
export interface JwksTlsReads {
  readonly agentgatewaybackends: Reader<AgentgatewayBackend>
  readonly agentgatewaypolicies: Reader<AgentgatewayPolicy>
  readonly backendtlspolicies: Reader<BackendTlsPolicy>
  readonly configmaps: Reader<ConfigMap>
  readonly secrets: Reader<Secret>
  readonly services: Reader<Service>
}

interface SectionRef {
  readonly kind?: string
  readonly name?: string
  readonly sectionName?: string
}

type Targeting = KubeObject & { readonly spec?: { readonly targetRefs?: readonly SectionRef[] } }

const targetNodes = (policy: Targeting): readonly string[] => [
  ...new Set(
    itemsOf(policy.spec?.targetRefs).map(({ kind, name }) =>
      nodeOf(kind ?? '', policy.metadata.namespace ?? '', name ?? ''),
    ),
  ),
]

/** Indexes that sources need for finding the policies of a target by its node. */
export const jwksIndexes = {
  agentgatewaypolicies: { target: targetNodes },
  backendtlspolicies: { target: targetNodes },
}

/** A server: a Service and one of its ports, or a backend as a whole. */
export interface Server extends TypedRef {
  readonly port?: number | undefined
  readonly backend?: AgentgatewayBackend
}

/** The TLS settings towards a server, none of which means plain HTTP, or why they cannot be used. */
export function serverTls(
  server: Server,
  read: JwksTlsReads,
): { readonly tls?: DocumentTls } | { readonly error: string } {
  const node = nodeOf(server.kind, server.namespace, server.name)
  const inline = server.backend && inlinePolicies(server.backend).tls
  if (inline !== undefined) return tlsOf(inline, server, read)
  const port = server.port === undefined ? undefined : String(server.port)
  const policy = best(read.agentgatewaypolicies.where('target', node), server, port === undefined ? [] : [port])
  const own = asDescribed(tls.schema, policy?.spec?.backend?.tls, '').value
  if (own !== undefined) return tlsOf(own, server, read)
  const names = server.backend === undefined ? portNames(server, read) : []
  const standard = best(read.backendtlspolicies.where('target', node), server, names)
  return standard === undefined ? {} : standardTls(standard, read)
}

/** The policies of a backend that fetching looks at. */
export function inlinePolicies(backend: AgentgatewayBackend): {
  readonly tls: BackendTlsSpec | undefined
  readonly tunnel: EndpointRef | undefined
} {
  // Any object can be asked for the fields; what is wrong in them is told where the backend is translated.
  const policies = backend.spec?.policies as { readonly tls?: unknown; readonly tunnel?: unknown } | undefined
  return {
    tls: asDescribed(tls.schema, policies?.tls, '').value,
    tunnel: asDescribed(tunnel.schema, policies?.tunnel, '').value,
  }
}

function portNames({ namespace, name, port }: Server, read: JwksTlsReads): readonly string[] {
  if (port === undefined) return []
  const ports = itemsOf(read.services.get(nameKey(namespace, name))?.spec?.ports)
  const named = ports.find((each) => each.port === port)?.name
  return named === undefined ? [String(port)] : [String(port), named]
}

// A policy for exactly this section goes before one for the whole object; then the older one, then by name.
function best<P extends Targeting>(policies: readonly P[], server: Server, sections: readonly string[]): P | undefined {
  let found: { readonly policy: P; readonly rank: string } | undefined
  for (const policy of policies) {
    const { creationTimestamp = '', namespace = '', name } = policy.metadata
    if (namespace !== server.namespace) continue
    for (const ref of itemsOf(policy.spec?.targetRefs)) {
      if (ref.kind !== server.kind || ref.name !== server.name) continue
      const isExact = ref.sectionName !== undefined && sections.includes(ref.sectionName)
      if (ref.sectionName !== undefined && !isExact) continue
      const rank = [isExact ? '0' : '1', creationTimestamp, namespace, name].join('\0')
      if (found === undefined || rank < found.rank) found = { policy, rank }
    }
  }
  return found?.policy
}

const VERIFICATIONS = { All: 'insecure', Hostname: 'hostname' } as const

function tlsOf(
  spec: BackendTlsSpec,
  server: Server,
  read: JwksTlsReads,
): { readonly tls: DocumentTls } | { readonly error: string } {
  const context = {
    owner: server,
    secret: (name: string) => secretIn(read.secrets, server.namespace, name),
    configMap: (name: string) => read.configmaps.get(nameKey(server.namespace, name)),
  }
  const parts: string[] = []
  const bundle: string[] = []
  for (const [i, ref] of itemsOf(spec.caCertificateRefs).entries()) {
    const { value, problems } = resolveCaCertificate(ref, context, `[${i}]`)
    if (value === undefined) return { error: problems.map(({ message }) => message).join('\n') }
    parts.push(ref.kind ?? 'ConfigMap', nameKey(server.namespace, ref.name), value)
    bundle.push(value)
  }
  const skipped = spec.insecureSkipVerify
  return {
    tls: {
      verification: skipped === undefined ? 'strict' : VERIFICATIONS[skipped],
      serverName: spec.sni ?? '',
      ...authorities(bundle, parts),
      protocols: [...itemsOf(spec.alpnProtocols)],
    },
  }
}

function standardTls(
  policy: BackendTlsPolicy,
  read: JwksTlsReads,
): { readonly tls: DocumentTls } | { readonly error: string } {
  const { namespace = '' } = policy.metadata
  const parts: string[] = []
  const bundle: string[] = []
  for (const { group = '', kind = '', name = '' } of itemsOf(policy.spec?.validation?.caCertificateRefs)) {
    if (group !== '' || kind !== 'ConfigMap') return { error: `unsupported CA certificate reference kind "${kind}"` }
    const key = nameKey(namespace, name)
    const pem = textAt(read.configmaps.get(key)?.data, 'ca.crt')
    if (pem === undefined) return { error: `ConfigMap ${key} not found` }
    parts.push(key, pem)
    bundle.push(pem)
  }
  return {
    tls: {
      verification: 'strict',
      serverName: policy.spec?.validation?.hostname ?? '',
      ...authorities(bundle, parts),
      protocols: [],
    },
  }
}

function authorities(
  bundle: readonly string[],
  parts: readonly string[],
): Pick<DocumentTls, 'authorities' | 'authoritiesHash'> {
  return bundle.length === 0
    ? { authoritiesHash: '' }
    : { authorities: bundle.join('\n'), authoritiesHash: hashOf(parts) }
}

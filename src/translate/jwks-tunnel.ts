// The proxy through which a key set is fetched: only the `tunnel` of the backend's own policies counts.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { DocumentRequest } from '../core/documents.ts'
import { nameKey } from '../core/keys.ts'
import { staticBackend } from '../features/backends/static.ts'
import { asDescribed } from '../features/shared/as-described.ts'
import type { EndpointRef } from '../features/shared/context.ts'
import { parseServiceUrl } from '../features/shared/urls.ts'
import type { FeatureScope } from './feature-context.ts'
import { inlinePolicies, serverTls } from './jwks-tls.ts'
import { AGENTGATEWAY_GROUP, serviceHostname } from './references.ts'

/** Where a static backend is: a host and port, or a socket of the proxy's machine. */
export interface StaticEndpoint {
  readonly host?: string
  readonly port?: number
  readonly unixPath?: string
}

/** The endpoint of a static backend; undefined for backends of other types. */
export function staticEndpoint(backend: AgentgatewayBackend): StaticEndpoint | undefined {
  return asDescribed(staticBackend.schema, backend.spec?.static, '').value
}

type Proxy = NonNullable<DocumentRequest['proxy']>

/** The proxy of a backend, if it has one, or why it cannot be used. */
export function resolveTunnel(
  backend: AgentgatewayBackend,
  { read, settings }: FeatureScope,
): Proxy | { readonly error: string } | undefined {
  const tunnel: EndpointRef | undefined = inlinePolicies(backend).tunnel
  if (tunnel?.url !== undefined) {
    const url = parseServiceUrl(tunnel.url)
    return 'error' in url ? url : { url: tunnel.url }
  }
  const ref = tunnel?.backendRef
  if (ref === undefined) return undefined
  const group = ref.group ?? ''
  const kind = ref.kind || 'Service'
  const namespace = ref.namespace || (backend.metadata.namespace ?? '')
  const key = nameKey(namespace, ref.name)
  if (group === '' && kind === 'Service') {
    if (!ref.port) return { error: `port is required for Service tunnel proxy backend ${ref.name}/${namespace}` }
    return { url: `http://${serviceHostname(namespace, ref.name, settings.clusterDomain)}:${ref.port}` }
  }
  if (group !== AGENTGATEWAY_GROUP || kind !== 'AgentgatewayBackend') {
    return { error: `unsupported backend kind ${group}.${kind} for tunnel proxy` }
  }
  const proxy = read.agentgatewaybackends.get(key)
  if (proxy === undefined) return { error: `tunnel proxy backend ${key} not found` }
  const endpoint = staticEndpoint(proxy)
  if (endpoint === undefined) return { error: `only static backends are supported for tunnel proxy; backend: ${key}` }
  if (endpoint.unixPath !== undefined) {
    return { error: `unix domain socket backends are not supported as tunnel proxies; backend: ${key}` }
  }
  const port = ref.port || endpoint.port
  if (!port) return { error: `port is required for TCP tunnel proxy backend: ${key}` }
  const tls = serverTls({ group, kind, namespace, name: ref.name, backend: proxy }, read)
  if ('error' in tls) return tls
  const scheme = tls.tls === undefined ? 'http' : 'https'
  return { url: `${scheme}://${endpoint.host}:${port}`, ...(tls.tls === undefined ? {} : { tls: tls.tls }) }
}

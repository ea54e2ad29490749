// Remote key sets: which document a policy's `jwks.remote` asks for, how it is to be reached, and what is known of it.
// The proxy never fetches: it receives what has been stored. How TLS towards the server is set up: jwks-tls.ts.
import { DOCUMENT_STORE, type DocumentRequest, documentKey, parseStored, storeName } from '../core/documents.ts'
import { nameKey, type TypedRef } from '../core/keys.ts'
import { type Outcome, ok } from '../core/problem.ts'
import type { BackendObjectRef, RemoteJwks } from '../features/shared/context.ts'
import { millisecondsOf } from '../features/shared/durations.ts'
import { flawed } from '../features/shared/flaws.ts'
import { parseServiceUrl } from '../features/shared/urls.ts'
import type { FeatureScope } from './feature-context.ts'
import { type JwksTlsReads, serverTls } from './jwks-tls.ts'
import { resolveTunnel, staticEndpoint } from './jwks-tunnel.ts'
import type { Demand } from './model.ts'
import { grantProblem } from './policy-grants.ts'
import { AGENTGATEWAY_GROUP, serviceHostname } from './references.ts'

/** What finding a key set reads. */
export type JwksReads = JwksTlsReads

/** Whose key set it is. */
export interface JwksOwner {
  readonly scope: FeatureScope
  readonly policyName: string
}

const DEFAULT_REFRESH_MS = 300_000

/** The request that a remote key set makes, whether or not it has been answered, and the key set once it has. */
export function resolveJwks(
  remote: RemoteJwks,
  path: string,
  owner: JwksOwner,
): { readonly demand: Demand | undefined; readonly document: Outcome<string> } {
  const { value: request, problems } = resolveRequest(remote, path, owner)
  if (request === undefined) return { demand: undefined, document: { value: undefined, problems } }
  const { read, settings, owner: requestedBy } = owner.scope
  const key = documentKey(request)
  const refreshMs = millisecondsOf(remote.cacheDuration) || DEFAULT_REFRESH_MS
  const demand: Demand = { key, ...request, refreshMs, requestedBy, path }
  const kept = read.configmaps.get(nameKey(settings.systemNamespace, storeName(key)))
  const stored = parseStored(kept?.data?.[DOCUMENT_STORE])
  const document =
    stored?.requestKey === key
      ? ok(stored.jwks)
      : flawed(path, `jwks keyset for "${request.url}" isn't available (not yet fetched or fetch failed)`)
  return { demand, document }
}

function resolveRequest(remote: RemoteJwks, path: string, owner: JwksOwner): Outcome<DocumentRequest> {
  if (remote.backendRef !== undefined) return resolveBackendRequest(remote.backendRef, remote, { path, owner })
  if (remote.url === undefined) return flawed(path, 'backendRef or url is required')
  const url = parseServiceUrl(remote.url)
  return 'error' in url ? flawed(`${path}.url`, url.error) : ok({ url: remote.url })
}

function resolveBackendRequest(
  ref: BackendObjectRef,
  { jwksPath = '' }: RemoteJwks,
  { path, owner: { scope, policyName } }: { readonly path: string; readonly owner: JwksOwner },
): Outcome<DocumentRequest> {
  const { owner, read, settings } = scope
  const at = `${path}.backendRef`
  for (const kind of grantKinds(owner)) {
    const refused = grantProblem(ref, at, { from: { ...owner, kind }, read, settings })
    if (refused !== undefined) return { value: undefined, problems: [refused] }
  }
  const group = ref.group ?? ''
  const kind = ref.kind || 'Service'
  const namespace = ref.namespace || owner.namespace
  const policy = nameKey(owner.namespace, policyName)
  const target = { group, kind, namespace, name: ref.name }
  const documentPath = jwksPath.replace(/^\//, '')
  if (group === '' && kind === 'Service') {
    const tls = serverTls({ ...target, port: ref.port }, read)
    if ('error' in tls) {
      return flawed(at, `error setting tls options; service ${ref.name}/${namespace}, policy: ${policy}, ${tls.error}`)
    }
    const host = serviceHostname(namespace, ref.name, settings.clusterDomain)
    const authority = ref.port ? `${host}:${ref.port}` : host
    return ok(requestOf(`${authority}/${documentPath}`, tls))
  }
  if (group === AGENTGATEWAY_GROUP && kind === 'AgentgatewayBackend') {
    const key = nameKey(namespace, ref.name)
    const backend = read.agentgatewaybackends.get(key)
    if (backend === undefined) return flawed(at, `backend ${key} not found, policy ${policy}`)
    const endpoint = staticEndpoint(backend)
    if (endpoint?.host === undefined) {
      return flawed(at, `only static backends are supported; backend: ${key}, policy: ${policy}`)
    }
    const tls = serverTls({ ...target, backend }, read)
    if ('error' in tls) {
      return flawed(at, `error setting tls options; backend: ${key}, policy: ${policy}, ${tls.error}`)
    }
    const proxy = resolveTunnel(backend, scope)
    if (proxy !== undefined && 'error' in proxy) {
      return flawed(at, `error resolving tunnel proxy for backend ${key}: ${proxy.error}`)
    }
    const request = requestOf(`${endpoint.host}:${endpoint.port}/${documentPath}`, tls)
    return ok(proxy === undefined ? request : { ...request, proxy })
  }
  return flawed(at, `unsupported backend kind ${group}.${kind} for policy ${policy}`)
}

function requestOf(rest: string, { tls }: { readonly tls?: DocumentRequest['tls'] }): DocumentRequest {
  return tls === undefined ? { url: `http://${rest}` } : { url: `https://${rest}`, tls }
}

// An inline policy is looked up as a policy and fetched for its backend; upstream asks for both grants.
function grantKinds({ kind }: TypedRef): readonly string[] {
  return kind === 'AgentgatewayPolicy' ? [kind] : [kind, 'AgentgatewayPolicy']
}

// AgentgatewayBackend → Backend resources of the gateways that need it, its status, and what it refers to. All or
// nothing: an object with any error is sent to nobody, since a backend without one of its policies could be one without
// its authentication. What the types and policies of backends become is decided in features/.
import type { AgentgatewayBackend } from '../api/backend.ts'
import { type GatewayKey, nameKey } from '../core/keys.ts'
import { ok, type Problem, rejected } from '../core/problem.ts'
import type { ForeignObject } from '../dialects/carried.ts'
import { serverAddress } from '../dialects/kmcp/mcp-server.ts'
import type { Reader } from '../engine/collection.ts'
import { misnamedTools } from '../features/backend-policies/mcp-names.ts'
import { backendPolicyReferences, translateBackendPolicies } from '../features/backend-policies/registry.ts'
import type { BackendBody, BackendContext } from '../features/backends/backend.ts'
import { backendTypeReferences, translateBackendType } from '../features/backends/registry.ts'
import type { ProviderContext } from '../features/providers/provider.ts'
import type { FeatureContext, LocatedRef } from '../features/shared/context.ts'
import type { Service } from '../kube/core-types.ts'
import { refOf } from '../kube/object.ts'
import type { Backend } from '../wire/messages.ts'
import type { McpAuthentication } from './mcp-logins.ts'
import { type McpReads, selectMcpPorts } from './mcp-targets.ts'
import type { ConditionDraft, ScopedResource, StatusDraft, Translation } from './model.ts'
import { type Link, nodeOf } from './reachability.ts'
import { INFERENCE_GROUP, type ReferenceScope, resolveBackend, serviceHostname } from './references.ts'

/** What backends read beyond what every feature may; `mcpServices` has the index `namespace`. */
export interface BackendReads extends McpReads {
  readonly services: Reader<Service>
  readonly mcpservers: Reader<ForeignObject>
}

/** Where a backend is sent, and with which login it has to be closed there until keys are known. */
export interface BackendReach {
  readonly gateways: readonly GatewayKey[]
  readonly closedLogin?: (gateway: GatewayKey) => McpAuthentication | undefined
}

/** Translates a backend for the gateways that need it; `context` is made by `backendContext`. */
export function translateBackend(
  backend: AgentgatewayBackend,
  context: BackendContext,
  { gateways, closedLogin = () => undefined }: BackendReach,
): Translation {
  const object = refOf(backend)
  const spec = backend.spec ?? {}
  const policies = translateBackendPolicies(spec.policies ?? {}, context, 'spec.policies')
  const body = translateBackendType(spec, context, 'spec')
  const misnamed = misnamedTools(spec.policies, 'spec.policies', mcpTargetNames(body.value))
  const problems = [...policies.problems, ...body.problems, ...misnamed].map(asTranslationError)
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  const status = statusOf(backend, errors, body.value?.hint)
  if (errors.length > 0 || body.value === undefined) return { object, resources: [], status, problems }
  const { arm, policies: first = [], parts = [], remark } = body.value
  const { namespace, name } = object
  const key = nameKey(namespace, name)
  const partBackends = parts.map(
    (part): Backend => ({
      ...part.arm,
      key: `${key}/${part.part}`,
      name: { namespace, name },
      inlinePolicies: [...part.inlinePolicies],
    }),
  )
  const inline = policies.policies.map(({ spec }) => spec)
  const canLogIn = arm.mcp !== undefined && inline.every(({ mcpAuthentication }) => mcpAuthentication === undefined)
  const whole: Backend = { ...arm, key, name: { namespace, name }, inlinePolicies: [...first, ...inline] }
  const resources = gateways.flatMap((gateway) => {
    const login = canLogIn ? closedLogin(gateway) : undefined
    const own = login === undefined ? whole : closedBy(login, whole)
    return [...partBackends, own].map(
      (content): ScopedResource => ({ gateway, resource: { kind: 'backend', backend: content }, owners: [object] }),
    )
  })
  return { object, resources, status, problems, ...(remark === undefined ? {} : { remark }) }
}

function closedBy(mcpAuthentication: McpAuthentication, backend: Backend): Backend {
  return { ...backend, inlinePolicies: [...(backend.inlinePolicies ?? []), { mcpAuthentication }] }
}

// Selected targets are known once Services have been found; their names are those on the wire.
function mcpTargetNames(body: BackendBody | undefined): readonly string[] {
  return (body?.arm.mcp?.targets ?? []).flatMap(({ name }) => name ?? [])
}

/** Everything a backend uses, whether or not it may or can: wherever the backend is needed, that is. */
export function backendLinks(backend: AgentgatewayBackend): readonly Link[] {
  const { namespace, name } = refOf(backend)
  const spec = backend.spec ?? {}
  const refs = [
    ...backendPolicyReferences(spec.policies ?? {}, 'spec.policies'),
    ...backendTypeReferences(spec, 'spec'),
  ]
  const from = nodeOf('AgentgatewayBackend', namespace, name)
  const nodes = new Set(refs.map((located) => referencedNode(located, namespace)))
  return [...nodes].map((to) => ({ key: `${from}>${to}`, from, to }))
}

/** The node that a reference in an object of `namespace` leads to. */
export function referencedNode({ ref }: LocatedRef, namespace: string): string {
  // An unchecked object may write `backendRef: null`.
  return nodeOf(ref?.kind || 'Service', ref?.namespace || namespace, ref?.name ?? '')
}

/** What a backend may ask for: everything that every feature may, its provider's target, and MCP servers. */
export function backendContext(features: FeatureContext, scope: ReferenceScope, read: BackendReads): BackendContext {
  const { namespace } = features.owner
  const { clusterDomain } = scope.settings
  return {
    ...features,
    ...providerContext(scope),
    mcpPorts: (selector, path) => selectMcpPorts(selector, path, { namespace, clusterDomain, read }),
    mcpService: (name, port, path) => {
      if (name === '') return rejected('TranslationError', path, 'mcp backendRef name is required')
      if (read.services.get(nameKey(namespace, name)) === undefined)
        return rejected('TranslationError', path, `mcp backendRef service ${nameKey(namespace, name)} not found`)
      const hostname = serviceHostname(namespace, name, clusterDomain)
      return { value: { service: { hostname, namespace }, port }, problems: [] }
    },
    mcpServer: (name, port, path) => {
      const server = read.mcpservers.get(nameKey(namespace, name))
      if (server === undefined)
        return rejected('TranslationError', path, `mcp backendRef MCPServer ${nameKey(namespace, name)} not found`)
      const address = serverAddress(server)
      if (address.port !== port)
        return rejected('TranslationError', `${path}.port`, `MCPServer ${name} has port ${address.port}, not ${port}`)
      // Its Service may not be there yet; the reference is the same once it is.
      const hostname = serviceHostname(namespace, name, clusterDomain)
      return ok({ reference: { service: { hostname, namespace }, port }, path: address.path })
    },
  }
}

/** What a provider may ask for. */
export function providerContext(scope: ReferenceScope): ProviderContext {
  return {
    providerBackend: (ref, path) => {
      const group = ref.group ?? ''
      const kind = ref.kind || 'Service'
      const isTarget = (group === '' && kind === 'Service') || (group === INFERENCE_GROUP && kind === 'InferencePool')
      return isTarget
        ? resolveBackend({ ...ref, namespace: undefined }, path, scope)
        : rejected('InvalidKind', path, 'custom provider backendRef may target only Service or InferencePool')
    },
  }
}

function asTranslationError(problem: Problem): Problem {
  return { ...problem, reason: 'TranslationError' }
}

function statusOf(backend: AgentgatewayBackend, errors: readonly Problem[], hint: string | undefined): StatusDraft {
  const message = `Backend successfully accepted${hint === undefined ? '' : `; ${hint}`}`
  const failure = `failed to translate backend: ${errors.map(({ message }) => message).join('\n')}`
  const accepted: ConditionDraft =
    errors.length > 0
      ? { type: 'Accepted', status: 'False', reason: 'TranslationError', message: failure }
      : { type: 'Accepted', status: 'True', reason: 'Accepted', message }
  return {
    object: refOf(backend),
    apiVersion: backend.apiVersion,
    generation: backend.metadata.generation ?? 0,
    body: { shape: 'conditions', conditions: [accepted] },
  }
}

// Writing objects of our own kinds: names of groups and versions, and leaving out what is not set.
import type { Json, JsonObject } from '../kube/json.ts'
import { type ForeignObject, type MadeObject, madeMetadata } from './carried.ts'

/** Group of our own kinds. */
export const OURS = 'agentgateway.dev'
/** Group of Gateways and routes. */
export const GATEWAY_API = 'gateway.networking.k8s.io'

const VERSIONS = {
  AgentgatewayBackend: `${OURS}/v1alpha1`,
  AgentgatewayPolicy: `${OURS}/v1alpha1`,
  AgentgatewayParameters: `${OURS}/v1alpha1`,
  Gateway: `${GATEWAY_API}/v1`,
  HTTPRoute: `${GATEWAY_API}/v1`,
} as const

/** An object without the fields that are not set. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** The object itself, unless it has no fields. */
export function unlessEmpty(fields: JsonObject): JsonObject | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields
}

/** An object that stands for `from`. */
export function make(
  kind: keyof typeof VERSIONS,
  from: ForeignObject,
  content: { readonly name?: string; readonly spec: JsonObject; readonly paths?: MadeObject['paths'] },
): MadeObject {
  const metadata = madeMetadata(from, content.name)
  return { object: { apiVersion: VERSIONS[kind], kind, metadata, spec: content.spec }, paths: content.paths ?? [] }
}

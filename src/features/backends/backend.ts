// What a type of backend consists of: the schema of its field, what it refers to, and what it becomes on the wire.
// Keys, names, top-level policies and gateways are the same for all types and are decided in translate/.
import type { Outcome } from '../../core/problem.ts'
import type { LabelSelector } from '../../kube/object.ts'
import type { Backend, BackendPolicySpec, BackendReference } from '../../wire/messages.ts'
import type { ProviderContext } from '../providers/provider.ts'
import type { FeatureContext } from '../shared/context.ts'
import { type Variant, variants } from '../shared/variant.ts'

/** One port of a Service that speaks MCP, as a target of an MCP backend. */
export interface McpPort {
  readonly name: string
  readonly reference: BackendReference
  readonly path: string
  readonly protocol: 'SSE' | 'STREAMABLE_HTTP'
}

/** Which Services an MCP target selects. */
export interface McpSelector {
  readonly namespaces?: LabelSelector | undefined
  readonly services?: LabelSelector | undefined
}

/** What a backend may ask for beyond what every feature may. */
export interface BackendContext extends FeatureContext, ProviderContext {
  /** The MCP ports of the Services that a selector matches, by namespace and name. */
  mcpPorts(selector: McpSelector, path: string): Outcome<readonly McpPort[]>
  /** A Service of the backend's own namespace, as an MCP target. */
  mcpService(name: string, port: number, path: string): Outcome<BackendReference>
  /** An MCPServer of the backend's own namespace, as an MCP target, and the path at which it answers. */
  mcpServer(
    name: string,
    port: number,
    path: string,
  ): Outcome<{ readonly reference: BackendReference; readonly path: string }>
}

/** The one arm of the wire's backend that its type decides. */
export type BackendArm = Omit<Backend, 'key' | 'name' | 'inlinePolicies'>

/** A backend of its own that a part of this one needs; its key is the backend's with `/part` behind. */
export interface PartBackend {
  readonly part: string
  readonly arm: BackendArm
  readonly inlinePolicies: readonly BackendPolicySpec[]
}

/** What a type of backend becomes. */
export interface BackendBody {
  readonly arm: BackendArm
  /** Policies in front of those of `spec.policies`. */
  readonly policies?: readonly BackendPolicySpec[]
  readonly parts?: readonly PartBackend[]
  /** What selectors found, in a few words. */
  readonly remark?: string
  /** What had better be written another way. */
  readonly hint?: string
}

/** A type of backend. */
export type BackendType = Variant<BackendContext, BackendBody>

/** Makes a type of backend of its parts. */
export const backendType = variants<BackendContext, BackendBody>()

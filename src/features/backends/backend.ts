// What a type of backend consists of: the schema of its field, what it refers to, and what it becomes on the wire.
// Keys, names, top-level policies and gateways are the same for all types and are decided in translate/.
import type { Static, TSchema } from 'typebox'
import type { Outcome } from '../../core/problem.ts'
import type { LabelSelector } from '../../kube/object.ts'
import type { Backend, BackendPolicySpec, BackendReference } from '../../wire/messages.ts'
import type { ProviderContext } from '../providers/provider.ts'
import { asDescribed } from '../shared/as-described.ts'
import type { FeatureContext, LocatedRef } from '../shared/context.ts'

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

interface BackendFeature<F extends string, S extends TSchema> {
  readonly field: F
  readonly schema: S
  readonly references?: (spec: Static<S>, path: string) => readonly LocatedRef[]
  readonly translate: (spec: Static<S>, ctx: BackendContext, path: string) => Outcome<BackendBody>
}

/** A type of backend, and its functions as seen by code that does not know which type it has. */
export interface BackendType<F extends string = string, S extends TSchema = TSchema> {
  readonly field: F
  readonly schema: S
  readonly translate: BackendFeature<F, S>['translate']
  /** What this type's field refers to; nothing while the field is unset. */
  referencesIn(owner: object, path: string): readonly LocatedRef[]
  /** Translates this type's field of `owner`; undefined while it is unset. */
  translateIn(owner: object, ctx: BackendContext, path: string): Outcome<BackendBody> | undefined
}

/** Makes a type of backend of its parts. */
export function backendType<const F extends string, S extends TSchema>(
  feature: BackendFeature<F, S>,
): BackendType<F, S> {
  // Any object can be asked for any property.
  const specOf = (owner: object, path: string): Outcome<Static<S>> =>
    asDescribed(feature.schema, (owner as Readonly<Record<string, unknown>>)[feature.field], path)
  return {
    field: feature.field,
    schema: feature.schema,
    translate: feature.translate,
    referencesIn(owner, path) {
      const at = `${path}.${feature.field}`
      const { value: spec } = specOf(owner, at)
      return spec === undefined ? [] : (feature.references?.(spec, at) ?? [])
    },
    translateIn(owner, ctx, path) {
      const at = `${path}.${feature.field}`
      const { value: spec, problems } = specOf(owner, at)
      if (spec === undefined) return problems.length === 0 ? undefined : { value: undefined, problems }
      const translated = feature.translate(spec, ctx, at)
      return { value: translated.value, problems: [...problems, ...translated.problems] }
    },
  }
}

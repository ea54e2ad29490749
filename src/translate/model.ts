// What translators hand to the rest of the program: resources for gateways, and drafts of statuses. One value of one
// function call carries both, so that the wire and the status of an object can never disagree.
import type { DocumentRequest } from '../core/documents.ts'
import type { GatewayKey, TypedRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import type { WireAddress, WireResource } from '../wire/messages.ts'

/** A resource for one gateway's proxies, and the objects it was made from, most specific first. */
export interface ScopedResource {
  readonly gateway: GatewayKey
  readonly resource: WireResource
  readonly owners: readonly TypedRef[]
  /** Proxies would refuse it as it is, so it is shown and not sent. */
  readonly isWithheld?: true
}

/** An address; every proxy receives all of them. */
export interface OwnedAddress {
  readonly address: WireAddress
  readonly owners: readonly TypedRef[]
}

/** A condition without time and observedGeneration: those are the status merge's to decide. */
export interface ConditionDraft {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

/** A parentRef or ancestorRef as it appears in a status: already defaulted, in the order it prints. */
export interface ParentRefStatus {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly sectionName?: string
  readonly port?: number
}

/** One entry of `status.parents` or `status.ancestors`. */
export interface ParentStatusDraft {
  readonly ref: ParentRefStatus
  readonly conditions: readonly ConditionDraft[]
}

/** One entry of `status.listeners` of a Gateway or ListenerSet. */
export interface ListenerStatusDraft {
  readonly name: string
  readonly attachedRoutes: number
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[]
  readonly conditions: readonly ConditionDraft[]
}

/** What we want to say in an object's status; `status/merge.ts` makes the next status out of it and the live one. */
export type StatusBody =
  | {
      readonly shape: 'gatewayclass'
      readonly conditions: readonly ConditionDraft[]
      readonly supportedFeatures?: readonly string[]
    }
  | {
      readonly shape: 'gateway'
      readonly conditions: readonly ConditionDraft[]
      readonly listeners: readonly ListenerStatusDraft[]
      readonly attachedListenerSets: number
      /** Absent: not known here, so the live ones stand. */
      readonly addresses?: readonly { readonly type: string; readonly value: string }[]
      /** Absent: nobody here has deployed it, so what the live status says of its deployment stands. */
      readonly isDeploymentKnown?: boolean
    }
  | {
      readonly shape: 'listenerset'
      readonly conditions: readonly ConditionDraft[]
      readonly listeners: readonly ListenerStatusDraft[]
    }
  /** Routes and AgentgatewayModel: `parents`, each with our controllerName. */
  | { readonly shape: 'route'; readonly parents: readonly ParentStatusDraft[] }
  /** AgentgatewayPolicy and BackendTLSPolicy: `ancestors`, each with our controllerName, at most 16. */
  | { readonly shape: 'policy'; readonly ancestors: readonly ParentStatusDraft[] }
  /** InferencePool. */
  | { readonly shape: 'inferencepool'; readonly parents: readonly ParentStatusDraft[] }
  /** AgentgatewayBackend and other kinds with conditions only. */
  | {
      readonly shape: 'conditions'
      readonly conditions: readonly ConditionDraft[]
      /** What the status has besides conditions. */
      readonly fields?: Readonly<Record<string, unknown>>
    }

/** The status draft of one object. */
export interface StatusDraft {
  readonly object: TypedRef
  readonly apiVersion: string
  readonly generation: number
  readonly body: StatusBody
}

/** A remote document that a translation needs; it comes back as one more object (a ConfigMap). */
export interface Demand extends DocumentRequest {
  /** Stable key of the request; equal requests of several objects share one document. */
  readonly key: string
  /** How often it is fetched; the shortest of several demands counts. */
  readonly refreshMs: number
  readonly requestedBy: TypedRef
  /** Field of the object that asks for it. */
  readonly path: string
}

/** Everything one object was translated into. */
export interface Translation {
  readonly object: TypedRef
  readonly resources: readonly ScopedResource[]
  /** Absent for kinds without a status of ours. */
  readonly status?: StatusDraft
  readonly demands?: readonly Demand[]
  /** What else it came to, in a few words, for objects of other projects that it stands for. */
  readonly remark?: string
  /** What the commands and logs report with file and line, beyond what conditions say. */
  readonly problems: readonly Problem[]
}

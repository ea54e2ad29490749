// Istio's kinds that describe services and workloads outside Kubernetes, as far as anything reads them.
import type { KubeObject } from './object.ts'

/** Where a workload outside of Kubernetes is; the spec of a WorkloadEntry, and an endpoint of a ServiceEntry. */
export interface WorkloadEndpoint {
  readonly address?: string
  readonly ports?: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
  readonly network?: string
  readonly locality?: string
  readonly weight?: number
  readonly serviceAccount?: string
}

/** networking.istio.io/v1 WorkloadEntry. */
export interface WorkloadEntry extends KubeObject {
  readonly spec?: WorkloadEndpoint
}

/** One port of a ServiceEntry. */
export interface ServiceEntryPort {
  readonly number?: number
  readonly name?: string
  readonly protocol?: string
  readonly targetPort?: number
}

/** networking.istio.io/v1 ServiceEntry. */
export interface ServiceEntry extends KubeObject {
  readonly spec?: {
    readonly hosts?: readonly string[]
    readonly addresses?: readonly string[]
    readonly ports?: readonly ServiceEntryPort[]
    readonly location?: string
    readonly resolution?: string
    readonly endpoints?: readonly WorkloadEndpoint[]
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> }
    readonly subjectAltNames?: readonly string[]
  }
  readonly status?: { readonly addresses?: readonly { readonly value?: string; readonly host?: string }[] }
}

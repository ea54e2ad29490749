// Core Kubernetes kinds, as far as anything reads them. Fields are optional because folders are not an API server.
import type { KubeObject } from './object.ts'

/** v1 Namespace. */
export type Namespace = KubeObject

/** v1 Node; only its topology labels are read. */
export type Node = KubeObject

/** One port of a Service. */
export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly protocol?: string
  readonly targetPort?: number | string
  readonly appProtocol?: string
}

/** v1 Service. */
export interface Service extends KubeObject {
  readonly spec?: {
    readonly type?: string
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly ipFamilies?: readonly string[]
    readonly externalName?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly ServicePort[]
    readonly internalTrafficPolicy?: string
    readonly trafficDistribution?: string
    readonly publishNotReadyAddresses?: boolean
  }
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] }
  }
}

/** discovery.k8s.io/v1 EndpointSlice. */
export interface EndpointSlice extends KubeObject {
  readonly addressType?: string
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[]
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean }
    readonly targetRef?: {
      readonly kind?: string
      readonly namespace?: string
      readonly name?: string
      readonly uid?: string
    }
    readonly nodeName?: string
    readonly zone?: string
    readonly hostname?: string
  }[]
  readonly ports?: readonly {
    readonly name?: string
    readonly port?: number
    readonly protocol?: string
    readonly appProtocol?: string
  }[]
}

/** v1 Secret; `data` values are base64. */
export interface Secret extends KubeObject {
  readonly type?: string
  readonly data?: Readonly<Record<string, string>>
}

/** v1 ConfigMap. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly binaryData?: Readonly<Record<string, string>>
}

/** One container of a Pod, as far as named ports are resolved. */
export interface Container {
  readonly name?: string
  readonly restartPolicy?: string
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number; readonly protocol?: string }[]
}

/** v1 Pod. */
export interface Pod extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly generateName?: string }
  readonly spec?: {
    readonly nodeName?: string
    readonly serviceAccountName?: string
    readonly hostNetwork?: boolean
    readonly containers?: readonly Container[]
    readonly initContainers?: readonly Container[]
  }
  readonly status?: {
    readonly phase?: string
    readonly podIP?: string
    readonly podIPs?: readonly { readonly ip?: string }[]
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[]
  }
}

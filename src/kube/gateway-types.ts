// Gateway API kinds of the listening side, as far as anything reads them. Fields are optional wherever a folder of
// manifests may lack them: the API server has not always been asked.
import type { KubeObject, LabelSelector } from './object.ts'

/** A reference to an object, with the parts a Gateway API field may leave out. */
export interface ObjectReference {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name?: string
}

/** v1 GatewayClass. */
export interface GatewayClass extends KubeObject {
  readonly spec?: {
    readonly controllerName?: string
    readonly description?: string
    readonly parametersRef?: ObjectReference
  }
}

/** Which namespaces something is open to. */
export interface NamespaceScope {
  readonly from?: string
  readonly selector?: LabelSelector
}

/** `tls` of a listener. */
export interface ListenerTls {
  readonly mode?: string
  readonly certificateRefs?: readonly ObjectReference[]
  readonly options?: Readonly<Record<string, string>>
}

/** One listener of a Gateway, and equally one entry of a ListenerSet. */
export interface Listener {
  readonly name: string
  readonly hostname?: string
  readonly port?: number
  readonly protocol?: string
  readonly tls?: ListenerTls
  readonly allowedRoutes?: {
    readonly namespaces?: NamespaceScope
    readonly kinds?: readonly { readonly group?: string; readonly kind?: string }[]
  }
}

/** How clients' certificates are checked. */
export interface FrontendValidation {
  readonly caCertificateRefs?: readonly ObjectReference[]
  readonly mode?: string
}

/** Client certificate validation of the listeners of a Gateway. */
export interface FrontendTls {
  readonly default?: { readonly validation?: FrontendValidation }
  readonly perPort?: readonly { readonly port?: number; readonly tls?: { readonly validation?: FrontendValidation } }[]
}

/** One entry of a Gateway's `spec.addresses` or `status.addresses`. */
export interface GatewayAddress {
  readonly type?: string
  readonly value?: string
}

/** v1 Gateway. */
export interface Gateway extends KubeObject {
  readonly spec?: {
    readonly gatewayClassName?: string
    readonly listeners?: readonly Listener[]
    readonly addresses?: readonly GatewayAddress[]
    readonly infrastructure?: {
      readonly labels?: Readonly<Record<string, string>>
      readonly annotations?: Readonly<Record<string, string>>
      readonly parametersRef?: ObjectReference
    }
    readonly allowedListeners?: { readonly namespaces?: NamespaceScope }
    readonly tls?: {
      readonly frontend?: FrontendTls
      readonly backend?: { readonly clientCertificateRef?: ObjectReference }
    }
  }
}

/** v1 ListenerSet. */
export interface ListenerSet extends KubeObject {
  readonly spec?: {
    readonly parentRef?: ObjectReference
    readonly listeners?: readonly Listener[]
  }
}

/** v1beta1 ReferenceGrant. */
export interface ReferenceGrant extends KubeObject {
  readonly spec?: {
    readonly from?: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[]
    readonly to?: readonly { readonly group?: string; readonly kind: string; readonly name?: string }[]
  }
}

/** v1 BackendTLSPolicy. */
export interface BackendTlsPolicy extends KubeObject {
  readonly spec?: {
    readonly targetRefs?: readonly {
      readonly group?: string
      readonly kind?: string
      readonly name?: string
      readonly sectionName?: string
    }[]
    readonly validation?: {
      readonly caCertificateRefs?: readonly ObjectReference[]
      readonly wellKnownCACertificates?: string
      readonly hostname?: string
      readonly subjectAltNames?: readonly {
        readonly type?: string
        readonly hostname?: string
        readonly uri?: string
      }[]
    }
    readonly options?: Readonly<Record<string, string>>
  }
}

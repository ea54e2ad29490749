// Routes of the Gateway API, and InferencePool, as far as anything reads them. Fields are optional wherever a folder of
// manifests may leave out what an API server would have filled in.
import type { KubeObject, LabelSelector } from './object.ts'

/** A reference from a route to what it attaches to. */
export interface ParentRef {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly sectionName?: string
  readonly port?: number
}

/** A reference to something that receives traffic. */
export interface BackendRef {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly port?: number
}

/** One header of a header modifier. */
export interface HeaderValue {
  readonly name: string
  readonly value: string
}

/** Changes of request or response headers. */
export interface HeaderFilter {
  readonly add?: readonly HeaderValue[]
  readonly set?: readonly HeaderValue[]
  readonly remove?: readonly string[]
}

/** What becomes of the path in a redirect or rewrite. */
export interface PathModifier {
  readonly type?: string
  readonly replaceFullPath?: string
  readonly replacePrefixMatch?: string
}

/** `requestRedirect`. */
export interface RedirectFilter {
  readonly scheme?: string
  readonly hostname?: string
  readonly path?: PathModifier
  readonly port?: number
  readonly statusCode?: number
}

/** `urlRewrite`. */
export interface RewriteFilter {
  readonly hostname?: string
  readonly path?: PathModifier
}

/** `requestMirror`. */
export interface MirrorFilter {
  readonly backendRef?: BackendRef
  readonly percent?: number
  readonly fraction?: { readonly numerator?: number; readonly denominator?: number }
}

/** `cors`. */
export interface CorsFilter {
  readonly allowCredentials?: boolean
  readonly allowHeaders?: readonly string[]
  readonly allowMethods?: readonly string[]
  readonly allowOrigins?: readonly string[]
  readonly exposeHeaders?: readonly string[]
  readonly maxAge?: number
}

/** `externalAuth`. */
export interface ExternalAuthFilter {
  readonly protocol?: string
  readonly backendRef?: BackendRef
  readonly grpc?: { readonly allowedHeaders?: readonly string[] }
  readonly http?: {
    readonly path?: string
    readonly allowedHeaders?: readonly string[]
    readonly allowedResponseHeaders?: readonly string[]
  }
  readonly forwardBody?: { readonly maxSize?: number }
}

/** A filter of an HTTPRoute or GRPCRoute; the field that `type` names is the one that counts. */
export interface RouteFilter {
  readonly type?: string
  readonly requestHeaderModifier?: HeaderFilter
  readonly responseHeaderModifier?: HeaderFilter
  readonly requestRedirect?: RedirectFilter
  readonly urlRewrite?: RewriteFilter
  readonly requestMirror?: MirrorFilter
  readonly cors?: CorsFilter
  readonly externalAuth?: ExternalAuthFilter
  readonly extensionRef?: { readonly group?: string; readonly kind?: string; readonly name?: string }
}

/** A backend of a rule with its share of the traffic. */
export interface WeightedBackendRef extends BackendRef {
  readonly weight?: number
  readonly filters?: readonly RouteFilter[]
}

/** A header or query parameter to match. */
export interface ValueMatch {
  readonly type?: string
  readonly name: string
  readonly value?: string
}

/** What a request must be like for a rule of an HTTPRoute. */
export interface HttpRouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string }
  readonly headers?: readonly ValueMatch[]
  readonly queryParams?: readonly ValueMatch[]
  readonly method?: string
}

/** A rule of any route. */
export interface AnyRouteRule {
  readonly name?: string
  readonly backendRefs?: readonly WeightedBackendRef[]
  readonly filters?: readonly RouteFilter[]
  readonly sessionPersistence?: object
}

/** A rule of an HTTPRoute. */
export interface HttpRouteRule extends AnyRouteRule {
  readonly matches?: readonly HttpRouteMatch[]
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string }
  readonly retry?: {
    readonly attempts?: number
    readonly codes?: readonly number[]
    readonly backoff?: string
  }
}

/** What a call must be like for a rule of a GRPCRoute. */
export interface GrpcRouteMatch {
  readonly method?: { readonly type?: string; readonly service?: string; readonly method?: string }
  readonly headers?: readonly ValueMatch[]
}

/** A rule of a GRPCRoute. */
export interface GrpcRouteRule extends AnyRouteRule {
  readonly matches?: readonly GrpcRouteMatch[]
}

/** What all routes have in common. */
export interface RouteObject<R extends AnyRouteRule = AnyRouteRule> extends KubeObject {
  readonly spec?: {
    readonly parentRefs?: readonly ParentRef[]
    /** Absent on TCPRoutes. */
    readonly hostnames?: readonly string[]
    readonly rules?: readonly R[]
  }
}

/** gateway.networking.k8s.io/v1 HTTPRoute. */
export type HttpRoute = RouteObject<HttpRouteRule>

/** gateway.networking.k8s.io/v1 GRPCRoute. */
export type GrpcRoute = RouteObject<GrpcRouteRule>

/** gateway.networking.k8s.io/v1 TCPRoute. */
export type TcpRoute = RouteObject

/** gateway.networking.k8s.io/v1 TLSRoute. */
export type TlsRoute = RouteObject

/** gateway.kgateway.dev/v1alpha1 DirectResponse: what a filter answers with. */
export interface DirectResponse extends KubeObject {
  readonly spec?: { readonly status?: number; readonly body?: string }
}

/** inference.networking.k8s.io/v1 InferencePool. */
export interface InferencePool extends KubeObject {
  readonly spec?: {
    readonly appProtocol?: string
    readonly selector?: LabelSelector
    readonly targetPorts?: readonly { readonly number?: number }[]
    readonly endpointPickerRef?: {
      readonly group?: string
      readonly kind?: string
      readonly name?: string
      readonly port?: { readonly number?: number }
      readonly failureMode?: string
    }
  }
}

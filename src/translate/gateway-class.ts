// Status of the GatewayClasses that name our controller. Creating our own class is the deployer's.
// (spec: Gateway API, GatewayClass status)
import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import { refOf } from '../kube/object.ts'
import type { Translation } from './model.ts'
import { GATEWAY_GROUP } from './parents.ts'
import type { TranslateSettings } from './settings.ts'

/** What the conformance suite may hold us to, in byte order. Mesh and UDPRoute are not among it. */
export const SUPPORTED_FEATURES: readonly string[] = Object.freeze([
  'BackendTLSPolicy',
  'BackendTLSPolicySANValidation',
  'GRPCRoute',
  'GRPCRouteNamedRouteRule',
  'Gateway',
  'GatewayAddressEmpty',
  'GatewayBackendClientCertificate',
  'GatewayFrontendClientCertificateValidation',
  'GatewayFrontendClientCertificateValidationInsecureFallback',
  'GatewayHTTPListenerIsolation',
  'GatewayHTTPSListenerDetectMisdirectedRequests',
  'GatewayInfrastructurePropagation',
  'GatewayPort8080',
  'GatewayStaticAddresses',
  'HTTPRoute',
  'HTTPRoute303RedirectStatusCode',
  'HTTPRoute307RedirectStatusCode',
  'HTTPRoute308RedirectStatusCode',
  'HTTPRouteBackendProtocolH2C',
  'HTTPRouteBackendProtocolWebSocket',
  'HTTPRouteBackendRequestHeaderModification',
  'HTTPRouteBackendTimeout',
  'HTTPRouteCORS',
  'HTTPRouteDestinationPortMatching',
  'HTTPRouteHostRewrite',
  'HTTPRouteMethodMatching',
  'HTTPRouteNamedRouteRule',
  'HTTPRouteParentRefPort',
  'HTTPRoutePathRedirect',
  'HTTPRoutePathRewrite',
  'HTTPRoutePortRedirect',
  'HTTPRouteQueryParamMatching',
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
  'HTTPRouteRequestTimeout',
  'HTTPRouteResponseHeaderModification',
  'HTTPRouteRetry',
  'HTTPRouteRetryBackendTimeout',
  'HTTPRouteRetryConnectionError',
  'HTTPRouteSchemeRedirect',
  'ListenerSet',
  'ReferenceGrant',
  'TCPRoute',
  'TLSRoute',
  'TLSRouteModeMixed',
  'TLSRouteModeTerminate',
])

/** Accepts a class that names our controller; only the class we create ourselves lists features. */
export function translateGatewayClass(gatewayClass: GatewayClass, settings: TranslateSettings): readonly Translation[] {
  if (gatewayClass.spec?.controllerName !== settings.controllerName) return []
  const { name, generation = 0 } = gatewayClass.metadata
  const object = { group: GATEWAY_GROUP, kind: 'GatewayClass', namespace: '', name }
  return [
    {
      object,
      resources: [],
      status: {
        object,
        apiVersion: gatewayClass.apiVersion,
        generation,
        body: {
          shape: 'gatewayclass',
          conditions: [
            {
              type: 'Accepted',
              status: 'True',
              reason: 'Accepted',
              message: 'GatewayClass accepted by agentgateway controller',
            },
          ],
          ...(name === settings.className ? { supportedFeatures: SUPPORTED_FEATURES } : {}),
        },
      },
      problems: [],
    },
  ]
}

/** A Gateway whose class is nobody's serves nothing, and no status says so: only its author can be told. */
export function classlessGateway(gateway: Gateway, classes: Reader<GatewayClass>): readonly Translation[] {
  const name = gateway.spec?.gatewayClassName ?? ''
  if (classes.get(name) !== undefined) return []
  const problem: Problem = {
    reason: 'Pending',
    path: 'spec.gatewayClassName',
    message: `there is no GatewayClass ${name}: create it, or name one that exists`,
    severity: 'warning',
  }
  return [{ object: refOf(gateway), resources: [], problems: [problem] }]
}

// The messages that translators build, under short names: a nested message is its parents' names in a row. Which bytes
// they become is decided in encode.ts.
import type { Backend } from './gen/agentgateway/dev/resource/Backend.ts'
import type { Bind } from './gen/agentgateway/dev/resource/Bind.ts'
import type { Listener } from './gen/agentgateway/dev/resource/Listener.ts'
import type { ModelRoute } from './gen/agentgateway/dev/resource/ModelRoute.ts'
import type { Policy } from './gen/agentgateway/dev/resource/Policy.ts'
import type { Route } from './gen/agentgateway/dev/resource/Route.ts'
import type { TCPRoute } from './gen/agentgateway/dev/resource/TCPRoute.ts'
import type { Duration } from './gen/google/protobuf/Duration.ts'
import type { Struct } from './gen/google/protobuf/Struct.ts'
import type { Value } from './gen/google/protobuf/Value.ts'
import type { Service } from './gen/istio/workload/Service.ts'
import type { Workload } from './gen/istio/workload/Workload.ts'

export type {
  _agentgateway_dev_resource_AIBackend_Anthropic as AIBackendAnthropic,
  _agentgateway_dev_resource_AIBackend_Azure as AIBackendAzure,
  _agentgateway_dev_resource_AIBackend_AzureOpenAI as AIBackendAzureOpenAI,
  _agentgateway_dev_resource_AIBackend_AzureResourceType as AzureResourceType,
  _agentgateway_dev_resource_AIBackend_Bedrock as AIBackendBedrock,
  _agentgateway_dev_resource_AIBackend_Custom as AIBackendCustom,
  _agentgateway_dev_resource_AIBackend_Gemini as AIBackendGemini,
  _agentgateway_dev_resource_AIBackend_HostOverride as AIBackendHostOverride,
  _agentgateway_dev_resource_AIBackend_OpenAI as AIBackendOpenAI,
  _agentgateway_dev_resource_AIBackend_OpenAI_Moderation as OpenAIModeration,
  _agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig as OpenAIModerationConfig,
  _agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode as AIBackendOpenAIModerationMode,
  _agentgateway_dev_resource_AIBackend_OpenAI_ModerationPolicy as OpenAIModerationPolicy,
  _agentgateway_dev_resource_AIBackend_Provider as AIProvider,
  _agentgateway_dev_resource_AIBackend_ProviderFormat as ProviderFormat,
  _agentgateway_dev_resource_AIBackend_ProviderFormatConfig as ProviderFormatConfig,
  _agentgateway_dev_resource_AIBackend_ProviderGroup as AIProviderGroup,
  _agentgateway_dev_resource_AIBackend_ProviderPreset as ProviderPreset,
  _agentgateway_dev_resource_AIBackend_Vertex as AIBackendVertex,
  AIBackend,
} from './gen/agentgateway/dev/resource/AIBackend.ts'
export type { Alpn } from './gen/agentgateway/dev/resource/Alpn.ts'
export type {
  _agentgateway_dev_resource_AuthorizationLocation_Cookie as AuthorizationLocationCookie,
  _agentgateway_dev_resource_AuthorizationLocation_Header as AuthorizationLocationHeader,
  _agentgateway_dev_resource_AuthorizationLocation_QueryParameter as AuthorizationLocationQueryParameter,
  AuthorizationLocation,
} from './gen/agentgateway/dev/resource/AuthorizationLocation.ts'
export type { Aws } from './gen/agentgateway/dev/resource/Aws.ts'
export type { AwsAgentCoreBackend } from './gen/agentgateway/dev/resource/AwsAgentCoreBackend.ts'
export type { AwsAssumeRole } from './gen/agentgateway/dev/resource/AwsAssumeRole.ts'
export type { AwsBackend } from './gen/agentgateway/dev/resource/AwsBackend.ts'
export type { AwsExplicitConfig } from './gen/agentgateway/dev/resource/AwsExplicitConfig.ts'
export type { AwsImplicit } from './gen/agentgateway/dev/resource/AwsImplicit.ts'
export type { AwsSessionTag } from './gen/agentgateway/dev/resource/AwsSessionTag.ts'
export type { Azure } from './gen/agentgateway/dev/resource/Azure.ts'
export type { AzureClientSecret } from './gen/agentgateway/dev/resource/AzureClientSecret.ts'
export type { AzureDeveloperImplicit } from './gen/agentgateway/dev/resource/AzureDeveloperImplicit.ts'
export type { AzureExplicitConfig } from './gen/agentgateway/dev/resource/AzureExplicitConfig.ts'
export type { AzureImplicit } from './gen/agentgateway/dev/resource/AzureImplicit.ts'
export type {
  _agentgateway_dev_resource_AzureManagedIdentityCredential_UserAssignedIdentity as AzureManagedIdentityCredentialUserAssignedIdentity,
  AzureManagedIdentityCredential,
} from './gen/agentgateway/dev/resource/AzureManagedIdentityCredential.ts'
export type { AzureWorkloadIdentityCredential } from './gen/agentgateway/dev/resource/AzureWorkloadIdentityCredential.ts'
export type { Backend } from './gen/agentgateway/dev/resource/Backend.ts'
export type { BackendAuthCredential } from './gen/agentgateway/dev/resource/BackendAuthCredential.ts'
export type { BackendAuthPolicy } from './gen/agentgateway/dev/resource/BackendAuthPolicy.ts'
export type {
  _agentgateway_dev_resource_BackendPolicySpec_A2a as BackendPolicySpecA2a,
  _agentgateway_dev_resource_BackendPolicySpec_Ai as BackendPolicySpecAi,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind as BackendPolicySpecAiActionKind,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety as BackendPolicySpecAiAzureContentSafety,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails as BackendPolicySpecAiBedrockGuardrails,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule as BackendPolicySpecAiBuiltinRegexRule,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope as BackendPolicySpecAiContentScope,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor as BackendPolicySpecAiGoogleModelArmor,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_Message as BackendPolicySpecAiMessage,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_Moderation as BackendPolicySpecAiModeration,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptCaching as BackendPolicySpecAiPromptCaching,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptEnrichment as BackendPolicySpecAiPromptEnrichment,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard as BackendPolicySpecAiPromptGuard,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming as BackendPolicySpecAiPromptGuardStreaming,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRule as BackendPolicySpecAiRegexRule,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules as BackendPolicySpecAiRegexRules,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_RequestGuard as BackendPolicySpecAiRequestGuard,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection as BackendPolicySpecAiRequestRejection,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_ResponseGuard as BackendPolicySpecAiResponseGuard,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType as BackendPolicySpecAiRouteType,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook as BackendPolicySpecAiWebhook,
  _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode as BackendPolicySpecAiWebhookFailureMode,
  _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP as BackendPolicySpecBackendHTTP,
  _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion as BackendPolicySpecBackendHTTPHttpVersion,
  _agentgateway_dev_resource_BackendPolicySpec_BackendTCP as BackendPolicySpecBackendTCP,
  _agentgateway_dev_resource_BackendPolicySpec_BackendTLS as BackendPolicySpecBackendTLS,
  _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource as BackendPolicySpecBackendTLSCertificateSource,
  _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode as BackendPolicySpecBackendTLSVerificationMode,
  _agentgateway_dev_resource_BackendPolicySpec_BackendTunnel as BackendPolicySpecBackendTunnel,
  _agentgateway_dev_resource_BackendPolicySpec_Eviction as BackendPolicySpecEviction,
  _agentgateway_dev_resource_BackendPolicySpec_Health as BackendPolicySpecHealth,
  _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting as BackendPolicySpecInferenceRouting,
  _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode as BackendPolicySpecInferenceRoutingFailureMode,
  _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication as BackendPolicySpecMcpAuthentication,
  _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP as BackendPolicySpecMcpAuthenticationMcpIDP,
  _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode as BackendPolicySpecMcpAuthenticationMode,
  _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata as BackendPolicySpecMcpAuthenticationResourceMetadata,
  _agentgateway_dev_resource_BackendPolicySpec_McpAuthorization as BackendPolicySpecMcpAuthorization,
  _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails as BackendPolicySpecMcpGuardrails,
  _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode as BackendPolicySpecMcpGuardrailsFailureMode,
  _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase as BackendPolicySpecMcpGuardrailsPhase,
  _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Processor as BackendPolicySpecMcpGuardrailsProcessor,
  _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Remote as BackendPolicySpecMcpGuardrailsRemote,
  BackendPolicySpec,
} from './gen/agentgateway/dev/resource/BackendPolicySpec.ts'
export type {
  _agentgateway_dev_resource_BackendReference_Inline as BackendReferenceInline,
  _agentgateway_dev_resource_BackendReference_Service as BackendReferenceService,
  BackendReference,
} from './gen/agentgateway/dev/resource/BackendReference.ts'
export type {
  _agentgateway_dev_resource_Bind_Mode as BindMode,
  _agentgateway_dev_resource_Bind_Protocol as BindProtocol,
  _agentgateway_dev_resource_Bind_TunnelProtocol as BindTunnelProtocol,
  Bind,
} from './gen/agentgateway/dev/resource/Bind.ts'
export type { CORS } from './gen/agentgateway/dev/resource/CORS.ts'
export type { ConditionalPolicies } from './gen/agentgateway/dev/resource/ConditionalPolicies.ts'
export type { ConditionalPolicy } from './gen/agentgateway/dev/resource/ConditionalPolicy.ts'
export type {
  _agentgateway_dev_resource_CrossAppAccessAuth_Endpoint as CrossAppAccessAuthEndpoint,
  _agentgateway_dev_resource_CrossAppAccessAuth_ScopeOverride as CrossAppAccessAuthScopeOverride,
  _agentgateway_dev_resource_CrossAppAccessAuth_SubjectToken as CrossAppAccessAuthSubjectToken,
  CrossAppAccessAuth,
} from './gen/agentgateway/dev/resource/CrossAppAccessAuth.ts'
export type { Delay } from './gen/agentgateway/dev/resource/Delay.ts'
export type { DirectResponse } from './gen/agentgateway/dev/resource/DirectResponse.ts'
export type { DynamicForwardProxy } from './gen/agentgateway/dev/resource/DynamicForwardProxy.ts'
export type { ExpressionHeader } from './gen/agentgateway/dev/resource/ExpressionHeader.ts'
export type {
  _agentgateway_dev_resource_FrontendPolicySpec_Connect as FrontendPolicySpecConnect,
  _agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode as FrontendPolicySpecConnectMode,
  _agentgateway_dev_resource_FrontendPolicySpec_HTTP as FrontendPolicySpecHTTP,
  _agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase as FrontendPolicySpecHTTPHTTPHeaderCase,
  _agentgateway_dev_resource_FrontendPolicySpec_Logging as FrontendPolicySpecLogging,
  _agentgateway_dev_resource_FrontendPolicySpec_Logging_Field as FrontendPolicySpecLoggingField,
  _agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields as FrontendPolicySpecLoggingFields,
  _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog as FrontendPolicySpecLoggingOtlpAccessLog,
  _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol as FrontendPolicySpecLoggingOtlpAccessLogProtocol,
  _agentgateway_dev_resource_FrontendPolicySpec_Metrics as FrontendPolicySpecMetrics,
  _agentgateway_dev_resource_FrontendPolicySpec_Metrics_Field as FrontendPolicySpecMetricsField,
  _agentgateway_dev_resource_FrontendPolicySpec_Metrics_Fields as FrontendPolicySpecMetricsFields,
  _agentgateway_dev_resource_FrontendPolicySpec_NetworkAuthorization as FrontendPolicySpecNetworkAuthorization,
  _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol as FrontendPolicySpecProxyProtocol,
  _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode as FrontendPolicySpecProxyProtocolMode,
  _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version as FrontendPolicySpecProxyProtocolVersion,
  _agentgateway_dev_resource_FrontendPolicySpec_TCP as FrontendPolicySpecTCP,
  _agentgateway_dev_resource_FrontendPolicySpec_TLS as FrontendPolicySpecTLS,
  _agentgateway_dev_resource_FrontendPolicySpec_Tracing as FrontendPolicySpecTracing,
  _agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol as FrontendPolicySpecTracingProtocol,
  _agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute as FrontendPolicySpecTracingAttribute,
  FrontendPolicySpec,
} from './gen/agentgateway/dev/resource/FrontendPolicySpec.ts'
export type {
  _agentgateway_dev_resource_Gcp_AccessToken as GcpAccessToken,
  _agentgateway_dev_resource_Gcp_IdToken as GcpIdToken,
  Gcp,
} from './gen/agentgateway/dev/resource/Gcp.ts'
export type {
  _agentgateway_dev_resource_GuardrailBackend_AzureContentSafety as GuardrailBackendAzureContentSafety,
  _agentgateway_dev_resource_GuardrailBackend_Bedrock as GuardrailBackendBedrock,
  _agentgateway_dev_resource_GuardrailBackend_GoogleModelArmor as GuardrailBackendGoogleModelArmor,
  _agentgateway_dev_resource_GuardrailBackend_OpenAIModeration as GuardrailBackendOpenAIModeration,
  GuardrailBackend,
} from './gen/agentgateway/dev/resource/GuardrailBackend.ts'
export type { Header } from './gen/agentgateway/dev/resource/Header.ts'
export type { HeaderMatch } from './gen/agentgateway/dev/resource/HeaderMatch.ts'
export type { HeaderModifier } from './gen/agentgateway/dev/resource/HeaderModifier.ts'
export type { JWTValidationOptions } from './gen/agentgateway/dev/resource/JWTValidationOptions.ts'
export type { JwtSign } from './gen/agentgateway/dev/resource/JwtSign.ts'
export type { JwtSigningAlg } from './gen/agentgateway/dev/resource/JwtSigningAlg.ts'
export type { KeepaliveConfig } from './gen/agentgateway/dev/resource/KeepaliveConfig.ts'
export type { Key } from './gen/agentgateway/dev/resource/Key.ts'
export type { Listener } from './gen/agentgateway/dev/resource/Listener.ts'
export type { ListenerName } from './gen/agentgateway/dev/resource/ListenerName.ts'
export type {
  _agentgateway_dev_resource_MCPBackend_FailureMode as MCPBackendFailureMode,
  _agentgateway_dev_resource_MCPBackend_PrefixMode as MCPBackendPrefixMode,
  _agentgateway_dev_resource_MCPBackend_StatefulMode as MCPBackendStatefulMode,
  MCPBackend,
} from './gen/agentgateway/dev/resource/MCPBackend.ts'
export type {
  _agentgateway_dev_resource_MCPTarget_Protocol as MCPTargetProtocol,
  MCPTarget,
} from './gen/agentgateway/dev/resource/MCPTarget.ts'
export type { MethodMatch } from './gen/agentgateway/dev/resource/MethodMatch.ts'
export type {
  _agentgateway_dev_resource_ModelRoute_ConcreteModel as ModelRouteConcreteModel,
  _agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility as ModelRouteConcreteModelModelVisibility,
  _agentgateway_dev_resource_ModelRoute_Match as ModelRouteMatch,
  _agentgateway_dev_resource_ModelRoute_VirtualModel as ModelRouteVirtualModel,
  _agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional as ModelRouteVirtualModelConditional,
  _agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional_Target as ModelRouteVirtualModelConditionalTarget,
  _agentgateway_dev_resource_ModelRoute_VirtualModel_Failover as ModelRouteVirtualModelFailover,
  _agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted as ModelRouteVirtualModelWeighted,
  _agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted_Target as ModelRouteVirtualModelWeightedTarget,
  ModelRoute,
} from './gen/agentgateway/dev/resource/ModelRoute.ts'
export type { ModelRouterBackend } from './gen/agentgateway/dev/resource/ModelRouterBackend.ts'
export type {
  _agentgateway_dev_resource_OAuthClientAuth_Method as OAuthClientAuthMethod,
  _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt as OAuthClientAuthPrivateKeyJwt,
  _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader as OAuthClientAuthPrivateKeyJwtCertificateHeader,
  OAuthClientAuth,
} from './gen/agentgateway/dev/resource/OAuthClientAuth.ts'
export type {
  _agentgateway_dev_resource_OAuthTokenExchange_ActorToken as OAuthTokenExchangeActorToken,
  _agentgateway_dev_resource_OAuthTokenExchange_GrantType as OAuthTokenExchangeGrantType,
  _agentgateway_dev_resource_OAuthTokenExchange_TokenCache as OAuthTokenExchangeTokenCache,
  _agentgateway_dev_resource_OAuthTokenExchange_TokenCache_InMemory as OAuthTokenExchangeTokenCacheInMemory,
  _agentgateway_dev_resource_OAuthTokenExchange_TokenSpec as OAuthTokenExchangeTokenSpec,
  OAuthTokenExchange,
} from './gen/agentgateway/dev/resource/OAuthTokenExchange.ts'
export type { Passthrough } from './gen/agentgateway/dev/resource/Passthrough.ts'
export type { PathMatch } from './gen/agentgateway/dev/resource/PathMatch.ts'
export type {
  _agentgateway_dev_resource_Policy_Inheritance as PolicyInheritance,
  Policy,
} from './gen/agentgateway/dev/resource/Policy.ts'
export type {
  _agentgateway_dev_resource_PolicyTarget_BackendTarget as PolicyTargetBackendTarget,
  _agentgateway_dev_resource_PolicyTarget_GatewayTarget as PolicyTargetGatewayTarget,
  _agentgateway_dev_resource_PolicyTarget_ListenerSetTarget as PolicyTargetListenerSetTarget,
  _agentgateway_dev_resource_PolicyTarget_RouteTarget as PolicyTargetRouteTarget,
  _agentgateway_dev_resource_PolicyTarget_ServiceTarget as PolicyTargetServiceTarget,
  PolicyTarget,
} from './gen/agentgateway/dev/resource/PolicyTarget.ts'
export type { Protocol } from './gen/agentgateway/dev/resource/Protocol.ts'
export type { QueryMatch } from './gen/agentgateway/dev/resource/QueryMatch.ts'
export type {
  _agentgateway_dev_resource_RequestMirrors_Mirror as RequestMirrorsMirror,
  RequestMirrors,
} from './gen/agentgateway/dev/resource/RequestMirrors.ts'
export type { RequestRedirect } from './gen/agentgateway/dev/resource/RequestRedirect.ts'
export type { Resource } from './gen/agentgateway/dev/resource/Resource.ts'
export type { ResourceName } from './gen/agentgateway/dev/resource/ResourceName.ts'
export type { Retry } from './gen/agentgateway/dev/resource/Retry.ts'
export type { Route } from './gen/agentgateway/dev/resource/Route.ts'
export type { RouteBackend } from './gen/agentgateway/dev/resource/RouteBackend.ts'
export type { RouteGroup } from './gen/agentgateway/dev/resource/RouteGroup.ts'
export type { RouteMatch } from './gen/agentgateway/dev/resource/RouteMatch.ts'
export type { RouteName } from './gen/agentgateway/dev/resource/RouteName.ts'
export type { StaticBackend } from './gen/agentgateway/dev/resource/StaticBackend.ts'
export type { TCPRoute } from './gen/agentgateway/dev/resource/TCPRoute.ts'
export type { Timeout } from './gen/agentgateway/dev/resource/Timeout.ts'
export type {
  _agentgateway_dev_resource_TLSConfig_CertificateSource as TLSConfigCertificateSource,
  _agentgateway_dev_resource_TLSConfig_CipherSuite as TLSConfigCipherSuite,
  _agentgateway_dev_resource_TLSConfig_KeyExchangeGroup as TLSConfigKeyExchangeGroup,
  _agentgateway_dev_resource_TLSConfig_MTLSMode as TLSConfigMTLSMode,
  _agentgateway_dev_resource_TLSConfig_TLSVersion as TLSConfigTLSVersion,
  TLSConfig,
} from './gen/agentgateway/dev/resource/TLSConfig.ts'
export type {
  _agentgateway_dev_resource_TrafficPolicySpec_APIKey as TrafficPolicySpecAPIKey,
  _agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode as TrafficPolicySpecAPIKeyMode,
  _agentgateway_dev_resource_TrafficPolicySpec_APIKey_User as TrafficPolicySpecAPIKeyUser,
  _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication as TrafficPolicySpecBasicAuthentication,
  _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode as TrafficPolicySpecBasicAuthenticationMode,
  _agentgateway_dev_resource_TrafficPolicySpec_BodyTransformation as TrafficPolicySpecBodyTransformation,
  _agentgateway_dev_resource_TrafficPolicySpec_Buffer as TrafficPolicySpecBuffer,
  _agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody as TrafficPolicySpecBufferBufferBody,
  _agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode as TrafficPolicySpecBufferFailureMode,
  _agentgateway_dev_resource_TrafficPolicySpec_CSRF as TrafficPolicySpecCSRF,
  _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth as TrafficPolicySpecExternalAuth,
  _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_BodyOptions as TrafficPolicySpecExternalAuthBodyOptions,
  _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_Cache as TrafficPolicySpecExternalAuthCache,
  _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode as TrafficPolicySpecExternalAuthFailureMode,
  _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_GRPCProtocol as TrafficPolicySpecExternalAuthGRPCProtocol,
  _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_HTTPProtocol as TrafficPolicySpecExternalAuthHTTPProtocol,
  _agentgateway_dev_resource_TrafficPolicySpec_ExtProc as TrafficPolicySpecExtProc,
  _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode as TrafficPolicySpecExtProcBodySendMode,
  _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode as TrafficPolicySpecExtProcFailureMode,
  _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode as TrafficPolicySpecExtProcHeaderTrailerSendMode,
  _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_NamespacedMetadataContext as TrafficPolicySpecExtProcNamespacedMetadataContext,
  _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_ProcessingOptions as TrafficPolicySpecExtProcProcessingOptions,
  _agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation as TrafficPolicySpecHeaderTransformation,
  _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite as TrafficPolicySpecHostRewrite,
  _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode as TrafficPolicySpecHostRewriteMode,
  _agentgateway_dev_resource_TrafficPolicySpec_JWT as TrafficPolicySpecJWT,
  _agentgateway_dev_resource_TrafficPolicySpec_JWT_MCP as TrafficPolicySpecJWTMCP,
  _agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode as TrafficPolicySpecJWTMode,
  _agentgateway_dev_resource_TrafficPolicySpec_JWTProvider as TrafficPolicySpecJWTProvider,
  _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit as TrafficPolicySpecLocalRateLimit,
  _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Rule as TrafficPolicySpecLocalRateLimitRule,
  _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type as TrafficPolicySpecLocalRateLimitType,
  _agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase as TrafficPolicySpecPolicyPhase,
  _agentgateway_dev_resource_TrafficPolicySpec_RBAC as TrafficPolicySpecRBAC,
  _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit as TrafficPolicySpecRemoteRateLimit,
  _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Descriptor as TrafficPolicySpecRemoteRateLimitDescriptor,
  _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Entry as TrafficPolicySpecRemoteRateLimitEntry,
  _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode as TrafficPolicySpecRemoteRateLimitFailureMode,
  _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type as TrafficPolicySpecRemoteRateLimitType,
  _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy as TrafficPolicySpecTransformationPolicy,
  _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform as TrafficPolicySpecTransformationPolicyTransform,
  TrafficPolicySpec,
} from './gen/agentgateway/dev/resource/TrafficPolicySpec.ts'
export type { TypedResourceName } from './gen/agentgateway/dev/resource/TypedResourceName.ts'
export type { UrlRewrite } from './gen/agentgateway/dev/resource/UrlRewrite.ts'
export type { Address } from './gen/istio/workload/Address.ts'
export type {
  _istio_workload_ApplicationTunnel_Protocol as ApplicationTunnelProtocol,
  ApplicationTunnel,
} from './gen/istio/workload/ApplicationTunnel.ts'
export type { AppProtocol } from './gen/istio/workload/AppProtocol.ts'
export type { Extension } from './gen/istio/workload/Extension.ts'
export type { GatewayAddress } from './gen/istio/workload/GatewayAddress.ts'
export type { IPFamilies } from './gen/istio/workload/IPFamilies.ts'
export type {
  _istio_workload_LoadBalancing_HealthPolicy as LoadBalancingHealthPolicy,
  _istio_workload_LoadBalancing_Mode as LoadBalancingMode,
  _istio_workload_LoadBalancing_Scope as LoadBalancingScope,
  LoadBalancing,
} from './gen/istio/workload/LoadBalancing.ts'
export type { Locality } from './gen/istio/workload/Locality.ts'
export type { NamespacedHostname } from './gen/istio/workload/NamespacedHostname.ts'
export type { NetworkAddress } from './gen/istio/workload/NetworkAddress.ts'
export type { NetworkMode } from './gen/istio/workload/NetworkMode.ts'
export type { Port } from './gen/istio/workload/Port.ts'
export type { PortList } from './gen/istio/workload/PortList.ts'
export type {
  _istio_workload_Service_Visibility as ServiceVisibility,
  Service as ServiceAddress,
} from './gen/istio/workload/Service.ts'
export type { TunnelProtocol } from './gen/istio/workload/TunnelProtocol.ts'
export type { WeightedWaypoint } from './gen/istio/workload/WeightedWaypoint.ts'
export type { Workload as WorkloadAddress } from './gen/istio/workload/Workload.ts'
export type { WorkloadStatus } from './gen/istio/workload/WorkloadStatus.ts'
export type { WorkloadType } from './gen/istio/workload/WorkloadType.ts'

export type { Duration, Struct, Value }

/** A resource of one gateway, by the name of its arm in `Resource`. */
export type WireResource =
  | { readonly kind: 'bind'; readonly bind: Bind }
  | { readonly kind: 'listener'; readonly listener: Listener }
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'tcpRoute'; readonly tcpRoute: TCPRoute }
  | { readonly kind: 'backend'; readonly backend: Backend }
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'modelRoute'; readonly modelRoute: ModelRoute }

/** An address, which every proxy receives, by the name of its arm in `Address`. */
export type WireAddress =
  | { readonly type: 'service'; readonly service: Service }
  | { readonly type: 'workload'; readonly workload: Workload }

/** The resource's name on the wire: its kind and its key. */
export function resourceName(resource: WireResource): string {
  switch (resource.kind) {
    case 'bind':
      return `bind/${resource.bind.key ?? ''}`
    case 'listener':
      return `listener/${resource.listener.key ?? ''}`
    case 'route':
      return `route/${resource.route.key ?? ''}`
    case 'tcpRoute':
      return `tcp_route/${resource.tcpRoute.key ?? ''}`
    case 'backend':
      return `backend/${resource.backend.key ?? ''}`
    case 'policy':
      return `policy/${resource.policy.key ?? ''}`
    case 'modelRoute':
      return `model_route/${resource.modelRoute.key ?? ''}`
  }
}

/** The address's name on the wire: `namespace/hostname` of a service, the uid of a workload. */
export function addressName(address: WireAddress): string {
  return address.type === 'service'
    ? `${address.service.namespace ?? ''}/${address.service.hostname ?? ''}`
    : (address.workload.uid ?? '')
}

/** A duration of so many milliseconds. */
export function duration(ms: number): Duration {
  const seconds = Math.floor(ms / 1000)
  return { seconds: String(seconds), nanos: Math.round((ms - seconds * 1000) * 1_000_000) }
}

/** Plain JSON as a protobuf value; `undefined` becomes null. */
export function jsonValue(json: unknown): Value {
  if (json === null || json === undefined) return { nullValue: 'NULL_VALUE', kind: 'nullValue' }
  switch (typeof json) {
    case 'string':
      return { stringValue: json, kind: 'stringValue' }
    case 'number':
      return { numberValue: json, kind: 'numberValue' }
    case 'boolean':
      return { boolValue: json, kind: 'boolValue' }
    default:
      return Array.isArray(json)
        ? { listValue: { values: json.map(jsonValue) }, kind: 'listValue' }
        : { structValue: jsonStruct(json), kind: 'structValue' }
  }
}

/** A plain JSON object as a protobuf struct. */
export function jsonStruct(json: object): Struct {
  return { fields: Object.fromEntries(Object.entries(json).map(([key, value]) => [key, jsonValue(value)])) }
}

// Original file: resource.proto

import type { BackendAuthPolicy as _agentgateway_dev_resource_BackendAuthPolicy, BackendAuthPolicy__Output as _agentgateway_dev_resource_BackendAuthPolicy__Output } from '../../../agentgateway/dev/resource/BackendAuthPolicy.ts';
import type { HeaderModifier as _agentgateway_dev_resource_HeaderModifier, HeaderModifier__Output as _agentgateway_dev_resource_HeaderModifier__Output } from '../../../agentgateway/dev/resource/HeaderModifier.ts';
import type { RequestRedirect as _agentgateway_dev_resource_RequestRedirect, RequestRedirect__Output as _agentgateway_dev_resource_RequestRedirect__Output } from '../../../agentgateway/dev/resource/RequestRedirect.ts';
import type { RequestMirrors as _agentgateway_dev_resource_RequestMirrors, RequestMirrors__Output as _agentgateway_dev_resource_RequestMirrors__Output } from '../../../agentgateway/dev/resource/RequestMirrors.ts';
import type { _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy, _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';
import type { _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth, _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';
import type { _agentgateway_dev_resource_TrafficPolicySpec_RBAC, _agentgateway_dev_resource_TrafficPolicySpec_RBAC__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';
import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { HeaderMatch as _agentgateway_dev_resource_HeaderMatch, HeaderMatch__Output as _agentgateway_dev_resource_HeaderMatch__Output } from '../../../agentgateway/dev/resource/HeaderMatch.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';
import type { Alpn as _agentgateway_dev_resource_Alpn, Alpn__Output as _agentgateway_dev_resource_Alpn__Output } from '../../../agentgateway/dev/resource/Alpn.ts';
import type { _agentgateway_dev_resource_TLSConfig_KeyExchangeGroup, _agentgateway_dev_resource_TLSConfig_KeyExchangeGroup__Output } from '../../../agentgateway/dev/resource/TLSConfig.ts';
import type { KeepaliveConfig as _agentgateway_dev_resource_KeepaliveConfig, KeepaliveConfig__Output as _agentgateway_dev_resource_KeepaliveConfig__Output } from '../../../agentgateway/dev/resource/KeepaliveConfig.ts';
import type { JWTValidationOptions as _agentgateway_dev_resource_JWTValidationOptions, JWTValidationOptions__Output as _agentgateway_dev_resource_JWTValidationOptions__Output } from '../../../agentgateway/dev/resource/JWTValidationOptions.ts';
import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from '../../../google/protobuf/Value.ts';

export interface _agentgateway_dev_resource_BackendPolicySpec_A2a {
}

export interface _agentgateway_dev_resource_BackendPolicySpec_A2a__Output {
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind = {
  ACTION_UNSPECIFIED: 'ACTION_UNSPECIFIED',
  MASK: 'MASK',
  REJECT: 'REJECT',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind =
  | 'ACTION_UNSPECIFIED'
  | 0
  | 'MASK'
  | 1
  | 'REJECT'
  | 2

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind]

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai {
  'promptGuard'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard | null);
  'defaults'?: ({[key: string]: string});
  'overrides'?: ({[key: string]: string});
  'prompts'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptEnrichment | null);
  'modelAliases'?: ({[key: string]: string});
  'promptCaching'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptCaching | null);
  'routes'?: ({[key: string]: _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType});
  'transformations'?: ({[key: string]: string});
  'finalTransformations'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai__Output {
  'promptGuard'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard__Output);
  'defaults'?: ({[key: string]: string});
  'overrides'?: ({[key: string]: string});
  'prompts'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptEnrichment__Output);
  'modelAliases'?: ({[key: string]: string});
  'promptCaching'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptCaching__Output);
  'routes'?: ({[key: string]: _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType__Output});
  'transformations'?: ({[key: string]: string});
  'finalTransformations'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety {
  'endpoint'?: (string);
  'severityThreshold'?: (number);
  'apiVersion'?: (string);
  'blocklistNames'?: (string)[];
  'haltOnBlocklistHit'?: (boolean);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference | null);
  '_severityThreshold'?: "severityThreshold";
  '_apiVersion'?: "apiVersion";
  '_haltOnBlocklistHit'?: "haltOnBlocklistHit";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety__Output {
  'endpoint'?: (string);
  'severityThreshold'?: (number);
  'apiVersion'?: (string);
  'blocklistNames'?: (string)[];
  'haltOnBlocklistHit'?: (boolean);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference__Output);
  '_severityThreshold'?: "severityThreshold";
  '_apiVersion'?: "apiVersion";
  '_haltOnBlocklistHit'?: "haltOnBlocklistHit";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP {
  'version'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion);
  'requestTimeout'?: (_google_protobuf_Duration | null);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP__Output {
  'version'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion__Output);
  'requestTimeout'?: (_google_protobuf_Duration__Output);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendTCP {
  'keepalive'?: (_agentgateway_dev_resource_KeepaliveConfig | null);
  'connectTimeout'?: (_google_protobuf_Duration | null);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendTCP__Output {
  'keepalive'?: (_agentgateway_dev_resource_KeepaliveConfig__Output);
  'connectTimeout'?: (_google_protobuf_Duration__Output);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendTLS {
  'cert'?: (Buffer | Uint8Array | string);
  'key'?: (Buffer | Uint8Array | string);
  'root'?: (Buffer | Uint8Array | string);
  'verification'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode);
  'hostname'?: (string);
  'verifySubjectAltNames'?: (string)[];
  'alpn'?: (_agentgateway_dev_resource_Alpn | null);
  'keyExchangeGroups'?: (_agentgateway_dev_resource_TLSConfig_KeyExchangeGroup)[];
  'certificateSource'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource);
  '_cert'?: "cert";
  '_key'?: "key";
  '_root'?: "root";
  '_hostname'?: "hostname";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendTLS__Output {
  'cert'?: (Buffer);
  'key'?: (Buffer);
  'root'?: (Buffer);
  'verification'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode__Output);
  'hostname'?: (string);
  'verifySubjectAltNames'?: (string)[];
  'alpn'?: (_agentgateway_dev_resource_Alpn__Output);
  'keyExchangeGroups'?: (_agentgateway_dev_resource_TLSConfig_KeyExchangeGroup__Output)[];
  'certificateSource'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource__Output);
  '_cert'?: "cert";
  '_key'?: "key";
  '_root'?: "root";
  '_hostname'?: "hostname";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendTunnel {
  'proxy'?: (_agentgateway_dev_resource_BackendReference | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_BackendTunnel__Output {
  'proxy'?: (_agentgateway_dev_resource_BackendReference__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails {
  'identifier'?: (string);
  'version'?: (string);
  'region'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference | null);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails__Output {
  'identifier'?: (string);
  'version'?: (string);
  'region'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference__Output);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule = {
  BUILTIN_UNSPECIFIED: 'BUILTIN_UNSPECIFIED',
  SSN: 'SSN',
  CREDIT_CARD: 'CREDIT_CARD',
  PHONE_NUMBER: 'PHONE_NUMBER',
  EMAIL: 'EMAIL',
  CA_SIN: 'CA_SIN',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule =
  | 'BUILTIN_UNSPECIFIED'
  | 0
  | 'SSN'
  | 1
  | 'CREDIT_CARD'
  | 2
  | 'PHONE_NUMBER'
  | 3
  | 'EMAIL'
  | 4
  | 'CA_SIN'
  | 5

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule]

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource = {
  INLINE: 'INLINE',
  SPIFFE: 'SPIFFE',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource =
  | 'INLINE'
  | 0
  | 'SPIFFE'
  | 1

export type _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_CertificateSource]

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope = {
  CONTENT_SCOPE_UNSPECIFIED: 'CONTENT_SCOPE_UNSPECIFIED',
  CONTENT_SCOPE_SYSTEM_PROMPT: 'CONTENT_SCOPE_SYSTEM_PROMPT',
  CONTENT_SCOPE_MESSAGES: 'CONTENT_SCOPE_MESSAGES',
  CONTENT_SCOPE_TOOL_OUTPUT: 'CONTENT_SCOPE_TOOL_OUTPUT',
  CONTENT_SCOPE_TOOL_INPUT: 'CONTENT_SCOPE_TOOL_INPUT',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope =
  | 'CONTENT_SCOPE_UNSPECIFIED'
  | 0
  | 'CONTENT_SCOPE_SYSTEM_PROMPT'
  | 1
  | 'CONTENT_SCOPE_MESSAGES'
  | 2
  | 'CONTENT_SCOPE_TOOL_OUTPUT'
  | 3
  | 'CONTENT_SCOPE_TOOL_INPUT'
  | 4

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope]

export interface _agentgateway_dev_resource_BackendPolicySpec_Eviction {
  'duration'?: (_google_protobuf_Duration | null);
  'restoreHealth'?: (number | string);
  'consecutiveFailures'?: (number);
  'healthThreshold'?: (number | string);
  '_restoreHealth'?: "restoreHealth";
  '_consecutiveFailures'?: "consecutiveFailures";
  '_healthThreshold'?: "healthThreshold";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Eviction__Output {
  'duration'?: (_google_protobuf_Duration__Output);
  'restoreHealth'?: (number);
  'consecutiveFailures'?: (number);
  'healthThreshold'?: (number);
  '_restoreHealth'?: "restoreHealth";
  '_consecutiveFailures'?: "consecutiveFailures";
  '_healthThreshold'?: "healthThreshold";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode = {
  FAIL_CLOSED: 'FAIL_CLOSED',
  FAIL_OPEN: 'FAIL_OPEN',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode =
  | 'FAIL_CLOSED'
  | 0
  | 'FAIL_OPEN'
  | 1

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode = {
  UNKNOWN: 'UNKNOWN',
  FAIL_CLOSED: 'FAIL_CLOSED',
  FAIL_OPEN: 'FAIL_OPEN',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode =
  | 'UNKNOWN'
  | 0
  | 'FAIL_CLOSED'
  | 1
  | 'FAIL_OPEN'
  | 2

export type _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode = {
  DENY: 'DENY',
  ALLOW: 'ALLOW',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode =
  | 'DENY'
  | 0
  | 'ALLOW'
  | 1

export type _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode]

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor {
  'templateId'?: (string);
  'projectId'?: (string);
  'location'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference | null);
  '_location'?: "location";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor__Output {
  'templateId'?: (string);
  'projectId'?: (string);
  'location'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference__Output);
  '_location'?: "location";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Health {
  'unhealthyCondition'?: (string);
  'eviction'?: (_agentgateway_dev_resource_BackendPolicySpec_Eviction | null);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Health__Output {
  'unhealthyCondition'?: (string);
  'eviction'?: (_agentgateway_dev_resource_BackendPolicySpec_Eviction__Output);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion = {
  UNSPECIFIED: 'UNSPECIFIED',
  HTTP1: 'HTTP1',
  HTTP2: 'HTTP2',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion =
  | 'UNSPECIFIED'
  | 0
  | 'HTTP1'
  | 1
  | 'HTTP2'
  | 2

export type _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_BackendHTTP_HttpVersion]

export interface _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting {
  'endpointPicker'?: (_agentgateway_dev_resource_BackendReference | null);
  'failureMode'?: (_agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_InferenceRouting__Output {
  'endpointPicker'?: (_agentgateway_dev_resource_BackendReference__Output);
  'failureMode'?: (_agentgateway_dev_resource_BackendPolicySpec_InferenceRouting_FailureMode__Output);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication {
  'issuer'?: (string);
  'audiences'?: (string)[];
  'jwksInline'?: (string);
  'provider'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP);
  'resourceMetadata'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata | null);
  'mode'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode);
  'jwtValidationOptions'?: (_agentgateway_dev_resource_JWTValidationOptions | null);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'clientId'?: (string);
  'clientSecret'?: (string);
  '_clientId'?: "clientId";
  '_clientSecret'?: "clientSecret";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication__Output {
  'issuer'?: (string);
  'audiences'?: (string)[];
  'jwksInline'?: (string);
  'provider'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP__Output);
  'resourceMetadata'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata__Output);
  'mode'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode__Output);
  'jwtValidationOptions'?: (_agentgateway_dev_resource_JWTValidationOptions__Output);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'clientId'?: (string);
  'clientSecret'?: (string);
  '_clientId'?: "clientId";
  '_clientSecret'?: "clientSecret";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpAuthorization {
  'allow'?: (string)[];
  'deny'?: (string)[];
  'require'?: (string)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpAuthorization__Output {
  'allow'?: (string)[];
  'deny'?: (string)[];
  'require'?: (string)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails {
  'processors'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Processor)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails__Output {
  'processors'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Processor__Output)[];
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP = {
  UNSPECIFIED: 'UNSPECIFIED',
  AUTH0: 'AUTH0',
  KEYCLOAK: 'KEYCLOAK',
  OKTA: 'OKTA',
  DESCOPE: 'DESCOPE',
  AUTHENTIK: 'AUTHENTIK',
  ENTRA: 'ENTRA',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP =
  | 'UNSPECIFIED'
  | 0
  | 'AUTH0'
  | 1
  | 'KEYCLOAK'
  | 2
  | 'OKTA'
  | 3
  | 'DESCOPE'
  | 4
  | 'AUTHENTIK'
  | 5
  | 'ENTRA'
  | 6

export type _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP]

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_Message {
  'role'?: (string);
  'content'?: (string);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_Message__Output {
  'role'?: (string);
  'content'?: (string);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode = {
  OPTIONAL: 'OPTIONAL',
  STRICT: 'STRICT',
  PERMISSIVE: 'PERMISSIVE',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode =
  | 'OPTIONAL'
  | 0
  | 'STRICT'
  | 1
  | 'PERMISSIVE'
  | 2

export type _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_Mode]

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_Moderation {
  'model'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference | null);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_Moderation__Output {
  'model'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'backendRef'?: (_agentgateway_dev_resource_BackendReference__Output);
  '_model'?: "model";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase = {
  OFF: 'OFF',
  REQUEST: 'REQUEST',
  RESPONSE: 'RESPONSE',
  FULL: 'FULL',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase =
  | 'OFF'
  | 0
  | 'REQUEST'
  | 1
  | 'RESPONSE'
  | 2
  | 'FULL'
  | 3

export type _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase]

export interface _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Processor {
  'remote'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Remote | null);
  'methods'?: ({[key: string]: _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase});
  'kind'?: "remote";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Processor__Output {
  'remote'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Remote__Output);
  'methods'?: ({[key: string]: _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Phase__Output});
  'kind'?: "remote";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptCaching {
  'cacheSystem'?: (boolean);
  'cacheMessages'?: (boolean);
  'cacheTools'?: (boolean);
  'minTokens'?: (number);
  'cacheMessageOffset'?: (number);
  '_minTokens'?: "minTokens";
  '_cacheMessageOffset'?: "cacheMessageOffset";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptCaching__Output {
  'cacheSystem'?: (boolean);
  'cacheMessages'?: (boolean);
  'cacheTools'?: (boolean);
  'minTokens'?: (number);
  'cacheMessageOffset'?: (number);
  '_minTokens'?: "minTokens";
  '_cacheMessageOffset'?: "cacheMessageOffset";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptEnrichment {
  'append'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Message)[];
  'prepend'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Message)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptEnrichment__Output {
  'append'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Message__Output)[];
  'prepend'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Message__Output)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard {
  'request'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RequestGuard)[];
  'response'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_ResponseGuard)[];
  'streaming'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard__Output {
  'request'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RequestGuard__Output)[];
  'response'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_ResponseGuard__Output)[];
  'streaming'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming__Output);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRule {
  'builtin'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule);
  'regex'?: (string);
  'kind'?: "builtin"|"regex";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRule__Output {
  'builtin'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_BuiltinRegexRule__Output);
  'regex'?: (string);
  'kind'?: "builtin"|"regex";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules {
  'action'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind);
  'rules'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRule)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules__Output {
  'action'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_ActionKind__Output);
  'rules'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRule__Output)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Remote {
  'target'?: (_agentgateway_dev_resource_BackendReference | null);
  'failureMode'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode);
  'metadata'?: ({[key: string]: string});
  'allowedRequestHeaders'?: (string)[];
  'disallowedRequestHeaders'?: (string)[];
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_Remote__Output {
  'target'?: (_agentgateway_dev_resource_BackendReference__Output);
  'failureMode'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails_FailureMode__Output);
  'metadata'?: ({[key: string]: string});
  'allowedRequestHeaders'?: (string)[];
  'disallowedRequestHeaders'?: (string)[];
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RequestGuard {
  'rejection'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection | null);
  'regex'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules | null);
  'webhook'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook | null);
  'openaiModeration'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Moderation | null);
  'googleModelArmor'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor | null);
  'bedrockGuardrails'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails | null);
  'azureContentSafety'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety | null);
  'scope'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope)[];
  'kind'?: "regex"|"webhook"|"openaiModeration"|"googleModelArmor"|"bedrockGuardrails"|"azureContentSafety";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RequestGuard__Output {
  'rejection'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection__Output);
  'regex'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules__Output);
  'webhook'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook__Output);
  'openaiModeration'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Moderation__Output);
  'googleModelArmor'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor__Output);
  'bedrockGuardrails'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails__Output);
  'azureContentSafety'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety__Output);
  'scope'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_ContentScope__Output)[];
  'kind'?: "regex"|"webhook"|"openaiModeration"|"googleModelArmor"|"bedrockGuardrails"|"azureContentSafety";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection {
  'body'?: (Buffer | Uint8Array | string);
  'status'?: (number);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection__Output {
  'body'?: (Buffer);
  'status'?: (number);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata {
  'extra'?: ({[key: string]: _google_protobuf_Value});
}

export interface _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata__Output {
  'extra'?: ({[key: string]: _google_protobuf_Value__Output});
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_ResponseGuard {
  'rejection'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection | null);
  'regex'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules | null);
  'webhook'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook | null);
  'googleModelArmor'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor | null);
  'bedrockGuardrails'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails | null);
  'azureContentSafety'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety | null);
  'kind'?: "regex"|"webhook"|"googleModelArmor"|"bedrockGuardrails"|"azureContentSafety";
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_ResponseGuard__Output {
  'rejection'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RequestRejection__Output);
  'regex'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_RegexRules__Output);
  'webhook'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook__Output);
  'googleModelArmor'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_GoogleModelArmor__Output);
  'bedrockGuardrails'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_BedrockGuardrails__Output);
  'azureContentSafety'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_AzureContentSafety__Output);
  'kind'?: "regex"|"webhook"|"googleModelArmor"|"bedrockGuardrails"|"azureContentSafety";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType = {
  UNSPECIFIED: 'UNSPECIFIED',
  COMPLETIONS: 'COMPLETIONS',
  MESSAGES: 'MESSAGES',
  MODELS: 'MODELS',
  PASSTHROUGH: 'PASSTHROUGH',
  RESPONSES: 'RESPONSES',
  ANTHROPIC_TOKEN_COUNT: 'ANTHROPIC_TOKEN_COUNT',
  EMBEDDINGS: 'EMBEDDINGS',
  REALTIME: 'REALTIME',
  DETECT: 'DETECT',
  RERANK: 'RERANK',
  GENERATE_CONTENT: 'GENERATE_CONTENT',
  GEMINI_COUNT_TOKENS: 'GEMINI_COUNT_TOKENS',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType =
  | 'UNSPECIFIED'
  | 0
  | 'COMPLETIONS'
  | 1
  | 'MESSAGES'
  | 2
  | 'MODELS'
  | 3
  | 'PASSTHROUGH'
  | 4
  | 'RESPONSES'
  | 5
  | 'ANTHROPIC_TOKEN_COUNT'
  | 6
  | 'EMBEDDINGS'
  | 7
  | 'REALTIME'
  | 8
  | 'DETECT'
  | 9
  | 'RERANK'
  | 10
  | 'GENERATE_CONTENT'
  | 11
  | 'GEMINI_COUNT_TOKENS'
  | 12

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_RouteType]

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming = {
  DISABLED: 'DISABLED',
  ENABLED: 'ENABLED',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming =
  | 'DISABLED'
  | 0
  | 'ENABLED'
  | 1

export type _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_Ai_PromptGuard_Streaming]

// Original file: resource.proto

export const _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode = {
  STRICT: 'STRICT',
  INSECURE_HOST: 'INSECURE_HOST',
  INSECURE_ALL: 'INSECURE_ALL',
} as const;

export type _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode =
  | 'STRICT'
  | 0
  | 'INSECURE_HOST'
  | 1
  | 'INSECURE_ALL'
  | 2

export type _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode__Output = typeof _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode[keyof typeof _agentgateway_dev_resource_BackendPolicySpec_BackendTLS_VerificationMode]

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook {
  'backend'?: (_agentgateway_dev_resource_BackendReference | null);
  'headers'?: ({[key: string]: string});
  'forwardHeaderMatches'?: (_agentgateway_dev_resource_HeaderMatch)[];
  'failureMode'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode);
}

export interface _agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook__Output {
  'backend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'headers'?: ({[key: string]: string});
  'forwardHeaderMatches'?: (_agentgateway_dev_resource_HeaderMatch__Output)[];
  'failureMode'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai_Webhook_FailureMode__Output);
}

export interface BackendPolicySpec {
  'a2a'?: (_agentgateway_dev_resource_BackendPolicySpec_A2a | null);
  'inferenceRouting'?: (_agentgateway_dev_resource_BackendPolicySpec_InferenceRouting | null);
  'backendTls'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTLS | null);
  'auth'?: (_agentgateway_dev_resource_BackendAuthPolicy | null);
  'mcpAuthorization'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthorization | null);
  'mcpAuthentication'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication | null);
  'ai'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai | null);
  'requestHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier | null);
  'responseHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier | null);
  'requestRedirect'?: (_agentgateway_dev_resource_RequestRedirect | null);
  'requestMirror'?: (_agentgateway_dev_resource_RequestMirrors | null);
  'backendHttp'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendHTTP | null);
  'backendTcp'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTCP | null);
  'transformation'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy | null);
  'health'?: (_agentgateway_dev_resource_BackendPolicySpec_Health | null);
  'backendTunnel'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTunnel | null);
  'extAuthz'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth | null);
  'mcpGuardrails'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails | null);
  'authorization'?: (_agentgateway_dev_resource_TrafficPolicySpec_RBAC | null);
  'kind'?: "a2a"|"inferenceRouting"|"backendTls"|"auth"|"mcpAuthorization"|"mcpAuthentication"|"ai"|"requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"requestMirror"|"backendHttp"|"backendTcp"|"transformation"|"health"|"backendTunnel"|"extAuthz"|"mcpGuardrails"|"authorization";
}

export interface BackendPolicySpec__Output {
  'a2a'?: (_agentgateway_dev_resource_BackendPolicySpec_A2a__Output);
  'inferenceRouting'?: (_agentgateway_dev_resource_BackendPolicySpec_InferenceRouting__Output);
  'backendTls'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTLS__Output);
  'auth'?: (_agentgateway_dev_resource_BackendAuthPolicy__Output);
  'mcpAuthorization'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthorization__Output);
  'mcpAuthentication'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication__Output);
  'ai'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai__Output);
  'requestHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier__Output);
  'responseHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier__Output);
  'requestRedirect'?: (_agentgateway_dev_resource_RequestRedirect__Output);
  'requestMirror'?: (_agentgateway_dev_resource_RequestMirrors__Output);
  'backendHttp'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendHTTP__Output);
  'backendTcp'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTCP__Output);
  'transformation'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy__Output);
  'health'?: (_agentgateway_dev_resource_BackendPolicySpec_Health__Output);
  'backendTunnel'?: (_agentgateway_dev_resource_BackendPolicySpec_BackendTunnel__Output);
  'extAuthz'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth__Output);
  'mcpGuardrails'?: (_agentgateway_dev_resource_BackendPolicySpec_McpGuardrails__Output);
  'authorization'?: (_agentgateway_dev_resource_TrafficPolicySpec_RBAC__Output);
  'kind'?: "a2a"|"inferenceRouting"|"backendTls"|"auth"|"mcpAuthorization"|"mcpAuthentication"|"ai"|"requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"requestMirror"|"backendHttp"|"backendTcp"|"transformation"|"health"|"backendTunnel"|"extAuthz"|"mcpGuardrails"|"authorization";
}

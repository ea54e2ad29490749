// Original file: resource.proto

import type { Timeout as _agentgateway_dev_resource_Timeout, Timeout__Output as _agentgateway_dev_resource_Timeout__Output } from '../../../agentgateway/dev/resource/Timeout.ts';
import type { Retry as _agentgateway_dev_resource_Retry, Retry__Output as _agentgateway_dev_resource_Retry__Output } from '../../../agentgateway/dev/resource/Retry.ts';
import type { HeaderModifier as _agentgateway_dev_resource_HeaderModifier, HeaderModifier__Output as _agentgateway_dev_resource_HeaderModifier__Output } from '../../../agentgateway/dev/resource/HeaderModifier.ts';
import type { RequestRedirect as _agentgateway_dev_resource_RequestRedirect, RequestRedirect__Output as _agentgateway_dev_resource_RequestRedirect__Output } from '../../../agentgateway/dev/resource/RequestRedirect.ts';
import type { UrlRewrite as _agentgateway_dev_resource_UrlRewrite, UrlRewrite__Output as _agentgateway_dev_resource_UrlRewrite__Output } from '../../../agentgateway/dev/resource/UrlRewrite.ts';
import type { RequestMirrors as _agentgateway_dev_resource_RequestMirrors, RequestMirrors__Output as _agentgateway_dev_resource_RequestMirrors__Output } from '../../../agentgateway/dev/resource/RequestMirrors.ts';
import type { DirectResponse as _agentgateway_dev_resource_DirectResponse, DirectResponse__Output as _agentgateway_dev_resource_DirectResponse__Output } from '../../../agentgateway/dev/resource/DirectResponse.ts';
import type { CORS as _agentgateway_dev_resource_CORS, CORS__Output as _agentgateway_dev_resource_CORS__Output } from '../../../agentgateway/dev/resource/CORS.ts';
import type { Delay as _agentgateway_dev_resource_Delay, Delay__Output as _agentgateway_dev_resource_Delay__Output } from '../../../agentgateway/dev/resource/Delay.ts';
import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';
import type { JWTValidationOptions as _agentgateway_dev_resource_JWTValidationOptions, JWTValidationOptions__Output as _agentgateway_dev_resource_JWTValidationOptions__Output } from '../../../agentgateway/dev/resource/JWTValidationOptions.ts';
import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';
import type { _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP, _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata, _agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from '../../../google/protobuf/Struct.ts';
import type { Long } from '@grpc/proto-loader';

export interface _agentgateway_dev_resource_TrafficPolicySpec_APIKey {
  'apiKeys'?: (_agentgateway_dev_resource_TrafficPolicySpec_APIKey_User)[];
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_APIKey__Output {
  'apiKeys'?: (_agentgateway_dev_resource_TrafficPolicySpec_APIKey_User__Output)[];
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode__Output);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication {
  'htpasswdContent'?: (string);
  'realm'?: (string);
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  '_realm'?: "realm";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication__Output {
  'htpasswdContent'?: (string);
  'realm'?: (string);
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode__Output);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  '_realm'?: "realm";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_BodyOptions {
  'maxRequestBytes'?: (number);
  'allowPartialMessage'?: (boolean);
  'packAsBytes'?: (boolean);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_BodyOptions__Output {
  'maxRequestBytes'?: (number);
  'allowPartialMessage'?: (boolean);
  'packAsBytes'?: (boolean);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode = {
  NONE: 'NONE',
  BUFFERED: 'BUFFERED',
  BUFFERED_PARTIAL: 'BUFFERED_PARTIAL',
  FULL_DUPLEX_STREAMED: 'FULL_DUPLEX_STREAMED',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode =
  | 'NONE'
  | 0
  | 'BUFFERED'
  | 2
  | 'BUFFERED_PARTIAL'
  | 3
  | 'FULL_DUPLEX_STREAMED'
  | 4

export type _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode]

export interface _agentgateway_dev_resource_TrafficPolicySpec_BodyTransformation {
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_BodyTransformation__Output {
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_Buffer {
  'request'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody | null);
  'response'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody | null);
  '_request'?: "request";
  '_response'?: "response";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_Buffer__Output {
  'request'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody__Output);
  'response'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody__Output);
  '_request'?: "request";
  '_response'?: "response";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody {
  'maxBytes'?: (number);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode);
  '_maxBytes'?: "maxBytes";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_Buffer_BufferBody__Output {
  'maxBytes'?: (number);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode__Output);
  '_maxBytes'?: "maxBytes";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_CSRF {
  'additionalOrigins'?: (string)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_CSRF__Output {
  'additionalOrigins'?: (string)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_Cache {
  'key'?: (string)[];
  'ttl'?: (string);
  'maxEntries'?: (number);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_Cache__Output {
  'key'?: (string)[];
  'ttl'?: (string);
  'maxEntries'?: (number);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Descriptor {
  'entries'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Entry)[];
  'type'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type);
  'limitOverride'?: (string);
  'cost'?: (string);
  '_limitOverride'?: "limitOverride";
  '_cost'?: "cost";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Descriptor__Output {
  'entries'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Entry__Output)[];
  'type'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type__Output);
  'limitOverride'?: (string);
  'cost'?: (string);
  '_limitOverride'?: "limitOverride";
  '_cost'?: "cost";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Entry {
  'key'?: (string);
  'value'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Entry__Output {
  'key'?: (string);
  'value'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExtProc {
  'target'?: (_agentgateway_dev_resource_BackendReference | null);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode);
  'requestAttributes'?: ({[key: string]: string});
  'responseAttributes'?: ({[key: string]: string});
  'metadataContext'?: ({[key: string]: _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_NamespacedMetadataContext});
  'processingOptions'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_ProcessingOptions | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExtProc__Output {
  'target'?: (_agentgateway_dev_resource_BackendReference__Output);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode__Output);
  'requestAttributes'?: ({[key: string]: string});
  'responseAttributes'?: ({[key: string]: string});
  'metadataContext'?: ({[key: string]: _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_NamespacedMetadataContext__Output});
  'processingOptions'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_ProcessingOptions__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth {
  'target'?: (_agentgateway_dev_resource_BackendReference | null);
  'grpc'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_GRPCProtocol | null);
  'http'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_HTTPProtocol | null);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode);
  'statusOnError'?: (number);
  'includeRequestHeaders'?: (string)[];
  'includeRequestBody'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_BodyOptions | null);
  'cache'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_Cache | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'protocol'?: "grpc"|"http";
  '_statusOnError'?: "statusOnError";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth__Output {
  'target'?: (_agentgateway_dev_resource_BackendReference__Output);
  'grpc'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_GRPCProtocol__Output);
  'http'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_HTTPProtocol__Output);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode__Output);
  'statusOnError'?: (number);
  'includeRequestHeaders'?: (string)[];
  'includeRequestBody'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_BodyOptions__Output);
  'cache'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_Cache__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'protocol'?: "grpc"|"http";
  '_statusOnError'?: "statusOnError";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode = {
  FAIL_CLOSED: 'FAIL_CLOSED',
  FAIL_OPEN: 'FAIL_OPEN',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode =
  | 'FAIL_CLOSED'
  | 0
  | 'FAIL_OPEN'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode = {
  DENY: 'DENY',
  ALLOW: 'ALLOW',
  DENY_WITH_STATUS: 'DENY_WITH_STATUS',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode =
  | 'DENY'
  | 0
  | 'ALLOW'
  | 1
  | 'DENY_WITH_STATUS'
  | 2

export type _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_FailureMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode = {
  FAIL_CLOSED: 'FAIL_CLOSED',
  FAIL_OPEN: 'FAIL_OPEN',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode =
  | 'FAIL_CLOSED'
  | 0
  | 'FAIL_OPEN'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_FailureMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode = {
  FAIL_CLOSED: 'FAIL_CLOSED',
  FAIL_OPEN: 'FAIL_OPEN',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode =
  | 'FAIL_CLOSED'
  | 0
  | 'FAIL_OPEN'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_Buffer_FailureMode]

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_GRPCProtocol {
  'context'?: ({[key: string]: string});
  'metadata'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_GRPCProtocol__Output {
  'context'?: ({[key: string]: string});
  'metadata'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_HTTPProtocol {
  'path'?: (string);
  'redirect'?: (string);
  'includeResponseHeaders'?: (string)[];
  'addRequestHeaders'?: ({[key: string]: string});
  'metadata'?: ({[key: string]: string});
  'body'?: (string);
  '_path'?: "path";
  '_redirect'?: "redirect";
  '_body'?: "body";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth_HTTPProtocol__Output {
  'path'?: (string);
  'redirect'?: (string);
  'includeResponseHeaders'?: (string)[];
  'addRequestHeaders'?: ({[key: string]: string});
  'metadata'?: ({[key: string]: string});
  'body'?: (string);
  '_path'?: "path";
  '_redirect'?: "redirect";
  '_body'?: "body";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode = {
  UNSET: 'UNSET',
  SEND: 'SEND',
  SKIP: 'SKIP',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode =
  | 'UNSET'
  | 0
  | 'SEND'
  | 1
  | 'SKIP'
  | 2

export type _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode]

export interface _agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation {
  'name'?: (string);
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation__Output {
  'name'?: (string);
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite {
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite__Output {
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode__Output);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_JWT {
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode);
  'providers'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWTProvider)[];
  'mcp'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWT_MCP | null);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_JWT__Output {
  'mode'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode__Output);
  'providers'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWTProvider__Output)[];
  'mcp'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWT_MCP__Output);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_JWTProvider {
  'issuer'?: (string);
  'audiences'?: (string)[];
  'inline'?: (string);
  'jwtValidationOptions'?: (_agentgateway_dev_resource_JWTValidationOptions | null);
  'jwksSource'?: "inline";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_JWTProvider__Output {
  'issuer'?: (string);
  'audiences'?: (string)[];
  'inline'?: (string);
  'jwtValidationOptions'?: (_agentgateway_dev_resource_JWTValidationOptions__Output);
  'jwksSource'?: "inline";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit {
  'maxTokens'?: (number | string | Long);
  'tokensPerFill'?: (number | string | Long);
  'fillInterval'?: (_google_protobuf_Duration | null);
  'type'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type);
  'rules'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Rule)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit__Output {
  'maxTokens'?: (string);
  'tokensPerFill'?: (string);
  'fillInterval'?: (_google_protobuf_Duration__Output);
  'type'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type__Output);
  'rules'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Rule__Output)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_JWT_MCP {
  'provider'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP);
  'resourceMetadata'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata | null);
  'clientId'?: (string);
  'clientSecret'?: (string);
  '_clientId'?: "clientId";
  '_clientSecret'?: "clientSecret";
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_JWT_MCP__Output {
  'provider'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_McpIDP__Output);
  'resourceMetadata'?: (_agentgateway_dev_resource_BackendPolicySpec_McpAuthentication_ResourceMetadata__Output);
  'clientId'?: (string);
  'clientSecret'?: (string);
  '_clientId'?: "clientId";
  '_clientSecret'?: "clientSecret";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode = {
  OPTIONAL: 'OPTIONAL',
  STRICT: 'STRICT',
  PERMISSIVE: 'PERMISSIVE',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode =
  | 'OPTIONAL'
  | 0
  | 'STRICT'
  | 1
  | 'PERMISSIVE'
  | 2

export type _agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_JWT_Mode]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode = {
  STRICT: 'STRICT',
  OPTIONAL: 'OPTIONAL',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode =
  | 'STRICT'
  | 0
  | 'OPTIONAL'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication_Mode]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode = {
  STRICT: 'STRICT',
  OPTIONAL: 'OPTIONAL',
  PERMISSIVE: 'PERMISSIVE',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode =
  | 'STRICT'
  | 0
  | 'OPTIONAL'
  | 1
  | 'PERMISSIVE'
  | 2

export type _agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_APIKey_Mode]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode = {
  NONE: 'NONE',
  AUTO: 'AUTO',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode =
  | 'NONE'
  | 0
  | 'AUTO'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_HostRewrite_Mode]

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_NamespacedMetadataContext {
  'context'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_NamespacedMetadataContext__Output {
  'context'?: ({[key: string]: string});
}

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase = {
  ROUTE: 'ROUTE',
  GATEWAY: 'GATEWAY',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase =
  | 'ROUTE'
  | 0
  | 'GATEWAY'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase]

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_ProcessingOptions {
  'requestBodyMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode);
  'responseBodyMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode);
  'requestHeaderMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode);
  'responseHeaderMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode);
  'requestTrailerMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode);
  'responseTrailerMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode);
  'allowModeOverride'?: (boolean);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_ExtProc_ProcessingOptions__Output {
  'requestBodyMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode__Output);
  'responseBodyMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_BodySendMode__Output);
  'requestHeaderMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode__Output);
  'responseHeaderMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode__Output);
  'requestTrailerMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode__Output);
  'responseTrailerMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc_HeaderTrailerSendMode__Output);
  'allowModeOverride'?: (boolean);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RBAC {
  'allow'?: (string)[];
  'deny'?: (string)[];
  'require'?: (string)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RBAC__Output {
  'allow'?: (string)[];
  'deny'?: (string)[];
  'require'?: (string)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit {
  'domain'?: (string);
  'descriptors'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Descriptor)[];
  'target'?: (_agentgateway_dev_resource_BackendReference | null);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit__Output {
  'domain'?: (string);
  'descriptors'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Descriptor__Output)[];
  'target'?: (_agentgateway_dev_resource_BackendReference__Output);
  'failureMode'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_FailureMode__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Rule {
  'maxTokens'?: (number | string | Long);
  'tokensPerFill'?: (number | string | Long);
  'fillInterval'?: (_google_protobuf_Duration | null);
  'type'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Rule__Output {
  'maxTokens'?: (string);
  'tokensPerFill'?: (string);
  'fillInterval'?: (_google_protobuf_Duration__Output);
  'type'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type__Output);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform {
  'set'?: (_agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation)[];
  'add'?: (_agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation)[];
  'remove'?: (string)[];
  'body'?: (_agentgateway_dev_resource_TrafficPolicySpec_BodyTransformation | null);
  'metadata'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform__Output {
  'set'?: (_agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation__Output)[];
  'add'?: (_agentgateway_dev_resource_TrafficPolicySpec_HeaderTransformation__Output)[];
  'remove'?: (string)[];
  'body'?: (_agentgateway_dev_resource_TrafficPolicySpec_BodyTransformation__Output);
  'metadata'?: ({[key: string]: string});
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy {
  'request'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform | null);
  'response'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform | null);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy__Output {
  'request'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform__Output);
  'response'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy_Transform__Output);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type = {
  REQUESTS: 'REQUESTS',
  TOKENS: 'TOKENS',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type =
  | 'REQUESTS'
  | 0
  | 'TOKENS'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit_Type]

// Original file: resource.proto

export const _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type = {
  REQUEST: 'REQUEST',
  TOKEN: 'TOKEN',
} as const;

export type _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type =
  | 'REQUEST'
  | 0
  | 'TOKEN'
  | 1

export type _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type__Output = typeof _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type[keyof typeof _agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit_Type]

export interface _agentgateway_dev_resource_TrafficPolicySpec_APIKey_User {
  'key'?: (string);
  'metadata'?: (_google_protobuf_Struct | null);
  'keyHash'?: (string);
}

export interface _agentgateway_dev_resource_TrafficPolicySpec_APIKey_User__Output {
  'key'?: (string);
  'metadata'?: (_google_protobuf_Struct__Output);
  'keyHash'?: (string);
}

export interface TrafficPolicySpec {
  'phase'?: (_agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase);
  'timeout'?: (_agentgateway_dev_resource_Timeout | null);
  'retry'?: (_agentgateway_dev_resource_Retry | null);
  'localRateLimit'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit | null);
  'extAuthz'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth | null);
  'authorization'?: (_agentgateway_dev_resource_TrafficPolicySpec_RBAC | null);
  'jwt'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWT | null);
  'transformation'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy | null);
  'remoteRateLimit'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit | null);
  'csrf'?: (_agentgateway_dev_resource_TrafficPolicySpec_CSRF | null);
  'extProc'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc | null);
  'requestHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier | null);
  'responseHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier | null);
  'requestRedirect'?: (_agentgateway_dev_resource_RequestRedirect | null);
  'urlRewrite'?: (_agentgateway_dev_resource_UrlRewrite | null);
  'requestMirror'?: (_agentgateway_dev_resource_RequestMirrors | null);
  'directResponse'?: (_agentgateway_dev_resource_DirectResponse | null);
  'cors'?: (_agentgateway_dev_resource_CORS | null);
  'basicAuth'?: (_agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication | null);
  'apiKeyAuth'?: (_agentgateway_dev_resource_TrafficPolicySpec_APIKey | null);
  'hostRewrite'?: (_agentgateway_dev_resource_TrafficPolicySpec_HostRewrite | null);
  'buffer'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer | null);
  'delay'?: (_agentgateway_dev_resource_Delay | null);
  'kind'?: "timeout"|"retry"|"localRateLimit"|"extAuthz"|"authorization"|"jwt"|"transformation"|"remoteRateLimit"|"csrf"|"extProc"|"requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"urlRewrite"|"requestMirror"|"directResponse"|"cors"|"basicAuth"|"apiKeyAuth"|"hostRewrite"|"buffer"|"delay";
}

export interface TrafficPolicySpec__Output {
  'phase'?: (_agentgateway_dev_resource_TrafficPolicySpec_PolicyPhase__Output);
  'timeout'?: (_agentgateway_dev_resource_Timeout__Output);
  'retry'?: (_agentgateway_dev_resource_Retry__Output);
  'localRateLimit'?: (_agentgateway_dev_resource_TrafficPolicySpec_LocalRateLimit__Output);
  'extAuthz'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExternalAuth__Output);
  'authorization'?: (_agentgateway_dev_resource_TrafficPolicySpec_RBAC__Output);
  'jwt'?: (_agentgateway_dev_resource_TrafficPolicySpec_JWT__Output);
  'transformation'?: (_agentgateway_dev_resource_TrafficPolicySpec_TransformationPolicy__Output);
  'remoteRateLimit'?: (_agentgateway_dev_resource_TrafficPolicySpec_RemoteRateLimit__Output);
  'csrf'?: (_agentgateway_dev_resource_TrafficPolicySpec_CSRF__Output);
  'extProc'?: (_agentgateway_dev_resource_TrafficPolicySpec_ExtProc__Output);
  'requestHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier__Output);
  'responseHeaderModifier'?: (_agentgateway_dev_resource_HeaderModifier__Output);
  'requestRedirect'?: (_agentgateway_dev_resource_RequestRedirect__Output);
  'urlRewrite'?: (_agentgateway_dev_resource_UrlRewrite__Output);
  'requestMirror'?: (_agentgateway_dev_resource_RequestMirrors__Output);
  'directResponse'?: (_agentgateway_dev_resource_DirectResponse__Output);
  'cors'?: (_agentgateway_dev_resource_CORS__Output);
  'basicAuth'?: (_agentgateway_dev_resource_TrafficPolicySpec_BasicAuthentication__Output);
  'apiKeyAuth'?: (_agentgateway_dev_resource_TrafficPolicySpec_APIKey__Output);
  'hostRewrite'?: (_agentgateway_dev_resource_TrafficPolicySpec_HostRewrite__Output);
  'buffer'?: (_agentgateway_dev_resource_TrafficPolicySpec_Buffer__Output);
  'delay'?: (_agentgateway_dev_resource_Delay__Output);
  'kind'?: "timeout"|"retry"|"localRateLimit"|"extAuthz"|"authorization"|"jwt"|"transformation"|"remoteRateLimit"|"csrf"|"extProc"|"requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"urlRewrite"|"requestMirror"|"directResponse"|"cors"|"basicAuth"|"apiKeyAuth"|"hostRewrite"|"buffer"|"delay";
}

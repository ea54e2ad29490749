// Original file: resource.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';
import type { Alpn as _agentgateway_dev_resource_Alpn, Alpn__Output as _agentgateway_dev_resource_Alpn__Output } from '../../../agentgateway/dev/resource/Alpn.ts';
import type { _agentgateway_dev_resource_TLSConfig_CipherSuite, _agentgateway_dev_resource_TLSConfig_CipherSuite__Output } from '../../../agentgateway/dev/resource/TLSConfig.ts';
import type { _agentgateway_dev_resource_TLSConfig_TLSVersion, _agentgateway_dev_resource_TLSConfig_TLSVersion__Output } from '../../../agentgateway/dev/resource/TLSConfig.ts';
import type { _agentgateway_dev_resource_TLSConfig_KeyExchangeGroup, _agentgateway_dev_resource_TLSConfig_KeyExchangeGroup__Output } from '../../../agentgateway/dev/resource/TLSConfig.ts';
import type { KeepaliveConfig as _agentgateway_dev_resource_KeepaliveConfig, KeepaliveConfig__Output as _agentgateway_dev_resource_KeepaliveConfig__Output } from '../../../agentgateway/dev/resource/KeepaliveConfig.ts';
import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';

export interface _agentgateway_dev_resource_FrontendPolicySpec_Connect {
  'mode'?: (_agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Connect__Output {
  'mode'?: (_agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode__Output);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging_Field {
  'name'?: (string);
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging_Field__Output {
  'name'?: (string);
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Metrics_Field {
  'name'?: (string);
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Metrics_Field__Output {
  'name'?: (string);
  'expression'?: (string);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields {
  'remove'?: (string)[];
  'add'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_Field)[];
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields__Output {
  'remove'?: (string)[];
  'add'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_Field__Output)[];
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Metrics_Fields {
  'add'?: (_agentgateway_dev_resource_FrontendPolicySpec_Metrics_Field)[];
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Metrics_Fields__Output {
  'add'?: (_agentgateway_dev_resource_FrontendPolicySpec_Metrics_Field__Output)[];
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_HTTP {
  'maxBufferSize'?: (number);
  'http1MaxHeaders'?: (number);
  'http1IdleTimeout'?: (_google_protobuf_Duration | null);
  'http2WindowSize'?: (number);
  'http2ConnectionWindowSize'?: (number);
  'http2FrameSize'?: (number);
  'http2KeepaliveInterval'?: (_google_protobuf_Duration | null);
  'http2KeepaliveTimeout'?: (_google_protobuf_Duration | null);
  'maxConnectionDuration'?: (_google_protobuf_Duration | null);
  'http2MaxHeaderSize'?: (number);
  'http1HeaderCase'?: (_agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase);
  '_maxBufferSize'?: "maxBufferSize";
  '_http1MaxHeaders'?: "http1MaxHeaders";
  '_http2WindowSize'?: "http2WindowSize";
  '_http2ConnectionWindowSize'?: "http2ConnectionWindowSize";
  '_http2FrameSize'?: "http2FrameSize";
  '_http2MaxHeaderSize'?: "http2MaxHeaderSize";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_HTTP__Output {
  'maxBufferSize'?: (number);
  'http1MaxHeaders'?: (number);
  'http1IdleTimeout'?: (_google_protobuf_Duration__Output);
  'http2WindowSize'?: (number);
  'http2ConnectionWindowSize'?: (number);
  'http2FrameSize'?: (number);
  'http2KeepaliveInterval'?: (_google_protobuf_Duration__Output);
  'http2KeepaliveTimeout'?: (_google_protobuf_Duration__Output);
  'maxConnectionDuration'?: (_google_protobuf_Duration__Output);
  'http2MaxHeaderSize'?: (number);
  'http1HeaderCase'?: (_agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase__Output);
  '_maxBufferSize'?: "maxBufferSize";
  '_http1MaxHeaders'?: "http1MaxHeaders";
  '_http2WindowSize'?: "http2WindowSize";
  '_http2ConnectionWindowSize'?: "http2ConnectionWindowSize";
  '_http2FrameSize'?: "http2FrameSize";
  '_http2MaxHeaderSize'?: "http2MaxHeaderSize";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase = {
  LOWERCASE: 'LOWERCASE',
  PRESERVE: 'PRESERVE',
} as const;

export type _agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase =
  | 'LOWERCASE'
  | 0
  | 'PRESERVE'
  | 1

export type _agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase__Output = typeof _agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase[keyof typeof _agentgateway_dev_resource_FrontendPolicySpec_HTTP_HTTPHeaderCase]

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging {
  'filter'?: (string);
  'fields'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields | null);
  'otlpAccessLog'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog | null);
  '_filter'?: "filter";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging__Output {
  'filter'?: (string);
  'fields'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields__Output);
  'otlpAccessLog'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog__Output);
  '_filter'?: "filter";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Metrics {
  'fields'?: (_agentgateway_dev_resource_FrontendPolicySpec_Metrics_Fields | null);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Metrics__Output {
  'fields'?: (_agentgateway_dev_resource_FrontendPolicySpec_Metrics_Fields__Output);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode = {
  STRICT: 'STRICT',
  OPTIONAL: 'OPTIONAL',
} as const;

export type _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode =
  | 'STRICT'
  | 0
  | 'OPTIONAL'
  | 1

export type _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode__Output = typeof _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode[keyof typeof _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode]

// Original file: resource.proto

export const _agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode = {
  DENY: 'DENY',
  ROUTE: 'ROUTE',
  TUNNEL: 'TUNNEL',
} as const;

export type _agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode =
  | 'DENY'
  | 0
  | 'ROUTE'
  | 1
  | 'TUNNEL'
  | 2

export type _agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode__Output = typeof _agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode[keyof typeof _agentgateway_dev_resource_FrontendPolicySpec_Connect_Mode]

export interface _agentgateway_dev_resource_FrontendPolicySpec_NetworkAuthorization {
  'allow'?: (string)[];
  'deny'?: (string)[];
  'require'?: (string)[];
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_NetworkAuthorization__Output {
  'allow'?: (string)[];
  'deny'?: (string)[];
  'require'?: (string)[];
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog {
  'providerBackend'?: (_agentgateway_dev_resource_BackendReference | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'protocol'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol);
  'path'?: (string);
  'filter'?: (string);
  'fields'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields | null);
  '_path'?: "path";
  '_filter'?: "filter";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog__Output {
  'providerBackend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'protocol'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol__Output);
  'path'?: (string);
  'filter'?: (string);
  'fields'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging_Fields__Output);
  '_path'?: "path";
  '_filter'?: "filter";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol = {
  HTTP: 'HTTP',
  GRPC: 'GRPC',
} as const;

export type _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol =
  | 'HTTP'
  | 0
  | 'GRPC'
  | 1

export type _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol__Output = typeof _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol[keyof typeof _agentgateway_dev_resource_FrontendPolicySpec_Logging_OtlpAccessLog_Protocol]

// Original file: resource.proto

export const _agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol = {
  HTTP: 'HTTP',
  GRPC: 'GRPC',
} as const;

export type _agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol =
  | 'HTTP'
  | 0
  | 'GRPC'
  | 1

export type _agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol__Output = typeof _agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol[keyof typeof _agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol]

export interface _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol {
  'version'?: (_agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version);
  'mode'?: (_agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol__Output {
  'version'?: (_agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version__Output);
  'mode'?: (_agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Mode__Output);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_TCP {
  'keepalives'?: (_agentgateway_dev_resource_KeepaliveConfig | null);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_TCP__Output {
  'keepalives'?: (_agentgateway_dev_resource_KeepaliveConfig__Output);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_TLS {
  'handshakeTimeout'?: (_google_protobuf_Duration | null);
  'alpn'?: (_agentgateway_dev_resource_Alpn | null);
  'cipherSuites'?: (_agentgateway_dev_resource_TLSConfig_CipherSuite)[];
  'minVersion'?: (_agentgateway_dev_resource_TLSConfig_TLSVersion);
  'maxVersion'?: (_agentgateway_dev_resource_TLSConfig_TLSVersion);
  'keyExchangeGroups'?: (_agentgateway_dev_resource_TLSConfig_KeyExchangeGroup)[];
  '_minVersion'?: "minVersion";
  '_maxVersion'?: "maxVersion";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_TLS__Output {
  'handshakeTimeout'?: (_google_protobuf_Duration__Output);
  'alpn'?: (_agentgateway_dev_resource_Alpn__Output);
  'cipherSuites'?: (_agentgateway_dev_resource_TLSConfig_CipherSuite__Output)[];
  'minVersion'?: (_agentgateway_dev_resource_TLSConfig_TLSVersion__Output);
  'maxVersion'?: (_agentgateway_dev_resource_TLSConfig_TLSVersion__Output);
  'keyExchangeGroups'?: (_agentgateway_dev_resource_TLSConfig_KeyExchangeGroup__Output)[];
  '_minVersion'?: "minVersion";
  '_maxVersion'?: "maxVersion";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Tracing {
  'providerBackend'?: (_agentgateway_dev_resource_BackendReference | null);
  'attributes'?: (_agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute)[];
  'resources'?: (_agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute)[];
  'randomSampling'?: (string);
  'clientSampling'?: (string);
  'path'?: (string);
  'protocol'?: (_agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol);
  'remove'?: (string)[];
  'filter'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  '_randomSampling'?: "randomSampling";
  '_clientSampling'?: "clientSampling";
  '_path'?: "path";
  '_filter'?: "filter";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_Tracing__Output {
  'providerBackend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'attributes'?: (_agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute__Output)[];
  'resources'?: (_agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute__Output)[];
  'randomSampling'?: (string);
  'clientSampling'?: (string);
  'path'?: (string);
  'protocol'?: (_agentgateway_dev_resource_FrontendPolicySpec_Tracing_Protocol__Output);
  'remove'?: (string)[];
  'filter'?: (string);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  '_randomSampling'?: "randomSampling";
  '_clientSampling'?: "clientSampling";
  '_path'?: "path";
  '_filter'?: "filter";
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute {
  'name'?: (string);
  'value'?: (string);
}

export interface _agentgateway_dev_resource_FrontendPolicySpec_TracingAttribute__Output {
  'name'?: (string);
  'value'?: (string);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version = {
  V2: 'V2',
  V1: 'V1',
  ALL: 'ALL',
} as const;

export type _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version =
  | 'V2'
  | 0
  | 'V1'
  | 1
  | 'ALL'
  | 2

export type _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version__Output = typeof _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version[keyof typeof _agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol_Version]

export interface FrontendPolicySpec {
  'tcp'?: (_agentgateway_dev_resource_FrontendPolicySpec_TCP | null);
  'tls'?: (_agentgateway_dev_resource_FrontendPolicySpec_TLS | null);
  'http'?: (_agentgateway_dev_resource_FrontendPolicySpec_HTTP | null);
  'logging'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging | null);
  'tracing'?: (_agentgateway_dev_resource_FrontendPolicySpec_Tracing | null);
  'networkAuthorization'?: (_agentgateway_dev_resource_FrontendPolicySpec_NetworkAuthorization | null);
  'proxyProtocol'?: (_agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol | null);
  'metrics'?: (_agentgateway_dev_resource_FrontendPolicySpec_Metrics | null);
  'connect'?: (_agentgateway_dev_resource_FrontendPolicySpec_Connect | null);
  'kind'?: "tcp"|"tls"|"http"|"logging"|"tracing"|"networkAuthorization"|"proxyProtocol"|"metrics"|"connect";
}

export interface FrontendPolicySpec__Output {
  'tcp'?: (_agentgateway_dev_resource_FrontendPolicySpec_TCP__Output);
  'tls'?: (_agentgateway_dev_resource_FrontendPolicySpec_TLS__Output);
  'http'?: (_agentgateway_dev_resource_FrontendPolicySpec_HTTP__Output);
  'logging'?: (_agentgateway_dev_resource_FrontendPolicySpec_Logging__Output);
  'tracing'?: (_agentgateway_dev_resource_FrontendPolicySpec_Tracing__Output);
  'networkAuthorization'?: (_agentgateway_dev_resource_FrontendPolicySpec_NetworkAuthorization__Output);
  'proxyProtocol'?: (_agentgateway_dev_resource_FrontendPolicySpec_ProxyProtocol__Output);
  'metrics'?: (_agentgateway_dev_resource_FrontendPolicySpec_Metrics__Output);
  'connect'?: (_agentgateway_dev_resource_FrontendPolicySpec_Connect__Output);
  'kind'?: "tcp"|"tls"|"http"|"logging"|"tracing"|"networkAuthorization"|"proxyProtocol"|"metrics"|"connect";
}

// Original file: resource.proto

import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { OAuthClientAuth as _agentgateway_dev_resource_OAuthClientAuth, OAuthClientAuth__Output as _agentgateway_dev_resource_OAuthClientAuth__Output } from '../../../agentgateway/dev/resource/OAuthClientAuth.ts';
import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';

export interface _agentgateway_dev_resource_OAuthTokenExchange_ActorToken {
  'source'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'tokenType'?: (string);
  'enforceMayAct'?: (boolean);
}

export interface _agentgateway_dev_resource_OAuthTokenExchange_ActorToken__Output {
  'source'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'tokenType'?: (string);
  'enforceMayAct'?: (boolean);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_OAuthTokenExchange_GrantType = {
  UNSPECIFIED: 'UNSPECIFIED',
  TOKEN_EXCHANGE: 'TOKEN_EXCHANGE',
  JWT_BEARER: 'JWT_BEARER',
} as const;

export type _agentgateway_dev_resource_OAuthTokenExchange_GrantType =
  | 'UNSPECIFIED'
  | 0
  | 'TOKEN_EXCHANGE'
  | 1
  | 'JWT_BEARER'
  | 2

export type _agentgateway_dev_resource_OAuthTokenExchange_GrantType__Output = typeof _agentgateway_dev_resource_OAuthTokenExchange_GrantType[keyof typeof _agentgateway_dev_resource_OAuthTokenExchange_GrantType]

export interface _agentgateway_dev_resource_OAuthTokenExchange_TokenCache_InMemory {
  'maxEntries'?: (number);
  'defaultTtl'?: (_google_protobuf_Duration | null);
  '_maxEntries'?: "maxEntries";
  '_defaultTtl'?: "defaultTtl";
}

export interface _agentgateway_dev_resource_OAuthTokenExchange_TokenCache_InMemory__Output {
  'maxEntries'?: (number);
  'defaultTtl'?: (_google_protobuf_Duration__Output);
  '_maxEntries'?: "maxEntries";
  '_defaultTtl'?: "defaultTtl";
}

export interface _agentgateway_dev_resource_OAuthTokenExchange_TokenCache {
  'inMemory'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenCache_InMemory | null);
}

export interface _agentgateway_dev_resource_OAuthTokenExchange_TokenCache__Output {
  'inMemory'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenCache_InMemory__Output);
}

export interface _agentgateway_dev_resource_OAuthTokenExchange_TokenSpec {
  'source'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'tokenType'?: (string);
}

export interface _agentgateway_dev_resource_OAuthTokenExchange_TokenSpec__Output {
  'source'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'tokenType'?: (string);
}

export interface OAuthTokenExchange {
  'tokenEndpoint'?: (_agentgateway_dev_resource_BackendReference | null);
  'audiences'?: (string)[];
  'scopes'?: (string)[];
  'resources'?: (string)[];
  'requestedTokenType'?: (string);
  'clientAuth'?: (_agentgateway_dev_resource_OAuthClientAuth | null);
  'tokenEndpointPath'?: (string);
  'grantType'?: (_agentgateway_dev_resource_OAuthTokenExchange_GrantType);
  'subjectToken'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenSpec | null);
  'actorToken'?: (_agentgateway_dev_resource_OAuthTokenExchange_ActorToken | null);
  'additionalParams'?: ({[key: string]: string});
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'cache'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenCache | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  '_requestedTokenType'?: "requestedTokenType";
  '_tokenEndpointPath'?: "tokenEndpointPath";
}

export interface OAuthTokenExchange__Output {
  'tokenEndpoint'?: (_agentgateway_dev_resource_BackendReference__Output);
  'audiences'?: (string)[];
  'scopes'?: (string)[];
  'resources'?: (string)[];
  'requestedTokenType'?: (string);
  'clientAuth'?: (_agentgateway_dev_resource_OAuthClientAuth__Output);
  'tokenEndpointPath'?: (string);
  'grantType'?: (_agentgateway_dev_resource_OAuthTokenExchange_GrantType__Output);
  'subjectToken'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenSpec__Output);
  'actorToken'?: (_agentgateway_dev_resource_OAuthTokenExchange_ActorToken__Output);
  'additionalParams'?: ({[key: string]: string});
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'cache'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenCache__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  '_requestedTokenType'?: "requestedTokenType";
  '_tokenEndpointPath'?: "tokenEndpointPath";
}

// Original file: resource.proto

import type { Passthrough as _agentgateway_dev_resource_Passthrough, Passthrough__Output as _agentgateway_dev_resource_Passthrough__Output } from '../../../agentgateway/dev/resource/Passthrough.ts';
import type { Key as _agentgateway_dev_resource_Key, Key__Output as _agentgateway_dev_resource_Key__Output } from '../../../agentgateway/dev/resource/Key.ts';
import type { Gcp as _agentgateway_dev_resource_Gcp, Gcp__Output as _agentgateway_dev_resource_Gcp__Output } from '../../../agentgateway/dev/resource/Gcp.ts';
import type { Aws as _agentgateway_dev_resource_Aws, Aws__Output as _agentgateway_dev_resource_Aws__Output } from '../../../agentgateway/dev/resource/Aws.ts';
import type { Azure as _agentgateway_dev_resource_Azure, Azure__Output as _agentgateway_dev_resource_Azure__Output } from '../../../agentgateway/dev/resource/Azure.ts';
import type { OAuthTokenExchange as _agentgateway_dev_resource_OAuthTokenExchange, OAuthTokenExchange__Output as _agentgateway_dev_resource_OAuthTokenExchange__Output } from '../../../agentgateway/dev/resource/OAuthTokenExchange.ts';
import type { CrossAppAccessAuth as _agentgateway_dev_resource_CrossAppAccessAuth, CrossAppAccessAuth__Output as _agentgateway_dev_resource_CrossAppAccessAuth__Output } from '../../../agentgateway/dev/resource/CrossAppAccessAuth.ts';
import type { BackendAuthCredential as _agentgateway_dev_resource_BackendAuthCredential, BackendAuthCredential__Output as _agentgateway_dev_resource_BackendAuthCredential__Output } from '../../../agentgateway/dev/resource/BackendAuthCredential.ts';
import type { JwtSign as _agentgateway_dev_resource_JwtSign, JwtSign__Output as _agentgateway_dev_resource_JwtSign__Output } from '../../../agentgateway/dev/resource/JwtSign.ts';

export interface BackendAuthPolicy {
  'passthrough'?: (_agentgateway_dev_resource_Passthrough | null);
  'key'?: (_agentgateway_dev_resource_Key | null);
  'gcp'?: (_agentgateway_dev_resource_Gcp | null);
  'aws'?: (_agentgateway_dev_resource_Aws | null);
  'azure'?: (_agentgateway_dev_resource_Azure | null);
  'oauthTokenExchange'?: (_agentgateway_dev_resource_OAuthTokenExchange | null);
  'crossAppAccess'?: (_agentgateway_dev_resource_CrossAppAccessAuth | null);
  'credentials'?: (_agentgateway_dev_resource_BackendAuthCredential)[];
  'jwtSign'?: (_agentgateway_dev_resource_JwtSign | null);
  'kind'?: "passthrough"|"key"|"gcp"|"aws"|"azure"|"oauthTokenExchange"|"crossAppAccess"|"jwtSign";
}

export interface BackendAuthPolicy__Output {
  'passthrough'?: (_agentgateway_dev_resource_Passthrough__Output);
  'key'?: (_agentgateway_dev_resource_Key__Output);
  'gcp'?: (_agentgateway_dev_resource_Gcp__Output);
  'aws'?: (_agentgateway_dev_resource_Aws__Output);
  'azure'?: (_agentgateway_dev_resource_Azure__Output);
  'oauthTokenExchange'?: (_agentgateway_dev_resource_OAuthTokenExchange__Output);
  'crossAppAccess'?: (_agentgateway_dev_resource_CrossAppAccessAuth__Output);
  'credentials'?: (_agentgateway_dev_resource_BackendAuthCredential__Output)[];
  'jwtSign'?: (_agentgateway_dev_resource_JwtSign__Output);
  'kind'?: "passthrough"|"key"|"gcp"|"aws"|"azure"|"oauthTokenExchange"|"crossAppAccess"|"jwtSign";
}

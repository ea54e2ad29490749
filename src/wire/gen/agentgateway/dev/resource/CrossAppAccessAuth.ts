// Original file: resource.proto

import type { _agentgateway_dev_resource_OAuthTokenExchange_TokenCache, _agentgateway_dev_resource_OAuthTokenExchange_TokenCache__Output } from '../../../agentgateway/dev/resource/OAuthTokenExchange.ts';
import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { OAuthClientAuth as _agentgateway_dev_resource_OAuthClientAuth, OAuthClientAuth__Output as _agentgateway_dev_resource_OAuthClientAuth__Output } from '../../../agentgateway/dev/resource/OAuthClientAuth.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';

export interface _agentgateway_dev_resource_CrossAppAccessAuth_Endpoint {
  'tokenEndpoint'?: (_agentgateway_dev_resource_BackendReference | null);
  'tokenEndpointPath'?: (string);
  'clientAuth'?: (_agentgateway_dev_resource_OAuthClientAuth | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  '_tokenEndpointPath'?: "tokenEndpointPath";
}

export interface _agentgateway_dev_resource_CrossAppAccessAuth_Endpoint__Output {
  'tokenEndpoint'?: (_agentgateway_dev_resource_BackendReference__Output);
  'tokenEndpointPath'?: (string);
  'clientAuth'?: (_agentgateway_dev_resource_OAuthClientAuth__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  '_tokenEndpointPath'?: "tokenEndpointPath";
}

export interface _agentgateway_dev_resource_CrossAppAccessAuth_ScopeOverride {
  'values'?: (string)[];
}

export interface _agentgateway_dev_resource_CrossAppAccessAuth_ScopeOverride__Output {
  'values'?: (string)[];
}

export interface _agentgateway_dev_resource_CrossAppAccessAuth_SubjectToken {
  'source'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'tokenType'?: (string);
}

export interface _agentgateway_dev_resource_CrossAppAccessAuth_SubjectToken__Output {
  'source'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'tokenType'?: (string);
}

export interface CrossAppAccessAuth {
  'identityProvider'?: (_agentgateway_dev_resource_CrossAppAccessAuth_Endpoint | null);
  'resourceAuthorizationServer'?: (_agentgateway_dev_resource_CrossAppAccessAuth_Endpoint | null);
  'audience'?: (string);
  'resources'?: (string)[];
  'scopes'?: (string)[];
  'cache'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenCache | null);
  'subjectToken'?: (_agentgateway_dev_resource_CrossAppAccessAuth_SubjectToken | null);
  'accessTokenScopes'?: (_agentgateway_dev_resource_CrossAppAccessAuth_ScopeOverride | null);
}

export interface CrossAppAccessAuth__Output {
  'identityProvider'?: (_agentgateway_dev_resource_CrossAppAccessAuth_Endpoint__Output);
  'resourceAuthorizationServer'?: (_agentgateway_dev_resource_CrossAppAccessAuth_Endpoint__Output);
  'audience'?: (string);
  'resources'?: (string)[];
  'scopes'?: (string)[];
  'cache'?: (_agentgateway_dev_resource_OAuthTokenExchange_TokenCache__Output);
  'subjectToken'?: (_agentgateway_dev_resource_CrossAppAccessAuth_SubjectToken__Output);
  'accessTokenScopes'?: (_agentgateway_dev_resource_CrossAppAccessAuth_ScopeOverride__Output);
}

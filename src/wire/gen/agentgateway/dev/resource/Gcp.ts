// Original file: resource.proto

export interface _agentgateway_dev_resource_Gcp_AccessToken {
}

export interface _agentgateway_dev_resource_Gcp_AccessToken__Output {
}

export interface _agentgateway_dev_resource_Gcp_IdToken {
  'audience'?: (string);
  '_audience'?: "audience";
}

export interface _agentgateway_dev_resource_Gcp_IdToken__Output {
  'audience'?: (string);
  '_audience'?: "audience";
}

export interface Gcp {
  'accessToken'?: (_agentgateway_dev_resource_Gcp_AccessToken | null);
  'idToken'?: (_agentgateway_dev_resource_Gcp_IdToken | null);
  'credential'?: (string);
  'tokenType'?: "accessToken"|"idToken";
  '_credential'?: "credential";
}

export interface Gcp__Output {
  'accessToken'?: (_agentgateway_dev_resource_Gcp_AccessToken__Output);
  'idToken'?: (_agentgateway_dev_resource_Gcp_IdToken__Output);
  'credential'?: (string);
  'tokenType'?: "accessToken"|"idToken";
  '_credential'?: "credential";
}

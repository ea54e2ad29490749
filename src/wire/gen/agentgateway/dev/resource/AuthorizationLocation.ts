// Original file: resource.proto

export interface _agentgateway_dev_resource_AuthorizationLocation_Cookie {
  'name'?: (string);
}

export interface _agentgateway_dev_resource_AuthorizationLocation_Cookie__Output {
  'name'?: (string);
}

export interface _agentgateway_dev_resource_AuthorizationLocation_Header {
  'name'?: (string);
  'prefix'?: (string);
  '_prefix'?: "prefix";
}

export interface _agentgateway_dev_resource_AuthorizationLocation_Header__Output {
  'name'?: (string);
  'prefix'?: (string);
  '_prefix'?: "prefix";
}

export interface _agentgateway_dev_resource_AuthorizationLocation_QueryParameter {
  'name'?: (string);
}

export interface _agentgateway_dev_resource_AuthorizationLocation_QueryParameter__Output {
  'name'?: (string);
}

export interface AuthorizationLocation {
  'header'?: (_agentgateway_dev_resource_AuthorizationLocation_Header | null);
  'queryParameter'?: (_agentgateway_dev_resource_AuthorizationLocation_QueryParameter | null);
  'cookie'?: (_agentgateway_dev_resource_AuthorizationLocation_Cookie | null);
  'expression'?: (string);
  'kind'?: "header"|"queryParameter"|"cookie"|"expression";
}

export interface AuthorizationLocation__Output {
  'header'?: (_agentgateway_dev_resource_AuthorizationLocation_Header__Output);
  'queryParameter'?: (_agentgateway_dev_resource_AuthorizationLocation_QueryParameter__Output);
  'cookie'?: (_agentgateway_dev_resource_AuthorizationLocation_Cookie__Output);
  'expression'?: (string);
  'kind'?: "header"|"queryParameter"|"cookie"|"expression";
}

// Original file: resource.proto

export interface _agentgateway_dev_resource_BackendReference_Inline {
  'hostname'?: (string);
  'port'?: (number);
}

export interface _agentgateway_dev_resource_BackendReference_Inline__Output {
  'hostname'?: (string);
  'port'?: (number);
}

export interface _agentgateway_dev_resource_BackendReference_Service {
  'namespace'?: (string);
  'hostname'?: (string);
}

export interface _agentgateway_dev_resource_BackendReference_Service__Output {
  'namespace'?: (string);
  'hostname'?: (string);
}

export interface BackendReference {
  'service'?: (_agentgateway_dev_resource_BackendReference_Service | null);
  'backend'?: (string);
  'port'?: (number);
  'inline'?: (_agentgateway_dev_resource_BackendReference_Inline | null);
  'kind'?: "service"|"backend"|"inline";
}

export interface BackendReference__Output {
  'service'?: (_agentgateway_dev_resource_BackendReference_Service__Output);
  'backend'?: (string);
  'port'?: (number);
  'inline'?: (_agentgateway_dev_resource_BackendReference_Inline__Output);
  'kind'?: "service"|"backend"|"inline";
}

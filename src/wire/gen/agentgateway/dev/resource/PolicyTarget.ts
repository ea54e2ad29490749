// Original file: resource.proto

export interface _agentgateway_dev_resource_PolicyTarget_BackendTarget {
  'name'?: (string);
  'namespace'?: (string);
  'section'?: (string);
  '_section'?: "section";
}

export interface _agentgateway_dev_resource_PolicyTarget_BackendTarget__Output {
  'name'?: (string);
  'namespace'?: (string);
  'section'?: (string);
  '_section'?: "section";
}

export interface _agentgateway_dev_resource_PolicyTarget_GatewayTarget {
  'name'?: (string);
  'namespace'?: (string);
  'listener'?: (string);
  'port'?: (number);
  '_listener'?: "listener";
  '_port'?: "port";
}

export interface _agentgateway_dev_resource_PolicyTarget_GatewayTarget__Output {
  'name'?: (string);
  'namespace'?: (string);
  'listener'?: (string);
  'port'?: (number);
  '_listener'?: "listener";
  '_port'?: "port";
}

export interface _agentgateway_dev_resource_PolicyTarget_ListenerSetTarget {
  'name'?: (string);
  'namespace'?: (string);
  'section'?: (string);
  '_section'?: "section";
}

export interface _agentgateway_dev_resource_PolicyTarget_ListenerSetTarget__Output {
  'name'?: (string);
  'namespace'?: (string);
  'section'?: (string);
  '_section'?: "section";
}

export interface _agentgateway_dev_resource_PolicyTarget_RouteTarget {
  'name'?: (string);
  'namespace'?: (string);
  'routeRule'?: (string);
  'kind'?: (string);
  '_routeRule'?: "routeRule";
}

export interface _agentgateway_dev_resource_PolicyTarget_RouteTarget__Output {
  'name'?: (string);
  'namespace'?: (string);
  'routeRule'?: (string);
  'kind'?: (string);
  '_routeRule'?: "routeRule";
}

export interface _agentgateway_dev_resource_PolicyTarget_ServiceTarget {
  'namespace'?: (string);
  'hostname'?: (string);
  'port'?: (number);
  '_port'?: "port";
}

export interface _agentgateway_dev_resource_PolicyTarget_ServiceTarget__Output {
  'namespace'?: (string);
  'hostname'?: (string);
  'port'?: (number);
  '_port'?: "port";
}

export interface PolicyTarget {
  'gateway'?: (_agentgateway_dev_resource_PolicyTarget_GatewayTarget | null);
  'route'?: (_agentgateway_dev_resource_PolicyTarget_RouteTarget | null);
  'backend'?: (_agentgateway_dev_resource_PolicyTarget_BackendTarget | null);
  'service'?: (_agentgateway_dev_resource_PolicyTarget_ServiceTarget | null);
  'listenerSet'?: (_agentgateway_dev_resource_PolicyTarget_ListenerSetTarget | null);
  'kind'?: "gateway"|"route"|"backend"|"service"|"listenerSet";
}

export interface PolicyTarget__Output {
  'gateway'?: (_agentgateway_dev_resource_PolicyTarget_GatewayTarget__Output);
  'route'?: (_agentgateway_dev_resource_PolicyTarget_RouteTarget__Output);
  'backend'?: (_agentgateway_dev_resource_PolicyTarget_BackendTarget__Output);
  'service'?: (_agentgateway_dev_resource_PolicyTarget_ServiceTarget__Output);
  'listenerSet'?: (_agentgateway_dev_resource_PolicyTarget_ListenerSetTarget__Output);
  'kind'?: "gateway"|"route"|"backend"|"service"|"listenerSet";
}

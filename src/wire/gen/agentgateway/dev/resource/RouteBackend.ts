// Original file: resource.proto

import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';

export interface RouteBackend {
  'backend'?: (_agentgateway_dev_resource_BackendReference | null);
  'weight'?: (number);
  'backendPolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'routeGroupKey'?: (string);
  '_routeGroupKey'?: "routeGroupKey";
}

export interface RouteBackend__Output {
  'backend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'weight'?: (number);
  'backendPolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'routeGroupKey'?: (string);
  '_routeGroupKey'?: "routeGroupKey";
}

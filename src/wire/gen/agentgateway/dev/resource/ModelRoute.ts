// Original file: resource.proto

import type { _agentgateway_dev_resource_BackendPolicySpec_Ai, _agentgateway_dev_resource_BackendPolicySpec_Ai__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { _agentgateway_dev_resource_TrafficPolicySpec_RBAC, _agentgateway_dev_resource_TrafficPolicySpec_RBAC__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';
import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { Long } from '@grpc/proto-loader';

export interface _agentgateway_dev_resource_ModelRoute_ConcreteModel {
  'modelVisibility'?: (_agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility);
  'backend'?: (_agentgateway_dev_resource_BackendReference | null);
  'backendPolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
}

export interface _agentgateway_dev_resource_ModelRoute_ConcreteModel__Output {
  'modelVisibility'?: (_agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility__Output);
  'backend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'backendPolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional {
  'targets'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional_Target)[];
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional__Output {
  'targets'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional_Target__Output)[];
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Failover {
  'backend'?: (_agentgateway_dev_resource_BackendReference | null);
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Failover__Output {
  'backend'?: (_agentgateway_dev_resource_BackendReference__Output);
}

export interface _agentgateway_dev_resource_ModelRoute_Match {
  'model'?: (string);
}

export interface _agentgateway_dev_resource_ModelRoute_Match__Output {
  'model'?: (string);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility = {
  PUBLIC: 'PUBLIC',
  INTERNAL: 'INTERNAL',
} as const;

export type _agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility =
  | 'PUBLIC'
  | 0
  | 'INTERNAL'
  | 1

export type _agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility__Output = typeof _agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility[keyof typeof _agentgateway_dev_resource_ModelRoute_ConcreteModel_ModelVisibility]

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted_Target {
  'model'?: (string);
  'weight'?: (number);
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted_Target__Output {
  'model'?: (string);
  'weight'?: (number);
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional_Target {
  'model'?: (string);
  'when'?: (string);
  '_when'?: "when";
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional_Target__Output {
  'model'?: (string);
  'when'?: (string);
  '_when'?: "when";
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel {
  'weighted'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted | null);
  'conditional'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional | null);
  'failover'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Failover | null);
  'routing'?: "weighted"|"conditional"|"failover";
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel__Output {
  'weighted'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted__Output);
  'conditional'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Conditional__Output);
  'failover'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Failover__Output);
  'routing'?: "weighted"|"conditional"|"failover";
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted {
  'targets'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted_Target)[];
}

export interface _agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted__Output {
  'targets'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel_Weighted_Target__Output)[];
}

export interface ModelRoute {
  'key'?: (string);
  'listenerKey'?: (string);
  'match'?: (_agentgateway_dev_resource_ModelRoute_Match | null);
  'virtualModel'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel | null);
  'concreteModel'?: (_agentgateway_dev_resource_ModelRoute_ConcreteModel | null);
  'aiPolicy'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai | null);
  'created'?: (number | string | Long);
  'authorization'?: (_agentgateway_dev_resource_TrafficPolicySpec_RBAC | null);
  'routerKey'?: (string);
  'kind'?: "virtualModel"|"concreteModel";
}

export interface ModelRoute__Output {
  'key'?: (string);
  'listenerKey'?: (string);
  'match'?: (_agentgateway_dev_resource_ModelRoute_Match__Output);
  'virtualModel'?: (_agentgateway_dev_resource_ModelRoute_VirtualModel__Output);
  'concreteModel'?: (_agentgateway_dev_resource_ModelRoute_ConcreteModel__Output);
  'aiPolicy'?: (_agentgateway_dev_resource_BackendPolicySpec_Ai__Output);
  'created'?: (string);
  'authorization'?: (_agentgateway_dev_resource_TrafficPolicySpec_RBAC__Output);
  'routerKey'?: (string);
  'kind'?: "virtualModel"|"concreteModel";
}

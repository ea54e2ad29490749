// Original file: resource.proto

import type { TypedResourceName as _agentgateway_dev_resource_TypedResourceName, TypedResourceName__Output as _agentgateway_dev_resource_TypedResourceName__Output } from '../../../agentgateway/dev/resource/TypedResourceName.ts';
import type { PolicyTarget as _agentgateway_dev_resource_PolicyTarget, PolicyTarget__Output as _agentgateway_dev_resource_PolicyTarget__Output } from '../../../agentgateway/dev/resource/PolicyTarget.ts';
import type { TrafficPolicySpec as _agentgateway_dev_resource_TrafficPolicySpec, TrafficPolicySpec__Output as _agentgateway_dev_resource_TrafficPolicySpec__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { FrontendPolicySpec as _agentgateway_dev_resource_FrontendPolicySpec, FrontendPolicySpec__Output as _agentgateway_dev_resource_FrontendPolicySpec__Output } from '../../../agentgateway/dev/resource/FrontendPolicySpec.ts';
import type { ConditionalPolicies as _agentgateway_dev_resource_ConditionalPolicies, ConditionalPolicies__Output as _agentgateway_dev_resource_ConditionalPolicies__Output } from '../../../agentgateway/dev/resource/ConditionalPolicies.ts';

// Original file: resource.proto

export const _agentgateway_dev_resource_Policy_Inheritance = {
  DEFAULT: 'DEFAULT',
  OVERRIDE: 'OVERRIDE',
} as const;

export type _agentgateway_dev_resource_Policy_Inheritance =
  | 'DEFAULT'
  | 0
  | 'OVERRIDE'
  | 1

export type _agentgateway_dev_resource_Policy_Inheritance__Output = typeof _agentgateway_dev_resource_Policy_Inheritance[keyof typeof _agentgateway_dev_resource_Policy_Inheritance]

export interface Policy {
  'key'?: (string);
  'name'?: (_agentgateway_dev_resource_TypedResourceName | null);
  'target'?: (_agentgateway_dev_resource_PolicyTarget | null);
  'traffic'?: (_agentgateway_dev_resource_TrafficPolicySpec | null);
  'backend'?: (_agentgateway_dev_resource_BackendPolicySpec | null);
  'frontend'?: (_agentgateway_dev_resource_FrontendPolicySpec | null);
  'conditional'?: (_agentgateway_dev_resource_ConditionalPolicies | null);
  'inheritance'?: (_agentgateway_dev_resource_Policy_Inheritance);
  'kind'?: "traffic"|"backend"|"frontend"|"conditional";
}

export interface Policy__Output {
  'key'?: (string);
  'name'?: (_agentgateway_dev_resource_TypedResourceName__Output);
  'target'?: (_agentgateway_dev_resource_PolicyTarget__Output);
  'traffic'?: (_agentgateway_dev_resource_TrafficPolicySpec__Output);
  'backend'?: (_agentgateway_dev_resource_BackendPolicySpec__Output);
  'frontend'?: (_agentgateway_dev_resource_FrontendPolicySpec__Output);
  'conditional'?: (_agentgateway_dev_resource_ConditionalPolicies__Output);
  'inheritance'?: (_agentgateway_dev_resource_Policy_Inheritance__Output);
  'kind'?: "traffic"|"backend"|"frontend"|"conditional";
}

// Original file: resource.proto

import type { ConditionalPolicy as _agentgateway_dev_resource_ConditionalPolicy, ConditionalPolicy__Output as _agentgateway_dev_resource_ConditionalPolicy__Output } from '../../../agentgateway/dev/resource/ConditionalPolicy.ts';

export interface ConditionalPolicies {
  'policies'?: (_agentgateway_dev_resource_ConditionalPolicy)[];
}

export interface ConditionalPolicies__Output {
  'policies'?: (_agentgateway_dev_resource_ConditionalPolicy__Output)[];
}

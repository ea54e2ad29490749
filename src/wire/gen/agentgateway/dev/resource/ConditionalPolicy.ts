// Original file: resource.proto

import type { TrafficPolicySpec as _agentgateway_dev_resource_TrafficPolicySpec, TrafficPolicySpec__Output as _agentgateway_dev_resource_TrafficPolicySpec__Output } from '../../../agentgateway/dev/resource/TrafficPolicySpec.ts';

export interface ConditionalPolicy {
  'condition'?: (string);
  'traffic'?: (_agentgateway_dev_resource_TrafficPolicySpec | null);
  '_condition'?: "condition";
  'kind'?: "traffic";
}

export interface ConditionalPolicy__Output {
  'condition'?: (string);
  'traffic'?: (_agentgateway_dev_resource_TrafficPolicySpec__Output);
  '_condition'?: "condition";
  'kind'?: "traffic";
}

// Original file: resource.proto

import type { AwsAgentCoreBackend as _agentgateway_dev_resource_AwsAgentCoreBackend, AwsAgentCoreBackend__Output as _agentgateway_dev_resource_AwsAgentCoreBackend__Output } from '../../../agentgateway/dev/resource/AwsAgentCoreBackend.ts';

export interface AwsBackend {
  'agentCore'?: (_agentgateway_dev_resource_AwsAgentCoreBackend | null);
  'service'?: "agentCore";
}

export interface AwsBackend__Output {
  'agentCore'?: (_agentgateway_dev_resource_AwsAgentCoreBackend__Output);
  'service'?: "agentCore";
}

// Original file: resource.proto

import type { AwsExplicitConfig as _agentgateway_dev_resource_AwsExplicitConfig, AwsExplicitConfig__Output as _agentgateway_dev_resource_AwsExplicitConfig__Output } from '../../../agentgateway/dev/resource/AwsExplicitConfig.ts';
import type { AwsImplicit as _agentgateway_dev_resource_AwsImplicit, AwsImplicit__Output as _agentgateway_dev_resource_AwsImplicit__Output } from '../../../agentgateway/dev/resource/AwsImplicit.ts';
import type { AwsAssumeRole as _agentgateway_dev_resource_AwsAssumeRole, AwsAssumeRole__Output as _agentgateway_dev_resource_AwsAssumeRole__Output } from '../../../agentgateway/dev/resource/AwsAssumeRole.ts';

export interface Aws {
  'explicitConfig'?: (_agentgateway_dev_resource_AwsExplicitConfig | null);
  'implicit'?: (_agentgateway_dev_resource_AwsImplicit | null);
  'serviceName'?: (string);
  'assumeRole'?: (_agentgateway_dev_resource_AwsAssumeRole | null);
  'region'?: (string);
  'kind'?: "explicitConfig"|"implicit";
}

export interface Aws__Output {
  'explicitConfig'?: (_agentgateway_dev_resource_AwsExplicitConfig__Output);
  'implicit'?: (_agentgateway_dev_resource_AwsImplicit__Output);
  'serviceName'?: (string);
  'assumeRole'?: (_agentgateway_dev_resource_AwsAssumeRole__Output);
  'region'?: (string);
  'kind'?: "explicitConfig"|"implicit";
}

// Original file: resource.proto

import type { AzureExplicitConfig as _agentgateway_dev_resource_AzureExplicitConfig, AzureExplicitConfig__Output as _agentgateway_dev_resource_AzureExplicitConfig__Output } from '../../../agentgateway/dev/resource/AzureExplicitConfig.ts';
import type { AzureDeveloperImplicit as _agentgateway_dev_resource_AzureDeveloperImplicit, AzureDeveloperImplicit__Output as _agentgateway_dev_resource_AzureDeveloperImplicit__Output } from '../../../agentgateway/dev/resource/AzureDeveloperImplicit.ts';
import type { AzureImplicit as _agentgateway_dev_resource_AzureImplicit, AzureImplicit__Output as _agentgateway_dev_resource_AzureImplicit__Output } from '../../../agentgateway/dev/resource/AzureImplicit.ts';

export interface Azure {
  'explicitConfig'?: (_agentgateway_dev_resource_AzureExplicitConfig | null);
  'developerImplicit'?: (_agentgateway_dev_resource_AzureDeveloperImplicit | null);
  'implicit'?: (_agentgateway_dev_resource_AzureImplicit | null);
  'kind'?: "explicitConfig"|"developerImplicit"|"implicit";
}

export interface Azure__Output {
  'explicitConfig'?: (_agentgateway_dev_resource_AzureExplicitConfig__Output);
  'developerImplicit'?: (_agentgateway_dev_resource_AzureDeveloperImplicit__Output);
  'implicit'?: (_agentgateway_dev_resource_AzureImplicit__Output);
  'kind'?: "explicitConfig"|"developerImplicit"|"implicit";
}

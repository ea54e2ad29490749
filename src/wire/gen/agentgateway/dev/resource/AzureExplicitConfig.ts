// Original file: resource.proto

import type { AzureClientSecret as _agentgateway_dev_resource_AzureClientSecret, AzureClientSecret__Output as _agentgateway_dev_resource_AzureClientSecret__Output } from '../../../agentgateway/dev/resource/AzureClientSecret.ts';
import type { AzureManagedIdentityCredential as _agentgateway_dev_resource_AzureManagedIdentityCredential, AzureManagedIdentityCredential__Output as _agentgateway_dev_resource_AzureManagedIdentityCredential__Output } from '../../../agentgateway/dev/resource/AzureManagedIdentityCredential.ts';
import type { AzureWorkloadIdentityCredential as _agentgateway_dev_resource_AzureWorkloadIdentityCredential, AzureWorkloadIdentityCredential__Output as _agentgateway_dev_resource_AzureWorkloadIdentityCredential__Output } from '../../../agentgateway/dev/resource/AzureWorkloadIdentityCredential.ts';

export interface AzureExplicitConfig {
  'clientSecret'?: (_agentgateway_dev_resource_AzureClientSecret | null);
  'managedIdentityCredential'?: (_agentgateway_dev_resource_AzureManagedIdentityCredential | null);
  'workloadIdentityCredential'?: (_agentgateway_dev_resource_AzureWorkloadIdentityCredential | null);
  'credentialSource'?: "clientSecret"|"managedIdentityCredential"|"workloadIdentityCredential";
}

export interface AzureExplicitConfig__Output {
  'clientSecret'?: (_agentgateway_dev_resource_AzureClientSecret__Output);
  'managedIdentityCredential'?: (_agentgateway_dev_resource_AzureManagedIdentityCredential__Output);
  'workloadIdentityCredential'?: (_agentgateway_dev_resource_AzureWorkloadIdentityCredential__Output);
  'credentialSource'?: "clientSecret"|"managedIdentityCredential"|"workloadIdentityCredential";
}

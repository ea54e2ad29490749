// Original file: resource.proto

export interface _agentgateway_dev_resource_GuardrailBackend_AzureContentSafety {
  'resourceName'?: (string);
  'endpoint'?: (string);
  '_resourceName'?: "resourceName";
  '_endpoint'?: "endpoint";
}

export interface _agentgateway_dev_resource_GuardrailBackend_AzureContentSafety__Output {
  'resourceName'?: (string);
  'endpoint'?: (string);
  '_resourceName'?: "resourceName";
  '_endpoint'?: "endpoint";
}

export interface _agentgateway_dev_resource_GuardrailBackend_Bedrock {
  'identifier'?: (string);
  'version'?: (string);
  'region'?: (string);
}

export interface _agentgateway_dev_resource_GuardrailBackend_Bedrock__Output {
  'identifier'?: (string);
  'version'?: (string);
  'region'?: (string);
}

export interface _agentgateway_dev_resource_GuardrailBackend_GoogleModelArmor {
  'templateId'?: (string);
  'projectId'?: (string);
  'location'?: (string);
  '_location'?: "location";
}

export interface _agentgateway_dev_resource_GuardrailBackend_GoogleModelArmor__Output {
  'templateId'?: (string);
  'projectId'?: (string);
  'location'?: (string);
  '_location'?: "location";
}

export interface _agentgateway_dev_resource_GuardrailBackend_OpenAIModeration {
}

export interface _agentgateway_dev_resource_GuardrailBackend_OpenAIModeration__Output {
}

export interface GuardrailBackend {
  'bedrock'?: (_agentgateway_dev_resource_GuardrailBackend_Bedrock | null);
  'googleModelArmor'?: (_agentgateway_dev_resource_GuardrailBackend_GoogleModelArmor | null);
  'azureContentSafety'?: (_agentgateway_dev_resource_GuardrailBackend_AzureContentSafety | null);
  'openaiModeration'?: (_agentgateway_dev_resource_GuardrailBackend_OpenAIModeration | null);
  'provider'?: "bedrock"|"googleModelArmor"|"azureContentSafety"|"openaiModeration";
}

export interface GuardrailBackend__Output {
  'bedrock'?: (_agentgateway_dev_resource_GuardrailBackend_Bedrock__Output);
  'googleModelArmor'?: (_agentgateway_dev_resource_GuardrailBackend_GoogleModelArmor__Output);
  'azureContentSafety'?: (_agentgateway_dev_resource_GuardrailBackend_AzureContentSafety__Output);
  'openaiModeration'?: (_agentgateway_dev_resource_GuardrailBackend_OpenAIModeration__Output);
  'provider'?: "bedrock"|"googleModelArmor"|"azureContentSafety"|"openaiModeration";
}

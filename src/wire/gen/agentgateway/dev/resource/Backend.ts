// Original file: resource.proto

import type { ResourceName as _agentgateway_dev_resource_ResourceName, ResourceName__Output as _agentgateway_dev_resource_ResourceName__Output } from '../../../agentgateway/dev/resource/ResourceName.ts';
import type { StaticBackend as _agentgateway_dev_resource_StaticBackend, StaticBackend__Output as _agentgateway_dev_resource_StaticBackend__Output } from '../../../agentgateway/dev/resource/StaticBackend.ts';
import type { AIBackend as _agentgateway_dev_resource_AIBackend, AIBackend__Output as _agentgateway_dev_resource_AIBackend__Output } from '../../../agentgateway/dev/resource/AIBackend.ts';
import type { MCPBackend as _agentgateway_dev_resource_MCPBackend, MCPBackend__Output as _agentgateway_dev_resource_MCPBackend__Output } from '../../../agentgateway/dev/resource/MCPBackend.ts';
import type { DynamicForwardProxy as _agentgateway_dev_resource_DynamicForwardProxy, DynamicForwardProxy__Output as _agentgateway_dev_resource_DynamicForwardProxy__Output } from '../../../agentgateway/dev/resource/DynamicForwardProxy.ts';
import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { AwsBackend as _agentgateway_dev_resource_AwsBackend, AwsBackend__Output as _agentgateway_dev_resource_AwsBackend__Output } from '../../../agentgateway/dev/resource/AwsBackend.ts';
import type { GuardrailBackend as _agentgateway_dev_resource_GuardrailBackend, GuardrailBackend__Output as _agentgateway_dev_resource_GuardrailBackend__Output } from '../../../agentgateway/dev/resource/GuardrailBackend.ts';
import type { ModelRouterBackend as _agentgateway_dev_resource_ModelRouterBackend, ModelRouterBackend__Output as _agentgateway_dev_resource_ModelRouterBackend__Output } from '../../../agentgateway/dev/resource/ModelRouterBackend.ts';

export interface Backend {
  'key'?: (string);
  'name'?: (_agentgateway_dev_resource_ResourceName | null);
  'static'?: (_agentgateway_dev_resource_StaticBackend | null);
  'ai'?: (_agentgateway_dev_resource_AIBackend | null);
  'mcp'?: (_agentgateway_dev_resource_MCPBackend | null);
  'dynamic'?: (_agentgateway_dev_resource_DynamicForwardProxy | null);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'aws'?: (_agentgateway_dev_resource_AwsBackend | null);
  'guardrail'?: (_agentgateway_dev_resource_GuardrailBackend | null);
  'modelRouter'?: (_agentgateway_dev_resource_ModelRouterBackend | null);
  'kind'?: "static"|"ai"|"mcp"|"dynamic"|"aws"|"guardrail"|"modelRouter";
}

export interface Backend__Output {
  'key'?: (string);
  'name'?: (_agentgateway_dev_resource_ResourceName__Output);
  'static'?: (_agentgateway_dev_resource_StaticBackend__Output);
  'ai'?: (_agentgateway_dev_resource_AIBackend__Output);
  'mcp'?: (_agentgateway_dev_resource_MCPBackend__Output);
  'dynamic'?: (_agentgateway_dev_resource_DynamicForwardProxy__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'aws'?: (_agentgateway_dev_resource_AwsBackend__Output);
  'guardrail'?: (_agentgateway_dev_resource_GuardrailBackend__Output);
  'modelRouter'?: (_agentgateway_dev_resource_ModelRouterBackend__Output);
  'kind'?: "static"|"ai"|"mcp"|"dynamic"|"aws"|"guardrail"|"modelRouter";
}

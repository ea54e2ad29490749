// Original file: resource.proto

import type { MCPTarget as _agentgateway_dev_resource_MCPTarget, MCPTarget__Output as _agentgateway_dev_resource_MCPTarget__Output } from '../../../agentgateway/dev/resource/MCPTarget.ts';

// Original file: resource.proto

export const _agentgateway_dev_resource_MCPBackend_FailureMode = {
  FAIL_CLOSED: 'FAIL_CLOSED',
  FAIL_OPEN: 'FAIL_OPEN',
} as const;

export type _agentgateway_dev_resource_MCPBackend_FailureMode =
  | 'FAIL_CLOSED'
  | 0
  | 'FAIL_OPEN'
  | 1

export type _agentgateway_dev_resource_MCPBackend_FailureMode__Output = typeof _agentgateway_dev_resource_MCPBackend_FailureMode[keyof typeof _agentgateway_dev_resource_MCPBackend_FailureMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_MCPBackend_PrefixMode = {
  CONDITIONAL: 'CONDITIONAL',
  ALWAYS: 'ALWAYS',
  NEVER: 'NEVER',
} as const;

export type _agentgateway_dev_resource_MCPBackend_PrefixMode =
  | 'CONDITIONAL'
  | 0
  | 'ALWAYS'
  | 1
  | 'NEVER'
  | 2

export type _agentgateway_dev_resource_MCPBackend_PrefixMode__Output = typeof _agentgateway_dev_resource_MCPBackend_PrefixMode[keyof typeof _agentgateway_dev_resource_MCPBackend_PrefixMode]

// Original file: resource.proto

export const _agentgateway_dev_resource_MCPBackend_StatefulMode = {
  STATEFUL: 'STATEFUL',
  STATELESS: 'STATELESS',
} as const;

export type _agentgateway_dev_resource_MCPBackend_StatefulMode =
  | 'STATEFUL'
  | 0
  | 'STATELESS'
  | 1

export type _agentgateway_dev_resource_MCPBackend_StatefulMode__Output = typeof _agentgateway_dev_resource_MCPBackend_StatefulMode[keyof typeof _agentgateway_dev_resource_MCPBackend_StatefulMode]

export interface MCPBackend {
  'targets'?: (_agentgateway_dev_resource_MCPTarget)[];
  'statefulMode'?: (_agentgateway_dev_resource_MCPBackend_StatefulMode);
  'prefixMode'?: (_agentgateway_dev_resource_MCPBackend_PrefixMode);
  'failureMode'?: (_agentgateway_dev_resource_MCPBackend_FailureMode);
}

export interface MCPBackend__Output {
  'targets'?: (_agentgateway_dev_resource_MCPTarget__Output)[];
  'statefulMode'?: (_agentgateway_dev_resource_MCPBackend_StatefulMode__Output);
  'prefixMode'?: (_agentgateway_dev_resource_MCPBackend_PrefixMode__Output);
  'failureMode'?: (_agentgateway_dev_resource_MCPBackend_FailureMode__Output);
}

// Original file: resource.proto

import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';

// Original file: resource.proto

export const _agentgateway_dev_resource_MCPTarget_Protocol = {
  UNDEFINED: 'UNDEFINED',
  SSE: 'SSE',
  STREAMABLE_HTTP: 'STREAMABLE_HTTP',
} as const;

export type _agentgateway_dev_resource_MCPTarget_Protocol =
  | 'UNDEFINED'
  | 0
  | 'SSE'
  | 1
  | 'STREAMABLE_HTTP'
  | 2

export type _agentgateway_dev_resource_MCPTarget_Protocol__Output = typeof _agentgateway_dev_resource_MCPTarget_Protocol[keyof typeof _agentgateway_dev_resource_MCPTarget_Protocol]

export interface MCPTarget {
  'name'?: (string);
  'backend'?: (_agentgateway_dev_resource_BackendReference | null);
  'path'?: (string);
  'protocol'?: (_agentgateway_dev_resource_MCPTarget_Protocol);
}

export interface MCPTarget__Output {
  'name'?: (string);
  'backend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'path'?: (string);
  'protocol'?: (_agentgateway_dev_resource_MCPTarget_Protocol__Output);
}

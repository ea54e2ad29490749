// Original file: resource.proto

import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';

export interface _agentgateway_dev_resource_RequestMirrors_Mirror {
  'backend'?: (_agentgateway_dev_resource_BackendReference | null);
  'percentage'?: (number | string);
}

export interface _agentgateway_dev_resource_RequestMirrors_Mirror__Output {
  'backend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'percentage'?: (number);
}

export interface RequestMirrors {
  'mirrors'?: (_agentgateway_dev_resource_RequestMirrors_Mirror)[];
}

export interface RequestMirrors__Output {
  'mirrors'?: (_agentgateway_dev_resource_RequestMirrors_Mirror__Output)[];
}

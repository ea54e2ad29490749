// Original file: resource.proto

import type { ResourceName as _agentgateway_dev_resource_ResourceName, ResourceName__Output as _agentgateway_dev_resource_ResourceName__Output } from '../../../agentgateway/dev/resource/ResourceName.ts';

export interface ListenerName {
  'gatewayName'?: (string);
  'gatewayNamespace'?: (string);
  'listenerName'?: (string);
  'listenerSet'?: (_agentgateway_dev_resource_ResourceName | null);
}

export interface ListenerName__Output {
  'gatewayName'?: (string);
  'gatewayNamespace'?: (string);
  'listenerName'?: (string);
  'listenerSet'?: (_agentgateway_dev_resource_ResourceName__Output);
}

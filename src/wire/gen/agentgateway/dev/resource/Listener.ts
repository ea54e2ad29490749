// Original file: resource.proto

import type { ListenerName as _agentgateway_dev_resource_ListenerName, ListenerName__Output as _agentgateway_dev_resource_ListenerName__Output } from '../../../agentgateway/dev/resource/ListenerName.ts';
import type { Protocol as _agentgateway_dev_resource_Protocol, Protocol__Output as _agentgateway_dev_resource_Protocol__Output } from '../../../agentgateway/dev/resource/Protocol.ts';
import type { TLSConfig as _agentgateway_dev_resource_TLSConfig, TLSConfig__Output as _agentgateway_dev_resource_TLSConfig__Output } from '../../../agentgateway/dev/resource/TLSConfig.ts';

export interface Listener {
  'key'?: (string);
  'bindKey'?: (string);
  'name'?: (_agentgateway_dev_resource_ListenerName | null);
  'hostname'?: (string);
  'protocol'?: (_agentgateway_dev_resource_Protocol);
  'tls'?: (_agentgateway_dev_resource_TLSConfig | null);
}

export interface Listener__Output {
  'key'?: (string);
  'bindKey'?: (string);
  'name'?: (_agentgateway_dev_resource_ListenerName__Output);
  'hostname'?: (string);
  'protocol'?: (_agentgateway_dev_resource_Protocol__Output);
  'tls'?: (_agentgateway_dev_resource_TLSConfig__Output);
}

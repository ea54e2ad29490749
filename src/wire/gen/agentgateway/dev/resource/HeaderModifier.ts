// Original file: resource.proto

import type { Header as _agentgateway_dev_resource_Header, Header__Output as _agentgateway_dev_resource_Header__Output } from '../../../agentgateway/dev/resource/Header.ts';

export interface HeaderModifier {
  'add'?: (_agentgateway_dev_resource_Header)[];
  'set'?: (_agentgateway_dev_resource_Header)[];
  'remove'?: (string)[];
}

export interface HeaderModifier__Output {
  'add'?: (_agentgateway_dev_resource_Header__Output)[];
  'set'?: (_agentgateway_dev_resource_Header__Output)[];
  'remove'?: (string)[];
}

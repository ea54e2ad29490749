// Original file: resource.proto

import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';

export interface Key {
  'secret'?: (string);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
}

export interface Key__Output {
  'secret'?: (string);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
}

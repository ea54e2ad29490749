// Original file: resource.proto

import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';

export interface Passthrough {
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
}

export interface Passthrough__Output {
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
}

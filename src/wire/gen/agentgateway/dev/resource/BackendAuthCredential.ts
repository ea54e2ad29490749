// Original file: resource.proto

import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';

export interface BackendAuthCredential {
  'location'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'value'?: (string);
}

export interface BackendAuthCredential__Output {
  'location'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'value'?: (string);
}

// Original file: discovery.proto

import type { Node as _envoy_service_discovery_v3_Node, Node__Output as _envoy_service_discovery_v3_Node__Output } from '../../../../envoy/service/discovery/v3/Node.ts';
import type { Status as _envoy_service_discovery_v3_Status, Status__Output as _envoy_service_discovery_v3_Status__Output } from '../../../../envoy/service/discovery/v3/Status.ts';

export interface DiscoveryRequest {
  'versionInfo'?: (string);
  'node'?: (_envoy_service_discovery_v3_Node | null);
  'resourceNames'?: (string)[];
  'typeUrl'?: (string);
  'responseNonce'?: (string);
  'errorDetail'?: (_envoy_service_discovery_v3_Status | null);
}

export interface DiscoveryRequest__Output {
  'versionInfo'?: (string);
  'node'?: (_envoy_service_discovery_v3_Node__Output);
  'resourceNames'?: (string)[];
  'typeUrl'?: (string);
  'responseNonce'?: (string);
  'errorDetail'?: (_envoy_service_discovery_v3_Status__Output);
}

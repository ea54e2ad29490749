// Original file: resource.proto

import type { JwtSigningAlg as _agentgateway_dev_resource_JwtSigningAlg, JwtSigningAlg__Output as _agentgateway_dev_resource_JwtSigningAlg__Output } from '../../../agentgateway/dev/resource/JwtSigningAlg.ts';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from '../../../google/protobuf/Value.ts';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';
import type { AuthorizationLocation as _agentgateway_dev_resource_AuthorizationLocation, AuthorizationLocation__Output as _agentgateway_dev_resource_AuthorizationLocation__Output } from '../../../agentgateway/dev/resource/AuthorizationLocation.ts';

export interface JwtSign {
  'signingKey'?: (string);
  'alg'?: (_agentgateway_dev_resource_JwtSigningAlg);
  'kid'?: (string);
  'claims'?: ({[key: string]: _google_protobuf_Value});
  'ttl'?: (_google_protobuf_Duration | null);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation | null);
  'translationError'?: (string);
  '_kid'?: "kid";
  '_ttl'?: "ttl";
  '_translationError'?: "translationError";
}

export interface JwtSign__Output {
  'signingKey'?: (string);
  'alg'?: (_agentgateway_dev_resource_JwtSigningAlg__Output);
  'kid'?: (string);
  'claims'?: ({[key: string]: _google_protobuf_Value__Output});
  'ttl'?: (_google_protobuf_Duration__Output);
  'authorizationLocation'?: (_agentgateway_dev_resource_AuthorizationLocation__Output);
  'translationError'?: (string);
  '_kid'?: "kid";
  '_ttl'?: "ttl";
  '_translationError'?: "translationError";
}

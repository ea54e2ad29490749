// Original file: resource.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';

export interface Timeout {
  'request'?: (_google_protobuf_Duration | null);
  'backendRequest'?: (_google_protobuf_Duration | null);
}

export interface Timeout__Output {
  'request'?: (_google_protobuf_Duration__Output);
  'backendRequest'?: (_google_protobuf_Duration__Output);
}

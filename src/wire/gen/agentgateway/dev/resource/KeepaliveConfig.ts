// Original file: resource.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';

export interface KeepaliveConfig {
  'time'?: (_google_protobuf_Duration | null);
  'interval'?: (_google_protobuf_Duration | null);
  'retries'?: (number);
  '_retries'?: "retries";
}

export interface KeepaliveConfig__Output {
  'time'?: (_google_protobuf_Duration__Output);
  'interval'?: (_google_protobuf_Duration__Output);
  'retries'?: (number);
  '_retries'?: "retries";
}

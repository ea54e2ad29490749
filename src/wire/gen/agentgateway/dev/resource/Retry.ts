// Original file: resource.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';

export interface Retry {
  'retryStatusCodes'?: (number)[];
  'attempts'?: (number);
  'backoff'?: (_google_protobuf_Duration | null);
  'precondition'?: (string);
  'condition'?: (string);
}

export interface Retry__Output {
  'retryStatusCodes'?: (number)[];
  'attempts'?: (number);
  'backoff'?: (_google_protobuf_Duration__Output);
  'precondition'?: (string);
  'condition'?: (string);
}

// Original file: resource.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../google/protobuf/Duration.ts';

export interface CORS {
  'allowCredentials'?: (boolean);
  'allowHeaders'?: (string)[];
  'allowMethods'?: (string)[];
  'allowOrigins'?: (string)[];
  'exposeHeaders'?: (string)[];
  'maxAge'?: (_google_protobuf_Duration | null);
}

export interface CORS__Output {
  'allowCredentials'?: (boolean);
  'allowHeaders'?: (string)[];
  'allowMethods'?: (string)[];
  'allowOrigins'?: (string)[];
  'exposeHeaders'?: (string)[];
  'maxAge'?: (_google_protobuf_Duration__Output);
}

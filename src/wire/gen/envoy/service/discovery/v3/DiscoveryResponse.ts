// Original file: discovery.proto

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from '../../../../google/protobuf/Any.ts';

export interface DiscoveryResponse {
  'versionInfo'?: (string);
  'resources'?: (_google_protobuf_Any)[];
  'canary'?: (boolean);
  'typeUrl'?: (string);
  'nonce'?: (string);
}

export interface DiscoveryResponse__Output {
  'versionInfo'?: (string);
  'resources'?: (_google_protobuf_Any__Output)[];
  'canary'?: (boolean);
  'typeUrl'?: (string);
  'nonce'?: (string);
}

// Original file: resource.proto

import type { ExpressionHeader as _agentgateway_dev_resource_ExpressionHeader, ExpressionHeader__Output as _agentgateway_dev_resource_ExpressionHeader__Output } from '../../../agentgateway/dev/resource/ExpressionHeader.ts';

export interface DirectResponse {
  'status'?: (number);
  'body'?: (Buffer | Uint8Array | string);
  'bodyExpression'?: (string);
  'headers'?: (_agentgateway_dev_resource_ExpressionHeader)[];
}

export interface DirectResponse__Output {
  'status'?: (number);
  'body'?: (Buffer);
  'bodyExpression'?: (string);
  'headers'?: (_agentgateway_dev_resource_ExpressionHeader__Output)[];
}

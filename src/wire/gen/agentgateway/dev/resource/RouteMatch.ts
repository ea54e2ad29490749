// Original file: resource.proto

import type { PathMatch as _agentgateway_dev_resource_PathMatch, PathMatch__Output as _agentgateway_dev_resource_PathMatch__Output } from '../../../agentgateway/dev/resource/PathMatch.ts';
import type { HeaderMatch as _agentgateway_dev_resource_HeaderMatch, HeaderMatch__Output as _agentgateway_dev_resource_HeaderMatch__Output } from '../../../agentgateway/dev/resource/HeaderMatch.ts';
import type { MethodMatch as _agentgateway_dev_resource_MethodMatch, MethodMatch__Output as _agentgateway_dev_resource_MethodMatch__Output } from '../../../agentgateway/dev/resource/MethodMatch.ts';
import type { QueryMatch as _agentgateway_dev_resource_QueryMatch, QueryMatch__Output as _agentgateway_dev_resource_QueryMatch__Output } from '../../../agentgateway/dev/resource/QueryMatch.ts';

export interface RouteMatch {
  'path'?: (_agentgateway_dev_resource_PathMatch | null);
  'headers'?: (_agentgateway_dev_resource_HeaderMatch)[];
  'method'?: (_agentgateway_dev_resource_MethodMatch | null);
  'queryParams'?: (_agentgateway_dev_resource_QueryMatch)[];
}

export interface RouteMatch__Output {
  'path'?: (_agentgateway_dev_resource_PathMatch__Output);
  'headers'?: (_agentgateway_dev_resource_HeaderMatch__Output)[];
  'method'?: (_agentgateway_dev_resource_MethodMatch__Output);
  'queryParams'?: (_agentgateway_dev_resource_QueryMatch__Output)[];
}

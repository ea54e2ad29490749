// Original file: resource.proto

import type { AwsSessionTag as _agentgateway_dev_resource_AwsSessionTag, AwsSessionTag__Output as _agentgateway_dev_resource_AwsSessionTag__Output } from '../../../agentgateway/dev/resource/AwsSessionTag.ts';

export interface AwsAssumeRole {
  'roleArn'?: (string);
  'sessionName'?: (string);
  'tags'?: (_agentgateway_dev_resource_AwsSessionTag)[];
  'sessionNameExpression'?: (string);
}

export interface AwsAssumeRole__Output {
  'roleArn'?: (string);
  'sessionName'?: (string);
  'tags'?: (_agentgateway_dev_resource_AwsSessionTag__Output)[];
  'sessionNameExpression'?: (string);
}

// Original file: resource.proto

export interface AwsAgentCoreBackend {
  'agentRuntimeArn'?: (string);
  'qualifier'?: (string);
  '_qualifier'?: "qualifier";
}

export interface AwsAgentCoreBackend__Output {
  'agentRuntimeArn'?: (string);
  'qualifier'?: (string);
  '_qualifier'?: "qualifier";
}

// Original file: resource.proto

export interface AwsExplicitConfig {
  'accessKeyId'?: (string);
  'secretAccessKey'?: (string);
  'region'?: (string);
  'sessionToken'?: (string);
  '_sessionToken'?: "sessionToken";
}

export interface AwsExplicitConfig__Output {
  'accessKeyId'?: (string);
  'secretAccessKey'?: (string);
  'region'?: (string);
  'sessionToken'?: (string);
  '_sessionToken'?: "sessionToken";
}

// Original file: resource.proto

export interface AwsSessionTag {
  'key'?: (string);
  'value'?: (string);
  'expression'?: (string);
}

export interface AwsSessionTag__Output {
  'key'?: (string);
  'value'?: (string);
  'expression'?: (string);
}

// Original file: resource.proto

export interface TypedResourceName {
  'name'?: (string);
  'namespace'?: (string);
  'kind'?: (string);
}

export interface TypedResourceName__Output {
  'name'?: (string);
  'namespace'?: (string);
  'kind'?: (string);
}

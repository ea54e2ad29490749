// Original file: resource.proto

export interface ResourceName {
  'name'?: (string);
  'namespace'?: (string);
}

export interface ResourceName__Output {
  'name'?: (string);
  'namespace'?: (string);
}

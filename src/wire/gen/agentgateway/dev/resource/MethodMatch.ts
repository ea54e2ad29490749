// Original file: resource.proto

export interface MethodMatch {
  'exact'?: (string);
}

export interface MethodMatch__Output {
  'exact'?: (string);
}

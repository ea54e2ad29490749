// Original file: resource.proto

export interface RouteGroup {
  'key'?: (string);
  'namespace'?: (string);
  'name'?: (string);
}

export interface RouteGroup__Output {
  'key'?: (string);
  'namespace'?: (string);
  'name'?: (string);
}

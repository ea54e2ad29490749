// Original file: resource.proto

export interface RouteName {
  'kind'?: (string);
  'name'?: (string);
  'namespace'?: (string);
  'ruleName'?: (string);
  '_ruleName'?: "ruleName";
}

export interface RouteName__Output {
  'kind'?: (string);
  'name'?: (string);
  'namespace'?: (string);
  'ruleName'?: (string);
  '_ruleName'?: "ruleName";
}

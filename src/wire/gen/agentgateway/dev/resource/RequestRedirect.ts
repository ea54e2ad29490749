// Original file: resource.proto

export interface RequestRedirect {
  'scheme'?: (string);
  'host'?: (string);
  'full'?: (string);
  'prefix'?: (string);
  'port'?: (number);
  'status'?: (number);
  'path'?: "full"|"prefix";
}

export interface RequestRedirect__Output {
  'scheme'?: (string);
  'host'?: (string);
  'full'?: (string);
  'prefix'?: (string);
  'port'?: (number);
  'status'?: (number);
  'path'?: "full"|"prefix";
}

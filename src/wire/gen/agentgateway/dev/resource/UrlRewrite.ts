// Original file: resource.proto

export interface UrlRewrite {
  'host'?: (string);
  'full'?: (string);
  'prefix'?: (string);
  'path'?: "full"|"prefix";
}

export interface UrlRewrite__Output {
  'host'?: (string);
  'full'?: (string);
  'prefix'?: (string);
  'path'?: "full"|"prefix";
}

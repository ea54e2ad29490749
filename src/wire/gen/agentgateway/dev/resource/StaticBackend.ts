// Original file: resource.proto

export interface StaticBackend {
  'host'?: (string);
  'port'?: (number);
  'unixPath'?: (string);
}

export interface StaticBackend__Output {
  'host'?: (string);
  'port'?: (number);
  'unixPath'?: (string);
}

// Original file: resource.proto

export interface Alpn {
  'protocols'?: (string)[];
}

export interface Alpn__Output {
  'protocols'?: (string)[];
}

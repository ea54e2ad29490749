// Original file: resource.proto

export interface PathMatch {
  'exact'?: (string);
  'pathPrefix'?: (string);
  'regex'?: (string);
  'kind'?: "exact"|"pathPrefix"|"regex";
}

export interface PathMatch__Output {
  'exact'?: (string);
  'pathPrefix'?: (string);
  'regex'?: (string);
  'kind'?: "exact"|"pathPrefix"|"regex";
}

// Original file: resource.proto

export interface JWTValidationOptions {
  'requiredClaims'?: (string)[];
}

export interface JWTValidationOptions__Output {
  'requiredClaims'?: (string)[];
}

// Original file: resource.proto

export interface AzureClientSecret {
  'tenantId'?: (string);
  'clientId'?: (string);
  'clientSecret'?: (string);
}

export interface AzureClientSecret__Output {
  'tenantId'?: (string);
  'clientId'?: (string);
  'clientSecret'?: (string);
}

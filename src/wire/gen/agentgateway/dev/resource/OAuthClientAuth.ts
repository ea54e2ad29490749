// Original file: resource.proto

import type { JwtSigningAlg as _agentgateway_dev_resource_JwtSigningAlg, JwtSigningAlg__Output as _agentgateway_dev_resource_JwtSigningAlg__Output } from '../../../agentgateway/dev/resource/JwtSigningAlg.ts';

// Original file: resource.proto

export const _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader = {
  CERTIFICATE_HEADER_UNSPECIFIED: 'CERTIFICATE_HEADER_UNSPECIFIED',
  X5C: 'X5C',
  X5T_S256: 'X5T_S256',
} as const;

export type _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader =
  | 'CERTIFICATE_HEADER_UNSPECIFIED'
  | 0
  | 'X5C'
  | 1
  | 'X5T_S256'
  | 2

export type _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader__Output = typeof _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader[keyof typeof _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader]

// Original file: resource.proto

export const _agentgateway_dev_resource_OAuthClientAuth_Method = {
  UNSPECIFIED: 'UNSPECIFIED',
  CLIENT_SECRET_BASIC: 'CLIENT_SECRET_BASIC',
  CLIENT_SECRET_POST: 'CLIENT_SECRET_POST',
  PRIVATE_KEY_JWT: 'PRIVATE_KEY_JWT',
} as const;

export type _agentgateway_dev_resource_OAuthClientAuth_Method =
  | 'UNSPECIFIED'
  | 0
  | 'CLIENT_SECRET_BASIC'
  | 1
  | 'CLIENT_SECRET_POST'
  | 2
  | 'PRIVATE_KEY_JWT'
  | 3

export type _agentgateway_dev_resource_OAuthClientAuth_Method__Output = typeof _agentgateway_dev_resource_OAuthClientAuth_Method[keyof typeof _agentgateway_dev_resource_OAuthClientAuth_Method]

export interface _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt {
  'signingKey'?: (string);
  'alg'?: (_agentgateway_dev_resource_JwtSigningAlg);
  'kid'?: (string);
  'assertionAudience'?: (string);
  'certificate'?: (string);
  'certificateHeader'?: (_agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader);
  '_kid'?: "kid";
}

export interface _agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt__Output {
  'signingKey'?: (string);
  'alg'?: (_agentgateway_dev_resource_JwtSigningAlg__Output);
  'kid'?: (string);
  'assertionAudience'?: (string);
  'certificate'?: (string);
  'certificateHeader'?: (_agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt_CertificateHeader__Output);
  '_kid'?: "kid";
}

export interface OAuthClientAuth {
  'clientId'?: (string);
  'clientSecret'?: (string);
  'method'?: (_agentgateway_dev_resource_OAuthClientAuth_Method);
  'privateKeyJwt'?: (_agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt | null);
  '_clientSecret'?: "clientSecret";
}

export interface OAuthClientAuth__Output {
  'clientId'?: (string);
  'clientSecret'?: (string);
  'method'?: (_agentgateway_dev_resource_OAuthClientAuth_Method__Output);
  'privateKeyJwt'?: (_agentgateway_dev_resource_OAuthClientAuth_PrivateKeyJwt__Output);
  '_clientSecret'?: "clientSecret";
}

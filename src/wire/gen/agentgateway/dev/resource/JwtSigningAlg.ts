// Original file: resource.proto

export const JwtSigningAlg = {
  JWT_SIGNING_ALG_UNSPECIFIED: 'JWT_SIGNING_ALG_UNSPECIFIED',
  RS256: 'RS256',
  RS384: 'RS384',
  RS512: 'RS512',
  ES256: 'ES256',
  ES384: 'ES384',
  PS256: 'PS256',
} as const;

export type JwtSigningAlg =
  | 'JWT_SIGNING_ALG_UNSPECIFIED'
  | 0
  | 'RS256'
  | 1
  | 'RS384'
  | 2
  | 'RS512'
  | 3
  | 'ES256'
  | 4
  | 'ES384'
  | 5
  | 'PS256'
  | 6

export type JwtSigningAlg__Output = typeof JwtSigningAlg[keyof typeof JwtSigningAlg]

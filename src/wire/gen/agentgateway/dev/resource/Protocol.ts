// Original file: resource.proto

export const Protocol = {
  UNKNOWN: 'UNKNOWN',
  HTTP: 'HTTP',
  HTTPS: 'HTTPS',
  TLS: 'TLS',
  TCP: 'TCP',
  HBONE: 'HBONE',
} as const;

export type Protocol =
  | 'UNKNOWN'
  | 0
  | 'HTTP'
  | 1
  | 'HTTPS'
  | 2
  | 'TLS'
  | 3
  | 'TCP'
  | 4
  | 'HBONE'
  | 5

export type Protocol__Output = typeof Protocol[keyof typeof Protocol]

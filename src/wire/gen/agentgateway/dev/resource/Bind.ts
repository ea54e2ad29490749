// Original file: resource.proto

// Original file: resource.proto

export const _agentgateway_dev_resource_Bind_Mode = {
  STANDARD: 'STANDARD',
  INTERNAL: 'INTERNAL',
} as const;

export type _agentgateway_dev_resource_Bind_Mode =
  | 'STANDARD'
  | 0
  | 'INTERNAL'
  | 1

export type _agentgateway_dev_resource_Bind_Mode__Output = typeof _agentgateway_dev_resource_Bind_Mode[keyof typeof _agentgateway_dev_resource_Bind_Mode]

// Original file: resource.proto

export const _agentgateway_dev_resource_Bind_Protocol = {
  HTTP: 'HTTP',
  TCP: 'TCP',
  TLS: 'TLS',
} as const;

export type _agentgateway_dev_resource_Bind_Protocol =
  | 'HTTP'
  | 0
  | 'TCP'
  | 1
  | 'TLS'
  | 2

export type _agentgateway_dev_resource_Bind_Protocol__Output = typeof _agentgateway_dev_resource_Bind_Protocol[keyof typeof _agentgateway_dev_resource_Bind_Protocol]

// Original file: resource.proto

export const _agentgateway_dev_resource_Bind_TunnelProtocol = {
  DIRECT: 'DIRECT',
  PROXY: 'PROXY',
  HBONE_WAYPOINT: 'HBONE_WAYPOINT',
  HBONE_GATEWAY: 'HBONE_GATEWAY',
  CONNECT: 'CONNECT',
} as const;

export type _agentgateway_dev_resource_Bind_TunnelProtocol =
  | 'DIRECT'
  | 0
  | 'PROXY'
  | 1
  | 'HBONE_WAYPOINT'
  | 2
  | 'HBONE_GATEWAY'
  | 3
  | 'CONNECT'
  | 4

export type _agentgateway_dev_resource_Bind_TunnelProtocol__Output = typeof _agentgateway_dev_resource_Bind_TunnelProtocol[keyof typeof _agentgateway_dev_resource_Bind_TunnelProtocol]

export interface Bind {
  'key'?: (string);
  'port'?: (number);
  'protocol'?: (_agentgateway_dev_resource_Bind_Protocol);
  'tunnelProtocol'?: (_agentgateway_dev_resource_Bind_TunnelProtocol);
  'mode'?: (_agentgateway_dev_resource_Bind_Mode);
}

export interface Bind__Output {
  'key'?: (string);
  'port'?: (number);
  'protocol'?: (_agentgateway_dev_resource_Bind_Protocol__Output);
  'tunnelProtocol'?: (_agentgateway_dev_resource_Bind_TunnelProtocol__Output);
  'mode'?: (_agentgateway_dev_resource_Bind_Mode__Output);
}

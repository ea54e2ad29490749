// The kinds of other projects that are understood here. A new one is a file in its project's folder, a line here, and a row
// in sources/kubernetes/kinds.ts.

import type { KindDefinition } from '../schema/crd.ts'
import { agentkubeLlmGateway } from './agentkube/llm-gateway.ts'
import { agentkubeMcp } from './agentkube/mcp.ts'
import { agentkubeSchemas } from './agentkube/schemas.ts'
import type { DialectKind } from './carried.ts'
import { kgatewayBackend } from './kgateway/backend.ts'
import { envoyPolicies } from './kgateway/envoy-policies.ts'
import { kgatewayParameters } from './kgateway/gateway-parameters.ts'
import { kgatewaySchemas } from './kgateway/schemas.ts'
import { kgatewayTrafficPolicy } from './kgateway/traffic-policy.ts'
import { mcpServer } from './kmcp/mcp-server.ts'
import { kmcpSchemas } from './kmcp/schemas.ts'

/** All of them, in the order in which their objects are given names that two of them claim. */
export const dialectKinds: readonly DialectKind[] = [
  kgatewayBackend,
  kgatewayTrafficPolicy,
  kgatewayParameters,
  ...envoyPolicies,
  mcpServer,
  agentkubeMcp,
  agentkubeLlmGateway,
]

/** The schemas of their kinds, by project; a chart installs those that it is asked for. */
export const dialectSchemas = {
  kgateway: kgatewaySchemas,
  kmcp: kmcpSchemas,
  agentkube: agentkubeSchemas,
} as const satisfies Readonly<Record<string, readonly KindDefinition[]>>

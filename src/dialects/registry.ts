// The kinds of other projects that are understood here. A new one is a file in its project's folder, a line here, and a row
// in sources/kubernetes/kinds.ts.
import { agentkubeLlmGateway } from './agentkube/llm-gateway.ts'
import { agentkubeMcp } from './agentkube/mcp.ts'
import type { DialectKind } from './carried.ts'
import { kgatewayBackend } from './kgateway/backend.ts'
import { kgatewayTrafficPolicy } from './kgateway/traffic-policy.ts'
import { mcpServer } from './kmcp/mcp-server.ts'

/** All of them, in the order in which their objects are given names that two of them claim. */
export const dialectKinds: readonly DialectKind[] = [
  kgatewayBackend,
  kgatewayTrafficPolicy,
  mcpServer,
  agentkubeMcp,
  agentkubeLlmGateway,
]

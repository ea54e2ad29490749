// The `backends` list: what a route's request ends at. Keys are not printed, only names.
import type {
  AwsAgentCoreBackend,
  Backend,
  MCPBackend,
  MCPTarget,
  ResourceName,
  StaticBackend,
} from '../../wire/messages.ts'
import { backendPolicy } from './backend-policies.ts'
import { aiProviders } from './providers.ts'
import { reference } from './references.ts'
import { camel, portNumber, type Rendered, some, targetText, text } from './values.ts'

const SESSION_IDLE_TTL = '30m0s'

/** One entry of `backends`. */
export function backendEntry(backend: Backend): Rendered {
  return { backend: content(backend), inlinePolicies: some((backend.inlinePolicies ?? []).map(backendPolicy)) }
}

/** A backend with its name, as everything in `backends` is printed. */
export function named({ name = '', namespace = '' }: ResourceName, kind: string, target: Rendered): Rendered {
  return { [kind]: { name, namespace, target } }
}

function content(backend: Backend): Rendered {
  const name = backend.name ?? {}
  if (backend.static) return named(name, 'host', host(backend.static))
  if (backend.ai) return named(name, 'ai', aiProviders(backend.ai))
  if (backend.mcp) return named(name, 'mcp', mcp(backend.mcp))
  if (backend.dynamic) return named(name, 'dynamic', null)
  if (backend.aws) return named(name, 'aws', { agentCore: agentCore(backend.aws.agentCore ?? {}) })
  // Kinds that proxies accept and do not implement.
  return 'invalid'
}

function host({ host = '', port, unixPath }: StaticBackend): string {
  return text(unixPath) === undefined ? targetText(host, portNumber(port)) : `unix:${unixPath}`
}

function mcp({ targets = [], statefulMode, prefixMode, failureMode }: MCPBackend): Rendered {
  return {
    targets: targets.map(mcpTarget),
    stateful: statefulMode !== 'STATELESS',
    prefixMode: camel(prefixMode ?? 'CONDITIONAL'),
    failureMode: camel(failureMode ?? 'FAIL_CLOSED'),
    sessionIdleTtl: SESSION_IDLE_TTL,
  }
}

function mcpTarget({ name = '', backend, path, protocol }: MCPTarget): Rendered {
  const isSse = protocol === 'SSE'
  return {
    name,
    [isSse ? 'sse' : 'mcp']: { backend: reference(backend), path: text(path) ?? (isSse ? '/sse' : '/mcp') },
  }
}

function agentCore({ agentRuntimeArn = '', qualifier }: AwsAgentCoreBackend): Rendered {
  const [, , , region = '', accountId = ''] = agentRuntimeArn.split(':')
  return { agentRuntimeArn, qualifier: qualifier ?? null, region, accountId }
}

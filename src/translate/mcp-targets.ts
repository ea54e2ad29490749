// Which ports of which Services an MCP target selects. Services are reduced to what a selector can see before any
// backend reads them, so that Services which speak no MCP, and everything else about those that do, never matter here.
import { checkDns1123Subdomain } from '../core/name-rules.ts'
import { type Outcome, ok, type Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { McpPort, McpSelector } from '../features/backends/backend.ts'
import type { Service, ServicePort } from '../kube/core-types.ts'
import { matchesSelector, selectorError } from '../kube/labels.ts'
import { listOf } from '../kube/lists.ts'
import { keyOf, type LabelSelector } from '../kube/object.ts'
import type { NamespaceLabels } from './gateway-plan.ts'
import { serviceHostname } from './references.ts'

/** A Service with at least one port that speaks MCP. */
export interface McpService {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly Pick<McpServicePort, 'name' | 'port' | 'protocol'>[]
  readonly path: string
  /** Name that all its targets are to have, as its annotation says. */
  readonly targetName: string | undefined
}

interface McpServicePort {
  readonly name: string | undefined
  readonly port: number
  readonly protocol: McpPort['protocol']
}

/** What selecting reads; `mcpServices` has the index `namespace`. */
export interface McpReads {
  readonly mcpServices: Reader<McpService>
  readonly namespaces: Reader<NamespaceLabels>
}

/** Where a selector stands. */
export interface McpScope {
  readonly namespace: string
  readonly clusterDomain: string
  readonly read: McpReads
}

const TARGET_NAME = 'agentgateway.dev/mcp-target-name'
const PATHS = ['agentgateway.dev/mcp-path', 'kgateway.dev/mcp-path'] as const
const PROTOCOLS: Readonly<Record<string, McpPort['protocol']>> = {
  'agentgateway.dev/mcp': 'STREAMABLE_HTTP',
  'kgateway.dev/mcp': 'STREAMABLE_HTTP',
  'agentgateway.dev/mcp-sse': 'SSE',
  'kgateway.dev/mcp-sse': 'SSE',
}

/** The Service as MCP targets see it; nothing when none of its ports speaks MCP. */
export function mcpServiceOf(service: Service): readonly McpService[] {
  const ports = listOf(service.spec?.ports).flatMap(mcpPortOf)
  if (ports.length === 0) return []
  const { name, namespace = '' } = service.metadata
  // Unchecked objects may hold null here.
  const [labels, annotations] = [service.metadata.labels ?? {}, service.metadata.annotations ?? {}]
  const path = PATHS.map((annotation) => annotations[annotation]).find((value) => value) ?? ''
  return [
    { key: keyOf(service), namespace, name, labels, ports, path, targetName: annotations[TARGET_NAME] || undefined },
  ]
}

/** The ports that a selector matches, by namespace and name of their Services. */
export function selectMcpPorts(selector: McpSelector, path: string, scope: McpScope): Outcome<readonly McpPort[]> {
  const broken = invalidSelector(selector, path)
  if (broken !== undefined) return { value: undefined, problems: [broken] }
  const ports: McpPort[] = []
  for (const service of candidates(selector.namespaces ?? undefined, scope)) {
    if (selector.services && !matchesSelector(selector.services, service.labels)) continue
    const { name, namespace, targetName, path: servicePath } = service
    const refusal = targetName === undefined ? [] : checkDns1123Subdomain(targetName)
    if (refusal.length > 0) {
      const message = `invalid Service ${service.key} annotation ${TARGET_NAME} value ${JSON.stringify(targetName)}: must be a valid Gateway API SectionName: ${refusal.join('; ')}`
      return { value: undefined, problems: [{ reason: 'TranslationError', path, message }] }
    }
    const hostname = serviceHostname(namespace, name, scope.clusterDomain)
    for (const { name: portName, port, protocol } of service.ports) {
      ports.push({
        name: targetName ?? `${name}-${portName ?? port}`,
        reference: { service: { hostname, namespace }, port },
        path: servicePath,
        protocol,
      })
    }
  }
  return ok(ports)
}

function mcpPortOf({ name, port, appProtocol }: ServicePort): readonly McpServicePort[] {
  const protocol = appProtocol === undefined ? undefined : PROTOCOLS[appProtocol]
  return protocol === undefined ? [] : [{ name: name || undefined, port, protocol }]
}

function invalidSelector(selector: McpSelector, path: string): Problem | undefined {
  for (const [field, what] of [['services', 'service'] as const, ['namespaces', 'namespace'] as const]) {
    const error = selector[field] ? selectorError(selector[field]) : undefined
    if (error !== undefined)
      return { reason: 'TranslationError', path: `${path}.${field}`, message: `invalid ${what} selector: ${error}` }
  }
  return undefined
}

// An absent namespace selector means the own namespace, an empty one every namespace, whether or not we know of it.
function candidates(namespaces: LabelSelector | undefined, { namespace, read }: McpScope): readonly McpService[] {
  if (namespaces === undefined) return read.mcpServices.where('namespace', namespace)
  if (isEmpty(namespaces)) return read.mcpServices.list()
  return read.namespaces
    .list()
    .filter(({ labels }) => matchesSelector(namespaces, labels))
    .flatMap(({ name }) => read.mcpServices.where('namespace', name))
}

function isEmpty({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0
}

// Backends of a proxy's own file as AgentgatewayBackends and Services; processes become MCPServers, because in a cluster
// something has to run them.
import type { JsonObject } from '../../kube/json.ts'
import type { Fields } from '../fields.ts'
import { OURS, present } from '../made.ts'
import type { Conversion } from './convert.ts'

/** A backend of a route. */
export interface ConvertedBackend {
  readonly ref: JsonObject
  readonly kind: 'mcp' | 'ai' | 'other'
  /** Name of the AgentgatewayBackend, where it is one. */
  readonly name: string | undefined
}

const PROCESS_PORT = 3000
/** Commands for which an MCPServer has an image of its own accord. */
const WITH_IMAGE = new Set(['npx', 'uvx'])

/** Converts one backend of the route with this name. */
export function carryBackend(from: Fields, route: string, conversion: Conversion): readonly ConvertedBackend[] {
  const weight = from.whole('weight')
  const reference = (kind: ConvertedBackend['kind'], spec: JsonObject): readonly ConvertedBackend[] => {
    const name = conversion.nameOf('AgentgatewayBackend', kind === 'other' ? `${route}-host` : `${route}-${kind}`)
    conversion.objects.push({ apiVersion: `${OURS}/v1alpha1`, kind: 'AgentgatewayBackend', metadata: { name }, spec })
    return [{ kind, name, ref: present({ group: OURS, kind: 'AgentgatewayBackend', name, weight }) }]
  }
  const mcp = from.fields('mcp')
  if (mcp !== undefined) return reference('mcp', { mcp: carryMcp(mcp, conversion) })
  const ai = from.fields('ai')
  if (ai !== undefined) {
    const spec = carryAi(ai)
    return spec === undefined ? [] : reference('ai', spec)
  }
  const host = from.text('host')
  if (host !== undefined) {
    const [, name = host, port] = /^(.*):(\d+)$/.exec(host) ?? []
    return reference('other', { static: { host: name.replace(/^\[|\]$/g, ''), port: Number(port ?? 80) } })
  }
  if (from.has('dynamic')) {
    from.json('dynamic')
    return reference('other', { dynamicForwardProxy: {} })
  }
  const service = from.fields('service')
  if (service !== undefined) {
    const [namespace, name] = splitName(service.text('name') ?? '')
    const port = service.whole('port')
    return [{ kind: 'other', name: undefined, ref: present({ name, namespace, port, weight }) }]
  }
  return []
}

function splitName(text: string): [namespace: string | undefined, name: string] {
  const slash = text.indexOf('/')
  return slash < 0 ? [undefined, text] : [text.slice(0, slash), text.slice(slash + 1).replace(/\..*/, '')]
}

function carryMcp(from: Fields, conversion: Conversion): JsonObject {
  const word = (field: string, table: Readonly<Record<string, string>>): string | undefined => {
    const text = from.text(field)
    return text === undefined ? undefined : table[text.toLowerCase()]
  }
  from.drop('dnsRebindingProtection', 'there is no field for it')
  return present({
    targets: from.list('targets').flatMap((target) => carryTarget(target, conversion)),
    sessionRouting: word('statefulMode', { stateless: 'Stateless' }),
    prefixMode: word('prefixMode', { always: 'Always', conditional: 'Conditional', never: 'Never' }),
    failureMode: word('failureMode', { failopen: 'FailOpen', fail_open: 'FailOpen' }),
  })
}

function carryTarget(from: Fields, conversion: Conversion): readonly JsonObject[] {
  const name = from.text('name') ?? ''
  const stdio = from.fields('stdio')
  if (stdio !== undefined) return [{ name, static: carryProcess(stdio, name, conversion) }]
  const sse = from.fields('sse')
  const address = from.fields('mcp') ?? sse
  if (address === undefined) return []
  return [{ name, static: carryAddress(address, sse === undefined ? undefined : 'SSE') }]
}

function carryAddress(from: Fields, protocol: string | undefined): JsonObject {
  const host = from.text('host') ?? ''
  const url = /^https?:\/\//.test(host) && URL.canParse(host) ? new URL(host) : undefined
  if (url === undefined) {
    return present({ host, port: from.whole('port') ?? 80, path: from.text('path'), protocol })
  }
  const isTls = url.protocol === 'https:'
  return present({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    path: url.pathname + url.search,
    protocol,
    policies: isTls ? { tls: {} } : undefined,
  })
}

function carryProcess(from: Fields, target: string, conversion: Conversion): JsonObject {
  const name = conversion.nameOf('MCPServer', target)
  const cmd = from.text('cmd')
  const args = from.texts('args')
  if (cmd !== undefined && !WITH_IMAGE.has(cmd)) {
    from.tell(`an image that contains ${cmd} has to be set: deployment.image of MCPServer ${name}`, {
      field: 'cmd',
      reason: 'UnsupportedValue',
      severity: 'warning',
    })
  }
  from.drop('clear_env', 'a container has its own environment anyway')
  const deployment = present({
    cmd,
    args: args.length === 0 ? undefined : args,
    env: from.json('env'),
    port: PROCESS_PORT,
  })
  const spec = { transportType: 'stdio', deployment }
  conversion.objects.push({ apiVersion: 'kagent.dev/v1alpha1', kind: 'MCPServer', metadata: { name }, spec })
  return { backendRef: { kind: 'MCPServer', name }, port: PROCESS_PORT }
}

const PROVIDERS: Readonly<Record<string, string>> = {
  openAI: 'openai',
  gemini: 'gemini',
  anthropic: 'anthropic',
  vertex: 'vertexai',
  bedrock: 'bedrock',
}

function carryAi(from: Fields): JsonObject | undefined {
  from.ignore('name')
  const provider = from.fields('provider')
  const name = Object.keys(PROVIDERS).find((each) => provider?.has(each))
  const settings = name === undefined ? undefined : provider?.fields(name)
  if (name === undefined || settings === undefined) {
    from.tell('this provider has to be written by hand', { field: 'provider' })
    return undefined
  }
  return {
    ai: {
      provider: {
        [PROVIDERS[name] ?? name]: present({
          model: settings.text('model'),
          projectId: settings.text('projectId'),
          region: settings.text('region'),
        }),
      },
    },
  }
}

// kgateway's Backend, the union of its generations, as an AgentgatewayBackend of the same name. An object that cannot be
// carried over as it was meant becomes one without content, so that routes to it answer with an error.
import type { Problem } from '../../core/problem.ts'
import type { Json, JsonObject } from '../../kube/json.ts'
import { type Carried, carriedFrame, type DialectKind, type ForeignObject, type MadeObject } from '../carried.ts'
import { dropUnread, type Fields, readFields } from '../fields.ts'
import { make, present } from '../made.ts'
import { type CarriedProvider, carryProvider } from './providers.ts'

/** Group of kgateway's kinds. */
export const KGATEWAY = 'gateway.kgateway.dev'

interface Body {
  readonly spec: JsonObject
  readonly paths: MadeObject['paths']
}

const BLOCKS = {
  AI: 'ai',
  AWS: 'aws',
  Static: 'static',
  DynamicForwardProxy: 'dynamicForwardProxy',
  MCP: 'mcp',
} as const
type BackendKind = keyof typeof BLOCKS

const carriers: Readonly<Record<BackendKind, (from: Fields) => Body | undefined>> = {
  MCP: carryMcp,
  AI: carryAi,
  Static: carryStatic,
  DynamicForwardProxy: (from) => ({
    spec: present({ dynamicForwardProxy: {}, policies: from.flag('enableTls') === true ? { tls: {} } : undefined }),
    paths: [['spec.policies.tls', `${from.path}.enableTls`]],
  }),
  AWS: (from) => {
    from.json('lambda')
    from.ignore('accountId', 'region', 'auth')
    from.tell('agentgateway cannot call AWS Lambda; keep this Backend with a gateway that can')
    return undefined
  },
}

/** The type of a Backend: what it says, or the only block it has; nothing where that is no type of ours. */
export function backendKindOf(spec: unknown): BackendKind | undefined {
  const fields = readFields(spec, 'spec', [])
  const type = fields.text('type')
  const found = kinds().find((kind) => (type === undefined ? fields.has(BLOCKS[kind]) : kind === type))
  return found
}

function kinds(): readonly BackendKind[] {
  // The keys of a constant object.
  return Object.keys(BLOCKS) as BackendKind[]
}

/** Backend of gateway.kgateway.dev/v1alpha1. */
export const kgatewayBackend: DialectKind = { group: KGATEWAY, kind: 'Backend', plural: 'backends', carry }

function carry(object: ForeignObject): Carried {
  const problems: Problem[] = []
  const spec = readFields(object.spec, 'spec', problems)
  const type = spec.text('type')
  const kind = backendKindOf(object.spec)
  let body: Body | undefined
  if (kind === undefined) {
    spec.json('gcp')
    spec.json('priorityGroups')
    const reason =
      type === undefined
        ? `one of ${Object.values(BLOCKS).join(', ')} must be set`
        : `type ${type} is of a kgateway release whose Backend is not for agentgateway; write an AgentgatewayBackend`
    spec.tell(reason, { field: 'type' })
  } else {
    for (const other of kinds()) {
      if (other !== kind && spec.has(BLOCKS[other])) {
        spec.json(BLOCKS[other])
        spec.tell(`does not go with type ${kind}`, { field: BLOCKS[other] })
      }
    }
    const block = spec.fields(BLOCKS[kind])
    // A type says enough where its block has no required field.
    if (block === undefined && kind !== 'DynamicForwardProxy') {
      spec.tell(`type ${kind} needs spec.${BLOCKS[kind]}`, { field: BLOCKS[kind] })
    } else {
      body = carriers[kind](block ?? readFields({}, `spec.${BLOCKS[kind]}`, problems))
    }
  }
  dropUnread(spec, problems, 'an AgentgatewayBackend has nothing like it')
  const isRefused = problems.some(({ severity }) => severity !== 'warning')
  return {
    ...carriedFrame(object),
    made: [make('AgentgatewayBackend', object, isRefused || body === undefined ? { spec: {} } : body)],
    workload: [],
    problems,
  }
}

function carryStatic(from: Fields): Body | undefined {
  const [host, ...more] = from.list('hosts')
  const protocol = from.text('appProtocol')
  if (host === undefined || more.length > 0) {
    from.tell(`exactly one host is supported, not ${host === undefined ? 0 : more.length + 1}`, { field: 'hosts' })
    for (const each of from.list('hosts')) each.ignore('host', 'port')
    return undefined
  }
  const isHttp2 = protocol !== undefined && ['http2', 'grpc', 'kubernetes.io/h2c'].includes(protocol)
  return {
    spec: present({
      static: present({
        host: required(host, 'host', host.text('host')),
        port: required(host, 'port', host.whole('port')),
      }),
      policies: isHttp2 ? { http: { version: 'HTTP2' } } : undefined,
    }),
    paths: [
      ['spec.static', host.path],
      ['spec.policies.http', `${from.path}.appProtocol`],
    ],
  }
}

function required<T>(from: Fields, field: string, value: T | undefined): T | undefined {
  if (value === undefined) from.tell('is required', { field })
  return value
}

// MCP

const TARGET_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function carryMcp(from: Fields): Body {
  from.drop('name', 'nothing shows it to clients; the shape with mcp.name is of kgateway before 2.1')
  const targets: JsonObject[] = []
  const paths: [string, string][] = []
  const names = new Map<string, string>()
  const listed = from.list('targets')
  if (listed.length === 0) from.tell('at least one target is required', { field: 'targets' })
  for (const [i, target] of listed.entries()) {
    const carried = carryTarget(target, i)
    const first = names.get(carried.name)
    if (first !== undefined) target.tell(`the name ${carried.name} is already that of ${first}`)
    names.set(carried.name, target.path)
    const { path } = target
    paths.push(
      [`spec.mcp.targets[${i}]`, path],
      ...carried.paths.map(([a, b]): [string, string] => [`spec.mcp.targets[${i}].${a}`, `${path}.${b}`]),
    )
    targets.push(present({ name: carried.name, ...carried.content }))
  }
  return { spec: { mcp: { targets } }, paths: [['spec.mcp', from.path], ...paths] }
}

interface CarriedMcpTarget {
  readonly name: string
  readonly content: Readonly<Record<string, Json | undefined>>
  readonly paths: readonly (readonly [string, string])[]
}

function carryTarget(target: Fields, index: number): CarriedMcpTarget {
  const fixed = target.fields('static')
  const outer = target.text('name')
  const inner = fixed?.text('name')
  const older = target.fields('selectors')
  const selector = target.fields('selector') ?? older
  if ((fixed === undefined) === (selector === undefined)) target.tell('exactly one of selector and static must be set')
  const given = outer ?? inner
  if (outer !== undefined && inner !== undefined && outer !== inner) {
    fixed?.tell(`the target is already called ${outer}`, { field: 'name' })
  }
  if (given === undefined && fixed !== undefined) target.tell('a name is required', { field: 'name' })
  const name = given ?? `${selector === undefined ? 'target' : 'selector'}-${index}`
  if (!TARGET_NAME.test(name)) {
    target.tell('must consist of lower-case letters, digits, "-" and ".", and start and end with a letter or digit', {
      field: 'name',
    })
  }
  return {
    name,
    content: { static: fixed && carryFixed(fixed), selector: selector && carrySelector(selector) },
    paths: older === undefined ? [] : [['selector', 'selectors']],
  }
}

function carryFixed(from: Fields): JsonObject {
  const protocol = from.text('protocol')
  if (protocol !== undefined && !['StreamableHTTP', 'SSE', 'Undefined', ''].includes(protocol)) {
    from.tell('must be StreamableHTTP or SSE', { field: 'protocol' })
  }
  const port = required(from, 'port', from.whole('port'))
  if (port !== undefined && (port < 1 || port > 65535)) from.tell('must be between 1 and 65535', { field: 'port' })
  return present({
    host: required(from, 'host', from.text('host') || undefined),
    port,
    path: from.text('path'),
    protocol: protocol === 'SSE' || protocol === 'StreamableHTTP' ? protocol : undefined,
  })
}

function carrySelector(from: Fields): JsonObject {
  const services = from.json('service') ?? from.json('serviceSelector')
  const namespaces = from.json('namespace') ?? from.json('namespaceSelector')
  if (services === undefined && namespaces === undefined) from.tell('a selector of Services or namespaces is required')
  return present({ services, namespaces })
}

// AI

const MAX_GROUPS = 8
const MAX_PROVIDERS = 16

function carryAi(from: Fields): Body | undefined {
  const single = from.fields('llm')
  const older = from.fields('multipool')
  const groups = older === undefined ? from.list('priorityGroups') : older.list('priorities')
  if ((single === undefined) === (groups.length === 0)) {
    from.tell(`exactly one of llm and ${older === undefined ? 'priorityGroups' : 'multipool'} must be set`)
    return undefined
  }
  if (single !== undefined) {
    const carried = carryProvider(single)
    if (carried === undefined) return undefined
    return {
      spec: present({ ai: { provider: carried.provider }, policies: carried.policies }),
      paths: [
        ['spec.ai.provider', single.path],
        ['spec.policies', single.path],
      ],
    }
  }
  return carryGroups(from, groups, older === undefined ? 'providers' : 'pool')
}

function carryGroups(from: Fields, groups: readonly Fields[], members: 'providers' | 'pool'): Body {
  const paths: [string, string][] = []
  if (groups.length > MAX_GROUPS)
    from.tell(`an AgentgatewayBackend has at most ${MAX_GROUPS} groups, not ${groups.length}`)
  const names = new Set<string>()
  const carried = groups.map((group, g) => {
    const providers = group.list(members)
    if (providers.length === 0 || providers.length > MAX_PROVIDERS) {
      group.tell(`a group has between 1 and ${MAX_PROVIDERS} providers, not ${providers.length}`, { field: members })
    }
    return {
      providers: providers.flatMap((each, p) => {
        const name = each.text('name') ?? `${members === 'pool' ? 'pool' : 'provider'}-${g}-${p}`
        if (names.has(name)) each.tell(`the name ${name} is used twice`, { field: 'name' })
        names.add(name)
        paths.push([`spec.ai.groups[${g}].providers[${p}]`, each.path])
        return named(name, carryProvider(each))
      }),
    }
  })
  return { spec: { ai: { groups: carried } }, paths: [['spec.ai', from.path], ...paths] }
}

function named(name: string, carried: CarriedProvider | undefined): readonly JsonObject[] {
  return carried === undefined ? [] : [present({ name, ...carried.provider, policies: carried.policies })]
}

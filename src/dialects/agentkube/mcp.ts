// agentkube's MCP: several MCP servers behind one endpoint, each with its own credential and its own choice of tools. The
// page that describes the kind shows one upstream of kind http; the fields of the other kinds are our proposal.
import { nameKey } from '../../core/keys.ts'
import type { Problem } from '../../core/problem.ts'
import { isJsonList, isJsonObject, type JsonObject, objectIn, textEntries } from '../../kube/json.ts'
import { GATEWAY_NAME_LABEL } from '../../kube/proxy-deployment.ts'
import {
  type Carried,
  carriedFrame,
  type DialectContext,
  type DialectKind,
  type ForeignObject,
  type MadeObject,
  type Missing,
  type UpstreamState,
  type WorkloadObject,
} from '../carried.ts'
import { dropUnread, type Fields, readFields } from '../fields.ts'
import { renderServer } from '../kmcp/workload.ts'
import { GATEWAY_API, make, OURS, present } from '../made.ts'
import {
  AGENTKUBE,
  backendRef,
  endpointOf,
  makeGateway,
  ownParent,
  readEndpoint,
  readSecret,
  readServing,
  readUpstreams,
  upstreamState,
} from './served.ts'
import { readTools, type ToolFilter, toolRules } from './tools.ts'

/** MCP of agentkube.io/v1alpha1. */
export const agentkubeMcp: DialectKind = { group: AGENTKUBE, kind: 'MCP', plural: 'mcps', carry }

const DEFAULT_PATH = '/mcp'
const DEFAULT_PORT = 8080
const PROCESS_PORT = 3000

interface Scope {
  readonly object: ForeignObject
  readonly namespace: string
  readonly context: DialectContext
}

/** What one upstream becomes. */
interface Upstream {
  readonly target: JsonObject
  readonly path: string
  readonly filter: ToolFilter
  readonly state: UpstreamState
  readonly missing: readonly string[]
  readonly workload: readonly WorkloadObject[]
}

function carry(object: ForeignObject, context: DialectContext): Carried {
  const problems: Problem[] = []
  const spec = readFields(object.spec, 'spec', problems)
  const { namespace = '' } = object.metadata
  const serving = readServing(spec)
  const upstreams = readUpstreams(spec, (from, name) => readUpstream(from, name, { object, namespace, context }))
  dropUnread(spec, problems, 'agentgateway has nothing like it')
  const unresolved = upstreams.flatMap(({ path, missing }) => missing.map((what) => ({ path, what })))
  const isRefused = problems.some(({ severity }) => severity !== 'warning')
  const usable = isRefused ? [] : upstreams.filter(({ missing }) => missing.length === 0)
  return {
    ...carriedFrame(object),
    // An object that is refused has its proxies all the same: they answer with an error instead of not at all.
    made: [...makeGateway(object, serving, context), ...makeContent(object, usable, unresolved)],
    workload: isRefused ? [] : upstreams.flatMap((each) => each.workload),
    problems,
    unresolved,
    served: { endpoint: endpointOf(object, serving, DEFAULT_PATH), upstreams: upstreams.map(({ state }) => state) },
    replicas: serving.replicas,
  }
}

function readUpstream(from: Fields, name: string, scope: Scope): readonly Upstream[] {
  const filter = readTools(from.fields('tools'), name)
  const kind = from.text('kind') ?? (from.has('endpoint') ? 'http' : from.has('ref') ? 'mcpRef' : 'stdio')
  switch (kind) {
    case 'http':
      return httpUpstream(from, { name, filter }, scope)
    case 'mcpRef':
      return mcpUpstream(from, { name, filter }, scope)
    case 'stdio':
      return processUpstream(from, { name, filter }, scope)
    default:
      from.tell('must be http, mcpRef or stdio', { field: 'kind' })
      for (const field of ['endpoint', 'auth', 'ref']) from.json(field)
      return []
  }
}

type Named = Pick<Upstream, 'filter'> & { readonly name: string }

function httpUpstream(from: Fields, { name, filter }: Named, scope: Scope): readonly Upstream[] {
  const endpoint = readEndpoint(from, 'endpoint')
  if (!from.has('endpoint')) from.tell('is required for kind http', { field: 'endpoint' })
  const { auth, missing } = readAuth(from, scope)
  if (endpoint === undefined) return []
  const { host, port, isTls } = endpoint
  const path = endpoint.path ?? DEFAULT_PATH
  const policies = present({ auth, tls: isTls ? {} : undefined })
  const note = endpoint.path === undefined ? `, with the default path ${path}` : ''
  return [
    {
      target: {
        name,
        static: present({
          ...{ host, port, path, protocol: 'StreamableHTTP' },
          policies: Object.keys(policies).length === 0 ? undefined : policies,
        }),
      },
      ...{ filter, path: from.path, workload: [] },
      missing: missing === undefined ? [] : [missing],
      state: upstreamState(name, missing, `${isTls ? 'https' : 'http'}://${host}:${port}${path}${note}`),
    },
  ]
}

// References

function mcpUpstream(from: Fields, { name, filter }: Named, scope: Scope): readonly Upstream[] {
  const { namespace, context, object } = scope
  const target = from.fields('ref')?.text('name')
  const { auth, missing: missingSecret } = readAuth(from, scope)
  if (target === undefined) {
    from.tell('the name of an MCP object is required: ref.name', { field: 'ref' })
    return []
  }
  const key = nameKey(namespace, target)
  const found = context.read.mcps.get(key)
  const cycle = cycleFrom(object, target, scope)
  if (cycle !== undefined) {
    from.tell(`${cycle.join(' → ')} is a circle`, { field: 'ref' })
    return []
  }
  const missing = found === undefined ? `MCP ${key}` : missingSecret
  const port = found === undefined ? DEFAULT_PORT : portOf(found)
  const host = `${target}.${namespace}.svc.${context.settings.clusterDomain}`
  return [
    {
      target: {
        name,
        static: present({
          ...{ host, port, path: DEFAULT_PATH, protocol: 'StreamableHTTP' },
          policies: auth === undefined ? undefined : { auth },
        }),
      },
      ...{ filter, path: from.path, workload: [] },
      missing: missing === undefined ? [] : [missing],
      state: upstreamState(name, missing, `MCP ${target} at http://${host}:${port}${DEFAULT_PATH}`),
    },
  ]
}

function portOf({ spec }: ForeignObject): number {
  const { port } = objectIn(spec)
  return typeof port === 'number' ? port : DEFAULT_PORT
}

/** Names on the way from an object back to itself; undefined when there is no such way. */
function cycleFrom(object: ForeignObject, first: string, { namespace, context }: Scope): readonly string[] | undefined {
  const start = object.metadata.name
  const seen = new Set<string>()
  const walk = (name: string, way: readonly string[]): readonly string[] | undefined => {
    if (name === start) return [...way, name]
    if (seen.has(name)) return undefined
    seen.add(name)
    const found = context.read.mcps.get(nameKey(namespace, name))
    for (const next of found === undefined ? [] : refsOf(found)) {
      const circle = walk(next, [...way, name])
      if (circle !== undefined) return circle
    }
    return undefined
  }
  return walk(first, [start])
}

function refsOf({ spec }: ForeignObject): readonly string[] {
  const { upstreams } = objectIn(spec)
  if (!isJsonList(upstreams)) return []
  return upstreams.flatMap((each) => {
    const { name } = objectIn(isJsonObject(each) ? each.ref : undefined)
    return typeof name === 'string' ? [name] : []
  })
}

// Processes

function processUpstream(
  from: Fields,
  { name, filter }: Named,
  { object, namespace, context }: Scope,
): readonly Upstream[] {
  const cmd = from.text('cmd')
  const image = from.text('image')
  const args = from.texts('args')
  const env = textEntries(from.json('env'))
  const secrets = from.list('secretRefs').flatMap((ref) => ref.text('name') ?? [])
  if (from.has('auth')) from.tell('a process gets its credentials by secretRefs', { field: 'auth' })
  if (cmd === undefined) from.tell('the command to start is required for kind stdio', { field: 'cmd' })
  if (image === undefined) from.tell('the image to run it in is required for kind stdio', { field: 'image' })
  if (cmd === undefined || image === undefined) return []
  const server = `${object.metadata.name}-${name}`
  const missing = secrets
    .filter((each) => context.read.secrets.get(nameKey(namespace, each)) === undefined)
    .map((each) => `Secret ${nameKey(namespace, each)}`)
  const host = `${server}.${namespace}.svc.${context.settings.clusterDomain}`
  return [
    {
      target: { name, static: { host, port: PROCESS_PORT, path: DEFAULT_PATH, protocol: 'StreamableHTTP' } },
      ...{ filter, path: from.path, missing },
      state: upstreamState(name, missing[0], `${cmd} in Deployment ${server}`),
      workload: renderServer({
        ...{ name: server, port: PROCESS_PORT, replicas: 1, image, secrets, env, args },
        process: { name: server, port: PROCESS_PORT, cmd, args, env },
        pullPolicy: 'IfNotPresent',
        pullSecrets: undefined,
        command: [cmd],
        ...{ configMaps: [], volumes: [], mounts: [], sidecars: [], annotations: {}, adapter: {} },
        // Found, and removed, with the proxies of the object.
        labels: { [GATEWAY_NAME_LABEL]: object.metadata.name },
        adapterImage: context.settings.proxyImage,
        account: { name: server, made: {} },
        ...{ resources: undefined, securityContext: undefined, podSecurityContext: undefined, placement: {} },
      }),
    },
  ]
}

// Credentials

interface CarriedAuth {
  readonly auth: JsonObject | undefined
  readonly missing: string | undefined
}

const NO_AUTH: CarriedAuth = { auth: undefined, missing: undefined }

function readAuth(from: Fields, { namespace, context }: Scope): CarriedAuth {
  const auth = from.fields('auth')
  if (auth === undefined) return NO_AUTH
  const mode = auth.text('mode')
  if (mode === 'none') return NO_AUTH
  if (mode === 'passthrough') return { auth: { passthrough: {} }, missing: undefined }
  const ref = auth.fields('secretRef')
  const secret = ref && readSecret(ref, namespace, context)
  const header = auth.text('header')
  if (mode !== 'bearer' && mode !== 'header') {
    auth.tell('must be bearer, header, passthrough or none', { field: 'mode' })
    return NO_AUTH
  }
  if (ref === undefined) auth.tell(`is required for mode ${mode}`, { field: 'secretRef' })
  if (mode === 'header' && header === undefined) auth.tell('is required for mode header', { field: 'header' })
  if (secret === undefined) return NO_AUTH
  const secretRef = present({ name: secret.name, key: secret.key })
  // Written as it is, a value that brings the word along has it once.
  const location = mode === 'header' ? header : secret.hasBearer ? 'Authorization' : undefined
  return {
    auth: present({ secretRef, location: location === undefined ? undefined : { header: { name: location } } }),
    missing: secret.missing,
  }
}

// Objects

// An upstream that lacks something is left out, so that the others work; their tools keep their names.
function makeContent(
  object: ForeignObject,
  usable: readonly Upstream[],
  unresolved: readonly Missing[],
): readonly MadeObject[] {
  const { name } = object.metadata
  const matches = [{ path: { type: 'PathPrefix', value: '/' } }]
  if (usable.length > 0) {
    const rules = [{ matches, backendRefs: [backendRef(name)] }]
    return [
      make('HTTPRoute', object, { spec: { ...ownParent(object), rules } }),
      makeBackend(object, usable),
      ...makeFilters(object, usable),
    ]
  }
  const why = unresolved.map(({ what }) => `${what} not found`).join(', ') || 'its configuration was refused'
  const body = `MCP ${object.metadata.namespace ?? ''}/${name} cannot be used: ${why}`
  return [
    make('HTTPRoute', object, { spec: { ...ownParent(object), rules: [{ matches }] } }),
    make('AgentgatewayPolicy', object, {
      name: `${name}-unavailable`,
      spec: {
        targetRefs: [{ group: GATEWAY_API, kind: 'HTTPRoute', name }],
        traffic: { directResponse: { status: 503, body } },
      },
      paths: [['spec.traffic', 'spec.upstreams']],
    }),
  ]
}

function makeBackend(object: ForeignObject, upstreams: readonly Upstream[]): MadeObject {
  const { upstreams: all } = objectIn(object.spec)
  const isOneOfMany = isJsonList(all) && all.length > 1
  return make('AgentgatewayBackend', object, {
    spec: {
      mcp: present({
        targets: upstreams.map(({ target }) => target),
        prefixMode: isOneOfMany ? 'Always' : undefined,
      }),
    },
    paths: upstreams.map(({ path }, i): [string, string] => [`spec.mcp.targets[${i}]`, path]),
  })
}

function makeFilters(object: ForeignObject, upstreams: readonly Upstream[]): readonly MadeObject[] {
  const { name } = object.metadata
  const { allow, deny } = toolRules(upstreams.map(({ filter }) => filter))
  const policy = (suffix: string, action: string, matchExpressions: readonly string[]): readonly MadeObject[] =>
    matchExpressions.length === 0
      ? []
      : [
          make('AgentgatewayPolicy', object, {
            name: `${name}-${suffix}`,
            spec: {
              targetRefs: [{ group: OURS, kind: 'AgentgatewayBackend', name }],
              backend: { mcp: { authorization: { action, policy: { matchExpressions } } } },
            },
            paths: [['spec.backend', 'spec.upstreams']],
          }),
        ]
  return [...policy('tools', 'Allow', allow), ...policy('no-tools', 'Deny', deny)]
}

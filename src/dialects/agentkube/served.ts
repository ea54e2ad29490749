// What both agentkube kinds have in common: each is a Gateway of its own, with proxies that the deployer runs as for any
// other Gateway. The Gateway, its parameters and its one route are called like the object.
import { nameKey } from '../../core/keys.ts'
import type { JsonObject } from '../../kube/json.ts'
import type { DialectContext, ForeignObject, MadeObject, UpstreamState } from '../carried.ts'
import type { Fields } from '../fields.ts'
import { GATEWAY_API, make, OURS } from '../made.ts'

/** Group of both kinds. */
export const AGENTKUBE = 'agentkube.io'

/** Port and number of proxies, with their defaults. */
export interface Serving {
  readonly port: number
  readonly replicas: number
}

const DEFAULT_PORT = 8080

/** Reads `port` and `replicas`. */
export function readServing(spec: Fields): Serving {
  const port = spec.whole('port') ?? DEFAULT_PORT
  const replicas = spec.whole('replicas') ?? 1
  if (port < 1 || port > 65535) spec.tell('must be between 1 and 65535', { field: 'port' })
  if (replicas < 0) spec.tell('must not be negative', { field: 'replicas' })
  return { port, replicas }
}

/** Reads each upstream; each has a name of its own. */
export function readUpstreams<T>(spec: Fields, read: (from: Fields, name: string) => readonly T[]): readonly T[] {
  const list = spec.list('upstreams')
  if (list.length === 0) spec.tell('at least one upstream is required', { field: 'upstreams' })
  const names = new Set<string>()
  return list.flatMap((from) => {
    const name = from.text('name') ?? ''
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      from.tell('must be 1 to 63 lower-case letters, digits and "-", and start and end with a letter or digit', {
        field: 'name',
      })
    }
    if (names.has(name)) from.tell(`the name ${name} is used twice`, { field: 'name' })
    names.add(name)
    return read(from, name)
  })
}

/** The Gateway and its parameters. */
export function makeGateway(
  object: ForeignObject,
  { port, replicas }: Serving,
  context: DialectContext,
): readonly MadeObject[] {
  const { name } = object.metadata
  return [
    make('AgentgatewayParameters', object, {
      spec: { deployment: { spec: { replicas } } },
      paths: [['spec.deployment', 'spec.replicas']],
    }),
    make('Gateway', object, {
      spec: {
        gatewayClassName: context.settings.className,
        listeners: [{ name: 'http', port, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } }],
        infrastructure: { parametersRef: { group: OURS, kind: 'AgentgatewayParameters', name } },
      },
      paths: [['spec.listeners', 'spec.port']],
    }),
  ]
}

/** Whatever a route of the object's own says beside its rules. */
export function ownParent(object: ForeignObject): JsonObject {
  return { parentRefs: [{ group: GATEWAY_API, kind: 'Gateway', name: object.metadata.name }] }
}

/** A reference to a backend that was made. */
export function backendRef(name: string): JsonObject {
  return { group: OURS, kind: 'AgentgatewayBackend', name, weight: 1 }
}

/** Where the object answers in the cluster. */
export function endpointOf(object: ForeignObject, { port }: Serving, path: string): string {
  const { name, namespace = '' } = object.metadata
  return `http://${name}.${namespace}.svc:${port}${path}`
}

/** A URL, taken apart. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  /** Absent when the URL has none. */
  readonly path: string | undefined
}

/** Reads an http or https URL. */
export function readEndpoint(from: Fields, field: string): Endpoint | undefined {
  const text = from.text(field)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    from.tell('must be an http or https URL, such as https://mcp.example.com/mcp', { field })
    return undefined
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    from.tell('must have no credentials, query or fragment; credentials belong into a Secret', { field })
    return undefined
  }
  const isTls = url.protocol === 'https:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
    path: url.pathname === '/' ? undefined : url.pathname,
  }
}

/** A reference to a key of a Secret, and what is there. */
export interface SecretChoice {
  readonly name: string
  readonly key: string | undefined
  /** What is missing, in words. */
  readonly missing: string | undefined
  /** Whether the value would be sent with a second `Bearer ` in front, which proxies add themselves. */
  readonly hasBearer: boolean
}

const DEFAULT_KEY = 'Authorization'

/** Reads `{name, key}`. */
export function readSecret(from: Fields, namespace: string, { read }: DialectContext): SecretChoice | undefined {
  const name = from.text('name')
  const key = from.text('key')
  if (name === undefined) {
    from.tell('the name of the Secret is required', { field: 'name' })
    return undefined
  }
  const secret = read.secrets.get(nameKey(namespace, name))
  const encoded = secret?.data?.[key ?? DEFAULT_KEY]
  const text = typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString() : ''
  const missing =
    secret === undefined
      ? `Secret ${nameKey(namespace, name)}`
      : text.trim() === ''
        ? `key ${key ?? DEFAULT_KEY} of Secret ${nameKey(namespace, name)}`
        : undefined
  // Under the default key the word is taken off wherever it stands.
  const isOwnKey = key !== undefined && key !== DEFAULT_KEY
  return { name, key, missing, hasBearer: isOwnKey && text.startsWith('Bearer ') }
}

/** One upstream's state. */
export function upstreamState(name: string, missing: string | undefined, message: string): UpstreamState {
  return missing === undefined
    ? { name, state: 'Ready', message }
    : { name, state: 'Failed', message: `${missing} not found` }
}

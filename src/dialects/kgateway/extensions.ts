// What a TrafficPolicy gets from GatewayExtensions: external authorization, external processing and rate limits by a
// service. The service is looked for where the extension is, not where the policy is.
import { nameKey } from '../../core/keys.ts'
import type { Problem } from '../../core/problem.ts'
import type { Json, JsonObject } from '../../kube/json.ts'
import type { DialectReads } from '../carried.ts'
import { dropUnread, type Fields, readFields } from '../fields.ts'
import { present } from '../made.ts'

/** What reading extensions needs. */
export interface ExtensionScope {
  readonly namespace: string
  readonly read: DialectReads
  readonly problems: Problem[]
}

interface Extension {
  readonly fields: Fields
  readonly backendRef: JsonObject | undefined
}

const BLOCKS = { ExtAuth: 'extAuth', ExtProc: 'extProc', RateLimit: 'rateLimit' } as const
const NO_KNOB = 'agentgateway has no such setting'

/** `extAuth`: ask a service, or ask none although a policy on the Gateway says so. */
export function carryExtAuth(from: Fields, scope: ExtensionScope): JsonObject | undefined {
  if (from.has('disable')) {
    from.json('disable')
    // A condition that never holds: the more specific policy counts, and it asks nobody.
    return { conditional: [{ condition: 'false', policy: { url: 'http://ext-auth.invalid', grpc: {} } }] }
  }
  const context = from.json('contextExtensions')
  const own = from.fields('withRequestBody')
  const ownBody = own && bodyLimit(own)
  return withExtension(from, 'ExtAuth', scope, ({ fields, backendRef }) => {
    const body = ownBody ?? optional(fields.fields('withRequestBody'), bodyLimit)
    for (const name of ['statusOnError', 'clearRouteCache', 'statPrefix']) fields.drop(name, NO_KNOB)
    return present({
      backendRef,
      failureMode: fields.flag('failOpen') === true ? 'FailOpen' : undefined,
      forwardBody: body,
      grpc: present({ contextExtensions: context }),
    })
  })
}

function bodyLimit(from: Fields): JsonObject {
  from.drop('allowPartialMessage', 'what is longer than the limit is always cut off')
  from.drop('packAsBytes', NO_KNOB)
  return { maxSize: from.whole('maxRequestBytes') ?? 8192 }
}

const BODY_MODES: Readonly<Record<string, string>> = {
  NONE: 'None',
  STREAMED: 'FullDuplexStreamed',
  BUFFERED: 'Buffered',
  BUFFERED_PARTIAL: 'BufferedPartial',
  FULL_DUPLEX_STREAMED: 'FullDuplexStreamed',
}
const SEND_MODES: Readonly<Record<string, string>> = { SEND: 'Send', SKIP: 'Skip' }

/** `extProc`: let a service process requests and responses. */
export function carryExtProc(from: Fields, scope: ExtensionScope): JsonObject | undefined {
  from.drop('disable', 'processing by a policy on the Gateway cannot be switched off here')
  if (from.has('disable')) return undefined
  const modes = from.fields('processingMode')
  const mode = (name: string, table: Readonly<Record<string, string>>): string | undefined => {
    const written = modes?.text(name)
    if (written === undefined || written === 'DEFAULT') return undefined
    if (table[written] === undefined) modes?.tell(`must be one of ${Object.keys(table).join(', ')}`, { field: name })
    return table[written]
  }
  const options = present({
    requestHeaderMode: mode('requestHeaderMode', SEND_MODES),
    responseHeaderMode: mode('responseHeaderMode', SEND_MODES),
    requestBodyMode: mode('requestBodyMode', BODY_MODES),
    responseBodyMode: mode('responseBodyMode', BODY_MODES),
    requestTrailerMode: mode('requestTrailerMode', SEND_MODES),
    responseTrailerMode: mode('responseTrailerMode', SEND_MODES),
  })
  return withExtension(from, 'ExtProc', scope, ({ fields, backendRef }) =>
    present({
      backendRef,
      failureMode: fields.flag('failOpen') === true ? 'FailOpen' : undefined,
      processingOptions: Object.keys(options).length === 0 ? undefined : options,
    }),
  )
}

/** `rateLimit.global`: ask a rate limit service. */
export function carryGlobalRateLimit(from: Fields, scope: ExtensionScope): JsonObject | undefined {
  const descriptors = from.list('descriptors').map((descriptor) => ({
    entries: descriptor.list('entries').flatMap(carryEntry),
  }))
  return withExtension(from, 'RateLimit', scope, ({ fields, backendRef }) => {
    const domain = fields.text('domain')
    if (domain === undefined) fields.tell('is required', { field: 'domain' })
    if (fields.text('xRateLimitHeaders') !== 'Off') fields.drop('xRateLimitHeaders', NO_KNOB)
    fields.drop('timeout', NO_KNOB)
    return present({
      backendRef,
      domain,
      descriptors,
      failureMode: fields.flag('failOpen') === false ? undefined : 'FailOpen',
    })
  })
}

function carryEntry(entry: Fields): readonly JsonObject[] {
  const type = entry.text('type')
  switch (type) {
    case 'Generic': {
      const generic = entry.fields('generic')
      const key = generic?.text('key')
      if (key === undefined) entry.tell('key and value are required', { field: 'generic' })
      return key === undefined ? [] : [{ name: key, expression: JSON.stringify(generic?.text('value') ?? '') }]
    }
    case 'Header': {
      const header = entry.text('header')
      if (header === undefined) entry.tell('the name of the header is required', { field: 'header' })
      // Header names are lower-case once a request has arrived.
      return header === undefined
        ? []
        : [{ name: header, expression: `request.headers[${JSON.stringify(header.toLowerCase())}]` }]
    }
    case 'RemoteAddress':
      return [{ name: 'remote_address', expression: 'source.address' }]
    case 'Path':
      return [{ name: 'path', expression: 'request.path' }]
    default:
      entry.tell('must be one of Generic, Header, RemoteAddress, Path', { field: 'type' })
      return []
  }
}

function optional<T, U>(value: T | undefined, change: (value: T) => U): U | undefined {
  return value === undefined ? undefined : change(value)
}

function withExtension(
  from: Fields,
  type: keyof typeof BLOCKS,
  { namespace, read, problems }: ExtensionScope,
  carry: (extension: Extension) => JsonObject,
): JsonObject | undefined {
  const ref = from.fields('extensionRef')
  const name = ref?.text('name')
  if (name === undefined) {
    from.tell(`the name of a GatewayExtension of type ${type} is required`, { field: 'extensionRef' })
    return undefined
  }
  const home = ref?.text('namespace') ?? namespace
  const key = nameKey(home, name)
  const object = read.gatewayextensions.get(key)
  if (object === undefined) {
    ref?.tell(`GatewayExtension ${key} not found`)
    return undefined
  }
  // What is wrong inside the extension is told at the reference to it: it is another object.
  const inside: Problem[] = []
  const spec = readFields(object.spec, 'spec', inside)
  const block = spec.fields(BLOCKS[type])
  const written = spec.text('type')
  if (block === undefined || (written !== undefined && written !== type)) {
    ref?.tell(`GatewayExtension ${key} is not of type ${type}`)
    return undefined
  }
  const carried = carry({ fields: block, backendRef: serviceOf(block, home) })
  dropUnread(spec, inside, NO_KNOB)
  for (const problem of inside) {
    problems.push({ ...problem, path: ref?.path ?? from.path, message: `GatewayExtension ${key}: ${problem.message}` })
  }
  return carried
}

const DEFAULT_PORT = 80

function serviceOf(block: Fields, home: string): JsonObject | undefined {
  const service = block.fields('grpcService')
  const ref = service?.fields('backendRef')
  const name = ref?.text('name')
  service?.drop('authority', NO_KNOB)
  service?.drop('requestTimeout', NO_KNOB)
  service?.drop('retry', NO_KNOB)
  if (ref === undefined || name === undefined) {
    block.tell('the service to ask is required: grpcService.backendRef', { field: 'grpcService' })
    return undefined
  }
  ref.ignore('weight')
  const group = ref.text('group') ?? ''
  const kind = ref.text('kind') ?? 'Service'
  const found: Readonly<Record<string, Json | undefined>> = {
    ...(group === '' ? {} : { group }),
    ...(kind === 'Service' ? {} : { kind }),
    name,
    namespace: ref.text('namespace') ?? home,
    port: ref.whole('port') ?? DEFAULT_PORT,
  }
  return present(found)
}

// `agwcp watch`: connects as a proxy would, acknowledges everything, and prints what changes by name and version. What
// the resources say is in the dumps. Lost connections are made again with the versions held, as a proxy does it.
import { Client, type ClientDuplexStream, credentials, status as GrpcStatus, type ServiceError } from '@grpc/grpc-js'
import { splitNameKey } from '../core/keys.ts'
import { encodeMessage } from '../wire/encode.ts'
import { jsonStruct } from '../wire/messages.ts'
import { ADDRESS_TYPE_URL, messageType, RESOURCE_TYPE_URL } from '../wire/proto.ts'

/** One resource that came, changed or went. */
export interface WatchedChange {
  readonly change: 'added' | 'changed' | 'removed'
  readonly type: 'Resource' | 'Address'
  readonly name: string
  /** Absent when it went. */
  readonly version?: string
  /** The version before, if there was one. */
  readonly was?: string
}

/** What to watch, and who hears of it. */
export interface WatchOptions {
  readonly gateway: string
  readonly server: string
  /** End after the first complete configuration. */
  readonly once: boolean
  readonly signal: AbortSignal
  readonly onChange: (change: WatchedChange) => void
  /** Progress, for people. */
  readonly onNote: (note: string) => void
}

const TYPES = [
  { typeUrl: ADDRESS_TYPE_URL, type: 'Address' },
  { typeUrl: RESOURCE_TYPE_URL, type: 'Resource' },
] as const
const PACKAGE = 'envoy.service.discovery.v3'
const DELTA_PATH = `/${PACKAGE}.AggregatedDiscoveryService/DeltaAggregatedResources`
const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 5000

/** Prints what changes until it is interrupted. 0: ended as asked; 1: the server refused; 2: wrong usage; 3: unreachable. */
export async function watchCommand(flags: {
  readonly gateway: string
  readonly server: string
  readonly output: string
  readonly once?: boolean
}): Promise<number> {
  if (!/^[^/]+\/[^/]+$/.test(flags.gateway)) {
    console.error(`--gateway ${flags.gateway}: a Gateway is written NAMESPACE/NAME`)
    return 2
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const isForPeople = flags.output !== 'json'
  return watchGateway({
    gateway: flags.gateway,
    server: flags.server,
    once: flags.once === true,
    signal: stop.signal,
    onChange: (change) => console.log(isForPeople ? changeLine(change) : JSON.stringify(change)),
    onNote: (note) => {
      if (process.stderr.isTTY) console.error(note)
    },
  })
}

/** A change as people read it. */
export function changeLine({ change, type, name, version, was }: WatchedChange): string {
  const sign = change === 'added' ? '+' : change === 'changed' ? '~' : '-'
  const versions = change === 'changed' ? `${was} → ${version}` : (version ?? was ?? '')
  return `${sign} ${type.padEnd(8)} ${name}  ${versions}`.trimEnd()
}

/** Watches one gateway; the number is the exit code. */
export async function watchGateway(options: WatchOptions): Promise<number> {
  const held: Held = new Map(TYPES.map(({ typeUrl }) => [typeUrl, new Map<string, string>()]))
  let hasConnected = false
  let delayMs = FIRST_DELAY_MS
  for (;;) {
    const ending = await watchOnce(options, held, () => {
      hasConnected = true
      delayMs = FIRST_DELAY_MS
    })
    if (ending === 'complete' || options.signal.aborted) return 0
    const isAway = ending.code === GrpcStatus.UNAVAILABLE || ending.code === GrpcStatus.CANCELLED
    if (!isAway) {
      console.error(`the control plane at ${options.server} refused: ${ending.details}`)
      return 1
    }
    if (!hasConnected || options.once) {
      console.error(
        `cannot reach the control plane at ${options.server}: ${causeIn(ending.details)}; is \`agwcp serve\` running there?`,
      )
      return 3
    }
    options.onNote(`connection lost (${causeIn(ending.details)}); trying again`)
    await pause(delayMs, options.signal)
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
  }
}

/** What the gRPC library says around the cause helps nobody. */
function causeIn(details: string): string {
  return /Last error: (?:Error: )?(.*?)\.? Resolution note/.exec(details)?.[1] ?? details
}

type Ending = Pick<ServiceError, 'code' | 'details'>

/** Name → version, by type. */
type Held = ReadonlyMap<string, Map<string, string>>

async function watchOnce(options: WatchOptions, held: Held, onConnected: () => void): Promise<'complete' | Ending> {
  const client = new Client(options.server, credentials.createInsecure(), { 'grpc.max_receive_message_length': -1 })
  const asIs = (bytes: Buffer): Buffer => bytes
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(DELTA_PATH, asIs, asIs)
  const cancel = (): void => stream.cancel()
  options.signal.addEventListener('abort', cancel)
  const answered = new Set<string>()
  try {
    return await new Promise((resolve) => {
      stream.on('error', resolve)
      stream.on('end', () => {
        // A stream that ends without an error was drained; the next one may go elsewhere.
        resolve({ code: GrpcStatus.UNAVAILABLE, details: 'the stream was drained' })
      })
      stream.on('data', (bytes: Buffer) => {
        const response = decodeResponse(bytes)
        onConnected()
        take(response, held, options.onChange)
        send(stream, { typeUrl: response.typeUrl, responseNonce: response.nonce })
        const wasComplete = answered.size === TYPES.length
        answered.add(response.typeUrl ?? '')
        if (wasComplete || answered.size < TYPES.length) return
        options.onNote(completeNote(options.gateway, held))
        if (options.once) resolve('complete')
      })
      const node = nodeOf(options.gateway)
      for (const { typeUrl } of TYPES) {
        const initialResourceVersions = Object.fromEntries(held.get(typeUrl) ?? [])
        send(stream, { node, typeUrl, initialResourceVersions })
      }
    })
  } finally {
    options.signal.removeEventListener('abort', cancel)
    stream.on('error', () => undefined)
    stream.cancel()
    client.close()
  }
}

function completeNote(gateway: string, held: Held): string {
  const count = (typeUrl: string): number => held.get(typeUrl)?.size ?? 0
  const sizes = `${count(RESOURCE_TYPE_URL)} resources, ${count(ADDRESS_TYPE_URL)} addresses`
  return count(RESOURCE_TYPE_URL) === 0 ? `${sizes}: does Gateway ${gateway} exist?` : sizes
}

/** How a proxy of the gateway introduces itself; the id says that it is none. */
function nodeOf(gateway: string): object {
  const { namespace, name } = splitNameKey(gateway)
  return {
    id: `agwcp-watch~${process.pid}.${namespace}`,
    metadata: jsonStruct({ role: `${namespace}~${name}`, NAMESPACE: namespace, GATEWAY_NAME: name }),
  }
}

function send(stream: ClientDuplexStream<Buffer, Buffer>, request: object): void {
  stream.write(Buffer.from(encodeMessage(`${PACKAGE}.DeltaDiscoveryRequest`, request)))
}

interface Response {
  readonly typeUrl?: string
  readonly nonce?: string
  readonly resources?: readonly { readonly name?: string; readonly version?: string }[]
  readonly removedResources?: readonly string[]
}

function decodeResponse(bytes: Buffer): Response {
  // Decoded messages are records of their fields.
  return messageType(`${PACKAGE}.DeltaDiscoveryResponse`).decode(bytes) as Response
}

function take(response: Response, held: Held, onChange: (change: WatchedChange) => void): void {
  const known = TYPES.find(({ typeUrl }) => typeUrl === response.typeUrl)
  const versions = held.get(known?.typeUrl ?? '')
  if (known === undefined || versions === undefined) return
  const { type } = known
  for (const { name = '', version = '' } of response.resources ?? []) {
    const was = versions.get(name)
    versions.set(name, version)
    if (was === undefined) onChange({ change: 'added', type, name, version })
    else if (was !== version) onChange({ change: 'changed', type, name, version, was })
  }
  for (const name of response.removedResources ?? []) {
    const was = versions.get(name)
    if (versions.delete(name)) onChange({ change: 'removed', type, name, ...(was === undefined ? {} : { was }) })
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

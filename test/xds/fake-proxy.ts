// A proxy as the server sees it: one stream, both types, wildcard; one answer per response, after applying it; versions
// on reconnect; what it rejects with an error is not retained. It records everything, and misbehaves when told to.
import { Client, type ClientDuplexStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { encodeMessage } from '../../src/wire/encode.ts'
import { jsonStruct } from '../../src/wire/messages.ts'
import { ADDRESS_TYPE_URL, messageType, RESOURCE_TYPE_URL } from '../../src/wire/proto.ts'
import { DELTA_PATH } from '../../src/xds/discovery.ts'

const PACKAGE = 'envoy.service.discovery.v3'
export const BOTH_TYPES: readonly string[] = [ADDRESS_TYPE_URL, RESOURCE_TYPE_URL]

/** A response as it came. */
export interface ReceivedResponse {
  readonly typeUrl: string
  readonly nonce: string
  readonly commit: string
  readonly resources: readonly { readonly name: string; readonly version: string }[]
  readonly removed: readonly string[]
  readonly bytes: number
}

/** How the proxy was started and behaves. */
export interface FakeProxyOptions {
  readonly port: number
  /** `namespace/name` of its Gateway. */
  readonly gateway: string
  readonly types?: readonly string[]
  readonly nodeId?: string
  /** Instead of what the gateway's name makes. */
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly token?: string
  /** Speaks TLS, and trusts this certificate of `localhost`. */
  readonly rootCertificate?: string
  /** Called after everything that happens. */
  readonly onEvent?: () => void
}

/** What the proxy says of a resource that it gets. */
export type Verdict = { readonly error: string } | { readonly warn: string } | undefined

type Call = ClientDuplexStream<Buffer, Buffer>

/** One proxy, over as many connections as it takes. */
export class FakeProxy {
  readonly options: FakeProxyOptions
  /** By type: what is applied, and in which version. */
  readonly held = new Map<string, Map<string, string>>(BOTH_TYPES.map((typeUrl) => [typeUrl, new Map()]))
  readonly responses: ReceivedResponse[] = []
  /** `name@version` of everything that it rejected with an error. */
  readonly rejected = new Set<string>()
  /** Types of which it took one response without an error. */
  readonly readyTypes = new Set<string>()
  /** The most responses of one type that it ever had to answer. */
  mostUnanswered = 0
  /** How the last stream ended; undefined while it is open. */
  ending: { readonly code: number; readonly details: string } | undefined
  /** Decides what it rejects. */
  judge: (name: string, version: string) => Verdict = () => undefined
  /** Whether it answers by itself. */
  isAnswering = true
  #client: Client | undefined
  #call: Call | undefined
  readonly #unanswered: { readonly typeUrl: string; readonly nonce: string; readonly message: string | undefined }[] =
    []

  constructor(options: FakeProxyOptions) {
    this.options = options
  }

  /** Opens a stream and says what it holds. */
  connect(port = this.options.port): this {
    this.open(port)
    for (const typeUrl of this.options.types ?? BOTH_TYPES) this.subscribe(typeUrl)
    return this
  }

  /** Opens a stream and says nothing. */
  open(port = this.options.port, path = DELTA_PATH): this {
    this.disconnect()
    this.ending = undefined
    const { rootCertificate: root } = this.options
    const security = root === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(root))
    this.#client = new Client(`127.0.0.1:${port}`, security, {
      ...(root === undefined ? {} : { 'grpc.ssl_target_name_override': 'localhost' }),
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': 200 * 1024 * 1024,
    })
    const metadata = new Metadata()
    if (this.options.token !== undefined) metadata.set('authorization', `Bearer ${this.options.token}`)
    const call: Call = this.#client.makeBidiStreamRequest(
      path,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      metadata,
    )
    this.#call = call
    this.#unanswered.length = 0
    call.on('data', (bytes: Buffer) => {
      if (this.#call === call) this.#take(bytes)
    })
    call.on('error', (error: ServiceError) => this.#ended(call, error))
    call.on('status', (status: { readonly code: number; readonly details: string }) => this.#ended(call, status))
    return this
  }

  /** Goes away without a word. */
  disconnect(): void {
    const call = this.#call
    this.#call = undefined
    call?.cancel()
    this.#client?.close()
  }

  /** Says that it is done, as no proxy does. */
  halfClose(): void {
    this.#call?.end()
  }

  /** The first request of a type. */
  subscribe(typeUrl: string): void {
    const versions = Object.fromEntries(this.held.get(typeUrl) ?? [])
    this.send({ typeUrl, node: this.node(), initialResourceVersions: versions })
  }

  /** Any request. */
  send(request: object): void {
    this.sendBytes(Buffer.from(encodeMessage(`${PACKAGE}.DeltaDiscoveryRequest`, request)))
  }

  /** Anything at all. */
  sendBytes(bytes: Buffer): void {
    this.#call?.write(bytes)
  }

  /** How it introduces itself. */
  node(): object {
    const [namespace = '', name = ''] = this.options.gateway.split('/')
    const metadata = this.options.metadata ?? {
      NAME: `${name}-0`,
      NAMESPACE: namespace,
      GATEWAY_NAME: name,
      role: `${namespace}~${name}`,
    }
    const id = this.options.nodeId ?? `agentgateway~10.0.0.1~${name}-0.${namespace}~${namespace}.svc.cluster.local`
    return { id, metadata: jsonStruct(metadata) }
  }

  /** Stops reading. */
  pause(): void {
    this.#call?.pause()
  }

  /** Reads on. */
  resume(): void {
    this.#call?.resume()
  }

  /** Answers everything that it has not answered, and what comes from now on. */
  answer(): void {
    this.isAnswering = true
    this.#answerAll()
  }

  /** Responses of one type. */
  of(typeUrl: string): readonly ReceivedResponse[] {
    return this.responses.filter((response) => response.typeUrl === typeUrl)
  }

  /** Every name that it ever saw, in whatever place. */
  get seenNames(): ReadonlySet<string> {
    return new Set(
      this.responses.flatMap(({ resources, removed }) => [...resources.map(({ name }) => name), ...removed]),
    )
  }

  #take(bytes: Buffer): void {
    // Fields as the proto file declares them.
    const message = messageType(`${PACKAGE}.DeltaDiscoveryResponse`).decode(bytes) as unknown as {
      readonly typeUrl: string
      readonly nonce: string
      readonly systemVersionInfo: string
      readonly resources: readonly { readonly name: string; readonly version: string }[]
      readonly removedResources: readonly string[]
    }
    const { typeUrl, nonce, removedResources: removed } = message
    const resources = message.resources.map(({ name, version }) => ({ name, version }))
    this.responses.push({ typeUrl, nonce, commit: message.systemVersionInfo, resources, removed, bytes: bytes.length })
    const held = this.held.get(typeUrl) ?? new Map<string, string>()
    const diagnostics: object[] = []
    let hasError = false
    for (const { name, version } of resources) {
      const verdict = this.judge(name, version)
      if (verdict !== undefined) diagnostics.push({ key: name, ...verdict })
      if (verdict !== undefined && 'error' in verdict) {
        hasError = true
        this.rejected.add(`${name}@${version}`)
      } else held.set(name, version)
    }
    for (const name of removed) held.delete(name)
    if (!hasError) this.readyTypes.add(typeUrl)
    this.#unanswered.push({
      typeUrl,
      nonce,
      message: diagnostics.length === 0 ? undefined : JSON.stringify(diagnostics),
    })
    const unanswered = this.#unanswered.filter((other) => other.typeUrl === typeUrl).length
    this.mostUnanswered = Math.max(this.mostUnanswered, unanswered)
    if (this.isAnswering) this.#answerAll()
    this.options.onEvent?.()
  }

  #answerAll(): void {
    for (const { typeUrl, nonce, message } of this.#unanswered.splice(0)) {
      this.send({ typeUrl, responseNonce: nonce, ...(message === undefined ? {} : { errorDetail: { message } }) })
    }
  }

  #ended(call: Call, { code, details }: { readonly code: number; readonly details: string }): void {
    if (this.#call !== call || this.ending !== undefined) return
    this.ending = { code, details }
    this.options.onEvent?.()
  }
}

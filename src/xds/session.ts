// One proxy's stream: requests in, updates out, one response in flight per type. What to say is decided by its
// subscriptions; when, by the answers, the socket and the clock. (spec: delta xDS, request kinds, admission, server)
import type { ServerDuplexStream } from '@grpc/grpc-js'
import { status as GrpcStatus } from '@grpc/grpc-js'
import { type GatewayKey, nameKey } from '../core/keys.ts'
import { errorText } from '../core/log.ts'
import { SERVED_TYPES, type Snapshot } from '../snapshot/snapshot.ts'
import { SHARED } from '../wire/entry.ts'
import { ADDRESS_TYPE_URL } from '../wire/proto.ts'
import type { Authenticator, Identity } from './auth.ts'
import { type DiscoveryRequest, encodeResponse } from './discovery.ts'
import { type Rejection, Subscription, type Update } from './subscription.ts'

/** Real time, or a test's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs once after a while, unless cancelled. */
  after(ms: number, run: () => void): () => void
}

/** How one type of one stream stands. */
export interface TypeState {
  /** `waiting`: nothing has been answered; `stale`: something is on its way; `rejected`: an error stands. */
  readonly state: 'synced' | 'stale' | 'rejected' | 'waiting'
  /** RFC 3339: since when it stands so. */
  readonly since: string
  readonly resources: number
  /** The commit that was acknowledged last. */
  readonly acknowledged: number
  readonly rejections: readonly {
    readonly name: string
    readonly severity: string
    readonly message: string
    readonly at: string
  }[]
  readonly lastRejection?: { readonly at: string; readonly message: string }
}

/** A connected proxy, as dumps and statuses see it. */
export interface SessionView {
  readonly id: number
  readonly gateway: GatewayKey
  /** Whether such a Gateway exists. */
  readonly isKnown: boolean
  readonly node: string
  readonly peer: string
  readonly connectedAt: string
  readonly bytesSent: number
  readonly types: Readonly<Record<string, TypeState>>
  /** The version of a resource that the proxy has been given. */
  holds(name: string): string | undefined
  /** Whether everything up to a commit has been acknowledged without an error standing. */
  hasAcknowledged(commit: number): boolean
}

/** Who is told what happens on streams. */
export interface XdsEvents {
  connected(session: SessionView): void
  disconnected(session: SessionView, reason: string): void
  pushed(
    session: SessionView,
    push: { readonly typeUrl: string; readonly bytes: number; readonly resources: number; readonly removed: number },
  ): void
  acknowledged(session: SessionView, ack: { readonly typeUrl: string; readonly seconds: number }): void
  rejected(
    session: SessionView,
    refusal: { readonly typeUrl: string; readonly message: string; readonly rejections: readonly Rejection[] },
  ): void
  authenticated(isAccepted: boolean): void
}

/** What all sessions of a server share. */
export interface SessionScope {
  readonly snapshot: Snapshot
  readonly clock: Clock
  readonly authenticator: Authenticator
  readonly events: XdsEvents
  readonly onClosed: (session: Session) => void
}

/** A proxy that has said nothing, or answered nothing, for this long is disconnected. */
export const SILENCE_MS = 30_000

type Stream = ServerDuplexStream<DiscoveryRequest, Uint8Array>

interface Served {
  readonly subscription: Subscription
  responses: number
  /** When what is pending, or in flight, was published. */
  pendingSince: number | undefined
  sentSince: number
  since: number
}

/** The life of one stream. */
export class Session implements SessionView {
  readonly id: number
  readonly peer: string
  readonly connectedAt: string
  node = ''
  bytesSent = 0
  readonly #stream: Stream
  readonly #scope: SessionScope
  readonly #served = new Map<string, Served>()
  #named: { readonly namespace: string; readonly name: string } | undefined
  #gateway: GatewayKey = ''
  #isKnown = false
  #identity: Identity | undefined
  #isWritable = true
  #isClosed = false
  #cancelSilence: (() => void) | undefined
  #cancelExpiry: (() => void) | undefined
  #unwatch: readonly (() => void)[] = []

  constructor(id: number, stream: Stream, scope: SessionScope) {
    this.id = id
    this.#stream = stream
    this.#scope = scope
    this.peer = stream.getPeer()
    this.connectedAt = rfc3339(scope.clock.now())
    stream.on('error', (error) => this.#close(errorText(error)))
    stream.on('cancelled', () => this.#close('the proxy went away'))
    stream.on('close', () => this.#close('the stream closed'))
    stream.on('drain', () => {
      this.#isWritable = true
      this.#pump()
    })
    this.#awaitProxy()
    void this.#admit()
  }

  get gateway(): GatewayKey {
    return this.#gateway
  }

  get isKnown(): boolean {
    return this.#isKnown
  }

  get types(): Readonly<Record<string, TypeState>> {
    return Object.fromEntries([...this.#served].map(([typeUrl, served]) => [shortType(typeUrl), stateOf(served)]))
  }

  holds(name: string): string | undefined {
    for (const { subscription } of this.#served.values()) {
      const version = subscription.versionOf(name)
      if (version !== undefined) return version
    }
    return undefined
  }

  hasAcknowledged(commit: number): boolean {
    return (
      this.#served.size === SERVED_TYPES.length &&
      [...this.#served.values()].every(
        ({ subscription }) =>
          (subscription.isSynced || (subscription.isAnswered && subscription.acknowledged >= commit)) &&
          subscription.rejections.every(({ severity }) => severity === 'warning'),
      )
    )
  }

  /** Ends the stream so that the proxy reconnects soon, perhaps elsewhere. */
  drain(): void {
    this.#fail(GrpcStatus.UNAVAILABLE, 'transport is closing')
  }

  /** Sends what is due; called after each commit that concerns this proxy, too. */
  pump(): void {
    this.#pump()
  }

  async #admit(): Promise<void> {
    const [authorization] = this.#stream.metadata.get('authorization')
    try {
      const outcome = await this.#scope.authenticator.authenticate({
        authorization: authorization === undefined ? undefined : String(authorization),
      })
      if (this.#isClosed) return
      if (outcome.kind !== 'anonymous') this.#scope.events.authenticated(outcome.kind === 'identified')
      if (outcome.kind === 'refused') {
        this.#fail(GrpcStatus[outcome.refusal.code], outcome.refusal.message)
        return
      }
      if (outcome.kind === 'identified') {
        this.#identity = outcome.identity
        if (outcome.expiresAt !== undefined) this.#expire(outcome.expiresAt)
      }
      this.#stream.on('data', (request: DiscoveryRequest) => this.#take(request))
      this.#stream.on('end', () => this.#finish())
    } catch (error) {
      this.#fail(GrpcStatus.UNAVAILABLE, `the proxy could not be authenticated: ${errorText(error)}`)
    }
  }

  #expire(at: number): void {
    const remaining = Math.max(0, at - this.#scope.clock.now())
    this.#cancelExpiry = this.#scope.clock.after(remaining, () =>
      this.#fail(GrpcStatus.UNAUTHENTICATED, 'the token has expired; connect again with a new one'),
    )
  }

  #take(request: DiscoveryRequest): void {
    if (this.#isClosed || (this.#named === undefined && !this.#introduce(request))) return
    const { typeUrl } = request
    const served = this.#served.get(typeUrl)
    if (request.errorMessage !== undefined) this.#takeRefusal(request, served)
    else if (served !== undefined) this.#takeAnswer(request, served)
    else if (SERVED_TYPES.includes(typeUrl)) this.#subscribe(request)
    // Other types are known to nobody here; the stream stays, as proxies newer than we are would want it to.
    this.#pump()
  }

  /** The first request says who is calling. */
  #introduce({ node }: DiscoveryRequest): boolean {
    if (node === undefined || node.id === '') {
      this.#fail(
        GrpcStatus.INVALID_ARGUMENT,
        'missing node information: the first request must carry a node with an id',
      )
      return false
    }
    const { role = '', NAMESPACE = '', GATEWAY_NAME = '' } = node.metadata
    const tilde = role.indexOf('~')
    const namespace = (tilde < 0 ? '' : role.slice(0, tilde)) || NAMESPACE
    const name = (tilde < 0 ? '' : role.slice(tilde + 1)) || GATEWAY_NAME
    if (namespace === '' || name === '') {
      this.#fail(
        GrpcStatus.INVALID_ARGUMENT,
        `node ${node.id} names no gateway: its metadata needs role NAMESPACE~GATEWAY, here ${JSON.stringify(role)}`,
      )
      return false
    }
    const identity = this.#identity
    if (identity !== undefined && (identity.namespace !== namespace || identity.serviceAccount !== name)) {
      this.#fail(
        GrpcStatus.PERMISSION_DENIED,
        `requested gateway ${namespace}/${name} but authenticated as ${identity.namespace}/${identity.serviceAccount}`,
      )
      return false
    }
    this.node = node.id
    this.#named = { namespace, name }
    this.#resolve()
    this.#scope.events.connected(this)
    return true
  }

  /** Finds the Gateway behind the name; it may come to exist later. */
  #resolve(): void {
    if (this.#named === undefined) return
    const { namespace, name } = this.#named
    const { snapshot } = this.#scope
    const found = snapshot.gatewayOf(namespace, name)
    const gateway = found ?? nameKey(namespace, name)
    this.#isKnown = found !== undefined
    if (gateway === this.#gateway) return
    const isMove = this.#gateway !== ''
    this.#gateway = gateway
    for (const unwatch of this.#unwatch) unwatch()
    const onDelta = ({ typeUrl, names }: { readonly typeUrl: string; readonly names: Iterable<string> }): void =>
      this.#touch(typeUrl, names)
    this.#unwatch = [
      snapshot.watch(gateway, onDelta),
      snapshot.watch(SHARED, onDelta),
      snapshot.watchGateways(() => this.#resolve()),
    ]
    if (!isMove) return
    for (const [typeUrl, { subscription }] of this.#served) if (typeUrl !== ADDRESS_TYPE_URL) subscription.moved()
    this.#pump()
  }

  #touch(typeUrl: string, names: Iterable<string>): void {
    const served = this.#served.get(typeUrl)
    if (served === undefined) return
    served.subscription.touch(names)
    served.pendingSince ??= performance.now()
    this.#pump()
  }

  #subscribe({ typeUrl, initialVersions }: DiscoveryRequest): void {
    const { snapshot, clock } = this.#scope
    const shelf = (): ReturnType<Snapshot['shelf']> =>
      snapshot.shelf(typeUrl === ADDRESS_TYPE_URL ? SHARED : this.#gateway, typeUrl)
    this.#served.set(typeUrl, {
      subscription: new Subscription(shelf, initialVersions),
      responses: 0,
      pendingSince: performance.now(),
      sentSince: 0,
      since: clock.now(),
    })
  }

  #takeAnswer({ typeUrl, nonce }: DiscoveryRequest, served: Served): void {
    if (served.subscription.answer(nonce) === 'stale') return
    this.#settled(served)
    this.#scope.events.acknowledged(this, { typeUrl, seconds: (performance.now() - served.sentSince) / 1000 })
  }

  #takeRefusal({ typeUrl, nonce, errorMessage = '' }: DiscoveryRequest, served: Served | undefined): void {
    const { events, clock } = this.#scope
    const rejections = served?.subscription.reject(errorMessage, clock.now()) ?? []
    if (served !== undefined && served.subscription.answer(nonce) === 'current') this.#settled(served)
    events.rejected(this, { typeUrl, message: errorMessage, rejections })
  }

  #settled(served: Served): void {
    served.since = this.#scope.clock.now()
    if (!this.#isOutstanding()) this.#calm()
    else this.#awaitProxy()
  }

  #pump(): void {
    // Nothing is answered before there is something to answer from.
    if (this.#isClosed || !this.#isWritable || this.#scope.snapshot.commit === 0) return
    for (const typeUrl of SERVED_TYPES) {
      const served = this.#served.get(typeUrl)
      const update = served?.subscription.next()
      if (served !== undefined && update !== undefined) this.#send(typeUrl, served, update)
      else if (served !== undefined && served.subscription.inFlight === undefined) served.pendingSince = undefined
    }
  }

  #send(typeUrl: string, served: Served, update: Update): void {
    const { snapshot, events, clock } = this.#scope
    const { commit } = snapshot
    served.responses += 1
    const nonce = `${commit}.${served.responses}`
    const frames = update.isWhole
      ? snapshot.shelf(typeUrl === ADDRESS_TYPE_URL ? SHARED : this.#gateway, typeUrl).frames()
      : undefined
    const bytes = encodeResponse({ commit, nonce, typeUrl, ...update }, frames)
    served.subscription.sent(update, nonce, commit)
    served.sentSince = served.pendingSince ?? performance.now()
    served.pendingSince = undefined
    served.since = clock.now()
    this.bytesSent += bytes.length
    this.#isWritable = this.#stream.write(bytes)
    this.#awaitProxy()
    events.pushed(this, {
      typeUrl,
      bytes: bytes.length,
      resources: update.resources.length,
      removed: update.removed.length,
    })
  }

  #isOutstanding(): boolean {
    return [...this.#served.values()].some(({ subscription }) => subscription.inFlight !== undefined)
  }

  /** From now on the proxy has a while to say something. */
  #awaitProxy(): void {
    this.#cancelSilence?.()
    this.#cancelSilence = this.#scope.clock.after(SILENCE_MS, () =>
      this.#fail(GrpcStatus.DEADLINE_EXCEEDED, `the proxy has neither read nor answered for ${SILENCE_MS / 1000} s`),
    )
  }

  #calm(): void {
    this.#cancelSilence?.()
    this.#cancelSilence = undefined
  }

  #finish(): void {
    if (this.#isClosed) return
    this.#stream.end()
    this.#close('the proxy closed the stream')
  }

  #fail(code: number, details: string): void {
    if (this.#isClosed) return
    // grpc-js turns an error with a code into the stream's status.
    this.#stream.emit('error', Object.assign(new Error(details), { code, details }))
    this.#close(details)
  }

  #close(reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#calm()
    this.#cancelExpiry?.()
    for (const unwatch of this.#unwatch) unwatch()
    this.#scope.onClosed(this)
    if (this.#named !== undefined) this.#scope.events.disconnected(this, reason)
  }
}

function stateOf({ subscription, since }: Served): TypeState {
  const rejections = subscription.rejections
  const worst = rejections.find(({ severity }) => severity === 'error') ?? rejections[0]
  const last = subscription.unreadable ?? worst
  const state = !subscription.isAnswered
    ? 'waiting'
    : subscription.unreadable !== undefined || worst?.severity === 'error'
      ? 'rejected'
      : subscription.isSynced
        ? 'synced'
        : 'stale'
  return {
    state,
    since: rfc3339(since),
    resources: subscription.held,
    acknowledged: subscription.acknowledged,
    rejections: rejections.map(({ name, severity, message, at }) => ({ name, severity, message, at: rfc3339(at) })),
    ...(last === undefined ? {} : { lastRejection: { at: rfc3339(last.at), message: last.message } }),
  }
}

/** `Address` or `Resource`. */
function shortType(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('.') + 1)
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

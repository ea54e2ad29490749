// One stream: which Gateway it is for, when each of its types may send, and when patience ends. What a type sends is
// decided in subscription.ts; sockets and clocks are given by server.ts.
import { status } from '@grpc/grpc-js'
import { type GatewayKey, nameKey } from '../core/keys.ts'
import { errorText } from '../core/log.ts'
import { type ScopeDelta, SERVED_TYPES, type Snapshot, scopeOf } from '../snapshot/snapshot.ts'
import { ADDRESS_TYPE_URL, RESOURCE_TYPE_URL } from '../wire/proto.ts'
import { type Authentication, refusalFor } from './auth.ts'
import { type DeltaRequest, nameProxy, type ProxyName } from './discovery.ts'
import { responseOf } from './responses.ts'
import type { SessionView, XdsEvents } from './session-view.ts'
import { type Answered, Subscription } from './subscription.ts'
import { isoTime, isRejected, type TypeState, type TypeView, typeView } from './type-view.ts'

/** What a session needs of its stream. */
export interface Stream {
  readonly peer: string
  /** Grows while the peer reads. */
  readonly bytesRead: () => number
  write(bytes: Buffer, onFlushed: () => void): void
  /** Ends the stream with a status once everything written is read. */
  end(code: status, details: string): void
  /** Ends it at once. */
  destroy(): void
}

/** Who opened a stream. */
export type Caller = Exclude<Authentication, { readonly kind: 'refused' }>

/** What sessions of one server share. */
export interface SessionContext {
  readonly snapshot: Snapshot
  readonly events: XdsEvents
  /** Milliseconds since the epoch, never going back. */
  readonly now: () => number
}

/** How long a proxy may neither read nor answer, or stay silent after connecting. */
export const PATIENCE_MS = 30_000

/** How long a status may take to reach its peer. */
const GOODBYE_MS = 3000
const HIGH_WATER_BYTES = 64 * 1024
const LABELS: ReadonlyMap<string, string> = new Map([
  [ADDRESS_TYPE_URL, 'Address'],
  [RESOURCE_TYPE_URL, 'Resource'],
])

interface Served {
  readonly subscription: Subscription
  unwatch: () => void
  state: TypeState
  since: number
}

/** One stream, from its first request to its end. */
export class Session implements SessionView {
  readonly id: number
  readonly peer: string
  bytesSent = 0
  readonly #stream: Stream
  readonly #caller: Caller
  readonly #context: SessionContext
  readonly #openedAt: number
  /** In the order in which they send. */
  readonly #served = new Map<string, Served>()
  #proxy: ProxyName | undefined
  /** The Gateway's key; what the proxy says while there is no such Gateway, which then has no resources. */
  #gateway: GatewayKey = ''
  #unflushed = 0
  /** Set when an Address response went out while resources had to wait; then it is their turn. */
  #isResourcesTurn = false
  #isPumpScheduled = false
  /** Since when the peer has shown no sign of life although it should. */
  #silentSince: number
  #bytesRead = 0
  #endedAt: number | undefined
  #isClosed = false
  #reason = 'the proxy closed the stream'

  constructor(id: number, client: { readonly stream: Stream; readonly caller: Caller }, context: SessionContext) {
    this.id = id
    this.peer = client.stream.peer
    this.#stream = client.stream
    this.#caller = client.caller
    this.#context = context
    this.#openedAt = context.now()
    this.#silentSince = this.#openedAt
  }

  get isIdentified(): boolean {
    return this.#proxy !== undefined
  }

  /** Takes a request. */
  receive(request: DeltaRequest): void {
    this.#contain(() => this.#receive(request))
  }

  #receive(request: DeltaRequest): void {
    if (this.#endedAt !== undefined) return
    this.#silentSince = this.#context.now()
    if (this.#proxy === undefined && !this.#identify(request)) return
    const served = this.#served.get(request.typeUrl)
    if (request.rejection !== undefined) this.#rejected(request, served)
    else if (served === undefined) this.#subscribe(request)
    // A request without nonce on a known type asks for nothing: names never filter, and the proxy gets everything.
    else if (request.nonce !== '') this.#answered(request.typeUrl, served.subscription.acknowledge(request.nonce))
    this.#pump()
  }

  /** Hears that a commit was published: there may be a Gateway now, or a first answer. */
  published(): void {
    if (this.#proxy === undefined || this.#endedAt !== undefined) return
    const gateway = this.#findGateway()
    if (gateway !== undefined && gateway !== this.#gateway) this.#moveTo(gateway)
    for (const { subscription } of this.#served.values()) if (!subscription.isAnswered) this.#schedulePump()
  }

  #moveTo(gateway: GatewayKey): void {
    this.#gateway = gateway
    const served = this.#served.get(RESOURCE_TYPE_URL)
    if (served === undefined) return
    const { snapshot, now } = this.#context
    served.unwatch()
    served.unwatch = this.#watch(RESOURCE_TYPE_URL, served.subscription)
    served.subscription.move(this.#shelfOf(RESOURCE_TYPE_URL), { commit: snapshot.commit, at: now() })
    this.#schedulePump()
  }

  /** Sends what may be sent now. */
  #pump(): void {
    const { snapshot } = this.#context
    if (snapshot.commit === 0 || this.#endedAt !== undefined) return
    for (const typeUrl of SERVED_TYPES) {
      const served = this.#served.get(typeUrl)
      if (served === undefined) continue
      if (this.#unflushed < HIGH_WATER_BYTES && !this.#mustWait(typeUrl)) this.#send(served.subscription)
      this.#noteState(typeUrl, served)
    }
  }

  /** Ends the stream when the peer has been silent for too long; called every second or so. */
  check(): void {
    const now = this.#context.now()
    if (this.#endedAt !== undefined) {
      // The status waits behind what was written, and this peer does not read.
      if (now - this.#endedAt >= GOODBYE_MS) this.#stream.destroy()
      return
    }
    if (this.#caller.kind === 'identified' && now >= (this.#caller.expiresAt ?? Number.POSITIVE_INFINITY)) {
      this.end(status.UNAUTHENTICATED, 'the token has expired; connect again with a new one')
      return
    }
    const bytesRead = this.#unflushed > 0 ? this.#stream.bytesRead() : this.#bytesRead
    const isAwaited =
      this.#unflushed > 0 || [...this.#served.values()].some(({ subscription }) => subscription.inFlight)
    if (bytesRead !== this.#bytesRead || (this.#proxy !== undefined && !isAwaited)) this.#silentSince = now
    this.#bytesRead = bytesRead
    if (now - this.#silentSince < PATIENCE_MS) return
    const complaint = this.#proxy === undefined ? 'sent no request' : 'neither read nor answered'
    this.end(status.UNAVAILABLE, `the proxy ${complaint} for ${PATIENCE_MS / 1000} s`)
  }

  /** Ends the stream with a status. */
  end(code: status, details: string): void {
    if (this.#endedAt !== undefined) return
    this.#endedAt = this.#context.now()
    this.#reason = details
    this.#stream.end(code, details)
  }

  /** Hears that the stream is gone. */
  closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#endedAt ??= this.#context.now()
    for (const { unwatch } of this.#served.values()) unwatch()
    if (this.#proxy !== undefined) this.#context.events.disconnected?.(this, this.#reason)
  }

  get gateway(): GatewayKey {
    return this.#gateway
  }

  get isKnown(): boolean {
    return this.#findGateway() !== undefined
  }

  get node(): string {
    return this.#proxy?.node ?? ''
  }

  get connectedAt(): string {
    return isoTime(this.#openedAt)
  }

  get types(): Readonly<Record<string, TypeView>> {
    const types: Record<string, TypeView> = {}
    for (const [typeUrl, served] of this.#served) {
      this.#noteState(typeUrl, served)
      types[LABELS.get(typeUrl) ?? typeUrl] = typeView(served, this.#context.snapshot.commit)
    }
    return types
  }

  get acknowledgedCommit(): number {
    const newest = this.#context.snapshot.commit
    return Math.min(
      ...SERVED_TYPES.map((typeUrl) => this.#served.get(typeUrl)?.subscription.acknowledgedCommit(newest) ?? 0),
    )
  }

  get hasRejections(): boolean {
    return [...this.#served.values()].some(({ subscription }) => isRejected(subscription))
  }

  hasAcknowledged(commit: number): boolean {
    return this.acknowledgedCommit >= commit && !this.hasRejections
  }

  holds(name: string): string | undefined {
    for (const { subscription } of this.#served.values()) {
      const version = subscription.acknowledgedVersion(name)
      if (version !== undefined) return version
    }
    return undefined
  }

  #identify({ node }: DeltaRequest): boolean {
    const proxy = nameProxy(node)
    const caller = this.#caller
    const refusal =
      typeof proxy === 'string' || caller.kind === 'anonymous' ? undefined : refusalFor(caller.identity, proxy)
    // Only now is it known whether the token lets it in.
    if (caller.kind === 'identified') this.#context.events.authenticated?.(refusal === undefined)
    if (typeof proxy === 'string' || refusal !== undefined) {
      if (typeof proxy === 'string') this.end(status.INVALID_ARGUMENT, proxy)
      else this.end(status.PERMISSION_DENIED, refusal ?? '')
      return false
    }
    this.#proxy = proxy
    this.#gateway = this.#findGateway() ?? nameKey(proxy.namespace, proxy.gateway)
    this.#context.events.connected?.(this)
    return true
  }

  #findGateway(): GatewayKey | undefined {
    return this.#proxy === undefined
      ? undefined
      : this.#context.snapshot.gatewayOf(this.#proxy.namespace, this.#proxy.gateway)
  }

  #subscribe({ typeUrl, versions }: DeltaRequest): void {
    // Nothing is served under another type, and nothing is said about it.
    if (!SERVED_TYPES.includes(typeUrl)) return
    const at = this.#context.now()
    const subscription = new Subscription(typeUrl, this.#shelfOf(typeUrl), { versions, at })
    this.#served.set(typeUrl, {
      subscription,
      unwatch: this.#watch(typeUrl, subscription),
      state: 'waiting',
      since: at,
    })
  }

  #shelfOf(typeUrl: string): () => ReturnType<Snapshot['shelf']> {
    const { snapshot } = this.#context
    const scope = scopeOf(typeUrl, this.#gateway)
    return () => snapshot.shelf(scope, typeUrl)
  }

  #watch(typeUrl: string, subscription: Subscription): () => void {
    const scope = scopeOf(typeUrl, this.#gateway)
    return this.#context.snapshot.watch(scope, (delta: ScopeDelta) => {
      if (delta.typeUrl !== typeUrl) return
      subscription.touch(delta.changed, { commit: delta.commit, at: this.#context.now() })
      this.#schedulePump()
    })
  }

  /** After all deltas of a commit have been told, so that its responses go out together. */
  #schedulePump(): void {
    if (this.#isPumpScheduled) return
    this.#isPumpScheduled = true
    queueMicrotask(() => {
      this.#isPumpScheduled = false
      this.#contain(() => this.#pump())
    })
  }

  /** A bug that one stream brings to light ends that stream. */
  #contain(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.end(status.INTERNAL, `a bug of the control plane: ${errorText(error)}`)
    }
  }

  /** Resources wait for addresses that they may need, but never longer than for one response. */
  #mustWait(typeUrl: string): boolean {
    const addresses = this.#served.get(ADDRESS_TYPE_URL)?.subscription
    if (typeUrl !== RESOURCE_TYPE_URL || addresses === undefined || this.#isResourcesTurn) return false
    return addresses.inFlight && addresses.isBehind
  }

  #send(subscription: Subscription): void {
    const update = subscription.next()
    if (update === undefined) return
    const { snapshot, events, now } = this.#context
    const { typeUrl } = subscription
    // A response needs a publication that the one before did not have, so that this is another nonce each time.
    const { bytes, nonce } = responseOf(update, {
      typeUrl,
      commit: snapshot.commit,
      nonce: `${LABELS.get(typeUrl)}.${snapshot.publications}`,
    })
    const lag = subscription.sent(update, nonce, snapshot.commit)
    const resources = this.#served.get(RESOURCE_TYPE_URL)?.subscription
    this.#isResourcesTurn = typeUrl === ADDRESS_TYPE_URL && resources?.isBehind === true
    this.#silentSince = now()
    this.#unflushed += bytes.length
    this.bytesSent += bytes.length
    this.#stream.write(bytes, () => {
      this.#unflushed -= bytes.length
      this.#silentSince = now()
      this.#schedulePump()
    })
    events.pushed?.(this, {
      typeUrl,
      commit: snapshot.commit,
      bytes: bytes.length,
      resources: update.resources.length,
      removed: update.removed.length,
      seconds: (now() - lag.at) / 1000,
    })
  }

  #answered(typeUrl: string, answered: Answered | undefined): void {
    if (answered === undefined) return
    const seconds = (this.#context.now() - answered.lag.at) / 1000
    this.#context.events.acknowledged?.(this, { typeUrl, commit: answered.commit, seconds })
  }

  #rejected({ typeUrl, nonce, rejection: message = '' }: DeltaRequest, served: Served | undefined): void {
    const rejections = served?.subscription.reject(nonce, message, this.#context.now())
    this.#context.events.rejected?.(this, { typeUrl, rejections: rejections ?? [], message })
  }

  #noteState(typeUrl: string, served: Served): void {
    const state = this.#stateOf(typeUrl, served.subscription)
    if (state === served.state) return
    served.state = state
    served.since = this.#context.now()
  }

  #stateOf(typeUrl: string, subscription: Subscription): TypeState {
    if (!subscription.isAnswered || (typeUrl === RESOURCE_TYPE_URL && !this.isKnown)) return 'waiting'
    if (isRejected(subscription)) return 'rejected'
    return subscription.inFlight || subscription.isBehind ? 'stale' : 'synced'
  }
}

// Which replica writes: the holder of a Lease, under the same name as the Go controller's, so that one replaces the other.
// Losing the lease ends only the writing. What depends on it is decided by who listens to isLeader$.
import { createHash } from 'node:crypto'
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs'
import { errorText, type Log } from '../core/log.ts'
import type { KubeObject } from '../kube/object.ts'
import { isApiError } from './api-error.ts'
import type { ClusterClient } from './client.ts'
import { systemTime, type Time } from './time.ts'

/** Who stands for election, and where. */
export interface LeaderOptions {
  readonly client: Pick<ClusterClient, 'get' | 'create' | 'replace'>
  readonly namespace: string
  readonly name: string
  /** Different for every replica and every start. */
  readonly identity: string
  /** There is no election: this replica writes, whoever else does. */
  readonly isAlone?: boolean
  readonly log: Log
  readonly time?: Time
  readonly leaseMs?: number
  readonly renewWithinMs?: number
  readonly retryMs?: number
}

/** A candidate. */
export interface Leadership {
  /** Whether this replica may write; says so at once to whoever subscribes. */
  readonly isLeader$: Observable<boolean>
  /** Stands for election until `signal` ends it; resolves when the lease has been given back. */
  run(signal: AbortSignal): Promise<void>
}

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true }

const defaultController = 'agentgateway.dev/agentgateway'

/** Name of the Lease of a controller; two controllers of different names in one namespace do not fight for it. */
export function leaseName(controllerName: string): string {
  const name = 'agentgateway-agentgateway'
  if (controllerName === defaultController) return name
  return `${name}-${createHash('sha256').update(controllerName).digest('hex').slice(0, 8)}`
}

/** A candidate that has not begun yet. */
export function leadership(options: LeaderOptions): Leadership {
  const candidate = new Candidate(options)
  return { isLeader$: candidate.isLeader$.pipe(distinctUntilChanged()), run: (signal) => candidate.run(signal) }
}

class Candidate {
  readonly isLeader$ = new BehaviorSubject(false)
  private readonly options: LeaderOptions
  private readonly time: Time
  private readonly leaseMs: number
  private readonly renewWithinMs: number
  private readonly retryMs: number
  /** The lease as it was last seen, and since when it has been that way: other replicas' clocks are not believed. */
  private observed: { readonly lease: Lease; readonly since: number } | undefined
  private renewedAt = 0
  private failures = 0

  constructor(options: LeaderOptions) {
    this.options = options
    this.time = options.time ?? systemTime
    this.leaseMs = options.leaseMs ?? 15_000
    this.renewWithinMs = options.renewWithinMs ?? 10_000
    this.retryMs = options.retryMs ?? 2_000
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.options.isAlone === true) {
      this.isLeader$.next(true)
      await new Promise((ended) => {
        if (signal.aborted) ended(undefined)
        signal.addEventListener('abort', ended)
      })
      this.isLeader$.next(false)
      this.isLeader$.complete()
      return
    }
    while (!signal.aborted) {
      await this.attempt(signal)
      const isLeader = this.isLeader$.value
      await this.time.wait(this.retryMs * (isLeader ? 1 : 1 + 0.2 * this.time.random()), signal)
    }
    if (this.isLeader$.value) {
      this.isLeader$.next(false)
      await this.release()
    }
    this.isLeader$.complete()
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    const { log, identity, name } = this.options
    const leftMs = this.isLeader$.value
      ? Math.max(1, this.renewedAt + this.renewWithinMs - this.time.now())
      : this.renewWithinMs
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(new Error('no answer in time')), leftMs)
    try {
      const startedAt = this.time.now()
      const isHeld = await this.acquireOrRenew(AbortSignal.any([signal, deadline.signal]))
      if (signal.aborted) return
      this.failures = 0
      if (isHeld) {
        this.renewedAt = startedAt
        if (!this.isLeader$.value) log.info({ lease: name, identity }, 'this replica writes from now on')
      } else if (this.isLeader$.value) {
        log.warn({ lease: name, holder: this.observed?.lease.spec?.holderIdentity }, 'another replica writes now')
      }
      this.isLeader$.next(isHeld)
    } catch (error) {
      if (signal.aborted) return
      if (isApiError(error, 409)) this.observed = undefined
      else if (++this.failures === 2) log.warn({ lease: name, error: errorText(error) }, 'the Lease cannot be renewed')
      if (this.isLeader$.value && this.time.now() - this.renewedAt >= this.renewWithinMs) {
        log.warn({ lease: name }, 'the Lease is lost: this replica serves on, and writes no more')
        this.isLeader$.next(false)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  /** Whether the lease is ours now. */
  private async acquireOrRenew(signal: AbortSignal): Promise<boolean> {
    const { client, namespace, name, identity } = this.options
    // Who holds it need not look first.
    if (!this.isLeader$.value || this.observed === undefined) {
      const found = await client.get(leases, { namespace, name }, signal)
      if (found === undefined) {
        this.observe(await client.create(leases, this.lease(undefined), signal))
        return true
      }
      this.observe(found)
    }
    const lease = this.observed?.lease
    if (lease === undefined) return false
    const holder = lease.spec?.holderIdentity ?? ''
    if (holder !== '' && holder !== identity && !this.hasExpired()) return false
    this.observe(await client.replace(leases, this.lease(lease), signal))
    return true
  }

  private observe(lease: Lease): void {
    const { spec } = lease
    const before = this.observed?.lease.spec
    const isSame = before?.holderIdentity === spec?.holderIdentity && before?.renewTime === spec?.renewTime
    this.observed = { lease, since: isSame ? (this.observed?.since ?? this.time.now()) : this.time.now() }
  }

  private hasExpired(): boolean {
    if (this.observed === undefined) return false
    const { lease, since } = this.observed
    // What its holder promised counts, not what we would have.
    const seconds = lease.spec?.leaseDurationSeconds
    return this.time.now() - since >= (seconds === undefined ? this.leaseMs : seconds * 1000)
  }

  private lease(before: Lease | undefined): Lease {
    const { namespace, name, identity } = this.options
    const now = microTime(this.time.date())
    const isOurs = before?.spec?.holderIdentity === identity
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, resourceVersion: before?.metadata.resourceVersion },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.round(this.leaseMs / 1000),
        acquireTime: isOurs ? before.spec?.acquireTime : now,
        renewTime: now,
        leaseTransitions: (before?.spec?.leaseTransitions ?? 0) + (before === undefined || isOurs ? 0 : 1),
      },
    }
  }

  /** Gives the lease back, so that nobody has to wait until it ends. */
  private async release(): Promise<void> {
    const { client, name, log } = this.options
    const lease = this.observed?.lease
    if (lease === undefined) return
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(this.time.date()) }
    const released: Lease = { ...lease, spec }
    try {
      await client.replace(leases, released, AbortSignal.timeout(3_000))
      log.info({ lease: name }, 'the Lease is given back')
    } catch (error) {
      log.warn({ lease: name, error: errorText(error) }, 'the Lease cannot be given back; it ends by itself')
    }
  }
}

/** The API server wants microseconds. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z')
}

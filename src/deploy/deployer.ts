// When deployments are applied: as they are rendered, again after failures, and when somebody changed or deleted what was
// applied. Runs on the leader only; ends with its signal. How one is applied: apply.ts.
import { ApiError } from '../cluster/api-error.ts'
import { splitNameKey } from '../core/keys.ts'
import { errorText, type Log } from '../core/log.ts'
import type { Collection } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import type { DeploymentOwner, ProxyDeployment } from '../kube/proxy-deployment.ts'
import {
  type AppliedObjects,
  appliedKey,
  applyDeployment,
  createSessionKey,
  type DeployClient,
  fingerprint,
  removeProxies,
} from './apply.ts'
import { deployedKind } from './kinds.ts'
import { gatewayOf, isOnlyAppliedBy } from './ownership.ts'

/** What applying a Gateway's deployment came to. */
export interface ApplyVerdict {
  readonly gateway: string
  readonly problem: { readonly reason: 'DeploymentFailed'; readonly message: string } | undefined
}

/** Time, as far as the deployer needs it. */
export interface Clock {
  /** Runs `task` later; the returned function takes it back. */
  schedule(ms: number, task: () => void): () => void
}

/** Told that an attempt begins, and whom it is about; what it returns is told how the attempt ended. */
export type Measure = (object: {
  readonly namespace: string
  readonly name: string
}) => (result: 'success' | 'error') => void

/** What the deployer works with. */
export interface DeployerOptions {
  readonly deployments: Collection<ProxyDeployment>
  readonly client: DeployClient
  readonly clock: Clock
  readonly log: Log
  /** Told after each attempt. */
  readonly report: (verdict: ApplyVerdict) => void
  /** Told when a Gateway is no longer there, or no longer ours. */
  readonly forget: (gateway: string) => void
  /** The Gateway, if it is there and another controller has it now; undefined whenever that is not certain. */
  readonly lost: (gateway: string) => DeploymentOwner | undefined
  /** The field manager that the client applies as. */
  readonly manager: string
  readonly measure: Measure
}

const PARALLEL = 4
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000

interface Job {
  readonly gateway: string
  /** Somebody asked for another round while one was running. */
  isStale: boolean
  isRunning: boolean
  isQueued: boolean
  failures: number
  applied: AppliedObjects
  unschedule: () => void
}

/** Keeps deployments applied. */
export class Deployer {
  readonly #options: DeployerOptions
  readonly #jobs = new Map<string, Job>()
  readonly #queue: Job[] = []
  #running = 0
  #isStopped = false

  constructor(options: DeployerOptions) {
    this.#options = options
  }

  /** Applies everything that is rendered, and follows it until `signal` ends it. */
  start(signal: AbortSignal): void {
    const { deployments } = this.#options
    const unobserve = deployments.observe((changes) => {
      for (const { key, after } of changes) {
        if (after === undefined) this.#forget(key)
        else this.#ask(key)
      }
    })
    signal.addEventListener('abort', () => {
      unobserve()
      this.#isStopped = true
      for (const job of this.#jobs.values()) job.unschedule()
    })
    for (const { gateway } of deployments.list()) this.#ask(gateway)
  }

  /** Takes note of an object in the cluster, and mends it if it is not as it was applied. */
  saw(object: KubeObject, isDeleted: boolean): void {
    const gateway = gatewayOf(object) ?? ''
    const job = this.#jobs.get(gateway)
    if (job === undefined && !isDeleted && this.#isLeftOver(object)) this.#giveUp(gateway)
    const applied = job?.applied.get(appliedKey(object))
    if (job === undefined || applied === undefined) return
    if (isDeleted || applied !== fingerprint(object)) this.#ask(job.gateway)
  }

  /** Takes note of all objects of a kind that there are, and brings back those that are missing. */
  sawAll(kind: string, objects: readonly KubeObject[]): void {
    const present = new Set(objects.map((object) => `${gatewayOf(object) ?? ''}/${appliedKey({ ...object, kind })}`))
    for (const job of this.#jobs.values()) {
      const isMissing = [...job.applied.keys()].some(
        (key) => key.startsWith(`${kind}/`) && !present.has(`${job.gateway}/${key}`),
      )
      if (isMissing) this.#ask(job.gateway)
    }
    for (const object of objects) this.saw({ ...object, kind }, false)
  }

  #ask(gateway: string): void {
    if (this.#isStopped) return
    const job = this.#jobs.get(gateway) ?? {
      ...{ gateway, isStale: false, isRunning: false, isQueued: false, failures: 0 },
      applied: new Map<string, string>(),
      unschedule: () => {},
    }
    this.#jobs.set(gateway, job)
    job.unschedule()
    if (job.isRunning) job.isStale = true
    else if (!job.isQueued) {
      job.isQueued = true
      this.#queue.push(job)
    }
    this.#next()
  }

  #forget(gateway: string): void {
    this.#jobs.get(gateway)?.unschedule()
    this.#jobs.delete(gateway)
    this.#options.forget(gateway)
    this.#giveUp(gateway)
  }

  /** What runs for a Gateway that another controller has is not ours to run. One that is gone takes its objects with it. */
  #giveUp(gateway: string): void {
    if (this.#options.lost(gateway) !== undefined) this.#ask(gateway)
  }

  /** Left by us, or by a leader before us: other controllers' objects for their Gateways change all the time. */
  #isLeftOver(object: KubeObject): boolean {
    return deployedKind(object)?.isPruned === true && isOnlyAppliedBy(object, this.#options.manager)
  }

  #next(): void {
    while (this.#running < PARALLEL) {
      const job = this.#queue.shift()
      if (job === undefined) return
      job.isQueued = false
      // The Gateway has gone while it waited.
      if (this.#jobs.get(job.gateway) !== job) continue
      this.#running++
      job.isRunning = true
      void this.#round(job).finally(() => {
        this.#running--
        job.isRunning = false
        if (job.isStale) {
          job.isStale = false
          this.#ask(job.gateway)
        }
        this.#next()
      })
    }
  }

  async #round(job: Job): Promise<void> {
    const { client, log } = this.#options
    const { gateway } = job
    const deployment = this.#options.deployments.get(gateway)
    if (this.#isStopped) return
    const ended = this.#options.measure(splitNameKey(gateway))
    try {
      switch (deployment?.kind) {
        case undefined:
          await this.#removeWhatIsLost(job)
          break
        case 'rendered':
          job.applied = await applyDeployment(client, deployment)
          log.debug({ gateway, objects: job.applied.size }, 'applied')
          this.#report(job, undefined)
          break
        case 'needs-session-key':
          await createSessionKey(client, deployment)
          log.info({ gateway, secret: deployment.secret.metadata.name }, 'made a session key')
          break
        case 'refused':
          // What is there stays as it is, whoever changes it.
          job.applied = new Map()
          log.warn({ gateway, reason: deployment.reason }, `not deployed: ${deployment.message}`)
          break
      }
      job.failures = 0
      ended(deployment?.kind === 'refused' ? 'error' : 'success')
    } catch (error) {
      ended('error')
      this.#failed(job, error)
    }
  }

  async #removeWhatIsLost(job: Job): Promise<void> {
    const { client, log, lost, manager } = this.#options
    const { gateway } = job
    const owner = lost(gateway)
    const removed = owner === undefined ? [] : await removeProxies(client, owner, manager)
    if (removed.length > 0)
      log.info({ gateway, removed }, 'removed proxies of a Gateway that another controller has now')
    if (this.#jobs.get(gateway) === job) this.#jobs.delete(gateway)
  }

  #failed(job: Job, error: unknown): void {
    const { clock, deployments, log } = this.#options
    const { gateway } = job
    const wait = Math.min(FIRST_RETRY_MS * 2 ** job.failures, LAST_RETRY_MS)
    job.failures++
    const asked = error instanceof ApiError ? error.retryAfterMs : undefined
    log.warn({ gateway, error: errorText(error), failures: job.failures }, 'cannot deploy; will try again')
    if (deployments.get(gateway) !== undefined) this.#report(job, errorText(error))
    if (this.#isStopped) return
    job.unschedule = clock.schedule(asked ?? wait, () => this.#ask(gateway))
  }

  #report(job: Job, message: string | undefined): void {
    if (this.#isStopped || this.#jobs.get(job.gateway) !== job) return
    const problem = message === undefined ? undefined : ({ reason: 'DeploymentFailed', message } as const)
    this.#options.report({ gateway: job.gateway, problem })
  }
}

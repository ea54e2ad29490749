// Kubernetes Events on objects that a user can edit: one Event per matter, counted up when it happens again, and never so
// many of one object that they crowd out others'. What is worth an Event, the callers know. Losing one is no error.
import { createHash } from 'node:crypto'
import { errorText, type Log } from '../core/log.ts'
import type { KubeObject } from '../kube/object.ts'
import { isApiError } from './api-error.ts'
import type { ClusterClient } from './client.ts'
import { systemTime, type Time } from './time.ts'

/** The object that an Event is about. */
export interface EventObject {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string | undefined
}

/** What happened. */
export interface Happening {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/** What recording needs. */
export interface EventOptions {
  readonly client: Pick<ClusterClient, 'create' | 'patch'>
  /** Who says it. */
  readonly component: string
  readonly log: Log
  readonly time?: Time
}

const events = { group: '', version: 'v1', plural: 'events', namespaced: true }

/** So many at once for one object, then one in five minutes. */
const burst = 25
const refillMs = 300_000
/** The API server keeps Events for an hour; older ones cannot be counted up. */
const sameForMs = 600_000
const maxRemembered = 1_000
const maxMessage = 1_024

interface Recorded {
  readonly name: string
  readonly at: number
  readonly first: string
  count: number
}

interface Allowance {
  left: number
  at: number
}

/** Records Events. */
export class EventRecorder {
  private readonly options: EventOptions
  private readonly time: Time
  private readonly recorded = new Map<string, Recorded>()
  private readonly allowances = new Map<string, Allowance>()

  constructor(options: EventOptions) {
    this.options = options
    this.time = options.time ?? systemTime
  }

  /** Resolves when the Event is written, or has been given up. */
  async record(object: EventObject, happening: Happening): Promise<void> {
    const { client, log } = this.options
    const key = JSON.stringify([object, happening])
    if (!this.isAllowed(JSON.stringify(object))) return
    const known = this.recorded.get(key)
    const now = this.time
      .date()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
    const isSame = known !== undefined && this.time.now() - known.at < sameForMs
    const namespace = object.namespace || 'default'
    try {
      if (isSame) {
        known.count++
        try {
          const body = { count: known.count, lastTimestamp: now }
          await client.patch(events, { namespace, name: known.name }, { type: 'merge', body })
          return
        } catch (error) {
          if (!isApiError(error, 404)) throw error
        }
      }
      const id = createHash('sha256').update(`${key}${this.time.date().getTime()}`).digest('hex').slice(0, 16)
      const next = { name: `${object.name.slice(0, 200)}.${id}`, at: this.time.now(), first: now, count: 1 }
      remember(this.recorded, key, next)
      await client.create(events, this.event(object, happening, next))
    } catch (error) {
      log.debug({ object, reason: happening.reason, error: errorText(error) }, 'an Event could not be written')
    }
  }

  private event(object: EventObject, { type, reason, message }: Happening, { name, first }: Recorded): KubeObject {
    const { apiVersion, kind, namespace, uid } = object
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: namespace || 'default' },
      involvedObject: { apiVersion, kind, namespace: namespace || undefined, name: object.name, uid },
      ...{ type, reason, message: shortened(message) },
      ...{ firstTimestamp: first, lastTimestamp: first, count: 1 },
      source: { component: this.options.component },
    }
    return event
  }

  private isAllowed(object: string): boolean {
    const now = this.time.now()
    const { left, at } = this.allowances.get(object) ?? { left: burst, at: now }
    const earned = Math.floor((now - at) / refillMs)
    const available = Math.min(burst, left + earned)
    remember(this.allowances, object, { left: Math.max(0, available - 1), at: at + earned * refillMs })
    return available > 0
  }
}

function shortened(message: string): string {
  return message.length <= maxMessage ? message : `${message.slice(0, maxMessage - 1)}…`
}

/** The oldest are forgotten first. */
function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  memory.delete(key)
  memory.set(key, value)
  if (memory.size <= maxRemembered) return
  const [oldest] = memory.keys()
  if (oldest !== undefined) memory.delete(oldest)
}

// Which Gateways have no proxy here, or one that does not take what it is given, for so long that a status should say so.
// Restarts, rollouts and a change on its way are shorter than that and say nothing, so that statuses do not flicker with
// connections. Only this replica's proxies are known, and the texts say whose they are.
import type { GatewayKey } from '../core/keys.ts'
import type { SessionView } from '../xds/session-view.ts'

/** What is unusual about a Gateway's proxies. */
export type Unattended =
  | { readonly is: 'absent'; readonly message: string }
  /** Connected, and without an answer to what changed. */
  | { readonly is: 'behind'; readonly message: string }

/** What is looked at. */
export interface AttendanceOptions {
  readonly sessions: () => readonly Pick<SessionView, 'id' | 'gateway' | 'acknowledgedCommit'>[]
  readonly gateways: () => Iterable<GatewayKey>
  /** The last commit that was published. */
  readonly commit: () => number
  /** The name of this replica. */
  readonly replica: string
  /** Milliseconds from any moment. */
  readonly now: () => number
}

/** How long a Gateway may be without a proxy: a pod is scheduled and pulls its image, or finds another replica. */
export const ABSENT_MS = 30_000
/** How long a proxy may think about what it was sent. */
export const BEHIND_MS = 10_000

interface Standstill {
  readonly commit: number
  readonly since: number
}

/** Remembers since when what is unusual has been so. */
export class Attendance {
  readonly #options: AttendanceOptions
  readonly #absentSince = new Map<GatewayKey, number>()
  /** By session. */
  readonly #standstills = new Map<number, Standstill>()

  constructor(options: AttendanceOptions) {
    this.#options = options
  }

  /** Forgets: from now on all Gateways and proxies have their time again. */
  restart(): void {
    this.#absentSince.clear()
    this.#standstills.clear()
  }

  /** What is unusual now, by Gateway. */
  look(): ReadonlyMap<GatewayKey, Unattended> {
    const { sessions, gateways, replica, now } = this.#options
    const at = now()
    const connected = new Map<GatewayKey, { all: number; behind: number }>()
    const known = new Set<number>()
    for (const session of sessions()) {
      const { id, gateway } = session
      const counts = connected.get(gateway) ?? { all: 0, behind: 0 }
      connected.set(gateway, counts)
      known.add(id)
      counts.all++
      if (this.#isBehind(session, at)) counts.behind++
    }
    for (const id of this.#standstills.keys()) if (!known.has(id)) this.#standstills.delete(id)
    const unusual = new Map<GatewayKey, Unattended>()
    const absent = new Set<GatewayKey>()
    for (const gateway of gateways()) {
      const counts = connected.get(gateway)
      if (counts === undefined) {
        absent.add(gateway)
        const since = this.#absentSince.get(gateway) ?? at
        this.#absentSince.set(gateway, since)
        if (at - since >= ABSENT_MS)
          unusual.set(gateway, { is: 'absent', message: `no proxy is connected to ${replica}` })
      } else if (counts.behind > 0) {
        const message = `${counts.all - counts.behind} of ${counts.all} proxies connected to ${replica} have acknowledged the configuration`
        unusual.set(gateway, { is: 'behind', message })
      }
    }
    for (const gateway of this.#absentSince.keys()) if (!absent.has(gateway)) this.#absentSince.delete(gateway)
    return unusual
  }

  /** One that goes on acknowledging, be it never the newest, is not behind. */
  #isBehind({ id, acknowledgedCommit }: Pick<SessionView, 'id' | 'acknowledgedCommit'>, at: number): boolean {
    if (acknowledgedCommit >= this.#options.commit()) {
      this.#standstills.delete(id)
      return false
    }
    const before = this.#standstills.get(id)
    if (before?.commit === acknowledgedCommit) return at - before.since >= BEHIND_MS
    this.#standstills.set(id, { commit: acknowledgedCommit, since: at })
    return false
  }
}

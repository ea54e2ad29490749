// A real server on loopback over a real engine graph, with a clock that only tests move, and a way to wait for a state
// instead of sleeping.
import type { TypedRef } from '../../src/core/keys.ts'
import { nameKey, splitNameKey } from '../../src/core/keys.ts'
import type { Source } from '../../src/engine/collection.ts'
import { createGraph } from '../../src/engine/graph.ts'
import { Snapshot } from '../../src/snapshot/snapshot.ts'
import { encodeAddress, encodeResource } from '../../src/wire/encode.ts'
import { entryKey, SHARED, type XdsEntry } from '../../src/wire/entry.ts'
import { type Clock, startXdsServer, type XdsServer, type XdsServerOptions } from '../../src/xds/server.ts'
import type { Acknowledgement, Push, Refused } from '../../src/xds/session-view.ts'
import { FakeProxy, type FakeProxyOptions } from './fake-proxy.ts'

/** Time that stands still until it is moved. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z')
  readonly #timers = new Set<{ readonly ms: number; readonly tick: () => void; due: number }>()

  now = (): number => this.#now

  every = (ms: number, tick: () => void): (() => void) => {
    const timer = { ms, tick, due: this.#now + ms }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Moves time, tick by tick. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0]
      if (next === undefined || next.due > end) break
      this.#now = next.due
      next.due += next.ms
      next.tick()
    }
    this.#now = end
  }
}

/** What the server said of its sessions. */
export interface EventLog {
  readonly connected: string[]
  readonly disconnected: string[]
  readonly pushed: Push[]
  readonly acknowledged: Acknowledgement[]
  readonly rejected: Refused[]
  readonly authenticated: boolean[]
}

/** One replica. */
export interface Replica {
  readonly snapshot: Snapshot
  readonly server: XdsServer
  readonly port: number
  readonly events: EventLog
}

/** Sources, replicas that follow them, and proxies. */
export interface World {
  readonly clock: FakeClock
  readonly entries: Source<XdsEntry>
  readonly gateways: Source<{ readonly object: TypedRef }>
  set(...entries: readonly XdsEntry[]): void
  delete(...entries: readonly XdsEntry[]): void
  addGateway(key: string): void
  removeGateway(key: string): void
  /** Commits what was set, and publishes it on the given replicas, all by default. */
  commit(replicas?: readonly Replica[]): Promise<number>
  serve(options?: Partial<XdsServerOptions>): Promise<Replica>
  proxy(replica: Replica, gateway: string, options?: Partial<FakeProxyOptions>): FakeProxy
  /** Asks all conditions again. */
  happened(): void
  /** Resolves when the condition holds; asked again after everything that happens. */
  until(condition: () => boolean): Promise<void>
  close(): Promise<void>
}

/** An empty world. */
export function createWorld(): World {
  const graph = createGraph()
  const entries = graph.source<XdsEntry>('xds')
  const gateways = graph.source<{ readonly object: TypedRef }>('gateways')
  const clock = new FakeClock()
  const replicas: Replica[] = []
  const proxies: FakeProxy[] = []
  const stop = new AbortController()
  const waiting = new Set<() => void>()
  const happened = (): void => {
    for (const check of [...waiting]) check()
  }
  const publishers = new Map<Replica, (commit: number) => void>()

  return {
    clock,
    entries,
    gateways,
    set: (...list) => {
      for (const entry of list) entries.set(entryKey(entry), entry)
    },
    delete: (...list) => {
      for (const entry of list) entries.delete(entryKey(entry))
    },
    addGateway: (key) => gateways.set(key, { object: { group: '', kind: 'Gateway', ...splitNameKey(key) } }),
    removeGateway: (key) => gateways.delete(key),
    commit: async (published = replicas) => {
      const commit = await graph.commit()
      for (const replica of published) publishers.get(replica)?.(commit)
      return commit
    },
    serve: async (options = {}) => {
      const snapshot = new Snapshot()
      snapshot.follow(entries)
      snapshot.followGateways(gateways)
      const events: EventLog = {
        connected: [],
        disconnected: [],
        pushed: [],
        acknowledged: [],
        rejected: [],
        authenticated: [],
      }
      const noted = <T>(list: T[], item: T): void => {
        list.push(item)
        happened()
      }
      const server = await startXdsServer({
        snapshot,
        host: '127.0.0.1',
        port: 0,
        clock,
        signal: stop.signal,
        events: {
          connected: ({ gateway }) => noted(events.connected, gateway),
          disconnected: (_, reason) => noted(events.disconnected, reason),
          pushed: (_, push) => noted(events.pushed, push),
          acknowledged: (_, acknowledgement) => noted(events.acknowledged, acknowledgement),
          rejected: (_, refused) => noted(events.rejected, refused),
          authenticated: (isAccepted) => noted(events.authenticated, isAccepted),
        },
        ...options,
      })
      const replica = { snapshot, server, port: server.port, events }
      replicas.push(replica)
      publishers.set(replica, (commit) => snapshot.publish(commit))
      return replica
    },
    proxy: (replica, gateway, options = {}) => {
      const proxy = new FakeProxy({ port: replica.port, gateway, onEvent: happened, ...options })
      proxies.push(proxy)
      return proxy
    },
    happened,
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    close: async () => {
      for (const proxy of proxies) proxy.disconnect()
      const drained = replicas.map(({ server }) => server.drain())
      clock.advance(60_000)
      await Promise.all(drained)
      stop.abort()
    },
  }
}

const owners: XdsEntry['owners'] = []

/** A resource of a gateway: its kind, its key and something to change. */
export function bind(gateway: string, key: string, port = 80): XdsEntry {
  return { scope: gateway, owners, encoded: encodeResource({ kind: 'bind', bind: { key, port } }) }
}

/** A resource of a given size. */
export function listener(gateway: string, key: string, hostname: string): XdsEntry {
  return { scope: gateway, owners, encoded: encodeResource({ kind: 'listener', listener: { key, hostname } }) }
}

/** An address that every proxy gets. */
export function service(name: string, hostname = `${name}.ns`): XdsEntry {
  const encoded = encodeAddress({ type: 'service', service: { name, namespace: 'ns', hostname } })
  return { scope: SHARED, owners, encoded }
}

/** An address under a stable name whose content can change. */
export function workload(uid: string, ip: number): XdsEntry {
  const encoded = encodeAddress({ type: 'workload', workload: { uid, addresses: [Buffer.from([10, 0, 0, ip])] } })
  return { scope: SHARED, owners, encoded }
}

/** Name → version of entries, as a proxy holds them. */
export function versionsOf(...entries: readonly XdsEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.map(({ encoded }) => [encoded.name, encoded.version]))
}

/** `namespace/name`. */
export const GATEWAY = nameKey('ns', 'gw')

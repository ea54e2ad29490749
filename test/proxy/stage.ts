// One proxy on which many worlds are played, one after the other: whatever gateway a world is about, the proxy believes
// to be of it. Sockets of listeners are left closed, so that fixtures may say any port.
import { createGraph } from '../../src/engine/graph.ts'
import { Snapshot } from '../../src/snapshot/snapshot.ts'
import { decodeResource } from '../../src/wire/decode.ts'
import { encodeResource } from '../../src/wire/encode.ts'
import { entryKey, SHARED, type XdsEntry } from '../../src/wire/entry.ts'
import { startXdsServer } from '../../src/xds/server.ts'
import { startProxy, until } from './lab.ts'

/** What a proxy said about one resource. */
export interface Refusal {
  readonly name: string
  readonly severity: string
  readonly message: string
}

/** How a world went. */
export interface Performance {
  readonly refusals: readonly Refusal[]
  /** What the proxy was given. */
  readonly resources: readonly XdsEntry[]
  readonly addresses: readonly XdsEntry[]
  /** The proxy's own dump. */
  readonly dump: Readonly<Record<string, unknown>>
}

/** A proxy that waits for worlds. */
export interface Stage {
  play(resources: readonly XdsEntry[], addresses: readonly XdsEntry[]): Promise<Performance>
  end(): Promise<void>
}

const GATEWAY = 'stage/gateway'

/** Starts a server and a proxy. */
export async function openStage(): Promise<Stage> {
  const graph = createGraph()
  const entries = graph.source<XdsEntry>('xds')
  const gateways = graph.source<{ readonly object: { group: string; kind: string; namespace: string; name: string } }>(
    'gateways',
  )
  gateways.set(GATEWAY, { object: { group: '', kind: 'Gateway', namespace: 'stage', name: 'gateway' } })
  const snapshot = new Snapshot()
  snapshot.follow(entries)
  snapshot.followGateways(gateways)
  snapshot.publish(await graph.commit())
  const stop = new AbortController()
  const server = await startXdsServer({ snapshot, host: '127.0.0.1', port: 0, signal: stop.signal })
  const proxy = await startProxy(GATEWAY, server.port)

  const show = async (now: readonly XdsEntry[]): Promise<void> => {
    entries.replace(new Map(now.map((entry) => [entryKey(entry), entry])))
    const commit = await graph.commit()
    snapshot.publish(commit)
    await until('the proxy has answered', () =>
      server.sessions().some(({ acknowledgedCommit }) => acknowledgedCommit >= commit) ? true : undefined,
    )
  }
  return {
    play: async (resources, addresses) => {
      const played = resources.map((entry) => ({ ...entry, scope: GATEWAY, encoded: withoutSocket(entry.encoded) }))
      await show([...played, ...addresses.filter(({ scope }) => scope === SHARED)])
      const dump = await proxy.dump()
      const refusals = Object.values(server.sessions()[0]?.types ?? {}).flatMap(({ rejections }) => rejections)
      // Curtain: what a refused update left behind must not be seen in the next world.
      await show([])
      return { refusals, resources: played, addresses, dump }
    },
    end: async () => {
      await proxy.end('SIGKILL')
      stop.abort()
      await server.drain()
    },
  }
}

function withoutSocket(encoded: XdsEntry['encoded']): XdsEntry['encoded'] {
  if (!encoded.name.startsWith('bind/')) return encoded
  const { bind } = decodeResource(encoded)
  return bind ? encodeResource({ kind: 'bind', bind: { ...bind, mode: 'INTERNAL' } }) : encoded
}

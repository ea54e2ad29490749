// Which gateways need an object: directly, because an attached route names it, or through a chain of references
// (route → backend → tunnel backend …), cycles included. Groups, ports and sections play no part: an object that is
// sent to one gateway too many does nothing there, one that is missing breaks it.
import type { GatewayKey } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'

/** `Kind/namespace/name`. */
export type Node = string

/** An attached route, policy target or listener set makes a node needed on a gateway. */
export interface Edge {
  readonly key: string
  readonly node: Node
  readonly gateway: GatewayKey
}

/** All gateways that need a node directly: the edges of one node, summed up so that one more route changes nothing. */
export interface DirectReach {
  readonly node: Node
  readonly gateways: readonly GatewayKey[]
}

/** `from` uses `to`: wherever `from` is needed, `to` is. */
export interface Link {
  readonly key: string
  readonly from: Node
  readonly to: Node
}

/** What answering needs: `fact/reached` by node, and `fact/links` with the index `to`. */
export interface ReachReads {
  readonly reached: Reader<DirectReach>
  readonly links: Reader<Link>
}

/** The only maker of nodes. */
export function nodeOf(kind: string, namespace: string, name: string): Node {
  return `${kind}/${namespace}/${name}`
}

/** Gateways that need a node, directly or through others, in key order. */
export function gatewaysOf(read: ReachReads, node: Node): readonly GatewayKey[] {
  const found = new Set<GatewayKey>()
  const seen = new Set<Node>()
  const pending = [node]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    for (const gateway of read.reached.get(next)?.gateways ?? []) found.add(gateway)
    for (const link of read.links.where('to', next)) pending.push(link.from)
  }
  return [...found].sort()
}

/** Sums up the edges of one node. */
export function sumReach(edges: readonly Edge[], node: Node): readonly DirectReach[] {
  return [{ node, gateways: [...new Set(edges.map((edge) => edge.gateway))].sort() }]
}

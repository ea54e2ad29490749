// One type in one scope: name → entry, changed in place. Which scopes there are is decided in snapshot.ts; what is made
// of a shelf's content, and for how long that is kept, is for those who read it.
import { compareStrings } from '../core/order.ts'
import type { XdsEntry } from '../wire/entry.ts'

/** Read access to one type of one scope. */
export interface ShelfView {
  readonly size: number
  /** Bytes of all frames. */
  readonly bytes: number
  /** Another number after each change, so that what was made of the content can be kept until then. */
  readonly changes: number
  get(name: string): XdsEntry | undefined
  names(): Iterable<string>
  /** A copy of the entries, in wire order. */
  list(): readonly XdsEntry[]
}

/** What is written when a commit is published. */
export class Shelf implements ShelfView {
  readonly #entries = new Map<string, XdsEntry>()
  #bytes = 0
  #changes = 0

  get size(): number {
    return this.#entries.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get changes(): number {
    return this.#changes
  }

  get(name: string): XdsEntry | undefined {
    return this.#entries.get(name)
  }

  names(): Iterable<string> {
    return this.#entries.keys()
  }

  list(): readonly XdsEntry[] {
    return inWireOrder([...this.#entries.values()], ({ encoded }) => encoded.name)
  }

  /** Sets and removes entries; returns the names whose content is now another, with the version they had. */
  update(entries: ReadonlyMap<string, XdsEntry | undefined>): ReadonlyMap<string, string | undefined> {
    const changed = new Map<string, string | undefined>()
    for (const [name, after] of entries) {
      const before = this.#entries.get(name)
      if (after === undefined) this.#entries.delete(name)
      else this.#entries.set(name, after)
      if (before?.encoded.version === after?.encoded.version) continue
      changed.set(name, before?.encoded.version)
      this.#bytes += (after?.encoded.frame.length ?? 0) - (before?.encoded.frame.length ?? 0)
    }
    if (changed.size > 0) this.#changes += 1
    return changed
  }
}

// What is referred to comes before what refers to it, so that a proxy never routes to what it does not have yet.
const KIND_ORDER: readonly string[] = ['backend', 'policy', 'bind', 'listener', 'model_route', 'route', 'tcp_route']

/** The order of resources within a response: by kind, then by name. */
export function inWireOrder<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => {
      const name = nameOf(item)
      return { item, name, rank: KIND_ORDER.indexOf(name.slice(0, Math.max(0, name.indexOf('/')))) }
    })
    .sort((a, b) => a.rank - b.rank || compareStrings(a.name, b.name))
    .map(({ item }) => item)
}

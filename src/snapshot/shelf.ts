// One type in one scope: name → entry, changed in place, with two whole-shelf views that are made when somebody asks and
// shared by all who ask before the next change. Which scopes there are is decided in snapshot.ts.
import type { XdsEntry } from '../wire/entry.ts'

/** Read access to one type of one scope. */
export interface ShelfView {
  readonly size: number
  /** Bytes of all frames. */
  readonly bytes: number
  get(name: string): XdsEntry | undefined
  /** The version of each name; never changes once handed out. */
  versions(): ReadonlyMap<string, string>
  /** All frames in wire order, one after the other; never changes once handed out. */
  frames(): Uint8Array
  /** A copy of the entries, in wire order. */
  list(): readonly XdsEntry[]
}

/** What is written when a commit is published. */
export class Shelf implements ShelfView {
  readonly #entries = new Map<string, XdsEntry>()
  #bytes = 0
  // Held weakly: a mass of proxies connecting at once shares them, but bytes are not kept twice for ever after.
  #versions: WeakRef<ReadonlyMap<string, string>> | undefined
  #frames: WeakRef<Uint8Array> | undefined

  get size(): number {
    return this.#entries.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(name: string): XdsEntry | undefined {
    return this.#entries.get(name)
  }

  versions(): ReadonlyMap<string, string> {
    let versions = this.#versions?.deref()
    if (versions === undefined) {
      versions = new Map([...this.#entries].map(([name, { encoded }]) => [name, encoded.version]))
      this.#versions = new WeakRef(versions)
    }
    return versions
  }

  frames(): Uint8Array {
    let frames = this.#frames?.deref()
    if (frames === undefined) {
      frames = Buffer.concat(this.list().map(({ encoded }) => encoded.frame))
      this.#frames = new WeakRef(frames)
    }
    return frames
  }

  list(): readonly XdsEntry[] {
    return [...this.#entries.values()].sort((a, b) => compareNames(a.encoded.name, b.encoded.name))
  }

  /** Sets and removes entries; returns the names whose content is now another. */
  update(entries: ReadonlyMap<string, XdsEntry | undefined>): ReadonlySet<string> {
    const changed = new Set<string>()
    for (const [name, after] of entries) {
      const before = this.#entries.get(name)
      if (after === undefined) this.#entries.delete(name)
      else this.#entries.set(name, after)
      if (before?.encoded.version === after?.encoded.version) continue
      changed.add(name)
      this.#bytes += (after?.encoded.frame.length ?? 0) - (before?.encoded.frame.length ?? 0)
    }
    if (changed.size > 0) {
      this.#versions = undefined
      this.#frames = undefined
    }
    return changed
  }
}

// What is referred to comes before what refers to it, so that a proxy never routes to what it does not have yet.
const KIND_ORDER: readonly string[] = [
  'backend',
  'policy',
  'bind',
  'listener',
  'route_group',
  'route',
  'tcp_route',
  'model_route',
]

/** The order of resources within a response: by kind, then by name. */
export function compareNames(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)
}

function rank(name: string): number {
  return KIND_ORDER.indexOf(name.slice(0, Math.max(0, name.indexOf('/'))))
}

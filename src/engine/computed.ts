// One computed node, derive or fold: which inputs are dirty, what their runs put out, and whose output holds a key. The
// two differ only in what an input is: a value of `from`, or a bucket of one of its indexes.
import type { Collection, ContainedFailure, Indexes, KeyClash, NodeStats, Reads } from './collection.ts'
import { structurallyEqual } from './equal.ts'
import { type GraphState, Store } from './node.ts'
import { type Entry, Port, rememberReads, type Slot } from './reads.ts'

/** What derive and fold have in common, with inputs named by key. */
export interface Computation<I, O> {
  readonly name: string
  readonly reads: Reads
  readonly indexes: Indexes<O> | undefined
  /** The inputs that this commit changed, added or removed. */
  readonly touched: () => Iterable<string>
  readonly input: (key: string) => I | undefined
  readonly run: (input: I, key: string, readers: Readonly<Record<string, unknown>>) => readonly O[]
  readonly key: (output: O) => string
  readonly equal: ((a: O, b: O) => boolean) | undefined
}

interface Result<O> {
  readonly entry: Entry<O>
  readonly keys: readonly string[]
  readonly outputs: readonly O[]
}

/** Up to this many keys, searching the array beats making a set. */
const fewKeys = 8

const nothing: readonly never[] = Object.freeze([])

/** The store that a collection made by this engine is. */
export function storeOf<T>(collection: Collection<T>): Store<T> {
  if (!(collection instanceof Store)) throw new Error(`${collection.name} is not a collection of a graph`)
  return collection
}

/** A node: a store whose content is a function of other stores. */
export class Computed<I, O> extends Store<O> {
  private readonly spec: Computation<I, O>
  private readonly ports: readonly Port<O, unknown>[]
  private readonly readers: Readonly<Record<string, unknown>>
  private readonly recorded: { slots: Slot<O>[] } = { slots: [] }
  private readonly entries = new Map<string, Entry<O>>()
  /** Whose output is stored under a key. */
  private readonly owners = new Map<string, Entry<O>>()
  /** All claimants of the keys that more than one input puts out, by input key. */
  private readonly contested = new Map<string, readonly Entry<O>[]>()
  /** Keys that one run put out twice, by input. */
  private readonly doubled = new Map<string, readonly string[]>()
  private readonly failed = new Map<string, ContainedFailure>()
  private runs = 0

  constructor(spec: Computation<I, O>, state: GraphState) {
    super(spec.name, state, spec.indexes)
    this.spec = spec
    const named = Object.entries(spec.reads).map(
      ([name, collection]) => [name, new Port<O, unknown>(storeOf(collection), state, this.recorded)] as const,
    )
    this.ports = named.map(([, port]) => port)
    this.readers = Object.fromEntries(named)
  }

  /** Brings the node up to date with the stores of lower rank; pauses after each input when the caller does. */
  *update(commit: number): Generator<void> {
    const dirty = this.dirtyEntries(commit)
    if (dirty.length === 0) return
    const results: Result<O>[] = []
    for (const entry of dirty) {
      const result = this.rerun(entry)
      if (result !== undefined) results.push(result)
      yield
    }
    // Removals precede additions, so that a key can move from one input to another.
    const touched = new Map<string, number>()
    for (const { entry, keys } of results) {
      const kept = keys.length > fewKeys ? new Set(keys) : undefined
      for (const output of entry.outputs) {
        const key = this.spec.key(output)
        touched.set(key, -1)
        if (!(kept === undefined ? keys.includes(key) : kept.has(key))) this.release(key, entry)
      }
      yield
    }
    for (const { entry, keys, outputs } of results) {
      entry.outputs = outputs
      keys.forEach((key, at) => {
        touched.set(key, at)
        this.claim(key, entry)
      })
      yield
    }
    for (const [key, position] of touched) {
      this.store(key, position)
      yield
    }
  }

  override stats(): NodeStats {
    return { name: this.name, inputs: this.entries.size, outputs: this.values.size, runs: this.runs }
  }

  override failures(): readonly ContainedFailure[] {
    return [...this.failed.values()]
  }

  override clashes(): readonly KeyClash[] {
    const between = [...this.contested].map(([key, entries]) => this.clash(key, entries))
    const within = [...this.doubled].flatMap(([input, keys]) =>
      keys.map((key) => ({ node: this.name, key, inputs: [input, input] })),
    )
    return [...between, ...within]
  }

  override readsOf(inputKey: string): readonly string[] {
    return (this.entries.get(inputKey)?.reads ?? []).map((slot) => slot.port.describe(slot))
  }

  private dirtyEntries(commit: number): readonly Entry<O>[] {
    const dirty: Entry<O>[] = []
    const mark = (entry: Entry<O>): void => {
      if (entry.dirtyIn === commit) return
      entry.dirtyIn = commit
      dirty.push(entry)
    }
    for (const key of this.spec.touched()) {
      let entry = this.entries.get(key)
      if (entry === undefined) {
        entry = { key, reads: nothing, outputs: nothing, dirtyIn: 0 }
        this.entries.set(key, entry)
      }
      mark(entry)
    }
    for (const port of this.ports) port.forEachConcerned(mark)
    return dirty
  }

  /** Runs one input; undefined when its code failed, so that it keeps what it had. */
  private rerun(entry: Entry<O>): Result<O> | undefined {
    const { state } = this
    const input = this.spec.input(entry.key)
    const run = ++state.run
    this.doubled.delete(entry.key)
    if (input === undefined) {
      rememberReads(entry, [], run)
      this.entries.delete(entry.key)
      this.failed.delete(entry.key)
      return { entry, keys: nothing, outputs: nothing }
    }
    this.runs++
    this.recorded.slots = []
    state.running = this.name
    try {
      const result = this.collect(entry, this.spec.run(input, entry.key, this.readers))
      this.failed.delete(entry.key)
      return result
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      this.failed.set(entry.key, { node: this.name, input: entry.key, error: text })
      state.report(this.name, entry.key, error)
      return undefined
    } finally {
      state.running = undefined
      rememberReads(entry, this.recorded.slots, run)
    }
  }

  private collect(entry: Entry<O>, found: readonly O[]): Result<O> {
    if (found.length === 0) return { entry, keys: nothing, outputs: nothing }
    const keys: string[] = []
    const outputs: O[] = []
    const twice: string[] = []
    const seen = found.length > fewKeys ? new Set<string>() : undefined
    for (const output of found) {
      const key = this.spec.key(output)
      if (seen === undefined ? keys.includes(key) : seen.has(key)) {
        twice.push(key)
        continue
      }
      seen?.add(key)
      // Most nodes put out what they take in under the same key, which then need not be kept twice.
      keys.push(key === entry.key ? entry.key : key)
      outputs.push(output)
    }
    if (twice.length > 0) {
      this.doubled.set(entry.key, twice)
      for (const key of twice) this.state.clashed({ node: this.name, key, inputs: [entry.key, entry.key] })
    }
    // A copy has no room for more, which an array that was pushed to has.
    return { entry, keys, outputs: outputs.slice() }
  }

  private release(key: string, entry: Entry<O>): void {
    const claimants = this.contested.get(key)
    if (claimants === undefined) {
      this.owners.delete(key)
      return
    }
    const rest = claimants.filter((other) => other !== entry)
    const [first] = rest
    if (first === undefined) this.owners.delete(key)
    else this.owners.set(key, first)
    if (rest.length < 2) this.contested.delete(key)
    else this.contested.set(key, rest)
  }

  private claim(key: string, entry: Entry<O>): void {
    const owner = this.owners.get(key)
    if (owner === entry) return
    if (owner === undefined) {
      this.owners.set(key, entry)
      return
    }
    const claimants = this.contested.get(key) ?? [owner]
    if (claimants.includes(entry)) return
    const all = [...claimants, entry].sort((a, b) => (a.key < b.key ? -1 : 1))
    this.contested.set(key, all)
    this.owners.set(key, all[0] ?? entry)
    this.state.clashed(this.clash(key, all))
  }

  /** Puts the winner's output under its key, unless it says the same as what is there. */
  private store(key: string, position: number): void {
    const owner = this.owners.get(key)
    const held = this.values.get(key)
    if (owner === undefined) {
      if (held !== undefined) this.change(key, undefined)
      return
    }
    const at = this.positionOf(key, owner, position)
    const output = owner.outputs[at]
    if (output === undefined || output === held) return
    // The equal value of former commits is kept, so that only one of the two stays in memory.
    if (held !== undefined && this.isEqual(key, held, output)) owner.outputs = owner.outputs.with(at, held)
    else this.change(key, output)
  }

  /** Where the owner has the output of a key: the last claimant's position, unless there is a clash. */
  private positionOf(key: string, { outputs }: Entry<O>, position: number): number {
    const likely = outputs[position]
    if (likely !== undefined && this.spec.key(likely) === key) return position
    return outputs.findIndex((output) => this.spec.key(output) === key)
  }

  private isEqual(key: string, held: O, output: O): boolean {
    try {
      return this.spec.equal === undefined ? structurallyEqual(held, output) : this.spec.equal(held, output)
    } catch (error) {
      this.state.report(this.name, key, error)
      return false
    }
  }

  private clash(key: string, entries: readonly Entry<O>[]): KeyClash {
    return { node: this.name, key, inputs: entries.map((entry) => entry.key) }
  }
}

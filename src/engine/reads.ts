// What each input of a computed node read in its last run, so that a change finds exactly the inputs it concerns: a slot
// per key, bucket or list that was asked for, misses included, with its readers.
import type { Reader } from './collection.ts'
import type { GraphState, Store } from './node.ts'

const nothing: readonly never[] = Object.freeze([])

/** One input of a computed node: what it read in its last run and what it put out. There are very many of them. */
export interface Entry<O> {
  readonly key: string
  reads: readonly Slot<O>[]
  outputs: readonly O[]
  /** The commit in which it was last found to need a run. */
  dirtyIn: number
}

/** What a slot needs of its port, whatever the values there. */
export interface SlotOwner<O> {
  /** Forgets a slot that nobody reads any more. */
  drop(slot: Slot<O>): void
  /** What a slot stands for, in words. */
  describe(slot: Slot<O>): string
}

/** One thing that can be read (a key, a bucket, the list), and the inputs that did. */
export interface Slot<O> {
  readonly port: SlotOwner<O>
  readonly index: string | undefined
  readonly value: string
  /** One reader is the common case and needs no set. */
  readers: Entry<O> | Set<Entry<O>> | undefined
  /** The run that recorded this slot last, so that it is recorded once. */
  seenIn: number
}

/** The reader of one declared collection: answers, and notes what was asked. */
export class Port<O, T> implements Reader<T>, SlotOwner<O> {
  readonly name: string
  readonly source: Store<T>
  private readonly state: GraphState
  private readonly recorded: { slots: Slot<O>[] }
  private readonly keys = new Map<string, Slot<O>>()
  private readonly buckets = new Map<string, Map<string, Slot<O>>>()
  private whole: Slot<O> | undefined

  constructor(source: Store<T>, state: GraphState, recorded: { slots: Slot<O>[] }) {
    this.name = source.name
    this.source = source
    this.state = state
    this.recorded = recorded
  }

  get(key: string): T | undefined {
    this.record(this.slotIn(this.keys, undefined, key))
    return this.source.values.get(key)
  }

  where(index: string, value: string): readonly T[] {
    const members = this.source.bucket(index, value)
    let slots = this.buckets.get(index)
    if (slots === undefined) {
      slots = new Map()
      this.buckets.set(index, slots)
    }
    this.record(this.slotIn(slots, index, value))
    return members
  }

  list(): readonly T[] {
    this.whole ??= { port: this, index: undefined, value: '*', readers: undefined, seenIn: 0 }
    this.record(this.whole)
    return this.source.everything()
  }

  /** Calls back with each input whose last run read something that this commit changed; perhaps more than once. */
  forEachConcerned(mark: (entry: Entry<O>) => void): void {
    const { before } = this.source
    if (before === undefined) return
    if (this.whole !== undefined) forEachReader(this.whole, mark)
    forEachTouched(this.keys, before, mark)
    for (const [index, slots] of this.buckets) {
      const touched = this.source.touchedIn(index)
      if (touched !== undefined) forEachTouched(slots, touched, mark)
    }
  }

  drop(slot: Slot<O>): void {
    if (slot === this.whole) this.whole = undefined
    else if (slot.index === undefined) this.keys.delete(slot.value)
    else this.buckets.get(slot.index)?.delete(slot.value)
  }

  describe(slot: Slot<O>): string {
    if (slot === this.whole) return `${this.name} *`
    return slot.index === undefined ? `${this.name} ${slot.value}` : `${this.name} ${slot.index}=${slot.value}`
  }

  private record(slot: Slot<O>): void {
    if (this.state.running === undefined) throw new Error(`${this.name} is read outside of a run`)
    if (slot.seenIn === this.state.run) return
    slot.seenIn = this.state.run
    this.recorded.slots.push(slot)
  }

  private slotIn(slots: Map<string, Slot<O>>, index: string | undefined, value: string): Slot<O> {
    let slot = slots.get(value)
    if (slot === undefined) {
      slot = { port: this, index, value: value, readers: undefined, seenIn: 0 }
      slots.set(value, slot)
    }
    return slot
  }
}

/** Replaces what an input is known to have read; `run` is the run that recorded `reads`. */
export function rememberReads<O>(entry: Entry<O>, reads: readonly Slot<O>[], run: number): void {
  const former = entry.reads
  if (sameItems(former, reads)) return
  for (const slot of former) {
    if (slot.seenIn === run) continue
    if (slot.readers instanceof Set) slot.readers.delete(entry)
    else slot.readers = undefined
    if (slot.readers === undefined || slot.readers.size === 0) slot.port.drop(slot)
  }
  for (const slot of reads) {
    if (slot.readers === undefined) slot.readers = entry
    else if (slot.readers instanceof Set) slot.readers.add(entry)
    else if (slot.readers !== entry) slot.readers = new Set([slot.readers, entry])
  }
  // A copy has no room for more, which an array that was pushed to has.
  entry.reads = reads.length === 0 ? nothing : reads.slice()
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

function forEachReader<O>(slot: Slot<O>, mark: (entry: Entry<O>) => void): void {
  if (slot.readers instanceof Set) slot.readers.forEach(mark)
  else if (slot.readers !== undefined) mark(slot.readers)
}

/** Walks the smaller of what was touched and what is read. */
function forEachTouched<O>(
  slots: ReadonlyMap<string, Slot<O>>,
  touched: { readonly size: number; has(key: string): boolean; keys(): Iterable<string> },
  mark: (entry: Entry<O>) => void,
): void {
  if (touched.size <= slots.size) {
    for (const key of touched.keys()) {
      const slot = slots.get(key)
      if (slot !== undefined) forEachReader(slot, mark)
    }
    return
  }
  for (const [key, slot] of slots) if (touched.has(key)) forEachReader(slot, mark)
}

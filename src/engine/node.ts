// What a collection holds: values, indexes, this commit's changes, and what outsiders see of it. Nothing here decides
// when something runs: that is graph.ts; what a run read is remembered in reads.ts.
import { Bucket } from './bucket.ts'
import type { Change, Collection, ContainedFailure, Indexes, KeyClash, NodeStats } from './collection.ts'

/** What all nodes of one graph share. */
export interface GraphState {
  /** The node whose function runs now: reads past its declared readers are bugs. */
  running: string | undefined
  /** Between the first and the last edit of a commit, when outsiders still see the former one. */
  updating: boolean
  /** Different for each call of a node's function. */
  run: number
  readonly report: (node: string, input: string, error: unknown) => void
  readonly clashed: (clash: KeyClash) => void
}

interface Index<T> {
  readonly valuesOf: (value: T) => readonly string[]
  readonly buckets: Map<string, Bucket<T>>
  /** Buckets that this commit changed. */
  touched: Set<string> | undefined
}

const nothing: readonly never[] = Object.freeze([])

/** A named map of values with indexes, as one commit after the other leaves it. */
export class Store<T> implements Collection<T> {
  readonly name: string
  readonly values = new Map<string, T>()
  /** The former values of what this commit changed. */
  before: Map<string, T | undefined> | undefined
  protected readonly state: GraphState
  private readonly indexes = new Map<string, Index<T>>()
  private all: Bucket<T> | undefined
  private readonly observers = new Set<(changes: readonly Change<T>[], commit: number) => void>()
  private readonly look = (key: string): T | undefined => this.values.get(key)

  constructor(name: string, state: GraphState, indexes: Indexes<T> = {}) {
    this.name = name
    this.state = state
    for (const [index, valuesOf] of Object.entries(indexes)) {
      this.indexes.set(index, { valuesOf, buckets: new Map(), touched: undefined })
    }
  }

  get(key: string): T | undefined {
    return this.isHidden() && this.before?.has(key) ? this.before.get(key) : this.values.get(key)
  }

  where(index: string, value: string): readonly T[] {
    if (!this.isHidden()) return this.bucket(index, value)
    const { valuesOf } = this.indexNamed(index)
    return this.former(this.bucketKeys(index, value), (old) => this.indexed(valuesOf, old, '').includes(value))
  }

  list(): readonly T[] {
    return this.isHidden() ? this.former([...this.values.keys()], () => true) : this.everything()
  }

  observe(onCommit: (changes: readonly Change<T>[], commit: number) => void): () => void {
    // A wrapper of its own, so that the same function may be registered twice and withdrawn once.
    const observer: typeof onCommit = (changes, commit) => onCommit(changes, commit)
    this.observers.add(observer)
    return () => {
      this.observers.delete(observer)
    }
  }

  /** The members of a bucket as this commit has them so far; for nodes of higher rank. */
  bucket(index: string, value: string): readonly T[] {
    return this.indexNamed(index).buckets.get(value)?.read(this.look) ?? nothing
  }

  /** All values as this commit has them so far; for nodes of higher rank. */
  everything(): readonly T[] {
    if (this.all === undefined) {
      this.all = new Bucket()
      for (const key of this.values.keys()) this.all.put(key, true)
    }
    return this.all.read(this.look)
  }

  /** The buckets of an index that this commit changed. */
  touchedIn(index: string): ReadonlySet<string> | undefined {
    return this.indexNamed(index).touched
  }

  hasIndex(index: string): boolean {
    return this.indexes.has(index)
  }

  /** Stores a value that differs from the one held; `undefined` removes. */
  protected change(key: string, after: T | undefined): void {
    const before = this.values.get(key)
    this.before ??= new Map()
    if (!this.before.has(key)) this.before.set(key, before)
    if (after === undefined) this.values.delete(key)
    else this.values.set(key, after)
    if (after === undefined) this.all?.remove(key)
    else this.all?.put(key, before === undefined)
    for (const index of this.indexes.values()) this.reindex(index, key, { before, after })
  }

  /** Stores without edits or code of their own have nothing to take, fail at or quarrel about. */
  take(): void {}

  failures(): readonly ContainedFailure[] {
    return nothing
  }

  clashes(): readonly KeyClash[] {
    return nothing
  }

  readsOf(_inputKey: string): readonly string[] {
    return nothing
  }

  stats(): NodeStats {
    return { name: this.name, inputs: this.values.size, outputs: this.values.size, runs: 0 }
  }

  /** Freezes this commit's net changes, in key order; the result tells the observers, if anybody would hear. */
  changesToPublish(commit: number): (() => void) | undefined {
    if (this.before === undefined || this.observers.size === 0) return undefined
    const changes: Change<T>[] = []
    for (const key of [...this.before.keys()].sort()) {
      changes.push({ key, before: this.before.get(key), after: this.values.get(key) })
    }
    return () => this.publish(changes, commit)
  }

  /** Ends the commit: what it changed is now simply what is. */
  settle(): void {
    if (this.before === undefined) return
    this.before = undefined
    for (const index of this.indexes.values()) index.touched = undefined
  }

  /** A failing observer does not keep the others from hearing. */
  private publish(changes: readonly Change<T>[], commit: number): void {
    for (const observer of [...this.observers]) {
      try {
        observer(changes, commit)
      } catch (error) {
        this.state.report(this.name, 'observer', error)
      }
    }
  }

  /** Whether the reader is an outsider in the middle of a commit; a node's undeclared read is refused. */
  private isHidden(): boolean {
    if (this.state.running !== undefined) {
      throw new Error(`${this.state.running} reads ${this.name} without declaring it`)
    }
    return this.state.updating && this.before !== undefined
  }

  /** The values of the former commit: of these keys where unchanged, and of the changed ones that belonged. */
  private former(keys: readonly string[], belonged: (old: T) => boolean): readonly T[] {
    const before = this.before ?? new Map<string, T | undefined>()
    const found = new Map<string, T>()
    for (const key of keys) {
      const value = this.values.get(key)
      if (value !== undefined && !before.has(key)) found.set(key, value)
    }
    for (const [key, old] of before) if (old !== undefined && belonged(old)) found.set(key, old)
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
  }

  private bucketKeys(index: string, value: string): readonly string[] {
    return this.indexNamed(index).buckets.get(value)?.readKeys(this.look) ?? nothing
  }

  private indexNamed(name: string): Index<T> {
    const index = this.indexes.get(name)
    if (index === undefined) throw new Error(`${this.name} has no index '${name}'`)
    return index
  }

  private reindex(index: Index<T>, key: string, value: Pick<Change<T>, 'before' | 'after'>): void {
    const left = this.indexed(index.valuesOf, value.before, key)
    const entered = this.indexed(index.valuesOf, value.after, key)
    if (left.length === 0 && entered.length === 0) return
    index.touched ??= new Set()
    for (const name of left) {
      index.touched.add(name)
      if (entered.includes(name)) continue
      const bucket = index.buckets.get(name)
      bucket?.remove(key)
      if (bucket?.size === 0) index.buckets.delete(name)
    }
    for (const name of entered) {
      index.touched.add(name)
      let bucket = index.buckets.get(name)
      if (bucket === undefined) {
        bucket = new Bucket()
        index.buckets.set(name, bucket)
      }
      bucket.put(key, !left.includes(name))
    }
  }

  private indexed(valuesOf: Index<T>['valuesOf'], value: T | undefined, key: string): readonly string[] {
    if (value === undefined) return nothing
    try {
      const found = valuesOf(value)
      return found.length < 2 ? found : [...new Set(found)]
    } catch (error) {
      this.state.report(this.name, key, error)
      return nothing
    }
  }
}

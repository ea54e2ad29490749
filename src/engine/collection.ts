// The vocabulary of incremental collections: all that the rest of the program sees of the engine. How values are
// stored, invalidated and recomputed is decided in graph.ts and node.ts.

/** One key's net change in a commit; `before` is absent on addition, `after` on removal. */
export interface Change<T> {
  readonly key: string
  readonly before: T | undefined
  readonly after: T | undefined
}

/** Named index functions: the index values under which a value is found. */
export type Indexes<T> = Readonly<Record<string, (value: T) => readonly string[]>>

/** Read access whose every use is tracked while a node runs; results come in key order. */
export interface Reader<T> {
  /** The value under a key; tracked also when it misses. */
  get(key: string): T | undefined
  /** The values that an index files under `value`; tracked per bucket. */
  where(index: string, value: string): readonly T[]
  /** Everything; tracked on every change, so use it where the collection is tiny. */
  list(): readonly T[]
}

/** A named set of values with unique keys that changes only in commits. */
export interface Collection<T> extends Reader<T> {
  readonly name: string
  /** Called once per commit that changed this collection, after all nodes have run. Returns the unsubscription. */
  observe(onCommit: (changes: readonly Change<T>[], commit: number) => void): () => void
}

/** A collection that is filled from outside; edits are queued until the next commit. */
export interface Source<T> extends Collection<T> {
  set(key: string, value: T): void
  delete(key: string): void
  /** The whole new content: what is not in it is deleted. */
  replace(entries: Iterable<readonly [key: string, value: T]>): void
}

/** Names of the collections a node may read. */
// `any` is the only type that lets collections of different values stand in one record.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Reads = Readonly<Record<string, Collection<any>>>

/** What a node's function receives for its declared reads. */
export type Readers<R extends Reads> = { readonly [K in keyof R]: R[K] extends Collection<infer T> ? Reader<T> : never }

/** One input, zero or more outputs; run again when the input, or anything its last run read, changed. */
export interface Derive<I, O, R extends Reads> {
  readonly name: string
  readonly from: Collection<I>
  readonly reads: R
  readonly run: (input: I, read: Readers<R>) => readonly O[]
  readonly key: (output: O) => string
  readonly equal?: (a: O, b: O) => boolean
  readonly indexes?: Indexes<O>
}

/** One bucket of an index of `from`, zero or more outputs. */
export interface Fold<I, O, R extends Reads> {
  readonly name: string
  readonly from: Collection<I>
  readonly by: string
  readonly reads: R
  readonly run: (members: readonly I[], group: string, read: Readers<R>) => readonly O[]
  readonly key: (output: O) => string
  readonly equal?: (a: O, b: O) => boolean
  readonly indexes?: Indexes<O>
}

/** A failure of a node's own code, contained to one input: that input keeps its last outputs. */
export interface ContainedFailure {
  readonly node: string
  readonly input: string
  readonly error: string
}

/** Two inputs of a node gave the same output key; the smallest input key won. */
export interface KeyClash {
  readonly node: string
  readonly key: string
  readonly inputs: readonly string[]
}

/** What a node did and holds, for `/graph`, metrics and tests that count translations. */
export interface NodeStats {
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  /** How often `run` was called since the start. */
  readonly runs: number
}

/** Declares collections and commits batches of edits. */
export interface Graph {
  source<T>(name: string, indexes?: Indexes<T>): Source<T>
  derive<I, O, R extends Reads>(node: Derive<I, O, R>): Collection<O>
  fold<I, O, R extends Reads>(node: Fold<I, O, R>): Collection<O>
  /** Several collections of one type seen as one; on equal keys the first listed wins. */
  union<T>(name: string, parts: readonly Collection<T>[], indexes?: Indexes<T>): Collection<T>
  /** Applies all queued edits and runs what they touch; resolves to the commit's number. Yields to the event loop. */
  commit(): Promise<number>
  stats(): readonly NodeStats[]
  failures(): readonly ContainedFailure[]
  clashes(): readonly KeyClash[]
  /** What the last run of `inputKey` in node `name` read, for `/graph` and `explain`. */
  readsOf(name: string, inputKey: string): readonly string[]
}

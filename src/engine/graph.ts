// How collections are declared, and what a commit is: queued edits applied, nodes run in rank order, observers told once.
// Rank is the order of declaration, because a node can only name collections that exist already.
import type {
  Collection,
  ContainedFailure,
  Derive,
  Fold,
  Graph,
  Indexes,
  KeyClash,
  NodeStats,
  Readers,
  Reads,
  Source,
} from './collection.ts'
import { Computed, storeOf } from './computed.ts'
import { structurallyEqual } from './equal.ts'
import { type GraphState, Store } from './node.ts'

/** What the composition root may decide about a graph. */
export interface GraphOptions {
  /** A commit lets the event loop run after this much work; 20 by default. */
  readonly yieldEveryMs?: number
  /** Called for each failure of a node's own code, as it happens. */
  readonly onFailure?: (failure: ContainedFailure) => void
  /** Called when two inputs begin to put out one key. */
  readonly onClash?: (clash: KeyClash) => void
}

const nothing: readonly never[] = Object.freeze([])

/** Makes an empty graph. */
export function createGraph(options: GraphOptions = {}): Graph {
  const { yieldEveryMs = 20, onFailure = () => {}, onClash = () => {} } = options
  const state: GraphState = {
    running: undefined,
    updating: false,
    run: 0,
    report: (node, input, error) => quietly(() => onFailure({ node, input, error: textOf(error) })),
    clashed: (clash) => quietly(() => onClash(clash)),
  }
  const nodes: Node[] = []
  const names = new Set<string>()
  let commits = 0
  let isBusy = false
  let next: PromiseWithResolvers<number> | undefined

  function declare<N extends Node>(node: N): N {
    if (names.has(node.name)) throw new Error(`two collections are called ${node.name}`)
    names.add(node.name)
    nodes.push(node)
    return node
  }

  async function run(): Promise<number> {
    const number = ++commits
    try {
      let deadline = performance.now() + yieldEveryMs
      // Every queue is taken before the first pause: what comes later waits for the next commit.
      for (const node of nodes) node.take()
      state.updating = true
      for (const node of nodes) {
        for (const _ of node.update(number)) {
          if (performance.now() < deadline) continue
          await breathe()
          deadline = performance.now() + yieldEveryMs
        }
      }
    } finally {
      state.updating = false
      const news = nodes.map((node) => ({ node, publish: node.changesToPublish(number) }))
      for (const { node } of news) node.settle()
      for (const { publish } of news) publish?.()
      isBusy = next !== undefined
      if (next !== undefined) follow(next)
      next = undefined
    }
    return number
  }

  /** Runs the commit that was asked for while another ran; never at once, so that no loop of commits starves the rest. */
  function follow(waiting: PromiseWithResolvers<number>): void {
    void breathe().then(run).then(waiting.resolve, waiting.reject)
  }

  return {
    source: <T>(name: string, indexes?: Indexes<T>): Source<T> => declare(new SourceStore<T>(name, state, indexes)),

    derive<I, O, R extends Reads>(node: Derive<I, O, R>): Collection<O> {
      const from = storeOf(node.from)
      return declare(
        new Computed<I, O>(
          {
            name: node.name,
            reads: node.reads,
            indexes: node.indexes,
            touched: () => from.before?.keys() ?? nothing,
            input: (key) => from.values.get(key),
            // The readers were built from `node.reads`, name by name, which the record's type cannot say.
            run: (input, _key, readers) => node.run(input, readers as Readers<R>),
            key: node.key,
            equal: node.equal,
          },
          state,
        ),
      )
    },

    fold<I, O, R extends Reads>(node: Fold<I, O, R>): Collection<O> {
      const from = storeOf(node.from)
      if (!from.hasIndex(node.by))
        throw new Error(`${node.name} folds ${from.name} by '${node.by}', not an index of it`)
      return declare(
        new Computed<readonly I[], O>(
          {
            name: node.name,
            reads: node.reads,
            indexes: node.indexes,
            touched: () => from.touchedIn(node.by) ?? nothing,
            input: (group) => {
              const members = from.bucket(node.by, group)
              return members.length === 0 ? undefined : members
            },
            // As above.
            run: (members, group, readers) => node.run(members, group, readers as Readers<R>),
            key: node.key,
            equal: node.equal,
          },
          state,
        ),
      )
    },

    union: <T>(name: string, parts: readonly Collection<T>[], indexes?: Indexes<T>): Collection<T> =>
      declare(new UnionStore<T>({ name, parts: parts.map(storeOf), indexes }, state)),

    commit(): Promise<number> {
      if (isBusy) {
        next ??= Promise.withResolvers<number>()
        return next.promise
      }
      isBusy = true
      return run()
    },

    stats: () => nodes.map((node) => node.stats()),
    failures: () => nodes.flatMap((node) => node.failures()),
    clashes: () => nodes.flatMap((node) => node.clashes()),
    readsOf: (name, inputKey) => nodes.find((node) => node.name === name)?.readsOf(inputKey) ?? [],
  }
}

/** A store as the commit sees it, whatever its values. */
interface Node {
  readonly name: string
  /** Takes the queued edits, so that later ones wait for the next commit. */
  take(): void
  update(commit: number): Iterable<void>
  changesToPublish(commit: number): (() => void) | undefined
  settle(): void
  stats(): NodeStats
  failures(): readonly ContainedFailure[]
  clashes(): readonly KeyClash[]
  readsOf(inputKey: string): readonly string[]
}

interface Edits<T> {
  /** Whether everything that is not in `values` goes. */
  isWhole: boolean
  readonly values: Map<string, T | undefined>
}

class SourceStore<T> extends Store<T> implements Source<T>, Node {
  private queued: Edits<T> | undefined
  private taken: Edits<T> | undefined

  set(key: string, value: T): void {
    this.queue().values.set(key, value)
  }

  delete(key: string): void {
    this.queue().values.set(key, undefined)
  }

  replace(entries: Iterable<readonly [key: string, value: T]>): void {
    this.queue()
    this.queued = { isWhole: true, values: new Map(entries) }
  }

  override take(): void {
    this.taken = this.queued
    this.queued = undefined
  }

  *update(): Generator<void> {
    const edits = this.taken
    if (edits === undefined) return
    this.taken = undefined
    if (edits.isWhole) {
      for (const key of [...this.values.keys()]) {
        if (!edits.values.has(key)) this.change(key, undefined)
        yield
      }
    }
    for (const [key, value] of edits.values) {
      if (!structurallyEqual(this.values.get(key), value)) this.change(key, value)
      yield
    }
  }

  private queue(): Edits<T> {
    if (this.state.running !== undefined) throw new Error(`${this.state.running} edits ${this.name} while it runs`)
    this.queued ??= { isWhole: false, values: new Map() }
    return this.queued
  }
}

class UnionStore<T> extends Store<T> implements Node {
  private readonly parts: readonly Store<T>[]

  constructor(spec: { name: string; parts: readonly Store<T>[]; indexes: Indexes<T> | undefined }, state: GraphState) {
    super(spec.name, state, spec.indexes)
    this.parts = spec.parts
  }

  *update(): Generator<void> {
    const touched = new Set<string>()
    for (const part of this.parts) for (const key of part.before?.keys() ?? nothing) touched.add(key)
    for (const key of touched) {
      const after = this.parts.find((part) => part.values.has(key))?.values.get(key)
      if (!structurallyEqual(this.values.get(key), after)) this.change(key, after)
      yield
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** Reports are for logs; one that fails must not stop a commit. */
function quietly(report: () => void): void {
  try {
    report()
  } catch {
    // There is nobody left to tell.
  }
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

// Random graphs over random worlds, edited at random: the engine against an interpreter that knows no increments.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Collection, Derive, Fold, Graph, Reader, Reads, Source } from '../../src/engine/collection.ts'
import { createGraph } from '../../src/engine/graph.ts'

interface Cell {
  readonly id: string
  readonly ref: string
  readonly tags: readonly string[]
  readonly n: number
}

/** How a node's function uses its reads and names its outputs; everything random is in here, so that runs are pure. */
interface NodeSpec {
  readonly shape: 'derive' | 'fold' | 'union'
  /** Positions among the collections declared before, modulo their number. */
  readonly from: number
  readonly reads: readonly number[]
  readonly ask: 'key' | 'tag' | 'all' | 'key then tag'
  readonly keyed: 'id' | 'ref' | 'numbered'
}

interface Edit {
  readonly source: number
  readonly op: 'set' | 'delete' | 'replace'
  readonly cells: readonly Cell[]
}

type AnyCollections = readonly Collection<Cell>[]
type Declares = Pick<Graph, 'derive' | 'fold' | 'union'> & { source(name: string): Source<Cell> }

const sources = ['s0', 's1', 's2']
const indexes = { tag: (cell: Cell) => cell.tags }

function answer(spec: NodeSpec, reader: Reader<Cell>, cell: Pick<Cell, 'ref' | 'tags'>): string {
  const found: (Cell | undefined)[] = []
  if (spec.ask !== 'tag' && spec.ask !== 'all') found.push(reader.get(cell.ref))
  // A read that depends on what another one found.
  if (spec.ask === 'tag' || (spec.ask === 'key then tag' && (found[0]?.n ?? 0) % 2 === 0)) {
    for (const tag of cell.tags) found.push(...reader.where('tag', tag))
  }
  if (spec.ask === 'all') found.push(...reader.list())
  return found.map((one) => (one === undefined ? '-' : `${one.id}:${one.n}`)).join(',')
}

function outputs(spec: NodeSpec, cell: Cell, read: Readonly<Record<string, Reader<Cell>>>): readonly Cell[] {
  const answers = Object.values(read).map((reader) => answer(spec, reader, cell))
  const sum = answers.join('|').length + cell.n
  const count = spec.keyed === 'numbered' ? sum % 3 : sum % 5 === 0 ? 0 : 1
  return Array.from({ length: count }, (_, i) => ({
    id: spec.keyed === 'numbered' ? `${cell.id.slice(0, 4)}${i}` : spec.keyed === 'ref' ? cell.ref : cell.id,
    ref: cell.tags[0] ?? cell.ref,
    // Few distinct values, so that equality often cuts.
    tags: sum % 2 === 0 ? cell.tags : [cell.ref],
    n: sum % 4,
  }))
}

/** Declares the random graph in the engine or in the interpreter alike. */
function declare(
  graph: Declares,
  specs: readonly NodeSpec[],
): { inputs: readonly Source<Cell>[]; all: AnyCollections } {
  const inputs = sources.map((name) => graph.source(name))
  const all: Collection<Cell>[] = [...inputs]
  const at = (position: number): Collection<Cell> => all[position % all.length] ?? all[0] ?? fail()
  for (const [number, spec] of specs.entries()) {
    const name = `n${number}`
    const from = at(spec.from)
    const reads = Object.fromEntries(spec.reads.map((position, i) => [`r${i}`, at(position)]))
    const key = (cell: Cell) => cell.id
    if (spec.shape === 'union') all.push(graph.union(name, [from, ...Object.values(reads)], indexes))
    else if (spec.shape === 'derive') {
      all.push(graph.derive({ name, from, reads, key, indexes, run: (cell: Cell, read) => outputs(spec, cell, read) }))
    } else {
      const run: Fold<Cell, Cell, Record<string, Collection<Cell>>>['run'] = (members, group, read) => {
        const n = members.reduce((sum, member) => sum + member.n, 0)
        return outputs(spec, { id: group, ref: members[0]?.id ?? '', tags: [group], n }, read)
      }
      all.push(graph.fold({ name, from, by: 'tag', reads, key, indexes, run }))
    }
  }
  return { inputs, all }
}

function fail(): never {
  throw new Error('impossible')
}

/** The engine's semantics without increments: every collection is computed from the ones before, whole. */
class Plain implements Source<Cell> {
  readonly name: string
  readonly compute: () => Map<string, Cell>
  values = new Map<string, Cell>()
  constructor(name: string, compute?: () => Map<string, Cell>) {
    this.name = name
    this.compute = compute ?? (() => this.values)
  }
  get = (key: string) => this.values.get(key)
  list = () => [...this.values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell)
  where = (_: string, tag: string) => this.list().filter((cell) => cell.tags.includes(tag))
  set = (key: string, cell: Cell) => this.values.set(key, cell)
  delete = (key: string) => this.values.delete(key)
  replace = (entries: Iterable<readonly [string, Cell]>) => {
    this.values = new Map(entries)
  }
  observe = () => () => {}
}

function interpreter(): Declares & { recompute(): void } {
  const nodes: Plain[] = []
  const add = (node: Plain) => {
    nodes.push(node)
    return node
  }
  /** Inputs in key order, first claim of a key wins. */
  const merge = (found: Iterable<Cell>) => {
    const values = new Map<string, Cell>()
    for (const cell of found) if (!values.has(cell.id)) values.set(cell.id, cell)
    return values
  }
  const keysOf = (collection: Collection<Cell>) =>
    collection instanceof Plain ? [...collection.values].sort(([a], [b]) => (a < b ? -1 : 1)) : fail()
  // The interpreter knows one type of value; the interface speaks of any.
  const derive = (node: Derive<Cell, Cell, Reads>) =>
    add(new Plain(node.name, () => merge(keysOf(node.from).flatMap(([, cell]) => [...node.run(cell, node.reads)]))))
  const fold = (node: Fold<Cell, Cell, Reads>) =>
    add(
      new Plain(node.name, () => {
        const groups = [...new Set(node.from.list().flatMap((cell) => cell.tags))].sort()
        return merge(groups.flatMap((group) => [...node.run(node.from.where('tag', group), group, node.reads)]))
      }),
    )
  const union = (name: string, parts: readonly Collection<Cell>[]) =>
    add(new Plain(name, () => new Map(parts.toReversed().flatMap((part) => keysOf(part)))))
  return {
    source: (name) => add(new Plain(name)),
    derive: derive as unknown as Graph['derive'],
    fold: fold as unknown as Graph['fold'],
    union: union as unknown as Graph['union'],
    recompute: () => {
      for (const node of nodes) node.values = node.compute()
    },
  }
}

function deepFreeze(cell: Cell): Cell {
  Object.freeze(cell.tags)
  return Object.freeze(cell)
}

const name = fc.constantFrom('k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7')
const tag = fc.constantFrom('t0', 't1', 't2', 'k1')
const cell = fc
  .record({ id: name, ref: fc.oneof(name, tag), tags: fc.array(tag, { maxLength: 3 }), n: fc.nat(6) })
  .map(deepFreeze)
const spec: fc.Arbitrary<NodeSpec> = fc.record({
  shape: fc.constantFrom('derive', 'derive', 'fold', 'union'),
  from: fc.nat(20),
  reads: fc.array(fc.nat(20), { maxLength: 3 }),
  ask: fc.constantFrom('key', 'tag', 'all', 'key then tag'),
  keyed: fc.constantFrom('id', 'ref', 'numbered'),
})
const edit: fc.Arbitrary<Edit> = fc.record({
  source: fc.nat(sources.length - 1),
  op: fc.constantFrom('set', 'set', 'set', 'delete', 'replace'),
  cells: fc.array(cell, { minLength: 1, maxLength: 6 }),
})
/** Edits by commit. */
const script = fc.array(fc.array(edit, { minLength: 1, maxLength: 3, size: 'max' }), {
  minLength: 10,
  maxLength: 40,
  size: 'max',
})
const graphSpec = fc.array(spec, { minLength: 1, maxLength: 7 })

function apply(edit: Edit, inputs: readonly Source<Cell>[]): void {
  const source = inputs[edit.source] ?? fail()
  if (edit.op === 'replace') source.replace(edit.cells.map((one) => [one.id, one]))
  else for (const one of edit.cells) edit.op === 'set' ? source.set(one.id, one) : source.delete(one.id)
}

const dump = (collections: AnyCollections) =>
  collections.map((collection) => [
    collection.name,
    collection.list(),
    ...['t0', 't1', 't2', 'k1'].map((value) => (collection.name.startsWith('s') ? [] : collection.where('tag', value))),
  ])

function engine(yieldEveryMs?: number) {
  const graph = createGraph(yieldEveryMs === undefined ? {} : { yieldEveryMs })
  const declares: Declares = { ...graph, source: (name) => graph.source<Cell>(name, indexes) }
  return { graph, declares }
}

describe('the engine, on random graphs', () => {
  it('holds after each commit what a computation from scratch gives, and reports net changes', async () => {
    let steps = 0
    await fc.assert(
      fc.asyncProperty(graphSpec, script, async (specs, commits) => {
        const { graph, declares } = engine()
        const { inputs, all } = declare(declares, specs)
        const plain = interpreter()
        const expected = declare(plain, specs)
        // Replaying the changes that observers were told must give the collection.
        const mirrors = all.map((collection) => {
          const mirror = new Map<string, Cell>()
          collection.observe((changes) => {
            for (const { key, before, after } of changes) {
              expect(mirror.get(key)).toEqual(before)
              expect(after).not.toEqual(before)
              if (after === undefined) mirror.delete(key)
              else mirror.set(key, after)
            }
          })
          return mirror
        })
        for (const edits of commits) {
          for (const one of edits) {
            apply(one, inputs)
            apply(one, expected.inputs)
            steps++
          }
          await graph.commit()
          plain.recompute()
          expect(dump(all)).toEqual(dump(expected.all))
        }
        expect(mirrors.map((mirror) => mirror.size)).toEqual(all.map((collection) => collection.list().length))
        expect(graph.failures()).toEqual([])
      }),
      { numRuns: 400 },
    )
    expect(steps).toBeGreaterThan(10_000)
  })

  it('does not depend on the order of arrival, nor on how edits are spread over commits', async () => {
    const world = fc.array(fc.tuple(fc.nat(sources.length - 1), cell), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(graphSpec, world, fc.func(fc.nat(1000)), fc.nat(5), async (specs, cells, weigh, every) => {
        const unique = [...new Map(cells.map(([source, one]) => [`${source}${one.id}`, { source, one }])).values()]
        const shuffled = unique.map((item, i) => ({ ...item, weight: weigh(i) })).sort((a, b) => a.weight - b.weight)
        const results = []
        for (const [order, step] of [
          [unique, unique.length + 1],
          [shuffled, every + 1],
        ] as const) {
          const { graph, declares } = engine(0)
          const { inputs, all } = declare(declares, specs)
          for (const [i, { source, one }] of order.entries()) {
            inputs[source]?.set(one.id, one)
            // Not awaited: the commits overlap with the edits that follow.
            if (i % step === step - 1) void graph.commit()
          }
          await graph.commit()
          results.push({ dump: dump(all), clashes: graph.clashes().toSorted(byNodeAndKey) })
        }
        expect(results[1]).toEqual(results[0])
      }),
      { numRuns: 150 },
    )
  })

  it('says nothing and runs nothing when everything is applied again unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(graphSpec, script, async (specs, commits) => {
        const { graph, declares } = engine()
        const { inputs, all } = declare(declares, specs)
        for (const edits of commits) for (const one of edits) apply(one, inputs)
        await graph.commit()
        const stats = graph.stats()
        let told = 0
        for (const collection of all) collection.observe(() => told++)
        for (const input of inputs) {
          for (const one of input.list()) input.set(one.id, structuredClone(one))
        }
        await graph.commit()
        for (const input of inputs) input.replace(input.list().map((one) => [one.id, structuredClone(one)] as const))
        await graph.commit()
        expect(told).toBe(0)
        expect(graph.stats()).toEqual(stats)
      }),
      { numRuns: 100 },
    )
  })

  it('ends empty when everything is deleted', async () => {
    await fc.assert(
      fc.asyncProperty(graphSpec, script, async (specs, commits) => {
        const { graph, declares } = engine()
        const { inputs, all } = declare(declares, specs)
        for (const edits of commits) {
          for (const one of edits) apply(one, inputs)
          await graph.commit()
        }
        for (const input of inputs) input.replace([])
        await graph.commit()
        expect(all.flatMap((collection) => collection.list())).toEqual([])
        expect(graph.stats().map(({ inputs: left }) => left)).toEqual(all.map(() => 0))
        expect(graph.clashes()).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})

function byNodeAndKey(a: { node: string; key: string }, b: { node: string; key: string }): number {
  return `${a.node} ${a.key}` < `${b.node} ${b.key}` ? -1 : 1
}

import { firstValueFrom, of, Subject, skip } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGraph } from '../engine/graph.ts'
import type { KubeObject } from '../kube/object.ts'
import { type Intake, settle } from './settle.ts'
import type { Batch, ReportedProblem } from './source.ts'

const object = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name } })
const problem: ReportedProblem = {
  severity: 'error',
  object: '',
  file: 'a.yaml',
  line: 1,
  path: '',
  reason: 'SyntaxError',
  message: 'broken',
}

function world() {
  const graph = createGraph({ yieldEveryMs: 0 })
  const things = graph.source<KubeObject>('source/things')
  const others = graph.source<KubeObject>('source/others')
  const problems = graph.source<readonly ReportedProblem[]>('source/problems')
  const commits: string[][] = []
  things.observe((changes) => commits.push(changes.map(({ key }) => key)))
  const intake: Intake = {
    collection: (name) => [things, others].find((source) => source.name === name),
    problems,
    commit: graph.commit,
  }
  return { things, others, problems, commits, intake }
}

/** A source whose batches a test emits by hand. */
function source(required: readonly string[] = []) {
  const emitted = new Subject<readonly Batch[]>()
  return { name: 'test', required, batches: () => emitted, emitted }
}

const set = (...names: string[]): Batch => ({
  apply: names.map((name) => ({ collection: 'source/things', key: name, object: object(name) })),
})
const replace = (collection: string, ...names: string[]): Batch => ({
  replace: collection,
  objects: new Map(names.map((name) => [name, object(name)])),
})

describe('settle', () => {
  it('commits nothing before each required collection was replaced once, whatever the source', async () => {
    const { intake, commits } = world()
    const [first, second] = [source(['source/things']), source(['source/others'])]
    const committed = firstValueFrom(settle([first, second], intake))
    first.emitted.next([replace('source/things', 'a')])
    first.emitted.next([set('b')])
    expect(commits).toEqual([])
    second.emitted.next([replace('source/others')])
    expect(await committed).toBe(1)
    expect(commits).toEqual([['a', 'b']])
  })

  it('commits at once when idle, and together what arrives while a commit runs', async () => {
    const { intake, commits } = world()
    const one = source()
    const third = firstValueFrom(settle([one], intake).pipe(skip(1)))
    one.emitted.next([set('a', 'b', 'c')])
    one.emitted.next([set('d')])
    one.emitted.next([set('e'), set('f')])
    expect(await third).toBe(2)
    expect(commits).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ])
  })

  it('deletes what a batch deletes or a replace lacks', async () => {
    const { intake, things } = world()
    const remove: Batch = { apply: [{ collection: 'source/things', key: 'b', object: undefined }] }
    const batches = [[replace('source/things', 'a', 'b')], [replace('source/things', 'b', 'c')], [remove]]
    await firstValueFrom(settle([{ name: 'test', required: [], batches: () => of(batches.flat()) }], intake))
    expect(things.list()).toEqual([object('c')])
  })

  it('keeps the problems of each origin until they are mended', async () => {
    const { intake, problems } = world()
    const one = source()
    const committed = firstValueFrom(settle([one], intake))
    one.emitted.next([
      { report: 'a.yaml', problems: [problem] },
      { report: 'b.yaml', problems: [problem] },
    ])
    await committed
    expect(problems.get('a.yaml')).toEqual([problem])
    const mended = firstValueFrom(settle([one], intake))
    one.emitted.next([{ report: 'a.yaml', problems: [] }])
    await mended
    expect(problems.list()).toHaveLength(1)
  })

  it('drops objects of collections that nobody reads', async () => {
    const { intake, things } = world()
    const one = source(['source/unread'])
    const committed = firstValueFrom(settle([one], intake))
    one.emitted.next([replace('source/unread', 'x'), set('a')])
    await committed
    expect(things.list()).toEqual([object('a')])
  })
})

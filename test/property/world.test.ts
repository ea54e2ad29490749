// Random clusters under random edits, through the whole pipeline. What is held after any history is what a fresh process
// holds of the same objects; repeating and writing statuses are no edits; nothing is sent where it does not belong.
// A failure prints its seed and the shortest script that fails; WORLD_SEED replays it, WORLD_RUNS tries more.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRun, type Run } from '../../src/cli/run.ts'
import { splitNameKey } from '../../src/core/keys.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { valueBytes } from '../../src/wire/encode.ts'
import { SHARED } from '../../src/wire/entry.ts'
import { issueCertificate } from '../certificates.ts'
import { GATEWAY_NAMES } from './world-parts.ts'
import { worldsWith } from './worlds.ts'

const { WORLD_SEED, WORLD_RUNS } = process.env
const RUNS = Number(WORLD_RUNS ?? 50)
const options = (share: number) => ({
  numRuns: Math.ceil(RUNS * share),
  ...(WORLD_SEED === undefined ? {} : { seed: Number(WORLD_SEED) }),
})
const settings = { ...DEFAULT_TRANSLATE_SETTINGS, enableModels: true, enableInferencePool: true }

const { object, world } = worldsWith(issueCertificate('*.example.com'))
/** Edits of one commit: an object is put, or the n-th of those that exist is deleted. */
const commit = fc.array(fc.oneof({ weight: 4, arbitrary: object }, { weight: 1, arbitrary: fc.nat(99) }), {
  minLength: 1,
  maxLength: 3,
})
const script = fc.array(commit, { minLength: 10, maxLength: 16 })

function identity({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`
}

function unique(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((each) => [identity(each), each]))
}

/** Everything that a run holds, comparable. */
function held({ pipeline }: Run): unknown {
  return {
    sent: pipeline.xds.list().map(({ scope, encoded, owners }) => [scope, encoded.name, encoded.version, owners]),
    statuses: pipeline.statuses.list(),
    problems: pipeline.translations.list().map(({ object, problems }) => [object, problems]),
    demands: pipeline.demands.list(),
  }
}

async function freshRun(objects: Iterable<KubeObject>): Promise<Run> {
  const run = createRun(settings)
  run.set(objects)
  await run.pipeline.graph.commit()
  return run
}

function work({ pipeline }: Run): number {
  return pipeline.graph.stats().reduce((sum, { runs }) => sum + runs, 0)
}

describe('random clusters', () => {
  test('hold after any edits what a fresh process holds, and send nothing to other Gateways', async () => {
    let steps = 0
    await fc.assert(
      fc.asyncProperty(world, script, async (initial, commits) => {
        const objects = unique(initial)
        const run = await freshRun(objects.values())
        for (const edits of commits) {
          for (const edit of edits) {
            steps++
            if (typeof edit !== 'number') {
              objects.set(identity(edit), edit)
              run.set([edit])
              continue
            }
            const victim = [...objects.values()][edit % Math.max(1, objects.size)]
            if (victim === undefined) continue
            objects.delete(identity(victim))
            run.delete([victim])
          }
          await run.pipeline.graph.commit()
          expect(held(run)).toEqual(held(await freshRun(objects.values())))
        }
        expect(run.pipeline.graph.failures()).toEqual([])
        for (const { scope, encoded } of run.pipeline.xds.list()) {
          if (scope === SHARED) continue
          const foreign = GATEWAY_NAMES.filter((name) => name !== splitNameKey(scope).name)
          const content = Buffer.from(valueBytes(encoded))
          for (const name of foreign) expect(content.includes(name) || encoded.name.includes(name)).toBe(false)
        }
      }),
      options(1),
    )
    expect(steps).toBeGreaterThan(RUNS * 20)
  })

  test('do not depend on the order of arrival, and end empty', async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.infiniteStream(fc.nat(1000)),
        fc.integer({ min: 1, max: 9 }),
        async (all, dice, size) => {
          const objects = [...unique(all).values()]
          const order = objects
            .map((each) => ({ each, rank: dice.next().value }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ each }) => each)
          const run = createRun(settings)
          for (let i = 0; i < order.length; i += size) {
            run.set(order.slice(i, i + size))
            await run.pipeline.graph.commit()
          }
          expect(held(run)).toEqual(held(await freshRun(objects)))
          for (const each of order.toReversed()) {
            run.delete([each])
            if (dice.next().value % 3 === 0) await run.pipeline.graph.commit()
          }
          await run.pipeline.graph.commit()
          expect(held(run)).toEqual({ sent: [], statuses: [], problems: [], demands: [] })
        },
      ),
      options(1),
    )
  })

  test('do nothing when an object is repeated or its status is written', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (all) => {
        const objects = unique(all)
        const run = await freshRun(objects.values())
        let changes = 0
        for (const collection of [run.pipeline.xds, run.pipeline.statuses, run.pipeline.translations])
          collection.observe((changed) => {
            changes += changed.length
          })
        const before = work(run)
        run.set([...objects.values()].map((each) => structuredClone(each)))
        await run.pipeline.graph.commit()
        expect([work(run), changes]).toEqual([before, 0])
        const written = run.result('2026-01-01T00:00:00Z').statuses.map(({ kind, metadata, status }) => {
          const found = objects.get(identity({ apiVersion: '', kind, metadata }))
          if (found === undefined) throw new Error(`a status for ${kind} ${metadata.name}, which does not exist`)
          const withStatus: KubeObject & { readonly status: unknown } = { ...found, status }
          return withStatus
        })
        run.set(written)
        await run.pipeline.graph.commit()
        expect([work(run), changes]).toEqual([before, 0])
        // Written, a status asks for no other.
        const again = run.result('2026-02-01T00:00:00Z').statuses.map(({ status }) => status)
        expect(again).toEqual(written.map(({ status }) => status))
      }),
      options(0.7),
    )
  })
})

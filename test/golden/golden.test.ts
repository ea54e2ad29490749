// Replays the public fixtures that GOLDEN_DIR names through the whole pipeline: as written, shuffled, one object a
// commit, and deleted to empty. Which resources and statuses a suite compares comes from the fixture format.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createRun, type Run, type RunResult } from '../../src/cli/run.ts'
import { compareStrings } from '../../src/core/order.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { keyOf } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { type GoldenCase, goldenCases } from './corpus.ts'
import { reachingRoutes, SUITES, type Suite } from './suites.ts'

const root = process.env.GOLDEN_DIR
if (root === undefined) console.warn('GOLDEN_DIR is unset: no golden fixture is replayed')

describe.runIf(root !== undefined)('golden', () => {
  for (const suite of SUITES) {
    const cases = goldenCases(join(root ?? '', suite.folder))
    const settings = {
      ...DEFAULT_TRANSLATE_SETTINGS,
      clusterId: 'Kubernetes',
      enableInferencePool: true,
      ...suite.settings,
    }
    describe(suite.folder, () => {
      test('has cases', () => expect(cases.length).toBeGreaterThan(0))
      for (const golden of cases) {
        const objects = suite.reachesEverything
          ? [...golden.objects, ...reachingRoutes(golden.objects)]
          : golden.objects
        const check = (run: Run): void => {
          const found = run.result(NOW)
          expect(found.failures).toEqual([])
          expect(comparable(found, golden.objects, suite)).toEqual(expected(golden))
        }

        test(golden.name, async () => {
          const run = createRun(settings)
          await apply(run, objects)
          check(run)
        })
        test(`${golden.name}, shuffled`, async () => {
          const run = createRun(settings)
          await apply(run, shuffled(objects))
          check(run)
        })
        test(`${golden.name}, one object at a time, then none`, async () => {
          const run = createRun(settings)
          for (const object of shuffled(objects).toReversed()) await apply(run, [object])
          check(run)
          for (const object of shuffled(objects)) {
            run.delete([object])
            await run.pipeline.graph.commit()
          }
          const { resources, addresses, statuses } = run.result(NOW)
          expect({ resources, addresses, statuses }).toEqual({ resources: [], addresses: [], statuses: [] })
        })
      }
    })
  }
})

interface Comparable {
  readonly output: readonly unknown[]
  readonly status: readonly unknown[]
}

const NOW = '2026-01-01T00:00:00Z'

async function apply(run: Run, objects: readonly KubeObject[]): Promise<void> {
  expect(run.set(objects)).toEqual([])
  await run.pipeline.graph.commit()
}

const KIND_RANK = ['GatewayClass', 'Gateway', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']

/** The output in the fixtures' own shape and order. */
function comparable(found: RunResult, objects: readonly KubeObject[], suite: Suite): Comparable {
  const resources = found.resources
    .filter(({ name }) => suite.resources?.(name) ?? true)
    .map(({ gateway: { name, namespace }, resource, ...entry }) => ({
      order: `${namespace}/${name}/${entry.name}`,
      entry: { gateway: { Name: name, Namespace: namespace }, resource },
    }))
    .toSorted((a, b) => compareStrings(a.order, b.order))
    .map(({ entry }) => entry)
  const addresses = suite.reachesEverything === true ? found.addresses.map(({ address }) => bare(address)) : []
  const given = new Map(objects.map((object) => [`${object.kind}/${keyOf(object)}`, object]))
  const status = found.statuses
    .filter(({ kind }) => suite.statusKinds.includes(kind))
    .filter(({ kind, metadata, status }) => {
      // What a fixture's object has as its status, if it has one.
      const before = given.get(`${kind}/${keyOf({ metadata })}`) as { readonly status?: unknown } | undefined
      return kind === 'BackendTLSPolicy' || JSON.stringify(sorted(before?.status)) !== JSON.stringify(sorted(status))
    })
    .map((entry) => ({ ...entry, spec: null, status: masked(entry.status) }))
  return { output: [...resources, ...addresses], status: byRank(status) }
}

/** The fixtures list addresses without saying which arm they are. */
function bare(address: unknown): unknown {
  return Object.values(Object(address))[0]
}

function expected(golden: GoldenCase): Comparable {
  // Statuses in a fixture have this shape.
  return { output: golden.output, status: byRank(golden.status as readonly StatusEntry[]) }
}

interface StatusEntry {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** The fixtures leave the order of kinds without a rank open. */
function byRank<T extends StatusEntry>(statuses: readonly T[]): readonly T[] {
  const key = ({ kind, metadata }: T): string =>
    `${KIND_RANK.indexOf(kind) + 1}/${metadata.namespace ?? ''}/${metadata.name}/${kind}`
  return statuses.toSorted((a, b) => compareStrings(key(a), key(b)))
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'lastTransitionTime' ? 'fake' : masked(inner)]),
  )
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [key, sorted(inner)])
      .sort(([a], [b]) => compareStrings(a, b)),
  )
}

/** A fixed shuffle: a different order, the same every time. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  const result = [...items]
  let seed = 42
  for (let i = result.length - 1; i > 0; i--) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    const j = seed % (i + 1)
    const [a, b] = [result[i], result[j]]
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a]
  }
  return result
}

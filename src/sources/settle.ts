// When edits become commits: at once while the engine is idle, and together when they arrive during a commit. There is no
// quiet period, for waiting until a busy cluster is silent is what would make it slow.
import { distinctUntilChanged, filter, merge, mergeMap, type Observable, tap } from 'rxjs'
import type { Source } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import type { Batch, ObjectSource, ReportedProblem } from './source.ts'

/** Where batches go. */
export interface Intake {
  /** The collection of a name; undefined when nobody reads it, and then its objects are dropped. */
  readonly collection: (name: string) => Source<KubeObject> | undefined
  /** What is wrong with each origin; origins without problems are not in it. */
  readonly problems: Source<readonly ReportedProblem[]>
  /** The graph's commit: calls made while one runs share the next one. */
  readonly commit: () => Promise<number>
}

/** Hands the batches of all sources to the engine; emits the number of each commit that contains some. */
export function settle(sources: readonly ObjectSource[], intake: Intake): Observable<number> {
  const awaited = new Set(sources.flatMap((source) => source.required))
  return merge(...sources.map((source) => source.batches())).pipe(
    tap((batches) => {
      for (const batch of batches) {
        enqueue(batch, intake)
        if ('replace' in batch) awaited.delete(batch.replace)
      }
    }),
    filter(() => awaited.size === 0),
    // The edits are queued already. Asking again while a commit runs is asking for the one after it, once for all, so
    // a burst of any size costs two commits.
    mergeMap(() => intake.commit()),
    distinctUntilChanged(),
  )
}

function enqueue(batch: Batch, intake: Intake): void {
  if ('replace' in batch) intake.collection(batch.replace)?.replace(batch.objects)
  else if ('apply' in batch) {
    for (const { collection, key, object } of batch.apply) {
      const target = intake.collection(collection)
      if (object === undefined) target?.delete(key)
      else target?.set(key, object)
    }
  } else if (batch.problems.length === 0) intake.problems.delete(batch.report)
  else intake.problems.set(batch.report, batch.problems)
}

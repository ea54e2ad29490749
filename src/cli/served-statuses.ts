// The status of every object as it would be written now: what translation and proxies say, merged with what is there.
import type { Collection } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import { liveCollection } from '../sources/kubernetes/kinds.ts'
import { mergeStatus } from '../status/merge.ts'
import type { SessionView } from '../xds/session-view.ts'
import { refusals, withRefusals } from './proxy-verdicts.ts'
import { type PrintedStatus, watchedKind } from './run.ts'
import type { Running } from './serve.ts'

/** What statuses are made from. */
export interface StatusSources extends Pick<Running, 'pipeline' | 'snapshot'> {
  readonly live: ReadonlyMap<string, Collection<KubeObject>>
  readonly settings: Pick<Running['settings'], 'controllerName'>
}

/** The statuses, in the order of their objects. */
export function servedStatuses(
  { pipeline, snapshot, live, settings }: StatusSources,
  sessions: readonly SessionView[],
): readonly PrintedStatus[] {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const refused = refusals(sessions, snapshot)
  return pipeline.statuses.list().map((draft) => {
    const { apiVersion, object } = draft
    const { kind, namespace, name } = object
    const watched = watchedKind({ apiVersion, kind })
    const collection = watched === undefined ? undefined : live.get(liveCollection(watched))
    // A live object carries the status that the door took off.
    const current = collection?.get(namespace === '' ? name : `${namespace}/${name}`) as
      | { readonly status?: unknown }
      | undefined
    return {
      apiVersion,
      kind,
      metadata: namespace === '' ? { name } : { name, namespace },
      status: mergeStatus(withRefusals(draft, refused), current?.status, {
        now,
        controllerName: settings.controllerName,
      }),
    }
  })
}

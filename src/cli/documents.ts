// Fetching of remote key sets for a controller without a cluster: what is fetched goes into the graph as ConfigMaps, as
// a cluster would keep it, and into a folder if there is one.

import { nameKey } from '../core/keys.ts'
import type { Log } from '../core/log.ts'
import { fetchKeySet } from '../documents/fetch.ts'
import { DocumentFetcher, systemClock } from '../documents/fetcher.ts'
import { localStore } from '../documents/stores.ts'
import type { Pipeline } from '../translate/pipeline.ts'

/** What fetching works with. */
export interface DocumentsOptions {
  readonly pipeline: Pick<Pipeline, 'demands' | 'documents'>
  readonly systemNamespace: string
  /** Where documents outlive the process; empty for nowhere. */
  readonly folder: string
  readonly log: Log
  /** Makes what was stored visible. */
  readonly commit: () => void
}

/** Fetches demanded documents until `signal` ends it. */
export async function startDocuments(options: DocumentsOptions, signal: AbortSignal): Promise<DocumentFetcher> {
  const { pipeline, systemNamespace, folder, log, commit } = options
  const store = localStore(
    (name, configMap) => {
      const key = nameKey(systemNamespace, name)
      if (configMap === undefined) pipeline.documents.delete(key)
      else pipeline.documents.set(key, configMap)
      commit()
    },
    systemNamespace,
    folder === '' ? undefined : folder,
  )
  const fetcher = new DocumentFetcher({ demands: pipeline.demands, store, fetch: fetchKeySet, clock: systemClock, log })
  await fetcher.start(signal)
  return fetcher
}

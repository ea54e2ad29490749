// Watches what was deployed, by its label, so that what somebody changes or deletes is mended. Nothing is kept here: each
// kind is listed, then watched, and listed again when the watch ends.
import { isApiError } from '../cluster/api-error.ts'
import type { ClusterClient, Resource } from '../cluster/client.ts'
import { errorText, type Log } from '../core/log.ts'
import type { KubeObject } from '../kube/object.ts'
import { GATEWAY_NAME_LABEL } from '../kube/proxy-deployment.ts'
import type { Clock } from './deployer.ts'
import { type DeployedKind, deployedKinds } from './kinds.ts'

/** Who is told; a Deployer. */
export interface DriftObserver {
  saw(object: KubeObject, isDeleted: boolean): void
  sawAll(kind: string, objects: readonly KubeObject[]): void
}

/** What watching needs. */
export interface DriftOptions {
  readonly client: Pick<ClusterClient, 'list' | 'watch'>
  readonly observer: DriftObserver
  readonly clock: Clock
  readonly log: Log
}

const WATCH_SECONDS = 300
const AFTER_ERROR_MS = 5_000
const ABSENT_KIND_MS = 60_000

/** Watches every deployed kind until `signal` ends it. */
export function watchDrift(options: DriftOptions, signal: AbortSignal): void {
  for (const kind of deployedKinds) void follow(kind, options, signal)
}

async function follow(kind: DeployedKind, options: DriftOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options
  while (!signal.aborted) {
    try {
      await once(kind, options, signal)
    } catch (error) {
      if (signal.aborted) return
      // 410 says that the watch fell behind: the next list catches up.
      if (isApiError(error, 410)) continue
      log.debug({ kind: kind.kind, error: errorText(error) }, 'cannot watch what is deployed; will try again')
      await pause(clock, isApiError(error, 404) ? ABSENT_KIND_MS : AFTER_ERROR_MS, signal)
    }
  }
}

async function once(kind: DeployedKind, { client, observer }: DriftOptions, signal: AbortSignal): Promise<void> {
  const { resourceVersion, items } = await everything(client, kind, signal)
  observer.sawAll(kind.kind, items)
  const request = { labelSelector: GATEWAY_NAME_LABEL, resourceVersion, timeoutSeconds: WATCH_SECONDS }
  for await (const events of client.watch(kind, { ...request, idleMs: (WATCH_SECONDS + 30) * 1000 }, signal)) {
    for (const { type, object } of events) {
      if (type !== 'BOOKMARK') observer.saw({ ...object, kind: kind.kind }, type === 'DELETED')
    }
  }
}

async function everything(
  client: DriftOptions['client'],
  resource: Resource,
  signal: AbortSignal,
): Promise<{ readonly resourceVersion: string; readonly items: readonly KubeObject[] }> {
  const items: KubeObject[] = []
  for (let continueToken = ''; ; ) {
    const request = { labelSelector: GATEWAY_NAME_LABEL, limit: 500, continueToken }
    const page = await client.list(resource, request, signal)
    items.push(...page.items)
    if (page.continueToken === '') return { resourceVersion: page.resourceVersion, items }
    continueToken = page.continueToken
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const unschedule = clock.schedule(ms, resolve)
  const stop = (): void => {
    unschedule()
    resolve()
  }
  signal.addEventListener('abort', stop)
  await promise
  signal.removeEventListener('abort', stop)
}

// The one GatewayClass that we create, and create again when somebody deletes or changes it. Runs on the leader only.
// (spec: deployer, GatewayClass reconciler)
import type { ClusterClient, Resource } from '../cluster/client.ts'
import { errorText, type Log } from '../core/log.ts'
import type { Collection } from '../engine/collection.ts'
import type { GatewayClass, ObjectReference } from '../kube/gateway-types.ts'
import type { Clock, Measure } from './deployer.ts'

/** What the class is to be. */
export interface ManagedClass {
  readonly className: string
  readonly controllerName: string
  /** From the settings; absent when there is none. */
  readonly parametersRef: ObjectReference | undefined
}

/** What keeping the class needs. */
export interface ClassKeeperOptions extends ManagedClass {
  readonly classes: Collection<GatewayClass>
  readonly client: Pick<ClusterClient, 'apply'>
  readonly clock: Clock
  readonly log: Log
  readonly measure: Measure
}

const RESOURCE: Resource = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'gatewayclasses',
  namespaced: false,
}
const RETRY_MS = 5_000

/** The class as it is applied. */
function renderGatewayClass({ className, controllerName, parametersRef }: ManagedClass): GatewayClass {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: className },
    spec: {
      controllerName,
      description: 'Specialized class for agentgateway.',
      ...(parametersRef === undefined ? {} : { parametersRef }),
    },
  }
}

/** Keeps the class until `signal` ends it. */
export function keepGatewayClass(options: ClassKeeperOptions, signal: AbortSignal): void {
  const { classes, client, clock, log, measure, className, controllerName } = options
  const wanted = renderGatewayClass(options)
  let isWriting = false
  let isStale = false
  let unschedule = (): void => {}
  let told = ''
  const keep = async (): Promise<void> => {
    const live = classes.get(className)
    if (isWriting) isStale = true
    if (isWriting || signal.aborted || isAsWanted(live, wanted)) return
    const owner = live?.spec?.controllerName
    if (owner !== undefined && owner !== controllerName) {
      log.error(
        { className, controllerName: owner },
        'the GatewayClass belongs to another controller; it is left alone',
      )
      return
    }
    isWriting = true
    const ended = measure({ namespace: '', name: className })
    try {
      await client.apply(RESOURCE, wanted)
      ended('success')
      told = ''
      log.info({ className }, 'applied the GatewayClass')
    } catch (error) {
      ended('error')
      const fields = { className, error: errorText(error) }
      // Without Gateway API's CRDs it goes on like this until somebody installs them.
      if (told === fields.error) log.debug(fields, 'the GatewayClass can still not be applied')
      else log.warn(fields, 'cannot apply the GatewayClass; will try again')
      told = fields.error
      if (!signal.aborted) unschedule = clock.schedule(RETRY_MS, () => void keep())
    } finally {
      isWriting = false
      if (isStale) {
        isStale = false
        void keep()
      }
    }
  }
  const unobserve = classes.observe((changes) => {
    if (changes.some(({ key }) => key === className)) void keep()
  })
  signal.addEventListener('abort', () => {
    unobserve()
    unschedule()
  })
  void keep()
}

// Only what we say counts: others may add to it.
function isAsWanted(live: GatewayClass | undefined, wanted: GatewayClass): boolean {
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return false
  const { controllerName, description, parametersRef } = live.spec ?? {}
  const ref = wanted.spec?.parametersRef
  return (
    controllerName === wanted.spec?.controllerName &&
    description === wanted.spec?.description &&
    (ref === undefined ||
      (['group', 'kind', 'namespace', 'name'] as const).every((field) => parametersRef?.[field] === ref[field]))
  )
}

// What the leader of a cluster does besides writing statuses: it keeps the GatewayClass, applies deployments, mends them, and
// puts what came of it back into the pipeline, from where it reaches the statuses of Gateways.
import type { ClusterClient } from '../cluster/client.ts'
import type { Log } from '../core/log.ts'
import { type Clock, Deployer, type Measure } from '../deploy/deployer.ts'
import { watchDrift } from '../deploy/drift.ts'
import { keepGatewayClass } from '../deploy/gateway-class.ts'
import type { Collection } from '../engine/collection.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import type { DeploymentOwner } from '../kube/proxy-deployment.ts'
import type { Settings } from '../settings.ts'
import type { Pipeline } from '../translate/pipeline.ts'

/** What deploying works with. */
export interface DeployingOptions {
  readonly pipeline: Pick<Pipeline, 'deployments' | 'verdicts' | 'source'>
  /** The classes of the cluster itself, without one that is only implied. */
  readonly classes: Collection<GatewayClass>
  /** Its field manager is the controller's name. */
  readonly client: Pick<ClusterClient, 'get' | 'list' | 'watch' | 'apply' | 'create' | 'delete'>
  readonly settings: Pick<Settings, 'className' | 'controllerName' | 'classParameters'>
  readonly log: Log
  /** Asks for a commit, so that verdicts are seen. */
  readonly commit: () => void
  /** What measures attempts of a kind. */
  readonly measure: (controller: 'gateway' | 'gatewayclass') => Measure
  readonly clock?: Clock
}

/** Timers of the process, which none of them keeps alive. */
export const systemClock: Clock = {
  schedule: (ms, task) => {
    const timer = setTimeout(task, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** Deploys for as long as this replica leads: until `signal` ends it. */
export function startDeploying(options: DeployingOptions, signal: AbortSignal): void {
  const { pipeline, classes, client, settings, log, measure, commit, clock = systemClock } = options
  const { className, controllerName, classParameters } = settings
  keepGatewayClass(
    {
      ...{ className, controllerName, classes, client, clock, log, measure: measure('gatewayclass') },
      parametersRef: classParameters[className],
    },
    signal,
  )
  const deployer = new Deployer({
    ...{ deployments: pipeline.deployments, client, clock, log },
    report: (verdict) => {
      pipeline.verdicts.set(verdict.gateway, verdict)
      commit()
    },
    forget: (gateway) => {
      pipeline.verdicts.delete(gateway)
      commit()
    },
    lost: (key) => lostGateway(options, key),
    manager: controllerName,
    measure: measure('gateway'),
  })
  deployer.start(signal)
  watchDrift({ client, observer: deployer, clock, log }, signal)
  // Whoever does not lead knows nothing of deployments.
  signal.addEventListener('abort', () => pipeline.verdicts.replace([]))
}

/** A Gateway whose class is there and names another controller: a class that is missing may come back. */
function lostGateway({ pipeline, classes, settings }: DeployingOptions, key: string): DeploymentOwner | undefined {
  // The source of a kind holds objects of the kind.
  const gateway = pipeline.source('source/gateways')?.get(key) as Gateway | undefined
  const controllerName = classes.get(gateway?.spec?.gatewayClassName ?? '')?.spec?.controllerName
  if (gateway === undefined || controllerName === undefined || controllerName === settings.controllerName)
    return undefined
  const { name, namespace = '', uid, generation = 0 } = gateway.metadata
  return { name, namespace, uid, generation }
}

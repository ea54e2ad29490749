// InferencePools: the policies that send a pool's requests past its endpoint picker, and the pool's status. Which
// gateways have use for the pool is reachability's to say; its address is a workload's matter.
import { displayRef, type GatewayKey, nameKey, splitNameKey, type TypedRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { Service } from '../kube/core-types.ts'
import { listOf } from '../kube/lists.ts'
import type { InferencePool } from '../kube/route-types.ts'
import type { BackendReference, Policy } from '../wire/messages.ts'
import type { ConditionDraft, ParentStatusDraft, ScopedResource, Translation } from './model.ts'
import { GATEWAY_GROUP } from './parents.ts'
import { gatewaysOf, nodeOf, type ReachReads } from './reachability.ts'
import { INFERENCE_GROUP, poolHostname, serviceHostname } from './references.ts'
import type { TranslateSettings } from './settings.ts'

/** What translating a pool reads. */
export interface PoolReads extends ReachReads {
  readonly services: Reader<Service>
}

/** The settings that pools depend on. */
export type PoolSettings = Pick<TranslateSettings, 'clusterDomain' | 'controllerName'>

/** Translates one pool. */
export function translateInferencePool(pool: InferencePool, read: PoolReads, settings: PoolSettings): Translation {
  const namespace = pool.metadata.namespace ?? ''
  const { name } = pool.metadata
  const object: TypedRef = { group: INFERENCE_GROUP, kind: 'InferencePool', namespace, name }
  const gateways = gatewaysOf(read, nodeOf('InferencePool', namespace, name))
  const problems = pickerProblems(pool, namespace, read)
  const picker = pool.spec?.endpointPickerRef
  const port = picker?.port?.number ?? 0
  const service = {
    namespace,
    hostname: serviceHostname(namespace, picker?.name ?? '', settings.clusterDomain),
  }
  // An empty picker makes the proxy apply the failure mode, which is what an unusable one has to come to.
  const endpointPicker: BackendReference = problems.length === 0 ? { service, port } : {}
  const policies: Policy[] = [
    {
      key: `${namespace}/${name}:inference`,
      name: { kind: 'InferencePool', namespace, name },
      target: { service: { namespace, hostname: poolHostname(namespace, name, settings.clusterDomain) } },
      backend: {
        inferenceRouting: {
          endpointPicker,
          failureMode: picker?.failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED',
        },
      },
    },
  ]
  if (problems.length === 0)
    policies.push({
      key: `${namespace}/${name}:inferencetls`,
      name: { kind: 'InferencePool', namespace, name },
      target: { service: { ...service, port } },
      // Pickers serve with certificates that they make themselves.
      backend: { backendTls: { verification: 'INSECURE_ALL' } },
    })
  const resources = gateways.flatMap((gateway) =>
    policies.map((policy): ScopedResource => ({ gateway, resource: { kind: 'policy', policy }, owners: [object] })),
  )
  return {
    object,
    resources,
    status: {
      object,
      apiVersion: pool.apiVersion,
      generation: pool.metadata.generation ?? 0,
      body: { shape: 'inferencepool', parents: poolParents(gateways, problems, settings) },
    },
    problems,
  }
}

function poolParents(
  gateways: readonly GatewayKey[],
  problems: readonly Problem[],
  settings: PoolSettings,
): readonly ParentStatusDraft[] {
  const conditions: readonly ConditionDraft[] = [
    {
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: `InferencePool has been accepted by controller ${settings.controllerName}`,
    },
    problems.length === 0
      ? {
          type: 'ResolvedRefs',
          status: 'True',
          reason: 'ResolvedRefs',
          message: 'All InferencePool references have been resolved',
        }
      : {
          type: 'ResolvedRefs',
          status: 'False',
          reason: 'InvalidExtensionRef',
          message: `error: ${problems.map(({ message }) => message).join('; ')}`,
        },
  ]
  // A broken pool that nobody uses yet still has to say so somewhere.
  if (gateways.length === 0)
    return problems.length === 0 ? [] : [{ ref: { kind: 'Status', name: 'default' }, conditions }]
  return gateways.map((gateway) => {
    const { namespace, name } = splitNameKey(gateway)
    return { ref: { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name }, conditions }
  })
}

function pickerProblems(pool: InferencePool, namespace: string, read: PoolReads): readonly Problem[] {
  const at = 'spec.endpointPickerRef'
  const problems: Problem[] = []
  const flaw = (path: string, message: string) => problems.push({ reason: 'InvalidExtensionRef', path, message })
  const ref = pool.spec?.endpointPickerRef
  if (ref?.group) flaw(`${at}.group`, `endpointPickerRef.group must be empty, got "${ref.group}"`)
  const kind = ref?.kind ?? 'Service'
  if (kind !== 'Service') flaw(`${at}.kind`, `endpointPickerRef.kind must be "Service", got "${kind}"`)
  const port = ref?.port?.number
  if (port === undefined) {
    flaw(`${at}.port`, 'endpointPickerRef.port must be specified')
    return problems
  }
  const key = nameKey(namespace, ref?.name ?? '')
  const service = read.services.get(key)
  if (service === undefined) {
    flaw(
      `${at}.name`,
      `endpointPickerRef ${displayRef({ group: '', kind: 'Service', namespace, name: ref?.name ?? '' })} not found`,
    )
    return problems
  }
  if (service.spec?.type === 'ExternalName') flaw(`${at}.name`, 'endpointPickerRef Service must not be ExternalName')
  const ports = listOf(service.spec?.ports)
  if (!ports.some((candidate) => candidate.port === port && (candidate.protocol ?? 'TCP') === 'TCP'))
    flaw(`${at}.port`, `endpointPickerRef.port ${port} must reference a TCP Service port on ${key}`)
  return problems
}

// What `translate --deployments` prints: the objects of each Gateway's proxies, as the leader would apply them, without
// namespaces and owners. Session keys are made up here for Gateways whose Secret is not among the manifests.
import type { TypedRef } from '../core/keys.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, objectIn } from '../kube/json.ts'
import { keyOf } from '../kube/object.ts'
import { type ProxyDeployment, type RenderedObject, SESSION_KEY_FIELD } from '../kube/proxy-deployment.ts'
import type { Pipeline } from '../translate/pipeline.ts'
import type { FoundProblem, PrintedResource } from './run.ts'

/** The objects of one Gateway's proxies; none when they cannot be rendered, which is a problem. */
export interface PrintedDeployment {
  readonly gateway: PrintedResource['gateway']
  /** What owns the objects, if that is no Gateway: it stands in for one, or needs none. */
  readonly owner?: Pick<TypedRef, 'kind' | 'namespace' | 'name'>
  readonly objects: readonly unknown[]
}

/** All deployments, by Gateway, and why some are not there. */
export interface PrintedDeployments {
  readonly deployments: readonly PrintedDeployment[]
  readonly problems: readonly FoundProblem[]
}

/** Completes session keys by `newSessionKey`, as the leader does in a cluster, and prints every deployment. */
export async function printedDeployments(pipeline: Pipeline, newSessionKey: () => string): Promise<PrintedDeployments> {
  const secrets = pipeline.source('source/secrets')
  for (const deployment of pipeline.deployments.list()) {
    if (deployment.kind !== 'needs-session-key') continue
    const { secret } = deployment
    const data = { [SESSION_KEY_FIELD]: Buffer.from(newSessionKey()).toString('base64') }
    secrets?.set(keyOf(secret), { ...secret, ...{ data } })
  }
  await pipeline.graph.commit()
  const list = pipeline.deployments.list()
  return {
    deployments: list.map((deployment) => ({
      ...printedOwner(deployment),
      objects: deployment.kind === 'rendered' ? deployment.objects.map(asPrinted) : [],
    })),
    problems: list.flatMap((deployment): readonly FoundProblem[] => {
      if (deployment.kind !== 'refused') return []
      const { owner, reason, path, message } = deployment
      const object = {
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        namespace: owner.namespace,
        name: owner.name,
      }
      return [
        reason === 'NoPorts'
          ? { object, reason: 'Pending', path, message: `not deployed: ${message}`, severity: 'warning' }
          : { object, reason, path, message },
      ]
    }),
  }
}

function printedOwner({ owner }: ProxyDeployment): Omit<PrintedDeployment, 'objects'> {
  const { kind, namespace, name } = owner
  return { gateway: { name, namespace }, ...(kind === undefined ? {} : { owner: { kind, namespace, name } }) }
}

const EMPTY_STATUS: Readonly<Record<string, JsonObject>> = {
  Service: { loadBalancer: {} },
  Deployment: {},
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  PodDisruptionBudget: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  HorizontalPodAutoscaler: { currentMetrics: null, desiredReplicas: 0 },
}

const EMPTY_SPEC: Readonly<Record<string, JsonObject>> = {
  Deployment: { strategy: {} },
  DaemonSet: { updateStrategy: {} },
  HorizontalPodAutoscaler: { maxReplicas: 0 },
}

/** An object as typed clients of Kubernetes print it: with the fields that are never left out. */
function asPrinted(object: RenderedObject): JsonObject {
  const { kind, spec } = object
  const status = EMPTY_STATUS[kind]
  const isWorkload = kind === 'Deployment' || kind === 'DaemonSet'
  const full = spec === undefined ? undefined : { ...EMPTY_SPEC[kind], ...(isWorkload ? withPrintedPod(spec) : spec) }
  return {
    // Rendered objects are JSON; metadata's type names only the fields that are read.
    ...(object as unknown as JsonObject),
    ...(full === undefined ? {} : { spec: full }),
    ...(status === undefined ? {} : { status }),
  }
}

function withPrintedPod(spec: JsonObject): JsonObject {
  const template = objectIn(spec.template)
  const pod = objectIn(template.spec)
  return { ...spec, template: { ...template, spec: { ...pod, ...lists(pod, ['containers', 'initContainers']) } } }
}

function lists(pod: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const list = pod[field]
      return isJsonList(list) ? [[field, list.map(printedContainer)] as const] : []
    }),
  )
}

function printedContainer(container: Json): Json {
  if (!isJsonObject(container)) return container
  const { env } = container
  return {
    resources: {},
    ...container,
    ...(isJsonList(env) ? { env: env.map((entry) => withoutEmptyValue(entry)) } : {}),
  }
}

function withoutEmptyValue(entry: Json): Json {
  if (!isJsonObject(entry) || entry.value !== '') return entry
  const { value: _, ...rest } = entry
  return rest
}

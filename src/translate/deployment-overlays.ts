// Overlays of AgentgatewayParameters over the rendered objects: which apply to which kind, in which order, and the two
// objects that exist only because of one: PodDisruptionBudget and HorizontalPodAutoscaler. (spec: deployer, overlays)
import type { Outcome } from '../core/problem.ts'
import { ok, rejected } from '../core/problem.ts'
import { isJsonObject, type JsonObject, textEntries } from '../kube/json.ts'
import type { RenderedObject } from '../kube/proxy-deployment.ts'
import type { ParametersLayer, ProxyParameters, WorkloadKind } from './deployment-parameters.ts'
import { typedSpec } from './kube-fields.ts'
import { strategicMerge } from './strategic-merge.ts'

/** Fields of the parameters that hold overlays, and the kind and spec type of what they lie over. */
const OVERLAYS: Readonly<Record<string, { readonly kind: string; readonly spec: string | undefined }>> = {
  // A ServiceAccount has no spec, so that only the metadata of its overlay counts.
  serviceAccount: { kind: 'ServiceAccount', spec: undefined },
  service: { kind: 'Service', spec: 'ServiceSpec' },
  deployment: { kind: 'Deployment', spec: 'DeploymentSpec' },
  daemonSet: { kind: 'DaemonSet', spec: 'DaemonSetSpec' },
}

const FORBIDDEN: Readonly<Record<WorkloadKind, readonly string[]>> = {
  Deployment: ['daemonSet'],
  DaemonSet: ['deployment', 'horizontalPodAutoscaler'],
}

/** The objects with all overlays over them, and those that exist because of one. */
export function withOverlays(
  objects: readonly RenderedObject[],
  { layers, workloadKind }: Pick<ProxyParameters, 'layers' | 'workloadKind'>,
): Outcome<readonly RenderedObject[]> {
  const flaws = layers.flatMap((layer) => unsuitable(layer, workloadKind))
  let result = objects
  for (const layer of layers) {
    for (const [field, { kind, spec }] of Object.entries(OVERLAYS)) {
      const overlay = layer.spec[field]
      if (!isJsonObject(overlay)) continue
      result = result.map((object) =>
        object.kind === kind ? overlaid(object, overlay, { layer, field, spec, flaws }) : object,
      )
    }
  }
  const workload = result.find(({ kind }) => kind === workloadKind)
  const extra = workload === undefined ? [] : additional(workload, layers, flaws)
  if (flaws.length > 0) return rejected('InvalidParameters', 'spec.infrastructure.parametersRef', flaws.join('; '))
  return ok([...result, ...extra])
}

function unsuitable(layer: ParametersLayer, kind: WorkloadKind): string[] {
  return FORBIDDEN[kind]
    .filter((field) => isJsonObject(layer.spec[field]))
    .map((field) => `${describe(layer)} has the overlay ${field}, but the proxies are run by a ${kind}`)
}

function describe({ layer, key }: ParametersLayer): string {
  return `AgentgatewayParameters ${key} of the ${layer}`
}

// Both take labels and selector from the workload as it is in the end.
function additional(
  workload: RenderedObject,
  layers: readonly ParametersLayer[],
  flaws: string[],
): readonly RenderedObject[] {
  const { name, labels } = workload.metadata
  const metadata = { name, ...(labels === undefined ? {} : { labels }) }
  const { selector } = workload.spec ?? {}
  const bases: readonly { field: string; spec: string; object: RenderedObject }[] = [
    {
      field: 'podDisruptionBudget',
      spec: 'PodDisruptionBudgetSpec',
      object: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { selector } },
    },
    {
      field: 'horizontalPodAutoscaler',
      spec: 'HorizontalPodAutoscalerSpec',
      object: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata,
        spec: { scaleTargetRef: { apiVersion: workload.apiVersion, kind: workload.kind, name } },
      },
    },
  ]
  return bases.flatMap(({ field, spec, object }) => {
    let result: RenderedObject | undefined
    for (const layer of layers) {
      const overlay = layer.spec[field]
      if (isJsonObject(overlay)) result = overlaid(result ?? object, overlay, { layer, field, spec, flaws })
    }
    return result === undefined ? [] : [result]
  })
}

interface OverlayPlace {
  readonly layer: ParametersLayer
  readonly field: string
  readonly spec: string | undefined
  readonly flaws: string[]
}

function overlaid(object: RenderedObject, overlay: JsonObject, place: OverlayPlace): RenderedObject {
  const metadata = isJsonObject(overlay.metadata) ? overlay.metadata : {}
  const { labels, annotations } = object.metadata
  const withMetadata = {
    ...object,
    metadata: {
      ...object.metadata,
      ...added('labels', labels, metadata.labels),
      ...added('annotations', annotations, metadata.annotations),
    },
  }
  if (place.spec === undefined || !isJsonObject(overlay.spec)) return withMetadata
  const patched = strategicMerge(object.spec ?? {}, overlay.spec, place.spec)
  const checked = typedSpec(patched.value, place.spec)
  for (const flaw of [...patched.flaws, ...checked.flaws])
    place.flaws.push(`${describe(place.layer)}: ${place.field}.${flaw}`)
  return { ...withMetadata, spec: checked.value }
}

function added(
  field: 'labels' | 'annotations',
  base: Readonly<Record<string, string>> | undefined,
  overlay: unknown,
): Partial<Record<'labels' | 'annotations', Readonly<Record<string, string>>>> {
  const result = { ...base, ...textEntries(overlay) }
  return Object.keys(result).length === 0 ? {} : { [field]: result }
}

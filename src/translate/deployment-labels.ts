// How the objects of a Gateway are called and labelled, and which of these labels a user may change through
// `spec.infrastructure`. (spec: deployer, names, labels, annotations)
import { shortenedName } from '../core/names.ts'
import type { Gateway } from '../kube/gateway-types.ts'
import { textEntries } from '../kube/json.ts'
import { GATEWAY_NAME_LABEL } from '../kube/proxy-deployment.ts'

/** Labels or annotations. */
export type Labels = Readonly<Record<string, string>>

/** Everything about one Gateway that names and labels are made of. */
export interface ProxyNames {
  /** Name of most objects; the Gateway's own, shortened when it is too long. */
  readonly name: string
  readonly xdsCaName: string
  readonly sessionKeyName: string
  /** What pods are selected by. */
  readonly selector: Labels
  readonly objectLabels: Labels
  readonly sessionKeyLabels: Labels
  readonly infrastructureLabels: Labels
  /** Also the annotations of objects; absent when there are none. */
  readonly annotations: Labels | undefined
  readonly className: string
}

const RESERVED_PREFIX = 'gateway.networking.k8s.io/'
const CLASS_LABEL = 'gateway.networking.k8s.io/gateway-class-name'

/** Names and labels of a Gateway's objects; `version` is this program's. */
export function namesOf(gateway: Gateway, className: string, version: string): ProxyNames {
  const name = shortenedName(gateway.metadata.name)
  const selector = {
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/name': name,
    [GATEWAY_NAME_LABEL]: name,
  }
  const infrastructureLabels = unreserved(gateway.spec?.infrastructure?.labels)
  const annotations = unreserved(gateway.spec?.infrastructure?.annotations)
  const managed = { 'app.kubernetes.io/managed-by': 'agentgateway', [CLASS_LABEL]: className }
  return {
    name,
    xdsCaName: `${name}-xds-ca`,
    sessionKeyName: shortenedName(`${name}-session-key`),
    selector,
    objectLabels: {
      ...firstOf(managed, selector, infrastructureLabels),
      ...(version === '' ? {} : { 'app.kubernetes.io/version': version }),
    },
    sessionKeyLabels: { [GATEWAY_NAME_LABEL]: name, [CLASS_LABEL]: className },
    infrastructureLabels,
    annotations: Object.keys(annotations).length === 0 ? undefined : annotations,
    className,
  }
}

/** Labels of the pods. */
export function podLabels(names: ProxyNames, isInMesh: boolean): Labels {
  const istio = { 'istio.io/dataplane-mode': 'none', 'sidecar.istio.io/inject': 'false' }
  return firstOf({ [CLASS_LABEL]: names.className }, names.selector, names.infrastructureLabels, isInMesh ? istio : {})
}

/** Annotations of the pods; a changed checksum makes new pods. */
export function podAnnotations(names: ProxyNames, checksums: Labels): Labels {
  return firstOf(checksums, names.annotations ?? {}, {
    'prometheus.io/path': '/metrics',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
  })
}

// Earlier maps win, but an empty value counts as none.
function firstOf(...maps: readonly Labels[]): Labels {
  const result: Record<string, string> = {}
  for (const map of maps) for (const [key, value] of Object.entries(map)) result[key] ||= value
  return result
}

function unreserved(labels: Labels | undefined): Labels {
  return Object.fromEntries(Object.entries(textEntries(labels)).filter(([key]) => !key.startsWith(RESERVED_PREFIX)))
}

// Which workloads are behind which services, and at which of their ports. A selector is filed under one of its labels,
// so that a workload looks only at selectors it may match, and a new service runs only workloads with that label.
// (spec: backends, services map)

import type { Reader } from '../engine/collection.ts'
import type { EndpointSlice, Pod } from '../kube/core-types.ts'
import { listOf } from '../kube/lists.ts'
import type { Port, PortList } from '../wire/messages.ts'
import type { Labels } from './mesh.ts'
import { serviceHostname } from './references.ts'
import type { ServiceCandidate, ServiceWinner } from './services.ts'
import type { TranslateSettings } from './settings.ts'

/** One port of a service, as workloads join it. */
export interface SelectionPort {
  readonly name: string
  readonly port: number
  readonly target: number
  /** Set when the target is a name that each workload resolves for itself. */
  readonly targetName: string | undefined
}

/** What of a service its workloads depend on. */
export interface Selection {
  /** `namespace/hostname`, the key in a workload's services. */
  readonly key: string
  readonly source: 'Service' | 'ServiceEntry' | 'InferencePool'
  readonly namespace: string
  readonly selector: Labels | undefined
  readonly ports: readonly SelectionPort[]
}

/** A pod that an EndpointSlice of a Service without selector names. */
export interface SliceMember {
  readonly key: string
  /** `namespace/name`. */
  readonly pod: string
  readonly uid: string
  /** `Selection.key`. */
  readonly service: string
}

/** What joining reads; `selections` has the index `label`, `sliceMembers` the index `pod`. */
export interface MemberReads {
  readonly selections: Reader<Selection>
  readonly sliceMembers: Reader<SliceMember>
}

/** The selection of a candidate, if it stands for its host name. */
export function selectionOf(
  { key, selection }: ServiceCandidate,
  read: { readonly winners: Reader<ServiceWinner> },
): readonly Selection[] {
  return read.winners.get(key) === undefined ? [] : [selection]
}

/** The one label under which a selector is filed. */
export function selectorLabels({ namespace, selector }: Selection): readonly string[] {
  const [label] = Object.entries(selector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return label === undefined ? [] : [filed(namespace, label[0], label[1])]
}

/** The services of the namespace whose selector matches. */
export function selectionsFor(
  labels: Labels | undefined,
  namespace: string,
  { selections }: Pick<MemberReads, 'selections'>,
): readonly Selection[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) =>
    selections
      .where('label', filed(namespace, key, value))
      .filter(({ selector }) => Object.entries(selector ?? {}).every(([k, v]) => labels?.[k] === v)),
  )
}

/** The pods that a slice names for a Service without selector; slices of others name pods that select themselves. */
export function sliceMembersOf(
  slice: EndpointSlice,
  read: Pick<MemberReads, 'selections'>,
  settings: TranslateSettings,
): readonly SliceMember[] {
  const service = serviceOfSlice(slice, read, settings)
  if (service === undefined || Object.keys(service.selector ?? {}).length > 0) return []
  const { name, namespace = '' } = slice.metadata
  const members = new Map<string, SliceMember>()
  for (const { targetRef } of listOf(slice.endpoints)) {
    if (targetRef?.kind !== 'Pod' || !targetRef.name) continue
    const pod = `${targetRef.namespace || namespace}/${targetRef.name}`
    const key = `${namespace}/${name}>${pod}`
    members.set(key, { key, pod, uid: targetRef.uid ?? '', service: service.key })
  }
  return [...members.values()]
}

/** The Service that a slice belongs to, if it exists and is one with endpoints. */
export function serviceOfSlice(
  slice: EndpointSlice,
  { selections }: Pick<MemberReads, 'selections'>,
  settings: TranslateSettings,
): Selection | undefined {
  const { namespace = '', labels } = slice.metadata
  const name = labels?.['kubernetes.io/service-name']
  if (!name || slice.addressType === 'FQDN') return undefined
  const service = selections.get(`${namespace}/${serviceHostname(namespace, name, settings.clusterDomain)}`)
  return service?.source === 'Service' ? service : undefined
}

/** The services of a pod. */
export function podServices(pod: Pod, read: MemberReads): Record<string, PortList> {
  const { namespace = '', name, labels, uid = '' } = pod.metadata
  const named = read.sliceMembers
    .where('pod', `${namespace}/${name}`)
    .filter((member) => member.uid === uid)
    .flatMap(({ service }) => read.selections.get(service) ?? [])
  const services: Record<string, PortList> = {}
  for (const selection of [...selectionsFor(labels, namespace, read), ...named]) {
    services[selection.key] = portsOf(selection, (port) => {
      if (port.targetName !== undefined) return containerPort(pod, port.targetName)
      if (selection.source === 'ServiceEntry') return containerPort(pod, port.name) ?? port.target
      return port.target
    })
  }
  return services
}

/** The services of a workload that lists its ports by name. */
export function entryServices(
  selections: readonly Selection[],
  ports: Readonly<Record<string, number>> | undefined,
): Record<string, PortList> {
  const services: Record<string, PortList> = {}
  for (const selection of selections) {
    services[selection.key] = portsOf(selection, ({ name, target, targetName }) =>
      targetName === undefined ? (ports?.[name] ?? target) : ports?.[targetName],
    )
  }
  return services
}

function portsOf(selection: Selection, targetOf: (port: SelectionPort) => number | undefined): PortList {
  const ports: Port[] = []
  for (const port of selection.ports) {
    const targetPort = targetOf(port)
    // A workload without that port still belongs to the service.
    if (targetPort !== undefined) ports.push({ servicePort: port.port, targetPort })
  }
  return { ports }
}

function containerPort({ spec }: Pod, name: string): number | undefined {
  if (name === '') return undefined
  // Native sidecars are init containers that stay.
  const sidecars = listOf(spec?.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const { ports } of [...listOf(spec?.containers), ...sidecars]) {
    const found = listOf(ports).find((port) => port.name === name && (port.protocol ?? 'TCP') === 'TCP')
    if (found?.containerPort !== undefined) return found.containerPort
  }
  return undefined
}

function filed(namespace: string, label: string, value: string): string {
  return `${namespace}|${label}=${value}`
}

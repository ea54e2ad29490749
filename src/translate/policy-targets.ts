// What an AgentgatewayPolicy attaches to: each target by name or labels, in the policy's own namespace, whether it and
// the named part of it exist, and how it appears on the wire. Which gateways that means is policies.ts'.
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { nameKey } from '../core/keys.ts'
import type { Reader } from '../engine/collection.ts'
import { itemsOf } from '../features/shared/lists.ts'
import type { Service } from '../kube/core-types.ts'
import type { Gateway, ListenerSet } from '../kube/gateway-types.ts'
import { labelBucket, matchesSelector } from '../kube/labels.ts'
import type { KubeObject } from '../kube/object.ts'
import type { GrpcRoute, HttpRoute, InferencePool, RouteObject } from '../kube/route-types.ts'
import type { PolicyTarget } from '../wire/messages.ts'
import { GATEWAY_GROUP } from './parents.ts'
import { type Node, nodeOf } from './reachability.ts'
import { AGENTGATEWAY_GROUP, INFERENCE_GROUP, poolHostname, serviceHostname } from './references.ts'
import type { TranslateSettings } from './settings.ts'

/** The kinds that can be targeted; each has the index `labels`. */
export interface TargetReads {
  readonly gateways: Reader<Gateway>
  readonly httproutes: Reader<HttpRoute>
  readonly grpcroutes: Reader<GrpcRoute>
  readonly listenersets: Reader<ListenerSet>
  readonly services: Reader<Service>
  readonly agentgatewaybackends: Reader<AgentgatewayBackend>
  readonly inferencepools: Reader<InferencePool>
}

/** The settings that targets depend on. */
export type TargetSettings = Pick<TranslateSettings, 'clusterDomain' | 'enableInferencePool'>

/** A target that was named, whether or not it exists. */
export interface FoundTarget {
  readonly node: Node
  /** `Kind namespace/name`. */
  readonly shown: string
  readonly target: PolicyTarget
  /** The end of the resource keys. */
  readonly suffix: string
  /** Where the policy is sent: to the Gateway itself, to those of a route, or to those that need a backend. */
  readonly reach: 'gateway' | 'attached' | 'needed'
  /** What is wrong with the target. */
  readonly error: string | undefined
}

/** A field that names targets, and those it names; none is an error of its own. */
export interface TargetField {
  readonly path: string
  readonly targets: readonly FoundTarget[]
  readonly error: string | undefined
}

interface TargetRef {
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly sectionName: string | undefined
  readonly port: number | undefined
}

interface Wire {
  readonly target: PolicyTarget
  readonly suffix: string
}

/** What differs between kinds of targets. */
interface TargetKind<T extends KubeObject> {
  readonly group: string
  readonly reach: FoundTarget['reach']
  /** Where its objects are; nowhere when the kind is switched off. */
  readonly objects: (read: TargetReads, settings: TargetSettings) => Reader<T> | undefined
  /** What is wrong with the section or port of an object that exists. */
  readonly check: (object: T, ref: TargetRef) => string | undefined
  readonly wire: (ref: TargetRef, settings: TargetSettings) => Wire
}

const sectionSuffix = (section: string | number | undefined) => (section === undefined ? '' : `/${section}`)
const shown = ({ kind, namespace, name }: TargetRef) => `${kind} ${nameKey(namespace, name)}`

function missingSection(names: readonly (string | undefined)[], ref: TargetRef): string | undefined {
  return ref.sectionName === undefined || names.includes(ref.sectionName)
    ? undefined
    : `sectionName "${ref.sectionName}" not found in ${shown(ref)}`
}

function targetKind<T extends KubeObject>(kind: TargetKind<T>) {
  const find = (ref: TargetRef, object: T | undefined, settings: TargetSettings): FoundTarget => ({
    node: nodeOf(ref.kind, ref.namespace, ref.name),
    shown: shown(ref),
    reach: kind.reach,
    error: object === undefined ? `${shown(ref)} not found` : kind.check(object, ref),
    ...kind.wire(ref, settings),
  })
  return {
    group: kind.group,
    named: (ref: TargetRef, read: TargetReads, settings: TargetSettings) =>
      find(ref, kind.objects(read, settings)?.get(nameKey(ref.namespace, ref.name)), settings),
    selected: (
      ref: TargetRef,
      labels: Readonly<Record<string, string>>,
      { read, settings }: { readonly read: TargetReads; readonly settings: TargetSettings },
    ) =>
      (kind.objects(read, settings)?.where('labels', labelBucket(ref.namespace, labels)) ?? [])
        .filter(({ metadata }) => matchesSelector({ matchLabels: labels }, metadata.labels))
        .map((object) => find({ ...ref, name: object.metadata.name }, object, settings)),
  }
}

const route = (kind: string, objects: TargetKind<RouteObject>['objects']) =>
  targetKind<RouteObject>({
    group: GATEWAY_GROUP,
    reach: 'attached',
    objects,
    check: (object, ref) =>
      missingSection(
        itemsOf(object.spec?.rules).map(({ name }) => name),
        ref,
      ),
    wire: ({ name, namespace, sectionName }) => ({
      target: { route: { kind, name, namespace, ...(sectionName !== undefined && { routeRule: sectionName }) } },
      suffix: `:${namespace}/${name}${sectionSuffix(sectionName)}`,
    }),
  })

const kinds: Readonly<Record<string, ReturnType<typeof targetKind>>> = {
  Gateway: targetKind<Gateway>({
    group: GATEWAY_GROUP,
    reach: 'gateway',
    objects: (read) => read.gateways,
    check: (gateway, ref) => {
      const listeners = itemsOf(gateway.spec?.listeners)
      const missing = missingSection(
        listeners.map(({ name }) => name),
        ref,
      )
      if (missing !== undefined || ref.port === undefined) return missing
      return listeners.some(({ port }) => port === ref.port) ? undefined : `port ${ref.port} not found in ${shown(ref)}`
    },
    wire: ({ name, namespace, sectionName, port }) => ({
      target: {
        gateway: {
          name,
          namespace,
          ...(sectionName !== undefined && { listener: sectionName }),
          ...(port !== undefined && { port }),
        },
      },
      // The mark keeps a listener called 443 and the port 443 apart.
      suffix: `:${namespace}/${name}${sectionSuffix(sectionName)}${port === undefined ? '' : `/port=${port}`}`,
    }),
  }),
  HTTPRoute: route('HTTPRoute', (read) => read.httproutes),
  GRPCRoute: route('GRPCRoute', (read) => read.grpcroutes),
  ListenerSet: targetKind<ListenerSet>({
    group: GATEWAY_GROUP,
    reach: 'attached',
    objects: (read) => read.listenersets,
    check: (set, ref) =>
      missingSection(
        itemsOf(set.spec?.listeners).map(({ name }) => name),
        ref,
      ),
    wire: ({ name, namespace, sectionName }) => ({
      target: { listenerSet: { name, namespace, ...(sectionName !== undefined && { section: sectionName }) } },
      suffix: `:${namespace}/${name}${sectionSuffix(sectionName)}`,
    }),
  }),
  Service: targetKind<Service>({
    group: '',
    reach: 'needed',
    objects: (read) => read.services,
    check: (service, ref) => {
      if (ref.sectionName === undefined) return undefined
      const port = portOf(ref.sectionName)
      if (port === undefined) {
        return `sectionName "${ref.sectionName}" is not a valid port number for ${shown(ref)}`
      }
      return itemsOf(service.spec?.ports).some((each) => each.port === port)
        ? undefined
        : `port ${port} not found in ${shown(ref)}`
    },
    wire: ({ name, namespace, sectionName }, { clusterDomain }) => {
      const port = sectionName === undefined ? undefined : portOf(sectionName)
      const hostname = serviceHostname(namespace, name, clusterDomain)
      return {
        target: { service: { namespace, hostname, ...(port !== undefined && { port }) } },
        suffix: `:${namespace}/${hostname}${sectionSuffix(port)}`,
      }
    },
  }),
  AgentgatewayBackend: targetKind<AgentgatewayBackend>({
    group: AGENTGATEWAY_GROUP,
    reach: 'needed',
    objects: (read) => read.agentgatewaybackends,
    check: (backend, ref) => missingSection(backendSections(backend), ref),
    wire: ({ name, namespace, sectionName }) => ({
      target: { backend: { name, namespace, ...(sectionName !== undefined && { section: sectionName }) } },
      suffix: `:${namespace}/${name}${sectionSuffix(sectionName)}`,
    }),
  }),
  InferencePool: targetKind<InferencePool>({
    group: INFERENCE_GROUP,
    reach: 'needed',
    objects: (read, { enableInferencePool }) => (enableInferencePool ? read.inferencepools : undefined),
    check: () => undefined,
    wire: ({ name, namespace }, { clusterDomain }) => {
      const hostname = poolHostname(namespace, name, clusterDomain)
      return { target: { service: { namespace, hostname } }, suffix: `:${namespace}/${hostname}` }
    },
  }),
}

/** The targets of a policy, in the order in which they are processed. Kinds that cannot be targeted are left out. */
export function findTargets(
  policy: AgentgatewayPolicy,
  read: TargetReads,
  settings: TargetSettings,
): readonly TargetField[] {
  const namespace = policy.metadata.namespace ?? ''
  const fields: TargetField[] = []
  const seen = new Set<string>()
  for (const [i, ref] of itemsOf(policy.spec?.targetRefs).entries()) {
    const identity = JSON.stringify([ref.group, ref.kind, ref.name, ref.sectionName, ref.port])
    const kind = kindOf(ref)
    if (kind === undefined || seen.has(identity)) continue
    seen.add(identity)
    const target = kind.named({ ...partsOf(ref), name: ref.name, namespace }, read, settings)
    fields.push({ path: `spec.targetRefs[${i}]`, targets: [target], error: undefined })
  }
  for (const [i, selector] of itemsOf(policy.spec?.targetSelectors).entries()) {
    const kind = kindOf(selector)
    if (kind === undefined) continue
    const ref = { ...partsOf(selector), name: '', namespace }
    const targets = kind.selected(ref, selector.matchLabels ?? {}, { read, settings })
    const error = `no ${selector.kind} matching selector found in namespace ${namespace}`
    fields.push({
      path: `spec.targetSelectors[${i}]`,
      targets,
      error: targets.length === 0 ? error : undefined,
    })
  }
  return fields
}

function kindOf({ group, kind }: { readonly group?: string; readonly kind: string }) {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  return known?.group === (group ?? '') ? known : undefined
}

function partsOf(ref: { readonly kind: string; readonly sectionName?: string; readonly port?: number }) {
  return { kind: ref.kind, sectionName: ref.sectionName || undefined, port: ref.port || undefined }
}

function portOf(sectionName: string): number | undefined {
  const port = /^\d{1,5}$/.test(sectionName) ? Number(sectionName) : 0
  return port >= 1 && port <= 65535 ? port : undefined
}

/** The parts of a backend that are known by name. The schemas of `mcp` and `ai` have checked what they hold. */
interface NamedParts {
  readonly mcp?: { readonly targets?: readonly { readonly name?: string }[] }
  readonly ai?: {
    readonly provider?: object
    readonly groups?: readonly { readonly providers?: readonly { readonly name?: string }[] }[]
  }
}

/** Names of a backend's MCP targets; those that selectors find are not among them. */
export function mcpTargetNames(backend: AgentgatewayBackend | undefined): readonly string[] {
  const { mcp }: NamedParts = backend?.spec ?? {}
  return itemsOf(mcp?.targets).flatMap(({ name }) => name ?? [])
}

function backendSections(backend: AgentgatewayBackend): readonly (string | undefined)[] {
  const { ai }: NamedParts = backend.spec ?? {}
  return [
    ...mcpTargetNames(backend),
    ...itemsOf(ai?.groups).flatMap(({ providers }) => itemsOf(providers).map(({ name }) => name)),
    ...(ai?.provider === undefined ? [] : ['backend']),
  ]
}

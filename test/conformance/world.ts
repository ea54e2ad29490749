// The suite's cluster without a cluster: manifests are admitted and counted like an API server does, run through the
// pipeline, and statuses are written back. Also sets up what the suite creates in code: certificates and authorities.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { createRun, watchedKind } from '../../src/cli/run.ts'
import { admitBy, offlineValidator, readCrds } from '../../src/cli/verdicts.ts'
import { splitNameKey } from '../../src/core/keys.ts'
import type { ConfigMap, Pod, Secret } from '../../src/kube/core-types.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import type { Admit, ManifestObject } from '../../src/sources/manifests/defaults.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { resourceName, type WireResource } from '../../src/wire/messages.ts'
import { type IssuedPair, issueCertificate } from '../certificates.ts'
import { crdFolder } from './module.ts'
import type { ProxyView } from './proxy-view.ts'

/** Namespaces of the suite, as the tables shorten them. */
export const INFRA = 'gateway-conformance-infra'
export const WEB = 'gateway-conformance-web-backend'
export const APP = 'gateway-conformance-app-backend'

/** A condition of a status. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly observedGeneration?: number
}

/** The parts of any status that the tables speak about. */
export interface AnyStatus {
  readonly conditions?: readonly Condition[]
  readonly listeners?: readonly {
    readonly name: string
    readonly attachedRoutes: number
    readonly supportedKinds?: readonly { readonly group?: string; readonly kind: string }[]
    readonly conditions: readonly Condition[]
  }[]
  readonly attachedListenerSets?: number
  readonly parents?: readonly ParentStatus[]
  readonly ancestors?: readonly { readonly ancestorRef: ParentRef; readonly conditions: readonly Condition[] }[]
}

/** A parentRef or ancestorRef. */
export interface ParentRef {
  readonly group?: string
  readonly kind?: string
  readonly namespace?: string
  readonly name: string
  readonly sectionName?: string
}

/** An entry of a route's status. */
export interface ParentStatus {
  readonly parentRef: ParentRef
  readonly controllerName: string
  readonly conditions: readonly Condition[]
}

/** A cluster that holds the suite's base and one test's manifests. */
export interface World {
  apply(objects: readonly KubeObject[]): Promise<void>
  /** Changes an object as a client's patch does; its generation goes up. */
  edit<T extends KubeObject>(kind: string, name: string, change: (object: T) => T): Promise<void>
  remove(kind: string, name: string): Promise<void>
  /** An object by kind and `namespace/name`; the namespace is INFRA when left out. */
  object(kind: string, name: string): KubeObject | undefined
  status(kind: string, name: string): AnyStatus
  /** What the proxies of a Gateway hold. */
  proxy(gateway: string): ProxyView
  readonly authorities: Readonly<Record<string, IssuedPair>>
}

/** What is read once for all worlds. */
export interface Ground {
  readonly suite: string
  readonly base: readonly KubeObject[]
  readonly authorities: Readonly<Record<string, IssuedPair>>
  readonly admit: Admit
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '{GATEWAY_CLASS_NAME}': DEFAULT_TRANSLATE_SETTINGS.className,
  '{GATEWAY_CONTROLLER_NAME}': DEFAULT_TRANSLATE_SETTINGS.controllerName,
}

/** What every world of a suite begins with. */
export function prepare(suite: string): Ground {
  const { crds, problems } = readCrds([crdFolder(suite)])
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '))
  const authorities = Object.fromEntries(AUTHORITIES.map(({ name }) => [name, issueCertificate(name)]))
  return {
    suite,
    admit: admitBy(offlineValidator(crds)),
    authorities,
    base: [gatewayClass(), ...readManifest(suite, 'base/manifests.yaml'), ...certificates(authorities)],
  }
}

/** A world with a test's manifests. */
export async function createWorld(ground: Ground, manifests: readonly string[]): Promise<World> {
  const run = createRun(DEFAULT_TRANSLATE_SETTINGS)
  const objects = new Map<string, KubeObject>()
  let clock = Date.parse('2026-01-01T00:00:00Z')

  const put = (objectsToPut: readonly KubeObject[]): void => {
    for (const given of objectsToPut) {
      const kind = watchedKind(given)
      if (kind === undefined) continue
      const namespaced = kind.namespaced ? { ...given, metadata: { namespace: 'default', ...given.metadata } } : given
      // Manifests are whole objects; the admission looks at every field.
      const { object: admitted, problems } = ground.admit(kind, namespaced as ManifestObject)
      if (admitted === undefined)
        throw new Error(`${given.kind} ${given.metadata.name} was refused: ${JSON.stringify(problems)}`)
      const key = keyOf(admitted.kind, `${admitted.metadata.namespace ?? ''}/${admitted.metadata.name}`)
      const before = objects.get(key)
      const metadata = {
        ...admitted.metadata,
        uid: key,
        generation: (before?.metadata.generation ?? 0) + 1,
        creationTimestamp: before?.metadata.creationTimestamp ?? new Date(clock).toISOString().replace('.000', ''),
      }
      objects.set(key, { ...admitted, metadata })
      const object = objects.get(key)
      if (object !== undefined) run.set([object])
    }
  }
  const settle = async (): Promise<void> => {
    await run.pipeline.graph.commit()
    const now = new Date(clock).toISOString()
    for (const { kind, metadata, status } of run.result(now).statuses) {
      const key = keyOf(kind, `${metadata.namespace ?? ''}/${metadata.name}`)
      const object = objects.get(key)
      if (object === undefined) throw new Error(`a status for ${key}, which does not exist`)
      // A status belongs to the object that the API server keeps.
      const written: KubeObject & { readonly status: unknown } = { ...object, status }
      objects.set(key, written)
      run.set([written])
    }
    const before = run.pipeline.graph.stats().map(({ runs }) => runs)
    await run.pipeline.graph.commit()
    const after = run.pipeline.graph.stats().map(({ runs }) => runs)
    if (String(before) !== String(after)) throw new Error('writing statuses made translation work')
    const failures = run.pipeline.graph.failures()
    if (failures.length > 0) throw new Error(JSON.stringify(failures))
    clock += 10_000
  }
  const objectOf = (kind: string, name: string): KubeObject | undefined => objects.get(keyOf(kind, name))

  put(ground.base)
  for (const manifest of manifests) put(readManifest(ground.suite, manifest))
  await settle()
  return {
    authorities: ground.authorities,
    apply: async (given) => {
      put(given)
      await settle()
    },
    edit: async <T extends KubeObject>(kind: string, name: string, change: (object: T) => T) => {
      const object = objectOf(kind, name)
      if (object === undefined) throw new Error(`there is no ${kind} ${name}`)
      // The caller names the kind, and so its type.
      put([change(object as T)])
      await settle()
    },
    remove: async (kind, name) => {
      const object = objectOf(kind, name)
      if (object === undefined) throw new Error(`there is no ${kind} ${name}`)
      objects.delete(keyOf(kind, name))
      run.delete([object])
      await settle()
    },
    object: objectOf,
    status: (kind, name) => {
      const object = objectOf(kind, name)
      if (object === undefined) throw new Error(`there is no ${kind} ${name}`)
      // Statuses have the shapes that the merge gives them.
      return (object as { readonly status?: AnyStatus }).status ?? {}
    },
    proxy: (gateway) => {
      const key = qualified(gateway)
      const sent = new Map<string, WireResource>()
      for (const { resources } of run.pipeline.translations.list())
        for (const { gateway: scope, resource } of resources)
          if (scope === key && !sent.has(resourceName(resource))) sent.set(resourceName(resource), resource)
      const addresses = run.result('').addresses.map(({ address }) => address)
      return { resources: [...sent.values()], addresses }
    },
  }
}

/** `namespace/name`, with INFRA where no namespace is given. */
export function qualified(name: string): string {
  return name.includes('/') ? name : `${INFRA}/${name}`
}

function keyOf(kind: string, name: string): string {
  const { namespace, name: bare } = splitNameKey(name.startsWith('/') ? name.slice(1) : name)
  const isClusterScoped = kind === 'GatewayClass' || kind === 'Namespace' || kind === 'Node'
  return isClusterScoped ? `${kind}/${bare}` : `${kind}/${namespace === '' ? INFRA : namespace}/${bare}`
}

function readManifest(suite: string, path: string): readonly KubeObject[] {
  let text = readFileSync(join(suite, path), 'utf8')
  for (const [from, to] of Object.entries(PLACEHOLDERS)) text = text.replaceAll(from, to)
  // Dates stay text; an empty document is only a comment.
  const documents = loadAll(text).filter((document) => document !== null && document !== undefined)
  // Documents of the suite are objects.
  return (documents as unknown as readonly KubeObject[]).map(withAddresses)
}

/** The suite puts addresses of its own in the place of placeholders, behind the ones that a manifest means. */
function withAddresses(object: KubeObject): KubeObject {
  if (object.kind !== 'Gateway') return object
  // Gateways of the suite have a spec.
  const gateway = object as KubeObject & {
    readonly spec: { readonly addresses?: readonly { readonly value?: string }[] }
  }
  const { addresses } = gateway.spec
  if (addresses === undefined) return object
  const placed = addresses.map((address) => {
    if (address.value === 'PLACEHOLDER_UNUSABLE_ADDRS') return { type: 'Hostname', value: 'bogus.example.com' }
    if (address.value === 'PLACEHOLDER_USABLE_ADDRS') return { type: 'IPAddress', value: '172.18.0.240' }
    return address
  })
  const spec: object = { ...gateway.spec, addresses: placed }
  const result: KubeObject & { readonly spec: object } = { ...gateway, spec }
  return result
}

function gatewayClass(): KubeObject {
  const { className, controllerName } = DEFAULT_TRANSLATE_SETTINGS
  const object = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: className },
    spec: { controllerName },
  }
  return object
}

const AUTHORITIES = [
  { namespace: WEB, name: 'web-backend-cm' },
  { namespace: INFRA, name: 'tls-validity-checks-ca-certificate' },
  { namespace: INFRA, name: 'tls-validity-checks-per-port-ca-certificate' },
  { namespace: INFRA, name: 'tls-checks-ca-certificate' },
  { namespace: INFRA, name: 'mismatch-ca-certificate' },
] as const

const KEY_PAIRS = [
  { namespace: WEB, name: 'certificate' },
  { namespace: INFRA, name: 'tls-validity-checks-certificate' },
  { namespace: INFRA, name: 'tls-validity-checks-client-certificate' },
  { namespace: INFRA, name: 'tls-validity-checks-per-port-client-certificate' },
  { namespace: INFRA, name: 'tls-checks-certificate' },
  { namespace: INFRA, name: 'tls-checks-client-certificate' },
  { namespace: INFRA, name: 'tls-passthrough-checks-certificate' },
  { namespace: APP, name: 'tls-passthrough-checks-certificate' },
  { namespace: INFRA, name: 'tls-terminate-checks-certificate' },
] as const

function certificates(authorities: Ground['authorities']): readonly KubeObject[] {
  const pair = issueCertificate('*.example.com')
  const data = { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.privateKey) }
  const secrets = KEY_PAIRS.map(
    (metadata): Secret => ({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data }),
  )
  const bundles = AUTHORITIES.map(
    (metadata): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'ca.crt': authorities[metadata.name]?.certificate ?? '' },
    }),
  )
  return [...secrets, ...bundles]
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** A ready pod of one of the suite's backends. */
export function podOf(app: string, ip: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${app}-${ip.replaceAll('.', '-')}`, namespace: INFRA, labels: { app } },
    spec: { nodeName: 'node', containers: [] },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

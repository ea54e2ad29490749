// The public fixtures' objects in a real API server, and the program writing their statuses there: it must say what the
// fixtures expect, which is what the Go controller says. All cases lie side by side, each in namespaces of its own.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ClusterClient, Resource } from '../../src/cluster/client.ts'
import { isJsonObject, type Json, type JsonObject, objectIn } from '../../src/kube/json.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { type GoldenCase, goldenCases } from '../golden/corpus.ts'
import { reachingRoutes, SUITES, type Suite } from '../golden/suites.ts'
import { type Controller, startController } from './controller.ts'
import { eventually, resourceOf, startCluster, type TestCluster } from './harness.ts'

const SYSTEM = 'agentgateway-system'

/** Cases that no API server takes, and in what words. */
const REFUSED: Readonly<Record<string, string>> = {
  'translator/gateways/tls-listeners-dynamic-ca-cert-frontend-mtls': 'caCertificateRefs[0].group: Required value',
  'translator/backends/serviceentry-with-network': 'tls mode must be set for protocol TLS',
  // The tests install no CRDs of Istio.
  'translator/backends/serviceentry': 'the server has no networking.istio.io/v1 ServiceEntry',
}

/** A case in its own namespaces. */
interface Placed {
  readonly suite: Suite
  readonly golden: GoldenCase
  readonly prefix: string
  readonly objects: readonly KubeObject[]
  /** What the API server said against it; then it is not compared. */
  refusal?: string
}

function nameOf({ suite, golden }: Placed): string {
  return `${suite.folder}/${golden.name}`
}

/** A fixture's value with its namespaces made the case's own. */
function inOwn(value: Json | undefined, prefix: string, key = ''): Json | undefined {
  if (typeof value === 'string') {
    const isNamespace = key === 'namespace' || key === 'kubernetes.io/metadata.name'
    if (isNamespace) return value === '' || value === SYSTEM ? value : prefix + value
    return value.replace(/\.([a-z0-9-]+)\.svc\b/g, (all, name: string) =>
      name === SYSTEM ? all : `.${prefix}${name}.svc`,
    )
  }
  if (Array.isArray(value)) return value.map((each: Json) => inOwn(each, prefix) ?? null)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inOwn(inner, prefix, name)]))
}

/** What an API server demands and fixtures leave out, where it makes no difference to a status. */
function complete(object: KubeObject & { readonly spec?: JsonObject }): KubeObject {
  const { kind, spec = {} } = object
  const ports = Array.isArray(spec.ports) ? spec.ports.map(objectIn) : []
  if (kind === 'Service' && ports.length === 0) return { ...object, ...{ spec: { ...spec, clusterIP: 'None' } } }
  if (kind === 'Service' && ports.length > 1)
    return { ...object, ...{ spec: { ...spec, ports: ports.map((port, i) => ({ name: `p${i}`, ...port })) } } }
  if (!object.metadata.name.startsWith('dummy-')) return object
  const text = JSON.stringify(spec).replace(/"kind":"Service"/g, '"kind":"Service","port":80')
  return { ...object, ...{ spec: JSON.parse(text) } }
}

function place(suite: Suite, golden: GoldenCase, number: number): Placed {
  const prefix = `g${number}-`
  const all = suite.reachesEverything === true ? [...golden.objects, ...reachingRoutes(golden.objects)] : golden.objects
  const objects = all.map((object): KubeObject => {
    // Fixtures are JSON; objects stay what they are.
    const { status: _, ...moved } = inOwn(object as unknown as JsonObject, prefix) as unknown as KubeObject & {
      status?: unknown
    }
    const { name } = object.metadata
    if (object.kind === 'Namespace') return { ...moved, metadata: { ...moved.metadata, name: prefix + name } }
    if (object.kind === 'GatewayClass') return moved
    return complete({
      ...moved,
      metadata: { ...moved.metadata, namespace: moved.metadata.namespace ?? `${prefix}default` },
    })
  })
  return { suite, golden, prefix, objects }
}

/** A status as it is compared: without times and generations, in a fixed order, its defaults filled in. */
function bare(value: unknown, prefix: string): Json | undefined {
  // After a while Gateways say that no proxy has come, or no address, which fixtures do not wait for.
  if (typeof value === 'string')
    return value.replaceAll(prefix, '').replace(/; (no proxy is connected to|nothing has given its Service) .*/, '')
  if (Array.isArray(value)) {
    const list = value.map((each) => bare(each, prefix) ?? null)
    return list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (!isJsonObject(value)) return value as Json | undefined
  const { lastTransitionTime: _, observedGeneration: __, addresses: ___, ...rest } = value
  const filled = 'name' in rest && ('kind' in rest || 'group' in rest) ? { group: '', kind: '', ...rest } : rest
  const entries = Object.entries(filled).map(([key, inner]): [string, Json | undefined] => {
    const isRef = key === 'parentRef' || key === 'ancestorRef'
    const ref = isRef ? { group: 'gateway.networking.k8s.io', kind: 'Gateway', ...objectIn(inner) } : inner
    return [key, bare(ref, prefix)]
  })
  const said = entries.filter(([, inner]) => inner !== undefined && !(Array.isArray(inner) && inner.length === 0))
  return Object.fromEntries(said.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

interface Said {
  readonly object: string
  readonly status: Json | undefined
}

function saidOf(objects: readonly (KubeObject & { readonly status?: unknown })[], prefix: string): readonly Said[] {
  return objects
    .map(({ kind, metadata, status }) => ({
      object: `${kind} ${metadata.namespace}/${metadata.name}`.replaceAll(prefix, ''),
      status: bare(status, prefix),
    }))
    .filter(({ status }) => isJsonObject(status) && Object.keys(status).length > 0)
    .filter(({ status }) => !JSON.stringify(status).includes('Waiting for controller'))
    .toSorted((a, b) => (a.object < b.object ? -1 : 1))
}

const root = process.env.GOLDEN_DIR ?? ''
if (root === '') console.warn('GOLDEN_DIR is unset: NOT TESTED: statuses of the fixtures in a real API server')

describe.runIf(root !== '')('in a real API server', () => {
  const placed = SUITES.filter(({ statusKinds }) => statusKinds.length > 0).flatMap((suite, i) =>
    goldenCases(join(root, suite.folder)).map((golden, k) => place(suite, golden, 1000 * (i + 1) + k)),
  )
  const hasSystemObjects = ({ objects }: Placed): boolean =>
    objects.some(({ metadata }) => metadata.namespace === SYSTEM)
  const isUnusual = (each: Placed): boolean =>
    each.suite.settings?.backendRefGrantMode !== undefined || hasSystemObjects(each)
  const usual = placed.filter((each) => !isUnusual(each))
  const unusual = placed.filter(isUnusual)
  let cluster: TestCluster
  let client: ClusterClient
  let controller: Controller | undefined
  const resources = new Map<string, Promise<Resource>>()

  beforeAll(async () => {
    cluster = await startCluster()
    client = cluster.client
    await applyObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM } })
    await inParallel(usual, applyCase)
    controller = await start()
  })
  afterAll(async () => {
    await controller?.kill()
    await cluster?.stop()
  })

  function start(...modes: readonly string[]): Promise<Controller> {
    const flags = ['--enable-infer-ext=true', '--enable-agentgateway-models=true', ...modes]
    return startController({ kubeconfig: cluster.kubeconfig, namespace: SYSTEM, flags })
  }

  async function applyObject(object: KubeObject): Promise<void> {
    const type = `${object.apiVersion} ${object.kind}`
    const resource = resources.get(type) ?? resourceOf(client, object)
    resources.set(type, resource)
    await client.apply(await resource, object)
  }

  async function applyCase(each: Placed): Promise<void> {
    const namespaces = new Set(each.objects.flatMap(({ metadata }) => metadata.namespace ?? []))
    for (const name of namespaces) await applyObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    for (const object of each.objects) {
      try {
        await applyObject(object)
      } catch (error) {
        each.refusal ??= `${object.kind}: ${error instanceof Error ? error.message : String(error)}`
      }
    }
  }

  async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const left = [...items]
    const worker = async (): Promise<void> => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
    }
    await Promise.all(Array.from({ length: 6 }, worker))
  }

  /** What was written of the objects of a case. */
  async function written({ suite, objects, prefix }: Placed): Promise<readonly Said[]> {
    const live: KubeObject[] = []
    for (const object of objects) {
      if (!suite.statusKinds.includes(object.kind) || object.metadata.name.startsWith('dummy-')) continue
      const found = await client.get(await resourceOfKnown(object), object.metadata)
      if (found !== undefined) live.push(found)
    }
    return saidOf(live, prefix)
  }

  function resourceOfKnown({ apiVersion, kind }: KubeObject): Promise<Resource> {
    return resources.get(`${apiVersion} ${kind}`) ?? Promise.reject(new Error(`${kind} was never applied`))
  }

  function expectedOf({ golden, prefix }: Placed): readonly Said[] {
    // Statuses of fixtures are objects with a status.
    return saidOf(golden.status as readonly KubeObject[], prefix)
  }

  async function check(each: Placed): Promise<void> {
    const why = REFUSED[nameOf(each)]
    if (why !== undefined) {
      expect(each.refusal).toContain(why)
      return
    }
    expect(each.refusal).toBeUndefined()
    // All cases are written at once: the first may wait for the last.
    await eventually(async () => expect(await written(each)).toEqual(expectedOf(each)), 30_000)
  }

  test.each(usual.map((each) => [nameOf(each), each] as const))('%s', (_, each) => check(each))

  describe('under another mode, or beside objects that all see', () => {
    beforeAll(async () => {
      await controller?.stop()
      controller = await start('--backend-ref-grant-mode=route-and-policy')
    })
    test.each(unusual.map((each) => [nameOf(each), each] as const))('%s', async (_, each) => {
      await applyCase(each)
      await check(each)
      for (const object of each.objects.filter(({ metadata }) => metadata.namespace === SYSTEM))
        await client.delete(await resourceOfKnown(object), object.metadata)
    })
  })
})

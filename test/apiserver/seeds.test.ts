// The founding documents' manifests in a real API server, beside CRDs that other projects have installed: what it says of them,
// what becomes of them there, and what is left as it was.
import { dump } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Resource } from '../../src/cluster/client.ts'
import { dialectSchemas } from '../../src/dialects/registry.ts'
import { isJsonObject, type JsonObject, objectIn } from '../../src/kube/json.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { type Crd, crd } from '../../src/schema/crd.ts'
import { objectSeeds, seed } from '../seeds/seeds.ts'
import { validated, validatedText } from '../seeds/world.ts'
import { type Controller, startController } from './controller.ts'
import {
  allCrds,
  applyAll,
  eventually,
  objectsIn,
  objectsOf,
  resourceOf,
  startCluster,
  type TestCluster,
} from './harness.ts'
import { connect, type RawCluster, send } from './requests.ts'

const crdKind: Resource = {
  ...{ group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', namespaced: false },
}
const deployments: Resource = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true }
const classes: Resource = {
  ...{ group: 'gateway.networking.k8s.io', version: 'v1' },
  plural: 'gatewayclasses',
  namespaced: false,
}

// Two documents use one name for two Gateways of namespace default.
const together = objectSeeds.filter((name) => name !== 'L-blog')

/** The CRDs of other projects, as their own charts install them. */
const foreignCrds: readonly Crd[] = Object.entries(dialectSchemas).flatMap(([project, definitions]) =>
  definitions.map((definition) => {
    const made = crd(definition)
    const annotations = { 'meta.helm.sh/release-name': project, 'meta.helm.sh/release-namespace': `${project}-system` }
    return { ...made, metadata: { ...made.metadata, annotations } }
  }),
)

/** What a server that speaks legacy SSE is behind. */
const fetcher = `
apiVersion: v1
kind: Service
metadata: {name: mcp-website-fetcher, namespace: kubelb}
spec: {selector: {app: fetcher}, ports: [{port: 80}]}
`

interface Stored extends KubeObject {
  readonly spec?: unknown
  readonly status?: unknown
}

interface Writer {
  readonly manager?: string
  readonly subresource?: string
}

describe('the founding documents in a cluster', () => {
  let cluster: TestCluster
  let raw: RawCluster
  let running: Controller | undefined

  beforeAll(async () => {
    // A CRD is an object like any other.
    cluster = await startCluster({ crds: [...allCrds(), ...(foreignCrds as readonly KubeObject[])] })
    raw = connect(cluster.kubeconfig)
    const names = ['kubelb', 'kgateway-system', 'mcp', 'kagent', 'team-a', 'platform', 'agentgateway-system']
    await applyAll(
      cluster.client,
      names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    )
  }, 180_000)
  afterAll(async () => {
    await running?.kill()
    await cluster?.stop()
  })

  /** The object as the cluster has it, with its resource; undefined for kinds that it does not serve. */
  async function served(object: KubeObject): Promise<Resource | undefined> {
    return resourceOf(cluster.client, object).catch(() => undefined)
  }

  async function applied(object: KubeObject, isDry: boolean): Promise<'accepted' | string> {
    const resource = await resourceOf(cluster.client, object)
    const { group, version, plural, namespaced } = resource
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    const within = namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : ''
    const query = `fieldManager=kubectl&force=true&fieldValidation=Strict${isDry ? '&dryRun=All' : ''}`
    const answer = await send(raw, 'PATCH', `${root}${within}/${plural}/${object.metadata.name}?${query}`, object)
    return answer.code < 300 ? 'accepted' : (answer.status.message ?? String(answer.code))
  }

  async function stored(object: KubeObject): Promise<Stored | undefined> {
    const { name, namespace = 'default' } = object.metadata
    const resource = await resourceOf(cluster.client, object)
    const place = { name, namespace: resource.namespaced ? namespace : undefined }
    return cluster.client.get(resource, place)
  }

  async function start(): Promise<Controller> {
    running = await startController({ kubeconfig: cluster.kubeconfig, namespace: 'agentgateway-system' })
    return running
  }

  /** Everything has been said once a Gateway that came last has been heard of. */
  async function untilHeardOf(name: string): Promise<void> {
    const metadata = { name, namespace: 'agentgateway-system' }
    const spec = { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', port: 8080, protocol: 'HTTP' }] }
    const last = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata, spec }
    await applyAll(cluster.client, [last])
    await eventually(async () => expect(conditionOf(await stored(last), 'Accepted')).toBe('True'), 60_000)
  }

  const seedObjects = (name: (typeof objectSeeds)[number]) => objectsOf(seed(name))
  /** Each object as the last document has it. */
  const watched = (): readonly KubeObject[] => {
    const objects = together.flatMap(seedObjects).filter(isServedHere)
    return [...new Map(objects.map((object) => [nameOf(object), object])).values()]
  }

  test.each([...objectSeeds].toReversed())(
    'X-03, X-04: %s has one verdict: dry, applied, and offline',
    async (name) => {
      const offline = new Map((await validated(name)).objects.map(({ object, verdict }) => [object, verdict]))
      for (const object of seedObjects(name)) {
        const isServed = (await served(object)) !== undefined
        expect([object.kind, isServed]).toEqual([object.kind, object.apiVersion !== 'kagent.dev/v1alpha2'])
        if (!isServed) continue
        const verdicts = [await applied(object, true), await applied(object, false)]
        expect([object.kind, object.metadata.name, ...verdicts]).toEqual([
          ...[object.kind, object.metadata.name, 'accepted', 'accepted'],
        ])
        const known = offline.get(nameOf(object))
        // Deployments and the like are nothing to us.
        if (known !== undefined) expect([object.kind, known]).not.toEqual([object.kind, 'refused'])
      }
    },
  )

  test.each([
    ['a target in both shapes', 'K-kubelb', 'mcp-backend', 'spec.mcp.targets.0.static', { host: 'a', port: 1 }],
    ['an unknown transport', 'L-blog', 'mcp-backend', 'spec.mcp.targets.0.static.protocol', 'WebSocket'],
    ['a kind that cannot be targeted', 'B-chapter5', 'github-rbac-policy', 'spec.targetRefs.0.kind', 'Pod'],
    ['a port that is none', 'B-chapter5', 'github-mcp-server', 'spec.deployment.port', 300_000],
    ['a number that is none', 'E-agentkube', 'github-tools', 'spec.replicas', 'many'],
  ] as const)('X-03, X-04: %s is refused in the same way everywhere', async (_, name, object, path, value) => {
    const mistaken = seedObjects(name)
    put(
      mistaken.find(({ metadata }) => metadata.name === object),
      path.split('.'),
      value,
    )
    const text = mistaken.map((each) => dump(each)).join('---\n')
    const field = path.split('.').at(-1) ?? ''
    const { objects, problems } = await validatedText(text)
    const refused = objects.filter(({ verdict }) => verdict === 'refused').map(({ object }) => object)
    const found: string[] = []
    for (const object of objectsOf(text)) {
      if ((await served(object)) === undefined) continue
      const dry = await applied(object, true)
      expect(await applied(object, false)).toBe(dry)
      if (dry === 'accepted') continue
      found.push(nameOf(object))
      expect(dry).toContain(field)
    }
    expect(found).toEqual(refused)
    expect(found.length).toBeGreaterThan(0)
    expect(problems.some(({ path, message }) => `${path} ${message}`.includes(field))).toBe(true)
    // As it should be again, for the tests below.
    for (const object of objectsOf(seed(name)).filter(isServedHere)) await applied(object, false)
  })

  test('K-09: the target as the page prints it is stored with all of its fields', async () => {
    const backend = seedObjects('K-kubelb').find(({ metadata }) => metadata.name === 'mcp-backend')
    if (backend === undefined) throw new Error('the page has a Backend called mcp-backend')
    const { spec } = (await stored(backend)) ?? {}
    expect(spec).toMatchObject({
      mcp: { targets: [{ backendRef: { name: 'mcp-website-fetcher' }, port: 80, protocol: 'SSE' }] },
    })
  })

  test('K-13, K-14: every example of the reference is accepted by the server', async () => {
    const folders = ['agentgatewaybackend', 'agentgatewaymodel', 'agentgatewayparameters', 'agentgatewaypolicy']
    const examples = folders.flatMap((folder) => objectsIn(`${import.meta.dirname}/../../examples/reference/${folder}`))
    const refusals: string[] = []
    for (const object of examples) {
      const verdict = await applied({ ...object, metadata: { ...object.metadata, namespace: 'default' } }, true)
      if (verdict !== 'accepted') refusals.push(`${object.kind} ${object.metadata.name}: ${verdict}`)
    }
    expect(examples.length).toBeGreaterThan(100)
    expect(refusals).toEqual([])
  }, 120_000)

  test('D-01, D-04, K-01, K-02, X-01: all dialects live under one class, and every object says what became of it', async () => {
    for (const object of together.flatMap(seedObjects).filter(isServedHere))
      expect(await applied(object, false)).toBe('accepted')
    await applyAll(cluster.client, objectsOf(fetcher))
    await start()
    await eventually(async () => {
      const found = await cluster.client.get(classes, { name: 'agentgateway' })
      expect(conditionOf(found, 'Accepted')).toBe('True')
    }, 60_000)
    const ours = watched().filter(({ kind }) => STATUS_KINDS.has(kind))
    expect(new Set(ours.map(({ kind }) => kind))).toEqual(STATUS_KINDS)
    for (const object of ours) {
      await eventually(async () => {
        const { metadata, status } = (await stored(object)) ?? {}
        expect([object.kind, metadata?.name, JSON.stringify(status)]).toEqual([
          ...[object.kind, object.metadata.name, expect.stringContaining('"type":"Accepted"')],
        ])
      }, 60_000)
    }
    const gateway = watched().find(({ metadata }) => metadata.name === 'agentgateway-proxy')
    await eventually(async () => {
      const listeners = objectIn(gateway && objectIn(await stored(gateway)).status).listeners
      expect(listeners).toMatchObject([{ name: 'http', attachedRoutes: 2 }])
    }, 60_000)
    await eventually(async () => {
      const { conditions } = objectIn(gateway && objectIn(await stored(gateway)).status)
      expect(JSON.stringify(conditions)).toContain(
        'nothing has given its Service an address, in the cluster it is agentgateway-proxy.kubelb.svc',
      )
    }, 60_000)
    // Each Gateway, and what is one, runs; MCPServers belong to somebody else.
    const wanted = ['default/agentgateway', 'kgateway-system/agentgateway', 'kubelb/agentgateway-proxy']
    const served = ['mcp/agentgateway', 'platform/shared-gateway', 'team-a/github-tools']
    await eventually(async () => {
      const { items } = await cluster.client.list(deployments, { limit: 100 })
      const names = items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
      expect(names.filter((name) => name !== 'default/mcp-server-everything').toSorted()).toEqual([
        ...wanted,
        ...served,
      ])
    }, 60_000)
  }, 180_000)

  test('X-01, X-06: what is said stays said, and nothing of others is changed', async () => {
    const versions = async (): Promise<Readonly<Record<string, string | undefined>>> => {
      const found = await Promise.all(
        watched().map(async (object) => {
          const { metadata } = (await stored(object)) ?? {}
          return [nameOf(object), metadata?.resourceVersion] as const
        }),
      )
      const { items } = await cluster.client.list(crdKind, { limit: 200 })
      const kinds = items.map(({ metadata }) => [`CRD ${metadata.name}`, metadata.resourceVersion] as const)
      return Object.fromEntries([...found, ...kinds])
    }
    let count = 0
    const before = await eventually(async () => {
      const found = await versions()
      await untilHeardOf(`settled-${++count}`)
      expect(await versions()).toEqual(found)
      return found
    }, 60_000)
    await running?.stop()
    await start()
    await untilHeardOf('second')
    expect(await versions()).toEqual(before)
    const server = watched().find(({ kind }) => kind === 'MCPServer')
    expect(server && (await stored(server))?.status).toBeUndefined()
    for (const { metadata } of foreignCrds) {
      const found = (await cluster.client.get(crdKind, { name: metadata.name })) as Stored | undefined
      expect([metadata.name, writersOf(found)]).toEqual([metadata.name, ['test']])
      expect(found?.metadata.annotations).toMatchObject(metadata.annotations ?? {})
    }
  }, 180_000)

  test('X-06: where kgateway has a class, its word on a Backend stays', async () => {
    const backend = watched().find(({ kind }) => kind === 'Backend')
    if (backend === undefined) throw new Error('the book has a Backend')
    const theirs: KubeObject = {
      ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', metadata: { name: 'kgateway' } },
      ...{ spec: { controllerName: 'kgateway.dev/kgateway' } },
    }
    await running?.stop()
    await applyAll(cluster.client, [theirs])
    const resource = await resourceOf(cluster.client, backend)
    const found = await stored(backend)
    const said = { type: 'Accepted', status: 'False', reason: 'Invalid', message: 'says kgateway' }
    const status = { conditions: [{ ...said, lastTransitionTime: '2026-01-01T00:00:00Z' }] }
    if (found === undefined) throw new Error('the Backend is there')
    const written = await cluster.client.replaceStatus(resource, { ...found, ...{ status } })
    await start()
    await untilHeardOf('third')
    expect((await stored(backend))?.metadata.resourceVersion).toBe(written.metadata.resourceVersion)
  }, 120_000)

  test('B-24: whoever keeps objects in git finds them as they were, but for their statuses', async () => {
    for (const object of watched()) {
      const found = await stored(object)
      const name = `${object.kind} ${object.metadata.name}`
      expect([name, writersOf(found).filter((manager) => manager !== 'kubectl')]).toEqual([name, []])
      expect([name, found?.metadata.labels ?? {}]).toEqual([name, object.metadata.labels ?? {}])
      expect([name, found?.metadata.annotations ?? {}]).toEqual([name, object.metadata.annotations ?? {}])
      expect([name, isWithin(objectIn(object).spec, found?.spec)]).toEqual([name, true])
    }
  })
})

const STATUS_KINDS = new Set([
  ...['AgentgatewayBackend', 'Backend', 'Gateway', 'HTTPRoute', 'LLMGateway', 'MCP', 'TrafficPolicy'],
])

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}`

const isServedHere = ({ apiVersion }: KubeObject): boolean => apiVersion !== 'kagent.dev/v1alpha2'

/** Who has written anything but a status. */
function writersOf(object: Stored | undefined): readonly string[] {
  const writers: readonly Writer[] = object?.metadata.managedFields ?? []
  const managers = writers
    .filter(({ subresource, manager }) => subresource === undefined && manager !== 'kube-apiserver')
    .map(({ manager = '' }) => manager)
  return [...new Set(managers)].toSorted()
}

function conditionOf(object: KubeObject | undefined, type: string): unknown {
  const { conditions } = objectIn(objectIn(object).status)
  const found = (Array.isArray(conditions) ? conditions : []).find((each) => objectIn(each).type === type)
  return objectIn(found).status
}

/** Whether everything that was written is there as it was written; servers add defaults. */
function isWithin(written: unknown, found: unknown): boolean {
  if (Array.isArray(written)) {
    return (
      Array.isArray(found) && written.length === found.length && written.every((each, i) => isWithin(each, found[i]))
    )
  }
  if (!isObject(written)) return written === undefined || written === found
  return isObject(found) && Object.entries(written).every(([key, each]) => isWithin(each, found[key]))
}

function isObject(value: unknown): value is JsonObject {
  return isJsonObject(value)
}

/** Puts a value into an object, on a way that is there up to its last step. */
function put(into: unknown, [step = '', ...rest]: readonly string[], value: unknown): void {
  // Lists are objects whose fields are numbers.
  const fields = into as Record<string, unknown>
  if (rest.length === 0) fields[step] = value
  else put(fields[step], rest, value)
}

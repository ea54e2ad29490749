import { describe, expect, it } from 'vitest'
import { createRun, type Run } from '../cli/run.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, objectIn } from '../kube/json.ts'
import type { KubeObject } from '../kube/object.ts'
import type { ProxyDeployment, RenderedObject } from '../kube/proxy-deployment.ts'
import { imageOf, PROXY_RELEASE } from './deployments.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type DeploySettings } from './settings.ts'

const SETTINGS: DeploySettings = {
  ...DEFAULT_TRANSLATE_SETTINGS,
  ...{ version: '1.2.3', xdsMode: 'plaintext', xdsServiceName: 'agentgateway', xdsServiceHost: '', xdsPort: 9978 },
  ...{ noListenersDummyPort: 443, proxyImageRegistry: 'registry', proxyImageRepository: 'proxy' },
  ...{ proxyImageTag: undefined, istioAutoEnabled: false, istioClusterId: '', istioNetwork: '', istioCaAddress: '' },
}
const KEY = '0f'.repeat(32)

type Spec = JsonObject

function params(name: string, spec: Spec, namespace = 'default'): KubeObject {
  const object = { apiVersion: 'agentgateway.dev/v1alpha1', kind: 'AgentgatewayParameters', spec }
  return { ...object, metadata: { name, namespace } }
}

function secret(name: string, data: Readonly<Record<string, string>>, namespace = 'default'): KubeObject {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  )
  const object = { apiVersion: 'v1', kind: 'Secret', data: encoded }
  return { ...object, metadata: { name, namespace } }
}

interface WorldOptions {
  readonly name?: string
  readonly listeners?: readonly Json[]
  readonly spec?: Spec
  readonly annotations?: Readonly<Record<string, string>>
  readonly classParams?: Spec
  readonly ownParams?: Spec
  readonly settings?: Partial<DeploySettings>
  readonly objects?: readonly KubeObject[]
  readonly key?: string
}

function ref(name: string, rest: JsonObject = {}): JsonObject {
  return { group: 'agentgateway.dev', kind: 'AgentgatewayParameters', name, ...rest }
}

async function world(options: WorldOptions = {}): Promise<Run> {
  const settings = { ...SETTINGS, ...options.settings }
  const run = createRun(settings, { deploy: settings })
  const { name = 'gw', classParams, ownParams, key = KEY } = options
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: 'default', uid: 'u1', generation: 4, annotations: options.annotations },
    spec: {
      gatewayClassName: 'agentgateway',
      listeners: options.listeners ?? [{ name: 'http', port: 8080, protocol: 'HTTP' }],
      ...(ownParams === undefined ? {} : { infrastructure: { parametersRef: ref('own') } }),
      ...options.spec,
    },
  }
  const gatewayClass = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'agentgateway' },
    spec: {
      controllerName: 'agentgateway.dev/agentgateway',
      ...(classParams === undefined ? {} : { parametersRef: ref('class', { namespace: 'default' }) }),
    },
  }
  run.set([
    gatewayClass,
    gateway,
    ...(classParams === undefined ? [] : [params('class', classParams)]),
    ...(ownParams === undefined ? [] : [params('own', ownParams)]),
    ...(key === '' ? [] : [secret(`${name}-session-key`, { key })]),
    ...(options.objects ?? []),
  ])
  await run.pipeline.graph.commit()
  return run
}

async function deployment(options: WorldOptions = {}): Promise<ProxyDeployment> {
  const run = await world(options)
  const [result] = run.pipeline.deployments.list()
  if (result === undefined) throw new Error('nothing was rendered')
  return result
}

async function objects(options: WorldOptions = {}): Promise<readonly RenderedObject[]> {
  const result = await deployment(options)
  if (result.kind !== 'rendered') throw new Error(JSON.stringify(result))
  return result.objects
}

async function object(kind: string, options: WorldOptions = {}): Promise<RenderedObject> {
  const found = (await objects(options)).find((each) => each.kind === kind)
  if (found === undefined) throw new Error(`no ${kind} was rendered`)
  return found
}

async function pod(options: WorldOptions = {}): Promise<JsonObject> {
  const workload = (await objects(options)).find(({ apiVersion }) => apiVersion === 'apps/v1')
  return objectIn(objectIn(workload?.spec?.template).spec)
}

async function container(options: WorldOptions = {}): Promise<JsonObject> {
  const { containers } = await pod(options)
  return objectIn(isJsonList(containers) ? containers.find((each) => objectIn(each).name === 'agentgateway') : {})
}

async function env(options: WorldOptions = {}): Promise<ReadonlyMap<unknown, JsonObject>> {
  const { env: list } = await container(options)
  return new Map((isJsonList(list) ? list : []).filter(isJsonObject).map((entry) => [entry.name, entry]))
}

async function refusal(options: WorldOptions): Promise<string> {
  const result = await deployment(options)
  return result.kind === 'refused' ? `${result.reason}: ${result.message}` : result.kind
}

async function ports(options: WorldOptions): Promise<readonly unknown[]> {
  const { spec } = await object('Service', options)
  return isJsonList(spec?.ports) ? spec.ports.map((port) => objectIn(port).port) : []
}

describe('which objects there are', () => {
  it('renders five in the order in which they are applied', async () => {
    expect((await objects()).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ServiceAccount gw',
      'ConfigMap gw',
      'Service gw',
      'Deployment gw',
      'Secret gw-session-key',
    ])
  })

  it('asks for a session key first when there is none', async () => {
    const result = await deployment({ key: '' })
    expect(result).toMatchObject({
      kind: 'needs-session-key',
      name: 'gw',
      owner: { namespace: 'default', name: 'gw', uid: 'u1', generation: 4 },
      secret: { metadata: { name: 'gw-session-key', namespace: 'default' } },
    })
  })

  it('keeps no session key when the environment has one, in either layer', async () => {
    const list = await objects({ key: '', classParams: { env: [{ name: 'SESSION_KEY', value: 'mine' }] } })
    expect(list.map(({ kind }) => kind)).not.toContain('Secret')
    const template = objectIn(list.find(({ kind }) => kind === 'Deployment')?.spec?.template)
    expect(Object.keys(objectIn(objectIn(template.metadata).annotations))).not.toContain('checksum/session-key')
  })

  it('refuses a session key that is none, and takes one with blanks around it', async () => {
    expect(await refusal({ key: 'short' })).toContain('gw-session-key must have 32 bytes in hex')
    const { data } = await object('Secret', { key: ` ${KEY}\n` })
    expect(Buffer.from(data?.key ?? '', 'base64').toString()).toBe(KEY)
  })

  it('shortens the session key of a name that fits by itself', async () => {
    const name = 'g'.repeat(55)
    const run = await world({ name, key: '' })
    const [result] = run.pipeline.deployments.list()
    expect(result).toMatchObject({ kind: 'needs-session-key', name })
    expect(result?.kind === 'needs-session-key' ? result.secret.metadata.name : '').toHaveLength(63)
  })

  it('renders nothing for a Gateway that is going', async () => {
    const run = await world()
    const gateway = run.pipeline.source('source/gateways')
    const object = gateway?.get('default/gw')
    if (object === undefined) throw new Error('no gateway')
    gateway?.set('default/gw', {
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    })
    await run.pipeline.graph.commit()
    expect(run.pipeline.deployments.list()).toEqual([])
  })

  it('has a budget as soon as an overlay says so, even an empty one, with the labels of the patched workload', async () => {
    const budget = await object('PodDisruptionBudget', {
      classParams: { podDisruptionBudget: {}, deployment: { metadata: { labels: { team: 'a' } } } },
      ownParams: { podDisruptionBudget: { spec: { minAvailable: 1 } } },
    })
    expect(budget.metadata.labels).toMatchObject({ team: 'a', 'gateway.networking.k8s.io/gateway-name': 'gw' })
    expect(budget.spec).toMatchObject({ minAvailable: 1, selector: { matchLabels: {} } })
  })
})

describe('labels and annotations', () => {
  const infrastructure = {
    labels: {
      team: 'a',
      'app.kubernetes.io/name': 'mine',
      'app.kubernetes.io/version': 'mine',
      'sidecar.istio.io/inject': 'true',
      'gateway.networking.k8s.io/gateway-name': 'mine',
      'gateway.networking.k8s.io/other': 'mine',
    },
    annotations: { note: 'n', 'prometheus.io/scrape': 'false', 'checksum/config': 'mine' },
  }

  it('passes on what the user says, but not over what selects and manages', async () => {
    const service = await object('Service', { spec: { infrastructure } })
    expect(service.metadata.labels).toEqual({
      'app.kubernetes.io/instance': 'gw',
      'app.kubernetes.io/managed-by': 'agentgateway',
      'app.kubernetes.io/name': 'gw',
      'app.kubernetes.io/version': '1.2.3',
      'gateway.networking.k8s.io/gateway-class-name': 'agentgateway',
      'gateway.networking.k8s.io/gateway-name': 'gw',
      'sidecar.istio.io/inject': 'true',
      team: 'a',
    })
    expect(service.metadata.annotations).toEqual(infrastructure.annotations)
  })

  it('lets pods have their own scraping, not their own checksums', async () => {
    const workload = await object('Deployment', { spec: { infrastructure } })
    const { annotations, labels } = objectIn(objectIn(workload.spec?.template).metadata)
    expect(annotations).toMatchObject({ note: 'n', 'prometheus.io/scrape': 'false', 'prometheus.io/port': '15020' })
    expect(objectIn(annotations)['checksum/config']).toMatch(/^[0-9a-f]{64}$/)
    // We put no version on pods: that it is there is the user's doing.
    expect(labels).toMatchObject({ 'app.kubernetes.io/version': 'mine', 'app.kubernetes.io/name': 'gw' })
  })

  it('rolls no pod when a listener changes, and rolls them when the configuration does', async () => {
    const one = await object('Deployment')
    const other = await object('Deployment', { listeners: [{ name: 'a', port: 9000, protocol: 'HTTP' }] })
    expect(other).toEqual(one)
    const configured = await object('Deployment', { ownParams: { rawConfig: { config: { x: 1 } } } })
    expect(configured).not.toEqual(one)
  })

  it('says no version when there is none', async () => {
    const { metadata } = await object('Service', { settings: { version: '' } })
    expect(Object.keys(metadata.labels ?? {})).not.toContain('app.kubernetes.io/version')
  })
})

describe('ports', () => {
  const listener = (port: number, name = `l${port}`, protocol = 'HTTP'): JsonObject => ({ name, port, protocol })

  it('exposes each port once, ascending, whatever its protocol', async () => {
    const listeners = [listener(443, 'a', 'HTTPS'), listener(80), listener(443, 'b', 'HTTPS'), listener(53, 'u', 'UDP')]
    expect(await ports({ listeners })).toEqual([53, 80, 443])
  })

  it('leaves out internal ports and those of the proxy itself', async () => {
    const annotations = { 'agentgateway.dev/internal-ports': '8081' }
    expect(
      await ports({ annotations, listeners: [8080, 8081, 15000, 15020, 15021].map((port) => listener(port)) }),
    ).toEqual([8080])
  })

  it('keeps the load balancer of a Gateway without listeners by a dummy port', async () => {
    expect(await ports({ listeners: [] })).toEqual([443])
  })

  it('deploys nothing without any port, and says nothing of it in the status', async () => {
    expect(await refusal({ listeners: [listener(15020)] })).toBe('NoPorts: no listener has a usable port')
    expect(await refusal({ listeners: [], settings: { noListenersDummyPort: 0 } })).toContain('NoPorts')
    const run = await world({ listeners: [listener(15020)] })
    expect(condition(run, 'Accepted')).toMatchObject({ status: 'True' })
  })

  it('exposes ports of ListenerSets that are admitted, and of no other', async () => {
    const set = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'ListenerSet',
      metadata: { name: 'more', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { parentRef: { name: 'gw' }, listeners: [listener(7000)] },
    }
    expect(await ports({ objects: [set] })).toEqual([8080])
    expect(await ports({ objects: [set], spec: { allowedListeners: { namespaces: { from: 'Same' } } } })).toEqual([
      7000, 8080,
    ])
  })
})

describe('static addresses', () => {
  const ip = (value: string): JsonObject => ({ type: 'IPAddress', value })
  const asked = (...addresses: readonly JsonObject[]) => ({ spec: { addresses } })

  it('asks the load balancer for the one IP address', async () => {
    const { spec } = await object('Service', asked({ value: '2001:db8::1' }, { type: 'Hostname', value: 'x.example' }))
    expect(spec?.loadBalancerIP).toBe('2001:db8::1')
  })

  it('asks for nothing when an address has no value', async () => {
    expect((await object('Service', asked({ type: 'IPAddress' }))).spec?.loadBalancerIP).toBeUndefined()
  })

  it.each([[[ip('10.0.0.1'), ip('10.0.0.2')]], [[ip('10.0.0.300')]], [[{ type: 'Hostname', value: 'x.example' }]]])(
    'refuses %j',
    async (addresses) => {
      expect(await refusal(asked(...addresses))).toContain('InvalidParameters')
    },
  )
})

describe('parameters', () => {
  it('merges the typed fields of both layers, the Gateway over its class', async () => {
    const result = await container({
      classParams: {
        image: { registry: 'low', tag: 'low', pullPolicy: 'Always' },
        env: [
          { name: 'A', value: 'low' },
          { name: 'B', value: 'low' },
        ],
        resources: { limits: { cpu: 2 }, requests: { cpu: '1' } },
        logging: { level: 'debug' },
      },
      ownParams: {
        image: { tag: '' },
        env: [{ name: 'A', value: 'high' }],
        resources: { limits: { memory: '1Gi' }, requests: {}, claims: [{ name: 'gpu' }] },
      },
    })
    expect(result.image).toBe('low/proxy')
    expect(result.imagePullPolicy).toBe('Always')
    expect(result.resources).toEqual({ limits: { cpu: '2', memory: '1Gi' }, claims: [{ name: 'gpu' }] })
    expect(isJsonList(result.env) ? result.env.slice(-2) : []).toEqual([
      { name: 'B', value: 'low' },
      { name: 'A', value: 'high' },
    ])
  })

  it('keeps defaults where the user says nothing', async () => {
    const { resources, image } = await container()
    expect(resources).toEqual({ requests: { cpu: '100m', memory: '128Mi' } })
    expect(image).toBe(`registry/proxy:${PROXY_RELEASE}`)
  })

  it('lets the environment be overridden, except for the address of the control plane', async () => {
    const variables = await env({
      classParams: {
        env: [
          { name: 'RUST_LOG', value: 'trace' },
          { name: 'XDS_ADDRESS', value: 'elsewhere' },
        ],
      },
    })
    expect(variables.get('RUST_LOG')).toEqual({ name: 'RUST_LOG', value: 'trace' })
    const { env: list } = await container({ classParams: { env: [{ name: 'XDS_ADDRESS', value: 'elsewhere' }] } })
    const addresses = (isJsonList(list) ? list : []).filter((entry) => objectIn(entry).name === 'XDS_ADDRESS')
    expect(addresses).toHaveLength(2)
    expect(addresses[0]).toMatchObject({
      value: 'http://agentgateway.agentgateway-system.svc.cluster.local:9978',
    })
  })

  it('takes a shutdown of nothing for the default', async () => {
    const variables = await env({ ownParams: { shutdown: { min: 0, max: 0 } } })
    expect(variables.get('TERMINATION_GRACE_PERIOD_SECONDS')?.value).toBe('60')
    expect(variables.get('CONNECTION_MIN_TERMINATION_DEADLINE')?.value).toBe('10s')
    const long = await env({ ownParams: { shutdown: { min: 5, max: 1_000_000 } } })
    expect(long.get('TERMINATION_GRACE_PERIOD_SECONDS')?.value).toBe('1000000')
  })

  it('reads the model catalog of the Gateway only', async () => {
    const modelCatalog = { sources: [{ configMap: { name: 'prices' } }, {}] }
    expect(JSON.stringify(await pod({ classParams: { modelCatalog } }))).not.toContain('prices')
    const own = await pod({ ownParams: { modelCatalog } })
    expect(own.volumes).toContainEqual({
      name: 'model-catalog-prices',
      configMap: { name: 'prices', items: [{ key: 'catalog.json', path: 'prices.json' }] },
    })
    const { data } = await object('ConfigMap', { ownParams: { modelCatalog, logging: { format: 'json' } } })
    expect(data?.['config.yaml']).toBe(
      'config:\n  logging:\n    format: json\n  modelCatalog:\n  - file: /etc/agentgateway/model-catalog/prices/prices.json\n',
    )
  })

  it('lays the typed configuration over the raw one', async () => {
    const { data } = await object('ConfigMap', {
      ownParams: {
        rawConfig: { binds: [], config: { logging: { format: 'text', x: 1 } } },
        logging: { format: 'json' },
      },
    })
    expect(data?.['config.yaml']).toBe('binds: []\nconfig:\n  logging:\n    format: json\n    x: 1\n')
  })

  it('mounts the SPIFFE socket of the node when a path is given, and nothing when it is turned off', async () => {
    const source = { hostPath: { path: '/run/spire' }, mountPath: '/spiffe', socketName: 's.sock' }
    const { volumes } = await pod({ classParams: { spiffe: {} }, ownParams: { spiffe: { source } } })
    expect(volumes).toContainEqual({ name: 'spiffe-workload-api', hostPath: { path: '/run/spire', type: 'Directory' } })
    expect(JSON.stringify(await pod({ ownParams: { spiffe: { enabled: false } } }))).not.toContain('spiffe')
  })

  it.each<[string, WorldOptions]>([
    ['default/missing does not exist', { spec: { infrastructure: { parametersRef: ref('missing') } } }],
    [
      'apps/Deployment is not supported',
      { spec: { infrastructure: { parametersRef: { group: 'apps', kind: 'Deployment', name: 'x' } } } },
    ],
    ['neither Deployment nor DaemonSet', { ownParams: { workload: { kind: 'StatefulSet' } } }],
    ['repository must not be empty', { ownParams: { image: { repository: '' } } }],
    [
      'AgentgatewayParameters default/class of the GatewayClass has the overlay deployment',
      {
        classParams: { deployment: {} },
        ownParams: { workload: { kind: 'DaemonSet' } },
      },
    ],
    [
      'has the overlay horizontalPodAutoscaler',
      { ownParams: { workload: { kind: 'DaemonSet' }, horizontalPodAutoscaler: {} } },
    ],
    ['deployment.spec.replicas must be a whole number', { ownParams: { deployment: { spec: { replicas: 'x' } } } }],
  ])('refuses with: %s', async (message, options) => {
    expect(await refusal(options)).toContain(message)
    const run = await world(options)
    expect(condition(run, 'Accepted')).toMatchObject({ status: 'False', reason: 'InvalidParameters' })
    expect(condition(run, 'Programmed')).toMatchObject({ status: 'False', reason: 'Invalid' })
  })

  it('wants a class to name the namespace of its parameters', async () => {
    const run = await world({ classParams: {} })
    const classes = run.pipeline.source('source/gatewayclasses')
    const gatewayClass = classes?.get('agentgateway')
    if (gatewayClass === undefined) throw new Error('no class')
    const spec = { controllerName: 'agentgateway.dev/agentgateway', parametersRef: ref('class') }
    classes?.set('agentgateway', { ...gatewayClass, ...{ spec } })
    await run.pipeline.graph.commit()
    expect(run.pipeline.deployments.list()).toMatchObject([{ kind: 'refused' }])
    expect(condition(run, 'Accepted')?.message).toContain('namespace of its parameters')
  })

  it('recovers when the missing parameters appear', async () => {
    const run = await world({ spec: { infrastructure: { parametersRef: ref('late') } } })
    expect(run.pipeline.deployments.list()).toMatchObject([{ kind: 'refused' }])
    run.set([params('late', {})])
    await run.pipeline.graph.commit()
    expect(run.pipeline.deployments.list()).toMatchObject([{ kind: 'rendered' }])
  })

  it('reads parameters of any shape without throwing', async () => {
    const odd: Json = [1, 'x', null, {}, [], true]
    for (const value of odd) {
      const fields = [
        'env',
        'image',
        'istio',
        'logging',
        'modelCatalog',
        'rawConfig',
        'resources',
        'shutdown',
        'spiffe',
      ]
      const spec = Object.fromEntries(
        [...fields, 'deployment', 'service', 'podDisruptionBudget'].map((f) => [f, value]),
      )
      const run = await world({
        ownParams: spec,
        spec: { infrastructure: { parametersRef: ref('own'), labels: value } },
      })
      expect(run.pipeline.graph.failures()).toEqual([])
      expect(run.pipeline.deployments.list()).toHaveLength(1)
    }
  })
})

describe('the xDS certificate authority', () => {
  const tls = { xdsMode: 'either' } as const

  it('is handed to the proxies whenever the server offers TLS', async () => {
    const ca = secret('kgateway-xds-cert', { 'ca.crt': 'PEM' }, 'agentgateway-system')
    const list = await objects({ settings: tls, objects: [ca] })
    expect(list.find(({ metadata }) => metadata.name === 'gw-xds-ca')?.data).toEqual({ 'ca.crt': 'PEM\n' })
    const variables = await env({ settings: tls, objects: [ca] })
    expect(variables.get('XDS_ADDRESS')?.value).toContain('https://')
    expect(variables.get('XDS_ROOT_CA')?.value).toBe('/etc/xds-tls/ca.crt')
  })

  it('falls back to the serving certificate, and is an error when there is neither', async () => {
    const serving = secret('kgateway-xds-cert', { 'tls.crt': 'CERT\n' }, 'agentgateway-system')
    const list = await objects({ settings: tls, objects: [serving] })
    expect(list.find(({ metadata }) => metadata.name === 'gw-xds-ca')?.data).toEqual({ 'ca.crt': 'CERT\n' })
    expect(await refusal({ settings: tls })).toContain('kgateway-xds-cert does not exist')
  })
})

describe('Istio', () => {
  const meshConfig = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-canary', namespace: 'istio-system' },
    data: { mesh: 'trustDomain: corp.example\n' },
  }

  it('is on when parameters mention it, and takes the trust domain of the mesh', async () => {
    const variables = await env({
      ownParams: { istio: {} },
      settings: { istioRevision: 'canary', istioClusterId: 'c1' },
      objects: [meshConfig],
    })
    expect(variables.get('TRUST_DOMAIN')?.value).toBe('corp.example')
    expect(variables.get('CLUSTER_ID')?.value).toBe('c1')
    expect(variables.get('CA_ADDRESS')?.value).toBe('https://istiod.istio-system.svc:15012')
    expect(variables.has('NETWORK')).toBe(false)
  })

  it('prefers parameters to settings, and settings to defaults', async () => {
    const settings = { istioAutoEnabled: true, istioClusterId: 'low', istioNetwork: 'n', istioCaAddress: 'https://ca' }
    const variables = await env({ settings, ownParams: { istio: { clusterId: 'high' } } })
    expect(variables.get('CLUSTER_ID')?.value).toBe('high')
    expect(variables.get('NETWORK')?.value).toBe('n')
    expect(variables.get('CA_ADDRESS')?.value).toBe('https://ca')
  })

  it('is off when a Gateway says so, whatever its class says', async () => {
    const variables = await env({
      settings: { istioAutoEnabled: true },
      classParams: { istio: { enabled: true } },
      ownParams: { istio: { enabled: false } },
    })
    expect(variables.has('CA_ADDRESS')).toBe(false)
  })
})

describe('overlays', () => {
  it('apply per layer, the class first, and may change anything', async () => {
    const service = await object('Service', {
      spec: { infrastructure: { parametersRef: ref('own'), annotations: { a: 'infrastructure' } } },
      classParams: { service: { metadata: { annotations: { a: 'class', b: 'class' } }, spec: { type: 'NodePort' } } },
      ownParams: { service: { metadata: { annotations: { b: '' } }, spec: { externalTrafficPolicy: 'Local' } } },
    })
    expect(service.metadata.annotations).toEqual({ a: 'class', b: '' })
    expect(service.spec).toMatchObject({ type: 'NodePort', externalTrafficPolicy: 'Local' })
  })

  it('reach the metadata of a ServiceAccount only', async () => {
    const account = await object('ServiceAccount', {
      ownParams: { serviceAccount: { metadata: { annotations: { role: 'r' } }, spec: { secrets: [] } } },
    })
    expect(account).toMatchObject({ metadata: { annotations: { role: 'r' } }, automountServiceAccountToken: false })
    expect(account.spec).toBeUndefined()
  })

  it('leave out fields that the kind does not have', async () => {
    const workload = await object('Deployment', { ownParams: { deployment: { spec: { replcas: 3, replicas: 2 } } } })
    expect(workload.spec).toMatchObject({ replicas: 2 })
    expect(workload.spec).not.toHaveProperty('replcas')
  })

  it('patch a DaemonSet when that is what runs the proxies', async () => {
    const daemonSet = { spec: { updateStrategy: { type: 'OnDelete' } } }
    const workload = await object('DaemonSet', { ownParams: { workload: { kind: 'DaemonSet' }, daemonSet } })
    expect(workload.spec).toMatchObject(daemonSet.spec)
  })
})

describe('the image', () => {
  const none = { registry: undefined, repository: undefined, tag: undefined, digest: undefined, pullPolicy: undefined }

  it.each([
    [{}, {}, `registry/proxy:${PROXY_RELEASE}`],
    [{ tag: '', digest: 'sha256:1' }, {}, 'registry/proxy@sha256:1'],
    [{ registry: '' }, {}, `proxy:${PROXY_RELEASE}`],
    [{}, { proxyImageTag: '2.0' }, 'registry/proxy:2.0'],
    [{}, { proxyImageTag: '' }, 'registry/proxy'],
    [{ tag: 'a \n  b' }, {}, 'registry/proxy:a b'],
  ])('%j with %j is %s', (image, settings, expected) => {
    expect(imageOf({ ...none, ...image }, { ...SETTINGS, ...settings })).toBe(expected)
  })
})

describe('addresses in the status', () => {
  const service = (spec: Json, ingress: readonly Json[] = [], uid = 'u1'): KubeObject => {
    const object = { apiVersion: 'v1', kind: 'Service', spec, status: { loadBalancer: { ingress } } }
    const owner = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name: 'gw', uid, controller: true }
    return { ...object, metadata: { name: 'gw', namespace: 'default', ownerReferences: [owner] } }
  }
  const addresses = async (object: KubeObject, spec: Spec = {}): Promise<unknown> => {
    const run = await world({ objects: [object], spec })
    const body = run.pipeline.statuses.get('gateway.networking.k8s.io/Gateway/default/gw')?.body
    return body?.shape === 'gateway' ? body.addresses : undefined
  }

  it('are those of the load balancer, sorted, and none as long as it has none', async () => {
    const ingress = [{ ip: '10.0.0.2' }, { hostname: 'lb.example', ip: '10.0.0.9' }, { ip: '10.0.0.1' }]
    expect(await addresses(service({ type: 'LoadBalancer', clusterIP: '1.1.1.1' }, ingress))).toEqual([
      { type: 'Hostname', value: 'lb.example' },
      { type: 'IPAddress', value: '10.0.0.1' },
      { type: 'IPAddress', value: '10.0.0.2' },
    ])
    expect(await addresses(service({ type: 'LoadBalancer', clusterIP: '1.1.1.1' }))).toEqual([])
  })

  it('are those of the cluster for other Services, with what the Gateway asks for, once each', async () => {
    const object = service({ type: 'ClusterIP', clusterIP: '10.1.0.1', clusterIPs: ['10.1.0.1', 'fd00::1'] })
    expect(await addresses(object, { addresses: [{ value: '10.1.0.1' }] })).toEqual([
      { type: 'IPAddress', value: '10.1.0.1' },
      { type: 'IPAddress', value: 'fd00::1' },
    ])
  })

  it('are not taken from a Service of somebody else', async () => {
    expect(await addresses(service({ type: 'LoadBalancer' }, [{ ip: '10.0.0.2' }], 'other'))).toBeUndefined()
  })
})

function condition(run: Run, type: string) {
  const body = run.pipeline.statuses.get('gateway.networking.k8s.io/Gateway/default/gw')?.body
  return body?.shape === 'gateway' ? body.conditions.find((each) => each.type === type) : undefined
}

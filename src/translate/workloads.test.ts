import { describe, expect, it } from 'vitest'
import type { Source } from '../engine/collection.ts'
import { createGraph } from '../engine/graph.ts'
import type { ConfigMap, EndpointSlice, Namespace, Node, Pod, Service } from '../kube/core-types.ts'
import type { Gateway, GatewayClass } from '../kube/gateway-types.ts'
import type { ServiceEntry, WorkloadEntry } from '../kube/istio-types.ts'
import { keyOf } from '../kube/object.ts'
import type { InferencePool } from '../kube/route-types.ts'
import type { ServiceAddress, WorkloadAddress } from '../wire/messages.ts'
import { namespaceLabels } from './gateway-plan.ts'
import type { LiveGateway } from './networks.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'
import { declareWorkloads } from './workloads-nodes.ts'

function createWorld() {
  const graph = createGraph()
  const source = {
    services: graph.source<Service>('source/services'),
    pods: graph.source<Pod>('source/pods'),
    endpointslices: graph.source<EndpointSlice>('source/endpointslices'),
    nodes: graph.source<Node>('source/nodes'),
    namespaces: graph.source<Namespace>('source/namespaces'),
    configmaps: graph.source<ConfigMap>('source/configmaps'),
    serviceentries: graph.source<ServiceEntry>('source/serviceentries'),
    workloadentries: graph.source<WorkloadEntry>('source/workloadentries'),
    inferencepools: graph.source<InferencePool>('source/inferencepools'),
    gateways: graph.source<Gateway>('source/gateways'),
    gatewayclasses: graph.source<GatewayClass>('source/gatewayclasses'),
    liveGateways: graph.source<LiveGateway>('live/gateways'),
  }
  const namespaceLabelFacts = graph.derive({
    name: 'fact/namespaces',
    from: source.namespaces,
    reads: {},
    run: (namespace) => [namespaceLabels(namespace)],
    key: ({ name }) => name,
  })
  const settings = { ...DEFAULT_TRANSLATE_SETTINGS, clusterId: 'c1', enableInferencePool: true }
  const declared = declareWorkloads(graph, { ...source, namespaceLabels: namespaceLabelFacts }, settings)
  const commit = async (): Promise<void> => {
    await graph.commit()
    expect(graph.failures()).toEqual([])
    expect(graph.clashes()).toEqual([])
  }
  const services = (): ServiceAddress[] =>
    declared.services.list().flatMap(({ address }) => (address.type === 'service' ? [address.service] : []))
  const workloads = (): WorkloadAddress[] =>
    declared.workloads.list().flatMap(({ address }) => (address.type === 'workload' ? [address.workload] : []))
  const runs = (node: string): number => graph.stats().find(({ name }) => name === node)?.runs ?? -1
  return { graph, source, commit, services, workloads, runs }
}

type World = ReturnType<typeof createWorld>

async function worldOf(fill: (source: World['source']) => void): Promise<World> {
  const world = createWorld()
  fill(world.source)
  await world.commit()
  return world
}

function put<T extends { metadata: { name: string; namespace?: string } }>(source: Source<T>, ...objects: T[]): void {
  for (const object of objects) source.set(keyOf(object), object)
}

function service(spec: Service['spec'] = {}, metadata: Partial<Service['metadata']> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  }
}

function pod(name: string, extra: Omit<Partial<Pod>, 'metadata'> & { metadata?: Partial<Pod['metadata']> } = {}): Pod {
  const { metadata, spec, status } = extra
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels: { app: 'web' }, ...metadata },
    spec: { nodeName: 'node-1', serviceAccountName: 'sa', ...spec },
    status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }], ...status },
  }
}

function slice(extra: Partial<EndpointSlice> = {}, labels: Record<string, string> = {}): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web', ...labels } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 9090, protocol: 'TCP' }],
    ...extra,
  }
}

function namespace(name: string, labels: Record<string, string>, annotations: Record<string, string> = {}): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } }
}

function entry(spec: ServiceEntry['spec'], metadata: Partial<ServiceEntry['metadata']> = {}): ServiceEntry {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'ext', namespace: 'shop', ...metadata },
    spec: {
      hosts: ['ext.example'],
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      ...spec,
    },
  }
}

const text = (bytes: Uint8Array | string | undefined): string => Buffer.from(bytes ?? '').join('.')

describe('a Service', () => {
  const one = async (spec: Service['spec'], metadata?: Partial<Service['metadata']>) =>
    (await worldOf(({ services }) => put(services, service(spec, metadata)))).services()[0]

  it('has its addresses of both families, and is there without endpoints', async () => {
    const found = await one({ clusterIPs: ['10.1.0.1', 'fd00::1'], ipFamilies: ['IPv4', 'IPv6'] })
    expect(found?.addresses?.map(({ address }) => address?.length)).toEqual([4, 16])
    expect(found).toMatchObject({ hostname: 'web.shop.svc.cluster.local', ipFamilies: 'DUAL', canonical: true })
  })

  it('has no address when it is headless', async () => {
    expect((await one({ clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv6'] }))?.addresses).toEqual([])
    expect((await one({ ipFamilies: ['IPv6'] }))?.ipFamilies).toBe('IPV6_ONLY')
  })

  it('is none when it only names another host', async () => {
    expect(await one({ type: 'ExternalName', externalName: 'x' })).toBeUndefined()
  })

  it.each<[string, object, string]>([
    ['an appProtocol', { appProtocol: 'kubernetes.io/h2c' }, 'HTTP2'],
    ['a websocket appProtocol', { appProtocol: 'kubernetes.io/ws' }, 'HTTP11'],
    ['a secure websocket appProtocol', { appProtocol: 'kubernetes.io/wss' }, 'TLS'],
    ['a name prefix', { name: 'grpc-api' }, 'GRPC'],
    ['a name in capitals', { name: 'HTTP2' }, 'HTTP2'],
    ['its appProtocol before its name', { appProtocol: 'agentgateway.dev/mcp', name: 'http' }, 'UNKNOWN'],
    ['grpc-web', { name: 'grpc-web' }, 'UNKNOWN'],
    ['a well-known port', { port: 3306 }, 'TCP'],
    ['a known word on a well-known port', { port: 3306, name: 'mysql' }, 'UNKNOWN'],
    ['UDP', { protocol: 'UDP', name: 'http' }, 'UNKNOWN'],
    ['https', { name: 'https-main' }, 'TLS'],
    ['tcp', { name: 'tcp' }, 'TCP'],
  ])('tells the protocol of a port by %s', async (_, port, expected) => {
    expect((await one({ ports: [{ port: 80, ...port }] }))?.ports?.[0]?.appProtocol).toBe(expected)
  })

  it('keeps traffic near as it asks, or as its namespace does', async () => {
    const near = { routingPreference: ['NETWORK', 'REGION', 'ZONE'], mode: 'FAILOVER' }
    expect((await one({ trafficDistribution: 'PreferClose' }))?.loadBalancing).toEqual(near)
    expect((await one({ trafficDistribution: 'PreferSameNode' }))?.loadBalancing?.routingPreference).toHaveLength(5)
    expect((await one({ internalTrafficPolicy: 'Local', trafficDistribution: 'PreferClose' }))?.loadBalancing).toEqual({
      routingPreference: ['NODE'],
      mode: 'STRICT',
    })
    expect((await one({ publishNotReadyAddresses: true }))?.loadBalancing).toEqual({ healthPolicy: 'ALLOW_ALL' })
    const annotation = 'networking.istio.io/traffic-distribution'
    const inNamespace = (annotations: Record<string, string>) =>
      worldOf(({ services, namespaces }) => {
        put(namespaces, namespace('shop', {}, { [annotation]: 'PreferClose' }))
        put(services, service({}, { annotations }))
      })
    expect((await inNamespace({})).services()[0]?.loadBalancing).toEqual(near)
    expect((await inNamespace({ [annotation]: 'Any' })).services()[0]?.loadBalancing).toBeUndefined()
  })
})

describe('a Pod', () => {
  it('is a workload of the services that select it', async () => {
    const world = await worldOf(({ services, pods, nodes }) => {
      put(services, service(), service({ selector: { app: 'other' } }, { name: 'other' }))
      put(pods, pod('web-1'))
      put(nodes, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: 'node-1',
          labels: { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': 'eu-a' },
        },
      })
    })
    expect(world.workloads()).toEqual([
      expect.objectContaining({
        uid: 'c1//Pod/shop/web-1',
        node: 'node-1',
        serviceAccount: 'sa',
        locality: { region: 'eu', zone: 'eu-a', subzone: '' },
        workloadName: 'web-1',
        canonicalName: 'web',
        canonicalRevision: 'latest',
        status: 'HEALTHY',
        services: { 'shop/web.shop.svc.cluster.local': { ports: [{ servicePort: 80, targetPort: 8080 }] } },
      }),
    ])
  })

  it('has an address of each family', async () => {
    const status = { podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] }
    const world = await worldOf(({ pods }) => put(pods, pod('a', { status })))
    expect(world.workloads()[0]?.addresses?.map(text)).toEqual(['10.0.0.1', '253.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1'])
  })

  it('is unhealthy while it is not ready, and while it terminates', async () => {
    const world = await worldOf(({ pods }) => {
      put(pods, pod('pending', { status: { phase: 'Pending', conditions: [] } }))
      put(pods, pod('stopping', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }))
    })
    expect(world.workloads().map(({ status }) => status)).toEqual(['UNHEALTHY', 'UNHEALTHY'])
  })

  it('is no workload once it has ended, nor before it has an address', async () => {
    const world = await worldOf(({ pods }) => {
      put(pods, pod('done', { status: { phase: 'Succeeded' } }), pod('failed', { status: { phase: 'Failed' } }))
      put(pods, pod('new', { status: { podIP: '' } }), pod('odd', { status: { podIPs: [{ ip: 'x' }] } }))
    })
    expect(world.workloads()).toEqual([])
  })

  it('resolves ports by name, sidecars included, and leaves out those it has not', async () => {
    const world = await worldOf(({ services, pods }) => {
      const named = (name: string, port: number) => ({ name, port, targetPort: name })
      put(services, service({ ports: [named('http', 80), named('metrics', 81), named('none', 82), { port: 83 }] }))
      const spec: Pod['spec'] = {
        hostNetwork: true,
        containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }],
        initContainers: [
          { restartPolicy: 'Always', ports: [{ name: 'metrics', containerPort: 9000, protocol: 'TCP' }] },
          { ports: [{ name: 'none', containerPort: 1 }] },
        ],
      }
      put(pods, pod('web-1', { spec }))
    })
    expect(world.workloads()[0]?.networkMode).toBe('HOST_NETWORK')
    expect(Object.values(world.workloads()[0]?.services ?? {})).toEqual([
      {
        ports: [
          { servicePort: 80, targetPort: 8080 },
          { servicePort: 81, targetPort: 9000 },
          { servicePort: 83, targetPort: 83 },
        ],
      },
    ])
  })

  it.each<[string, Partial<Pod['metadata']>, string]>([
    ['a Deployment', { labels: { 'pod-template-hash': 'abc' }, ...controlledBy('ReplicaSet', 'web-abc') }, 'web'],
    ['a ReplicaSet', controlledBy('ReplicaSet', 'web-abc'), 'web-abc'],
    ['a rollout', { labels: { 'rollouts-pod-template-hash': 'x1' }, ...controlledBy('ReplicaSet', 'roll-x1') }, 'roll'],
    ['a CronJob', controlledBy('Job', 'backup-28800000'), 'backup'],
    ['a Job', controlledBy('Job', 'import'), 'import'],
    ['a StatefulSet', controlledBy('StatefulSet', 'db'), 'db'],
    ['a label', { labels: { 'service.istio.io/workload-name': 'named' } }, 'named'],
  ])('is named after %s', async (_, metadata, expected) => {
    const world = await worldOf(({ pods }) => put(pods, pod('web-abc-xyz', { metadata })))
    expect(world.workloads()[0]?.workloadName).toBe(expected)
  })

  it('joins a Service without selector through its slice, if it is the Pod that is meant', async () => {
    const endpoint = (name: string, uid: string) => ({ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name, uid } })
    const world = await worldOf(({ services, pods, endpointslices }) => {
      const { selector: _, ...spec } = service().spec ?? {}
      put(services, { ...service(), spec })
      put(pods, pod('a'), pod('b'))
      put(endpointslices, slice({ endpoints: [endpoint('a', 'uid-a'), endpoint('b', 'another')] }))
    })
    expect(world.workloads().map(({ services }) => Object.keys(services ?? {}))).toEqual([
      ['shop/web.shop.svc.cluster.local'],
      [],
    ])
  })

  it('runs alone when it changes', async () => {
    const world = await worldOf(({ services, pods }) => {
      put(services, service())
      for (let i = 0; i < 20; i++) put(pods, pod(`web-${i}`))
    })
    const before = world.runs('translate/pods')
    put(world.source.pods, pod('web-3', { status: { conditions: [] } }))
    await world.commit()
    expect(world.runs('translate/pods') - before).toBe(1)
    put(world.source.services, service({ selector: { app: 'other' } }, { name: 'other' }))
    await world.commit()
    expect(world.runs('translate/pods') - before).toBe(1)
    put(world.source.services, service({ selector: { app: 'web' } }, { name: 'more' }))
    await world.commit()
    expect(world.runs('translate/pods') - before).toBe(21)
  })

  it('does not run when only labels of its Node that say nothing about places change', async () => {
    const node = (labels: Record<string, string>): Node => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1', labels },
    })
    const world = await worldOf(({ pods, nodes }) => {
      put(pods, pod('a'))
      put(nodes, node({ 'topology.kubernetes.io/zone': 'a' }))
    })
    const before = world.runs('translate/pods')
    put(world.source.nodes, node({ 'topology.kubernetes.io/zone': 'a', heartbeat: '1' }))
    await world.commit()
    expect(world.runs('translate/pods')).toBe(before)
  })
})

function controlledBy(kind: string, name: string): Pick<Pod['metadata'], 'generateName' | 'ownerReferences'> {
  return { generateName: 'x-', ownerReferences: [{ apiVersion: 'v1', kind, name, uid: 'u', controller: true }] }
}

describe('an EndpointSlice', () => {
  it('adds endpoints that are no Pods, each once, with the ports of the slice', async () => {
    const world = await worldOf(({ services, endpointslices }) => {
      put(services, service())
      const endpoints = [
        { addresses: ['1.1.1.1'], conditions: { ready: false } },
        { addresses: ['1.1.1.1'] },
        { addresses: ['2.2.2.2'], conditions: {} },
        { addresses: ['host'] },
        { addresses: ['3.3.3.3'], targetRef: { kind: 'Pod', name: 'a' } },
      ]
      const ports = [
        { name: 'http', port: 9090, protocol: 'TCP' },
        { name: 'http', port: 1, protocol: 'UDP' },
        { name: 'x', port: 2 },
      ]
      put(endpointslices, slice({ endpoints, ports }))
    })
    expect(world.workloads().map(({ uid, status, networkMode }) => [uid, status, networkMode])).toEqual([
      ['c1/discovery.k8s.io/EndpointSlice/shop/web-1/1.1.1.1', 'UNHEALTHY', 'HOST_NETWORK'],
      ['c1/discovery.k8s.io/EndpointSlice/shop/web-1/2.2.2.2', 'HEALTHY', 'HOST_NETWORK'],
    ])
    expect(world.workloads()[0]?.services).toEqual({
      'shop/web.shop.svc.cluster.local': { ports: [{ servicePort: 80, targetPort: 9090 }] },
    })
  })

  it('of no Service, or of names, adds nothing', async () => {
    const world = await worldOf(({ services, endpointslices }) => {
      put(services, service())
      const endpoints = [{ addresses: ['1.1.1.1'] }]
      put(endpointslices, slice({ endpoints }, { 'kubernetes.io/service-name': 'missing' }))
      put(endpointslices, {
        ...slice({ endpoints, addressType: 'FQDN' }),
        metadata: { ...slice().metadata, name: 'b' },
      })
    })
    expect(world.workloads()).toEqual([])
  })
})

describe('an InferencePool', () => {
  it('is a service of its own, which its pods join', async () => {
    const world = await worldOf(({ inferencepools, pods }) => {
      put(inferencepools, {
        apiVersion: 'inference.networking.k8s.io/v1',
        kind: 'InferencePool',
        metadata: { name: 'pool', namespace: 'shop' },
        spec: { selector: { matchLabels: { app: 'web' } }, targetPorts: [{ number: 8000 }] },
      })
      put(pods, pod('a'))
    })
    expect(world.services()).toMatchObject([{ hostname: 'pool.shop.inference.cluster.local', canonical: false }])
    expect(Object.keys(world.workloads()[0]?.services ?? {})).toEqual(['shop/pool.shop.inference.cluster.local'])
  })
})

describe('a ServiceEntry', () => {
  it('yields to a Service, and to an older one, with its endpoints', async () => {
    const world = await worldOf(({ services, serviceentries }) => {
      put(services, service())
      const endpoints = [{ address: '1.1.1.1' }]
      put(serviceentries, entry({ hosts: ['web.shop.svc.cluster.local'], endpoints }, { name: 'shadow' }))
      put(serviceentries, entry({ endpoints }, { name: 'young', creationTimestamp: '2026-01-02T00:00:00Z' }))
      put(serviceentries, entry({ endpoints }, { name: 'old', creationTimestamp: '2026-01-01T00:00:00Z' }))
      put(serviceentries, entry({}, { namespace: 'other', creationTimestamp: '2026-01-03T00:00:00Z' }))
    })
    expect(world.services().map(({ name, namespace, canonical }) => [namespace, name, canonical])).toEqual([
      ['other', 'ext', false],
      ['shop', 'old', true],
      ['shop', 'web', true],
    ])
    expect(world.workloads().map(({ name }) => name)).toEqual(['old'])
    world.source.serviceentries.delete('shop/old')
    await world.commit()
    expect(world.workloads().map(({ name }) => name)).toEqual(['young'])
  })

  it('may have prefixes and allocated addresses, and none that cannot be read', async () => {
    const addresses = async (object: ServiceEntry) =>
      (await worldOf(({ serviceentries }) => put(serviceentries, object)))
        .services()[0]
        ?.addresses?.map(({ address, length }) => `${text(address)}/${length ?? ''}`)
    expect(await addresses(entry({ addresses: ['10.1.2.3', '10.1.2.3/8'] }))).toEqual(['10.1.2.3/', '10.0.0.0/8'])
    expect(await addresses(entry({ addresses: ['10.1.2.3', 'x'] }))).toBeUndefined()
    const status = {
      addresses: [
        { host: 'ext.example', value: '240.0.0.1' },
        { host: 'other', value: '240.0.0.2' },
      ],
    }
    expect(await addresses({ ...entry({}), status })).toEqual(['240.0.0.1/'])
    expect(await addresses({ ...entry({ resolution: 'NONE' }), status })).toEqual([])
    const opted = entry({}, { labels: { 'networking.istio.io/enable-autoallocate-ip': 'false' } })
    expect(await addresses({ ...opted, status })).toEqual([])
  })

  it('without endpoints resolves its hosts, or selects workloads', async () => {
    const world = await worldOf(({ serviceentries, workloadentries, pods }) => {
      put(serviceentries, entry({ resolution: 'DNS' }, { name: 'dns' }))
      const workloadSelector = { labels: { app: 'web' } }
      const ports = [{ number: 80, name: 'http', targetPort: 8080 }]
      put(
        serviceentries,
        entry({ hosts: ['sel.example'], resolution: 'DNS', workloadSelector, ports }, { name: 'sel' }),
      )
      put(pods, pod('a', { spec: { containers: [{ ports: [{ name: 'http', containerPort: 7 }] }] } }))
      put(workloadentries, {
        apiVersion: 'networking.istio.io/v1',
        kind: 'WorkloadEntry',
        metadata: { name: 'vm', namespace: 'shop', labels: { version: 'v2' } },
        spec: {
          address: '9.9.9.9',
          labels: { app: 'web', version: 'v1' },
          ports: { http: 8 },
          weight: 3,
          locality: 'eu/a',
        },
      })
    })
    const ports = (uid: string) =>
      Object.entries(world.workloads().find((workload) => workload.uid === uid)?.services ?? {}).map(
        ([key, list]) => `${key} ${list.ports?.map(({ targetPort }) => targetPort)}`,
      )
    expect(ports('c1/networking.istio.io/ServiceEntry/shop/dns/ext.example')).toEqual(['shop/ext.example 80'])
    expect(ports('c1//Pod/shop/a')).toEqual(['shop/sel.example 7'])
    expect(ports('c1/networking.istio.io/WorkloadEntry/shop/vm')).toEqual(['shop/sel.example 8'])
    expect(world.workloads().find(({ name }) => name === 'vm')).toMatchObject({
      canonicalRevision: 'v2',
      capacity: { value: 3 },
      locality: { region: 'eu', zone: 'a', subzone: '' },
    })
  })

  it('passes an endpoint the network of the one before it', async () => {
    const world = await worldOf(({ serviceentries, namespaces }) => {
      put(namespaces, namespace('istio-system', { 'topology.istio.io/network': 'home' }))
      const endpoints = [{ address: '1.1.1.1' }, { address: '2.2.2.2', network: 'n2' }, { address: '3.3.3.3' }]
      put(serviceentries, entry({ endpoints }))
    })
    expect(world.workloads().map(({ network }) => network)).toEqual(['home', 'n2', 'n2'])
  })

  it('is published as far as the mesh says', async () => {
    const world = await worldOf(({ serviceentries, configmaps }) => {
      put(serviceentries, entry({ endpoints: [{ address: '1.1.1.1' }] }))
      const data = { mesh: 'trustDomain: example.org\nserviceEntryVisibility: NAMESPACE\n' }
      put(configmaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio', namespace: 'istio-system' },
        data,
      })
    })
    expect(world.services()).toMatchObject([{ visibility: 'NAMESPACE', canonical: false }])
    expect(world.workloads()).toMatchObject([{ trustDomain: 'example.org' }])
    const mesh = (text: string): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: text },
    })
    put(world.source.configmaps, mesh('serviceEntryVisibility: NONE'))
    await world.commit()
    expect([...world.services(), ...world.workloads()]).toEqual([])
    put(world.source.configmaps, mesh('{'))
    await world.commit()
    expect(world.services()).toMatchObject([{ visibility: 'PUBLIC' }])
  })
})

describe('a waypoint', () => {
  const live = (name: string, addresses: NonNullable<LiveGateway['status']>['addresses']): LiveGateway => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: 'shop' },
    status: addresses === undefined ? {} : { addresses },
  })
  const gateway = (name: string, labels: Record<string, string> = {}, annotations = {}): Gateway => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: 'shop', labels, annotations },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  })
  const use = (name: string) => ({ labels: { app: 'web', 'istio.io/use-waypoint': name } })

  it('stands in front of services and workloads that ask for it', async () => {
    const world = await worldOf(({ gateways, liveGateways, services, pods, namespaces }) => {
      put(gateways, gateway('way', { 'istio.io/waypoint-for': 'all' }), gateway('for-services'))
      put(liveGateways, live('way', [{ value: '10.0.0.9' }]), live('for-services', [{ type: 'Hostname', value: 'w' }]))
      put(
        namespaces,
        namespace('shop', { 'istio.io/use-waypoint': 'for-services', 'istio.io/ingress-use-waypoint': 'true' }),
      )
      put(
        services,
        service({}, use('way')),
        service({}, { name: 'by-namespace' }),
        service({}, { name: 'out', ...use('none') }),
      )
      put(pods, pod('a', { metadata: use('way') }), pod('b', { metadata: use('for-services') }))
      put(pods, pod('own', { metadata: { labels: { 'gateway.networking.k8s.io/gateway-name': 'way' } } }))
    })
    const [byNamespace, out, asked] = world.services()
    expect(asked?.waypoint).toMatchObject({ address: { network: '' }, hboneMtlsPort: 15008 })
    expect(byNamespace).toMatchObject({
      waypoint: { hostname: { namespace: 'shop', hostname: 'w' } },
      ingressUseWaypoint: true,
    })
    expect(out?.waypoint).toBeUndefined()
    expect(world.workloads().map(({ name, waypoint }) => [name, waypoint !== undefined])).toEqual([
      ['a', true],
      ['b', false],
      ['own', false],
    ])
  })

  it('is none for other namespaces unless it opens itself', async () => {
    const world = await worldOf(({ gateways, liveGateways, services }) => {
      put(gateways, gateway('way'))
      put(liveGateways, live('way', [{ value: '10.0.0.9' }]))
      const labels = { ...use('way').labels, 'istio.io/use-waypoint-namespace': 'shop' }
      put(services, service({}, { namespace: 'other', labels }))
    })
    expect(world.services()[0]?.waypoint).toBeUndefined()
    const open = gateway('way')
    const listeners = [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } }]
    put(world.source.gateways, { ...open, spec: { ...open.spec, listeners } })
    await world.commit()
    expect(world.services()[0]?.waypoint).toBeDefined()
  })

  it('shares traffic with a canary', async () => {
    const world = await worldOf(({ gateways, liveGateways, services }) => {
      put(gateways, gateway('way'), gateway('canary'))
      put(liveGateways, live('way', [{ value: '10.0.0.9' }]), live('canary', [{ value: '10.0.0.8' }]))
      const labels = { ...use('way').labels, 'istio.io/use-waypoint-canary': 'canary' }
      put(services, service({}, { labels, annotations: { 'istio.io/use-waypoint-canary-weight': '10' } }))
      put(
        services,
        service({}, { name: 'wrong', labels, annotations: { 'istio.io/use-waypoint-canary-weight': '101' } }),
      )
    })
    expect(world.services().map(({ weightedWaypoints }) => weightedWaypoints?.map(({ weight }) => weight))).toEqual([
      [90, 10],
      undefined,
    ])
  })

  it('tells how its own pods take traffic in', async () => {
    const annotations = { 'ambient.istio.io/waypoint-inbound-binding': 'PROXY/15088' }
    const world = await worldOf(({ gateways, liveGateways, pods }) => {
      put(gateways, gateway('way', {}, annotations))
      put(liveGateways, live('way', [{ value: '10.0.0.9' }]))
      put(pods, pod('own', { metadata: { labels: { 'gateway.networking.k8s.io/gateway-name': 'way' } } }))
    })
    expect(world.workloads()[0]?.applicationTunnel).toEqual({ protocol: 'PROXY', port: 15088 })
  })

  it('is not looked at again when a status changes and its addresses do not', async () => {
    const world = await worldOf(({ gateways, liveGateways }) => {
      put(gateways, gateway('way'))
      put(liveGateways, live('way', [{ value: '10.0.0.9' }]))
    })
    const before = world.runs('fact/waypoints')
    const changed = {
      ...live('way', [{ value: '10.0.0.9' }]),
      status: { addresses: [{ value: '10.0.0.9' }], conditions: [] },
    }
    put(world.source.liveGateways, changed)
    await world.commit()
    expect(world.runs('fact/waypoints')).toBe(before)
  })
})

describe('malformed objects', () => {
  it('fail nothing', async () => {
    for (const broken of ['text', 7, null, [], [null, 'x', {}], [{ ports: 'x', addresses: 7, targetRef: null }]]) {
      await worldOf(({ services, pods, endpointslices, serviceentries, workloadentries, inferencepools }) => {
        // Deliberately of the wrong type: a folder of manifests may hold anything.
        const anything = broken as never
        put(services, { ...service({ ports: anything, clusterIPs: anything, ipFamilies: anything, selector: {} }) })
        put(services, { ...service({}, { name: 'none' }), spec: anything })
        put(pods, pod('a', { spec: { containers: anything }, status: { podIPs: anything, conditions: anything } }))
        put(pods, { ...pod('b'), spec: anything, status: anything })
        put(endpointslices, slice({ endpoints: anything, ports: anything }))
        put(serviceentries, entry({ hosts: anything, addresses: anything, subjectAltNames: anything }, { name: 'c' }))
        put(serviceentries, entry({ ports: anything, endpoints: anything }), {
          ...entry({}, { name: 'b' }),
          spec: anything,
        })
        put(workloadentries, { ...entry({}), kind: 'WorkloadEntry', spec: anything })
        put(inferencepools, { ...entry({}), kind: 'InferencePool', spec: anything })
      })
    }
  })
})

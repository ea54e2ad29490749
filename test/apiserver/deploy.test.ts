// What is rendered for a Gateway, applied to a real API server: it accepts every object, keeps what others own, and comes to
// rest.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRun, type Run } from '../../src/cli/run.ts'
import type { ClusterClient, Resource } from '../../src/cluster/client.ts'
import type { Log } from '../../src/core/log.ts'
import { type ApplyVerdict, Deployer } from '../../src/deploy/deployer.ts'
import { watchDrift } from '../../src/deploy/drift.ts'
import { keepGatewayClass } from '../../src/deploy/gateway-class.ts'
import { deployedKinds } from '../../src/deploy/kinds.ts'
import type { GatewayClass } from '../../src/kube/gateway-types.ts'
import type { JsonObject } from '../../src/kube/json.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type DeploySettings } from '../../src/translate/settings.ts'
import { clientOf, eventually, newNamespace, resourceOf, sharedCluster } from './harness.ts'

const SETTINGS: DeploySettings = {
  ...DEFAULT_TRANSLATE_SETTINGS,
  ...{ version: '1.2.3', xdsMode: 'plaintext', xdsServiceName: 'agentgateway', xdsServiceHost: '', xdsPort: 9978 },
  ...{ noListenersDummyPort: 443, proxyImageRegistry: 'registry', proxyImageRepository: 'proxy' },
  ...{ proxyImageTag: 'v1', istioAutoEnabled: true, istioClusterId: 'c', istioNetwork: 'n', istioCaAddress: '' },
}
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const clock = {
  schedule: (ms: number, task: () => void) => {
    const timer = setTimeout(task, Math.min(ms, 100))
    return () => clearTimeout(timer)
  },
}

describe('deployments, with a real API server', () => {
  let admin: ClusterClient
  let client: ClusterClient
  let namespace: string
  let run: Run
  let stop: AbortController
  let verdicts: ApplyVerdict[]
  let gateway: KubeObject

  beforeAll(async () => {
    const { kubeconfig, client: shared } = await sharedCluster()
    admin = shared
    client = await clientOf(kubeconfig, SETTINGS.controllerName)
  })
  afterAll(() => {
    admin.close()
    client.close()
  })

  beforeEach(async () => {
    namespace = await newNamespace(admin)
    run = createRun(SETTINGS, { deploy: SETTINGS })
    stop = new AbortController()
    verdicts = []
    gateway = await put({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'gw', namespace },
      spec: {
        gatewayClassName: 'agentgateway',
        listeners: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
        infrastructure: {
          labels: { team: 'a' },
          annotations: { note: 'multi\nline' },
          parametersRef: { group: 'agentgateway.dev', kind: 'AgentgatewayParameters', name: 'own' },
        },
      },
    })
    run.set([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GatewayClass',
        metadata: { name: 'agentgateway' },
        ...{ spec: { controllerName: SETTINGS.controllerName } },
      },
      gateway,
    ])
    return () => stop.abort()
  })

  async function put(object: KubeObject & { readonly spec: JsonObject }): Promise<KubeObject> {
    return admin.apply(await resourceOf(admin, object), object)
  }

  async function configure(spec: JsonObject): Promise<void> {
    const apiVersion = 'agentgateway.dev/v1alpha1'
    const object = { apiVersion, kind: 'AgentgatewayParameters', metadata: { name: 'own', namespace }, spec }
    run.set([await put(object)])
    await run.pipeline.graph.commit()
  }

  function start(): Deployer {
    const deployer = new Deployer({
      ...{ deployments: run.pipeline.deployments, client, clock, log },
      report: (verdict) => verdicts.push(verdict),
      forget: () => {},
      lost: () => undefined,
      manager: SETTINGS.controllerName,
      measure: () => () => {},
    })
    deployer.start(stop.signal)
    watchDrift({ client, observer: deployer, clock, log }, stop.signal)
    return deployer
  }

  const resource = (kind: string): Resource => {
    const found = deployedKinds.find((each) => each.kind === kind)
    if (found === undefined) throw new Error(`${kind} is not deployed`)
    return found
  }
  const live = (kind: string, name = 'gw') => client.get(resource(kind), { namespace, name })

  /** The key that was made comes back, as a watch would bring it. */
  async function untilKeyIsThere(): Promise<void> {
    const secret = await eventually(async () => {
      const found = await live('Secret', 'gw-session-key')
      if (found === undefined) throw new Error('no session key')
      return found
    })
    run.set([secret])
    await run.pipeline.graph.commit()
  }

  async function untilApplied(count: number): Promise<void> {
    await eventually(() => {
      if (verdicts.length < count) throw new Error(`${verdicts.length} of ${count} rounds are done`)
    })
  }

  it('accepts everything that is rendered, owned by the Gateway, and applying again changes nothing', async () => {
    await configure({
      podDisruptionBudget: { spec: { minAvailable: 1 } },
      horizontalPodAutoscaler: { spec: { maxReplicas: 3 } },
      spiffe: {},
      modelCatalog: { sources: [{ configMap: { name: 'prices' } }] },
      env: [{ name: 'EMPTY', value: '' }],
      resources: { limits: { cpu: 1 } },
      deployment: {
        spec: { unknown: 1, template: { spec: { containers: [{ name: 'sidecar', image: 'x' }] } } },
      },
    })
    start()
    await untilKeyIsThere()
    await untilApplied(1)
    expect(verdicts).toEqual([{ gateway: `${namespace}/gw`, problem: undefined }])
    const kinds = [
      'ServiceAccount',
      'ConfigMap',
      'Service',
      'Deployment',
      'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
    ]
    const versions = new Map<string, string | undefined>()
    for (const kind of kinds) {
      const object = await live(kind)
      expect(object?.metadata.ownerReferences).toMatchObject([
        { kind: 'Gateway', uid: gateway.metadata.uid, controller: true },
      ])
      versions.set(kind, object?.metadata.resourceVersion)
    }
    stop.abort()
    stop = new AbortController()
    start()
    await untilApplied(2)
    for (const kind of kinds) expect((await live(kind))?.metadata.resourceVersion).toBe(versions.get(kind))
  })

  it('keeps what others own, gives up what is no longer rendered, and changes one workload for another', async () => {
    await configure({ service: { metadata: { annotations: { mine: 'x' } } }, podDisruptionBudget: {} })
    start()
    await untilKeyIsThere()
    await untilApplied(1)
    const metadata = { name: 'gw', namespace, annotations: { theirs: 'y' } }
    await admin.apply(resource('Service'), { apiVersion: 'v1', kind: 'Service', metadata })
    const scale = { type: 'merge', body: { spec: { replicas: 3 } } } as const
    await admin.patch(resource('Deployment'), { namespace, name: 'gw' }, scale)
    await configure({ logging: { level: 'debug' } })
    await untilApplied(2)
    await eventually(async () => {
      const annotations = (await live('Service'))?.metadata.annotations
      expect(annotations).toEqual({ note: 'multi\nline', theirs: 'y' })
      expect(await live('PodDisruptionBudget')).toBeUndefined()
    })
    expect(await live('Deployment')).toMatchObject({ spec: { replicas: 3 } })
    await configure({ workload: { kind: 'DaemonSet' } })
    await eventually(async () => {
      expect(await live('DaemonSet')).toBeDefined()
      expect(await live('Deployment')).toBeUndefined()
    })
  })

  it('brings back what somebody deletes or spoils', async () => {
    await configure({})
    start()
    await untilKeyIsThere()
    await untilApplied(1)
    const uid = (await live('Service'))?.metadata.uid
    await admin.delete(resource('Service'), { namespace, name: 'gw' })
    const spoil = { type: 'merge', body: { data: { 'config.yaml': 'spoiled' } } } as const
    await admin.patch(resource('ConfigMap'), { namespace, name: 'gw' }, spoil)
    await eventually(async () => {
      const service = await live('Service')
      expect(service?.metadata.uid ?? uid).not.toBe(uid)
      expect(await live('ConfigMap')).toMatchObject({ data: { 'config.yaml': 'config: {}\n' } })
    })
  })

  it('leaves the object of somebody else alone, and takes it when it is handed over', async () => {
    const spec = { ports: [{ name: 'own', port: 1, protocol: 'TCP' }] }
    await put({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'gw', namespace }, spec })
    await configure({})
    start()
    await untilKeyIsThere()
    await untilApplied(1)
    expect(verdicts[0]?.problem?.message).toContain(`Service ${namespace}/gw exists and is not the Gateway's`)
    expect(await live('Service')).toMatchObject({ spec: { ports: [{ port: 1 }] } })
    const label = {
      type: 'merge',
      body: { metadata: { labels: { 'gateway.networking.k8s.io/gateway-name': 'gw' } } },
    } as const
    await admin.patch(resource('Service'), { namespace, name: 'gw' }, label)
    await eventually(() => expect(verdicts.at(-1)?.problem).toBeUndefined())
  })

  it('makes its GatewayClass, and makes it again', async () => {
    const name = `class-${namespace}`
    const classes = run.pipeline.graph.source<GatewayClass>('test/classes')
    const options = { className: name, controllerName: SETTINGS.controllerName, parametersRef: undefined }
    keepGatewayClass({ ...options, classes, client, clock, log, measure: () => () => {} }, stop.signal)
    const classResource = await resourceOf(admin, { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass' })
    const found = () =>
      eventually(async () => {
        const object = await admin.get(classResource, { name })
        if (object === undefined) throw new Error('no class')
        return object
      })
    classes.set(name, (await found()) as GatewayClass)
    await run.pipeline.graph.commit()
    await admin.delete(classResource, { name })
    classes.delete(name)
    await run.pipeline.graph.commit()
    await found()
  })
})

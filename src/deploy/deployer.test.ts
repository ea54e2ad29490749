import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock, FakeCluster, until } from '../../test/deploy/fake-cluster.ts'
import { ApiError } from '../cluster/api-error.ts'
import type { Log } from '../core/log.ts'
import type { Graph, Source } from '../engine/collection.ts'
import { createGraph } from '../engine/graph.ts'
import type { GatewayClass } from '../kube/gateway-types.ts'
import type { ProxyDeployment, RenderedObject } from '../kube/proxy-deployment.ts'
import { type ApplyVerdict, Deployer, type Measure } from './deployer.ts'
import { watchDrift } from './drift.ts'
import { keepGatewayClass } from './gateway-class.ts'

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const labels = { 'gateway.networking.k8s.io/gateway-name': 'gw' }
const owner = { namespace: 'default', name: 'gw', uid: 'u1', generation: 1 }
const ours = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name: 'gw', uid: 'u1', controller: true }

function object(apiVersion: string, kind: string, spec: RenderedObject['spec'] = {}): RenderedObject {
  return { apiVersion, kind, metadata: { name: 'gw', labels }, spec }
}

const service = object('v1', 'Service', { type: 'LoadBalancer' })
const deployment = object('apps/v1', 'Deployment')
const daemonSet = object('apps/v1', 'DaemonSet')
const budget = object('policy/v1', 'PodDisruptionBudget')

function rendered(objects: readonly RenderedObject[], name = 'gw'): ProxyDeployment {
  return { kind: 'rendered', gateway: `default/${name}`, owner: { ...owner, name }, name: 'gw', objects }
}

let cluster: FakeCluster
let clock: FakeClock
let stop: AbortController
let graph: Graph
let deployments: Source<ProxyDeployment>
let verdicts: ApplyVerdict[]
let forgotten: string[]
let lost: Set<string>
let measured: string[]
let deployer: Deployer

beforeEach(() => {
  cluster = new FakeCluster()
  clock = new FakeClock()
  stop = new AbortController()
  graph = createGraph()
  deployments = graph.source<ProxyDeployment>('deploy/objects')
  verdicts = []
  forgotten = []
  lost = new Set()
  measured = []
  deployer = new Deployer({
    ...{ deployments, client: cluster, clock, log: quiet },
    report: (verdict) => verdicts.push(verdict),
    forget: (gateway) => forgotten.push(gateway),
    lost: (gateway) => (lost.has(gateway) ? owner : undefined),
    manager: 'us',
    measure,
  })
})
afterEach(() => stop.abort())

const measure: Measure = ({ namespace, name }) => {
  measured.push(`${namespace}/${name} begins`)
  return (result) => measured.push(result)
}

async function deploy(...list: readonly ProxyDeployment[]): Promise<void> {
  for (const each of list) deployments.set(each.gateway, each)
  await graph.commit()
}

const failures = () => verdicts.map(({ problem }) => problem?.message)

describe('applying', () => {
  it('applies every object in order, owned by the Gateway and in its namespace', async () => {
    deployer.start(stop.signal)
    await deploy(rendered([service, deployment]))
    await until(() => verdicts.length === 1)
    expect(cluster.calls.filter((call) => call.startsWith('apply'))).toEqual([
      'apply services default/gw',
      'apply deployments default/gw',
    ])
    expect(cluster.objects.get('services default/gw')).toMatchObject({
      metadata: { namespace: 'default', labels, ownerReferences: [ours] },
      spec: { type: 'LoadBalancer' },
    })
    expect(verdicts).toEqual([{ gateway: 'default/gw', problem: undefined }])
  })

  it('applies what was rendered before it started', async () => {
    await deploy(rendered([service]))
    deployer.start(stop.signal)
    await until(() => verdicts.length === 1)
    expect(cluster.names('services')).toEqual(['default/gw'])
  })

  it('stops at the first object that fails, says so, and tries again later and later', async () => {
    cluster.fail = (call) => (call.startsWith('apply services') ? new Error('quota') : undefined)
    deployer.start(stop.signal)
    await deploy(rendered([service, deployment]))
    const waits: number[] = []
    for (let round = 1; round <= 7; round++) {
      await until(() => verdicts.length === round && clock.scheduled.length === 1)
      if (round === 7) cluster.fail = () => undefined
      waits.push(...clock.pass())
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10000, 10000])
    await until(() => verdicts.length === 8)
    expect(failures().slice(0, 2)).toEqual(['quota', 'quota'])
    expect(verdicts.at(-1)?.problem).toBeUndefined()
    expect(cluster.names('deployments')).toEqual(['default/gw'])
  })

  it('measures each attempt', async () => {
    cluster.fail = (call) => (call.startsWith('apply services') ? new Error('quota') : undefined)
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await until(() => clock.scheduled.length === 1)
    cluster.fail = () => undefined
    clock.pass()
    await until(() => measured.length === 4)
    expect(measured).toEqual(['default/gw begins', 'error', 'default/gw begins', 'success'])
  })

  it('waits as long as the API server asks', async () => {
    const busy = new ApiError('busy', { code: 429, reason: 'TooManyRequests', retryAfterMs: 7000 })
    cluster.fail = (call) => (call.startsWith('apply') ? busy : undefined)
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await until(() => clock.scheduled.length === 1)
    expect(clock.scheduled[0]?.ms).toBe(7000)
  })

  it('applies the newest rendering when several come while one is applied', async () => {
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await deploy(rendered([object('v1', 'Service', { type: 'NodePort' })]))
    await deploy(rendered([object('v1', 'Service', { type: 'ClusterIP' })]))
    await until(() => cluster.objects.get('services default/gw')?.spec !== undefined && verdicts.length >= 2)
    expect(cluster.objects.get('services default/gw')?.spec).toEqual({ type: 'ClusterIP' })
  })

  it('leaves everything where it is when a Gateway cannot be rendered, or is gone', async () => {
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await until(() => verdicts.length === 1)
    const { kind: _, objects: __, ...frame } = { objects: [], ...rendered([service]) }
    const before = cluster.calls.length
    await deploy({ ...frame, kind: 'refused', reason: 'InvalidParameters', path: '', message: 'no' })
    deployments.delete('default/gw')
    await graph.commit()
    await until(() => forgotten.length === 1)
    expect(cluster.calls.length).toBe(before)
    expect(cluster.names('services')).toEqual(['default/gw'])
  })

  it('does nothing after it was told to end', async () => {
    deployer.start(stop.signal)
    stop.abort()
    await deploy(rendered([service]))
    deployer.saw(service, true)
    expect(cluster.calls).toEqual([])
  })
})

describe('the session key', () => {
  const secret: RenderedObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'gw-session-key', namespace: 'default', labels },
    type: 'Opaque',
  }
  const waiting: ProxyDeployment = { kind: 'needs-session-key', gateway: 'default/gw', owner, name: 'gw', secret }

  it('is made once, at random, and owned by the Gateway', async () => {
    deployer.start(stop.signal)
    await deploy(waiting)
    await until(() => cluster.names('secrets').length === 1)
    const made = cluster.objects.get('secrets default/gw-session-key')
    expect(made).toMatchObject({ type: 'Opaque', metadata: { ownerReferences: [ours] } })
    const { key } = (made?.data ?? {}) as { readonly key?: string }
    expect(Buffer.from(key ?? '', 'base64').toString()).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is left alone when somebody else was faster', async () => {
    cluster.put('secrets', { ...secret, ...{ data: { key: 'theirs' } } })
    deployer.start(stop.signal)
    await deploy(waiting)
    await until(() => cluster.calls.includes('create secrets default/gw-session-key'))
    expect(cluster.objects.get('secrets default/gw-session-key')).toMatchObject({ data: { key: 'theirs' } })
    expect(clock.scheduled).toEqual([])
  })

  it('may be brought by a user, without any label', async () => {
    cluster.put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'gw-session-key', namespace: 'default' },
    })
    deployer.start(stop.signal)
    await deploy(rendered([{ ...secret, data: { key: 'x' } }]))
    await until(() => verdicts.length === 1)
    expect(failures()).toEqual([undefined])
  })
})

describe('objects of others', () => {
  const existing = (metadata: object) => {
    cluster.put('services', { ...service, metadata: { name: 'gw', namespace: 'default', ...metadata }, spec: { a: 1 } })
  }

  it('are not taken over', async () => {
    existing({})
    deployer.start(stop.signal)
    await deploy(rendered([service, deployment]))
    await until(() => verdicts.length === 1)
    expect(failures()[0]).toBe(
      "Service default/gw exists and is not the Gateway's; rename one of them, or hand it over with the label gateway.networking.k8s.io/gateway-name=gw",
    )
    expect(cluster.objects.get('services default/gw')).toMatchObject({ spec: { a: 1 } })
    expect(cluster.names('deployments')).toEqual([])
  })

  it('are taken over when they are handed over by the label', async () => {
    existing({ labels })
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await until(() => verdicts.length === 1)
    expect(failures()).toEqual([undefined])
  })

  it('are not taken from another controller, label or not', async () => {
    existing({ labels, ownerReferences: [{ ...ours, kind: 'StatefulSet', name: 'db', apiVersion: 'apps/v1' }] })
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await until(() => verdicts.length === 1)
    expect(failures()[0]).toContain('belongs to StatefulSet db')
  })

  it('of an earlier Gateway of the same name are waited for', async () => {
    existing({ labels, ownerReferences: [{ ...ours, uid: 'older' }] })
    deployer.start(stop.signal)
    await deploy(rendered([service]))
    await until(() => clock.scheduled.length === 1)
    expect(failures()[0]).toContain('about to be deleted')
    cluster.remove('services', { namespace: 'default', name: 'gw' })
    clock.pass()
    await until(() => verdicts.length === 2)
    expect(failures()[1]).toBeUndefined()
  })
})

describe('pruning', () => {
  const old = (plural: string, rest: RenderedObject, metadata: object = {}) =>
    cluster.put(plural, {
      ...rest,
      metadata: { ...rest.metadata, namespace: 'default', ownerReferences: [ours], ...metadata },
    })

  it('removes a workload, budget or autoscaler that is no longer rendered', async () => {
    old('daemonsets', daemonSet)
    old('poddisruptionbudgets', budget)
    deployer.start(stop.signal)
    await deploy(rendered([deployment]))
    await until(() => verdicts.length === 1)
    expect(cluster.names('daemonsets')).toEqual([])
    expect(cluster.names('poddisruptionbudgets')).toEqual([])
    expect(cluster.names('deployments')).toEqual(['default/gw'])
  })

  it('keeps what is not controlled by this very Gateway, and what is never pruned', async () => {
    old('daemonsets', daemonSet, { ownerReferences: [{ ...ours, controller: false }] })
    old('poddisruptionbudgets', budget, { ownerReferences: [{ ...ours, uid: 'other' }] })
    old('services', service)
    deployer.start(stop.signal)
    await deploy(rendered([deployment]))
    await until(() => verdicts.length === 1)
    expect(cluster.calls.filter((call) => call.startsWith('delete'))).toEqual([])
  })

  it('does without kinds that the cluster does not serve, and reports other failures', async () => {
    old('poddisruptionbudgets', budget)
    const absent = new ApiError('no such kind', { code: 404, reason: 'NotFound' })
    cluster.fail = (call) =>
      call === 'list daemonsets' ? absent : call.startsWith('delete') ? new Error('forbidden') : undefined
    deployer.start(stop.signal)
    await deploy(rendered([deployment]))
    await until(() => verdicts.length === 1)
    expect(failures()).toEqual(['forbidden'])
  })
})

describe('a Gateway that another controller has now', () => {
  const applied = (managers: readonly string[]) => managers.map((manager) => ({ manager, operation: 'Apply' }))
  /** The objects as they would be stored, with the record of who applied them. */
  function left(each: RenderedObject, managers: readonly string[], of = ours): RenderedObject {
    const { metadata } = each
    const scaled = { manager: 'autoscaler', operation: 'Update' }
    const managedFields = [...applied(managers), scaled]
    return { ...each, metadata: { ...metadata, namespace: 'default', ownerReferences: [of], managedFields } }
  }

  it('loses what runs its proxies, and keeps what goes with it', async () => {
    deployer.start(stop.signal)
    await deploy(rendered([service, deployment, budget]))
    await until(() => verdicts.length === 1)
    for (const [plural, each] of [
      ['services', service],
      ['deployments', deployment],
      ['poddisruptionbudgets', budget],
    ] as const)
      cluster.put(plural, left(each, ['us']))
    cluster.fail = (call) => (call.startsWith('delete deployments') ? new Error('forbidden') : undefined)
    lost.add('default/gw')
    deployments.delete('default/gw')
    await graph.commit()
    await until(() => clock.scheduled.length === 1)
    expect(failures()).toEqual([undefined])
    cluster.fail = () => undefined
    clock.pass()
    await until(() => cluster.names('deployments').length === 0)
    expect(cluster.names('poddisruptionbudgets')).toEqual([])
    expect(cluster.names('services')).toEqual(['default/gw'])
  })

  it('loses what an earlier leader left, but nothing that the other controller has applied', async () => {
    lost.add('default/gw')
    cluster.put('deployments', left(deployment, ['us']))
    cluster.put('daemonsets', left(daemonSet, ['us', 'them']))
    cluster.put('poddisruptionbudgets', left(budget, ['us'], { ...ours, uid: 'another' }))
    deployer.start(stop.signal)
    watchDrift({ client: cluster, observer: deployer, clock, log: quiet }, stop.signal)
    await until(() => cluster.names('deployments').length === 0)
    await until(() => cluster.calls.filter((call) => call.startsWith('watch')).length === 8)
    expect(cluster.names('daemonsets')).toEqual(['default/gw'])
    expect(cluster.names('poddisruptionbudgets')).toEqual(['default/gw'])
  })

  it('loses nothing while that is not certain', async () => {
    cluster.put('deployments', left(deployment, ['us']))
    deployer.start(stop.signal)
    watchDrift({ client: cluster, observer: deployer, clock, log: quiet }, stop.signal)
    await until(() => cluster.calls.filter((call) => call.startsWith('watch')).length === 8)
    expect(cluster.names('deployments')).toEqual(['default/gw'])
  })
})

describe('drift', () => {
  async function watched(): Promise<void> {
    deployer.start(stop.signal)
    watchDrift({ client: cluster, observer: deployer, clock, log: quiet }, stop.signal)
    await deploy(rendered([service, deployment]))
    await until(() => verdicts.length === 1 && cluster.calls.filter((call) => call.startsWith('watch')).length === 8)
  }
  const applies = () => cluster.calls.filter((call) => call.startsWith('apply')).length

  it('brings back what somebody deletes', async () => {
    await watched()
    cluster.remove('deployments', { namespace: 'default', name: 'gw' })
    await until(() => cluster.names('deployments').length === 1)
  })

  it('mends what somebody changes, and takes its own writes and statuses for nothing', async () => {
    await watched()
    const live = cluster.objects.get('services default/gw')
    if (live === undefined) throw new Error('no service')
    const before = applies()
    cluster.put('services', { ...live, ...{ status: { loadBalancer: {} } } })
    cluster.put('services', { ...live, spec: { type: 'Odd' } })
    await until(
      () => cluster.objects.get('services default/gw')?.spec?.constructor === Object && applies() >= before + 2,
    )
    expect(cluster.objects.get('services default/gw')?.spec).toEqual({ type: 'LoadBalancer' })
    expect(applies()).toBe(before + 2)
  })

  it('finds what went while nobody watched', async () => {
    deployer.start(stop.signal)
    await deploy(rendered([service, deployment]))
    await until(() => verdicts.length === 1)
    cluster.remove('services', { namespace: 'default', name: 'gw' })
    watchDrift({ client: cluster, observer: deployer, clock, log: quiet }, stop.signal)
    await until(() => cluster.names('services').length === 1)
  })

  it('tries again when a kind cannot be watched', async () => {
    cluster.fail = (call) =>
      call === 'list daemonsets' ? new ApiError('no', { code: 404, reason: 'NotFound' }) : undefined
    watchDrift({ client: cluster, observer: deployer, clock, log: quiet }, stop.signal)
    await until(() => clock.scheduled.length === 1)
    cluster.fail = () => undefined
    expect(clock.pass()).toEqual([60_000])
    await until(() => cluster.calls.includes('watch daemonsets'))
  })
})

describe('the GatewayClass', () => {
  const name = 'agentgateway'
  let classes: Source<GatewayClass>
  let warnings: string[]
  beforeEach(() => {
    classes = graph.source<GatewayClass>('source/gatewayclasses')
    warnings = []
  })
  const keep = (parametersRef?: object) => {
    const managed = { className: name, controllerName: 'agentgateway.dev/agentgateway', parametersRef }
    const log = { ...quiet, warn: (_: object, message: string) => void warnings.push(message) }
    keepGatewayClass({ ...managed, classes, client: cluster, clock, log, measure }, stop.signal)
  }
  const seen = async (object: GatewayClass | undefined): Promise<void> => {
    if (object === undefined) classes.delete(name)
    else classes.set(name, object)
    await graph.commit()
  }
  const stored = () => cluster.objects.get(`gatewayclasses ${name}`)
  const applies = () => cluster.calls.length

  it('is made, left alone while it is as wanted, and made again when it is deleted', async () => {
    keep({ group: 'agentgateway.dev', kind: 'AgentgatewayParameters', namespace: 'x', name: 'y' })
    await until(() => measured.length === 2)
    expect(measured).toEqual([`/${name} begins`, 'success'])
    expect(stored()).toMatchObject({
      spec: {
        controllerName: 'agentgateway.dev/agentgateway',
        description: 'Specialized class for agentgateway.',
        parametersRef: { namespace: 'x', name: 'y' },
      },
    })
    await seen(stored())
    await seen({ ...stored(), metadata: { name, labels: { a: 'b' } } } as GatewayClass)
    expect(applies()).toBe(1)
    cluster.objects.clear()
    await seen(undefined)
    await until(() => stored() !== undefined)
  })

  it('is not taken from another controller', async () => {
    const spec = { controllerName: 'example.com/other' }
    await seen({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', metadata: { name }, spec })
    keep()
    expect(applies()).toBe(0)
  })

  it('is tried again when the API server refuses', async () => {
    cluster.fail = () => new Error('no such kind yet')
    keep()
    await until(() => clock.scheduled.length === 1)
    clock.pass()
    await until(() => clock.scheduled.length === 1)
    expect(warnings).toEqual(['cannot apply the GatewayClass; will try again'])
    cluster.fail = () => undefined
    clock.pass()
    await until(() => stored() !== undefined)
  })
})

// The chart, installed into a real API server: its objects are accepted, its pod passes the restricted standard, and its
// roles let the control plane do what it does, and no more.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterClient, Resource } from '../../src/cluster/client.ts'
import { applyDeployment } from '../../src/deploy/apply.ts'
import { deployedKinds } from '../../src/deploy/kinds.ts'
import { type JsonObject, objectIn } from '../../src/kube/json.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import type { ProxyDeployment, RenderedObject } from '../../src/kube/proxy-deployment.ts'
import { watchedKinds } from '../../src/sources/kubernetes/kinds.ts'
import { helm, rendered } from '../charts/helm.ts'
import { applyAll, clientOf, kubeconfigAs, newNamespace, resourceOf, sharedCluster, tokenOf } from './harness.ts'

const CHART = 'agentgateway-control-plane'
const NAMESPACE = 'agw'
const core = (plural: string): Resource => ({ group: '', version: 'v1', plural, namespaced: true })

describe.runIf(helm !== undefined)('the chart, with a real API server', () => {
  let admin: ClusterClient
  let account: ClusterClient
  let objects: readonly KubeObject[]

  beforeAll(async () => {
    const { client, kubeconfig } = await sharedCluster()
    admin = client
    await applyAll(admin, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }])
    const values = { inferenceExtension: { enabled: true }, agentgatewayModels: { enabled: true } }
    // Charts render to Kubernetes objects.
    objects = rendered(CHART, {
      ...values,
      controller: { podDisruptionBudget: { minAvailable: 1 } },
    }) as unknown as readonly KubeObject[]
    await applyAll(admin, objects)
    const token = await tokenOf(admin, { namespace: NAMESPACE, name: `test-release-${CHART}` })
    account = await clientOf(kubeconfigAs(kubeconfig, token), 'agentgateway.dev/test')
  })
  afterAll(() => {
    admin.close()
    account?.close()
  })

  it('makes a pod that the restricted standard admits', async () => {
    const namespace = await newNamespace(admin, { 'pod-security.kubernetes.io/enforce': 'restricted' })
    const deployment = objects.find(({ kind }) => kind === 'Deployment') as
      | (KubeObject & { spec: JsonObject })
      | undefined
    const { serviceAccountName: _, ...spec } = objectIn(objectIn(objectIn(deployment?.spec).template).spec)
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'controller', namespace }, spec }
    expect(await admin.create(core('pods'), pod)).toMatchObject({ metadata: { name: 'controller' } })
    const rooted = {
      ...pod,
      metadata: { name: 'rooted', namespace },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    }
    await expect(admin.create(core('pods'), rooted)).rejects.toMatchObject({ code: 403 })
  })

  it('lets the control plane read every kind that it watches', async () => {
    const served = new Map<string, ReadonlyMap<string, Resource>>()
    for (const { group, version, kind, plural } of [...watchedKinds, ...deployedKinds]) {
      const at = `${group}/${version}`
      const kinds = served.get(at) ?? (await admin.resources(group, version))
      served.set(at, kinds)
      // Other projects' kinds are not installed here.
      if (!kinds.has(kind)) continue
      const page = await account.list({ group, version, plural, namespaced: true }, { limit: 1 })
      expect(page.resourceVersion).not.toBe('')
    }
  })

  it('lets it deploy, prune, keep its class and its lease, and write statuses', async () => {
    const namespace = await newNamespace(admin)
    const gateway = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'gw', namespace },
      spec: { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    }
    const gateways = await resourceOf(admin, gateway)
    const stored = await admin.apply(gateways, gateway)
    const labels = { 'gateway.networking.k8s.io/gateway-name': 'gw' }
    const selector = { matchLabels: labels }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
    const workload = (kind: string): RenderedObject => ({
      ...{ apiVersion: 'apps/v1', kind, metadata: { name: 'gw', labels } },
      spec: { selector, template },
    })
    const service: RenderedObject = {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'gw', labels } },
      spec: { ports: [{ port: 80 }] },
    }
    const deployment = (kind: string): Extract<ProxyDeployment, { kind: 'rendered' }> => ({
      ...{ kind: 'rendered', gateway: `${namespace}/gw`, name: 'gw', objects: [service, workload(kind)] },
      owner: { namespace, name: 'gw', uid: stored.metadata.uid, generation: 1 },
    })
    await applyDeployment(account, deployment('Deployment'))
    await applyDeployment(account, deployment('DaemonSet'))
    expect(
      await account.list({ group: 'apps', version: 'v1', plural: 'deployments', namespaced: true }, { namespace }),
    ).toMatchObject({ items: [] })

    const status = { conditions: [] }
    await account.replaceStatus(gateways, { ...stored, ...{ status } })
    const gatewayClass = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'chart-test' },
      ...{ spec: { controllerName: 'agentgateway.dev/agentgateway' } },
    }
    await account.apply(await resourceOf(admin, gatewayClass), gatewayClass)
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: NAMESPACE } }
    const leases = await resourceOf(admin, lease)
    await account.replace(leases, await account.create(leases, lease))
    const document = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'document', namespace: NAMESPACE } }
    await account.apply(core('configmaps'), document)
    await account.delete(core('configmaps'), document.metadata)
    expect(await account.reviewToken('x', ['agentgateway'])).toMatchObject({ isAuthenticated: false })
  })

  it('lets it do nothing else', async () => {
    const forbidden = { code: 403 }
    const inOwn = { namespace: NAMESPACE, name: 'x' }
    await expect(account.delete(core('services'), inOwn)).rejects.toMatchObject(forbidden)
    await expect(account.delete(core('secrets'), inOwn)).rejects.toMatchObject(forbidden)
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: inOwn }
    await expect(account.create(core('pods'), pod)).rejects.toMatchObject(forbidden)
    const routes: Resource = {
      group: 'gateway.networking.k8s.io',
      version: 'v1',
      plural: 'httproutes',
      namespaced: true,
    }
    await expect(account.delete(routes, inOwn)).rejects.toMatchObject(forbidden)
    const lease: Resource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true }
    await expect(account.get(lease, { namespace: 'default', name: 'x' })).rejects.toMatchObject(forbidden)
  })
})

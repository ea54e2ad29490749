// From an empty cluster to proxies that are served: both charts are installed with helm, the control plane runs with the
// environment and the rights that the chart gives it, the manifests of a founding document are applied, and proxies come
// with the tokens and the authority that their pods would have. Nothing here is done for the control plane by hand.
import { readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterClient } from '../../src/cluster/client.ts'
import { deployedKinds } from '../../src/deploy/kinds.ts'
import { objectIn, textIn } from '../../src/kube/json.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { helm, installChart } from '../charts/helm.ts'
import { freePorts } from '../ports.ts'
import { endAll, PROXY_BINARY, startProxy, temporaryFolder, warnIfSkipped } from '../proxy/lab.ts'
import { seed } from '../seeds/seeds.ts'
import { FakeProxy } from '../xds/fake-proxy.ts'
import { type Controller, startController } from './controller.ts'
import {
  allCrds,
  applyAll,
  clientOf,
  eventually,
  kubeconfigAs,
  objectsOf,
  resourceOf,
  startCluster,
  type TestCluster,
  tokenOf,
} from './harness.ts'

warnIfSkipped('proxies of a control plane that helm installed')

const CHART = 'agentgateway-control-plane'
const namespace = 'agentgateway-system'
const proxies = { namespace: 'kubelb', name: 'agentgateway-proxy' }
const group = 'gateway.networking.k8s.io'

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[]
}

describe.runIf(helm !== undefined)('installed with helm', () => {
  let cluster: TestCluster
  let client: ClusterClient
  let controller: Controller
  let own: string
  let forbiddenBefore: number
  const fake: FakeProxy[] = []
  beforeAll(async () => {
    cluster = await startCluster({
      crds: allCrds().filter(({ metadata }) => !metadata.name.endsWith('agentgateway.dev')),
    })
    client = cluster.client
    const [port] = await freePorts(1)
    const to = { kubeconfig: cluster.kubeconfig, namespace }
    installChart(`${CHART}-crds`, to)
    const values = {
      'controller.service.ports.agwGrpc': port ?? 0,
      'controller.extraEnv': { AGW_ADDITIONAL_XDS_TLS_HOSTS: 'localhost' },
      'inferenceExtension.enabled': true,
    }
    installChart(CHART, { ...to, values })
    forbiddenBefore = await forbidden()
    const pod = podOf(await live('Deployment', { namespace, name: CHART }))
    const account = { namespace, name: textIn(pod.serviceAccountName) ?? '' }
    own = kubeconfigAs(cluster.kubeconfig, await tokenOf(client, account))
    controller = await startController({ kubeconfig: own, namespace, environment: environmentOf(pod) })
  })
  afterAll(async () => {
    for (const proxy of fake) proxy.disconnect()
    await endAll()
    await controller?.stop()
    await cluster?.stop()
  })

  async function live(kind: string, place: { readonly namespace?: string; readonly name: string }): Promise<unknown> {
    const own = deployedKinds.find((each) => each.kind === kind)
    const apiVersion = kind.startsWith('Agentgateway') ? 'agentgateway.dev/v1alpha1' : `${group}/v1`
    return client.get(own ?? (await resourceOf(client, { apiVersion, kind })), place)
  }

  function podOf(deployment: unknown) {
    return objectIn(objectIn(objectIn(objectIn(deployment).spec).template).spec)
  }

  /** The variables of a container's environment; those that a kubelet fills in are its namespace. */
  function environmentOf(pod: ReturnType<typeof podOf>): Readonly<Record<string, string>> {
    const [container] = Array.isArray(pod.containers) ? pod.containers : []
    const { env } = objectIn(container)
    const variables = Array.isArray(env) ? env.map(objectIn) : []
    return Object.fromEntries(
      variables.flatMap(({ name, value, valueFrom }) => {
        if (valueFrom === undefined) return [[textIn(name), textIn(value) ?? '']]
        const { fieldPath } = objectIn(objectIn(valueFrom).fieldRef)
        return fieldPath === 'metadata.namespace' ? [[textIn(name), namespace]] : []
      }),
    )
  }

  /** How many requests the API server has refused for want of rights, whoever sent them. */
  async function forbidden(): Promise<number> {
    const { clusters, users } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'))
    const { server, 'certificate-authority': ca } = clusters[0].cluster
    const headers = { authorization: `Bearer ${users[0].user.token}` }
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    get(`${server}/metrics`, { headers, ca: readFileSync(ca), agent: false }, (answer) => {
      text(answer).then(resolve, reject)
    }).on('error', reject)
    return (await promise)
      .split('\n')
      .filter((line) => /^authorization_attempts_total\{result="(denied|no-opinion)"\}/.test(line))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }

  const short = (status: unknown) =>
    ((status as Conditions | undefined)?.conditions ?? []).map(
      ({ type, status, reason }) => `${type}=${status}/${reason}`,
    )

  async function statusOf(kind: string, place: { readonly namespace?: string; readonly name: string }) {
    // What is read has a status sooner or later.
    return (
      (await live(kind, place)) as { readonly status?: Conditions & { readonly parents?: readonly Conditions[] } }
    )?.status
  }

  /** What a pod of the Gateway finds mounted: the authority, and a token of its account. */
  async function mounted(): Promise<{ readonly authority: string; readonly token: string }> {
    const map = (await live('ConfigMap', { ...proxies, name: `${proxies.name}-xds-ca` })) as {
      readonly data?: Readonly<Record<string, string>>
    }
    return { authority: map.data?.['ca.crt'] ?? '', token: await tokenOf(client, proxies, 'agentgateway') }
  }

  it('has its class accepted without anybody writing one', async () => {
    await eventually(async () => {
      expect(short(await statusOf('GatewayClass', { name: 'agentgateway' }))).toEqual(['Accepted=True/Accepted'])
    })
  })

  it('runs the proxies of a Gateway, and says of every object what became of it', async () => {
    const [port] = await freePorts(1)
    await applyAll(client, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: proxies.namespace } },
      // As the page prints them, but for a port that may be taken here.
      ...objectsOf(seed('K-kubelb').replace('port: 8080', `port: ${port}`)),
      ...objectsOf(`
apiVersion: v1
kind: Service
metadata: {name: mcp-website-fetcher, namespace: kubelb}
spec: {selector: {app: fetcher}, ports: [{port: 80}]}
`),
    ])
    await eventually(async () => {
      expect(short(await statusOf('Gateway', proxies))).toEqual([
        'Accepted=True/Accepted',
        'Programmed=True/Programmed',
      ])
      expect(await statusOf('Gateway', proxies)).toMatchObject({ listeners: [{ attachedRoutes: 2 }] })
      for (const name of ['openai', 'mcp-backend'])
        expect(short(await statusOf('AgentgatewayBackend', { ...proxies, name }))).toEqual(['Accepted=True/Accepted'])
      for (const name of ['openai', 'mcp']) {
        const [parent] = (await statusOf('HTTPRoute', { ...proxies, name }))?.parents ?? []
        expect(short(parent)).toEqual(['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'])
      }
      for (const kind of ['Deployment', 'Service', 'ServiceAccount', 'ConfigMap'])
        expect(await live(kind, proxies)).toMatchObject({ metadata: { ownerReferences: [{ name: proxies.name }] } })
    }, 30_000)
  })

  it('tells the address that the cluster gives the Service', async () => {
    const services = await resourceOf(client, { apiVersion: 'v1', kind: 'Service' })
    const service = (await live('Service', proxies)) as KubeObject
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } }
    await client.replaceStatus(services, { ...service, ...{ status } })
    await eventually(async () => {
      expect(await statusOf('Gateway', proxies)).toMatchObject({ addresses: [{ value: '192.0.2.7' }] })
    })
  })

  it('serves a proxy that has the token of its ServiceAccount, over TLS, and tells what it refuses', async () => {
    const { authority, token } = await mounted()
    const gateway = `${proxies.namespace}/${proxies.name}`
    const proxy = new FakeProxy({ port: controller.xdsPort(), gateway, token, rootCertificate: authority })
    fake.push(proxy)
    proxy.judge = (name) => (name.startsWith('route/kubelb/mcp') ? { error: 'no such thing' } : undefined)
    proxy.connect()
    await eventually(async () => {
      expect(proxy.ending).toBeUndefined()
      expect([...proxy.held.values()].flatMap((held) => [...held.keys()])).toContain('backend/kubelb/openai')
      expect(short(await statusOf('Gateway', proxies))).toContain('Programmed=False/Invalid')
      const events = await client.list({ group: '', version: 'v1', plural: 'events', namespaced: true }, proxies)
      expect(events.items).toContainEqual(
        expect.objectContaining({ involvedObject: expect.objectContaining({ kind: 'HTTPRoute', name: 'mcp' }) }),
      )
    }, 30_000)
    proxy.disconnect()
    await eventually(async () => {
      expect(short(await statusOf('Gateway', proxies))).toContain('Programmed=True/Programmed')
    })
    const stranger = new FakeProxy({ port: controller.xdsPort(), gateway, rootCertificate: authority })
    fake.push(stranger.connect())
    await eventually(() => expect(stranger.ending).toBeDefined())
    expect(stranger.responses).toEqual([])
  })

  it.runIf(PROXY_BINARY !== undefined)('serves a real proxy, started as its Deployment says', async () => {
    const { authority, token } = await mounted()
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'ca.crt'), authority)
    writeFileSync(join(folder, 'token'), token)
    const { XDS_ADDRESS = '', GATEWAY } = environmentOf(podOf(await live('Deployment', proxies)))
    expect([GATEWAY, XDS_ADDRESS]).toEqual([
      proxies.name,
      `https://${CHART}.${namespace}.svc.cluster.local:${controller.xdsPort()}`,
    ])
    const gateway = `${proxies.namespace}/${proxies.name}`
    const proxy = await startProxy(gateway, controller.xdsPort(), {
      XDS_ADDRESS: XDS_ADDRESS.replace(/\/\/[^:]+/, '//localhost'),
      XDS_ROOT_CA: join(folder, 'ca.crt'),
      XDS_AUTH_TOKEN: join(folder, 'token'),
    })
    await eventually(async () => {
      const { proxies: known } = (await controller.admin('/proxies')) as {
        readonly proxies: readonly { readonly types: Readonly<Record<string, { readonly state: string }>> }[]
      }
      expect(known.map(({ types }) => Object.values(types).map(({ state }) => state))).toEqual([['synced', 'synced']])
    }, 30_000)
    expect(JSON.stringify(await proxy.dump())).toContain('openai')
    expect(short(await statusOf('Gateway', proxies))).toContain('Programmed=True/Programmed')
    await proxy.end()
  })

  it('gives up a Gateway that another controller takes: what runs its proxies goes, what it said is taken back', async () => {
    await applyAll(
      client,
      objectsOf(`
apiVersion: ${group}/v1
kind: GatewayClass
metadata: {name: other}
spec: {controllerName: example.com/other}
`),
    )
    const gateways = await resourceOf(client, { apiVersion: `${group}/v1`, kind: 'Gateway' })
    const patch = { type: 'merge', body: { spec: { gatewayClassName: 'other' } } } as const
    await client.patch(gateways, proxies, patch)
    await eventually(async () => {
      expect(await live('Deployment', proxies)).toBeUndefined()
      expect(short(await statusOf('Gateway', proxies))).toEqual([
        'Accepted=Unknown/Pending',
        'Programmed=Unknown/Pending',
      ])
      expect((await statusOf('HTTPRoute', { ...proxies, name: 'mcp' }))?.parents).toEqual([])
    })
    expect(await live('Service', proxies)).toBeDefined()
  })

  it('asks for nothing that the chart does not allow', async () => {
    expect(controller.lines.filter((line) => /forbidden|\b403\b/i.test(JSON.stringify(line)))).toEqual([])
    expect(await forbidden()).toBe(forbiddenBefore)
    // The count is worth something: a request that is forbidden is in it.
    const account = await clientOf(own)
    await expect(
      account.delete(await resourceOf(client, { apiVersion: 'v1', kind: 'Service' }), proxies),
    ).rejects.toThrow()
    account.close()
    expect(await forbidden()).toBe(forbiddenBefore + 1)
  })
})

// Proxies and their tokens against a real API server: who is let in, who is not and why, and what a rotation or an absent
// API server does to those who are in.
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ConfigMap, Secret } from '../../src/kube/core-types.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { FakeProxy } from '../xds/fake-proxy.ts'
import { type Controller, startController } from './controller.ts'
import { applyAll, eventually, newNamespace, startCluster, type TestCluster, tokenOf } from './harness.ts'

const secrets = { group: '', version: 'v1', plural: 'secrets', namespaced: true }
const configMaps = { group: '', version: 'v1', plural: 'configmaps', namespaced: true }
const flags = ['--xds-auth=true', '--xds-mode=tls', '--additional-xds-tls-hosts=localhost']

describe('a proxy', () => {
  let cluster: TestCluster
  let namespace: string
  let controller: Controller
  const proxies: FakeProxy[] = []
  beforeAll(async () => {
    cluster = await startCluster()
    namespace = await newNamespace(cluster.client)
    await applyAll(cluster.client, [account('other'), gateway('gw')])
    controller = await startController({ kubeconfig: cluster.kubeconfig, namespace, flags })
    // The ServiceAccount of a Gateway is made with its proxies.
    await eventually(() => token('gw'), 30_000)
  })
  afterAll(async () => {
    await controller.stop()
    await cluster.stop()
  })
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.disconnect()
  })

  function account(name: string): KubeObject {
    return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }
  }

  function gateway(name: string): KubeObject {
    const spec = { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', port: 8080, protocol: 'HTTP' }] }
    const object = {
      ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name, namespace } },
      spec,
    }
    return object
  }

  /** `ca.crt` of the authority that replicas share. */
  async function root(): Promise<string> {
    const secret = await cluster.client.get(secrets, { namespace, name: 'kgateway-xds-cert' })
    // What is read are Secrets.
    return Buffer.from((secret as Secret | undefined)?.data?.['ca.crt'] ?? '', 'base64').toString()
  }

  const token = (name: string, audience = 'agentgateway') => tokenOf(cluster.client, { namespace, name }, audience)

  /** Genuine, but of yesterday: nobody hands these out. */
  async function expiredToken(): Promise<string> {
    const [header = '', payload = ''] = (await token('gw')).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const day = 86_400
    const old = { ...claims, exp: claims.exp - day, iat: claims.iat - day, nbf: claims.nbf - day }
    const body = `${header}.${Buffer.from(JSON.stringify(old)).toString('base64url')}`
    const key = createPrivateKey(readFileSync(join(dirname(cluster.kubeconfig), 'service-accounts.pem')))
    return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`
  }

  async function proxy(bearer: string | undefined, rootCertificate?: string): Promise<FakeProxy> {
    const options = {
      port: controller.xdsPort(),
      gateway: `${namespace}/gw`,
      rootCertificate: rootCertificate ?? (await root()),
    }
    const made = new FakeProxy(bearer === undefined ? options : { ...options, token: bearer })
    proxies.push(made)
    return made.connect()
  }

  function served(each: FakeProxy): Promise<void> {
    return eventually(() => expect([each.ending, each.readyTypes.size]).toEqual([undefined, 2]))
  }

  async function counted(): Promise<readonly number[]> {
    const names = ['total', 'success_total', 'failure_total']
    return Promise.all(names.map((name) => controller.metric(`agentgateway_xds_auth_rq_${name} `)))
  }

  it('is served with the token of the ServiceAccount that is named like its Gateway', async () => {
    const [before] = await counted()
    await served(await proxy(await token('gw')))
    expect(await counted()).toEqual([(before ?? 0) + 1, expect.any(Number), expect.any(Number)])
  })

  it.each<[string, () => Promise<string | undefined>, status, string]>([
    ['no token', async () => undefined, status.UNAUTHENTICATED, 'a ServiceAccount token is demanded'],
    ['an invented token', async () => 'a.b.c', status.UNAUTHENTICATED, 'not valid'],
    ['an expired token', expiredToken, status.UNAUTHENTICATED, 'has expired'],
    ['a token for others', () => token('gw', 'https://kubernetes.default.svc'), status.UNAUTHENTICATED, 'not valid'],
    ['the token of another Gateway', () => token('other'), status.PERMISSION_DENIED, '/other'],
  ])('is refused with %s, and counted', async (_, bearer, code, details) => {
    const [total = 0, accepted = 0, refused = 0] = await counted()
    const refusedProxy = await proxy(await bearer())
    await eventually(() =>
      expect(refusedProxy.ending).toMatchObject({ code, details: expect.stringContaining(details) }),
    )
    expect(refusedProxy.responses).toEqual([])
    expect(await counted()).toEqual([total + 1, accepted, refused + 1])
  })

  it('finds the authority beside it, and the same one at every replica', async () => {
    await eventually(async () => {
      const map = await cluster.client.get(configMaps, { namespace, name: 'gw-xds-ca' })
      // What is read are ConfigMaps.
      expect((map as ConfigMap | undefined)?.data?.['ca.crt']?.trim()).toBe((await root()).trim())
    })
    const before = await root()
    const other = await startController({ kubeconfig: cluster.kubeconfig, namespace, flags })
    const there = await proxy(await token('gw'))
    there.connect(other.xdsPort())
    await served(there)
    expect(await root()).toBe(before)
    await other.stop()
  })

  it('keeps its stream when the authority is replaced; new ones need the new authority', async () => {
    const bearer = await token('gw')
    const old = await proxy(bearer)
    await served(old)
    const before = await root()
    await cluster.client.delete(secrets, { namespace, name: 'kgateway-xds-cert' })
    await eventually(async () => {
      const now = await root()
      expect(['', before]).not.toContain(now)
      const newer = await proxy(bearer, now)
      await eventually(() => expect(newer.readyTypes.size).toBe(2), 1_000)
    })
    expect(old.ending).toBeUndefined()
  })

  it('keeps its stream while the API server is away; unknown ones are told to come again', async () => {
    const [known, unknown] = [await token('gw'), await token('gw')]
    const old = await proxy(known)
    await served(old)
    const authority = await root()
    await cluster.stopApiServer()
    const turnedAway = await proxy(unknown, authority)
    await eventually(() => expect(turnedAway.ending?.code).toBe(status.UNAVAILABLE), 30_000)
    expect(old.ending).toBeUndefined()
    await cluster.startApiServer()
    await eventually(async () => {
      const again = await proxy(unknown, authority)
      await eventually(() => expect(again.readyTypes.size).toBe(2), 1_000)
    }, 30_000)
    expect(old.ending).toBeUndefined()
  })
})

// Every call of the client, with what a real API server answers.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClusterClient, createClient, initialEventsEnd, type Resource } from '../../src/cluster/client.ts'
import { podConnection } from '../../src/cluster/connection.ts'
import type { ConfigMap } from '../../src/kube/core-types.ts'
import { newNamespace, sharedCluster } from './harness.ts'

const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', namespaced: true }

describe('the client, with a real API server', () => {
  let client: ClusterClient
  let kubeconfig: string
  let namespace: string
  beforeAll(async () => {
    ;({ client, kubeconfig } = await sharedCluster())
    namespace = await newNamespace(client)
  })
  afterAll(() => client.close())

  const configMap = (name: string, data: Record<string, string>, metadata: object = {}): ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, ...metadata },
    data,
  })

  it('creates, reads, replaces, patches, applies and deletes', async () => {
    const created = await client.create(configMaps, configMap('a', { one: '1' }))
    expect(await client.get(configMaps, { namespace, name: 'a' })).toMatchObject({ data: { one: '1' } })
    const { resourceVersion } = created.metadata
    await client.replace(configMaps, configMap('a', { two: '2' }, { resourceVersion }))
    const stale = client.replace(configMaps, configMap('a', { three: '3' }, { resourceVersion }))
    await expect(stale).rejects.toMatchObject({ code: 409, reason: 'Conflict' })
    const patched = await client.patch(
      configMaps,
      { namespace, name: 'a' },
      { type: 'merge', body: { data: { four: '4' } } },
    )
    expect(patched).toMatchObject({ data: { two: '2', four: '4' } })
    await client.apply(configMaps, configMap('a', { four: 'mine' }))
    expect(await client.get(configMaps, { namespace, name: 'a' })).toMatchObject({ data: { two: '2', four: 'mine' } })
    await client.delete(configMaps, { namespace, name: 'a' })
    await client.delete(configMaps, { namespace, name: 'a' })
    expect(await client.get(configMaps, { namespace, name: 'a' })).toBeUndefined()
  })

  it('lists in pages, and says what kind the members are', async () => {
    for (const name of ['p1', 'p2', 'p3'])
      await client.apply(configMaps, configMap(name, {}, { labels: { page: 'x' } }))
    const first = await client.list(configMaps, { namespace, labelSelector: 'page=x', limit: 2 })
    expect(first.items.map(({ kind, apiVersion, metadata }) => [apiVersion, kind, metadata.name])).toEqual([
      ['v1', 'ConfigMap', 'p1'],
      ['v1', 'ConfigMap', 'p2'],
    ])
    const { continueToken } = first
    const second = await client.list(configMaps, { namespace, labelSelector: 'page=x', limit: 2, continueToken })
    expect(second.items.map(({ metadata }) => metadata.name)).toEqual(['p3'])
    expect(second.continueToken).toBe('')
  })

  it('tells what is there, then what changes, and ends when it is told to', async () => {
    await client.apply(configMaps, configMap('w', { step: 'first' }))
    const stop = new AbortController()
    const request = { namespace, fieldSelector: 'metadata.name=w', sendsInitialEvents: true }
    const told: string[] = []
    const watching = (async () => {
      for await (const events of client.watch(
        configMaps,
        { ...request, timeoutSeconds: 60, idleMs: 60_000 },
        stop.signal,
      ))
        for (const { type, object } of events) {
          if (type === 'BOOKMARK' && object.metadata.annotations?.[initialEventsEnd] === 'true') {
            told.push('synced')
            await client.apply(configMaps, configMap('w', { step: 'second' }))
            await client.delete(configMaps, { namespace, name: 'w' })
          } else if (type !== 'BOOKMARK') told.push(`${type} ${(object as ConfigMap).data?.step}`)
          if (type === 'DELETED') stop.abort(new Error('seen enough'))
        }
    })()
    await expect(watching).rejects.toThrow('seen enough')
    expect(told).toEqual(['ADDED first', 'synced', 'MODIFIED second', 'DELETED second'])
  })

  it('writes a status, and lists names only', async () => {
    const gateways: Resource = {
      group: 'gateway.networking.k8s.io',
      version: 'v1',
      plural: 'gateways',
      namespaced: true,
    }
    const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }]
    const gateway = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'g', namespace },
      spec: { gatewayClassName: 'other', listeners },
    }
    const applied = await client.apply(gateways, gateway)
    const status = { addresses: [{ type: 'IPAddress', value: '1.2.3.4' }] }
    const written = await client.replaceStatus(gateways, { ...applied, ...{ status } })
    expect(written).toMatchObject({ status, metadata: { generation: applied.metadata.generation } })
    const { items } = await client.list(gateways, { namespace, isMetadataOnly: true })
    expect(items.map((item) => [item.metadata.name, 'spec' in item])).toEqual([['g', false]])
  })

  it('reviews tokens of service accounts, and is one itself with files as a pod has them', async () => {
    const accounts: Resource = { group: '', version: 'v1', plural: 'serviceaccounts', namespaced: true }
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'proxy', namespace } }
    await client.apply(accounts, account)
    const token = await tokenFor(client, namespace, 'proxy', 'agentgateway')
    const user = { username: `system:serviceaccount:${namespace}:proxy`, isAuthenticated: true }
    expect(await client.reviewToken(token, ['agentgateway'])).toMatchObject({ ...user, audiences: ['agentgateway'] })
    expect(await client.reviewToken(`${token}x`, ['agentgateway'])).toMatchObject({ isAuthenticated: false })

    const folder = mkdtempSync(join(tmpdir(), 'agwcp-pod-'))
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8'))
    const { server } = config.clusters[0].cluster
    writeFileSync(join(folder, 'ca.crt'), readFileSync(join(dirname(kubeconfig), 'certificates', 'apiserver.crt')))
    writeFileSync(join(folder, 'token'), 'an old one')
    const connection = podConnection(new URL(server).host, folder)
    const pod = createClient(connection, { fieldManager: 'pod', userAgent: 'pod' })
    await expect(pod.minorVersion()).rejects.toMatchObject({ code: 401 })
    writeFileSync(join(folder, 'token'), await tokenFor(client, namespace, 'proxy', 'https://kubernetes.default.svc'))
    expect(await pod.minorVersion()).toBeGreaterThan(30)
    await expect(pod.list(configMaps, {})).rejects.toMatchObject({ code: 403, reason: 'Forbidden' })
    pod.close()
  })

  it('says that a server is not there', async () => {
    const connection = podConnection('127.0.0.1:1', mkdtempSync(join(tmpdir(), 'agwcp-none-')))
    const nobody = createClient(connection, { fieldManager: 'x', userAgent: 'x' })
    await expect(nobody.minorVersion()).rejects.toThrow('ENOENT')
  })
})

async function tokenFor(client: ClusterClient, namespace: string, name: string, audience: string): Promise<string> {
  const resource = { group: '', version: 'v1', plural: `serviceaccounts/${name}/token`, namespaced: true }
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name, namespace },
    spec: { audiences: [audience] },
  }
  const answer: unknown = await client.create(resource, request)
  // A TokenRequest has its token here.
  return (answer as { readonly status: { readonly token: string } }).status.token
}

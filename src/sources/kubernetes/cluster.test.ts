import type { Subscription } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeApi, type FakeObject } from '../../../test/fake-api.ts'
import { type ClusterClient, createClient } from '../../cluster/client.ts'
import { openConnection } from '../../cluster/connection.ts'
import type { Time } from '../../cluster/time.ts'
import { createGraph } from '../../engine/graph.ts'
import type { KubeObject } from '../../kube/object.ts'
import { settle } from '../settle.ts'
import type { ReportedProblem } from '../source.ts'
import { type ClusterOptions, type ClusterSource, clusterSource } from './cluster.ts'
import { liveCollection, watchedKinds } from './kinds.ts'

const wanted = ['Namespace', 'Service', 'Gateway', 'TLSRoute', 'MCPServer', 'AgentgatewayBackend', 'AgentgatewayModel']
const kinds = watchedKinds.filter(({ kind }) => wanted.includes(kind))
const crds = 'apiextensions.k8s.io/v1/customresourcedefinitions'
const gateways = 'gateway.networking.k8s.io/v1/gateways'
const backends = 'agentgateway.dev/v1alpha1/agentgatewaybackends'

function crd(name: string, bundle?: string, served = 'v1'): FakeObject {
  const annotations: Record<string, string> =
    bundle === undefined ? {} : { 'gateway.networking.k8s.io/bundle-version': bundle }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, annotations },
    spec: { versions: [{ name: served, served: true }] },
  }
}

function object(kind: string, name: string, more: object = {}, metadata: object = {}): FakeObject {
  const { group = '', version = '', namespaced } = kinds.find((row) => row.kind === kind) ?? {}
  const place = namespaced === true ? { name, namespace: 'ns' } : { name }
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: { ...place, ...metadata },
    ...more,
  }
}

describe('a cluster as a source', () => {
  let api: FakeApi
  let client: ClusterClient
  let subscriptions: Subscription[]
  let logged: string[]
  beforeEach(async () => {
    api = await new FakeApi().start()
    api.serve('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions')
    api.serve('v1', 'Namespace', 'namespaces')
    api.serve('v1', 'Service', 'services')
    install('agentgateway.dev/v1alpha1', 'AgentgatewayBackend', 'agentgatewaybackends')
    api.set('/v1/namespaces', object('Namespace', 'ns', {}, { labels: { team: 'a' } }))
    client = createClient(openConnection(api.url), { fieldManager: 'x', userAgent: 'x' })
    subscriptions = []
    logged = []
  })
  afterEach(async () => {
    for (const subscription of subscriptions) subscription.unsubscribe()
    client.close()
    await api.stop()
  })

  function install(apiVersion: string, kind: string, plural: string, bundle?: string): void {
    const [group, version] = apiVersion.split('/')
    api.serve(apiVersion, kind, plural)
    api.set(crds, crd(`${plural}.${group}`, bundle, version))
  }

  const time: Time = {
    now: () => 0,
    date: () => new Date(0),
    wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
    random: () => 0,
  }

  /** A graph that the fake cluster fills; `commits` counts those that happened. */
  function start(options: Partial<ClusterOptions> = {}) {
    const graph = createGraph()
    const collections = new Map(
      kinds
        .flatMap((kind) => [kind.collection, liveCollection(kind)])
        .map((name) => [name, graph.source<KubeObject>(name)]),
    )
    const log = (level: string) => (_: object, message: string) => logged.push(`${level}: ${message}`)
    const source: ClusterSource = clusterSource({
      client,
      kinds,
      enabled: { enableInferExt: false, enableAgentgatewayModels: false },
      namespaces: [],
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      time,
      ...options,
    })
    const counts = { commits: 0 }
    const intake = {
      collection: (name: string) => collections.get(name),
      problems: graph.source<readonly ReportedProblem[]>('problems'),
      commit: () => graph.commit(),
    }
    subscriptions.push(settle([source], intake).subscribe(() => counts.commits++))
    const names = (collection: string): readonly string[] =>
      collections
        .get(collection)
        ?.list()
        .map(({ metadata }) => metadata.name) ?? []
    const state = (kind: string): string | undefined =>
      source.states().find(({ collection }) => collection.endsWith(kind))?.state
    return { counts, names, state, get: (name: string, key: string) => collections.get(name)?.get(key) }
  }

  const until = (isSo: () => boolean): Promise<void> => expect.poll(isSo, { timeout: 5_000, interval: 2 }).toBe(true)

  it('commits first when every kind that exists is there, and takes kinds without a CRD for empty', async () => {
    api.set('/v1/services', object('Service', 's'))
    api.set(backends, object('AgentgatewayBackend', 'b', { status: { conditions: [] } }))
    api.faults.push({ matches: /agentgatewaybackends/, code: 500, times: 3 })
    const { counts, names, get, state } = start()
    await until(() => counts.commits > 0)
    expect(names('source/services')).toEqual(['s'])
    expect(names('source/agentgatewaybackends')).toEqual(['b'])
    expect(get('source/agentgatewaybackends', 'ns/b')).not.toHaveProperty('status')
    expect(get('live/agentgatewaybackends', 'ns/b')).toMatchObject({ status: { conditions: [] } })
    expect(state('/gateways')).toBe('absent')
    expect(api.requests.some((request) => request.includes('gateways'))).toBe(false)
    expect(logged).toEqual([expect.stringContaining('cannot be read'), expect.stringContaining('read again')])
  })

  it('reads a kind as soon as its CRD is there, though it may be served only a moment later', async () => {
    const { counts, names } = start()
    await until(() => counts.commits > 0)
    api.set(crds, crd('gateways.gateway.networking.k8s.io'))
    await until(() => api.requests.filter((request) => request.includes('/gateways?')).length > 2)
    api.serve('gateway.networking.k8s.io/v1', 'Gateway', 'gateways')
    api.set(gateways, object('Gateway', 'g'))
    await until(() => names('source/gateways').length === 1)
  })

  it('empties a kind when its CRD is deleted, and not because asking for it fails', async () => {
    install('gateway.networking.k8s.io/v1', 'Gateway', 'gateways')
    api.set(gateways, object('Gateway', 'g'))
    const { names, state } = start()
    await until(() => names('source/gateways').length === 1)
    api.unserve(gateways)
    await until(() => api.requests.filter((request) => request.includes('/gateways?')).length > 5)
    expect(names('source/gateways')).toEqual(['g'])
    api.delete(crds, 'gateways.gateway.networking.k8s.io')
    await until(() => names('source/gateways').length === 0)
    expect(state('/gateways')).toBe('absent')
    install('gateway.networking.k8s.io/v1', 'Gateway', 'gateways')
    api.set(gateways, object('Gateway', 'again'))
    await until(() => names('source/gateways').join() === 'again')
  })

  it('is not ready without the CRDs of our own, and says what to do', async () => {
    api.delete(crds, 'agentgatewaybackends.agentgateway.dev')
    const { counts, state } = start()
    await until(() => logged.length > 0)
    expect(logged).toEqual([expect.stringContaining('install our CRD chart')])
    expect(counts.commits).toBe(0)
    expect(state('/agentgatewaybackends')).toBe('absent')
    install('agentgateway.dev/v1alpha1', 'AgentgatewayBackend', 'agentgatewaybackends')
    await until(() => counts.commits > 0)
  })

  it('takes CRDs of too old a release for absent, and says so', async () => {
    install('gateway.networking.k8s.io/v1', 'TLSRoute', 'tlsroutes', 'v1.4.1')
    const { counts, state } = start()
    await until(() => counts.commits > 0)
    expect(state('/tlsroutes')).toBe('absent')
    expect(logged).toEqual([
      'warn: TLSRoute is not read: its CRD is of release v1.4.1, and 1.5 is the oldest that will do',
    ])
    api.set(crds, crd('tlsroutes.gateway.networking.k8s.io', 'v1.5.0-rc.1'))
    await until(() => state('/tlsroutes') === 'synced')
  })

  it('takes a kind whose CRD does not serve the version we read for absent', async () => {
    api.set(crds, crd('gateways.gateway.networking.k8s.io', 'v1.6.1', 'v1beta1'))
    const { counts, state } = start()
    await until(() => counts.commits > 0)
    expect(state('/gateways')).toBe('absent')
    expect(logged).toEqual(['warn: Gateway is not read: its CRD does not serve version v1'])
  })

  it('does without being allowed to list CRDs', async () => {
    api.faults.push({ matches: /customresourcedefinitions/, code: 403, reason: 'Forbidden', times: 1e6 })
    install('gateway.networking.k8s.io/v1', 'Gateway', 'gateways')
    api.set(gateways, object('Gateway', 'g'))
    const { counts, names, state } = start()
    await until(() => counts.commits > 0)
    expect(names('source/gateways')).toEqual(['g'])
    expect(state('/tlsroutes')).toBe('absent')
    api.unserve(gateways)
    await until(() => api.requests.filter((request) => request.includes('/gateways?')).length > 5)
    expect(names('source/gateways')).toEqual(['g'])
  })

  it('waits for what it must read and may not, but not for kinds of other projects', async () => {
    install('kagent.dev/v1alpha1', 'MCPServer', 'mcpservers')
    install('gateway.networking.k8s.io/v1', 'Gateway', 'gateways')
    api.faults.push({ matches: /mcpservers/, code: 403, reason: 'Forbidden', times: 1e6 })
    api.faults.push({ matches: /gateways\?/, code: 403, reason: 'Forbidden', times: 30 })
    const { counts, state } = start()
    await until(() => state('/mcpservers') === 'absent')
    expect(counts.commits).toBe(0)
    expect(logged).toContain('warn: MCPServer is not read: our ServiceAccount is not allowed to list it')
    await until(() => counts.commits > 0)
    expect(state('/gateways')).toBe('synced')
  })

  it('keeps everything while the API server is gone, and says once that it is', async () => {
    api.set('/v1/services', object('Service', 's'))
    const { counts, names } = start()
    await until(() => counts.commits > 0)
    api.faults.push({ matches: /./, code: 503, times: 60 })
    api.endWatches()
    await until(() => logged.some((line) => line.startsWith('info')))
    expect(names('source/services')).toEqual(['s'])
    expect(logged.filter((line) => !line.startsWith('debug'))).toEqual([
      'warn: the API server cannot be read; what was read before stays in use',
      'info: the API server can be read again',
    ])
  })

  it('watches a kind behind a setting only with the setting', async () => {
    install('agentgateway.dev/v1alpha1', 'AgentgatewayModel', 'agentgatewaymodels')
    const { counts } = start()
    await until(() => counts.commits > 0)
    expect(api.requests.some((request) => request.includes('models'))).toBe(false)
    const { names } = start({ enabled: { enableInferExt: false, enableAgentgatewayModels: true } })
    api.set('agentgateway.dev/v1alpha1/agentgatewaymodels', object('AgentgatewayModel', 'm'))
    await until(() => names('source/agentgatewaymodels').length === 1)
  })

  it('shows only what is in selected namespaces, as their labels come and go', async () => {
    api.set('/v1/namespaces', object('Namespace', 'other'))
    api.set('/v1/services', object('Service', 'mine'))
    api.set('/v1/services', object('Service', 'theirs', {}, { namespace: 'other' }))
    const { counts, names } = start({ namespaces: [{ matchLabels: { team: 'a' } }, { matchLabels: { all: 'x' } }] })
    await until(() => counts.commits > 0)
    expect(names('source/services')).toEqual(['mine'])
    expect(names('source/namespaces')).toEqual(['ns', 'other'])
    api.set('/v1/namespaces', object('Namespace', 'other', {}, { labels: { all: 'x' } }))
    await until(() => names('source/services').length === 2)
    api.set('/v1/namespaces', object('Namespace', 'ns', {}, { labels: {} }))
    await until(() => names('source/services').join() === 'theirs')
    api.set('/v1/services', object('Service', 'unseen'))
    api.delete('/v1/services', 'other/theirs')
    await until(() => names('source/services').length === 0)
    api.set('/v1/namespaces', object('Namespace', 'ns', {}, { labels: { team: 'a' } }))
    await until(() => names('source/services').join() === 'mine,unseen')
  })

  it('shows what it is told to show wherever it is, and leaves it there when a label goes', async () => {
    const isAlwaysSeen = (collection: string, key: string) => collection === 'source/services' && key === 'ns/authority'
    api.set('/v1/services', object('Service', 'authority'))
    api.set('/v1/services', object('Service', 'mine'))
    const { counts, names } = start({ namespaces: [{ matchLabels: { all: 'x' } }], isAlwaysSeen })
    await until(() => counts.commits > 0)
    expect(names('source/services')).toEqual(['authority'])
    api.set('/v1/namespaces', object('Namespace', 'ns', {}, { labels: { all: 'x' } }))
    await until(() => names('source/services').join() === 'authority,mine')
    api.set('/v1/namespaces', object('Namespace', 'ns', {}, { labels: {} }))
    await until(() => names('source/services').join() === 'authority')
    api.delete('/v1/services', 'ns/authority')
    await until(() => names('source/services').length === 0)
  })
})

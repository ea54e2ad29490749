// A real API server for tests: etcd and kube-apiserver on loopback and free ports, with the CRDs that we and our users
// use. Tests share one that global-setup.ts starts; those that stop or break theirs start their own.
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadAll } from 'js-yaml'
import { crdModule, kubeProgram } from '../../hack/kube.ts'
import { type ClusterClient, createClient, type Resource } from '../../src/cluster/client.ts'
import { connect } from '../../src/cluster/connection.ts'
import { groupOf, type KubeObject } from '../../src/kube/object.ts'
import { endedWithUs } from '../children.ts'
import { freePorts } from '../ports.ts'

/** The servers, and how to reach them. */
export interface TestCluster {
  readonly kubeconfig: string
  /** As an administrator. */
  readonly client: ClusterClient
  /** Gone for its clients, as in an upgrade; everything stored stays. */
  stopApiServer(): Promise<void>
  startApiServer(): Promise<void>
  /** Changes what is stored through another API server, which nobody else knows. */
  changeBehindItsBack(change: (client: ClusterClient) => Promise<void>): Promise<void>
  /** Makes etcd forget what happened so far. */
  compact(): Promise<void>
  stop(): Promise<void>
}

const charts = fileURLToPath(new URL('../../charts', import.meta.url))
const adminToken = 'admin-token'

/** Starts servers of one's own; CRDs are installed unless `crds` says which ones. */
export async function startCluster(options: { readonly crds?: readonly KubeObject[] } = {}): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-cluster-'))
  const [etcdPort, peerPort, port, otherPort] = await freePorts(4)
  const etcdUrl = `http://127.0.0.1:${etcdPort}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  const keys = join(folder, 'service-accounts.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(keys, privateKey.export({ type: 'pkcs1', format: 'pem' }))
  writeFileSync(join(folder, 'tokens.csv'), `${adminToken},admin,admin,system:masters\n`)
  for (const certificates of ['certificates', 'other-certificates']) mkdirSync(join(folder, certificates))
  const start = (name: 'etcd' | 'kube-apiserver', flags: Readonly<Record<string, string>>): ChildProcess => {
    const [command, ...args] = kubeProgram(name)
    const log = openSync(join(folder, `${name}.log`), 'a')
    const all = [...args, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)]
    const child = spawn(command, all, { stdio: ['ignore', log, log] })
    return endedWithUs(child)
  }
  const etcd = start('etcd', {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': etcdUrl,
    'advertise-client-urls': etcdUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `default=${peerUrl}`,
    'unsafe-no-fsync': 'true',
    'log-level': 'error',
  })
  const startServer = (at: { readonly port: number | undefined; readonly certificates: string }): ChildProcess =>
    start('kube-apiserver', {
      'etcd-servers': etcdUrl,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': String(at.port),
      'cert-dir': join(folder, at.certificates),
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': keys,
      'service-account-signing-key-file': keys,
      'api-audiences': 'https://kubernetes.default.svc,agentgateway',
      'token-auth-file': join(folder, 'tokens.csv'),
      'authorization-mode': 'RBAC',
      'service-cluster-ip-range': '10.96.0.0/16',
      // Nobody here gives new namespaces their account.
      'disable-admission-plugins': 'ServiceAccount',
      'allow-privileged': 'true',
      'endpoint-reconciler-type': 'none',
      'shutdown-delay-duration': '0s',
    })
  const own = { port, certificates: 'certificates' }
  const other = { port: otherPort, certificates: 'other-certificates' }
  let server = startServer(own)
  const configFor = (at: typeof own): string => {
    const config = join(folder, `kubeconfig-${at.port}`)
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'test',
          cluster: {
            server: `https://127.0.0.1:${at.port}`,
            'certificate-authority': join(folder, at.certificates, 'apiserver.crt'),
          },
        },
      ],
      users: [{ name: 'admin', user: { token: adminToken } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
      'current-context': 'test',
    })
    writeFileSync(config, text)
    return config
  }
  const kubeconfig = configFor(own)
  // The server makes its own certificate when it starts for the first time.
  const certificate = (at: typeof own): Promise<unknown> =>
    eventually(() => readFileSync(join(folder, at.certificates, 'apiserver.crt')))
  await certificate(own)
  const client = await clientOf(kubeconfig)
  const untilReady = (of: ClusterClient): Promise<unknown> =>
    eventually(() => of.list(namespaces, { limit: 1 }), 60_000)
  await untilReady(client)
  const cluster: TestCluster = {
    kubeconfig,
    client,
    stopApiServer: () => ended(server),
    async startApiServer() {
      server = startServer(own)
      await untilReady(client)
    },
    async changeBehindItsBack(change) {
      const second = startServer(other)
      await certificate(other)
      const behind = await clientOf(configFor(other))
      await untilReady(behind)
      // A server that answers may not yet know of every kind.
      await eventually(() => change(behind), 30_000)
      behind.close()
      await ended(second)
    },
    async compact() {
      const post = async (path: string, body: object): Promise<unknown> => {
        const answer = await fetch(`${etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })
        if (!answer.ok) throw new Error(await answer.text())
        return answer.json()
      }
      // Every answer of etcd says how far it is.
      const { header } = (await post('range', { key: 'AA==' })) as { readonly header: { readonly revision: string } }
      await post('compaction', { revision: header.revision, physical: true })
    },
    async stop() {
      client.close()
      await ended(server)
      await ended(etcd)
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const crds = options.crds ?? allCrds()
  await applyAll(client, crds)
  await untilServed(client, crds)
  return cluster
}

/** The cluster that all tests share. */
export async function sharedCluster(): Promise<Pick<TestCluster, 'kubeconfig' | 'client'>> {
  const kubeconfig = process.env.KUBECONFIG_TEST
  if (kubeconfig === undefined) throw new Error('KUBECONFIG_TEST names no kubeconfig; npm run test:cluster sets it')
  return { kubeconfig, client: await clientOf(kubeconfig) }
}

/** A client as an administrator, under a name of its own among field managers. */
export async function clientOf(kubeconfig: string, fieldManager = 'test'): Promise<ClusterClient> {
  return createClient(await connect({ kubeconfig, service: undefined }), { fieldManager, userAgent: 'agwcp-test' })
}

/** A kubeconfig for the same server as somebody else. */
export function kubeconfigAs(kubeconfig: string, token: string): string {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'))
  const file = join(mkdtempSync(join(tmpdir(), 'agwcp-account-')), 'kubeconfig')
  writeFileSync(file, JSON.stringify({ ...config, users: [{ name: 'admin', user: { token } }] }))
  return file
}

/** A token of a ServiceAccount, for the API server unless for another audience. */
export async function tokenOf(
  client: ClusterClient,
  account: { readonly namespace: string; readonly name: string },
  audience?: string,
): Promise<string> {
  const resource = { group: '', version: 'v1', plural: `serviceaccounts/${account.name}/token`, namespaced: true }
  const answer: unknown = await client.create(resource, {
    ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: account },
    ...{ spec: audience === undefined ? {} : { audiences: [audience] } },
  })
  // A TokenRequest has its token here.
  return (answer as { readonly status: { readonly token: string } }).status.token
}

/** Our CRDs, Gateway API's and the inference extension's. */
export function allCrds(): readonly KubeObject[] {
  const gatewayApi = join(crdModule('sigs.k8s.io/gateway-api'), 'config/crd/experimental')
  const inference = join(crdModule('sigs.k8s.io/gateway-api-inference-extension'), 'config/crd/bases')
  return [
    ...objectsIn(join(charts, 'agentgateway-control-plane-crds/templates')),
    ...objectsIn(gatewayApi).filter(({ kind }) => kind === 'CustomResourceDefinition'),
    ...objectsIn(inference).filter(({ metadata }) => metadata.name === 'inferencepools.inference.networking.k8s.io'),
  ]
}

/** The objects in the YAML files of a folder. */
export function objectsIn(folder: string): readonly KubeObject[] {
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file) => objectsOf(readFileSync(join(folder, file), 'utf8')))
}

/** The objects in a YAML text. */
export function objectsOf(yaml: string): readonly KubeObject[] {
  // Tests apply what they wrote themselves: objects, or nothing between two separators.
  return loadAll(yaml).filter(
    (document) => document !== null && document !== undefined,
  ) as unknown as readonly KubeObject[]
}

const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', namespaced: false }

/** The resource of an object's kind, as the server has it. */
export async function resourceOf(
  client: ClusterClient,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Promise<Resource> {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  const resource = (await client.resources(groupOf(apiVersion), version)).get(kind)
  if (resource === undefined) throw new Error(`the server has no ${apiVersion} ${kind}`)
  return resource
}

/** Applies objects, in order. */
export async function applyAll(client: ClusterClient, objects: readonly KubeObject[]): Promise<void> {
  const resources = new Map<string, Resource>()
  for (const object of objects) {
    const type = `${object.apiVersion} ${object.kind}`
    const resource = resources.get(type) ?? (await resourceOf(client, object))
    resources.set(type, resource)
    await client.apply(resource, object)
  }
}

async function untilServed(client: ClusterClient, crds: readonly KubeObject[]): Promise<void> {
  for (const crd of crds) {
    // A CRD, as its schema says.
    const { spec } = crd as KubeObject & {
      readonly spec: {
        readonly group: string
        readonly names: { readonly plural: string }
        readonly versions: readonly { readonly name: string; readonly served: boolean }[]
      }
    }
    for (const { name, served } of spec.versions) {
      if (!served) continue
      const resource = { group: spec.group, version: name, plural: spec.names.plural, namespaced: false }
      await eventually(() => client.list(resource, { limit: 1 }), 30_000)
    }
  }
}

let named = 0

/** Creates a namespace that no other test has. */
export async function newNamespace(
  client: ClusterClient,
  labels: Readonly<Record<string, string>> = {},
): Promise<string> {
  const name = `test-${process.pid}-${++named}`
  await client.apply(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  return name
}

/** Tries until it succeeds, and answers with what it then gave. */
export async function eventually<T>(attempt: () => T | Promise<T>, withinMs = 15_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await promise
  clearTimeout(impatience)
}

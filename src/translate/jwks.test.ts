import { describe, expect, test } from 'vitest'
import { issueCertificate } from '../../test/certificates.ts'
import { readerOf } from '../../test/plain-reader.ts'
import type { AgentgatewayBackend, BackendSpec } from '../api/backend.ts'
import type { AgentgatewayPolicy, PolicySpec } from '../api/policy.ts'
import { documentKey, formatStored, hashOf, storeName } from '../core/documents.ts'
import type { RemoteJwks } from '../features/shared/context.ts'
import type { ConfigMap, Secret } from '../kube/core-types.ts'
import type { BackendTlsPolicy } from '../kube/gateway-types.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import { featureContext } from './feature-context.ts'
import { permissionsOf } from './grants.ts'
import { jwksIndexes } from './jwks-tls.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type GrantMode } from './settings.ts'

const { certificate } = issueCertificate('idp')
const meta = (name: string, more: object = {}) => ({ namespace: 'ns', name, ...more })
const configMap = (name: string, data: Record<string, string>, namespace = 'ns'): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data,
})
const backend = (name: string, spec: BackendSpec): AgentgatewayBackend => ({
  apiVersion: 'agentgateway.dev/v1alpha1',
  kind: 'AgentgatewayBackend',
  metadata: meta(name),
  spec,
})
const policy = (name: string, target: object, tls: object | undefined, created = ''): AgentgatewayPolicy => ({
  apiVersion: 'agentgateway.dev/v1alpha1',
  kind: 'AgentgatewayPolicy',
  metadata: meta(name, { creationTimestamp: created }),
  // What an API server has accepted.
  spec: { targetRefs: [target], backend: tls === undefined ? { http: {} } : { tls } } as PolicySpec,
})
const service = { group: '', kind: 'Service', name: 'idp' }

interface World {
  readonly backends?: readonly AgentgatewayBackend[]
  readonly policies?: readonly AgentgatewayPolicy[]
  readonly tlsPolicies?: readonly BackendTlsPolicy[]
  readonly configMaps?: readonly ConfigMap[]
  readonly mode?: GrantMode
  readonly kind?: string
}

const entries = <T extends KubeObject>(list: readonly T[] = []) => list.map((each) => [keyOf(each), each] as const)

function ask(remote: RemoteJwks, world: World = {}) {
  const { ctx, demands } = featureContext({
    owner: { group: 'agentgateway.dev', kind: world.kind ?? 'AgentgatewayPolicy', namespace: 'ns', name: 'p' },
    settings: { ...DEFAULT_TRANSLATE_SETTINGS, backendRefGrantMode: world.mode ?? 'route' },
    read: {
      secrets: readerOf<Secret>([]),
      configmaps: readerOf(entries(world.configMaps)),
      services: readerOf([
        [
          'ns/idp',
          { apiVersion: 'v1', kind: 'Service', metadata: meta('idp'), spec: { ports: [{ port: 443, name: 'https' }] } },
        ],
      ]),
      agentgatewaybackends: readerOf(entries(world.backends)),
      agentgatewaypolicies: readerOf(entries(world.policies), jwksIndexes.agentgatewaypolicies),
      backendtlspolicies: readerOf(entries(world.tlsPolicies), jwksIndexes.backendtlspolicies),
      permissions: readerOf(
        permissionsOf({
          apiVersion: 'x/v1',
          kind: 'ReferenceGrant',
          metadata: { namespace: 'far', name: 'g' },
          spec: {
            from: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', namespace: 'ns' }],
            to: [{ group: '', kind: 'Service' }],
          },
        }).map((each) => [each.key, each] as const),
        { permits: ({ permits }) => [permits] },
      ),
    },
  })
  const { value, problems } = ctx.jwks(remote, 'jwks')
  const [demand] = demands
  return { value, said: problems.map(({ message }) => message)[0], demand, tls: demand?.tls, url: demand?.url }
}

const ofService: RemoteJwks = { jwksPath: '/keys', backendRef: { name: 'idp', port: 443 } }
const ofBackend: RemoteJwks = {
  jwksPath: 'keys',
  backendRef: { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'be', port: 1 },
}
const fixed = (policies?: object) =>
  backend('be', { static: { host: 'idp.example', port: 443 }, ...(policies && { policies }) })
const unavailable = (url: string) => `jwks keyset for "${url}" isn't available (not yet fetched or fetch failed)`

describe('a key set', () => {
  const url = 'https://idp.example/keys'
  const key = documentKey({ url })
  const stored = (requestKey: string) =>
    configMap(
      storeName(key),
      { 'jwks-store': formatStored({ requestKey, url, fetchedAt: '', jwks: '{"keys":[]}' }) },
      'agentgateway-system',
    )

  test('is what has been stored for the request, which stays in demand', () => {
    const { value, demand } = ask({ url, cacheDuration: '10m' }, { configMaps: [stored(key)] })
    expect(value).toBe('{"keys":[]}')
    expect(demand).toMatchObject({ key, url, refreshMs: 600_000, path: 'jwks', requestedBy: { name: 'p' } })
  })

  test('is not there before it has been fetched, nor when something else is stored under its name', () => {
    expect(ask({ url }).said).toBe(unavailable(url))
    expect(ask({ url }, { configMaps: [stored('another')] }).said).toBe(unavailable(url))
    expect(ask({ url }).demand).toMatchObject({ key, refreshMs: 300_000 })
  })

  test.each([
    [{}, 'backendRef or url is required'],
    [{ url: 'https://idp/keys?x' }, 'url must not include a query'],
    [
      { backendRef: { name: 'x', kind: 'Bucket', group: 'b.io' } },
      'unsupported backend kind b.io.Bucket for policy ns/p',
    ],
    [ofBackend, 'backend ns/be not found, policy ns/p'],
  ])('cannot be asked for by %j', (remote, said) => {
    expect(ask(remote)).toEqual({ value: undefined, said, demand: undefined, tls: undefined, url: undefined })
  })

  test('cannot be asked of a backend that is not static', () => {
    expect(ask(ofBackend, { backends: [backend('be', { mcp: {} })] }).said).toBe(
      'only static backends are supported; backend: ns/be, policy: ns/p',
    )
  })

  test('of another namespace needs a grant, for an inline policy two of them', () => {
    const far = { backendRef: { name: 'idp', namespace: 'far', port: 80 } }
    const denied = (kind: string) =>
      `backendRef far/idp not accessible to an ${kind} in namespace "ns" (missing a ReferenceGrant?)`
    expect(ask(far).url).toBe('http://idp.far.svc.cluster.local:80/')
    expect(ask(far, { mode: 'route-and-policy' }).said).toBe(denied('AgentgatewayPolicy'))
    expect(ask(far, { mode: 'route-and-policy', kind: 'AgentgatewayBackend' }).said).toBe(denied('AgentgatewayPolicy'))
  })
})

describe('TLS towards the server of a key set', () => {
  const strict = { verification: 'strict', serverName: '', authoritiesHash: '', protocols: [] }
  const standard = (name: string, sectionName?: string): BackendTlsPolicy => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: meta(name),
    spec: {
      targetRefs: [{ ...service, ...(sectionName !== undefined && { sectionName }) }],
      validation: { hostname: name, caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
    },
  })

  test('is absent while no policy asks for it', () => {
    expect(ask(ofService)).toMatchObject({ url: 'http://idp.ns.svc.cluster.local:443/keys', tls: undefined })
    expect(ask(ofBackend, { backends: [fixed()] })).toMatchObject({
      url: 'http://idp.example:443/keys',
      tls: undefined,
    })
  })

  test("comes first from a backend's own policies", () => {
    const own = fixed({ tls: { sni: 'own', insecureSkipVerify: 'Hostname', alpnProtocols: ['h2'] } })
    const target = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'be' }
    const world = { backends: [own], policies: [policy('a', target, { sni: 'attached' })] }
    expect(ask(ofBackend, world)).toMatchObject({
      url: 'https://idp.example:443/keys',
      tls: { verification: 'hostname', serverName: 'own', protocols: ['h2'] },
    })
    expect(ask(ofBackend, { ...world, backends: [fixed()] }).tls).toEqual({ ...strict, serverName: 'attached' })
  })

  test('comes from the policy for the port before one for the whole Service, then from the oldest', () => {
    const policies = [
      policy('new', service, { sni: 'new' }, '2026-02-01T00:00:00Z'),
      policy('old', service, { sni: 'old' }, '2026-01-01T00:00:00Z'),
      policy('other-port', { ...service, sectionName: '80' }, { sni: 'other-port' }),
    ]
    const port = policy('port', { ...service, sectionName: '443' }, { sni: 'port' }, '2026-03-01T00:00:00Z')
    expect(ask(ofService, { policies }).tls?.serverName).toBe('old')
    expect(ask(ofService, { policies: [...policies, port] }).tls?.serverName).toBe('port')
  })

  test('comes from a BackendTLSPolicy when the best policy says nothing about it, even if another does', () => {
    const configMaps = [configMap('ca', { 'ca.crt': certificate })]
    const policies = [policy('a', service, undefined), policy('b', service, { sni: 'b' })]
    const tlsPolicies = [standard('whole'), standard('named', 'https')]
    expect(ask(ofService, { policies, tlsPolicies, configMaps }).tls).toEqual({
      ...strict,
      serverName: 'named',
      authorities: certificate,
      authoritiesHash: hashOf(['ns/ca', certificate]),
    })
  })

  test('that cannot be set up is said to be so', () => {
    const tls = { caCertificateRefs: [{ name: 'gone' }] }
    expect(ask(ofService, { policies: [policy('a', service, tls)] }).said).toBe(
      'error setting tls options; service idp/ns, policy: ns/p, ConfigMap ns/gone not found',
    )
    expect(ask(ofBackend, { backends: [fixed({ tls })] }).said).toBe(
      'error setting tls options; backend: ns/be, policy: ns/p, ConfigMap ns/gone not found',
    )
  })
})

describe('the proxy on the way to a key set', () => {
  const through = (tunnel: object, ...more: readonly AgentgatewayBackend[]) =>
    ask(ofBackend, { backends: [fixed({ tunnel }), ...more] })
  const ref = (name: string, port?: number) => ({
    backendRef: { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name, port },
  })

  test.each([
    ['a URL', { url: 'https://proxy:3128' }, { url: 'https://proxy:3128' }],
    ['a Service', { backendRef: { name: 'proxy', port: 80 } }, { url: 'http://proxy.ns.svc.cluster.local:80' }],
    ['a backend, on the port of the reference', ref('plain', 81), { url: 'http://proxy:81' }],
    ['a backend, on its own port', ref('plain'), { url: 'http://proxy:80' }],
    [
      'a backend with TLS',
      ref('secure'),
      { url: 'https://proxy:443', tls: expect.objectContaining({ serverName: 's' }) },
    ],
  ])('may be %s', (_, tunnel, proxy) => {
    const plain = backend('plain', { static: { host: 'proxy', port: 80 } })
    const secure = backend('secure', { static: { host: 'proxy', port: 443 }, policies: { tls: { sni: 's' } } })
    expect(through(tunnel, plain, secure).demand?.proxy).toEqual(proxy)
  })

  test.each([
    [{ url: 'socks://p' }, 'unsupported URL scheme "socks"'],
    [{ backendRef: { name: 'p' } }, 'port is required for Service tunnel proxy backend p/ns'],
    [{ backendRef: { name: 'p', kind: 'X', group: 'x' } }, 'unsupported backend kind x.X for tunnel proxy'],
    [ref('gone'), 'tunnel proxy backend ns/gone not found'],
    [ref('mcp'), 'only static backends are supported for tunnel proxy; backend: ns/mcp'],
    [ref('socket'), 'unix domain socket backends are not supported as tunnel proxies; backend: ns/socket'],
    [ref('portless'), 'port is required for TCP tunnel proxy backend: ns/portless'],
  ])('cannot be %j', (tunnel, cause) => {
    const mcp = backend('mcp', { mcp: {} })
    const socket = backend('socket', { static: { unixPath: '/s' } })
    const portless = backend('portless', { static: { host: 'p' } })
    expect(through(tunnel, mcp, socket, portless).said).toBe(`error resolving tunnel proxy for backend ns/be: ${cause}`)
  })
})

import { expect, test } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import { grantOf } from '../../test/rule-scope.ts'
import type { ConfigMap, Secret, Service } from '../kube/core-types.ts'
import type { BackendTlsPolicy, Gateway, ReferenceGrant } from '../kube/gateway-types.ts'
import { type KubeObject, keyOf } from '../kube/object.ts'
import { type TlsTarget, tlsTargetsOf, translateBackendTlsPolicy } from './backend-tls-policies.ts'
import { type Permission, permissionsOf } from './grants.ts'
import type { DirectReach, Link } from './reachability.ts'

type Spec = NonNullable<BackendTlsPolicy['spec']>

// A self-signed EC certificate and its key, made for this test.
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdjCCARugAwIBAgIUZi2EKg2o8FAdAc1H5MVGuNqi2QcwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjExMjA4NTVaGA8yMTI2MTAyODEyMDg1
NVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIWo
p15eT4I1cAQ7PdhwveD7w00HxsrAUnNEp94vHBCsPXlr+EsX4UE5dhmrP/p3JYRu
p9bUiiiU1MGtbdTrHnijUzBRMB0GA1UdDgQWBBRkz4SwiYKYDe7twn3EDYVJO/2T
kjAfBgNVHSMEGDAWgBRkz4SwiYKYDe7twn3EDYVJO/2TkjAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0kAMEYCIQCU8Dkderl/G6RdxcWEYr9+uTrTE8y5vYVy
DCS6YP9V/wIhAJV9qsixyk34/Scnwtv3S4ePrAkiFKvuAmaAAX4xMLah
-----END CERTIFICATE-----
`
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnUxcQx7NEWUkqZP8
BGCT071IDsdXBKtJODWpRKBR6nmhRANCAASFqKdeXk+CNXAEOz3YcL3g+8NNB8bK
wFJzRKfeLxwQrD15a/hLF+FBOXYZqz/6dyWEbqfW1IoolNTBrW3U6x54
-----END PRIVATE KEY-----
`
const TORN = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const SYSTEM = { hostname: 'h.com', wellKnownCACertificates: 'System' }
const WEB = { group: '', kind: 'Service', name: 'web' }

function policyOf(name: string, spec: Spec, created?: string): BackendTlsPolicy {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { namespace: 'default', name, ...(created && { creationTimestamp: created }) },
    spec,
  }
}

interface World {
  readonly others?: readonly BackendTlsPolicy[]
  readonly services?: readonly Service[]
  readonly configmaps?: readonly ConfigMap[]
  readonly secrets?: readonly Secret[]
  readonly gateways?: readonly Gateway[]
  readonly grants?: readonly ReferenceGrant[]
  /** Gateways that use Service web and AgentgatewayBackend ai. */
  readonly reached?: readonly string[]
}

function byKey<T extends KubeObject>(objects: readonly T[] = []) {
  return readerOf<T>(objects.map((object) => [keyOf(object), object]))
}

function translate(policy: BackendTlsPolicy, world: World = {}) {
  const nodes = ['Service/default/web', 'AgentgatewayBackend/default/ai', 'InferencePool/default/llm']
  const targets = [policy, ...(world.others ?? [])].flatMap(tlsTargetsOf)
  const translation = translateBackendTlsPolicy(
    policy,
    {
      targets: readerOf<TlsTarget>(
        targets.map((target) => [target.key, target]),
        { target: ({ target }) => [target] },
      ),
      permissions: readerOf<Permission>(
        (world.grants ?? []).flatMap(permissionsOf).map((permission) => [permission.key, permission]),
        { permits: ({ permits }) => [permits] },
      ),
      services: byKey(world.services),
      configmaps: byKey(world.configmaps),
      secrets: byKey(world.secrets),
      gateways: byKey(world.gateways),
      reached: readerOf<DirectReach>(nodes.map((node) => [node, { node, gateways: world.reached ?? ['default/gw'] }])),
      links: readerOf<Link>([], { to: ({ to }) => [to] }),
    },
    { clusterDomain: 'cluster.local' },
  )
  const policies = translation.resources.map(({ resource }) =>
    resource.kind === 'policy' ? resource.policy : undefined,
  )
  const body = translation.status?.body
  const ancestors = body?.shape === 'policy' ? body.ancestors : []
  return {
    keys: policies.map((sent) => sent?.key),
    targets: policies.map((sent) => sent?.target),
    tls: policies.map((sent) => sent?.backend?.backendTls),
    refs: ancestors.map(({ ref }) => `${ref.namespace ?? ''}/${ref.name}`),
    conditions: ancestors.map(({ conditions }) =>
      conditions.map(({ type, status, reason, message }) => `${type}=${status}/${reason}: ${message}`),
    ),
    paths: translation.problems.map(({ path }) => path),
  }
}

const VALID = [
  'Accepted=True/Accepted: Configuration is valid',
  'ResolvedRefs=True/ResolvedRefs: Configuration is valid',
]

test('targets are Services with ports by name or number, backends with sections, and pools', () => {
  const web: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'web' },
    spec: { ports: [{ name: 'https', port: 443 }] },
  }
  const backend = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'ai' }
  const pool = { group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'llm' }
  const { keys, targets, conditions } = translate(
    policyOf('p', {
      targetRefs: [
        WEB,
        { ...WEB, sectionName: 'https' },
        { ...WEB, sectionName: '8443' },
        { ...WEB, sectionName: 'gone' },
        backend,
        { ...backend, sectionName: 'openai' },
        pool,
        { ...pool, sectionName: '8000' },
        { ...pool, sectionName: 'https' },
        { group: 'x', kind: 'Other', name: 'x' },
      ],
      validation: SYSTEM,
    }),
    { services: [web] },
  )
  const hostname = 'web.default.svc.cluster.local'
  expect(keys).toEqual([
    `default/p:backend-tls:default/${hostname}`,
    `default/p:backend-tls:default/${hostname}/443`,
    `default/p:backend-tls:default/${hostname}/8443`,
    `default/p:backend-tls:default/${hostname}/0`,
    'default/p:backend-tls:default/ai',
    'default/p:backend-tls:default/ai/openai',
    'default/p:backend-tls:default/llm.default.inference.cluster.local',
    'default/p:backend-tls:default/llm.default.inference.cluster.local/8000',
    'default/p:backend-tls:default/llm.default.inference.cluster.local/0',
  ])
  expect(targets[1]).toEqual({ service: { namespace: 'default', hostname, port: 443 } })
  expect(targets[5]).toEqual({ backend: { namespace: 'default', name: 'ai', section: 'openai' } })
  expect(conditions).toEqual([VALID])
})

test('names to verify keep their order, whatever their kind', () => {
  const subjectAltNames = [
    { type: 'URI', uri: 'spiffe://a' },
    { type: 'Hostname', hostname: 'b.com' },
  ]
  const { tls } = translate(policyOf('p', { targetRefs: [WEB], validation: { ...SYSTEM, subjectAltNames } }))
  expect(tls).toEqual([{ hostname: 'h.com', verifySubjectAltNames: ['spiffe://a', 'b.com'] }])
})

function configMap(name: string, data: Readonly<Record<string, string>>): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data }
}

function trusting(...refs: readonly { readonly group?: string; readonly kind?: string; readonly name: string }[]) {
  const caCertificateRefs = refs.map((ref) => ({ group: '', kind: 'ConfigMap', ...ref }))
  return policyOf('p', { targetRefs: [WEB], validation: { hostname: 'h.com', caCertificateRefs } })
}

test('bundles of several references are joined, certificates only', () => {
  const configmaps = [configMap('a', { 'ca.crt': `# mine\n${CERTIFICATE}` }), configMap('b', { 'ca.crt': CERTIFICATE })]
  const { tls, conditions } = translate(trusting({ name: 'a' }, { name: 'b' }), { configmaps })
  expect(String(tls[0]?.root)).toBe(`${CERTIFICATE}\n${CERTIFICATE}`)
  expect(conditions).toEqual([VALID])
})

test.each([
  [
    { kind: 'Secret', name: 'a' },
    'invalid certificate reference: { Secret a}',
    'InvalidKind: Certificate reference invalid: Secret',
  ],
  [
    { name: 'gone' },
    'certificate reference not found: { ConfigMap gone}',
    'InvalidCACertificateRef: Certificate reference not found',
  ],
  [
    { name: 'empty' },
    'certificate invalid: ca.crt key missing',
    'InvalidCACertificateRef: Certificate invalid: ca.crt key missing',
  ],
  [
    { name: 'noise' },
    'certificate invalid: invalid ca.crt in ConfigMap default/noise: data does not contain any valid RSA or ECDSA certificates',
    'InvalidCACertificateRef: Certificate invalid: invalid ca.crt in ConfigMap default/noise: data does not contain any valid RSA or ECDSA certificates',
  ],
])('one bad reference spoils all trust: %j', (ref, accepted, resolved) => {
  const configmaps = [
    configMap('good', { 'ca.crt': CERTIFICATE }),
    configMap('empty', {}),
    configMap('noise', { 'ca.crt': 'noise' }),
  ]
  const { tls, conditions, paths } = translate(trusting({ name: 'good' }, ref), { configmaps })
  expect(String(tls[0]?.root)).toBe('invalid')
  expect(conditions).toEqual([[`Accepted=False/NoValidCACertificate: ${accepted}`, `ResolvedRefs=False/${resolved}`]])
  expect(paths).toEqual(['spec.validation.caCertificateRefs[1]'])
})

test('unknown well-known certificates are no trust', () => {
  const policy = policyOf('p', { targetRefs: [WEB], validation: { wellKnownCACertificates: 'Mine' } })
  const { tls, conditions } = translate(policy)
  expect(String(tls[0]?.root)).toBe('invalid')
  expect(conditions[0]?.[0]).toBe('Accepted=False/NoValidCACertificate: unknown wellKnownCACertificates: Mine')
})

test('of two policies for one target the older wins, then the first by name, and the loser says so', () => {
  const spec: Spec = { targetRefs: [WEB, { ...WEB, sectionName: '443' }], validation: SYSTEM }
  const rival: Spec = { targetRefs: [WEB], validation: SYSTEM }
  const older = policyOf('z', rival, '2020-01-01T00:00:00Z')
  const younger = policyOf('z', rival, '2022-01-01T00:00:00Z')
  const mine = policyOf('m', spec, '2021-01-01T00:00:00Z')
  const lost = translate(mine, { others: [older] })
  expect(lost.keys).toEqual(['default/m:backend-tls:default/web.default.svc.cluster.local/443'])
  expect(lost.conditions[0]?.[0]).toBe(
    'Accepted=False/Conflicted: policy z matches the same target but with higher priority',
  )
  expect(lost.paths).toEqual(['spec.targetRefs[0]'])
  expect(translate(mine, { others: [younger] }).conditions).toEqual([VALID])
  const same = policyOf('a', rival, '2021-01-01T00:00:00Z')
  expect(translate(mine, { others: [same] }).keys).toHaveLength(1)
})

function gatewayOf(key: string, ref: object): Gateway {
  const [namespace = '', name = ''] = key.split('/')
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { namespace, name },
    spec: { tls: { backend: { clientCertificateRef: ref } } },
  }
}

function secretOf(key: string, data: Readonly<Record<string, string>>): Secret {
  const [namespace = '', name = ''] = key.split('/')
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, data }
}

const PAIR = { 'tls.crt': base64(CERTIFICATE), 'tls.key': base64(KEY) }

test('a policy that sends nothing says why, not what else would have been wrong', () => {
  const spec: Spec = { targetRefs: [WEB], validation: SYSTEM }
  const { conditions } = translate(policyOf('p', spec, '2021-01-01T00:00:00Z'), {
    others: [policyOf('o', spec, '2020-01-01T00:00:00Z')],
    gateways: [gatewayOf('default/gw', { kind: 'Secret', name: 'gone' })],
  })
  expect(conditions[0]?.[0]).toMatch(/^Accepted=False\/Conflicted/)
})

const WILDCARD =
  '"*.x" is not a name that a certificate can be asked for and is left out: proxies take no wildcards, so list the names themselves'

test.each([
  [
    'names that proxies refuse',
    { subjectAltNames: ['*.x', 'b.x'].map((hostname) => ({ type: 'Hostname', hostname })) },
    { verifySubjectAltNames: ['b.x'], hostname: 'a.example' },
    WILDCARD,
  ],
  [
    'trust in anybody when no name is left',
    { subjectAltNames: [{ type: 'Hostname', hostname: '*.x' }] },
    { root: Buffer.from('invalid'), verifySubjectAltNames: [], hostname: 'a.example' },
    WILDCARD,
  ],
  [
    'trust in anybody when the host name is none',
    { hostname: '-' },
    { root: Buffer.from('invalid'), verifySubjectAltNames: [] },
    '"-" is not the name of a host; no certificate is trusted',
  ],
])('leaves out %s', (_, names, sent, told) => {
  const validation = { ...SYSTEM, hostname: 'a.example', ...names }
  const { tls, conditions } = translate(policyOf('p', { targetRefs: [WEB], validation }))
  expect(tls).toEqual([sent])
  expect(conditions).toEqual([[`Accepted=False/Invalid: ${told}`, VALID[1]]])
})

test('each gateway shows its own client certificate', () => {
  const { tls, refs } = translate(policyOf('p', { targetRefs: [WEB], validation: SYSTEM }), {
    reached: ['default/gw', 'default/plain'],
    gateways: [gatewayOf('default/gw', { kind: 'Secret', name: 'client', namespace: 'default' })],
    secrets: [secretOf('default/client', PAIR)],
  })
  expect(refs).toEqual(['/gw', '/plain'])
  expect(tls.map((sent) => [String(sent?.cert ?? ''), String(sent?.key ?? '')])).toEqual([
    [CERTIFICATE, KEY],
    ['', ''],
  ])
})

test.each([
  [{ name: 'gone' }, 'Secret not found'],
  [{ kind: 'ConfigMap', name: 'client' }, 'must refer to a Secret'],
  [{ group: 'x', name: 'client' }, 'must use the core API group'],
  [{ namespace: 'other', name: 'client' }, 'cross namespace reference is not permitted'],
  [{ name: 'half' }, 'Secret invalid: invalid TLS secret default/half: tls.crt or tls.key missing'],
  [{ name: 'torn' }, 'Secret invalid: invalid TLS secret default/torn: x509: malformed certificate'],
])('a client certificate that cannot be used is no licence to do without: %j', (ref, told) => {
  const { tls, conditions } = translate(policyOf('p', { targetRefs: [WEB], validation: SYSTEM }), {
    reached: ['default/gw', 'default/plain'],
    gateways: [gatewayOf('default/gw', ref)],
    secrets: [
      secretOf('default/half', { 'tls.crt': PAIR['tls.crt'] }),
      secretOf('default/torn', { ...PAIR, 'tls.crt': base64(`${CERTIFICATE}${TORN}`) }),
      secretOf('other/client', PAIR),
    ],
  })
  expect(tls[0]).not.toHaveProperty('cert')
  expect(String(tls[0]?.root)).toBe('invalid')
  expect(conditions).toEqual([
    [`Accepted=False/Invalid: Gateway.spec.tls.backend.clientCertificateRef ${told}`, VALID[1]],
    VALID,
  ])
})

test('a granted client certificate of another namespace is used, as the Gateway’s status has it', () => {
  const grants = [grantOf('other', { kind: 'Gateway', namespace: 'default' }, { kind: 'Secret' })]
  const { tls } = translate(policyOf('p', { targetRefs: [WEB], validation: SYSTEM }), {
    gateways: [gatewayOf('default/gw', { namespace: 'other', name: 'client' })],
    secrets: [secretOf('other/client', PAIR)],
    grants,
  })
  expect(String(tls[0]?.key)).toBe(KEY)
})

test('two gateways of one name are told apart', () => {
  const policy = policyOf('p', { targetRefs: [WEB], validation: SYSTEM })
  expect(translate(policy, { reached: ['default/gw', 'other/gw'] }).refs).toEqual(['/gw', 'other/gw'])
  expect(translate(policy, { reached: ['other/gw'] }).refs).toEqual(['/gw'])
})

test('a policy that no gateway has use for has no ancestors and sends nothing', () => {
  const policy = policyOf('p', { targetRefs: [WEB], validation: SYSTEM })
  expect(translate(policy, { reached: [] })).toMatchObject({ keys: [], refs: [] })
})

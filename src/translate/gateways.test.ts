import { beforeAll, describe, expect, it } from 'vitest'
import { issueCertificate } from '../../test/certificates.ts'
import type { Graph, Source } from '../engine/collection.ts'
import { createGraph } from '../engine/graph.ts'
import type { ConfigMap, Namespace, Secret } from '../kube/core-types.ts'
import type { Gateway, GatewayClass, Listener, ListenerSet, ReferenceGrant } from '../kube/gateway-types.ts'
import { keyOf } from '../kube/object.ts'
import type { AssignedAddresses } from './gateway-addresses.ts'
import { SUPPORTED_FEATURES } from './gateway-class.ts'
import type { DeploymentVerdict } from './gateways.ts'
import { declareGatewayStatuses, declareGateways, gatewayIndexes } from './gateways-nodes.ts'
import { permissionsOf } from './grants.ts'
import type { ConditionDraft, StatusDraft } from './model.ts'
import type { AttachedCount } from './parents.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

function createWorld() {
  const graph: Graph = createGraph()
  const gatewayclasses = graph.source<GatewayClass>('source/gatewayclasses')
  const gateways = graph.source<Gateway>('source/gateways')
  const listenersets = graph.source<ListenerSet>('source/listenersets', gatewayIndexes.listenersets)
  const namespaces = graph.source<Namespace>('source/namespaces')
  const secrets = graph.source<Secret>('source/secrets')
  const configmaps = graph.source<ConfigMap>('source/configmaps')
  const referencegrants = graph.source<ReferenceGrant>('source/referencegrants')
  const attached = graph.source<AttachedCount>('fact/attached')
  const deployments = graph.source<DeploymentVerdict>('deploy/verdicts')
  const addresses = graph.source<AssignedAddresses>('deploy/addresses')
  const permissions = graph.derive({
    name: 'fact/permissions',
    from: referencegrants,
    reads: {},
    run: permissionsOf,
    key: ({ key }) => key,
    indexes: { permits: ({ permits }) => [permits] },
  })
  const sources = { gatewayclasses, gateways, listenersets, namespaces, secrets, configmaps, referencegrants }
  const settings = { ...DEFAULT_TRANSLATE_SETTINGS, enableModels: true }
  const declared = declareGateways(graph, { ...sources, permissions }, settings)
  const statuses = declareGatewayStatuses(graph, { ...declared, attached, deployments, addresses })
  gatewayclasses.set('agentgateway', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'agentgateway', generation: 1 },
    spec: { controllerName: 'agentgateway.dev/agentgateway' },
  })
  return { graph, ...sources, attached, deployments, addresses, declared, statuses }
}

type World = ReturnType<typeof createWorld>

function put<T extends { metadata: { name: string; namespace?: string } }>(source: Source<T>, object: T): void {
  source.set(keyOf(object), object)
}

function gateway(listeners: readonly Listener[], spec: Gateway['spec'] = {}, annotations = {}): Gateway {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'default', generation: 2, annotations },
    spec: { gatewayClassName: 'agentgateway', listeners, ...spec },
  }
}

function listenerSet(name: string, listeners: readonly Listener[], metadata = {}): ListenerSet {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'ListenerSet',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { parentRef: { name: 'gw' }, listeners },
  }
}

const http = (name: string, port = 80, extra: Partial<Listener> = {}): Listener => ({
  name,
  port,
  protocol: 'HTTP',
  ...extra,
})

const https = (ref: Record<string, string> = { name: 'cert' }, options: Record<string, string> = {}): Listener => ({
  name: 'https',
  port: 443,
  protocol: 'HTTPS',
  tls: { certificateRefs: [ref], options },
})

function gatewayBody(world: World) {
  const [draft] = world.statuses.gateways.list()
  if (draft?.body.shape !== 'gateway') throw new Error('no gateway status')
  return draft.body
}

function setBody(world: World, name: string) {
  const draft = world.statuses.listenerSets.list().find(({ object }) => object.name === name)
  if (draft?.body.shape !== 'listenerset') throw new Error('no listener set status')
  return draft.body
}

function find(conditions: readonly ConditionDraft[], type: string): string {
  const condition = conditions.find((candidate) => candidate.type === type)
  return condition === undefined ? 'none' : `${condition.status} ${condition.reason}: ${condition.message}`
}

function wire(world: World): readonly string[] {
  return [...world.declared.gateways.list(), ...world.declared.listenerSets.list()]
    .flatMap(({ resources }) => resources)
    .map(({ resource }) => {
      if (resource.kind === 'bind') return `bind ${resource.bind.key} ${resource.bind.protocol} ${resource.bind.mode}`
      return resource.kind === 'listener' ? `listener ${resource.listener.key}` : resource.kind
    })
    .sort()
}

async function build(objects: readonly (Gateway | ListenerSet)[], fill?: (world: World) => void): Promise<World> {
  const world = createWorld()
  for (const object of objects) {
    if (object.kind === 'ListenerSet') put(world.listenersets, object as ListenerSet)
    else put(world.gateways, object as Gateway)
  }
  fill?.(world)
  await world.graph.commit()
  expect(world.graph.failures()).toEqual([])
  expect(world.graph.clashes()).toEqual([])
  return world
}

describe('a GatewayClass', () => {
  it('of ours is accepted, and ours by name lists features in byte order', async () => {
    const world = await build([])
    world.gatewayclasses.set('mine', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'mine' },
      spec: { controllerName: 'agentgateway.dev/agentgateway' },
    })
    await world.graph.commit()
    const features = world.declared.gatewayClasses
      .list()
      .map(({ status }) => (status?.body.shape === 'gatewayclass' ? status.body.supportedFeatures?.length : -1))
    expect(features).toEqual([47, undefined])
    expect([...SUPPORTED_FEATURES].sort()).toEqual(SUPPORTED_FEATURES)
  })
})

describe('a Gateway', () => {
  it('of another class, or of none, is left alone', async () => {
    const world = await build([gateway([http('http')], { gatewayClassName: 'other' })])
    expect(world.declared.gateways.list()).toEqual([])
    expect(world.declared.parents.list()).toEqual([])
  })

  it('without listeners is accepted in words', async () => {
    const world = await build([gateway([])])
    expect(find(gatewayBody(world).conditions, 'Accepted')).toBe('True Accepted: Successfully accepted Gateway')
  })

  it('reports unsupported protocols, and is accepted as long as one listener is', async () => {
    const world = await build([gateway([http('a'), { name: 'b', port: 81, protocol: 'http' }])])
    const body = gatewayBody(world)
    const message = 'protocol "http" is unsupported. hint: "HTTP" may be supported'
    expect(find(body.conditions, 'Accepted')).toBe(
      `True ListenersNotValid: Some listeners are not accepted: b: ${message}`,
    )
    expect(find(body.listeners[1]?.conditions ?? [], 'Accepted')).toBe(`False UnsupportedProtocol: ${message}`)
    expect(body.listeners[1]?.supportedKinds).toEqual([])
    expect(wire(world)).toEqual([
      'bind 80/default/gw HTTP STANDARD',
      'bind 81/default/gw HTTP STANDARD',
      'listener default/gw.a',
    ])
  })

  it('is not accepted when no listener is', async () => {
    const world = await build([gateway([{ name: 'b', port: 81, protocol: 'UDP' }])])
    expect(find(gatewayBody(world).conditions, 'Accepted')).toMatch(/^False ListenersNotValid/)
  })

  it('translates HBONE, TCP and passthrough listeners', async () => {
    const world = await build([
      gateway([
        { name: 'hbone', port: 15008, protocol: 'HBONE' },
        { name: 'tcp', port: 9000, protocol: 'TCP' },
        { name: 'tls', port: 8443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
        { name: 'bare', port: 8444, protocol: 'TLS' },
      ]),
    ])
    expect(wire(world)).toEqual([
      'bind 15008/default/gw HTTP STANDARD',
      'bind 8443/default/gw TLS STANDARD',
      'bind 8444/default/gw TLS STANDARD',
      'bind 9000/default/gw TCP STANDARD',
      'listener default/gw.hbone',
      'listener default/gw.tcp',
      'listener default/gw.tls',
    ])
    const [bind] = world.declared.gateways.list()[0]?.resources ?? []
    expect(bind?.resource).toMatchObject({ bind: { tunnelProtocol: 'HBONE_GATEWAY' } })
  })

  it('counts what is attached, and only then', async () => {
    const world = await build([gateway([http('http')])])
    const parent = world.declared.parents.list()[0]?.key ?? ''
    const runs = () => world.graph.stats().find(({ name }) => name === 'translate/gateways')?.runs
    const before = runs()
    world.attached.set(parent, { parent, routes: 3 })
    await world.graph.commit()
    expect(gatewayBody(world).listeners[0]?.attachedRoutes).toBe(3)
    expect(runs()).toBe(before)
  })

  it('has one kind of listener per port, and tells the later one', async () => {
    const world = await build([gateway([http('a', 443), https()])], withCertificate)
    const { listeners, conditions } = gatewayBody(world)
    expect(find(listeners[0]?.conditions ?? [], 'Conflicted')).toMatch(/^False NoConflicts/)
    expect(find(listeners[1]?.conditions ?? [], 'Conflicted')).toMatch(/^True ProtocolConflict/)
    expect(find(listeners[1]?.conditions ?? [], 'Accepted')).toMatch(/^False ProtocolConflict/)
    expect(find(conditions, 'Accepted')).toMatch(/^True ListenersNotValid/)
  })

  it('may serve HTTPS and passthrough TLS on one port', async () => {
    const tls: Listener = { name: 'tls', port: 443, protocol: 'TLS', hostname: 'b', tls: { mode: 'Passthrough' } }
    const world = await build([gateway([{ ...https(), hostname: 'a' }, tls])], withCertificate)
    for (const { conditions } of gatewayBody(world).listeners) expect(find(conditions, 'Conflicted')).toMatch(/^False/)
  })
})

describe('addresses', () => {
  const programmed = async (addresses: { type?: string; value?: string }[]) => {
    const { conditions } = gatewayBody(await build([gateway([http('http')], { addresses })]))
    return [find(conditions, 'Accepted'), find(conditions, 'Programmed')]
  }
  const fine = ['True Accepted: ', 'True Programmed: Successfully programmed Gateway']

  it('of one IP, or none, are managed', async () => {
    expect(await programmed([])).toEqual(fine)
    expect(await programmed([{ value: '1.2.3.4' }])).toEqual(fine)
    expect(
      await programmed([
        { type: 'IPAddress', value: '' },
        { type: 'IPAddress', value: '1.2.3.4' },
      ]),
    ).toEqual(fine)
  })

  it('that are hostnames cannot be used', async () => {
    expect(await programmed([{ type: 'Hostname', value: 'a.b' }])).toEqual([
      'True Accepted: ',
      'False AddressNotUsable: Hostname addresses may not be used',
    ])
  })

  it('of an unknown kind are not accepted', async () => {
    expect((await programmed([{ type: 'x/y', value: '1' }]))[0]).toBe('False UnsupportedAddress: Unknown address kind')
  })

  it('of several IPs leave nothing served', async () => {
    const world = await build([
      gateway([http('http')], {
        addresses: [
          { type: 'IPAddress', value: '1.1.1.1' },
          { type: 'IPAddress', value: '2.2.2.2' },
        ],
      }),
    ])
    expect(find(gatewayBody(world).conditions, 'Accepted')).toBe(
      'False Invalid: only Hostname is supported, ignoring [1.1.1.1 2.2.2.2]',
    )
    expect(gatewayBody(world).listeners[0]?.conditions.map(({ type }) => type)).toEqual([
      'Accepted',
      'Conflicted',
      'ResolvedRefs',
      'Programmed',
    ])
    expect(wire(world)).toEqual([])
    expect(world.declared.parents.list()).toEqual([])
  })
})

describe('parameters and deployment', () => {
  it('of an unsupported kind are invalid', async () => {
    const infrastructure = { parametersRef: { group: '', kind: 'ConfigMap', name: 'x' } }
    const { conditions } = gatewayBody(await build([gateway([http('http')], { infrastructure })]))
    const message = 'infrastructure.parametersRef on Gateway default/gw references unsupported type'
    expect(find(conditions, 'Accepted')).toBe(`False InvalidParameters: ${message}`)
    expect(find(conditions, 'Programmed')).toBe(`False Invalid: ${message}`)
  })

  it('are reported as the deployer finds them', async () => {
    const world = await build([gateway([http('http')])])
    const verdict = (problem: DeploymentVerdict['problem']) => {
      world.deployments.set('default/gw', { gateway: 'default/gw', problem })
      return world.graph.commit()
    }
    expect(gatewayBody(world).isDeploymentKnown).toBeUndefined()
    await verdict({ reason: 'InvalidParameters', message: 'missing' })
    expect(gatewayBody(world).isDeploymentKnown).toBe(true)
    expect(find(gatewayBody(world).conditions, 'Accepted')).toBe('False InvalidParameters: missing')
    await verdict({ reason: 'DeploymentFailed', message: 'quota' })
    expect(find(gatewayBody(world).conditions, 'Accepted')).toBe('True Accepted: ')
    expect(find(gatewayBody(world).conditions, 'Programmed')).toBe('False DeploymentFailed: quota')
    await verdict(undefined)
    expect(find(gatewayBody(world).conditions, 'Programmed')).toMatch(/^True/)
  })
})

const pair = issueCertificate('a.example')
const authority = issueCertificate('authority.example')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

function secret(name: string, data: Record<string, string>, namespace = 'default'): Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data }
}

const certificateData = { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.privateKey) }

function withCertificate({ secrets }: World): void {
  put(secrets, secret('cert', certificateData))
}

function configMap(name: string, data: Record<string, string>, namespace = 'default'): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }
}

function grant(namespace: string, to: { kind: string; name?: string }): ReferenceGrant {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: `to-${to.kind}`, namespace },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default' }],
      to: [{ group: '', ...to }],
    },
  }
}

describe('the certificate of a listener', () => {
  const judge = async (listener: Listener, fill?: (world: World) => void, spec: Gateway['spec'] = {}) => {
    const world = await build([gateway([listener], spec)], fill)
    const { conditions = [] } = gatewayBody(world).listeners[0] ?? {}
    const resource = world.declared.gateways
      .list()[0]
      ?.resources.find((candidate) => candidate.resource.kind === 'listener')
    const tls = resource?.resource.kind === 'listener' ? resource.resource.listener.tls : undefined
    return {
      accepted: find(conditions, 'Accepted'),
      programmed: find(conditions, 'Programmed'),
      resolved: find(conditions, 'ResolvedRefs'),
      isInvalid: tls?.cert !== undefined && Buffer.from(tls.cert).toString() === 'invalid',
      tls,
    }
  }

  it('is sent as it is', async () => {
    const { tls, resolved } = await judge(https(), withCertificate)
    expect(resolved).toBe('True ResolvedRefs: No errors found')
    expect(Buffer.from(tls?.cert ?? '').toString()).toBe(pair.certificate)
    expect(tls?.certificateSource).toBeUndefined()
  })

  it('that is missing leaves a listener that fails handshakes', async () => {
    expect(await judge(https({ kind: 'Secret', name: 'missing' }))).toMatchObject({
      accepted: 'True Accepted: No errors found',
      programmed: 'False Invalid: Bad TLS configuration',
      resolved: 'False InvalidCertificateRef: invalid certificate reference /Secret/missing., secret not found',
      isInvalid: true,
    })
  })

  it.each<[string, Record<string, string>, string]>([
    [
      'has no keys',
      { a: '', b: '', c: '', d: '' },
      "found secret, but didn't have expected keys (tls.crt and tls.key); found: a, b, c, and 1 more...",
    ],
    ['is empty', { 'tls.crt': '', 'tls.key': '' }, 'found keys "tls.crt" and "tls.key", but they were empty'],
  ])('is refused when its Secret %s', async (_, data, message) => {
    const { resolved } = await judge(https(), ({ secrets }) => put(secrets, secret('cert', data)))
    expect(resolved).toBe(`False InvalidCertificateRef: invalid certificate reference //cert., ${message}`)
  })

  it('is refused when it does not fit its key', async () => {
    const data = { ...certificateData, 'tls.key': base64(authority.privateKey) }
    const { resolved, isInvalid } = await judge(https(), ({ secrets }) => put(secrets, secret('cert', data)))
    expect(resolved).toMatch(
      /^False InvalidCertificateRef: invalid certificate reference, the certificate is malformed/,
    )
    expect(isInvalid).toBe(true)
  })

  it('of another kind, or more than one, is refused', async () => {
    expect((await judge(https({ kind: 'ConfigMap', name: 'x' }))).resolved).toMatch(/only secret is allowed$/)
    const two = { ...https(), tls: { certificateRefs: [{ name: 'a' }, { name: 'b' }] } }
    expect((await judge(two)).resolved).toMatch(/exactly 1 certificateRefs should be present/)
  })

  it('of another namespace needs a grant', async () => {
    const ref = { name: 'cert', namespace: 'tls' }
    const elsewhere = ({ secrets }: World) => put(secrets, secret('cert', certificateData, 'tls'))
    expect((await judge(https(ref), elsewhere)).resolved).toBe(
      'False RefNotPermitted: certificateRef cert/tls not accessible to a Gateway in namespace "default" (missing a ReferenceGrant?)',
    )
    const granted = await judge(https(ref), (world) => {
      elsewhere(world)
      put(world.referencegrants, grant('tls', { kind: 'Secret', name: 'cert' }))
    })
    expect(granted.resolved).toMatch(/^True/)
  })

  it('may come from the mesh', async () => {
    const mode = 'gateway.istio.io/tls-terminate-mode'
    expect((await judge(https({}, { [mode]: 'ISTIO_SIMPLE' }))).tls).toEqual({
      certificateSource: 'ISTIO_WORKLOAD',
      mtlsMode: 'DISABLE',
    })
    expect((await judge(https({}, { [mode]: 'ISTIO_MUTUAL' }))).tls).toEqual({ certificateSource: 'ISTIO_WORKLOAD' })
    const both = { [mode]: 'ISTIO_MUTUAL', 'agentgateway.dev/tls-certificate-source': 'SPIFFE' }
    expect((await judge(https({}, both))).resolved).toBe(
      'False InvalidCertificateRef: TLS certificate source SPIFFE cannot be combined with the ISTIO_MUTUAL termination mode',
    )
    const spiffe = { 'agentgateway.dev/tls-certificate-source': 'SPIFFE' }
    expect((await judge(https({}, spiffe))).resolved).toMatch(/certificateRefs cannot be configured with SPIFFE/)
  })

  const frontend = (...refs: Record<string, string>[]): Gateway['spec'] => ({
    tls: { frontend: { default: { validation: { caCertificateRefs: refs } } } },
  })
  const ca = { kind: 'ConfigMap', name: 'ca' }
  const withAuthority = (world: World): void => {
    withCertificate(world)
    put(world.configmaps, configMap('ca', { 'ca.crt': authority.certificate }))
  }

  it('is joined by the authorities of clients', async () => {
    const { tls, resolved } = await judge(https(), withAuthority, frontend(ca))
    expect(resolved).toMatch(/^True/)
    expect(Buffer.from(tls?.root ?? '').toString()).toBe(authority.certificate)
  })

  it('serves with those authorities that can be used, and says which cannot', async () => {
    const { tls, accepted, programmed, resolved } = await judge(
      https(),
      withAuthority,
      frontend({ kind: 'Secret', name: 'x' }, ca),
    )
    expect(accepted).toMatch(/^True/)
    expect(programmed).toMatch(/^True/)
    expect(resolved).toBe('False InvalidCACertificateRef: invalid CA certificate reference, secret default/x not found')
    expect(tls?.root).toBeDefined()
  })

  it('does not serve without any usable authority', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ kind: 'Service', name: 'x' }, 'InvalidCACertificateKind'],
      [{ kind: 'ConfigMap', name: 'missing' }, 'InvalidCACertificateRef'],
      [{ kind: 'ConfigMap', name: 'ca', namespace: 'other' }, 'RefNotPermitted'],
    ]
    for (const [ref, reason] of cases) {
      const verdict = await judge(
        https(),
        (world) => {
          withAuthority(world)
          put(world.configmaps, configMap('ca', { 'ca.crt': authority.certificate }, 'other'))
        },
        frontend(ref),
      )
      expect(verdict.accepted).toMatch(/^False NoValidCACertificate/)
      expect(verdict.resolved).toContain(`False ${reason}`)
      expect(verdict.isInvalid).toBe(true)
    }
  })

  it('takes authorities of other namespaces by a grant to ConfigMap as well as to Secret', async () => {
    for (const kind of ['ConfigMap', 'Secret']) {
      const { resolved } = await judge(
        https(),
        (world) => {
          withCertificate(world)
          put(world.configmaps, configMap('ca', { 'ca.crt': authority.certificate }, 'other'))
          put(world.referencegrants, grant('other', { kind }))
        },
        frontend({ ...ca, namespace: 'other' }),
      )
      expect(resolved).toMatch(/^True/)
    }
  })

  it('takes the validation of its port before the default, and HTTP listeners none', async () => {
    const spec: Gateway['spec'] = {
      tls: {
        frontend: {
          default: { validation: { caCertificateRefs: [{ kind: 'ConfigMap', name: 'missing' }] } },
          perPort: [{ port: 443, tls: { validation: { mode: 'AllowInsecureFallback', caCertificateRefs: [ca] } } }],
        },
      },
    }
    const { tls } = await judge(https(), withAuthority, spec)
    expect(tls?.mtlsMode).toBe('ALLOW_INSECURE_FALLBACK')
    expect((await judge(http('http'), withAuthority, spec)).accepted).toMatch(/^True/)
    const world = await build([gateway([https()], spec)], withAuthority)
    expect(find(gatewayBody(world).conditions, 'InsecureFrontendValidationMode')).toMatch(/^True ConfigurationChanged/)
  })

  it('of clients towards backends is checked, and reported by the Gateway', async () => {
    const spec: Gateway['spec'] = { tls: { backend: { clientCertificateRef: { kind: 'Secret', name: 'x' } } } }
    const broken = await build([gateway([http('http')], spec)])
    const message = 'invalid certificate reference /Secret/x., secret not found'
    expect(find(gatewayBody(broken).conditions, 'ResolvedRefs')).toBe(`False InvalidClientCertificateRef: ${message}`)
    expect(find(gatewayBody(broken).conditions, 'Accepted')).toBe('True Accepted: ')
    const fine = await build([gateway([http('http')], spec)], ({ secrets }) =>
      put(secrets, secret('x', certificateData)),
    )
    expect(find(gatewayBody(fine).conditions, 'ResolvedRefs')).toBe('True ResolvedRefs: All references were resolved')
  })

  it('runs only the listener that reads it when it changes', async () => {
    const world = await build([gateway([https(), http('http')])], withCertificate)
    const runs = () => world.graph.stats().find(({ name }) => name === 'fact/listener-outcomes')?.runs ?? 0
    const before = runs()
    put(world.secrets, secret('cert', { ...certificateData, extra: '' }))
    put(world.secrets, secret('unrelated', {}))
    await world.graph.commit()
    expect(runs() - before).toBe(1)
  })
})

describe('allowed routes', () => {
  const parents = async (listener: Listener) => {
    const world = await build([gateway([listener])], ({ namespaces }) => {
      for (const [name, team] of [
        ['b', 'x'],
        ['a', 'x'],
        ['c', 'y'],
      ] as const) {
        put(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team } } })
      }
    })
    return { world, parent: world.declared.parents.list()[0] }
  }
  const from = (namespaces: NonNullable<Listener['allowedRoutes']>['namespaces']) =>
    http('http', 80, { allowedRoutes: namespaces === undefined ? {} : { namespaces } })

  it('come from the own namespace unless said otherwise', async () => {
    expect((await parents(http('http'))).parent?.allowedNamespaces).toEqual(['default'])
    expect((await parents(from({ from: 'All' }))).parent?.allowedNamespaces).toEqual(['*'])
  })

  it('follow the labels of namespaces', async () => {
    const { world, parent } = await parents(from({ from: 'Selector', selector: { matchLabels: { team: 'x' } } }))
    expect(parent?.allowedNamespaces).toEqual(['a', 'b'])
    put(world.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'c', labels: { team: 'x' } } })
    await world.graph.commit()
    expect(world.declared.parents.list()[0]?.allowedNamespaces).toEqual(['a', 'b', 'c'])
    const byName = { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'c' } } }
    expect((await parents(from(byName))).parent?.allowedNamespaces).toEqual(['c'])
  })

  it('come from nowhere when the selector matches nothing or is invalid', async () => {
    const nobody = { from: 'Selector', selector: { matchLabels: { team: 'z' } } }
    expect((await parents(from(nobody))).parent?.allowedNamespaces).toEqual([])
    const invalid = { from: 'Selector', selector: { matchExpressions: [{ key: 'team', operator: 'Near' }] } }
    expect((await parents(from(invalid))).parent?.allowedNamespaces).toEqual([])
    expect((await parents(from({ from: 'Selector' }))).parent?.allowedNamespaces).toEqual(['*'])
  })

  it('are of the kinds that protocol and listener agree on', async () => {
    const kinds = (...wanted: { group?: string; kind: string }[]) =>
      http('http', 80, { allowedRoutes: { kinds: wanted } })
    const { world, parent } = await parents(kinds({ kind: 'HTTPRoute' }, { kind: 'TCPRoute' }))
    expect(parent?.supportedKinds).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }])
    expect(find(gatewayBody(world).listeners[0]?.conditions ?? [], 'ResolvedRefs')).toBe(
      'False InvalidRouteKinds: Invalid route kinds',
    )
    const models = await parents(kinds({ group: 'agentgateway.dev', kind: 'AgentgatewayModel' }))
    expect(models.parent?.supportedKinds).toEqual([{ group: 'agentgateway.dev', kind: 'AgentgatewayModel' }])
  })
})

const open: Gateway['spec'] = { allowedListeners: { namespaces: { from: 'All' } } }

describe('a ListenerSet', () => {
  it('whose Gateway is not ours has no status', async () => {
    const world = await build([gateway([], { gatewayClassName: 'x' }), listenerSet('set', [http('a')])])
    expect(world.statuses.listenerSets.list()).toEqual([])
  })

  it('is not allowed unless the Gateway says so', async () => {
    const world = await build([gateway([http('http')]), listenerSet('set', [http('a', 81)])])
    expect(setBody(world, 'set').conditions).toEqual([
      {
        type: 'Accepted',
        status: 'False',
        reason: 'NotAllowed',
        message: 'Gateway does not allow ListenerSet attachment',
      },
      {
        type: 'Programmed',
        status: 'False',
        reason: 'NotAllowed',
        message: 'Gateway does not allow ListenerSet attachment',
      },
    ])
    expect(wire(world)).toEqual(['bind 80/default/gw HTTP STANDARD', 'listener default/gw.http'])
  })

  it('is allowed by the labels of its namespace', async () => {
    const allowedListeners = { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'x' } } } }
    const world = await build([gateway([], { allowedListeners }), listenerSet('set', [http('a', 81)])])
    expect(find(setBody(world, 'set').conditions, 'Accepted')).toMatch(/^False NotAllowed/)
    put(world.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels: { team: 'x' } } })
    await world.graph.commit()
    expect(find(setBody(world, 'set').conditions, 'Accepted')).toBe('True Accepted: Resource accepted')
    expect(gatewayBody(world).attachedListenerSets).toBe(1)
  })

  it('yields to the Gateway, and the younger to the older', async () => {
    const world = await build([
      gateway([http('http', 80, { hostname: 'a' })], open),
      listenerSet('a-young', [http('b', 80, { hostname: 'b' })], { creationTimestamp: '2026-01-02T00:00:00Z' }),
      listenerSet('b-old', [http('a', 80, { hostname: 'a' }), http('b', 80, { hostname: 'b' })], {
        creationTimestamp: '2026-01-01T00:00:00Z',
      }),
    ])
    expect(find(setBody(world, 'b-old').conditions, 'Accepted')).toBe('True ListenersNotValid: ')
    expect(find(setBody(world, 'b-old').listeners[0]?.conditions ?? [], 'Conflicted')).toMatch(/^True HostnameConflict/)
    expect(find(setBody(world, 'b-old').listeners[1]?.conditions ?? [], 'Conflicted')).toMatch(/^False/)
    expect(find(setBody(world, 'a-young').conditions, 'Accepted')).toBe('False ListenersNotValid: ')
    expect(gatewayBody(world).attachedListenerSets).toBe(1)
  })

  it('takes default ports, and reports a protocol without one', async () => {
    const listeners = [
      { name: 'a', protocol: 'HTTP' },
      { name: 'b', protocol: 'TCP', port: 0 },
    ]
    const world = await build([gateway([], open), listenerSet('set', listeners)])
    expect(wire(world)).toEqual(['bind 80/default/gw HTTP STANDARD', 'listener default/set.a'])
    expect(find(setBody(world, 'set').listeners[1]?.conditions ?? [], 'Accepted')).toBe(
      'False UnsupportedProtocol: protocol TCP requires a port to be set',
    )
  })

  it('is refused with an entry whose certificate is missing', async () => {
    const world = await build([gateway([], open), listenerSet('set', [https()])])
    const { conditions = [] } = setBody(world, 'set').listeners[0] ?? {}
    expect(find(conditions, 'Accepted')).toMatch(/^False ListenersNotValid: invalid certificate reference/)
    expect(find(conditions, 'Programmed')).toBe('False Invalid: Bad TLS configuration')
    expect(gatewayBody(world).attachedListenerSets).toBe(0)
  })

  it('does not take over the key of a listener of its Gateway', async () => {
    const world = await build([gateway([http('http')], open), listenerSet('gw', [http('http', 81)])])
    expect(wire(world)).toEqual([
      'bind 80/default/gw HTTP STANDARD',
      'bind 81/default/gw HTTP STANDARD',
      'listener default/gw.http',
      'listener default/gw.http#2',
    ])
    expect(setBody(world, 'gw').listeners[0]?.attachedRoutes).toBe(0)
  })

  it('names what is wrong when its Gateway serves nothing', async () => {
    const addresses = [
      { type: 'IPAddress', value: '1.1.1.1' },
      { type: 'IPAddress', value: '2.2.2.2' },
    ]
    const world = await build([gateway([], { ...open, addresses }), listenerSet('set', [https()])])
    expect(find(setBody(world, 'set').conditions, 'Programmed')).toBe(
      'False ListenersNotValid: Some listeners are not accepted: https',
    )
  })
})

it('a Gateway whose Service has no address says where it is in the cluster', async () => {
  const world = await build([gateway([http('http')])])
  const message = async (addresses: AssignedAddresses['addresses']) => {
    world.addresses.set('default/gw', { gateway: 'default/gw', addresses })
    await world.graph.commit()
    return find(gatewayBody(world).conditions, 'Programmed')
  }
  expect(await message([])).toBe(
    'True Programmed: Successfully programmed Gateway; nothing has given its Service an address, in the cluster it is gw.default.svc',
  )
  expect(await message([{ type: 'IPAddress', value: '10.0.0.1' }])).toBe(
    'True Programmed: Successfully programmed Gateway',
  )
})

describe('internal ports', () => {
  const internal = (ports: string) => ({ 'agentgateway.dev/internal-ports': ports })

  it('open no socket', async () => {
    const world = await build([gateway([http('a'), http('b', 81)], {}, internal(' 81,'))])
    expect(wire(world).slice(0, 2)).toEqual(['bind 80/default/gw HTTP STANDARD', 'bind 81/default/gw HTTP INTERNAL'])
  })

  it('are discarded as a whole by one error', async () => {
    const world = await build([gateway([http('a')], {}, internal('80,x,99999,82'))])
    expect(wire(world)[0]).toBe('bind 80/default/gw HTTP STANDARD')
    expect(find(gatewayBody(world).conditions, 'Accepted')).toBe(
      'False Invalid: invalid agentgateway.dev/internal-ports annotation: invalid port "x": must be an integer between 1 and 65535; invalid port "99999": must be an integer between 1 and 65535; port 82 is not defined by any listener on this resource',
    )
  })

  it('that are wrong are told to the owner of a ListenerSet, too', async () => {
    const set = listenerSet('set', [http('a', 81)], { annotations: internal('9') })
    const world = await build([gateway([], open), set])
    expect(find(setBody(world, 'set').conditions, 'Accepted')).toMatch(/^False Invalid: invalid agentgateway.dev/)
    expect(find(setBody(world, 'set').conditions, 'Programmed')).toMatch(/^True/)
  })

  it('drop a listener that disagrees with the first on its port', async () => {
    const set = listenerSet('set', [http('a', 80, { hostname: 'x' })], { annotations: internal('80') })
    const world = await build([gateway([http('http', 80, { hostname: 'y' })], open), set])
    expect(wire(world)).toEqual(['bind 80/default/gw HTTP STANDARD', 'listener default/gw.http'])
    expect(world.declared.parents.list()).toHaveLength(1)
    expect(find(setBody(world, 'set').listeners[0]?.conditions ?? [], 'Conflicted')).toMatch(/^True BindModeConflict/)
  })
})

describe('malformed objects', () => {
  let drafts: readonly StatusDraft[] = []
  beforeAll(async () => {
    const world = createWorld()
    const broken = ['text', 7, null, [], {}, [null, 'x', {}], [{ name: 'a', port: 'x', tls: null, allowedRoutes: [] }]]
    for (const [i, value] of broken.entries()) {
      // Deliberately of the wrong type: a folder of manifests may hold anything.
      const spec = {
        gatewayClassName: 'agentgateway',
        listeners: value,
        addresses: value,
        tls: value,
        infrastructure: value,
      } as Gateway['spec']
      put(world.gateways, {
        apiVersion: 'v1',
        kind: 'Gateway',
        metadata: { name: `gw-${i}`, namespace: 'n' },
        spec: spec ?? {},
      })
      const setSpec = { parentRef: { name: `gw-${i}` }, listeners: value } as ListenerSet['spec']
      put(world.listenersets, {
        apiVersion: 'v1',
        kind: 'ListenerSet',
        metadata: { name: `set-${i}`, namespace: 'n' },
        spec: setSpec ?? {},
      })
    }
    await world.graph.commit()
    expect(world.graph.failures()).toEqual([])
    drafts = [...world.statuses.gateways.list(), ...world.statuses.listenerSets.list()]
  })
  it('have statuses all the same', () => expect(drafts).toHaveLength(14))
})

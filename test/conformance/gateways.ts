// What the suite asserts about Gateways: listeners, certificates, client certificates, addresses.
import type { Gateway, GatewayClass } from '../../src/kube/gateway-types.ts'
import {
  areServed,
  type Checks,
  clients,
  FINE,
  hasConditions,
  hasListeners,
  policyHas,
  requests,
  routeHas,
} from './checks.ts'
import type { World } from './world.ts'

const V1 = 'infra-backend-v1'
const V2 = 'infra-backend-v2'
const ATTACHED = ['Accepted=True', 'ResolvedRefs=True'] as const
const HTTP = ['HTTPRoute'] as const

/** The one listener `https` of a Gateway, without routes. */
function httpsListener(world: World, gateway: string, ...has: readonly string[]): void {
  hasListeners(world, ['Gateway', gateway], { https: { kinds: HTTP, routes: 0, has } })
}

const ISOLATED = [
  ['bar.com', '/empty-hostname'],
  ['bar.example.com', '/wildcard-example-com'],
  ['bar.foo.example.com', '/wildcard-foo-example-com'],
  ['abc.foo.example.com', '/abc-foo-example-com'],
] as const

/** Expectations of the tests of Gateways. */
export const gateways: Checks = {
  GatewayHTTPListenerIsolation: (world) => {
    for (const suffix of ['', '-with-hostname-intersection']) {
      const gateway = `http-listener-isolation${suffix}`
      const places = ['empty-hostname', 'wildcard-example-com', 'wildcard-foo-example-com', 'abc-foo-example-com']
      areServed(
        world,
        gateway,
        places.map((place) => `attaches-to-${place}${suffix}`),
      )
      requests(
        world,
        gateway,
        ISOLATED.flatMap(([host, own]) =>
          ISOLATED.map(([, path]) => [`${host}${path}`, path === own ? V1 : 404] as const),
        ),
      )
    }
  },
  GatewayInfrastructure: (world) =>
    hasConditions(world, ['Gateway', 'gateway-with-infrastructure-metadata'], 'Accepted=True'),
  GatewayFrontendInvalidDefaultClientCertificateValidation: (world) => {
    const gateway = 'invalid-default-client-validation-config'
    const bad = [
      'ResolvedRefs=False/InvalidCACertificateRef',
      'Accepted=False/NoValidCACertificate',
      'Programmed=False',
    ]
    hasListeners(world, ['Gateway', gateway], { http: { has: FINE }, https: { has: bad } })
    requests(world, gateway, [
      ['example.org/', V1],
      [{ to: 'example.org/', sni: 'example.org', port: 443 }, 'refused'],
    ])
  },
  GatewayListenerUnsupportedProtocol: (world) => {
    const invalid = { kinds: [], routes: 0, has: ['Accepted=False/UnsupportedProtocol'] }
    hasConditions(world, ['Gateway', 'gateway-only-unsupported-protocols'], 'Accepted=False/ListenersNotValid')
    hasListeners(world, ['Gateway', 'gateway-only-unsupported-protocols'], { invalid })
    const mixed = ['Gateway', 'gateway-supported-and-unsupported-protocols'] as const
    hasConditions(world, mixed, 'Accepted=True/ListenersNotValid')
    hasListeners(world, mixed, { http: { kinds: HTTP, routes: 0, has: ['Accepted=True/Accepted'] }, invalid })
  },
  GatewayInvalidParametersRef: (world) =>
    hasConditions(world, ['Gateway', 'gateway-invalid-parameters-ref'], 'Accepted=False/InvalidParameters'),
  GatewayInvalidRouteKind: (world) => {
    const has = ['ResolvedRefs=False/InvalidRouteKinds']
    hasListeners(world, ['Gateway', 'gateway-only-invalid-route-kind'], { http: { kinds: [], routes: 0, has } })
    hasListeners(world, ['Gateway', 'gateway-supported-and-invalid-route-kind'], {
      http: { kinds: HTTP, routes: 0, has },
    })
  },
  GatewayInvalidTLSBackendConfiguration: (world) => {
    const invalid = 'InvalidClientCertificateRef'
    for (const [name, reason] of [
      ['nonexistent-secret', invalid],
      ['unsupported-group', invalid],
      ['unsupported-kind', invalid],
      ['malformed-secret', invalid],
      ['missing-reference-grant', 'RefNotPermitted'],
    ] as const)
      hasConditions(
        world,
        ['Gateway', `gateway-client-certificate-${name}`],
        `ResolvedRefs=False/${reason}`,
        'Accepted=True/Accepted',
      )
  },
  GatewayInvalidTLSConfiguration: (world) => {
    for (const name of ['nonexistent-secret', 'unsupported-group', 'unsupported-kind', 'malformed-secret'])
      httpsListener(world, `gateway-certificate-${name}`, 'ResolvedRefs=False/InvalidCertificateRef')
  },
  GatewayModifyListeners: async (world) => {
    const one = { kinds: HTTP, routes: 1, has: ATTACHED }
    const added = 'gateway-add-listener'
    await world.edit<Gateway>('Gateway', added, (gateway) => ({
      ...gateway,
      spec: {
        ...gateway.spec,
        listeners: [
          ...(gateway.spec?.listeners ?? []),
          {
            name: 'http',
            port: 80,
            protocol: 'HTTP',
            hostname: 'data.test.com',
            allowedRoutes: { namespaces: { from: 'All' } },
          },
        ],
      },
    }))
    hasListeners(world, ['Gateway', added], { https: one, http: one })
    hasConditions(world, ['Gateway', added])
    await world.edit<Gateway>('Gateway', 'gateway-remove-listener', (gateway) => ({
      ...gateway,
      spec: { ...gateway.spec, listeners: (gateway.spec?.listeners ?? []).filter(({ name }) => name === 'http') },
    }))
    hasListeners(world, ['Gateway', 'gateway-remove-listener'], { http: one })
    hasConditions(world, ['Gateway', 'gateway-remove-listener'])
  },
  GatewayObservedGenerationBump: async (world) => {
    const named = ['Gateway', 'gateway-observed-generation-bump'] as const
    hasConditions(world, named)
    await world.edit<Gateway>(...named, (gateway) => ({
      ...gateway,
      spec: {
        ...gateway.spec,
        listeners: [
          ...(gateway.spec?.listeners ?? []),
          {
            name: 'alternate',
            hostname: 'foo.com',
            port: 80,
            protocol: 'HTTP',
            allowedRoutes: { namespaces: { from: 'All' } },
          },
        ],
      },
    }))
    hasConditions(world, named, 'Accepted=True')
  },
  GatewayClassObservedGenerationBump: async (world) => {
    const named = ['GatewayClass', 'gatewayclass-observed-generation-bump'] as const
    hasConditions(world, named, 'Accepted=True')
    await world.edit<GatewayClass>(...named, (gatewayClass) => ({
      ...gatewayClass,
      spec: { ...gatewayClass.spec, description: 'new' },
    }))
    hasConditions(world, named, 'Accepted=True')
  },
  GatewayOptionalAddressValue: (world) =>
    hasConditions(world, ['Gateway', 'gateway-without-address-value'], 'Accepted=True', 'Programmed=True'),
  GatewaySecretInvalidReferenceGrant: (world) =>
    httpsListener(world, 'gateway-secret-invalid-reference-grant', 'ResolvedRefs=False/RefNotPermitted'),
  GatewaySecretMissingReferenceGrant: (world) =>
    httpsListener(world, 'gateway-secret-missing-reference-grant', 'ResolvedRefs=False/RefNotPermitted'),
  GatewaySecretReferenceGrantAllInNamespace: (world) =>
    httpsListener(
      world,
      'gateway-secret-reference-grant-all-in-namespace',
      'Programmed=True/Programmed',
      'ResolvedRefs=True',
    ),
  GatewaySecretReferenceGrantSpecific: (world) =>
    httpsListener(world, 'gateway-secret-reference-grant-specific', 'Programmed=True/Programmed', 'ResolvedRefs=True'),
  GatewayStaticAddresses: async (world) => {
    const named = ['Gateway', 'gateway-static-addresses'] as const
    const dropFirst = (gateway: Gateway): Gateway => ({
      ...gateway,
      spec: { ...gateway.spec, addresses: (gateway.spec?.addresses ?? []).slice(1) },
    })
    hasConditions(world, named, 'Accepted=False/UnsupportedAddress')
    await world.edit(...named, dropFirst)
    hasConditions(world, named, 'Accepted=True/Accepted', 'Programmed=False/AddressNotUsable')
    await world.edit(...named, dropFirst)
    hasConditions(world, named, 'Accepted=True/Accepted', 'Programmed=True/Programmed')
    hasListeners(world, named, { http: { kinds: HTTP, routes: 0, has: ATTACHED } })
  },
  GatewayTLSBackendClientCertificate: (world) => {
    const name = 'gateway-tls-backend-client-certificate'
    areServed(world, name, [name])
    policyHas(world, `${name}-test`, name, 'Accepted=True/Accepted')
    hasConditions(world, ['Gateway', name], 'ResolvedRefs=True/ResolvedRefs')
    requests(world, name, [['abc.example.com/', { encrypted: 'trusted', clientCertificate: true }]])
  },
  GatewayWithAttachedRoutes: (world) => {
    hasListeners(world, ['Gateway', 'gateway-with-one-attached-route'], {
      http: { kinds: HTTP, routes: 1, has: ATTACHED },
    })
    const two = ['Gateway', 'gateway-with-two-attached-routes'] as const
    hasListeners(world, two, { http: { kinds: HTTP, routes: 2, has: ATTACHED } })
    routeHas(world, ['HTTPRoute', 'http-route-not-accepted'], two, 'Accepted=False/NoMatchingListenerHostname')
    const unresolved = ['Gateway', 'unresolved-gateway-with-one-attached-unresolved-route'] as const
    hasListeners(world, unresolved, {
      tls: { kinds: HTTP, routes: 1, has: ['Programmed=False', 'ResolvedRefs=False'] },
    })
    routeHas(world, ['HTTPRoute', 'http-route-4'], unresolved, 'ResolvedRefs=False')
  },
  GatewayWithAttachedRoutesWithPort8080: (world) =>
    hasListeners(world, ['Gateway', 'gateway-with-two-listeners-and-one-attached-route'], {
      'http-unattached': { kinds: HTTP, routes: 0, has: ATTACHED },
      http: { kinds: HTTP, routes: 1, has: ATTACHED },
    }),
  GatewayFrontendClientCertificateValidationInsecureFallback: (world) => {
    const gateway = 'client-validation-insecure-fallback'
    const route = 'client-cert-validation-insecure-fallback-test'
    areServed(world, gateway, [route, `${route}-no-hostname`])
    hasConditions(world, ['Gateway', gateway], 'InsecureFrontendValidationMode=True/ConfigurationChanged')
    for (const authority of [CLIENTS, PER_PORT_CLIENTS, null])
      clients(world, gateway, [
        [{ port: 443, sni: 'example.org' }, authority, true],
        [{ port: 8443, sni: 'second-example.org' }, authority, true],
      ])
    twoPorts(world, gateway)
  },
  GatewayFrontendClientCertificateValidation: (world) => {
    const gateway = 'client-validation-default'
    const route = 'client-certificate-validation-https-test'
    areServed(world, gateway, [route, `${route}-no-hostname`])
    clients(world, gateway, [
      [{ port: 443, sni: 'example.org' }, CLIENTS, true],
      [{ port: 443, sni: 'example.org' }, PER_PORT_CLIENTS, false],
      [{ port: 8443, sni: 'second-example.org' }, PER_PORT_CLIENTS, true],
      [{ port: 8443, sni: 'second-example.org' }, CLIENTS, false],
    ])
    twoPorts(world, gateway)
  },
  GatewayInvalidFrontendClientCertificateValidation: (world) => {
    const bad = (reason: string): { readonly has: readonly string[] } => ({
      has: [`ResolvedRefs=False/${reason}`, 'Accepted=False/NoValidCACertificate', 'Programmed=False'],
    })
    hasListeners(
      world,
      ['Gateway', 'gateway-with-invalid-client-cert-validation'],
      {
        https: { has: FINE },
        'https-unresolved': bad('InvalidCACertificateRef'),
        'https-invalid-kind': bad('InvalidCACertificateKind'),
        'https-grant-missing': bad('RefNotPermitted'),
      },
      { all: false },
    )
  },
  HTTPRouteHTTPSListenerDetectMisdirectedRequests: (world) => {
    const gateway = 'same-namespace-with-https-listener'
    areServed(
      world,
      gateway,
      ['1', '2', '3', '4'].map((n) => `https-listener-detect-misdirected-requests-test-${n}`),
    )
    const [none, second] = ['unknown-example.org', 'second-example.org']
    const wild = (prefix: string): string => `${prefix}-example.wildcard.org`
    const rows: readonly (readonly [sni: string, host: string, number | string])[] = [
      ['example.org', 'example.org', V1],
      ['example.org', second, 421],
      ['example.org', none, 404],
      [second, second, V2],
      [second, 'example.org', 421],
      [second, none, 421],
      [wild('third'), wild('third'), 'infra-backend-v3'],
      [wild('third'), wild('fith'), 'infra-backend-v3'],
      [wild('third'), wild('fourth'), 421],
      [wild('third'), second, 421],
      [wild('third'), none, 421],
      [wild('fourth'), wild('fourth'), V1],
      [wild('fourth'), wild('fith'), 421],
      [none, 'example.org', V1],
      [none, none, 404],
    ]
    requests(
      world,
      gateway,
      rows.map(([sni, host, expected]) => [{ to: `${host}/detect-misdirected-requests`, sni }, expected] as const),
    )
  },
  HTTPRouteHTTPSListener: (world) => {
    const gateway = 'same-namespace-with-https-listener'
    areServed(world, gateway, ['httproute-https-test', 'httproute-https-test-no-hostname'])
    requests(world, gateway, [
      [{ to: 'example.org/', sni: 'example.org' }, V1],
      [{ to: 'unknown-example.org/', sni: 'unknown-example.org' }, 404],
      [{ to: 'second-example.org/', sni: 'second-example.org' }, V2],
    ])
  },
}

const CLIENTS = 'tls-validity-checks-ca-certificate'
const PER_PORT_CLIENTS = 'tls-validity-checks-per-port-ca-certificate'

function twoPorts(world: World, gateway: string): void {
  requests(world, gateway, [
    [{ to: 'example.org/', sni: 'example.org', port: 443 }, V1],
    [{ to: 'second-example.org/', sni: 'second-example.org', port: 8443 }, V2],
  ])
}

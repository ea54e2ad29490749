// What the suite asserts about BackendTLSPolicies.
import type { BackendTlsPolicy } from '../../src/kube/gateway-types.ts'
import { areAccepted, areServed, type Checks, policyHas, requests } from './checks.ts'
import { INFRA } from './world.ts'

const GATEWAY = 'same-namespace'
const VALID = ['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'] as const
const NO_AUTHORITY = ['Accepted=False/NoValidCACertificate', 'ResolvedRefs=False/InvalidCACertificateRef'] as const
const TRUSTED = { encrypted: 'trusted' } as const
/** Servers cannot be told from impostors, so the request must fail. */
const FAILING = { encrypted: 'distrusted' } as const

/** Expectations of the tests of BackendTLSPolicies. */
export const backendTls: Checks = {
  BackendTLSPolicyConflictResolution: (world) => {
    areServed(world, GATEWAY, ['backendtlspolicy-conflict-resolution'])
    for (const name of ['conflicted-without-section-name', 'conflicted-with-section-name']) {
      policyHas(world, `${name}-1`, GATEWAY, 'Accepted=True/Accepted')
      policyHas(world, `${name}-2`, GATEWAY, 'Accepted=False/Conflicted')
    }
    policyHas(world, 'not-conflicted-with-section-name', GATEWAY, 'Accepted=True/Accepted')
    policyHas(world, 'not-conflicted-without-section-name', GATEWAY, 'Accepted=True/Accepted')
    requests(
      world,
      GATEWAY,
      [
        'conflicted-without-section-name',
        'conflicted-with-section-name',
        'not-conflicted-with-section-name',
        'not-conflicted-without-section-name',
      ].map((name) => [`abc.example.com/backendtlspolicy-${name}`, TRUSTED] as const),
    )
  },
  BackendTLSPolicyInvalidCACertificateRef: (world) => {
    areAccepted(world, GATEWAY, ['backendtlspolicy-invalid-ca-certificate-ref'])
    for (const name of ['nonexistent-ca-certificate-ref', 'malformed-ca-certificate-ref']) {
      policyHas(world, name, GATEWAY, ...NO_AUTHORITY)
      requests(world, GATEWAY, [[`abc.example.com/backendtlspolicy-${name}`, FAILING]])
    }
  },
  BackendTLSPolicyInvalidKind: (world) => {
    areAccepted(world, GATEWAY, ['backendtlspolicy-invalid-kind-test'])
    policyHas(world, 'invalid-kind', GATEWAY, 'Accepted=False/NoValidCACertificate', 'ResolvedRefs=False/InvalidKind')
    requests(world, GATEWAY, [['abc.example.com/backendtlspolicy-invalid-kind', FAILING]])
  },
  BackendTLSPolicyObservedGenerationBump: async (world) => {
    const name = 'observed-generation-bump'
    policyHas(world, name, GATEWAY)
    await world.edit<BackendTlsPolicy>('BackendTLSPolicy', name, (policy) => ({
      ...policy,
      spec: { ...policy.spec, validation: { ...policy.spec?.validation, hostname: 'foo.example.com' } },
    }))
    policyHas(world, name, GATEWAY, 'Accepted=True')
  },
  BackendTLSPolicySANValidation: (world) => {
    areServed(world, GATEWAY, ['backendtlspolicy-san-test'])
    for (const [name, expected] of [
      ['san-dns', TRUSTED],
      ['san-dns-mismatch', FAILING],
      ['san-uri', TRUSTED],
      ['san-uri-mismatch', FAILING],
      ['multiple-sans', TRUSTED],
      ['multiple-mismatch-sans', FAILING],
    ] as const) {
      policyHas(world, name, GATEWAY, 'Accepted=True/Accepted')
      requests(world, GATEWAY, [[`abc.example.com/backendtlspolicy-${name}`, expected]])
    }
  },
  BackendTLSPolicy: async (world) => {
    const https = 'same-namespace-with-https-listener'
    areServed(world, https, ['backendtlspolicy-reencrypt'])
    policyHas(world, 'normative-test', https, ...VALID)
    requests(world, https, [[{ to: 'https-listener.org/backendtlspolicy', sni: 'https-listener.org' }, TRUSTED]])
    areServed(world, GATEWAY, ['backendtlspolicy'])
    for (const name of ['normative-test', 'host-mismatch', 'cert-mismatch']) policyHas(world, name, GATEWAY, ...VALID)
    requests(world, GATEWAY, [
      ['abc.example.com/backendtlspolicy', TRUSTED],
      ['abc.example.com/backendtlspolicy-host-mismatch', FAILING],
      ['abc.example.com/backendtlspolicy-cert-mismatch', FAILING],
    ])
    // A policy follows its ConfigMap as that appears, loses its authority and gets it back.
    const name = 'reconcile-test'
    const bundle = { name: 'tls-checks-ca-certificate-reconcile-test', namespace: INFRA }
    const authority = world.authorities['tls-checks-ca-certificate']?.certificate ?? ''
    const put = (content: string): Promise<void> => {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: bundle, data: { 'ca.crt': content } }
      return world.apply([object])
    }
    policyHas(world, name, GATEWAY, ...VALID)
    await world.edit<BackendTlsPolicy>('BackendTLSPolicy', name, (policy) => ({
      ...policy,
      spec: {
        ...policy.spec,
        validation: {
          ...policy.spec?.validation,
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: bundle.name }],
        },
      },
    }))
    policyHas(world, name, GATEWAY, ...NO_AUTHORITY)
    await put(authority)
    policyHas(world, name, GATEWAY, ...VALID)
    requests(world, GATEWAY, [['abc.example.com/backendtlspolicy-reconcile-test', TRUSTED]])
    await put('')
    policyHas(world, name, GATEWAY, ...NO_AUTHORITY)
    await put(authority)
    policyHas(world, name, GATEWAY, ...VALID)
  },
}

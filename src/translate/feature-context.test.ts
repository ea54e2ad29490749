import { describe, expect, it } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import type { AgentgatewayBackend } from '../api/backend.ts'
import type { AgentgatewayPolicy } from '../api/policy.ts'
import type { ConfigMap, Secret } from '../kube/core-types.ts'
import type { BackendTlsPolicy } from '../kube/gateway-types.ts'
import { byLabels } from '../kube/labels.ts'
import { featureContext, resolvePolicyBackend } from './feature-context.ts'
import { permissionsOf } from './grants.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type GrantMode } from './settings.ts'

const owner = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', namespace: 'own', name: 'b' }
const object = (kind: string, namespace: string, name: string) => ({
  apiVersion: kind === 'AgentgatewayBackend' ? 'agentgateway.dev/v1alpha1' : 'v1',
  kind,
  metadata: { namespace, name },
})
const grant = {
  ...object('ReferenceGrant', 'other', 'open'),
  spec: {
    from: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', namespace: 'own' }],
    to: [{ group: '', kind: 'Service', name: 'open' }],
  },
}
const service = (namespace: string, name: string) =>
  [`${namespace}/${name}`, object('Service', namespace, name)] as const
const secret = (name: string, more: Partial<Secret> = {}) =>
  [`own/${name}`, { ...object('Secret', 'own', name), ...more }] as const
const labelled = (name: string, labels: Readonly<Record<string, string>>) =>
  secret(name, { metadata: { namespace: 'own', name, labels } })

function scope(backendRefGrantMode: GrantMode, secrets: readonly (readonly [string, Secret])[] = []) {
  return {
    owner,
    settings: { ...DEFAULT_TRANSLATE_SETTINGS, backendRefGrantMode },
    read: {
      secrets: readerOf(secrets, byLabels),
      configmaps: readerOf<ConfigMap>([], byLabels),
      services: readerOf([service('own', 'web'), service('other', 'open'), service('other', 'closed')]),
      agentgatewaybackends: readerOf<AgentgatewayBackend>([['own/llm', object('AgentgatewayBackend', 'own', 'llm')]]),
      permissions: readerOf(
        permissionsOf(grant).map((each) => [each.key, each] as const),
        { permits: ({ permits }) => [permits] },
      ),
      agentgatewaypolicies: readerOf<AgentgatewayPolicy>([]),
      backendtlspolicies: readerOf<BackendTlsPolicy>([]),
    },
  }
}

describe('backendRefs of policies', () => {
  const backend = { group: 'agentgateway.dev', kind: 'AgentgatewayBackend' }
  const message = (ref: Parameters<typeof resolvePolicyBackend>[0], mode: GrantMode = 'route') =>
    resolvePolicyBackend(ref, 'p', scope(mode)).problems.map((problem) => problem.message)[0]

  it('lead to Services by host name and port, and to backends by key', () => {
    expect(resolvePolicyBackend({ name: 'web', port: 80 }, 'p', scope('route')).value).toEqual({
      service: { namespace: 'own', hostname: 'web.own.svc.cluster.local' },
      port: 80,
    })
    expect(resolvePolicyBackend({ ...backend, name: 'llm' }, 'p', scope('route')).value).toEqual({ backend: 'own/llm' })
  })

  it('say what is wrong with them', () => {
    expect(message({ name: 'web.own' })).toBe('service name invalid; the name of the Service, not the hostname')
    expect(message({ name: 'gone', port: 80 })).toBe('unable to find the Service own/gone')
    expect(message({ name: 'web' })).toBe('port is required for Service targets')
    expect(message({ ...backend, name: 'gone' })).toBe('unable to find the Backend own/gone')
    expect(message({ group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'p' })).toBe(
      'unsupported backend InferencePool.inference.networking.k8s.io',
    )
    expect(message({ kind: 'ConfigMap', name: 'p' })).toBe('unsupported backend ConfigMap')
  })

  it('cross namespaces freely unless grants are asked for policies, too', () => {
    const open = { name: 'open', namespace: 'other', port: 80 }
    const closed = { ...open, name: 'closed' }
    expect([message(open), message(closed)]).toEqual([undefined, undefined])
    expect(message(open, 'route-and-policy')).toBeUndefined()
    expect(message(closed, 'route-and-policy')).toBe(
      'backendRef other/closed not accessible to an AgentgatewayBackend in namespace "own" (missing a ReferenceGrant?)',
    )
  })
})

describe('Secrets as features see them', () => {
  it('leave out those of other tools', () => {
    const { ctx: context } = featureContext(
      scope('route', [secret('key'), secret('release', { type: 'helm.sh/release.v1' })]),
    )
    expect([context.secret('key')?.metadata.name, context.secret('release'), context.secret('gone')]).toEqual([
      'key',
      undefined,
      undefined,
    ])
  })

  it('are found by labels, by name, all of them without labels', () => {
    const secrets = [labelled('z', { app: 'a', tier: 'x' }), labelled('b', { app: 'a' }), labelled('c', { app: 'c' })]
    const { ctx: context } = featureContext(scope('route', secrets))
    const names = (labels: Readonly<Record<string, string>>) =>
      context.secretsWith(labels).map((each) => each.metadata.name)
    expect(names({ app: 'a' })).toEqual(['b', 'z'])
    expect(names({ tier: 'x', app: 'a' })).toEqual(['z'])
    expect(names({})).toEqual(['b', 'c', 'z'])
  })
})

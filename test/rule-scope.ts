// A world of plain values in which references of routes resolve, so that rules are tested without the engine.
import type { Service } from '../src/kube/core-types.ts'
import type { ReferenceGrant } from '../src/kube/gateway-types.ts'
import { keyOf } from '../src/kube/object.ts'
import type { InferencePool } from '../src/kube/route-types.ts'
import { type Permission, permissionsOf } from '../src/translate/grants.ts'
import type { RuleScope } from '../src/translate/rule-outcome.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type GrantMode } from '../src/translate/settings.ts'
import { readerOf } from './plain-reader.ts'

/** What exists beside the rule. */
export interface Surroundings {
  readonly kind?: string
  /** `namespace/name` of each. */
  readonly services?: readonly string[]
  readonly backends?: readonly string[]
  readonly pools?: readonly InferencePool[]
  readonly grants?: readonly ReferenceGrant[]
  readonly grantMode?: GrantMode
  readonly hostnames?: readonly string[]
  readonly isDelegated?: boolean
  readonly modelListeners?: readonly string[]
}

/** A scope for rule 0 of a route `default/route`. */
export function scopeOf(surroundings: Surroundings = {}): RuleScope {
  const kind = surroundings.kind ?? 'HTTPRoute'
  const route = { group: 'gateway.networking.k8s.io', kind, namespace: 'default', name: 'route' }
  const permissions = (surroundings.grants ?? []).flatMap(permissionsOf)
  return {
    from: { group: route.group, kind, namespace: route.namespace },
    read: {
      permissions: readerOf<Permission>(
        permissions.map((permission) => [permission.key, permission]),
        { permits: ({ permits }) => [permits] },
      ),
      services: readerOf((surroundings.services ?? []).map((key) => [key, serviceOf(key)])),
      agentgatewaybackends: readerOf((surroundings.backends ?? []).map((key) => [key, {}])),
      inferencepools: readerOf((surroundings.pools ?? []).map((pool) => [keyOf(pool), pool])),
    },
    settings: {
      ...DEFAULT_TRANSLATE_SETTINGS,
      enableInferencePool: true,
      backendRefGrantMode: surroundings.grantMode ?? 'route',
    },
    route,
    hostnames: surroundings.hostnames ?? [],
    index: 0,
    path: 'spec.rules[0]',
    isDelegated: surroundings.isDelegated ?? false,
    modelListeners: surroundings.modelListeners ?? [],
  }
}

/** A ReferenceGrant of one `from` and one `to`. */
export function grantOf(
  namespace: string,
  from: { readonly group?: string; readonly kind: string; readonly namespace: string },
  to: { readonly group?: string; readonly kind: string; readonly name?: string },
): ReferenceGrant {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'grant', namespace },
    spec: { from: [{ group: 'gateway.networking.k8s.io', ...from }], to: [to] },
  }
}

/** An InferencePool with these target ports. */
export function poolOf(namespace: string, name: string, ports: readonly number[]): InferencePool {
  return {
    apiVersion: 'inference.networking.k8s.io/v1',
    kind: 'InferencePool',
    metadata: { namespace, name },
    spec: { targetPorts: ports.map((number) => ({ number })) },
  }
}

function serviceOf(key: string): Service {
  const [namespace = '', name = ''] = key.split('/')
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { ports: [{ port: 80 }] } }
}

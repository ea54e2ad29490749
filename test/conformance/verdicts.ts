// The whole suite: each test that it declares, and our verdict on it.
import { backendTls } from './backend-tls.ts'
import type { Check, Checks } from './checks.ts'
import { gateways } from './gateways.ts'
import { httpFilters } from './http-filters.ts'
import { httpMatching } from './http-matching.ts'
import { listenerSets } from './listener-sets.ts'
import type { DeclaredTest } from './module.ts'
import { grpcRoutes, tcpRoutes, tlsRoutes } from './streams.ts'
import { createWorld, type Ground } from './world.ts'

const CHECKS: Checks = {
  ...gateways,
  ...listenerSets,
  ...httpMatching,
  ...httpFilters,
  ...backendTls,
  ...grpcRoutes,
  ...tcpRoutes,
  ...tlsRoutes,
}

/** Tests that the suite skips for an implementation with our features, and why. */
const SKIPPED: Readonly<Record<string, string>> = {
  TLSRouteListenerTerminateNotSupported: 'returns early: TLSRouteModeTerminate is supported',
  TLSRouteListenerMixedTerminationNotSupported: 'returns early: TLSRouteModeMixed is supported',
}

/** Tests of which only the statuses can be looked at here, and what remains for a cluster. */
export const REMAINS: Readonly<Record<string, string>> = {
  GatewayInfrastructure: 'labels and annotations of generated objects',
  GatewayStaticAddresses: 'status.addresses',
  GatewayOptionalAddressValue: 'status.addresses',
  HTTPRouteRetry: 'the retries themselves',
  HTTPRouteTimeoutRequest: 'the timeout itself',
  HTTPRouteTimeoutBackendRequest: 'the timeout itself',
  HTTPRouteCORS: 'headers of answers to scripts',
  HTTPRouteBackendProtocolWebSocket: 'frames both ways',
}

/** Why a test does not apply to us; undefined when it does. */
export function inapplicable({ name, features }: DeclaredTest): string | undefined {
  if (features.some((feature) => feature.startsWith('Mesh'))) return 'mesh features are not claimed'
  if (features.includes('UDPRoute')) return 'UDPRoute is not claimed'
  return SKIPPED[name]
}

/** What a test asserts; undefined when its expectations have not been written down. */
export function checkOf({ name }: DeclaredTest): Check | undefined {
  return CHECKS[name]
}

/** Tests that expectations were written for. */
export const expectedTests: readonly string[] = Object.keys(CHECKS)

/** Runs a test; throws what is wrong. */
export async function runTest(ground: Ground, test: DeclaredTest): Promise<void> {
  const check = checkOf(test)
  if (check === undefined) throw new Error(`nothing is written down about ${test.name}`)
  await check(await createWorld(ground, test.manifests))
}

/** The profile that a test counts for; those about Gateways alone count for all. */
export function profileOf({ features }: DeclaredTest): string {
  if (features.some((feature) => feature.startsWith('Mesh'))) return 'MESH'
  for (const [kind, profile] of [
    ['UDPRoute', 'GATEWAY-UDP'],
    ['HTTPRoute', 'GATEWAY-HTTP'],
    ['GRPCRoute', 'GATEWAY-GRPC'],
    ['TCPRoute', 'GATEWAY-TCP'],
    ['TLSRoute', 'GATEWAY-TLS'],
  ] as const)
    if (features.includes(kind)) return profile
  return features.some((feature) => feature.startsWith('UDPRoute')) ? 'GATEWAY-UDP' : 'GATEWAY (all)'
}

const CORE = new Set(['Gateway', 'ReferenceGrant', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'])

/** The features of a test that go beyond the core of its profile. */
export function extendedFeatures({ features }: DeclaredTest): readonly string[] {
  return features.filter((feature) => !CORE.has(feature))
}

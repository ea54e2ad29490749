// The parts that random clusters are put together from: kinds and the few places where their objects may be, fields that
// may be missing, references between places.
import fc, { type Arbitrary } from 'fast-check'
import type { KubeObject } from '../../src/kube/object.ts'

/** Names of Gateways; no other text in a world contains them. */
export const GATEWAY_NAMES = ['gwalpha', 'gwbeta', 'gwgamma'] as const

/** Group of the Gateway API. */
export const GATEWAY_API = 'gateway.networking.k8s.io'
/** Group of our own kinds. */
export const OURS = 'agentgateway.dev'
/** Group of InferencePool. */
export const POOLS = 'inference.networking.k8s.io'

/** The apiVersion of each kind, and the places where one may be. */
export const KINDS = {
  GatewayClass: [`${GATEWAY_API}/v1`, '/agentgateway'],
  Namespace: ['v1', '/north', '/south'],
  Gateway: [`${GATEWAY_API}/v1`, 'north/gwalpha', 'south/gwbeta', 'north/gwgamma'],
  ListenerSet: [`${GATEWAY_API}/v1`, 'north/set1', 'south/set2'],
  HTTPRoute: [`${GATEWAY_API}/v1`, 'north/r1', 'south/r2', 'north/r3', 'south/r4'],
  GRPCRoute: [`${GATEWAY_API}/v1`, 'north/g1', 'south/g2'],
  TCPRoute: [`${GATEWAY_API}/v1`, 'north/t1', 'south/t2'],
  TLSRoute: [`${GATEWAY_API}/v1`, 'north/t1', 'south/t2'],
  ReferenceGrant: [`${GATEWAY_API}/v1beta1`, 'north/any', 'south/any', 'north/some'],
  BackendTLSPolicy: [`${GATEWAY_API}/v1`, 'north/tls1', 'north/tls2', 'south/tls3'],
  Service: ['v1', 'north/s1', 'north/s2', 'south/s3'],
  Pod: ['v1', 'north/p1', 'south/p2'],
  EndpointSlice: ['discovery.k8s.io/v1', 'north/e1'],
  Secret: ['v1', 'north/cert', 'south/cert', 'north/key', 'south/key'],
  ConfigMap: ['v1', 'north/ca', 'south/ca'],
  AgentgatewayBackend: [`${OURS}/v1alpha1`, 'north/b1', 'south/b2', 'north/b3'],
  AgentgatewayPolicy: [`${OURS}/v1alpha1`, 'north/pol1', 'south/pol2', 'north/pol3', 'south/pol4'],
  AgentgatewayModel: [`${OURS}/v1alpha1`, 'north/m1', 'north/m2'],
  InferencePool: [`${POOLS}/v1`, 'north/pool'],
  ServiceEntry: ['networking.istio.io/v1', 'north/se1'],
  WorkloadEntry: ['networking.istio.io/v1', 'north/we1'],
} as const
/** A kind of which worlds have some. */
export type Kind = keyof typeof KINDS
/** Arbitraries of fields. */
export type Fields = Readonly<Record<string, Arbitrary<unknown>>>

/** One of some values. */
export const one = <T>(...values: readonly T[]): Arbitrary<T> => fc.constantFrom(...values)
/** The value or nothing. */
export const maybe = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 })
/** Mostly nothing. */
export const rare = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
/** At least one. */
export const some = <T>(arbitrary: Arbitrary<T>, maxLength = 2): Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength: 1, maxLength })

/** An object of some of the fields; absent ones are not there at all, as in JSON. */
export function shape(fields: Fields): Arbitrary<Readonly<Record<string, unknown>>> {
  return fc
    .record(fields)
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, v]) => v !== undefined)))
}

/** The places of a kind; those of the cluster have no namespace. */
export function placesOf(kind: Kind): readonly { readonly namespace: string; readonly name: string }[] {
  const [, ...places] = KINDS[kind]
  return places.map((place) => {
    const [namespace = '', name = ''] = place.split('/')
    return { namespace, name }
  })
}

/** Something at a place of its kind. */
export function object(kind: Kind, fields: Fields): Arbitrary<KubeObject> {
  const metadata = fc
    .tuple(
      one(...placesOf(kind)),
      shape({
        labels: maybe(shape({ app: maybe(one('web', 'api')), tier: maybe(one('x', 'y')) })),
        creationTimestamp: maybe(one('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z')),
        generation: one(1, 2),
      }),
    )
    .map(([{ namespace, name }, rest]) => ({ name, ...(namespace !== '' && { namespace }), ...rest }))
  return fc.tuple(metadata, shape(fields)).map(([given, rest]) => {
    const made = { apiVersion: KINDS[kind][0], kind, metadata: given, ...rest }
    return made
  })
}

/** A reference to a place of a kind; seldom without its namespace, and so perhaps to nothing. */
export function refTo(kind: Kind, more: Fields = {}): Arbitrary<Readonly<Record<string, unknown>>> {
  return fc
    .tuple(one(...placesOf(kind)), rare(fc.constant(true)), shape(more))
    .map(([{ namespace, name }, isBare, rest]) => ({ name, ...(isBare ? {} : { namespace }), ...rest }))
}

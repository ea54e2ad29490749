// What the proxies of one Gateway hold, arranged for whoever asks what they would do. Decoded resources and the ones that
// translators build have one shape; which of both it is does not matter here.
import { compareStrings } from '../../core/order.ts'
import type { Backend, Bind, Listener, ModelRoute, Policy, Resource, Route, TCPRoute } from '../../wire/messages.ts'

/** A Service as proxies know it. */
export interface KnownService {
  readonly name?: string
  readonly namespace?: string
  readonly hostname?: string
  readonly ports?: readonly { readonly servicePort?: number }[]
}

/** What a Gateway's proxies hold. */
export interface ProxyView {
  readonly binds: readonly Bind[]
  readonly listeners: readonly Listener[]
  readonly routes: readonly Route[]
  readonly tcpRoutes: readonly TCPRoute[]
  readonly policies: readonly Policy[]
  readonly modelRoutes: readonly ModelRoute[]
  readonly backend: (key: string) => Backend | undefined
  readonly service: (name: ServiceName) => KnownService | undefined
  /** How many ready endpoints a Service has; undefined where that is not known. */
  readonly endpoints?: (name: ServiceName) => number | undefined
}

/** What references call a Service by. */
export interface ServiceName {
  readonly namespace?: string
  readonly hostname?: string
}

/** The view of some resources; each list in the order of keys, which is what proxies break ties by. */
export function proxyView(resources: readonly Resource[], service: ProxyView['service']): ProxyView {
  const held = <T extends { readonly key?: string }>(
    pick: (resource: Resource) => T | null | undefined,
  ): readonly T[] => resources.flatMap((resource) => pick(resource) ?? []).toSorted(byKey)
  const backends = new Map(held(({ backend }) => backend).map((backend) => [backend.key ?? '', backend]))
  return {
    binds: held(({ bind }) => bind),
    listeners: held(({ listener }) => listener),
    routes: held(({ route }) => route),
    tcpRoutes: held(({ tcpRoute }) => tcpRoute),
    policies: held(({ policy }) => policy),
    modelRoutes: held(({ modelRoute }) => modelRoute),
    backend: (key) => backends.get(key),
    service,
  }
}

function byKey(a: { readonly key?: string }, b: { readonly key?: string }): number {
  return compareStrings(a.key ?? '', b.key ?? '')
}

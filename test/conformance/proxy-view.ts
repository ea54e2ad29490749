// What proxies hold: the resources of their Gateway, and the Services and workloads that all proxies know.
import type { WireResource } from '../../src/wire/messages.ts'

/** What a Gateway's proxies hold; addresses as protojson. */
export interface ProxyView {
  readonly resources: readonly WireResource[]
  readonly addresses: readonly unknown[]
}

/** Ports that are open. */
export function openPorts(view: ProxyView): readonly number[] {
  return view.resources.flatMap((resource) => (resource.kind === 'bind' ? [resource.bind.port ?? 0] : []))
}

/** A Service as proxies know it, in protojson. */
export interface KnownService {
  readonly name: string
  readonly namespace: string
  readonly hostname: string
  readonly ports?: readonly {
    readonly servicePort: number
    readonly targetPort?: number
    readonly appProtocol?: string
  }[]
}

/** Every Service that proxies know. */
export function servicesOf({ addresses }: ProxyView): readonly KnownService[] {
  // Addresses print with the name of their arm.
  return addresses.flatMap((address) => (address as { readonly service?: KnownService }).service ?? [])
}

/** IP addresses, in base64, of the workloads behind a Service. */
export function endpointsOf({ addresses }: ProxyView, service: string): readonly string[] {
  return addresses.flatMap((address) => {
    // Addresses print with the name of their arm.
    const { workload } = address as {
      readonly workload?: {
        readonly services?: Readonly<Record<string, unknown>>
        readonly addresses?: readonly string[]
      }
    }
    return Object.keys(workload?.services ?? {}).includes(service) ? (workload?.addresses ?? []) : []
  })
}

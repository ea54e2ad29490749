// Which Gateway a proxy means: its own name, or what the deployer makes of a name that is too long for Kubernetes.
import { type GatewayKey, nameKey, splitNameKey } from '../core/keys.ts'
import { shortenedName } from '../core/names.ts'

/** The Gateways that exist, found by either name. */
export class ProxyNames {
  readonly #gateways = new Set<GatewayKey>()
  /** Only of Gateways whose name was shortened. */
  readonly #byShortName = new Map<string, GatewayKey>()

  add(gateway: GatewayKey): void {
    this.#gateways.add(gateway)
    const short = shortKey(gateway)
    if (short !== gateway) this.#byShortName.set(short, gateway)
  }

  delete(gateway: GatewayKey): void {
    this.#gateways.delete(gateway)
    const short = shortKey(gateway)
    if (this.#byShortName.get(short) === gateway) this.#byShortName.delete(short)
  }

  /** A Gateway's own name wins over what another one's was shortened to. */
  find(key: string): GatewayKey | undefined {
    return this.#gateways.has(key) ? key : this.#byShortName.get(key)
  }
}

function shortKey(gateway: GatewayKey): string {
  const { namespace, name } = splitNameKey(gateway)
  return nameKey(namespace, shortenedName(name))
}

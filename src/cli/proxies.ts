// `agwcp proxies`: asks a running control plane who is connected, and prints it.
import { errorText } from '../core/log.ts'
import { print, table } from './print.ts'

/** A connected proxy, as the admin server's `/proxies` lists it. */
export interface ConnectedProxy {
  readonly gateway: string
  readonly node: string
  readonly address: string
  readonly connectedAt: string
  readonly types: Readonly<
    Record<
      string,
      {
        readonly state: 'synced' | 'stale' | 'rejected' | 'waiting'
        readonly since: string
        readonly resources: number
        readonly lastRejection?: { readonly at: string; readonly message: string }
      }
    >
  >
}

/** Prints the proxies of the control plane whose admin server is at `server`. Exit code 3 when it cannot be reached. */
export async function proxiesCommand(options: { readonly server: string; readonly output: string }): Promise<number> {
  let proxies: readonly ConnectedProxy[]
  try {
    const response = await fetch(`http://${options.server}/proxies`)
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    // The admin server is ours; its answer has this shape.
    proxies = ((await response.json()) as { readonly proxies: readonly ConnectedProxy[] }).proxies
  } catch (error) {
    console.error(
      `cannot ask the control plane at ${options.server}: ${errorText(error)}; is \`agwcp serve\` running there?`,
    )
    return 3
  }
  if (options.output !== 'table') {
    print(proxies, options.output)
    return 0
  }
  if (proxies.length === 0) {
    console.log('no proxy is connected')
    return 0
  }
  console.log(
    table(
      ['GATEWAY', 'PROXY', 'ADDRESS', 'CONNECTED', 'TYPE', 'STATE', 'RESOURCES', 'LAST REJECTION'],
      proxies.flatMap((proxy) =>
        Object.entries(proxy.types).map(([type, state]) => [
          proxy.gateway,
          proxy.node,
          proxy.address,
          proxy.connectedAt,
          type,
          `${state.state === 'rejected' ? '✗' : '✓'} ${state.state}`,
          String(state.resources),
          state.lastRejection?.message ?? '',
        ]),
      ),
    ),
  )
  return proxies.some((proxy) => Object.values(proxy.types).some(({ state }) => state === 'rejected')) ? 1 : 0
}

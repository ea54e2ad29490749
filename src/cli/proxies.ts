// `agwcp proxies`: asks a running control plane who is connected, and prints it.
import { compareStrings } from '../core/order.ts'
import { ask } from './ask.ts'
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

/** Prints the proxies of the control plane whose admin server is at `server`. 1: one rejects; 3: nobody answers. */
export async function proxiesCommand(options: { readonly server: string; readonly output: string }): Promise<number> {
  const asked = await ask(options.server, '/proxies')
  if ('failure' in asked || asked.status !== 200) {
    console.error('failure' in asked ? asked.failure : `${options.server}/proxies answered ${asked.status}`)
    return 3
  }
  // The admin server is ours; its answer has this shape.
  const answer = asked.body as { readonly proxies: readonly ConnectedProxy[] }
  if (options.output !== 'table') print(answer, options.output)
  else console.log(answer.proxies.length === 0 ? 'no proxy is connected' : proxyTable(answer.proxies))
  return answer.proxies.some(({ types }) => Object.values(types).some(({ state }) => state === 'rejected')) ? 1 : 0
}

const MARKS = { synced: '✓', stale: '…', waiting: '…', rejected: '✗' } as const

function proxyTable(proxies: readonly ConnectedProxy[]): string {
  return table(
    ['GATEWAY', 'PROXY', 'ADDRESS', 'TYPE', 'STATE', 'SINCE', 'RESOURCES', 'LAST REJECTION'],
    proxies
      // Those of one Gateway stand together, in whatever order they came.
      .toSorted((a, b) => compareStrings(a.gateway, b.gateway))
      .flatMap(({ gateway, node, address, types }) =>
        Object.entries(types).map(([type, { state, since, resources, lastRejection }]) => [
          gateway,
          node,
          address,
          type,
          `${MARKS[state]} ${state}`,
          since,
          String(resources),
          lastRejection?.message ?? '',
        ]),
      ),
  )
}

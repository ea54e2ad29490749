// The configuration with which a proxy, as the only process of a pod, puts an MCP server that speaks on its standard input
// and output behind HTTP. The proxy expands `$NAME` in its configuration, so that a dollar has to be written twice.
import { dump } from 'js-yaml'
import type { JsonObject } from '../../kube/json.ts'

/** Paths at which such a server answers: streamable HTTP, and the older transport. */
const ADAPTER_PATHS = { streamable: '/mcp', sse: '/sse' } as const

/** A process to start for each session. */
export interface AdaptedProcess {
  readonly name: string
  readonly port: number
  readonly cmd: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** The file that the proxy reads. */
export function adapterConfig({ name, port, cmd, args, env }: AdaptedProcess): string {
  const stdio: JsonObject = {
    cmd,
    ...(args.length === 0 ? {} : { args }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
  }
  const matches = [ADAPTER_PATHS.sse, ADAPTER_PATHS.streamable].map((pathPrefix) => ({ path: { pathPrefix } }))
  const config = {
    binds: [
      {
        port,
        listeners: [
          {
            name: 'default',
            protocol: 'HTTP',
            routes: [{ name: 'mcp', matches, backends: [{ weight: 100, mcp: { targets: [{ name, stdio }] } }] }],
          },
        ],
      },
    ],
  }
  return dump(config, { lineWidth: -1, noRefs: true }).replaceAll('$', '$$$$')
}

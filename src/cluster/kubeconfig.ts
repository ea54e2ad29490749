// A connection out of kubeconfig files: certificates, tokens, commands, providers and proxies as the Kubernetes client
// package understands them. Connections of pods: connection.ts.
import type https from 'node:https'
import { delimiter } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { Agents, type Connection } from './connection.ts'

/** The connection that kubeconfig files describe; the first file wins where they differ. */
export function kubeconfigConnection(paths: readonly string[]): Connection {
  const config = new KubeConfig()
  for (const [i, path] of paths.entries()) {
    if (i === 0) {
      config.loadFromFile(path)
      continue
    }
    const further = new KubeConfig()
    further.loadFromFile(path)
    config.mergeConfig(further, true)
  }
  const cluster = config.getCurrentCluster()
  if (cluster === null)
    throw new Error(`${paths.join(delimiter)}: there is no current context, or its cluster is missing`)
  const server = new URL(cluster.server)
  const agents = new Agents()
  return {
    server,
    async access() {
      if (server.protocol === 'http:') return { agent: agents.of(server, {}), headers: {} }
      const options: https.RequestOptions = { headers: {} }
      await config.applyToHTTPSOptions(options)
      const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername, auth } = options
      const headers = Object.fromEntries(
        Object.entries(options.headers ?? {}).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name.toLowerCase(), value.trim()] as const] : [],
        ),
      )
      if (typeof auth === 'string') headers.authorization = `Basic ${Buffer.from(auth).toString('base64')}`
      // Through a proxy only the package's own agent knows the way; otherwise ours keeps connections open.
      const { agent: proxying } = options
      if (cluster.proxyUrl !== undefined && typeof proxying === 'object') return { agent: proxying, headers }
      return { agent: agents.of(server, { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }), headers }
    },
    // The package reads token files every minute, and runs commands when what they gave has ended.
    refused: () => {},
    close: () => agents.close(),
  }
}

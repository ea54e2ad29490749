// Where the API server is and who we are to it. In a pod that is two mounted files, read here; everything else is the
// Kubernetes client package's (kubeconfig.ts), loaded only then because from the sources it costs 90 MB and half a second.
// What is asked: client.ts.
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** What a request needs besides its path. */
export interface Access {
  readonly agent: http.Agent
  readonly headers: Readonly<Record<string, string>>
}

/** A way to one API server. */
export interface Connection {
  readonly server: URL
  /** Credentials as of now: files may have been rotated, commands may have to run. */
  access(): Promise<Access>
  /** The server did not accept them: the next ones are read anew. */
  refused(): void
  close(): void
}

/** Which API server is meant. */
export interface ConnectionOptions {
  /** Paths of kubeconfig files, separated as in a search path; wins over the pod's own account. */
  readonly kubeconfig: string | undefined
  /** `host:port` of the API server as a pod's environment names it. */
  readonly service: string | undefined
}

const mounted = '/var/run/secrets/kubernetes.io/serviceaccount'
/** The kubelet replaces a token long before it ends; a minute is how late we may notice. */
const tokenAgeMs = 60_000

/** Finds the API server: the given kubeconfig, else the pod's account, else the user's kubeconfig. */
export async function connect({ kubeconfig, service }: ConnectionOptions): Promise<Connection> {
  if (kubeconfig === undefined && service !== undefined) return podConnection(service, mounted)
  const { kubeconfigConnection } = await import('./kubeconfig.ts')
  const paths = kubeconfig?.split(delimiter).filter((path) => path !== '')
  return kubeconfigConnection(paths ?? [join(homedir(), '.kube', 'config')])
}

/** A connection without credentials, for servers that ask for none. */
export function openConnection(server: string): Connection {
  const agents = new Agents()
  const url = new URL(server)
  return {
    server: url,
    access: () => Promise.resolve({ agent: agents.of(url, {}), headers: {} }),
    refused: () => {},
    close: () => agents.close(),
  }
}

/** A connection with the account of a pod, whose token and CA are files in `folder`. */
export function podConnection(service: string, folder: string): Connection {
  const server = new URL(`https://${service}`)
  const agents = new Agents()
  let files: { readonly token: string; readonly ca: string; readonly readAt: number } | undefined
  return {
    server,
    async access() {
      if (files === undefined || performance.now() - files.readAt > tokenAgeMs) {
        const [token, ca] = await Promise.all(['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')))
        files = { token: (token ?? '').trim(), ca: ca ?? '', readAt: performance.now() }
      }
      return {
        agent: agents.of(server, { ca: files.ca }),
        headers: { authorization: `Bearer ${files.token}` },
      }
    },
    refused: () => {
      files = undefined
    },
    close: () => agents.close(),
  }
}

/** One agent for as long as certificates stay the same. */
export class Agents {
  private current: { readonly id: string; readonly agent: http.Agent } | undefined

  of({ protocol }: URL, tls: https.AgentOptions): http.Agent {
    const id = JSON.stringify(tls)
    if (this.current?.id === id) return this.current.agent
    // Requests under way keep their sockets; those that idle are of no more use.
    this.current?.agent.destroy()
    const options = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 16, scheduling: 'lifo' as const }
    const agent = protocol === 'http:' ? new http.Agent(options) : new https.Agent({ ...options, ...tls })
    this.current = { id, agent }
    return agent
  }

  close(): void {
    this.current?.agent.destroy()
  }
}

// Requests to an API server exactly as they are written, with its answers as they come: for what the client of the program
// has no need of, such as dry runs and the words of a refusal.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { load } from 'js-yaml'

/** Where to send requests. */
export interface RawCluster {
  readonly server: string
  readonly token: string | undefined
  readonly agent: Agent
}

/** What a server says of a request that it refuses. */
export interface Refusal {
  readonly message?: string
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] }
}

/** Status code, and the body where it is about a failure. */
export interface Answer {
  readonly code: number
  readonly status: Refusal
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }]
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }]
}

/** Reads a kubeconfig of one cluster and one user. */
export function connect(path: string): RawCluster {
  // A test's kubeconfig has one cluster and one user; what is missing shows as a refused connection.
  const config = load(readFileSync(path, 'utf8')) as Kubeconfig
  const { cluster } = config.clusters[0]
  const { user } = config.users[0]
  const decoded = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'base64'))
  const ca = decoded(cluster['certificate-authority-data'])
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    rejectUnauthorized: ca !== undefined,
    ca,
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  })
  return { server: cluster.server ?? '', token: user.token, agent }
}

/** Sends one request; a patch is applied. */
export function send(cluster: RawCluster, method: string, path: string, body: unknown): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json'
  const authorization = cluster.token === undefined ? {} : { authorization: `Bearer ${cluster.token}` }
  const headers = { ...authorization, 'content-type': type }
  const outgoing = request(new URL(path, cluster.server), { method, agent: cluster.agent, headers }, (incoming) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const text = Buffer.concat(parts).toString()
      const status: Refusal = text.startsWith('{') ? JSON.parse(text) : { message: text }
      resolve({ code: incoming.statusCode ?? 0, status })
    })
  })
  outgoing.on('error', reject)
  outgoing.end(JSON.stringify(body))
  return promise
}

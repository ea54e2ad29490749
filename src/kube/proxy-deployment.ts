// What a Gateway's proxies need in the cluster, as rendering hands it to whoever applies it. How it is rendered is decided
// in translate/deployments.ts, how it is applied in deploy/.
import type { JsonObject } from './json.ts'
import type { KubeObject } from './object.ts'

/** A rendered object: without owner, and without namespace except for the Secret. */
export interface RenderedObject extends KubeObject {
  readonly automountServiceAccountToken?: boolean
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: JsonObject
  readonly type?: string
}

/** The Gateway that objects are rendered for, and that will own them; or what stands for it, or needs no Gateway at all. */
export interface DeploymentOwner {
  /** Absent: a Gateway. */
  readonly apiVersion?: string
  readonly kind?: string
  readonly namespace: string
  readonly name: string
  /** Absent where no API server gave it one. */
  readonly uid: string | undefined
  readonly generation: number
}

/** What rendering came to for one Gateway. */
export type ProxyDeployment = {
  /** What `deploymentKey` says of the owner: `namespace/name` of the Gateway. */
  readonly gateway: string
  readonly owner: DeploymentOwner
  /** The name of most objects, and the value of their `gateway.networking.k8s.io/gateway-name` label. */
  readonly name: string
} & (
  | { readonly kind: 'rendered'; readonly objects: readonly RenderedObject[] }
  /** A key has to be put into this Secret first; rendering goes on when the Secret is there. */
  | { readonly kind: 'needs-session-key'; readonly secret: RenderedObject }
  /** What is deployed stays as it is. `NoPorts` is not reported in the status. */
  | {
      readonly kind: 'refused'
      readonly reason: 'InvalidParameters' | 'NoPorts'
      readonly path: string
      readonly message: string
    }
)

const OWNER_GROUPS: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io',
  MCP: 'agentkube.io',
  LLMGateway: 'agentkube.io',
  MCPServer: 'kagent.dev',
}

/** Whether objects are rendered for objects of this kind. */
export function ownsDeployments(group: string, kind: string): boolean {
  return Object.hasOwn(OWNER_GROUPS, kind) && OWNER_GROUPS[kind] === group
}

/** The key of the deployment of an object: what has proxies is known by the name of its Gateway, which is its own. */
export function deploymentKey(kind: string, namespace: string, name: string): string {
  return kind === 'MCPServer' ? `${kind}/${namespace}/${name}` : `${namespace}/${name}`
}

/** The label by which the objects of a Gateway are found; its value may be shortened. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name'

/** Key of a session-key Secret's data under which the key is. */
export const SESSION_KEY_FIELD = 'key'

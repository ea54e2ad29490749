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

/** The Gateway that objects are rendered for, and that will own them. */
export interface DeploymentOwner {
  readonly namespace: string
  readonly name: string
  /** Absent where no API server gave it one. */
  readonly uid: string | undefined
  readonly generation: number
}

/** What rendering came to for one Gateway. */
export type ProxyDeployment = {
  /** `namespace/name` of the Gateway. */
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

/** The label by which the objects of a Gateway are found; its value may be shortened. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name'

/** Key of a session-key Secret's data under which the key is. */
export const SESSION_KEY_FIELD = 'key'

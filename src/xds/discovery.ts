// The discovery service as far as it is ours: its methods, and what proxies say on them: bytes → request, and node →
// which Gateway the proxy was started for. Whether it may is auth.ts's to decide.
import { messageType } from '../wire/proto.ts'

const SERVICE = '/envoy.service.discovery.v3.AggregatedDiscoveryService'

/** Path of the incremental method, the one that is served. */
export const DELTA_PATH = `${SERVICE}/DeltaAggregatedResources`

/** Path of the whole-state method, which is refused. */
export const SOTW_PATH = `${SERVICE}/StreamAggregatedResources`

/** A request as far as we read it. */
export interface DeltaRequest {
  readonly typeUrl: string
  /** Empty when it answers no response. */
  readonly nonce: string
  /** Versions that the client holds, by name. */
  readonly versions: object
  /** What it says of a response that it did not take as it was. */
  readonly rejection: string | undefined
  readonly node: { readonly id: string; readonly metadata: Readonly<Record<string, string>> } | undefined
}

/** Who a proxy says it is. */
export interface ProxyName {
  readonly node: string
  readonly namespace: string
  /** The Gateway's name, or what it was shortened to. */
  readonly gateway: string
}

/** Reads a request; undefined when the bytes are none. */
export function decodeRequest(bytes: Uint8Array): DeltaRequest | undefined {
  try {
    const type = messageType('envoy.service.discovery.v3.DeltaDiscoveryRequest')
    // The decoder yields the fields of that message, each of its type, absent ones by their defaults.
    const message = type.decode(bytes) as unknown as {
      readonly typeUrl: string
      readonly responseNonce: string
      readonly initialResourceVersions: object
      readonly errorDetail: { readonly message: string } | null
      readonly node: { readonly id: string; readonly metadata: { readonly fields: object } | null } | null
    }
    return {
      typeUrl: message.typeUrl,
      nonce: message.responseNonce,
      versions: message.initialResourceVersions,
      rejection: message.errorDetail?.message,
      node: message.node === null ? undefined : { id: message.node.id, metadata: textsOf(message.node.metadata) },
    }
  } catch {
    return undefined
  }
}

/** The proxy's name, or a sentence about what is wrong with its node. */
export function nameProxy(node: DeltaRequest['node']): ProxyName | string {
  if (node === undefined) return 'the first request must carry a node'
  const { id, metadata } = node
  if (id === '') return 'the node of the first request must have an id'
  if (!/^[!-~]{1,1024}$/.test(id))
    return 'the id of the node must be 1 to 1024 visible ASCII characters, such as agentgateway~IP~POD.NAMESPACE~NAMESPACE.svc.cluster.local'
  const role = metadata.role ?? ''
  const split = role.indexOf('~')
  // A proxy whose namespace stands in its configuration file only has it in NAMESPACE, and not in its role.
  const namespace = (split < 0 ? '' : role.slice(0, split)) || metadata.NAMESPACE || ''
  const gateway = (split < 0 ? '' : role.slice(split + 1)) || metadata.GATEWAY_NAME || ''
  return { node: id, namespace, gateway }
}

function textsOf(struct: { readonly fields: object } | null): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const [key, value] of Object.entries(struct?.fields ?? {})) {
    // A google.protobuf.Value; only text is of interest.
    const { kind, stringValue } = value as { readonly kind?: string; readonly stringValue?: string }
    if (kind === 'stringValue' && stringValue !== undefined) texts[key] = stringValue
  }
  return texts
}

// The protocol's definitions, loaded from proto/ when they are first needed.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const FILES = ['resource.proto', 'workload.proto', 'discovery.proto']

/** How the protocol's JavaScript objects look; src/wire/gen is generated with the same options. */
export const PROTO_OPTIONS = { longs: String, enums: String, oneofs: true } as const

/** Type URL of a gateway's resources. */
export const RESOURCE_TYPE_URL = 'type.googleapis.com/agentgateway.dev.resource.Resource'

/** Type URL of addresses. */
export const ADDRESS_TYPE_URL = 'type.googleapis.com/istio.workload.Address'

/** Message types of the protocol, by full name. */
export const RESOURCE_TYPE = 'agentgateway.dev.resource.Resource'
export const ADDRESS_TYPE = 'istio.workload.Address'

let definitions: protobuf.Root | undefined

/** The message type of a full name. */
export function messageType(name: string): protobuf.Type {
  if (definitions === undefined) {
    const root = new protobuf.Root()
    const wellKnown = root.resolvePath.bind(root)
    const folder = protoFolder()
    root.resolvePath = (origin, target) => (FILES.includes(target) ? `${folder}/${target}` : wellKnown(origin, target))
    root.loadSync([...FILES]).resolveAll()
    definitions = root
  }
  return definitions.lookupType(name)
}

/** `proto/` lies beside `src/`, and beside the bundle's folder in an image. */
function protoFolder(): string {
  const candidates = ['../../proto', '../proto'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return candidates.find((path) => existsSync(`${path}/resource.proto`)) ?? candidates[0] ?? 'proto'
}

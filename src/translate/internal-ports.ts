// The annotation that keeps ports of a Gateway or ListenerSet off the network: such a bind routes, but opens no socket.
// All or nothing: one bad entry discards the annotation. (spec: Gateway API, internal binds)
import type { KubeObject } from '../kube/object.ts'

const ANNOTATION = 'agentgateway.dev/internal-ports'

/** The ports an object keeps internal, and why the annotation was discarded, if it was. */
export interface InternalPorts {
  readonly internal: ReadonlySet<number>
  readonly error: string | undefined
}

/** Reads the annotation; each port must be one of the object's own listeners'. */
export function internalPortsOf(object: KubeObject, own: readonly (number | undefined)[]): InternalPorts {
  const internal = new Set<number>()
  const errors: string[] = []
  for (const entry of String(object.metadata.annotations?.[ANNOTATION] ?? '').split(',')) {
    const word = entry.trim()
    if (word === '') continue
    const port = /^[+-]?\d+$/.test(word) ? Number(word) : 0
    if (port < 1 || port > 65535) errors.push(`invalid port "${word}": must be an integer between 1 and 65535`)
    else if (!own.includes(port)) errors.push(`port ${port} is not defined by any listener on this resource`)
    else internal.add(port)
  }
  if (errors.length === 0) return { internal, error: undefined }
  return { internal: new Set(), error: `invalid ${ANNOTATION} annotation: ${errors.join('; ')}` }
}

// The one rule by which names that Kubernetes would refuse as too long are shortened. The deployer names objects with it,
// and xDS finds the Gateway behind the name that a proxy was started with.
import { createHash } from 'node:crypto'

const MAX_LENGTH = 63
const KEPT_LENGTH = 50
const HASH_LENGTH = 12

/** The name itself if it fits into 63 characters, else its beginning and a hash of the whole. */
export function shortenedName(name: string): string {
  if (name.length <= MAX_LENGTH) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH)
  return `${name.slice(0, KEPT_LENGTH).replace(/-$/, '')}-${hash}`
}

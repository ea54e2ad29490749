// One API key as an entry of a Secret or ConfigMap: the key itself, or JSON with the key or its hash and metadata.
import { isUtf8 } from 'node:buffer'

/** The kind of object that holds the entry, as messages name it. */
export type KeySource = 'secret' | 'configMap'

/** A key, or its hash while `key` is empty, and what is known about who has it. */
export interface ApiKey {
  readonly key: string
  readonly keyHash: string
  readonly metadata: object
}

/** The key of an entry, or why there is none. */
export function parseApiKey(bytes: Buffer, source: KeySource): ApiKey | { readonly error: string } {
  if (!isUtf8(bytes)) return { error: 'not text' }
  const text = bytes.toString('utf8')
  const trimmed = text.trim()
  if (trimmed === '') return { error: 'empty value' }
  // A raw key is every byte of the entry, also the line break at its end.
  if (!trimmed.startsWith('{')) return checked({ key: text, keyHash: '', metadata: {} }, source)
  let json: unknown
  try {
    json = JSON.parse(trimmed)
  } catch {
    // The parser's own words may quote the key.
    return { error: 'not valid JSON' }
  }
  const key = member(json, 'key') ?? ''
  const keyHash = member(json, 'keyhash') ?? ''
  const metadata = member(json, 'metadata') ?? {}
  if (typeof key !== 'string' || typeof keyHash !== 'string') return { error: 'key and keyHash must be strings' }
  const found = checked({ key, keyHash, metadata: Object(metadata) }, source)
  if ('error' in found) return found
  return typeof metadata === 'object' && !Array.isArray(metadata) ? found : { error: 'metadata must be an object' }
}

// Names are matched without regard to case; of several the last one counts.
function member(json: unknown, name: string): unknown {
  return Object.entries(Object(json)).findLast(([key]) => key.toLowerCase() === name)?.[1]
}

function checked(found: ApiKey, source: KeySource): ApiKey | { readonly error: string } {
  const { key, keyHash } = found
  if ((key === '') === (keyHash === '')) return { error: 'exactly one of key or keyHash must be set' }
  if (key !== '') {
    return source === 'secret'
      ? found
      : {
          error: 'keys sourced from a ConfigMap must use keyHash, not a raw key, since ConfigMaps are not confidential',
        }
  }
  if (!keyHash.startsWith('sha256:')) return { error: 'keyHash must use the sha256:<hex> format' }
  const digest = keyHash.slice('sha256:'.length)
  if (!/^[0-9a-fA-F]*$/.test(digest)) {
    return { error: 'keyHash must contain a valid sha256 hex digest: not hexadecimal' }
  }
  if (digest.length % 2 !== 0) {
    return { error: 'keyHash must contain a valid sha256 hex digest: odd number of digits' }
  }
  return digest.length === 64 ? found : { error: 'keyHash sha256 digest must decode to 32 bytes' }
}

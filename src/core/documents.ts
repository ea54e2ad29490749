// Remote documents that translation needs: how a request is told from others, and where its answer is kept. An answer
// is one more object (a ConfigMap), the same for every replica; who fetches it is decided in documents/fetcher.ts.
import { createHash } from 'node:crypto'

/** How a server is verified. */
export interface DocumentTls {
  /** `hostname` checks the chain of certificates but not the name, `insecure` nothing. */
  readonly verification: 'strict' | 'hostname' | 'insecure'
  /** Name to ask for; the host of the URL when empty. */
  readonly serverName: string
  /** CAs to trust instead of those of the system, in PEM. */
  readonly authorities?: string
  /** Stands for the CAs in the key of the request. */
  readonly authoritiesHash: string
  readonly protocols: readonly string[]
}

/** A document at a URL, and how it is reached. */
export interface DocumentRequest {
  readonly url: string
  /** Present when the URL is https and something was said about TLS. */
  readonly tls?: DocumentTls
  /** An HTTP proxy to tunnel through. */
  readonly proxy?: { readonly url: string; readonly tls?: DocumentTls }
}

/** Name of the key in the ConfigMap, and prefix of the ConfigMap's name. */
export const DOCUMENT_STORE = 'jwks-store'

/** Label by which stored documents are found. */
export const DOCUMENT_LABEL = 'app.kubernetes.io/component'

/** Identity of a request: equal requests of several objects share one document. */
export function documentKey({ url, tls, proxy }: DocumentRequest): string {
  const parts = [url]
  if (proxy !== undefined && proxy.url !== '') parts.push(proxy.url)
  parts.push(...tlsParts(url, tls))
  if (proxy?.tls !== undefined && isSaid(proxy.tls)) parts.push(...tlsParts(proxy.url, proxy.tls))
  return hashOf(parts)
}

/** Lower-case hex SHA-256 over the parts, each ended by a zero byte. */
export function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** Name of the ConfigMap that keeps the document of a key. */
export function storeName(key: string): string {
  return `${DOCUMENT_STORE}-${createHash('sha256').update(key).digest('hex')}`
}

function tlsParts(url: string, tls: DocumentTls | undefined): readonly string[] {
  const strict = url.startsWith('http://') ? '' : 'strict'
  const tag = tls === undefined || tls.verification === 'strict' ? strict : tls.verification
  return [tag, tls?.serverName ?? '', tls?.authoritiesHash ?? '', ...(tls?.protocols ?? [])]
}

function isSaid({ verification, serverName, authoritiesHash, protocols }: DocumentTls): boolean {
  return verification !== 'strict' || serverName !== '' || authoritiesHash !== '' || protocols.length > 0
}

/** A document as it is kept. */
export interface StoredDocument {
  readonly requestKey: string
  readonly url: string
  /** RFC 3339. */
  readonly fetchedAt: string
  readonly jwks: string
}

/** Reads a kept document; undefined when the text is none. */
export function parseStored(text: string | undefined): StoredDocument | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text ?? '')
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
  // A JSON object can be asked for any field; each is checked before use.
  const fields = parsed as Readonly<Record<string, unknown>>
  const { requestKey, url, fetchedAt, jwks } = fields
  if (typeof requestKey === 'string' && typeof url === 'string' && typeof jwks === 'string') {
    return { requestKey, url, fetchedAt: typeof fetchedAt === 'string' ? fetchedAt : '', jwks }
  }
  // An older form: the URL is the only key.
  const [only, another] = Object.entries(fields)
  if (only === undefined || another !== undefined || typeof only[1] !== 'string') return undefined
  return { requestKey: documentKey({ url: only[0] }), url: only[0], fetchedAt: '', jwks: only[1] }
}

/** The text that keeps a document. */
export function formatStored({ requestKey, url, fetchedAt, jwks }: StoredDocument): string {
  return JSON.stringify({ requestKey, url, fetchedAt, jwks })
}

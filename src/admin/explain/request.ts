// A request as somebody types it: a URL, a method, headers.
import { isIP } from 'node:net'
import type { HttpRequest } from './matching.ts'

/** What is asked about. */
export interface AskedRequest {
  readonly url: string
  readonly request: HttpRequest
  /** The URL names no port, and means its scheme's. */
  readonly isPortImplied: boolean
  /** A connection without HTTP. */
  readonly isStream: boolean
}

/** What somebody types. */
export interface TypedRequest {
  readonly url: string
  readonly method?: string
  /** `Name: value` */
  readonly headers?: readonly string[]
}

interface Scheme {
  readonly isEncrypted: boolean
  readonly isStream: boolean
}

const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['http', { isEncrypted: false, isStream: false }],
  ['https', { isEncrypted: true, isStream: false }],
  ['ws', { isEncrypted: false, isStream: false }],
  ['wss', { isEncrypted: true, isStream: false }],
  ['tcp', { isEncrypted: false, isStream: true }],
  ['tls', { isEncrypted: true, isStream: true }],
])

/** Reads a request, or says what is wrong with it. */
export function readRequest({ url, method = 'GET', headers = [] }: TypedRequest): AskedRequest | string {
  const [, named = 'http', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(url.trim()) ?? []
  const scheme = SCHEMES.get(named.toLowerCase())
  if (scheme === undefined) return `url ${url}: the scheme is none of ${[...SCHEMES.keys()].join(', ')}`
  if (!/^[A-Za-z][A-Za-z-]*$/.test(method)) return `method ${method} is no method of HTTP`
  const parsed = parsedUrl(`${scheme.isEncrypted ? 'https' : 'http'}://${rest}`)
  if (parsed === undefined) return `url ${url} is no URL`
  const fields = new Map<string, readonly string[]>()
  for (const header of headers) {
    const [, name, value = ''] = /^([^\s:]+)\s*:\s*(.*)$/s.exec(header) ?? []
    if (name === undefined) return `header ${header} is not of the form Name: value`
    fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), value.trim()])
  }
  const { hostname, port, pathname, search } = parsed
  const host = fields.get('host')?.[0]?.toLowerCase().replace(/:\d+$/, '') ?? hostname
  fields.delete('host')
  return {
    url: `${named.toLowerCase()}://${parsed.host}${scheme.isStream ? '' : `${pathname}${search}`}`,
    request: {
      port: port === '' ? (scheme.isEncrypted ? 443 : 80) : Number(port),
      // Nobody asks for the name of an address.
      ...(scheme.isEncrypted ? { sni: isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : '' } : {}),
      method: method.toUpperCase(),
      host,
      path: pathname,
      query: search.slice(1),
      headers: fields,
    },
    isPortImplied: port === '' && !/:\d+$/.test(rest.split(/[/?#]/)[0] ?? ''),
    isStream: scheme.isStream,
  }
}

function parsedUrl(url: string): URL | undefined {
  try {
    return new URL(url)
  } catch {
    return undefined
  }
}

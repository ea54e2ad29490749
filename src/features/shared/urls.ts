// URLs of remote services as policies take them: http or https, no credentials, no query, no fragment.

/** The parts of such a URL. */
export interface ServiceUrl {
  readonly scheme: 'http' | 'https'
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
  /** As written, empty when the URL ends with the authority. */
  readonly path: string
}

const URL_PARTS = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/

/** The parts of a URL, or why it cannot be used. */
export function parseServiceUrl(text: string): ServiceUrl | { readonly error: string } {
  const [, written = '', authority = '', path = '', query, fragment] = URL_PARTS.exec(text) ?? []
  const scheme = written.toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') return { error: `unsupported URL scheme "${scheme}"` }
  const at = authority.lastIndexOf('@')
  const [, bracketed, plain, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(authority.slice(at + 1)) ?? []
  const host = bracketed ?? plain ?? ''
  if (host === '') return { error: 'url must include a host' }
  if (at >= 0) return { error: 'url must not include userinfo' }
  if (query !== undefined) return { error: 'url must not include a query' }
  if (fragment !== undefined) return { error: 'url must not include a fragment' }
  if (portText === undefined || portText === '') return { scheme, host, port: scheme === 'https' ? 443 : 80, path }
  const port = /^\d+$/.test(portText) ? Number(portText) : 0
  if (port < 1 || port > 65535) return { error: `invalid URL port "${portText}"` }
  return { scheme, host, port, path }
}

/** Whether a host is an address rather than a name. */
export function isAddress(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host)
}

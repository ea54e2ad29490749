// Whether a base URL is one that proxies may be sent to: http or https with a plain host that is not the proxy's own
// machine. The schema checks the usual spellings; this sees through the unusual ones.
import { BlockList, isIP } from 'node:net'

const LOCAL = new BlockList()
LOCAL.addSubnet('127.0.0.0', 8, 'ipv4')
LOCAL.addSubnet('169.254.0.0', 16, 'ipv4')
LOCAL.addSubnet('224.0.0.0', 24, 'ipv4')
LOCAL.addAddress('0.0.0.0', 'ipv4')
LOCAL.addAddress('::1', 'ipv6')
LOCAL.addAddress('::', 'ipv6')
LOCAL.addSubnet('fe80::', 10, 'ipv6')
LOCAL.addSubnet('ff02::', 16, 'ipv6')

const ABSOLUTE = 'baseURL must be an absolute URL'
const AMBIGUOUS = 'baseURL cannot use an ambiguous IP address'

/** What is wrong with a base URL; undefined when nothing is. */
export function baseUrlError(baseUrl: string): string | undefined {
  const [, scheme, rest] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(baseUrl) ?? []
  if (scheme === undefined || rest === undefined || /[\s\p{Cc}]/u.test(baseUrl)) return ABSOLUTE
  if (!/^https?$/i.test(scheme)) return 'baseURL must use http or https'
  const authority = /^\/\/([^/?#]*)/.exec(rest)?.[1] ?? ''
  if (authority.includes('@') || /[?#]/.test(rest))
    return 'baseURL cannot include user info, query parameters, or a fragment'
  const host = hostOf(authority)
  if (host === undefined) return ABSOLUTE
  if (host === '') return 'baseURL must include a host'
  if (Number(/:(\d+)$/.exec(authority)?.[1] ?? 0) > 65535) return 'baseURL cannot have a port above 65535'
  return hostError(host.toLowerCase().replace(/\.$/, ''))
}

function hostOf(authority: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d*)?$/.exec(authority) ?? []
  return bracketed ?? plain
}

function hostError(host: string): string | undefined {
  const family = isIP(host.replace(/%.*$/, ''))
  const isLocal =
    family === 0
      ? host === 'localhost' || host.endsWith('.localhost')
      : LOCAL.check(host.replace(/%.*$/, ''), family === 6 ? 'ipv6' : 'ipv4')
  if (isLocal) return 'baseURL cannot target localhost, loopback, link-local, or unspecified addresses'
  return family === 0 && ambiguous(host) ? AMBIGUOUS : undefined
}

// Resolvers read `127.1`, `2130706433` and `0x7f000001` as addresses; what they mean is not for us to guess.
function ambiguous(host: string): boolean {
  return /^[0-9.]+$/.test(host) || /^0x/i.test(host)
}

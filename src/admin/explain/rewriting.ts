// What redirects and rewrites make of a request's URL.
import type { RequestRedirect, RouteMatch, UrlRewrite } from '../../wire/messages.ts'
import type { HttpRequest } from './matching.ts'

/** Where a redirect leads; the port is left out when it is the scheme's own. */
export interface Location {
  readonly scheme: string
  readonly host: string
  readonly port: number | undefined
  readonly path: string
}

/** The location that a redirect answers with. */
export function redirected(redirect: RequestRedirect, match: RouteMatch, request: HttpRequest): Location {
  const scheme = redirect.scheme || (request.sni === undefined ? 'http' : 'https')
  const ownPort = scheme === 'https' ? 443 : 80
  // Without a port of its own, a redirect to another scheme uses that scheme's, any other the listener's.
  const port = redirect.port || (redirect.scheme ? ownPort : request.port)
  return {
    scheme,
    host: redirect.host || request.host,
    port: port === ownPort ? undefined : port,
    path: replacedPath(request.path, redirect, match),
  }
}

/** A location as a client reads it. */
export function locationText({ scheme, host, port, path }: Location, query = ''): string {
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}${query === '' ? '' : `?${query}`}`
}

/** The request that backends see. */
export function rewritten(request: HttpRequest, rewrite: UrlRewrite | undefined, match: RouteMatch): HttpRequest {
  if (!rewrite) return request
  return { ...request, host: rewrite.host || request.host, path: replacedPath(request.path, rewrite, match) }
}

function replacedPath(path: string, { full, prefix }: Pick<UrlRewrite, 'full' | 'prefix'>, match: RouteMatch): string {
  if (full !== undefined) return full || '/'
  if (prefix === undefined) return path
  const matched = (match.path?.pathPrefix ?? '/').replace(/\/$/, '')
  return `${prefix}${path.slice(matched.length)}` || '/'
}

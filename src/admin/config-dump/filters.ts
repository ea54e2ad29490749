// The policies that routes call filters: headers, redirects, rewrites, mirrors, canned answers, CORS.
import type {
  CORS,
  DirectResponse,
  HeaderModifier,
  RequestMirrors,
  RequestRedirect,
  UrlRewrite,
} from '../../wire/messages.ts'
import { reference } from './references.ts'
import { bytesOf, type Rendered, some, text } from './values.ts'

/** Headers to add, set and remove. */
export function headerModifier({ add, set, remove }: HeaderModifier): Rendered {
  const headers = (list: typeof add): Rendered =>
    list === undefined || list.length === 0
      ? undefined
      : Object.fromEntries(list.map(({ name = '', value = '' }) => [name, value]))
  return { add: headers(add), set: headers(set), remove: some(remove) }
}

/** A redirect; only what it changes. */
export function redirect({ scheme, host, port, path, full, prefix, status }: RequestRedirect): Rendered {
  const name = text(host)
  return {
    scheme: text(scheme),
    authority: port ? (name === undefined ? { port } : { full: `${name}:${port}` }) : name && { host: name },
    path: pathChange(path, { full, prefix }),
    status: status === 0 ? undefined : status,
  }
}

/** A rewrite of host and path. */
export function rewrite({ host, path, full, prefix }: UrlRewrite): Rendered {
  const name = text(host)
  return { authority: name && { host: name }, path: pathChange(path, { full, prefix }) }
}

function pathChange(
  kind: 'full' | 'prefix' | undefined,
  values: { readonly full: string | undefined; readonly prefix: string | undefined },
): Rendered {
  return kind === undefined ? undefined : { [kind]: values[kind] ?? '' }
}

/** Where copies of requests go; shares of one, not of a hundred. */
export function mirrors({ mirrors = [] }: RequestMirrors): Rendered {
  return mirrors.map(({ backend, percentage = 0 }) => ({
    backend: reference(backend),
    percentage: Number(percentage) / 100,
  }))
}

/** An answer without a backend. */
export function directResponse({ status = 0, body, bodyExpression, headers = [] }: DirectResponse): Rendered {
  return {
    body: text(bytesOf(body).toString('base64')),
    bodyExpression: text(bodyExpression),
    headers:
      headers.length === 0
        ? undefined
        : Object.fromEntries(headers.map(({ name = '', expression = '' }) => [name.toLowerCase(), expression])),
    status,
  }
}

/** Cross-origin rules; a star makes a list of itself alone. */
export function cors(cors: CORS): Rendered {
  const names = (list: readonly string[] | undefined): Rendered =>
    list?.includes('*') ? ['*'] : some((list ?? []).map((name) => name.toLowerCase()))
  const values = (list: readonly string[] | undefined): Rendered => (list?.includes('*') ? ['*'] : some(list))
  return {
    allowCredentials: cors.allowCredentials ?? false,
    allowHeaders: names(cors.allowHeaders),
    allowMethods: values(cors.allowMethods),
    allowOrigins: values(cors.allowOrigins),
    exposeHeaders: names(cors.exposeHeaders),
    maxAge: cors.maxAge ? String(cors.maxAge.seconds ?? 0) : null,
  }
}

// The service that a policy calls, named by a backendRef or by a URL. Resolving a backendRef is the context's.
import { type Outcome, ok } from '../../core/problem.ts'
import type { Endpoint, EndpointRef, FeatureContext, LocatedRef } from './context.ts'
import { flawed } from './flaws.ts'
import { isAddress, parseServiceUrl } from './urls.ts'

/** Resolves an endpoint; without a value the proxy gets no reference, and calls fail. */
export function resolveEndpoint(ref: EndpointRef | undefined, ctx: FeatureContext, path: string): Outcome<Endpoint> {
  if (ref?.backendRef !== undefined) {
    const { value, problems } = ctx.backend(ref.backendRef, `${path}.backendRef`)
    return { value: value && { reference: value, inlinePolicies: [], path: '' }, problems }
  }
  if (ref?.url === undefined) return flawed(path, 'backendRef or url is required')
  const url = parseServiceUrl(ref.url)
  if ('error' in url) return flawed(`${path}.url`, url.error)
  const hostname = isAddress(url.host) ? {} : { hostname: url.host }
  return ok({
    reference: { inline: { hostname: url.host, port: url.port } },
    inlinePolicies: url.scheme === 'https' ? [{ backendTls: hostname }] : [],
    path: url.path,
  })
}

/** The reference that an endpoint makes, for reachability. */
export function endpointReferences(ref: EndpointRef | undefined, path: string): readonly LocatedRef[] {
  return ref?.backendRef === undefined ? [] : [{ ref: ref.backendRef, path: `${path}.backendRef` }]
}

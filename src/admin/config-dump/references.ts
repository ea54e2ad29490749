// References from one part of the configuration to another: backends, services, inline hosts, and where credentials are
// read from or put.
import type {
  AuthorizationLocation,
  BackendPolicySpec,
  BackendReference,
  NamespacedHostname,
} from '../../wire/messages.ts'
import { backendPolicy } from './backend-policies.ts'
import { portNumber, type Rendered, some, targetText } from './values.ts'

type Flat = Readonly<Record<string, Rendered>>

/** A reference as a value of its own. */
export function reference(target: BackendReference | null | undefined): Rendered {
  const flat = flatReference(target)
  return 'invalid' in flat ? 'invalid' : flat
}

/** A reference as a member of what refers. */
export function flatReference(target: BackendReference | null | undefined): Flat {
  if (target?.service) {
    const name = serviceKey(target.service)
    return { service: { name, port: portNumber(target.port) } }
  }
  if (target?.backend !== undefined) return { backend: target.backend }
  const { hostname = '', port = 0 } = target?.inline ?? {}
  if (hostname === '' || port < 1 || port > 65535) return { invalid: null }
  return { inlineBackend: targetText(hostname, port) }
}

/** A reference with the policies that hold on the way to it. */
export function referenceWithPolicies(
  target: BackendReference | null | undefined,
  policies: readonly BackendPolicySpec[] | null | undefined,
): Flat {
  return { ...flatReference(target), policies: some((policies ?? []).map(backendPolicy)) }
}

/** `namespace/hostname`. */
export function serviceKey({ namespace = '', hostname = '' }: NamespacedHostname): string {
  return `${namespace}/${hostname}`
}

/** Where a credential is; undefined when nothing is said. */
export function location(given: AuthorizationLocation | null | undefined): Rendered {
  if (given?.header) return headerLocation(given.header.name ?? '', given.header.prefix)
  if (given?.queryParameter) return { queryParameter: { name: given.queryParameter.name ?? '' } }
  if (given?.cookie) return { cookie: { name: given.cookie.name ?? '' } }
  return given?.expression === undefined ? undefined : { expression: given.expression }
}

/** Where credentials are when nothing is said. */
export const BEARER: Rendered = headerLocation('authorization', 'Bearer ')
export const BASIC: Rendered = headerLocation('authorization', 'Basic ')

function headerLocation(name: string, prefix: string | undefined): Rendered {
  return { header: { name: name.toLowerCase(), prefix } }
}

// Translations → encoded entries. A resource that several gateways receive is encoded once.
import { type EncodedResource, encodeAddress, encodeResource } from '../wire/encode.ts'
import { SHARED, type XdsEntry } from '../wire/entry.ts'
import type { WireResource } from '../wire/messages.ts'
import type { OwnedAddress, Translation } from './model.ts'

/** The entries of a translated object; two resources of one name and gateway are one. */
export function resourcesOf({ resources }: Translation): readonly XdsEntry[] {
  const encodings = new Map<WireResource, EncodedResource>()
  const entries = new Map<string, XdsEntry>()
  for (const { gateway, resource, owners } of resources) {
    const encoded = encodings.get(resource) ?? encodeResource(resource)
    encodings.set(resource, encoded)
    const key = `${gateway}|${encoded.name}`
    const withheld = isIncomplete(resource) ? { isWithheld: true as const } : {}
    if (!entries.has(key)) entries.set(key, { scope: gateway, encoded, owners, ...withheld })
  }
  return [...entries.values()]
}

// A proxy that starts with a refusal is not ready until the next change, and serves nobody. The backend carries the
// login meanwhile: mcp-logins.ts.
function isIncomplete(resource: WireResource): boolean {
  if (resource.kind !== 'policy') return false
  const login = resource.policy.backend?.mcpAuthentication
  return login !== undefined && login !== null && (login.jwksInline ?? '') === ''
}

/** The entry of an address. */
export function addressOf({ address, owners }: OwnedAddress): readonly XdsEntry[] {
  return [{ scope: SHARED, encoded: encodeAddress(address), owners }]
}

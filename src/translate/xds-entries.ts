// Translations → encoded entries. A resource that several gateways receive is encoded once.
import { type EncodedResource, encodeAddress, encodeResource } from '../wire/encode.ts'
import { SHARED, type XdsEntry } from '../wire/entry.ts'
import type { WireResource } from '../wire/messages.ts'
import type { OwnedAddress, Translation } from './model.ts'

/** The entries of a translated object; two resources of one name and gateway are one. */
export function resourcesOf({ resources }: Translation): readonly XdsEntry[] {
  const encodings = new Map<WireResource, EncodedResource>()
  const entries = new Map<string, XdsEntry>()
  for (const { gateway, resource, owners, isWithheld } of resources) {
    const encoded = encodings.get(resource) ?? encodeResource(resource)
    encodings.set(resource, encoded)
    const key = `${gateway}|${encoded.name}`
    if (entries.has(key)) continue
    entries.set(key, { scope: gateway, encoded, owners, ...(isWithheld === undefined ? {} : { isWithheld }) })
  }
  return [...entries.values()]
}

/** The entry of an address. */
export function addressOf({ address, owners }: OwnedAddress): readonly XdsEntry[] {
  return [{ scope: SHARED, encoded: encodeAddress(address), owners }]
}

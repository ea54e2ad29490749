// Our own view of what proxies hold, as the admin server gives it: resources as they are sent, and who has acknowledged
// them. The proxy's view is admin/config-dump.
import type { GatewayKey } from '../core/keys.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { SHARED } from '../wire/entry.ts'
import { encodedToJson } from '../wire/protojson.ts'
import { resourceWithoutSecrets } from '../wire/secrets.ts'
import type { SessionView } from '../xds/session-view.ts'
import { type PrintedAddress, type PrintedResource, printedGateway } from './run.ts'

/** What the proxies of one gateway are served, without secrets. */
export interface ServedResources {
  readonly resources: readonly (PrintedResource & { readonly acknowledgedBy: readonly string[] })[]
  readonly addresses: readonly PrintedAddress[]
}

/** The resources of one gateway, and what every proxy receives. */
export function servedResources(
  snapshot: Snapshot,
  sessions: readonly SessionView[],
  gateway: GatewayKey,
): ServedResources {
  return {
    resources: snapshot.list(gateway).map(({ encoded, owners }) => ({
      gateway: printedGateway(gateway),
      name: encoded.name,
      version: encoded.version,
      owners,
      acknowledgedBy: sessions
        .filter((session) => session.gateway === gateway && session.holds(encoded.name) === encoded.version)
        .map(({ node }) => node),
      resource: resourceWithoutSecrets(encodedToJson(encoded)),
    })),
    addresses: snapshot
      .list(SHARED)
      .map(({ encoded }) => ({ name: encoded.name, version: encoded.version, address: encodedToJson(encoded) })),
  }
}

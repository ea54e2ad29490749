// The list of frontend policies, in the order in which they are translated and their problems reported. A new one is a
// file beside this one, a line in the list, and a line among the fields.
import type { Problem } from '../../core/problem.ts'
import { Doc, Opt } from '../../schema/combinators.ts'
import type { FrontendPolicySpec } from '../../wire/messages.ts'
import type { LocatedRef } from '../shared/context.ts'
import type { FrontendFeature } from '../shared/feature.ts'
import { type Frame, fieldReferences, translateFields } from '../shared/frame.ts'
import { accessLog } from './access-log.ts'
import { connect } from './connect.ts'
import { http } from './http.ts'
import { metrics } from './metrics.ts'
import { networkAuthorization } from './network-authorization.ts'
import { proxyProtocol } from './proxy-protocol.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { tracing } from './tracing.ts'

const features: readonly FrontendFeature[] = [
  http,
  proxyProtocol,
  connect,
  tls,
  tcp,
  networkAuthorization,
  accessLog,
  tracing,
  metrics,
]

/** Fields of `spec.frontend`. */
export const frontendFields = {
  accessLog: Opt(Doc('What is logged about requests.', accessLog.schema)),
  connect: Opt(Doc('What is done with CONNECT requests; refused by default.', connect.schema)),
  http: Opt(Doc('How HTTP is spoken with clients.', http.schema)),
  metrics: Opt(Doc('Further labels of metrics.', metrics.schema)),
  networkAuthorization: Opt(Doc('Who may connect, by CEL rules over the connection.', networkAuthorization.schema)),
  proxyProtocol: Opt(Doc('Read PROXY headers at the start of connections.', proxyProtocol.schema)),
  tcp: Opt(Doc('Options of TCP connections.', tcp.schema)),
  tls: Opt(Doc('How TLS handshakes are made.', tls.schema)),
  tracing: Opt(Doc('Send traces to an OpenTelemetry collector.', tracing.schema)),
}

/** A frontend policy and what its resource key ends with. */
export interface TranslatedFrontendPolicy {
  readonly suffix: string
  readonly frontend: FrontendPolicySpec
}

/** The references of a frontend section. */
export function frontendReferences(section: object | undefined, path: string): readonly LocatedRef[] {
  return fieldReferences(features, section, path)
}

/** A frontend section on the wire. */
export function translateFrontendPolicies(
  section: object | undefined,
  frame: Frame,
): { readonly policies: readonly TranslatedFrontendPolicy[]; readonly problems: readonly Problem[] } {
  const translated = translateFields<FrontendPolicySpec, FrontendFeature>(features, section, frame)
  return {
    policies: translated.flatMap(({ feature: { suffix }, outcome }) =>
      outcome.value === undefined ? [] : [{ suffix, frontend: outcome.value }],
    ),
    problems: translated.flatMap(({ outcome }) => outcome.problems),
  }
}

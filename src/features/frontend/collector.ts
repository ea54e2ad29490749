// Where logs and traces are sent: an OpenTelemetry collector, spoken to by gRPC or HTTP.
import type { Static } from 'typebox'
import { Doc, Enum, type Facet, fallback, Opt, rule } from '../../schema/combinators.ts'
import { endpointChoice, endpointFields, longString } from '../shared/refs.ts'

const protocol = Enum(['GRPC', 'HTTP'], fallback('GRPC'))

/** The fields that say where a collector is. */
export const collectorFields = {
  ...endpointFields,
  path: Opt(
    Doc(
      'Path of requests; only with protocol HTTP. By default `/v1/traces` for traces and `/v1/logs` for logs.',
      longString,
    ),
  ),
  protocol: Opt(Doc('How the collector is spoken to.', protocol)),
}

/** What the API server checks about these fields. */
export const collectorRules: readonly Facet<'backendRef' | 'url' | 'path' | 'protocol'>[] = [
  rule("!has(self.path) || !has(self.protocol) || self.protocol == 'HTTP'", 'path is only valid with protocol HTTP'),
  rule("!has(self.path) || self.path.startsWith('/')", 'path must start with /'),
  rule(
    "!has(self.url) || !self.url.matches('^https?://[^/?#]+/') || (has(self.protocol) && self.protocol == 'HTTP')",
    'url path is only valid with protocol HTTP',
  ),
  endpointChoice,
]

/** The protocol on the wire, whose zero is not our default. */
export function wireProtocol(spec: Static<typeof protocol> | undefined): 'HTTP' | 'GRPC' {
  return spec === 'HTTP' ? 'HTTP' : 'GRPC'
}

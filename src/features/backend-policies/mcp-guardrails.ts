// Services that look at MCP messages before and after the backend does.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Dict, Doc, Enum, exactlyOneOf, items, List, Obj, Opt, rule, setList } from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import type { FeatureContext } from '../shared/context.ts'
import { endpointReferences, resolveEndpoint } from '../shared/endpoints.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome, prefixed, take } from '../shared/flaws.ts'
import { entriesOf, itemsOf } from '../shared/lists.ts'
import {
  celMap,
  endpointChoice,
  endpointFields,
  endpointUrlWithoutPath,
  failureMode,
  headerOrPseudoName,
} from '../shared/refs.ts'

const headerNames = List(headerOrPseudoName, { maxItems: 64 }, setList)

const remote = Obj(
  {
    ...endpointFields,
    allowedRequestHeaders: Opt(Doc('Headers that the service sees; unset, all.', headerNames)),
    disallowedRequestHeaders: Opt(Doc('Headers that the service never sees.', headerNames)),
    failureMode: Opt(Doc('What happens while the service cannot be asked; closed by default.', failureMode)),
    metadata: Opt(Doc('CEL values for the service.', celMap)),
  },
  endpointUrlWithoutPath,
  endpointChoice,
)

const processor = Obj(
  {
    methods: Doc(
      'When each MCP method is looked at; names may begin or end with `*`.',
      Dict(
        Enum(['Off', 'Request', 'Response', 'Full']),
        { minProperties: 1, maxProperties: 64 },
        rule(
          "self.all(k, !k.contains('*') || (k.indexOf('*') == k.lastIndexOf('*') && (k.indexOf('*') == 0 || k.indexOf('*') == size(k) - 1)))",
          "method wildcards must be '*', a prefix like 'tools/*', or a suffix like '*/list'",
        ),
      ),
    ),
    remote: Opt(Doc('A gRPC service.', remote)),
  },
  exactlyOneOf('remote'),
)

type Processor = NonNullable<NonNullable<BackendPolicySpec['mcpGuardrails']>['processors']>[number]
const PHASES = { Off: 'OFF', Request: 'REQUEST', Response: 'RESPONSE', Full: 'FULL' } as const

/** `mcp.guardrails`: services that are asked about MCP messages, one after the other. */
export const mcpGuardrails = backendPolicyFeature({
  field: 'mcp.guardrails',
  base: 'backend/',
  suffix: 'mcp-guardrails',
  schema: Obj({
    processors: Doc('The services, in the order in which they are asked.', List(processor, items(1, 16))),
  }),
  references: ({ processors }, path) =>
    itemsOf(processors).flatMap((each, i) => endpointReferences(each.remote, `${path}.processors[${i}].remote`)),
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const processors = itemsOf(spec.processors).map((each, i): Processor => {
      const value: Processor = {
        methods: Object.fromEntries(entriesOf(each.methods).map(([method, phase]) => [method, PHASES[phase] ?? 'OFF'])),
      }
      if (each.remote !== undefined) {
        value.remote = take(translateRemote(each.remote, ctx, `${path}.processors[${i}].remote`), problems)
      }
      return value
    })
    return outcome({ mcpGuardrails: { processors } }, problems)
  },
})

function translateRemote(
  spec: Static<typeof remote>,
  ctx: FeatureContext,
  path: string,
): Outcome<NonNullable<Processor['remote']>> {
  const endpoint = prefixed('failed to build mcpGuardrails: ', resolveEndpoint(spec, ctx, path))
  const metadata = entriesOf(spec.metadata)
  return outcome(
    {
      target: endpoint.value?.reference,
      inlinePolicies: [...(endpoint.value?.inlinePolicies ?? [])],
      failureMode: spec.failureMode === 'FailOpen' ? 'ALLOW' : 'DENY',
      metadata: Object.fromEntries(metadata),
      allowedRequestHeaders: [...itemsOf(spec.allowedRequestHeaders)],
      disallowedRequestHeaders: [...itemsOf(spec.disallowedRequestHeaders)],
    },
    [
      ...endpoint.problems,
      ...metadata.flatMap(([key, each]) =>
        celFlaws(each, `${path}.metadata[${key}]`, `mcpGuardrails metadata "${key}"`),
      ),
    ],
  )
}

// Which requests are traced, what a trace says, and which OpenTelemetry collector receives it.
import type { Problem } from '../../core/problem.ts'
import { Doc, List, Obj, Opt } from '../../schema/combinators.ts'
import type { FrontendPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import { endpointReferences, resolveEndpoint } from '../shared/endpoints.ts'
import { frontendFeature } from '../shared/feature.ts'
import { flaw, outcome, prefixed, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { celExpression } from '../shared/refs.ts'
import { type Attribute, attribute, attributeFlaws, attributes } from './attributes.ts'
import { collectorFields, collectorRules, wireProtocol } from './collector.ts'

type Tracing = NonNullable<FrontendPolicySpec['tracing']>

/** `tracing`: send traces to a collector. */
export const tracing = frontendFeature({
  field: 'tracing',
  suffix: 'frontend-tracing',
  schema: Obj(
    {
      ...collectorFields,
      attributes: Opt(Doc('Changes to the attributes of spans.', attributes)),
      clientSampling: Opt(
        Doc('CEL that yields a share or a boolean, for traces that the client began; all by default.', celExpression),
      ),
      filter: Opt(Doc('CEL; a span is sent when true.', celExpression)),
      randomSampling: Opt(
        Doc('CEL that yields a share or a boolean, for traces that begin here; none by default.', celExpression),
      ),
      resources: Opt(Doc('Attributes of the resource, the same for all spans.', List(attribute))),
    },
    ...collectorRules,
  ),
  references: endpointReferences,
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const target = prefixed('failed to translate tracing backend: ', resolveEndpoint(spec, ctx, path))
    const endpoint = take(target, problems)
    const value: Tracing = {
      attributes: itemsOf(spec.attributes?.add).map(wireAttribute),
      remove: [...itemsOf(spec.attributes?.remove)],
      resources: itemsOf(spec.resources).map(wireAttribute),
      protocol: wireProtocol(spec.protocol),
      path: spec.path ?? (endpoint?.path || undefined),
      randomSampling: spec.randomSampling,
      clientSampling: spec.clientSampling,
      filter: spec.filter,
    }
    if (endpoint !== undefined) {
      value.providerBackend = endpoint.reference
      value.inlinePolicies = [...endpoint.inlinePolicies]
    }
    problems.push(
      ...attributeFlaws(spec.attributes?.add, `${path}.attributes.add`, 'frontend tracing attribute'),
      ...attributeFlaws(spec.resources, `${path}.resources`, 'frontend tracing resource'),
      ...celFlaws(spec.randomSampling, `${path}.randomSampling`, 'frontend tracing randomSampling'),
      ...celFlaws(spec.clientSampling, `${path}.clientSampling`, 'frontend tracing clientSampling'),
      ...celFlaws(spec.filter, `${path}.filter`, 'frontend tracing filter'),
    )
    if (endpoint?.path && spec.protocol !== 'HTTP') {
      problems.push(flaw(`${path}.url`, 'frontend tracing url path is only valid with protocol HTTP'))
    }
    return outcome({ tracing: value }, problems)
  },
})

function wireAttribute({ name, expression }: Attribute) {
  return { name, value: expression }
}

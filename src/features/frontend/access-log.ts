// What is logged about requests, and whether it is sent to an OpenTelemetry collector as well.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, Obj, Opt } from '../../schema/combinators.ts'
import type { FrontendPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import type { FeatureContext } from '../shared/context.ts'
import { endpointReferences, resolveEndpoint } from '../shared/endpoints.ts'
import { frontendFeature } from '../shared/feature.ts'
import { flaw, outcome, prefixed, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { celExpression } from '../shared/refs.ts'
import { type Attributes, attributeFlaws, attributes } from './attributes.ts'
import { collectorFields, collectorRules, wireProtocol } from './collector.ts'

const otlp = Obj(
  {
    ...collectorFields,
    attributes: Opt(Doc('Changes to the attributes that are sent; those of the log by default.', attributes)),
    filter: Opt(Doc('CEL; a request is sent when true. By default what is logged is sent.', celExpression)),
  },
  ...collectorRules,
)

type Logging = NonNullable<FrontendPolicySpec['logging']>
type OtlpAccessLog = NonNullable<Logging['otlpAccessLog']>

/** `accessLog`: what is logged about requests. */
export const accessLog = frontendFeature({
  field: 'accessLog',
  suffix: 'frontend-logging',
  schema: Obj({
    attributes: Opt(Doc('Changes to the attributes of a line.', attributes)),
    filter: Opt(Doc('CEL; a request is logged when true. All are by default.', celExpression)),
    otlp: Opt(Doc('Send the log to an OpenTelemetry collector, too.', otlp)),
  }),
  references: (spec, path) => endpointReferences(spec.otlp, `${path}.otlp`),
  translate: (spec, ctx, path) => {
    const what = 'frontend accessLog'
    const problems: Problem[] = [
      ...celFlaws(spec.filter, `${path}.filter`, `${what} filter`),
      ...attributeFlaws(spec.attributes?.add, `${path}.attributes.add`, `${what} field`),
    ]
    const value: Logging = { filter: spec.filter }
    if (spec.attributes !== undefined) value.fields = wireFields(spec.attributes)
    if (spec.otlp !== undefined) value.otlpAccessLog = take(translateOtlp(spec.otlp, ctx, `${path}.otlp`), problems)
    return outcome({ logging: value }, problems)
  },
})

function wireFields({ add, remove }: Attributes): NonNullable<Logging['fields']> {
  return {
    remove: [...itemsOf(remove)],
    add: itemsOf(add).map(({ name, expression }) => ({ name, expression })),
  }
}

function translateOtlp(spec: Static<typeof otlp>, ctx: FeatureContext, path: string): Outcome<OtlpAccessLog> {
  const what = 'frontend accessLog OTLP'
  const problems: Problem[] = []
  const target = prefixed('failed to translate access log OTLP backend: ', resolveEndpoint(spec, ctx, path))
  const endpoint = take(target, problems)
  problems.push(
    ...celFlaws(spec.filter, `${path}.filter`, `${what} filter`),
    ...attributeFlaws(spec.attributes?.add, `${path}.attributes.add`, `${what} field`),
  )
  if (endpoint?.path && spec.protocol !== 'HTTP') {
    problems.push(flaw(`${path}.url`, `${what} url path is only valid with protocol HTTP`))
  }
  const value: OtlpAccessLog = {
    protocol: wireProtocol(spec.protocol),
    path: spec.path ?? (endpoint?.path || undefined),
    filter: spec.filter,
  }
  if (spec.attributes !== undefined) value.fields = wireFields(spec.attributes)
  if (endpoint !== undefined) {
    value.providerBackend = endpoint.reference
    value.inlinePolicies = [...endpoint.inlinePolicies]
  }
  return outcome(value, problems)
}

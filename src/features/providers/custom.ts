// Any service that speaks one of the known API formats, at a host of its own or behind a Service or InferencePool.
import { ok, rejected } from '../../core/problem.ts'
import { Doc, Enum, fallback, items, List, mapList, Obj, Opt, rule, With } from '../../schema/combinators.ts'
import type { ProviderFormat, ProviderFormatConfig } from '../../wire/messages.ts'
import { itemsOf } from '../shared/lists.ts'
import { apiGroup, kindName, longString, objectName, port, shortString } from '../shared/refs.ts'
import { provider } from './provider.ts'

const FORMATS: Readonly<Record<string, ProviderFormat>> = {
  AnthropicTokenCount: 'ANTHROPIC_TOKEN_COUNT',
  Completions: 'COMPLETIONS',
  Embeddings: 'EMBEDDINGS',
  Messages: 'MESSAGES',
  Realtime: 'REALTIME',
  Rerank: 'RERANK',
  Responses: 'RESPONSES',
}

const backendRef = Obj(
  {
    group: Opt(Doc('API group of the target; empty for a Service.', With(apiGroup, fallback('')))),
    kind: Opt(Doc('Service or InferencePool.', With(kindName, fallback('Service')))),
    name: Doc('Name of the target, in the namespace of the object that refers to it.', objectName),
    port: Opt(Doc('Port of the target; required for a Service, of no effect for an InferencePool.', port)),
  },
  rule(
    "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
    'Must have port for Service reference',
  ),
)
const format = Obj(
  {
    type: Doc(
      'The API format.',
      Enum(['AnthropicTokenCount', 'Completions', 'Embeddings', 'Messages', 'Realtime', 'Rerank', 'Responses']),
    ),
    path: Opt(Doc('Path at which the provider serves this format, if not at the usual one.', longString)),
  },
  rule("!has(self.path) || self.path.startsWith('/')", 'path must start with /'),
)
const settings = {
  formats: Doc('API formats that the provider serves.', List(format, items(1, 6), mapList('type'))),
  backendRef: Opt(Doc('Where the provider runs, when it is in this cluster.', backendRef)),
}
const targetKinds = rule(
  "!has(self.backendRef) || (((!has(self.backendRef.group) || self.backendRef.group == \"\") && (!has(self.backendRef.kind) || self.backendRef.kind == 'Service')) || (has(self.backendRef.group) && self.backendRef.group == 'inference.networking.k8s.io' && has(self.backendRef.kind) && self.backendRef.kind == 'InferencePool'))",
  'custom provider backendRef may target only Service or InferencePool',
)

/** The fields of `custom` without a model, as AgentgatewayModel has them. */
export const customSettings = Obj(settings, targetKinds)

/** `custom`: any provider that serves a known API format. */
export const custom = provider({
  field: 'custom',
  schema: Obj({ ...settings, model: Opt(Doc('Model to use for every request.', shortString)) }, targetKinds),
  references: (spec, path) => (spec.backendRef ? [{ ref: spec.backendRef, path: `${path}.backendRef` }] : []),
  translate: (spec, ctx, path) => {
    const formats: ProviderFormatConfig[] = []
    for (const [index, { type, path: formatPath }] of itemsOf(spec.formats).entries()) {
      const wire = FORMATS[type]
      if (wire === undefined) {
        return rejected(
          'TranslationError',
          `${path}.formats[${index}].type`,
          `unsupported custom provider format ${JSON.stringify(type ?? '')}`,
        )
      }
      formats.push({ format: wire, path: formatPath })
    }
    const arm = { custom: { formats, model: spec.model } }
    if (!spec.backendRef) return ok(arm)
    const target = ctx.providerBackend(spec.backendRef, `${path}.backendRef`)
    if (target.value === undefined || target.problems.length > 0) return { value: undefined, problems: target.problems }
    return ok({ ...arm, providerBackend: target.value })
  },
})

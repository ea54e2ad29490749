// What happens to requests to language models: fields of the request, prompts, guards, caching, names of models, and
// which format a path speaks.
import type { Static } from 'typebox'
import type { Problem } from '../../core/problem.ts'
import {
  AnyJson,
  atLeastOneOf,
  Bool,
  Dict,
  Doc,
  Enum,
  fallback,
  Int,
  items,
  List,
  Obj,
  Opt,
  range,
  Str,
} from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { outcome, take } from '../shared/flaws.ts'
import { entriesOf, itemsOf } from '../shared/lists.ts'
import { celExpression, shortString } from '../shared/refs.ts'
import { promptGuard, promptGuardReferences, translatePromptGuard } from './ai-prompt-guard.ts'

type Ai = NonNullable<BackendPolicySpec['ai']>

const fieldValues = List(
  Obj({ field: Doc('Name of the field.', shortString), value: Doc('Its value, any JSON.', AnyJson()) }),
  items(1, 64),
)
const messages = List(Obj({ content: Doc('Text.', Str()), role: Doc('Role, such as `system`.', Str()) }))
const prompt = Obj({
  append: Opt(Doc('Messages to add at the end.', messages)),
  prepend: Opt(Doc('Messages to add in front.', messages)),
})
const promptCaching = Obj({
  cacheMessageOffset: Opt(Doc('How many of the last messages are left out of the cache.', Int(range(0), fallback(0)))),
  cacheMessages: Opt(Doc('Cache the messages.', Bool(fallback(true)))),
  cacheSystem: Opt(Doc('Cache the system prompt.', Bool(fallback(true)))),
  cacheTools: Opt(Doc('Cache the descriptions of tools.', Bool(fallback(false)))),
  minTokens: Opt(Doc('Length from which prompts are cached.', Int(range(0), fallback(1024)))),
})

const ROUTE_TYPES = {
  AnthropicTokenCount: 'ANTHROPIC_TOKEN_COUNT',
  Completions: 'COMPLETIONS',
  Detect: 'DETECT',
  Embeddings: 'EMBEDDINGS',
  GeminiCountTokens: 'GEMINI_COUNT_TOKENS',
  GenerateContent: 'GENERATE_CONTENT',
  Messages: 'MESSAGES',
  Models: 'MODELS',
  Passthrough: 'PASSTHROUGH',
  Realtime: 'REALTIME',
  Rerank: 'RERANK',
  Responses: 'RESPONSES',
} as const
const routeType = Enum([
  'AnthropicTokenCount',
  'Completions',
  'Detect',
  'Embeddings',
  'GeminiCountTokens',
  'GenerateContent',
  'Messages',
  'Models',
  'Passthrough',
  'Realtime',
  'Rerank',
  'Responses',
])

/** Fields of a request computed by CEL; AgentgatewayModel has them, too. */
const fieldTransformations = List(
  Obj({
    expression: Doc('CEL expression of its value.', celExpression),
    field: Doc('Name of the field.', shortString),
  }),
  items(1, 64),
)

/** `ai`: what happens to requests to language models. */
export const ai = backendPolicyFeature({
  field: 'ai',
  base: 'backend/',
  suffix: 'ai',
  schema: Obj(
    {
      defaults: Opt(Doc('Fields that are set when the request lacks them.', fieldValues)),
      finalTransformations: Opt(
        Doc("Fields that are computed once the request is in the provider's format.", fieldTransformations),
      ),
      modelAliases: Opt(
        Doc('Names that clients may ask for, and the model that each stands for.', Dict(Str(), { maxProperties: 64 })),
      ),
      overrides: Opt(Doc('Fields that are always set.', fieldValues)),
      prompt: Opt(Doc('Messages to add.', prompt)),
      promptCaching: Opt(Doc('Caching of prompts by the provider.', promptCaching)),
      promptGuard: Opt(Doc('Guards that look at prompts and answers.', promptGuard)),
      routes: Opt(Doc('Format that each path suffix speaks; `*` is any path.', Dict(routeType))),
      transformations: Opt(
        Doc("Fields that are computed before the request gets the provider's format.", fieldTransformations),
      ),
    },
    atLeastOneOf(
      'defaults',
      'finalTransformations',
      'modelAliases',
      'overrides',
      'prompt',
      'promptCaching',
      'promptGuard',
      'routes',
      'transformations',
    ),
  ),
  references: (spec, path) => promptGuardReferences(spec.promptGuard, `${path}.promptGuard`),
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const value: Ai = {
      defaults: jsonTexts(spec.defaults),
      overrides: jsonTexts(spec.overrides),
      transformations: take(translateFieldExpressions(spec.transformations, `${path}.transformations`), problems),
      finalTransformations: take(
        translateFieldExpressions(spec.finalTransformations, `${path}.finalTransformations`),
        problems,
      ),
      modelAliases: Object.fromEntries(entriesOf(spec.modelAliases)),
      routes: Object.fromEntries(
        entriesOf(spec.routes).map(([suffix, type]) => [suffix, ROUTE_TYPES[type] ?? 'COMPLETIONS']),
      ),
    }
    if (spec.prompt !== undefined) {
      value.prompts = { prepend: [...itemsOf(spec.prompt.prepend)], append: [...itemsOf(spec.prompt.append)] }
    }
    if (spec.promptCaching !== undefined) value.promptCaching = wirePromptCaching(spec.promptCaching)
    if (spec.promptGuard !== undefined) {
      value.promptGuard = take(translatePromptGuard(spec.promptGuard, ctx, `${path}.promptGuard`), problems)
    }
    return outcome({ ai: value }, problems)
  },
})

function jsonTexts(fields: Static<typeof fieldValues> | undefined): Record<string, string> {
  return Object.fromEntries(itemsOf(fields).map(({ field, value }) => [field, JSON.stringify(value ?? null)]))
}

/** Fields and their expressions on the wire; a later entry wins over an earlier one of the same field. */
function translateFieldExpressions(
  fields: Static<typeof fieldTransformations> | undefined,
  path: string,
): { readonly value: Record<string, string>; readonly problems: readonly Problem[] } {
  const list = itemsOf(fields)
  return {
    value: Object.fromEntries(list.map(({ field, expression }) => [field, expression])),
    problems: list.flatMap(({ field, expression }, i) =>
      celFlaws(expression, `${path}[${i}].expression`, `transformation "${field}"`),
    ),
  }
}

function wirePromptCaching(spec: Static<typeof promptCaching>): NonNullable<Ai['promptCaching']> {
  const { cacheSystem, cacheMessages, cacheTools, minTokens, cacheMessageOffset = 0 } = spec
  return {
    cacheSystem,
    cacheMessages,
    cacheTools,
    minTokens: minTokens ?? 0,
    cacheMessageOffset: cacheMessageOffset > 0 ? cacheMessageOffset : undefined,
  }
}

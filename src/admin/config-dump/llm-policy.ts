// What is done to requests to language models and to their answers: guards, prompts, defaults, aliases, routes.
import type {
  BackendPolicySpecAi,
  BackendPolicySpecAiAzureContentSafety,
  BackendPolicySpecAiBedrockGuardrails,
  BackendPolicySpecAiBuiltinRegexRule,
  BackendPolicySpecAiGoogleModelArmor,
  BackendPolicySpecAiPromptGuard,
  BackendPolicySpecAiRegexRules,
  BackendPolicySpecAiRequestGuard,
  BackendPolicySpecAiRequestRejection,
  BackendPolicySpecAiResponseGuard,
  BackendPolicySpecAiRouteType,
  BackendPolicySpecAiWebhook,
} from '../../wire/messages.ts'
import { backendPolicy } from './backend-policies.ts'
import { reference } from './references.ts'
import { headerMatches } from './routes.ts'
import { camel, isRegex, type Rendered, some, someTexts, textOf } from './values.ts'

const DEFAULT_REJECTION = 'The request was rejected due to inappropriate content'
const DEFAULT_STATUS = 403
const DEFAULT_SCOPES = ['CONTENT_SCOPE_SYSTEM_PROMPT', 'CONTENT_SCOPE_MESSAGES'] as const

/** A policy for language models; what came over xDS always has defaults and overrides. */
export function llmPolicy(ai: BackendPolicySpecAi): Rendered {
  const { promptGuard, prompts, promptCaching: caching } = ai
  const messages = (list: NonNullable<typeof prompts>['append']): Rendered =>
    some((list ?? []).map(({ role = '', content = '' }) => ({ role, content })))
  return {
    promptGuard: promptGuard ? guards(promptGuard) : undefined,
    defaults: jsonTexts(ai.defaults),
    overrides: jsonTexts(ai.overrides),
    transformations: someTexts(ai.transformations),
    finalTransformations: someTexts(ai.finalTransformations),
    prompts: prompts ? { append: messages(prompts.append), prepend: messages(prompts.prepend) } : undefined,
    modelAliases: someTexts(ai.modelAliases),
    promptCaching: caching
      ? {
          cacheSystem: caching.cacheSystem ?? false,
          cacheMessages: caching.cacheMessages ?? false,
          cacheTools: caching.cacheTools ?? false,
          minTokens: caching.minTokens ?? null,
          cacheMessageOffset: caching.cacheMessageOffset ?? 0,
        }
      : undefined,
    routes: routes(ai.routes ?? {}),
  }
}

// What models of a gateway are served as when their policy says nothing.
const MODEL_ROUTES: Readonly<Record<string, BackendPolicySpecAiRouteType>> = {
  '/v1/chat/completions': 'COMPLETIONS',
  '/v1/messages': 'MESSAGES',
  '/v1/messages/count_tokens': 'ANTHROPIC_TOKEN_COUNT',
  ':rawPredict': 'MESSAGES',
  ':streamRawPredict': 'MESSAGES',
  ':generateContent': 'GENERATE_CONTENT',
  ':streamGenerateContent': 'GENERATE_CONTENT',
  ':countTokens': 'GEMINI_COUNT_TOKENS',
  '/v1/responses': 'RESPONSES',
  '/v1/images/generations': 'DETECT',
  '/v1/images/edits': 'DETECT',
  '/v1/images/variations': 'DETECT',
  '/v1/responses/compact': 'DETECT',
  '/v1/embeddings': 'EMBEDDINGS',
  '/v1/rerank': 'RERANK',
  '/v2/rerank': 'RERANK',
  '*': 'PASSTHROUGH',
}

/** The policy of a model that brings none. */
export function defaultModelPolicy(): Rendered {
  return { routes: routes(MODEL_ROUTES) }
}

/** Longer paths first, the star last. */
function routes(given: Readonly<Record<string, BackendPolicySpecAiRouteType>>): Rendered {
  const entries = Object.entries(given).sort(
    ([a], [b]) =>
      Number(a === '*') - Number(b === '*') || Buffer.byteLength(b) - Buffer.byteLength(a) || (a < b ? -1 : 1),
  )
  if (entries.length === 0) return undefined
  return Object.fromEntries(entries.map(([path, type]) => [path, type === 'UNSPECIFIED' ? 'completions' : camel(type)]))
}

function jsonTexts(map: Readonly<Record<string, string>> | undefined): Rendered {
  return Object.fromEntries(
    Object.entries(map ?? {}).map(([key, value]) => {
      try {
        return [key, JSON.parse(value)]
      } catch {
        return [key, value]
      }
    }),
  )
}

function guards({ request, response, streaming }: BackendPolicySpecAiPromptGuard): Rendered {
  return {
    streaming: streaming === 'ENABLED' ? 'Enabled' : undefined,
    request: some((request ?? []).map(requestGuard)),
    response: some((response ?? []).map(responseGuard)),
  }
}

function requestGuard(guard: BackendPolicySpecAiRequestGuard): Rendered {
  const scopes = (guard.scope ?? []).length > 0 ? (guard.scope ?? []) : DEFAULT_SCOPES
  const moderation = guard.openaiModeration
  return {
    rejection: rejection(guard.rejection),
    scope: scopes.map((scope) => camel(String(scope).replace(/^CONTENT_SCOPE_/, ''))),
    ...(moderation
      ? {
          openAIModeration: {
            model: moderation.model,
            policies: some((moderation.inlinePolicies ?? []).map(backendPolicy)),
          },
        }
      : guardKind(guard)),
  }
}

function responseGuard(guard: BackendPolicySpecAiResponseGuard): Rendered {
  return { rejection: rejection(guard.rejection), ...guardKind(guard) }
}

function guardKind(guard: Omit<BackendPolicySpecAiResponseGuard, 'kind'>): Readonly<Record<string, Rendered>> {
  if (guard.regex) return { regex: regexRules(guard.regex) }
  if (guard.webhook) return { webhook: webhook(guard.webhook) }
  if (guard.googleModelArmor) return { googleModelArmor: modelArmor(guard.googleModelArmor) }
  if (guard.bedrockGuardrails) return { bedrockGuardrails: bedrock(guard.bedrockGuardrails) }
  if (guard.azureContentSafety) return { azureContentSafety: contentSafety(guard.azureContentSafety) }
  return {}
}

function rejection(given: BackendPolicySpecAiRequestRejection | null | undefined): Rendered {
  if (!given) return { body: DEFAULT_REJECTION, status: DEFAULT_STATUS }
  const { status = 0 } = given
  return { body: textOf(given.body), status: status >= 100 && status < 1000 ? status : DEFAULT_STATUS }
}

function regexRules({ action, rules = [] }: BackendPolicySpecAiRegexRules): Rendered {
  return {
    action: action === 'REJECT' ? 'reject' : 'mask',
    // Rules that cannot be used are skipped.
    rules: rules.flatMap(({ builtin, regex }): readonly Rendered[] => {
      if (regex !== undefined) return isRegex(regex) ? [{ pattern: regex }] : []
      return builtin === undefined || builtin === 'BUILTIN_UNSPECIFIED' ? [] : [{ builtin: builtinName(builtin) }]
    }),
  }
}

function builtinName(builtin: BackendPolicySpecAiBuiltinRegexRule): string {
  return camel(builtin)
}

function webhook({ backend, headers, forwardHeaderMatches, failureMode }: BackendPolicySpecAiWebhook): Rendered {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    target: reference(backend),
    headers: entries.length === 0 ? undefined : Object.fromEntries(entries),
    forwardHeaderMatches: some(headerMatches(forwardHeaderMatches)),
    failureMode: failureMode === 'FAIL_OPEN' ? 'failOpen' : undefined,
  }
}

function modelArmor(armor: BackendPolicySpecAiGoogleModelArmor): Rendered {
  return {
    templateId: armor.templateId ?? '',
    projectId: armor.projectId ?? '',
    location: armor.location,
    policies: some((armor.inlinePolicies ?? []).map(backendPolicy)),
  }
}

function bedrock(guardrails: BackendPolicySpecAiBedrockGuardrails): Rendered {
  return {
    guardrailIdentifier: guardrails.identifier ?? '',
    guardrailVersion: guardrails.version ?? '',
    region: guardrails.region ?? '',
    policies: some((guardrails.inlinePolicies ?? []).map(backendPolicy)),
  }
}

function contentSafety(safety: BackendPolicySpecAiAzureContentSafety): Rendered {
  return {
    endpoint: safety.endpoint ?? '',
    policies: some((safety.inlinePolicies ?? []).map(backendPolicy)),
    analyzeText: {
      severityThreshold: safety.severityThreshold,
      apiVersion: safety.apiVersion,
      blocklistNames: some(safety.blocklistNames),
      haltOnBlocklistHit: safety.haltOnBlocklistHit,
    },
  }
}

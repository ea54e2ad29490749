// Providers of language models, by priority: each as an endpoint with counters, which a control plane does not have.
import type {
  AIBackend,
  AIProvider,
  AIProviderGroup,
  OpenAIModeration,
  OpenAIModerationConfig,
} from '../../wire/messages.ts'
import { backendPolicy, backendTls } from './backend-policies.ts'
import { PRESETS } from './presets.ts'
import { reference } from './references.ts'
import { camel, portNumber, type Rendered, some, targetText, text } from './values.ts'

const DEFAULT_MODERATION_MODEL = 'omni-moderation-latest'

/** The provider groups of a backend. */
export function aiProviders({ providerGroups = [] }: AIBackend): Rendered {
  return { providers: providerGroups.filter(({ providers = [] }) => providers.length > 0).map(group) }
}

/** An endpoint nobody has asked yet. */
export function endpoint(endpoint: Rendered, capacity: number): Rendered {
  return { endpoint, info: UNTOUCHED, capacity }
}

const UNTOUCHED: Rendered = {
  health: 1,
  requestLatency: 0,
  pendingRequests: 0,
  totalRequests: 0,
  consecutiveFailures: 0,
  timesEjected: 0,
  evictedUntil: null,
}

function group({ providers = [] }: AIProviderGroup): Rendered {
  const active = Object.fromEntries(
    providers.map((provider) => {
      const name = text(provider.name) ?? 'default'
      return [name, endpoint(namedProvider(name, provider), 1)]
    }),
  )
  return { active, rejected: {} }
}

function namedProvider(name: string, given: AIProvider): Rendered {
  const { hostOverride, pathPrefix, usesTls } = connection(given)
  const policies = (given.inlinePolicies ?? []).map(backendPolicy)
  return {
    name,
    provider: provider(given),
    providerBackend: given.providerBackend ? reference(given.providerBackend) : undefined,
    hostOverride: hostOverride ?? null,
    pathOverride: given.pathOverride ?? null,
    pathPrefix: pathPrefix ?? null,
    tokenize: false,
    inlinePolicies: some(usesTls ? [...policies, { backendTLS: backendTls({}) }] : policies),
  }
}

interface Connection {
  readonly hostOverride: string | undefined
  readonly pathPrefix: string | undefined
  readonly usesTls: boolean
}

/** Where the provider is: a URL says it all, else host and prefix, else what a preset brings. */
function connection({ baseUrl, hostOverride, pathPrefix, providerPreset }: AIProvider): Connection {
  if (baseUrl !== undefined) return fromUrl(baseUrl)
  if (hostOverride) {
    return {
      hostOverride: targetText(hostOverride.host ?? '', portNumber(hostOverride.port)),
      pathPrefix,
      usesTls: false,
    }
  }
  const preset = providerPreset === undefined ? undefined : PRESETS[providerPreset]
  return preset === undefined ? { hostOverride: undefined, pathPrefix, usesTls: false } : fromUrl(preset.baseUrl)
}

function fromUrl(baseUrl: string): Connection {
  const url = URL.parse(baseUrl)
  if (url === null) return { hostOverride: undefined, pathPrefix: undefined, usesTls: false }
  const usesTls = url.protocol === 'https:'
  const port = url.port === '' ? (usesTls ? 443 : 80) : Number(url.port)
  return {
    hostOverride: targetText(url.hostname.replace(/^\[|\]$/g, ''), port),
    pathPrefix: text(url.pathname.replace(/\/+$/, '')),
    usesTls,
  }
}

function provider(given: AIProvider): Rendered {
  // The override replaces the provider's own model in every kind.
  const model = (own: string | undefined): string | undefined => given.modelOverride ?? own
  if (given.openai) {
    const { model: own, moderation } = given.openai
    return { openAI: { model: model(own), moderation: moderation ? openAIModeration(moderation) : undefined } }
  }
  if (given.gemini) return { gemini: { model: model(given.gemini.model) } }
  if (given.vertex) {
    const { model: own, region, projectId = '' } = given.vertex
    return { vertex: { model: model(own), region: text(region), projectId } }
  }
  if (given.anthropic) return { anthropic: { model: model(given.anthropic.model) } }
  if (given.bedrock) {
    const { model: own, region = '', guardrailIdentifier, guardrailVersion } = given.bedrock
    return { bedrock: { model: model(own), region, guardrailIdentifier, guardrailVersion } }
  }
  if (given.azure) {
    const { model: own, resourceName = '', resourceType, apiVersion, projectName } = given.azure
    const type = resourceType === 'FOUNDRY' ? 'foundry' : 'openAI'
    return { azure: { model: model(own), resourceName, resourceType: type, apiVersion, projectName } }
  }
  if (given.custom) {
    const { model: own, providerOverride, formats = [] } = given.custom
    return {
      custom: {
        model: model(own),
        providerOverride,
        formats: formats.map(({ format, path }) => ({ type: camel(format ?? ''), path: path ?? null })),
      },
    }
  }
  const preset = given.providerPreset === undefined ? undefined : PRESETS[given.providerPreset]
  if (preset === undefined) return null
  return {
    custom: {
      model: model(undefined),
      providerOverride: preset.name,
      formats: preset.formats.map(([type, path]) => ({ type, path: path ?? null })),
    },
  }
}

function openAIModeration({ model, policy }: OpenAIModeration): Rendered {
  const config = (given: OpenAIModerationConfig | null | undefined): Rendered =>
    given ? { mode: camel(String(given.mode ?? '').replace(/^MODERATION_MODE_/, '')) } : undefined
  return {
    model: text(model) ?? DEFAULT_MODERATION_MODEL,
    policy: policy ? { input: config(policy.input), output: config(policy.output) } : undefined,
  }
}

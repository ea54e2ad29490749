// How AgentgatewayModel names a provider: by one word. Some words stand for a provider of this folder with its settings
// in a field beside it, the others for a preset whose endpoint and formats the proxy knows.
import { type Outcome, ok, rejected } from '../../core/problem.ts'
import type { ProviderPreset } from '../../wire/messages.ts'
import { anthropic } from './anthropic.ts'
import { azure } from './azure.ts'
import { bedrock } from './bedrock.ts'
import { custom } from './custom.ts'
import { gemini } from './gemini.ts'
import { openai } from './openai.ts'
import type { Provider, ProviderArm, ProviderContext } from './provider.ts'
import { vertexai } from './vertexai.ts'

const PRESETS: Readonly<Record<string, ProviderPreset>> = {
  Baseten: 'PROVIDER_PRESET_BASETEN',
  Cerebras: 'PROVIDER_PRESET_CEREBRAS',
  Cohere: 'PROVIDER_PRESET_COHERE',
  Deepinfra: 'PROVIDER_PRESET_DEEPINFRA',
  Deepseek: 'PROVIDER_PRESET_DEEPSEEK',
  Fireworks: 'PROVIDER_PRESET_FIREWORKS',
  Groq: 'PROVIDER_PRESET_GROQ',
  Huggingface: 'PROVIDER_PRESET_HUGGINGFACE',
  Mistral: 'PROVIDER_PRESET_MISTRAL',
  Ollama: 'PROVIDER_PRESET_OLLAMA',
  Openrouter: 'PROVIDER_PRESET_OPENROUTER',
  TogetherAI: 'PROVIDER_PRESET_TOGETHERAI',
  XAI: 'PROVIDER_PRESET_XAI',
}

const MANAGED: Readonly<Record<string, Provider>> = { OpenAI: openai, Anthropic: anthropic, Gemini: gemini }
const CONFIGURED: Readonly<Record<string, Provider>> = {
  Azure: azure,
  VertexAI: vertexai,
  Bedrock: bedrock,
  Custom: custom,
}

/** A provider as AgentgatewayModel writes it: the word, and the settings fields of the spec. */
export interface NamedProvider {
  readonly provider: string
  readonly azure?: object | undefined
  readonly vertexai?: object | undefined
  readonly bedrock?: object | undefined
  readonly custom?: object | undefined
}

/** The message of a provider given by its word; `model` is the model that is asked for, unset to leave the request's. */
export function translateNamedProvider(
  spec: NamedProvider,
  model: string | undefined,
  ctx: ProviderContext,
): Outcome<ProviderArm> {
  const preset = PRESETS[spec.provider]
  if (preset !== undefined) return ok({ providerPreset: preset, modelOverride: model })
  const managed = MANAGED[spec.provider]
  if (managed !== undefined) return translated(managed, { [managed.field]: { model } }, ctx)
  const configured = CONFIGURED[spec.provider]
  if (configured === undefined) {
    return rejected('Invalid', 'spec.provider', `unsupported model provider ${JSON.stringify(spec.provider)}`)
  }
  // The field of a provider that takes settings is one of those listed above.
  const settings = spec[configured.field as 'azure' | 'vertexai' | 'bedrock' | 'custom']
  if (!settings) {
    const { field } = configured
    return rejected('Invalid', `spec.${field}`, `${field} provider requires ${field} configuration`)
  }
  return translated(configured, { [configured.field]: { ...settings, model } }, ctx)
}

function translated(provider: Provider, owner: object, ctx: ProviderContext): Outcome<ProviderArm> {
  return provider.translateIn(owner, ctx, 'spec') ?? rejected('Invalid', 'spec.provider', 'no provider is set')
}

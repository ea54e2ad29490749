// What a provider preset of the wire stands for inside the proxy: where the provider is and which APIs it speaks.

/** A preset: formats with their paths where they are not the usual ones. */
export interface Preset {
  readonly name: string
  readonly baseUrl: string
  readonly formats: readonly (readonly [string, string?])[]
}

/** Presets by their name on the wire. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  PROVIDER_PRESET_COHERE: {
    name: 'cohere',
    baseUrl: 'https://api.cohere.ai',
    formats: [
      ['completions', '/compatibility/v1/chat/completions'],
      ['embeddings', '/compatibility/v1/embeddings'],
      ['rerank', '/v2/rerank'],
    ],
  },
  PROVIDER_PRESET_OLLAMA: {
    name: 'ollama',
    baseUrl: 'http://localhost:11434/v1',
    formats: [['completions'], ['responses'], ['embeddings']],
  },
  PROVIDER_PRESET_BASETEN: {
    name: 'baseten',
    baseUrl: 'https://inference.baseten.co/v1',
    formats: [['completions'], ['messages']],
  },
  PROVIDER_PRESET_CEREBRAS: {
    name: 'cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    formats: [['completions']],
  },
  PROVIDER_PRESET_DEEPINFRA: {
    name: 'deepinfra',
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    formats: [['completions'], ['messages', '/anthropic/v1/messages'], ['embeddings']],
  },
  PROVIDER_PRESET_DEEPSEEK: {
    name: 'deepseek',
    baseUrl: 'https://api.deepseek.com/v1',
    formats: [['completions'], ['messages', '/anthropic/v1/messages'], ['responses']],
  },
  PROVIDER_PRESET_GROQ: {
    name: 'groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    formats: [['completions'], ['responses']],
  },
  PROVIDER_PRESET_HUGGINGFACE: {
    name: 'huggingface',
    baseUrl: 'https://router.huggingface.co/v1',
    formats: [['completions'], ['responses']],
  },
  PROVIDER_PRESET_MISTRAL: {
    name: 'mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    formats: [['completions'], ['embeddings']],
  },
  PROVIDER_PRESET_OPENROUTER: {
    name: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    formats: [['completions'], ['messages'], ['responses'], ['embeddings'], ['rerank']],
  },
  PROVIDER_PRESET_TOGETHERAI: {
    name: 'togetherai',
    baseUrl: 'https://api.together.xyz/v1',
    formats: [['completions'], ['embeddings'], ['rerank']],
  },
  PROVIDER_PRESET_XAI: {
    name: 'xai',
    baseUrl: 'https://api.x.ai/v1',
    formats: [['completions'], ['responses'], ['realtime']],
  },
  PROVIDER_PRESET_FIREWORKS: {
    name: 'fireworks',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    formats: [['completions'], ['messages'], ['responses'], ['embeddings'], ['rerank']],
  },
}

// Original file: resource.proto

import type { BackendPolicySpec as _agentgateway_dev_resource_BackendPolicySpec, BackendPolicySpec__Output as _agentgateway_dev_resource_BackendPolicySpec__Output } from '../../../agentgateway/dev/resource/BackendPolicySpec.ts';
import type { BackendReference as _agentgateway_dev_resource_BackendReference, BackendReference__Output as _agentgateway_dev_resource_BackendReference__Output } from '../../../agentgateway/dev/resource/BackendReference.ts';

export interface _agentgateway_dev_resource_AIBackend_Anthropic {
  'model'?: (string);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_Anthropic__Output {
  'model'?: (string);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_Azure {
  'resourceName'?: (string);
  'resourceType'?: (_agentgateway_dev_resource_AIBackend_AzureResourceType);
  'model'?: (string);
  'apiVersion'?: (string);
  'projectName'?: (string);
  '_model'?: "model";
  '_apiVersion'?: "apiVersion";
  '_projectName'?: "projectName";
}

export interface _agentgateway_dev_resource_AIBackend_Azure__Output {
  'resourceName'?: (string);
  'resourceType'?: (_agentgateway_dev_resource_AIBackend_AzureResourceType__Output);
  'model'?: (string);
  'apiVersion'?: (string);
  'projectName'?: (string);
  '_model'?: "model";
  '_apiVersion'?: "apiVersion";
  '_projectName'?: "projectName";
}

export interface _agentgateway_dev_resource_AIBackend_AzureOpenAI {
  'model'?: (string);
  'host'?: (string);
  'apiVersion'?: (string);
  'projectName'?: (string);
  '_model'?: "model";
  '_apiVersion'?: "apiVersion";
  '_projectName'?: "projectName";
}

export interface _agentgateway_dev_resource_AIBackend_AzureOpenAI__Output {
  'model'?: (string);
  'host'?: (string);
  'apiVersion'?: (string);
  'projectName'?: (string);
  '_model'?: "model";
  '_apiVersion'?: "apiVersion";
  '_projectName'?: "projectName";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_AIBackend_AzureResourceType = {
  OPEN_AI: 'OPEN_AI',
  FOUNDRY: 'FOUNDRY',
} as const;

export type _agentgateway_dev_resource_AIBackend_AzureResourceType =
  | 'OPEN_AI'
  | 0
  | 'FOUNDRY'
  | 1

export type _agentgateway_dev_resource_AIBackend_AzureResourceType__Output = typeof _agentgateway_dev_resource_AIBackend_AzureResourceType[keyof typeof _agentgateway_dev_resource_AIBackend_AzureResourceType]

export interface _agentgateway_dev_resource_AIBackend_Bedrock {
  'model'?: (string);
  'region'?: (string);
  'guardrailIdentifier'?: (string);
  'guardrailVersion'?: (string);
  '_model'?: "model";
  '_guardrailIdentifier'?: "guardrailIdentifier";
  '_guardrailVersion'?: "guardrailVersion";
}

export interface _agentgateway_dev_resource_AIBackend_Bedrock__Output {
  'model'?: (string);
  'region'?: (string);
  'guardrailIdentifier'?: (string);
  'guardrailVersion'?: (string);
  '_model'?: "model";
  '_guardrailIdentifier'?: "guardrailIdentifier";
  '_guardrailVersion'?: "guardrailVersion";
}

export interface _agentgateway_dev_resource_AIBackend_Custom {
  'formats'?: (_agentgateway_dev_resource_AIBackend_ProviderFormatConfig)[];
  'model'?: (string);
  'providerOverride'?: (string);
  '_model'?: "model";
  '_providerOverride'?: "providerOverride";
}

export interface _agentgateway_dev_resource_AIBackend_Custom__Output {
  'formats'?: (_agentgateway_dev_resource_AIBackend_ProviderFormatConfig__Output)[];
  'model'?: (string);
  'providerOverride'?: (string);
  '_model'?: "model";
  '_providerOverride'?: "providerOverride";
}

export interface _agentgateway_dev_resource_AIBackend_Gemini {
  'model'?: (string);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_Gemini__Output {
  'model'?: (string);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_HostOverride {
  'host'?: (string);
  'port'?: (number);
}

export interface _agentgateway_dev_resource_AIBackend_HostOverride__Output {
  'host'?: (string);
  'port'?: (number);
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI_Moderation {
  'model'?: (string);
  'policy'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationPolicy | null);
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI_Moderation__Output {
  'model'?: (string);
  'policy'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationPolicy__Output);
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig {
  'mode'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode);
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig__Output {
  'mode'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode__Output);
}

// Original file: resource.proto

export const _agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode = {
  MODERATION_MODE_UNSPECIFIED: 'MODERATION_MODE_UNSPECIFIED',
  MODERATION_MODE_SCORE: 'MODERATION_MODE_SCORE',
  MODERATION_MODE_BLOCK: 'MODERATION_MODE_BLOCK',
} as const;

export type _agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode =
  | 'MODERATION_MODE_UNSPECIFIED'
  | 0
  | 'MODERATION_MODE_SCORE'
  | 1
  | 'MODERATION_MODE_BLOCK'
  | 2

export type _agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode__Output = typeof _agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode[keyof typeof _agentgateway_dev_resource_AIBackend_OpenAI_ModerationMode]

export interface _agentgateway_dev_resource_AIBackend_OpenAI_ModerationPolicy {
  'input'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig | null);
  'output'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig | null);
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI_ModerationPolicy__Output {
  'input'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig__Output);
  'output'?: (_agentgateway_dev_resource_AIBackend_OpenAI_ModerationConfig__Output);
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI {
  'model'?: (string);
  'moderation'?: (_agentgateway_dev_resource_AIBackend_OpenAI_Moderation | null);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_OpenAI__Output {
  'model'?: (string);
  'moderation'?: (_agentgateway_dev_resource_AIBackend_OpenAI_Moderation__Output);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_Provider {
  'name'?: (string);
  'hostOverride'?: (_agentgateway_dev_resource_AIBackend_HostOverride | null);
  'pathOverride'?: (string);
  'openai'?: (_agentgateway_dev_resource_AIBackend_OpenAI | null);
  'gemini'?: (_agentgateway_dev_resource_AIBackend_Gemini | null);
  'vertex'?: (_agentgateway_dev_resource_AIBackend_Vertex | null);
  'anthropic'?: (_agentgateway_dev_resource_AIBackend_Anthropic | null);
  'bedrock'?: (_agentgateway_dev_resource_AIBackend_Bedrock | null);
  'azureopenai'?: (_agentgateway_dev_resource_AIBackend_AzureOpenAI | null);
  'azure'?: (_agentgateway_dev_resource_AIBackend_Azure | null);
  'custom'?: (_agentgateway_dev_resource_AIBackend_Custom | null);
  'providerPreset'?: (_agentgateway_dev_resource_AIBackend_ProviderPreset);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec)[];
  'pathPrefix'?: (string);
  'providerBackend'?: (_agentgateway_dev_resource_BackendReference | null);
  'baseUrl'?: (string);
  'modelOverride'?: (string);
  '_pathOverride'?: "pathOverride";
  'provider'?: "openai"|"gemini"|"vertex"|"anthropic"|"bedrock"|"azureopenai"|"azure"|"custom"|"providerPreset";
  '_pathPrefix'?: "pathPrefix";
  '_baseUrl'?: "baseUrl";
  '_modelOverride'?: "modelOverride";
}

export interface _agentgateway_dev_resource_AIBackend_Provider__Output {
  'name'?: (string);
  'hostOverride'?: (_agentgateway_dev_resource_AIBackend_HostOverride__Output);
  'pathOverride'?: (string);
  'openai'?: (_agentgateway_dev_resource_AIBackend_OpenAI__Output);
  'gemini'?: (_agentgateway_dev_resource_AIBackend_Gemini__Output);
  'vertex'?: (_agentgateway_dev_resource_AIBackend_Vertex__Output);
  'anthropic'?: (_agentgateway_dev_resource_AIBackend_Anthropic__Output);
  'bedrock'?: (_agentgateway_dev_resource_AIBackend_Bedrock__Output);
  'azureopenai'?: (_agentgateway_dev_resource_AIBackend_AzureOpenAI__Output);
  'azure'?: (_agentgateway_dev_resource_AIBackend_Azure__Output);
  'custom'?: (_agentgateway_dev_resource_AIBackend_Custom__Output);
  'providerPreset'?: (_agentgateway_dev_resource_AIBackend_ProviderPreset__Output);
  'inlinePolicies'?: (_agentgateway_dev_resource_BackendPolicySpec__Output)[];
  'pathPrefix'?: (string);
  'providerBackend'?: (_agentgateway_dev_resource_BackendReference__Output);
  'baseUrl'?: (string);
  'modelOverride'?: (string);
  '_pathOverride'?: "pathOverride";
  'provider'?: "openai"|"gemini"|"vertex"|"anthropic"|"bedrock"|"azureopenai"|"azure"|"custom"|"providerPreset";
  '_pathPrefix'?: "pathPrefix";
  '_baseUrl'?: "baseUrl";
  '_modelOverride'?: "modelOverride";
}

// Original file: resource.proto

export const _agentgateway_dev_resource_AIBackend_ProviderFormat = {
  PROVIDER_FORMAT_UNSPECIFIED: 'PROVIDER_FORMAT_UNSPECIFIED',
  COMPLETIONS: 'COMPLETIONS',
  MESSAGES: 'MESSAGES',
  RESPONSES: 'RESPONSES',
  EMBEDDINGS: 'EMBEDDINGS',
  ANTHROPIC_TOKEN_COUNT: 'ANTHROPIC_TOKEN_COUNT',
  REALTIME: 'REALTIME',
  RERANK: 'RERANK',
} as const;

export type _agentgateway_dev_resource_AIBackend_ProviderFormat =
  | 'PROVIDER_FORMAT_UNSPECIFIED'
  | 0
  | 'COMPLETIONS'
  | 1
  | 'MESSAGES'
  | 2
  | 'RESPONSES'
  | 3
  | 'EMBEDDINGS'
  | 4
  | 'ANTHROPIC_TOKEN_COUNT'
  | 5
  | 'REALTIME'
  | 6
  | 'RERANK'
  | 7

export type _agentgateway_dev_resource_AIBackend_ProviderFormat__Output = typeof _agentgateway_dev_resource_AIBackend_ProviderFormat[keyof typeof _agentgateway_dev_resource_AIBackend_ProviderFormat]

export interface _agentgateway_dev_resource_AIBackend_ProviderFormatConfig {
  'format'?: (_agentgateway_dev_resource_AIBackend_ProviderFormat);
  'path'?: (string);
  '_path'?: "path";
}

export interface _agentgateway_dev_resource_AIBackend_ProviderFormatConfig__Output {
  'format'?: (_agentgateway_dev_resource_AIBackend_ProviderFormat__Output);
  'path'?: (string);
  '_path'?: "path";
}

export interface _agentgateway_dev_resource_AIBackend_ProviderGroup {
  'providers'?: (_agentgateway_dev_resource_AIBackend_Provider)[];
}

export interface _agentgateway_dev_resource_AIBackend_ProviderGroup__Output {
  'providers'?: (_agentgateway_dev_resource_AIBackend_Provider__Output)[];
}

// Original file: resource.proto

export const _agentgateway_dev_resource_AIBackend_ProviderPreset = {
  PROVIDER_PRESET_UNSPECIFIED: 'PROVIDER_PRESET_UNSPECIFIED',
  PROVIDER_PRESET_COHERE: 'PROVIDER_PRESET_COHERE',
  PROVIDER_PRESET_OLLAMA: 'PROVIDER_PRESET_OLLAMA',
  PROVIDER_PRESET_BASETEN: 'PROVIDER_PRESET_BASETEN',
  PROVIDER_PRESET_CEREBRAS: 'PROVIDER_PRESET_CEREBRAS',
  PROVIDER_PRESET_DEEPINFRA: 'PROVIDER_PRESET_DEEPINFRA',
  PROVIDER_PRESET_DEEPSEEK: 'PROVIDER_PRESET_DEEPSEEK',
  PROVIDER_PRESET_GROQ: 'PROVIDER_PRESET_GROQ',
  PROVIDER_PRESET_HUGGINGFACE: 'PROVIDER_PRESET_HUGGINGFACE',
  PROVIDER_PRESET_MISTRAL: 'PROVIDER_PRESET_MISTRAL',
  PROVIDER_PRESET_OPENROUTER: 'PROVIDER_PRESET_OPENROUTER',
  PROVIDER_PRESET_TOGETHERAI: 'PROVIDER_PRESET_TOGETHERAI',
  PROVIDER_PRESET_XAI: 'PROVIDER_PRESET_XAI',
  PROVIDER_PRESET_FIREWORKS: 'PROVIDER_PRESET_FIREWORKS',
} as const;

export type _agentgateway_dev_resource_AIBackend_ProviderPreset =
  | 'PROVIDER_PRESET_UNSPECIFIED'
  | 0
  | 'PROVIDER_PRESET_COHERE'
  | 1
  | 'PROVIDER_PRESET_OLLAMA'
  | 2
  | 'PROVIDER_PRESET_BASETEN'
  | 3
  | 'PROVIDER_PRESET_CEREBRAS'
  | 4
  | 'PROVIDER_PRESET_DEEPINFRA'
  | 5
  | 'PROVIDER_PRESET_DEEPSEEK'
  | 6
  | 'PROVIDER_PRESET_GROQ'
  | 7
  | 'PROVIDER_PRESET_HUGGINGFACE'
  | 8
  | 'PROVIDER_PRESET_MISTRAL'
  | 9
  | 'PROVIDER_PRESET_OPENROUTER'
  | 10
  | 'PROVIDER_PRESET_TOGETHERAI'
  | 11
  | 'PROVIDER_PRESET_XAI'
  | 12
  | 'PROVIDER_PRESET_FIREWORKS'
  | 13

export type _agentgateway_dev_resource_AIBackend_ProviderPreset__Output = typeof _agentgateway_dev_resource_AIBackend_ProviderPreset[keyof typeof _agentgateway_dev_resource_AIBackend_ProviderPreset]

export interface _agentgateway_dev_resource_AIBackend_Vertex {
  'model'?: (string);
  'region'?: (string);
  'projectId'?: (string);
  '_model'?: "model";
}

export interface _agentgateway_dev_resource_AIBackend_Vertex__Output {
  'model'?: (string);
  'region'?: (string);
  'projectId'?: (string);
  '_model'?: "model";
}

export interface AIBackend {
  'providerGroups'?: (_agentgateway_dev_resource_AIBackend_ProviderGroup)[];
}

export interface AIBackend__Output {
  'providerGroups'?: (_agentgateway_dev_resource_AIBackend_ProviderGroup__Output)[];
}
